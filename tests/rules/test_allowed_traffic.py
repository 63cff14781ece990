"""What rules say about the traffic that all policies of a scope allow together, beyond the examples on their pages."""

from __future__ import annotations

import textwrap

import pytest
from manifests import together

from k8snetlint import Config, Finding, Severity, Source, lint
from k8snetlint.model.environment import Environment
from k8snetlint.rules.usual_objects import namespace, service, workload

WITHOUT_DNS = "netpol-egress-isolated-without-dns"


def policy(spec: str, name: str = "limit", where: str = "shop") -> str:
    """Return a policy; the spec is indented as a whole."""
    begin = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
    return f"{begin}metadata: {{name: {name}, namespace: {where}}}\nspec:\n{textwrap.indent(spec, '  ')}\n"


def egress(rules: str = "", selector: str = "{}") -> str:
    """Return the spec of a policy for egress, with its rules as an entry in flow style."""
    return f"podSelector: {selector}\npolicyTypes: [Egress]\negress: [{rules}]"


def found(
    rule_id: str, *manifests: str, environment: Environment | None = None, files: dict[str, str] | None = None
) -> list[Finding]:
    """Return the findings of a rule in one file, and in further ones."""
    every = [
        Source.of("all.yaml", together(*manifests)),
        *(Source.of(f"{name}.yaml", text) for name, text in (files or {}).items()),
    ]
    config = Config(environment=environment or Environment())
    report = lint(every, config)
    assert not [each for each in report.findings if each.id == "internal-error"]
    return [each for each in report.findings if each.id == rule_id]


WEB = workload("Deployment", "web", namespace="shop")
DB = workload("Deployment", "db", namespace="shop", ports="{containerPort: 5432}")
TO_DB = "{to: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: 5432}]}"
DNS_PORTS = "{port: 53, protocol: UDP}, {port: 53, protocol: TCP}"
ENV = "env: [{name: A, value: '%s'}]"


@pytest.mark.parametrize(
    ("rule", "severity"),
    [
        pytest.param(TO_DB, Severity.WARNING, id="pods have no addresses that last"),
        pytest.param("{ports: [{port: 5432}]}", Severity.WARNING, id="any peer"),
        pytest.param("{to: [{ipBlock: {cidr: 10.1.2.3/32}}], ports: [{port: 5432}]}", Severity.INFO, id="an address"),
        pytest.param("{ports: [{port: 443}, {port: 6443}]}", Severity.INFO, id="the API server"),
        pytest.param("", Severity.INFO, id="nothing at all"),
        pytest.param(f"{{ports: [{DNS_PORTS}]}}", None, id="DNS"),
        pytest.param("{ports: [{port: 5353, protocol: UDP}]}", None, id="DNS of OpenShift"),
        pytest.param("{ports: [{port: dns, protocol: UDP}]}", None, id="a name"),
        pytest.param("{to: [{ipBlock: {cidr: 10.0.0.10/32}}], ports: [{port: 53}]}", None, id="a name server"),
        pytest.param("{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}", None, id="addresses that may be those of the DNS"),
        pytest.param("{to: [{podSelector: {}}]}", Severity.WARNING, id="all ports of the namespace"),
        pytest.param("{to: [{namespaceSelector: {}}]}", None, id="all ports of all namespaces"),
        pytest.param(
            "{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: data}}}]}",
            Severity.WARNING,
            id="all ports of another namespace",
        ),
        pytest.param(
            "{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: openshift-dns}}}]}",
            None,
            id="all ports of a namespace of the DNS",
        ),
        pytest.param("{to: [{namespaceSelector: {matchLabels: {team: a}}}]}", None, id="a label that may be there"),
        pytest.param("{ports: [{port: 1, endPort: 1024, protocol: UDP}]}", None, id="a range"),
    ],
)
def test_dns_is_judged_by_what_all_rules_allow(rule: str, severity: Severity | None) -> None:
    findings = found(WITHOUT_DNS, WEB, policy(egress(rule, "{matchLabels: {app: web}}")))

    assert [each.severity for each in findings] == ([] if severity is None else [severity])


@pytest.mark.parametrize(
    ("value", "severity"),
    [
        pytest.param("postgres://db:5432/shop", Severity.WARNING, id="a URL"),
        pytest.param("db.data.svc", Severity.WARNING, id="a Service"),
        pytest.param("http://10.1.2.3:80", Severity.INFO, id="an address"),
        pytest.param("http://localhost:80", Severity.INFO, id="itself"),
    ],
)
def test_pods_that_use_names_need_dns(value: str, severity: Severity) -> None:
    web = workload("Deployment", "web", namespace="shop", container=ENV % value)

    (finding,) = found(WITHOUT_DNS, web, policy(egress()))

    assert finding.severity is severity


@pytest.mark.parametrize(
    ("value", "severity"),
    [
        pytest.param("frontend:80", Severity.WARNING, id="a Service that is there"),
        pytest.param("backend:80", Severity.INFO, id="a word that may be anything"),
    ],
)
def test_a_word_and_a_port_are_a_name_if_they_are_a_service(value: str, severity: Severity) -> None:
    other = workload("Deployment", "frontend", namespace="shop", ports="{containerPort: 8080}")
    front = service("frontend", namespace="shop", ports="{port: 80, targetPort: 8080}")
    # Of many workloads that are blocked, only the last one uses a name.
    many = [workload("Deployment", f"a{number}", namespace="shop") for number in range(25)]
    web = workload("Deployment", "web", namespace="shop", container=ENV % value)

    (finding,) = found(WITHOUT_DNS, *many, other, front, web, policy(egress()))

    assert finding.severity is severity


@pytest.mark.parametrize(
    "beside",
    [
        pytest.param("apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: a}\n", id="creates policies"),
        pytest.param(
            "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: a, namespace: shop}\n", id="Cilium"
        ),
        pytest.param(
            "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: a, namespace: shop}\n",
            id="a chart",
        ),
        pytest.param(policy(egress("{ports: [{port: 53, protocol: UDP}]}"), "dns"), id="another policy"),
        pytest.param(
            policy(egress("{ports: [{port: 53, protocol: UDP}]}"), "dns").replace(", namespace: shop", ""),
            id="a policy of any namespace",
        ),
    ],
)
def test_nothing_is_concluded_where_something_else_may_allow_dns(beside: str) -> None:
    assert found(WITHOUT_DNS, namespace("other"), WEB, policy(egress(TO_DB)))
    assert not found(WITHOUT_DNS, namespace("other"), WEB, policy(egress(TO_DB)), beside, DB)


def test_pods_that_do_not_ask_the_dns_of_the_cluster_are_left_out() -> None:
    own = workload("Deployment", "own", namespace="shop", pod="dnsPolicy: None, dnsConfig: {nameservers: [1.1.1.1]}")

    assert not found(WITHOUT_DNS, own, policy(egress(TO_DB)))
    (finding,) = found(WITHOUT_DNS, own, WEB, policy(egress(TO_DB)))
    assert finding.message.startswith("Deployment web cannot resolve names")


def test_one_policy_is_blamed_for_pods_that_several_isolate() -> None:
    limited = policy(egress(TO_DB, "{matchLabels: {app: web}}"), "web")
    everything = policy(egress(), "default-deny")

    (finding,) = found(WITHOUT_DNS, WEB, DB, limited, everything)

    assert finding.object is not None
    assert (finding.object.name, finding.field) == ("default-deny", "spec.podSelector")
    assert not found("netpol-deny-all", WEB, DB, limited, everything), "it is the same mistake"


def test_a_policy_of_another_scope_may_allow_dns() -> None:
    files = {"a/kustomization": "resources: [web.yaml]\n", "a/web": together(WEB, policy(egress(TO_DB)))}
    assert found(WITHOUT_DNS, DB, files=files)
    files["b/kustomization"] = "resources: [dns.yaml]\n"
    files["b/dns"] = policy(egress(f"{{ports: [{DNS_PORTS}]}}"), "dns")
    assert not found(WITHOUT_DNS, DB, files=files)


@pytest.mark.parametrize(
    ("rule", "selector", "severity"),
    [
        pytest.param("{ports: [{port: 443}]}", "{}", Severity.WARNING, id="the web, for every pod"),
        pytest.param("{ports: [{port: 443}]}", "{matchLabels: {app: web}}", Severity.INFO, id="for some pods"),
        pytest.param("{ports: [{port: 5432}]}", "{}", Severity.INFO, id="another port"),
        pytest.param("", "{}", None, id="netpol-deny-all says it"),
    ],
)
def test_policies_without_pods(rule: str, selector: str, severity: Severity | None) -> None:
    findings = found(WITHOUT_DNS, policy(egress(rule, selector)))

    assert [each.severity for each in findings] == ([] if severity is None else [severity])


def test_a_plugin_that_enforces_no_policies_blocks_no_dns() -> None:
    assert not found(WITHOUT_DNS, WEB, policy(egress(TO_DB)), environment=Environment(cni="flannel"))


SEALED = "netpol-namespace-sealed"
DENY = policy("podSelector: {}\npolicyTypes: [Ingress]", "default-deny")
ALLOW = policy("podSelector: {matchLabels: {app: web}}\npolicyTypes: [Ingress]\ningress: [{}]", "allow")


def test_a_sealed_namespace_is_said_once_and_in_place_of_the_default_deny() -> None:
    again = policy("podSelector: {}\npolicyTypes: [Ingress, Egress]", "deny-all")
    manifests = (WEB, service(namespace="shop"), DENY, again)

    (finding,) = found(SEALED, *manifests)

    assert finding.message.endswith("the pods of namespace shop, so nothing reaches Service web")
    assert finding.severity is Severity.WARNING
    assert "default-deny" not in {each.object.name for each in found("netpol-deny-all", *manifests) if each.object}


@pytest.mark.parametrize(
    "manifests",
    [
        pytest.param((WEB, DENY), id="no Service"),
        pytest.param((WEB, service(namespace="shop"), DENY, ALLOW), id="a rule"),
        pytest.param((WEB, service(namespace="other"), DENY), id="a Service of another namespace"),
        pytest.param(
            (
                workload("Deployment", "web", namespace="shop", pod="hostNetwork: true"),
                service(namespace="shop"),
                DENY,
            ),
            id="on the network of the node",
        ),
        pytest.param(
            (
                WEB,
                service(namespace="shop"),
                DENY,
                "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: a, namespace: shop}\n",
            ),
            id="a policy of another kind",
        ),
    ],
)
def test_a_namespace_is_not_sealed(manifests: tuple[str, ...]) -> None:
    assert not found(SEALED, *manifests)


def test_files_without_a_namespace_belong_together_only_in_one_folder() -> None:
    deny, web = DENY.replace(", namespace: shop", ""), together(workload("Deployment"), service())
    denied = policy(egress(TO_DB)).replace(", namespace: shop", "")

    assert found(SEALED, files={"a/deny": deny, "a/web": web})
    assert not found(SEALED, files={"a/deny": deny, "b/web": web})
    assert found(WITHOUT_DNS, files={"a/limit": denied, "a/web": web})
    assert not found(WITHOUT_DNS, files={"a/limit": denied, "b/web": web})


SINGLE = "netpol-dns-single-protocol"
UDP, TCP = "{ports: [{port: 53, protocol: UDP}]}", "{ports: [{port: 53, protocol: TCP}]}"


@pytest.mark.parametrize(
    ("policies", "severity"),
    [
        pytest.param((policy(egress(TCP)),), Severity.WARNING, id="TCP only"),
        pytest.param((policy(egress(UDP)),), Severity.INFO, id="UDP only"),
        pytest.param((policy(egress(f"{UDP}, {TCP}")),), None, id="both in two rules"),
        pytest.param((policy(egress(TCP)), policy(egress(UDP), "udp")), None, id="both in two policies"),
        pytest.param((policy(egress(TCP)), policy(egress("{}"), "all")), None, id="everything in another policy"),
        pytest.param(
            (policy(egress(TCP)), policy(egress(UDP, "{matchLabels: {app: db}}"), "udp")),
            Severity.WARNING,
            id="the other one for other pods",
        ),
        pytest.param((policy(egress("{ports: [{port: 53}]}")),), None, id="netpol-dns-port-without-protocol says it"),
    ],
)
def test_dns_needs_both_protocols(policies: tuple[str, ...], severity: Severity | None) -> None:
    findings = found(SINGLE, WEB, *policies)

    assert {each.severity for each in findings} == ({severity} - {None})
    assert not found(WITHOUT_DNS, WEB, *policies)


CACHE = workload(
    "DaemonSet",
    "cache",
    "k8s-app: node-local-dns",
    namespace="kube-system",
    pod="hostNetwork: true, dnsPolicy: Default",
)
TO_PODS = f"{{to: [{{namespaceSelector: {{}}}}], ports: [{DNS_PORTS}]}}"


@pytest.mark.parametrize(
    ("manifests", "count"),
    [
        pytest.param((CACHE, policy(egress(TO_PODS))), 1, id="pods only"),
        pytest.param((policy(egress(TO_PODS)),), 0, id="no cache"),
        pytest.param((CACHE, policy(egress(TO_PODS)), policy(egress(UDP), "any")), 0, id="any peer in another policy"),
        pytest.param(
            (CACHE, policy(egress(TO_PODS)), policy(egress("{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}"), "world")),
            0,
            id="all addresses in another policy",
        ),
        pytest.param(
            (CACHE, policy(egress(TO_PODS)), policy(egress(UDP, "{matchLabels: {app: db}}"), "any")),
            1,
            id="any peer for other pods",
        ),
    ],
)
def test_a_cache_on_nodes_needs_an_address(manifests: tuple[str, ...], count: int) -> None:
    assert len(found("netpol-dns-nodelocal-not-covered", WEB, *manifests)) == count


BLOCKED = "netpol-ingress-controller-blocked"
SERVED = workload("Deployment", "web", namespace="shop", ports="{name: http, containerPort: 8080}")
SERVICE = service(namespace="shop", ports="{port: 80, targetPort: http}")
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: shop}
spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
"""


def ingress(peers: str, ports: str = "", selector: str = "{}") -> str:
    """Return the spec of a policy for ingress with one rule."""
    rule = ", ".join(each for each in (peers and f"from: [{peers}]", ports and f"ports: [{ports}]") if each)
    return f"podSelector: {selector}\npolicyTypes: [Ingress]\ningress: [{{{rule}}}]"


ONLY_WEB = "{matchLabels: {app: web}}"
OTHER_SPACE = "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}}"
OWN_SPACE = "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}}"


@pytest.mark.parametrize(
    ("spec", "blocked"),
    [
        pytest.param(ingress("{podSelector: {}}"), True, id="pods of the namespace"),
        pytest.param(ingress("{podSelector: {matchLabels: {app: api}}}"), True, id="some pods of the namespace"),
        pytest.param(ingress(OWN_SPACE), True, id="the namespace by its name"),
        pytest.param(
            ingress("{podSelector: {matchLabels: {app: traefik}}}"), False, id="a controller in the namespace"
        ),
        pytest.param(ingress(OTHER_SPACE), False, id="another namespace"),
        pytest.param(ingress("{namespaceSelector: {}}"), False, id="all namespaces"),
        pytest.param(ingress("{ipBlock: {cidr: 10.0.0.0/8}}"), False, id="addresses"),
        pytest.param(ingress("", "{port: 8080}"), False, id="any source"),
        pytest.param(ingress("", "{port: http}"), False, id="any source, by name"),
        pytest.param(ingress("", "{port: 8000, endPort: 8100}"), False, id="any source, a range"),
        pytest.param(ingress("", "{protocol: TCP}"), False, id="any source, a protocol"),
        pytest.param(ingress("", "{port: 80}"), True, id="the port of the Service"),
        pytest.param(ingress("", "{port: http, protocol: UDP}"), True, id="another protocol"),
        pytest.param(ingress("{podSelector: {}}", selector="{matchLabels: {app: db}}"), False, id="other pods"),
    ],
)
def test_an_ingress_controller_must_be_let_in(spec: str, *, blocked: bool) -> None:
    findings = found(BLOCKED, SERVED, SERVICE, INGRESS, policy(spec))

    assert [each.message for each in findings] == [
        "no policy lets an ingress controller connect to Deployment web on port 8080, where Ingress shop sends requests"
    ] * blocked


def test_the_policy_that_is_to_let_a_controller_in() -> None:
    both = (
        policy(ingress("{podSelector: {}}"), "same"),
        policy(ingress("{podSelector: {}}", selector=ONLY_WEB), "web"),
    )

    (finding,) = found(BLOCKED, SERVED, SERVICE, INGRESS, DENY, *both)

    assert finding.object is not None
    assert (finding.object.name, finding.field) == ("web", "spec.ingress")
    assert [each.message for each in finding.related] == ["Ingress shop", "Service web"]


@pytest.mark.parametrize(
    "beside",
    [
        pytest.param(policy(ingress(OTHER_SPACE), "controller"), id="another policy"),
        pytest.param(policy(ingress(OTHER_SPACE), "open").replace(", namespace: shop", ""), id="of any namespace"),
        pytest.param(workload("Deployment", "traefik", namespace="shop"), id="a controller in the namespace"),
    ],
)
def test_something_else_may_let_the_controller_in(beside: str) -> None:
    closed = policy(ingress("{podSelector: {}}"))

    assert found(BLOCKED, namespace("other"), SERVED, SERVICE, INGRESS, closed)
    assert not found(BLOCKED, namespace("other"), SERVED, SERVICE, INGRESS, closed, DB.replace("shop", "data"), beside)


def test_a_sealed_namespace_is_not_said_again_for_its_ingresses() -> None:
    assert found(SEALED, SERVED, SERVICE, INGRESS, DENY)
    assert not found(BLOCKED, SERVED, SERVICE, INGRESS, DENY)


EXPOSED = "netpol-external-service-blocked"


@pytest.mark.parametrize(
    ("kind", "spec", "blocked"),
    [
        pytest.param("LoadBalancer", ingress("{podSelector: {}}"), True, id="pods of the namespace"),
        pytest.param("LoadBalancer", ingress("{namespaceSelector: {}}"), True, id="pods of all namespaces"),
        pytest.param("NodePort", ingress("{namespaceSelector: {}}"), True, id="a node port"),
        pytest.param("ClusterIP", ingress("{namespaceSelector: {}}"), False, id="not for clients outside"),
        pytest.param("LoadBalancer", ingress("{ipBlock: {cidr: 192.0.2.0/24}}"), False, id="addresses"),
        pytest.param("LoadBalancer", ingress("", "{port: 8080}"), False, id="any source"),
        pytest.param("LoadBalancer", ingress("", "{port: 9090}"), True, id="any source on another port"),
    ],
)
def test_a_service_for_clients_outside_needs_addresses(kind: str, spec: str, *, blocked: bool) -> None:
    exposed = service(namespace="shop", ports="{port: 80, targetPort: 8080}", spec=f"type: {kind}")

    findings = found(EXPOSED, SERVED, exposed, policy(spec))

    assert [each.severity for each in findings] == [Severity.WARNING] * blocked


def test_the_node_port_of_an_ingress_is_not_for_clients() -> None:
    exposed = service(namespace="shop", ports="{port: 80, targetPort: 8080}", spec="type: NodePort")
    closed = policy(ingress(OTHER_SPACE))

    assert found(EXPOSED, SERVED, exposed, closed)
    assert not found(EXPOSED, SERVED, exposed, INGRESS, closed)


@pytest.mark.parametrize(
    ("peers", "severity"),
    [
        pytest.param("{namespaceSelector: {}}, {podSelector: {}}", Severity.INFO, id="both as wide as they can be"),
        pytest.param("{namespaceSelector: {}}, {ipBlock: {cidr: 10.0.0.0/8}}", None, id="addresses"),
        pytest.param("{podSelector: {}}, {namespaceSelector: {matchLabels: {team: a}}}", None, id="another namespace"),
        pytest.param(
            "{namespaceSelector: {matchLabels: {team: a}}}, {namespaceSelector: {}, podSelector: {}}",
            Severity.WARNING,
            id="both selectors are empty",
        ),
        pytest.param("{}, {podSelector: {matchLabels: {team: a}}}", None, id="an empty peer, which is rejected"),
    ],
)
def test_a_peer_that_contains_others(peers: str, severity: Severity | None) -> None:
    findings = found("netpol-peer-makes-others-pointless", policy(ingress(peers)))

    assert {each.severity for each in findings} == ({severity} - {None})


@pytest.mark.parametrize(
    ("rules", "severity"),
    [
        pytest.param("{to: [{podSelector: {}}]}, {ports: [{port: 53}]}", Severity.INFO, id="DNS"),
        pytest.param("{to: [{podSelector: {}}]}, {ports: [{port: 80}]}, {ports: [{port: 81}]}", None, id="more rules"),
        pytest.param("{ports: [{port: 80}]}, {to: [{podSelector: {}}]}", None, id="the other way round"),
        pytest.param("{to: [{podSelector: {}}], ports: [{port: 1}]}, {ports: [{port: 80}]}", None, id="own ports"),
    ],
)
def test_peers_and_ports_in_two_rules(rules: str, severity: Severity | None) -> None:
    findings = found("netpol-peers-and-ports-split", policy(egress(rules)))

    assert {each.severity for each in findings} == ({severity} - {None})


KUBE_DNS = "{matchLabels: {k8s-app: kube-dns}}"


@pytest.mark.parametrize(
    ("specs", "count"),
    [
        pytest.param(("podSelector: {}\npolicyTypes: [Ingress]",), 1, id="default deny"),
        pytest.param((ingress("{podSelector: {}}", selector=KUBE_DNS),), 1, id="pods of kube-system only"),
        pytest.param((ingress("{namespaceSelector: {}}", "{port: 53}", KUBE_DNS),), 0, id="all namespaces"),
        pytest.param((ingress("{namespaceSelector: {}}", "{port: 9153}", KUBE_DNS),), 1, id="another port"),
        pytest.param((ingress("", "{port: dns, protocol: UDP}", KUBE_DNS),), 0, id="a name"),
        pytest.param((ingress("{podSelector: {}}", selector="{matchLabels: {app: x}}"),), 0, id="other pods"),
        pytest.param((ingress("{podSelector: {}}"), ingress("", "{port: 53}", KUBE_DNS)), 0, id="another policy"),
    ],
)
def test_the_dns_of_the_cluster_must_be_open(specs: tuple[str, ...], count: int) -> None:
    policies = (policy(spec, f"p{number}", "kube-system") for number, spec in enumerate(specs))

    assert len(found("netpol-dns-server-isolated", *policies)) == count


DNS = workload("Deployment", "coredns", "k8s-app: kube-dns", namespace="kube-system")


@pytest.mark.parametrize(
    ("workloads", "whole", "severity"),
    [
        pytest.param((), False, Severity.WARNING, id="policies alone"),
        pytest.param((DNS,), False, Severity.WARNING, id="a policy from elsewhere may admit it"),
        pytest.param((WEB,), True, Severity.WARNING, id="pods that no manifest shows"),
        pytest.param((DNS.replace("kube-dns", "other"),), True, Severity.WARNING, id="other pods"),
        pytest.param((DNS,), True, Severity.ERROR, id="nothing else exists"),
    ],
)
def test_an_isolated_dns_is_an_error_where_it_is_proven(
    workloads: tuple[str, ...], severity: Severity, *, whole: bool
) -> None:
    deny = policy("podSelector: {}\npolicyTypes: [Ingress]", where="kube-system")

    (finding,) = found("netpol-dns-server-isolated", *workloads, deny, environment=Environment(whole_cluster=whole))

    assert finding.severity is severity


EXCEPT = "{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}], ports: [{port: 443}]}"
SOME, OTHERS = "{matchLabels: {app: web}}", "{matchLabels: {app: db}}"
ANY_53 = "{ports: [{port: 53, protocol: UDP}, {port: 53}]}"


@pytest.mark.parametrize(
    ("policies", "count"),
    [
        pytest.param((policy(egress(EXCEPT)), policy(egress("{}"), "all")), 1, id="all traffic of every pod"),
        pytest.param((policy(egress(EXCEPT, SOME)), policy(egress("{}"), "all")), 1, id="of every pod, for some"),
        pytest.param((policy(egress(EXCEPT, SOME)), policy(egress("{}", SOME), "all")), 1, id="of the same pods"),
        pytest.param((policy(egress(EXCEPT)), policy(egress("{}", SOME), "all")), 0, id="of some of the pods"),
        pytest.param((policy(egress(EXCEPT)), policy(egress("{}"), "all", "other")), 0, id="of another namespace"),
        pytest.param((policy(egress(EXCEPT)), policy(egress("{ports: [{port: 53}]}"), "dns")), 0, id="other ports"),
        pytest.param(
            (policy(egress(f"{EXCEPT}, {{to: [{{ipBlock: {{cidr: 10.0.0.0/7}}}}]}}")),), 1, id="the addresses"
        ),
        pytest.param((policy(egress(f"{EXCEPT}, {{to: [{{ipBlock: {{cidr: 10.1.0.0/16}}}}]}}")),), 0, id="a part"),
        pytest.param((policy(egress(f"{EXCEPT}, {{to: [{{namespaceSelector: {{}}}}]}}")),), 0, id="pods"),
        pytest.param((policy(egress(f"{EXCEPT}, {EXCEPT}")),), 0, id="the same except"),
    ],
)
def test_an_except_that_another_rule_allows(policies: tuple[str, ...], count: int) -> None:
    assert len(found("netpol-except-reallowed", *policies)) == count


def test_policies_of_files_without_a_namespace_may_be_alternatives() -> None:
    limited, everything = (
        text.replace(", namespace: shop", "") for text in (policy(egress(EXCEPT)), policy(egress("{}"), "all"))
    )

    assert found("netpol-except-reallowed", limited, everything)
    assert not found("netpol-except-reallowed", files={"limited": limited, "all": everything})


@pytest.mark.parametrize(
    ("egress_rule", "ingress_rule", "count"),
    [
        pytest.param(
            "to: [%s], ports: [{port: 1024, endPort: 65535}]", "from: [%s], ports: [{port: 80}]", 1, id="egress"
        ),
        pytest.param(
            "to: [%s], ports: [{port: 80}]", "from: [%s], ports: [{port: 32768, endPort: 65535}]", 1, id="ingress"
        ),
        pytest.param("to: [%s], ports: [{port: 80}]", "ports: [{port: 32768, endPort: 65535}]", 0, id="other peers"),
        pytest.param(
            "to: [%s], ports: [{port: 80}]", "from: [%s], ports: [{port: 30000, endPort: 32767}]", 0, id="node ports"
        ),
        pytest.param("to: [%s]", "from: [%s], ports: [{port: 32768, endPort: 65535}]", 0, id="every port"),
    ],
)
def test_rules_for_replies(egress_rule: str, ingress_rule: str, count: int) -> None:
    peer = "{podSelector: {matchLabels: {app: db}}}"
    rules = f"egress: [{{{egress_rule}}}]\ningress: [{{{ingress_rule}}}]".replace("%s", peer)

    assert len(found("netpol-return-traffic-rule", policy(f"podSelector: {{}}\n{rules}"))) == count


@pytest.mark.parametrize(
    ("policies", "names"),
    [
        pytest.param(
            (policy(egress(UDP), "a"), policy(egress(UDP), "b"), policy(egress(UDP), "c")), {"b", "c"}, id="copies"
        ),
        pytest.param(
            (policy(egress(UDP), "a"), policy(egress(f"{UDP}, {TCP}"), "b")), {"a"}, id="a part of another one"
        ),
        pytest.param((policy(egress(UDP), "a"), policy(egress(TCP), "b")), set(), id="other rules"),
        pytest.param((policy(egress(UDP, SOME), "a"), policy(egress(UDP, OTHERS), "b")), set(), id="other pods"),
        pytest.param(
            (policy(egress(UDP), "a"), policy(egress(UDP, SOME), "b")), set(), id="the same rule for every pod"
        ),
        pytest.param((policy(egress(ANY_53), "a"), policy(egress(UDP, SOME), "b")), {"b"}, id="more for every pod"),
        pytest.param((policy(egress(), "a"), policy(egress(), "b")), set(), id="default deny"),
        pytest.param((policy(egress(UDP), "a"), policy(egress(UDP), "b", "other")), set(), id="another namespace"),
    ],
)
def test_policies_that_change_nothing(policies: tuple[str, ...], names: set[str]) -> None:
    findings = found("netpol-duplicate-or-redundant-policy", *policies)

    assert {each.object.name for each in findings if each.object} == names
