"""Rows about what policies allow together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from growth_manifests import SPACE, metadata, namespace, peer, policy, service, workload
from growth_selectors import app, workloads
from words import pairs

if TYPE_CHECKING:
    from growth_manifests import File, Names

UDP = "  - ports: [{port: 53, protocol: UDP}]\n"
WEB = "  - ports: [{port: 443}]\n"


def egress(name: str, labels: dict[str, str], rule: str, space: str = SPACE) -> File:
    """Return the file of a policy for egress with one rule."""
    selects = f"    matchLabels:\n{pairs(labels, 6)}" if labels else ""
    selector = f"  podSelector:\n{selects}" if labels else "  podSelector: {}\n"
    text = f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n{metadata(name, space)}spec:\n{selector}"
    return f"egress/{space}/{name}.yaml", f"{text}  policyTypes: [Egress]\n  egress:\n{rule}"


def to(labels: dict[str, str], port: int) -> str:
    """Return a rule to some pods."""
    return f"  - to:\n    - podSelector:\n        matchLabels:\n{pairs(labels, 10)}    ports:\n    - port: {port}\n"


def without_dns(n: int, word: Names) -> list[File]:
    """Return n workloads with a policy each, which allows the next one and no DNS."""
    found = workloads(word, n)
    for number in range(n):
        rule = to(app(word, SPACE, (number + 1) % n), 8080)
        found.append(egress(word("policy", number), app(word, SPACE, number), rule))
    return found


def peers_that_do_not_exist(n: int, word: Names) -> list[File]:
    """Return n workloads with a policy each, which lets in pods that no manifest shows, on a port of its own."""
    found = workloads(word, n)
    for number in range(n):
        name, labels = word("policy", number), app(word, SPACE, number)
        path, text = policy(name, labels, peer(pods=app(word, "absent", number)), ports=(str(1000 + number),))
        found.append((path, text.replace("  - Ingress\n", "  - Ingress\n  - Egress\n")))
    return found


def dns_over_udp(n: int, word: Names) -> list[File]:
    """Return n workloads with a policy each, which allows DNS over UDP only."""
    found = workloads(word, n)
    for number in range(n):
        found.append(egress(word("policy", number), app(word, SPACE, number), UDP))
    return found


def dns_beside_a_cache(n: int, word: Names) -> list[File]:
    """Return n workloads with a policy each, which allows DNS to pods only, and NodeLocal DNSCache."""
    found = workloads(word, n)
    for number in range(n):
        rule = to(app(word, "dns"), 53) + "    - {port: 53, protocol: UDP}\n"
        found.append(egress(word("policy", number), app(word, SPACE, number), rule))
    name, text = workload("cache", {"k8s-app": "node-local-dns"}, "kube-system")
    text = text.replace("Deployment", "DaemonSet").replace("    spec:\n", "    spec:\n      hostNetwork: true\n")
    return [*found, (name, text)]


def pods_on_the_host_network(n: int, word: Names) -> list[File]:
    """Return n workloads on the host network, n policies that select all of them, and n with all of them as a peer."""
    both = {"part-of": word("shop")}
    found = []
    for number in range(n):
        name, text = workload(word(number), app(word, SPACE, number) | both)
        found.append((name, text.replace("    spec:\n", "    spec:\n      hostNetwork: true\n")))
        found.append(policy(word("policy", number), both))
        found.append(policy(word("other", number), app(word, "web", number), peer(pods=both)))
    return found


def without_dns_in_namespaces(n: int, word: Names) -> list[File]:
    """Return n namespaces with a workload and a policy that allows no DNS."""
    found = []
    for number in range(n):
        space = word("space", number)
        found += [workload(word(space, 0), app(word, space, 0), space), egress("web", {}, WEB, space)]
    return found


def sealed_namespaces(n: int, word: Names) -> list[File]:
    """Return n namespaces with a Service and a policy that denies all ingress."""
    found = []
    for number in range(n):
        space = word("space", number)
        labels = app(word, space, 0)
        found += [workload(word(space, 0), labels, space), service(word(space, 0), labels, space), deny(space)]
    return found


def deny(space: str) -> File:
    """Return the file of a policy that denies all ingress of a namespace."""
    text = f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n{metadata('deny', space)}spec:\n"
    return f"deny/{space}.yaml", f"{text}  podSelector: {{}}\n  policyTypes: [Ingress]\n"


def ingresses_that_policies_close(n: int, word: Names) -> list[File]:
    """Return n workloads with a Service, an Ingress, and a policy that lets only pods of the namespace in."""
    found = workloads(word, n)
    for number in range(n):
        labels, name = app(word, SPACE, number), word(SPACE, number)
        found += [service(name, labels), ingress(name), policy(name, labels, peer(pods=labels))]
    return found


def ingress(name: str) -> File:
    """Return the file of an Ingress to a Service."""
    backend = f"  defaultBackend: {{service: {{name: {name}, port: {{number: 80}}}}}}\n"
    text = f"apiVersion: networking.k8s.io/v1\nkind: Ingress\n{metadata(name, SPACE)}spec:\n{backend}"
    return f"ingresses/{name}.yaml", text


def services_that_policies_close(n: int, word: Names) -> list[File]:
    """Return n workloads with a LoadBalancer, and a policy that lets only pods of the namespace in."""
    found = workloads(word, n)
    for number in range(n):
        labels, name = app(word, SPACE, number), word(SPACE, number)
        path, text = service(name, labels)
        found += [(path, text.replace("spec:\n", "spec:\n  type: LoadBalancer\n"))]
        found += [policy(name, labels, peer(pods=labels))]
    return found


def policies_of_another_kind(n: int, word: Names) -> list[File]:
    """Return n workloads with a policy of Cilium each, for both directions."""
    found = workloads(word, n)
    for number in range(n):
        labels, name = app(word, SPACE, number), word("cilium", number)
        selects = (
            f"spec:\n  endpointSelector:\n    matchLabels:\n{pairs(labels, 6)}  ingress: [{{}}]\n  egress: [{{}}]\n"
        )
        text = f"apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\n{metadata(name, SPACE)}{selects}"
        found.append((f"cilium/{name}.yaml", text))
    return found


def without_a_namespace(n: int, word: Names) -> list[File]:
    """Return n folders with a workload and a policy that may go to any namespace, and two that are written."""
    found = [workload(word(each, 0), app(word, each, 0), each) for each in (word("one"), word("two"))]
    for number in range(n):
        labels = app(word, SPACE, number)
        folder, (name, text) = word("folder", number), policy(word("policy", number), labels, peer(pods=labels))
        pods_name, pods = workload(word(SPACE, number), labels)
        for path, written in ((name, text), (pods_name, pods)):
            found.append((f"{folder}/{path}", written.replace(f"  namespace: {SPACE}\n", "")))
    return found


def webhooks_that_policies_close(n: int, word: Names) -> list[File]:
    """Return n workloads with a Service, a webhook, and a policy that lets only pods of the namespace in."""
    found = workloads(word, n)
    for number in range(n):
        labels, name = app(word, SPACE, number), word(SPACE, number)
        found += [service(name, labels), webhook(name), policy(name, labels, peer(pods=labels))]
    return found


def webhook(name: str) -> File:
    """Return the file of a webhook that a Service serves."""
    fields = f"name: {name}.example.com, admissionReviewVersions: [v1], sideEffects: None"
    reference = f"clientConfig: {{service: {{name: {name}, namespace: {SPACE}, port: 80}}}}"
    begin = "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\n"
    return f"webhooks/{name}.yaml", f"{begin}metadata: {{name: {name}}}\nwebhooks: [{{{fields}, {reference}}}]\n"


def peers_beside_a_wide_one(n: int, word: Names) -> list[File]:
    """Return a policy with a list of n peers, one of which is every pod."""
    wide = "    - namespaceSelector: {}\n"
    return [policy(word(), app(word), wide + "".join(peer(pods=app(word, number)) for number in range(n)))]


def split_rules(n: int, word: Names) -> list[File]:
    """Return n policies with the peers in one rule and the ports in another one."""
    rules = "  - to:\n    - podSelector: {}\n" + WEB
    return [egress(word("policy", number), app(word, SPACE, number), rules) for number in range(n)]


def isolated_dns(n: int, word: Names) -> list[File]:
    """Return n policies that isolate the DNS of the cluster."""
    return [policy(word(number), {"k8s-app": "kube-dns"}, peer(pods={}), "kube-system") for number in range(n)]


def excepts(n: int, word: Names) -> list[File]:
    """Return n policies of all pods that except some addresses, and one that allows them."""
    block = "  - to:\n    - ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}\n"
    found = [egress(word("policy", number), {}, f"{block}    ports: [{{port: {number + 1}}}]\n") for number in range(n)]
    return [*found, egress(word(), {}, "  - {}\n")]


def other_excepts(n: int, word: Names) -> list[File]:
    """Return n workloads with a policy each, which excepts an address of its own."""
    found = workloads(word, n)
    for number in range(n):
        block = f"10.{number // 250}.{number % 250}.7/32"
        rule = f"  - to:\n    - ipBlock: {{cidr: 0.0.0.0/0, except: [{block}]}}\n    ports: [{{port: 443}}]\n"
        found.append(egress(word("policy", number), app(word, SPACE, number), rule))
    return found


def world_on_a_port_each(n: int, word: Names) -> list[File]:
    """Return n workloads with a policy each, which allows every address on a port of its own."""
    found = workloads(word, n)
    for number in range(n):
        rule = f"  - to:\n    - ipBlock: {{cidr: 0.0.0.0/0}}\n    ports: [{{port: {2000 + number}}}]\n"
        found.append(egress(word("policy", number), app(word, SPACE, number), rule))
    return found


def policies_of_many_workloads(n: int, word: Names) -> list[File]:
    """Return n workloads, and n policies with two peers each, all of which select half of the workloads."""
    found = [
        workload(word(number), {"app": word(number), "half": word(number % 2), "third": word(number % 3)})
        for number in range(n)
    ]
    for number in range(n):
        peers = peer(pods={"app": word(number)}) + peer(pods={"third": word(number % 3)})
        found.append(policy(word("policy", number), {"half": word(number % 2)}, peers, ports=(str(1000 + number % 5),)))
    return found


def replies(n: int, word: Names) -> list[File]:
    """Return a policy with n pairs of rules, one of each for replies."""
    fields = "ports: [{port: 1024, endPort: 65535}]"
    back = "".join(f"  - from:\n{peer(pods=app(word, number))}    {fields}\n" for number in range(n))
    there = "".join(to(app(word, number), 80) for number in range(n))
    name, text = egress(word(), app(word), there)
    return [(name, text.replace("[Egress]", "[Ingress, Egress]") + f"  ingress:\n{back}")]


def wide_blocks(n: int, word: Names) -> list[File]:
    """Return n policies with a rule for all addresses, which excepts a private network."""
    block = "  - to:\n    - ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}\n"
    return [egress(word("policy", number), app(word, SPACE, number), block) for number in range(n)]


def addresses_of_services(n: int, word: Names) -> list[File]:
    """Return n Services with an address each, and n policies for these addresses."""
    found: list[File] = []
    for number in range(n):
        address = f"10.96.{number // 250}.{number % 250 + 1}"
        name, text = service(word(number), app(word, SPACE, number))
        found.append((name, text.replace("spec:\n", f"spec:\n  clusterIP: {address}\n")))
        rule = f"  - to:\n    - ipBlock: {{cidr: {address}/32}}\n"
        found.append(egress(word("policy", number), app(word, SPACE, number), rule))
    return found


def ports_of_databases(n: int, word: Names) -> list[File]:
    """Return n policies that open the port of a database to all namespaces."""
    names = ((word("policy", number), app(word, SPACE, number)) for number in range(n))
    return [policy(name, labels, "    - namespaceSelector: {}\n", ports=("5432",)) for name, labels in names]


def policies_in_a_mesh(n: int, word: Names) -> list[File]:
    """Return n policies with a port of an application only, in n namespaces of an ambient mesh."""
    found: list[File] = []
    for number in range(n):
        space = word("space", number)
        found.append(namespace(space, {"istio.io/dataplane-mode": "ambient"}))
        found.append(policy(word("policy", number), app(word, space, 0), peer(pods={}), space))
    return found


def half_open(n: int, word: Names) -> list[File]:
    """Return n workloads, each with a policy that lets the next one in, and one that allows it DNS only."""
    found = workloads(word, n)
    for number in range(n):
        labels = app(word, SPACE, number)
        found.append(policy(word("in", number), labels, peer(pods=app(word, SPACE, (number + 1) % n))))
        found.append(egress(word("out", number), labels, UDP))
    return found


def stated_connections(n: int, word: Names) -> list[File]:
    """Return n workloads with a Service, the address of the next one's, and a policy that lets none of them in."""
    return _with_addresses(n, word, tier=False)


def connections_of_the_same_pods(n: int, word: Names) -> list[File]:
    """Return n workloads with a Service and the address of the next one's, and n policies that select them all."""
    return _with_addresses(n, word, tier=True)


def _with_addresses(n: int, word: Names, *, tier: bool) -> list[File]:
    found: list[File] = []
    for number in range(n):
        labels, name = app(word, SPACE, number), word(SPACE, number)
        common = {"tier": "all"} if tier else {}
        path, text = workload(name, labels | common)
        address = f"http://{word(SPACE, (number + 1) % n)}:80"
        found.append((path, text + f"        env:\n        - name: NEXT_URL\n          value: {address}\n"))
        lets_in = peer(pods=app(word, "absent", number))
        found += [service(name, labels), policy(word("in", number), common or labels, lets_in)]
    return found


def addresses_of_a_config_map(n: int, word: Names) -> list[File]:
    """Return n workloads that read a ConfigMap with the addresses of n Services, whose pods let none of them in."""
    lines = "".join(f"  URL_{number}: http://{word(SPACE, number)}:80\n" for number in range(n))
    found: list[File] = [("config.yaml", f"apiVersion: v1\nkind: ConfigMap\n{metadata('config', SPACE)}data:\n{lines}")]
    for number in range(n):
        labels, name = app(word, SPACE, number), word(SPACE, number)
        path, text = workload(name, labels)
        found.append((path, text + "        envFrom:\n        - configMapRef:\n            name: config\n"))
        found += [service(name, labels), policy(word("in", number), labels, peer(pods=app(word, "absent", number)))]
    return found


def scraped_services(n: int, word: Names) -> list[File]:
    """Return n workloads with a Service, a ServiceMonitor, and a policy that lets only pods of the namespace in."""
    found = workloads(word, n)
    for number in range(n):
        labels, name = app(word, SPACE, number), word(SPACE, number)
        path, text = service(name, labels)
        own = text.replace("spec:", f"  labels:\n{pairs(labels, 4)}spec:", 1).replace(
            "- port:", "- name: http\n    port:"
        )
        found += [(path, own), monitor(name, labels), policy(name, labels, peer(pods=labels))]
    return found


def monitor(name: str, labels: dict[str, str]) -> File:
    """Return the file of a ServiceMonitor."""
    begin = f"apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\n{metadata(name, SPACE)}spec:\n"
    text = f"{begin}  selector:\n    matchLabels:\n{pairs(labels, 6)}  endpoints: [{{port: http}}]\n"
    return f"monitors/{name}.yaml", text


def clients_of_the_api(n: int, word: Names) -> list[File]:
    """Return n workloads with a ServiceAccount, a binding for it, and a policy that allows them pods only."""
    found: list[File] = []
    for number in range(n):
        labels, name = app(word, SPACE, number), word(SPACE, number)
        path, text = workload(name, labels)
        found.append((path, text.replace("    spec:\n", f"    spec:\n      serviceAccountName: {name}\n")))
        found += [binding(name), egress(word("policy", number), labels, "  - to: [{namespaceSelector: {}}]\n")]
    return found


def binding(name: str) -> File:
    """Return the file of a binding for a ServiceAccount."""
    begin = f"apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\n{metadata(name, SPACE)}"
    reference = "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}\n"
    subject = f"subjects: [{{kind: ServiceAccount, name: {name}, namespace: {SPACE}}}]\n"
    return f"bindings/{name}.yaml", begin + reference + subject


def blocks_of_the_pods(n: int, word: Names) -> list[File]:
    """Return n policies for addresses in a usual network of pods."""
    rule = "  - to:\n    - ipBlock: {{cidr: 10.244.{}.0/24}}\n"
    return [egress(word("policy", number), app(word, SPACE, number), rule.format(number % 250)) for number in range(n)]


def copies(n: int, word: Names) -> list[File]:
    """Return n policies of the same pods with the same rule."""
    return [egress(word("policy", number), app(word), UDP) for number in range(n)]


def allowed_by_others(n: int, word: Names) -> list[File]:
    """Return n policies with a peer and a port each, and one for every pod that allows all of it."""
    inside = egress(word("inside"), {}, "  - to:\n    - podSelector: {}\n")
    rules = (to(app(word, SPACE, (number + 1) % n), 1000 + number) for number in range(n))
    return [inside, *(egress(word("policy", at), app(word, SPACE, at), each) for at, each in enumerate(rules))]
