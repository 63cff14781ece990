"""Rows about Services and the workloads behind them, where each has a mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from growth_manifests import SPACE, metadata, namespace, service, workload
from growth_selectors import app
from words import pairs

if TYPE_CHECKING:
    from growth_manifests import File, Names

_PORT = "        ports:\n        - name: http\n          containerPort: 8080\n"
SLICE = "kubernetes.io/service-name"


def one_port(
    name: str, labels: dict[str, str], space: str = SPACE, *, kind: str = "Deployment", more: str = ""
) -> File:
    """Return the file of a workload whose container declares port 8080 only; `more` is of the pods' spec."""
    path, text = workload(name, labels, space)
    begin, _, _ = text.partition("      containers:\n")
    text = f"{begin}{more}      containers:\n      - name: main\n        image: example.com/{name}:1\n{_PORT}"
    return path, text.replace("kind: Deployment", f"kind: {kind}")


def mapped(name: str, labels: dict[str, str], ports: str, spec: str = "") -> File:
    """Return the file of a Service with further fields."""
    path, text = service(name, labels, ports=ports)
    return path, text.replace("spec:\n", f"spec:\n{spec}")


def jobs(n: int, word: Names) -> list[File]:
    """Return n applications and n Jobs with the same labels, and n Services for all of them."""
    both = {"part-of": word("shop")}
    found = []
    for number in range(n):
        found.append(workload(word(number), app(word, SPACE, number) | both))
        found.append(mapped(word("service", number), both, "  - port: 8080\n"))
        labels = pairs({"job": word("job", number)} | both, 8)
        text = f"apiVersion: batch/v1\nkind: Job\n{metadata(word('job', number), SPACE)}spec:\n  template:\n"
        text += f"    metadata:\n      labels:\n{labels}    spec:\n      restartPolicy: Never\n      containers:\n"
        found.append((f"jobs/{number}.yaml", f"{text}      - name: main\n        image: example.com/job:1\n"))
    return found


def named_by_rollouts(n: int, word: Names) -> list[File]:
    """Return n Rollouts, half of them for a Deployment, whose Services select by another label."""
    found = []
    for number in range(n):
        name, labels = word(number), app(word, SPACE, number)
        strategy = f"  strategy: {{blueGreen: {{activeService: {name}}}}}\n"
        path, text = one_port(name, labels)
        if number % 2:
            text = text.replace("apps/v1", "argoproj.io/v1alpha1").replace("Deployment", "Rollout")
            text = text.replace("spec:\n", f"spec:\n{strategy}", 1)
        else:
            rollout = f"apiVersion: argoproj.io/v1alpha1\nkind: Rollout\n{metadata(name, SPACE)}spec:\n{strategy}"
            reference = f"  workloadRef: {{apiVersion: apps/v1, kind: Deployment, name: {name}}}\n"
            found.append((f"rollouts/{number}.yaml", rollout + reference))
        found += [(path, text), service(name, {"app": word("other", number)})]
    return found


def mapped_ports(n: int, word: Names) -> list[File]:
    """Return n workloads with one port, and n Services for all of them: headless, by number, by another protocol."""
    both = {"part-of": word("shop")}
    kinds = (
        ("  - port: 80\n    targetPort: http\n", "  clusterIP: None\n"),
        ("  - port: 1{number:03}\n", ""),
        ("  - port: 8080\n    protocol: UDP\n", "  internalTrafficPolicy: Local\n"),
        ("  - port: 53\n    protocol: UDP\n    targetPort: http\n", ""),
    )
    found = []
    for number in range(n):
        ports, spec = kinds[number % len(kinds)]
        found.append(one_port(word(number), app(word, SPACE, number) | both))
        found.append(mapped(word("service", number), both, ports.format(number=number), spec))
    return found


def ignored_fields(n: int, word: Names) -> list[File]:
    """Return n Services with fields that are wrong for their type."""
    specs = (
        "  type: ExternalName\n  externalName: 10.1.2.3\n",
        "  type: ExternalName\n  externalName: db.data.svc.cluster.local\n",
        "  clusterIP: None\n  sessionAffinity: ClientIP\n",
        "  externalIPs: [203.0.113.7]\n",
        "  type: LoadBalancer\n  loadBalancerIP: 203.0.113.7\n  loadBalancerSourceRanges: [10.0.0.0/8, 0.0.0.0/0]\n",
    )
    ports = "  - port: 6379\n"
    return [
        mapped(word(number), {"helm.sh/chart": word("chart", number)}, ports, specs[number % len(specs)])
        for number in range(n)
    ]


def endpoint_slices(n: int, word: Names) -> list[File]:
    """Return n namespaces, each with a Service without selector, and a slice with a port that it does not have."""
    found = []
    for number in range(n):
        space = word("space", number)
        text = f"apiVersion: v1\nkind: Service\n{metadata('db', space)}spec:\n  ports:\n  - name: sql\n    port: 5432\n"
        found += [namespace(space), (f"services/{space}.yaml", text)]
        head = f"apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\n{metadata('db-1', space, {SLICE: 'db'})}"
        rest = "addressType: IPv4\nports:\n- name: postgres\n  port: 5432\nendpoints:\n- addresses: [10.1.2.3]\n"
        found.append((f"slices/{space}.yaml", head + rest))
    return found


def variables_of_services(n: int, word: Names) -> list[File]:
    """Return n namespaces, each with a Service, and pods whose image reads its variable; their hosts file has it."""
    found = []
    for number in range(n):
        space, labels = word("space", number), app(word, number)
        alias = "      hostAliases:\n      - ip: 10.1.2.3\n        hostnames: [kafka]\n"
        path, text = one_port(word(number), labels, space, more=alias)
        text = text.replace(f"example.com/{word(number)}:1", "confluentinc/cp-kafka:7.6.0")
        found += [namespace(space), (path, text), service("kafka", labels, space, ports="  - port: 8080\n")]
    return found


def host_ports(n: int, word: Names) -> list[File]:
    """Return a file with n DaemonSets on the network of their nodes, with one port, in a namespace that is closed."""
    texts = [
        one_port(word(number), app(word, number), kind="DaemonSet", more="      hostNetwork: true\n")[1]
        for number in range(n)
    ]
    closed = f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n{metadata('closed', SPACE)}spec:\n"
    closed += "  podSelector: {}\n  ingress:\n  - from: [{podSelector: {}}]\n  policyTypes: [Ingress]\n"
    return [("agents.yaml", "---\n".join(texts)), ("policy.yaml", closed)]


def probes(n: int, word: Names) -> list[File]:
    """Return n workloads whose probe uses a port name that its container does not declare."""
    found = []
    for number in range(n):
        path, text = one_port(word(number), app(word, number))
        found.append((path, f"{text}        readinessProbe:\n          httpGet:\n            port: htpp\n"))
    return found


def addresses_of_service_cidrs(n: int, word: Names) -> list[File]:
    """Return n ServiceCIDRs, a Service with an address of each, and n with an address of none."""
    found = []
    for number in range(n):
        name, third = word("cidr", number), f"{number // 256}.{number % 256}"
        head = f"apiVersion: networking.k8s.io/v1\nkind: ServiceCIDR\n{metadata(name, '')}"
        found.append((f"cidrs/{name}.yaml", f"{head}spec:\n  cidrs:\n  - 10.{third}.0/24\n"))
        found.append(mapped(name, {"app": "web"}, "  - port: 80\n", f"  clusterIP: 10.{third}.7\n"))
        found.append(mapped(word("other", number), {"app": "web"}, "  - port: 80\n", f"  clusterIP: 11.{third}.7\n"))
    return found


def ports_of_two_protocols(n: int, word: Names) -> list[File]:
    """Return a Service with n port numbers, each for two protocols, that is applied by the client."""
    ports = "".join(
        f"  - name: {word(number)}-{protocol.lower()}\n    port: {number + 1}\n    protocol: {protocol}\n"
        for number in range(n)
        for protocol in ("TCP", "UDP")
    )
    path, text = service(word("service"), {"app": "web"}, ports=ports)
    applied = "  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: x\nspec:\n"
    return [(path, text.replace("spec:\n", applied))]
