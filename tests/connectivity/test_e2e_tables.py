"""Truth tables of Kubernetes' own end-to-end tests of NetworkPolicies, which every conformant CNI plugin has to pass.

Nine pods, `xx/a` to `zz/c`, each with its name as the label `pod`, serve TCP, UDP and SCTP on 80 and 81 under names
like `serve-80-tcp`. A table begins with everything allowed, and each of its steps sets some pairs, the later ones last:
`xx/*` is every pod of a namespace, `*` every pod. Connections of a pod to itself do not count, as there.

Source: https://github.com/kubernetes/kubernetes/blob/v1.36.0/test/e2e/network/netpol/network_policy.go
"""

from __future__ import annotations

import fnmatch
from typing import NamedTuple

import pytest
from manifests import cluster_of, namespace, pod, together

from k8snetlint.connectivity.engine import Connectivity
from k8snetlint.model.environment import Environment
from k8snetlint.model.ports import Protocol
from k8snetlint.model.workload import Workload

NAMES = [f"{space}/{name}" for space in ("xx", "yy", "zz") for name in "abc"]
_PORTS = ", ".join(
    f"{{name: serve-{number}-{protocol.lower()}, containerPort: {number}, protocol: {protocol}}}"
    for number in (80, 81)
    for protocol in ("TCP", "UDP", "SCTP")
)

DENY_INGRESS = "xx: {podSelector: {}, policyTypes: [Ingress]}"
DENY_EGRESS = "xx: {podSelector: {}, policyTypes: [Egress]}"
DENY_ALL = "xx: {podSelector: {}, policyTypes: [Ingress, Egress]}"
NAMED = "kubernetes.io/metadata.name"
FROM_Y = f"namespaceSelector: {{matchLabels: {{{NAMED}: yy}}}}"


def named(operator: str, name: str) -> str:
    """Return a namespaceSelector that asks for a namespace by an expression."""
    return f"namespaceSelector: {{matchExpressions: [{{key: {NAMED}, operator: {operator}, values: [{name}]}}]}}"


OUTSIDE_X = named("NotIn", "xx")
POD_B = "podSelector: {matchLabels: {pod: b}}"


BOTH = (
    "xx: {podSelector: {matchLabels: {pod: a}}, policyTypes: [Egress, Ingress], "
    f"ingress: [{{from: [{{{POD_B}}}]}}], egress: [{{ports: [{{port: 80}}]}}]}}"
)


def to_a(rule: str, where: str = "xx") -> str:
    """Return a policy that isolates a pod `a` for ingress, with one rule."""
    return f"{where}: {{podSelector: {{matchLabels: {{pod: a}}}}, policyTypes: [Ingress], ingress: [{{{rule}}}]}}"


def from_a(rule: str) -> str:
    """Return a policy that isolates `xx/a` for egress, with one rule."""
    return f"xx: {{podSelector: {{matchLabels: {{pod: a}}}}, policyTypes: [Egress], egress: [{{{rule}}}]}}"


class Table(NamedTuple):
    """What is allowed with some policies, each as `namespace: spec`."""

    policies: list[str]
    steps: list[tuple[str, str, bool]]
    port: int = 80
    protocol: Protocol = Protocol.TCP


def only(*sources: str) -> list[tuple[str, str, bool]]:
    """Return the steps by which only these pods may connect to `xx/a`."""
    return [("*", "xx/a", False), *((each, "xx/a", True) for each in sources)]


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(Table([DENY_INGRESS], [("*", "xx/*", False)]), id="default-deny-ingress"),
        pytest.param(
            Table([DENY_INGRESS], [("*", "xx/*", False)], protocol=Protocol.UDP), id="default-deny-ingress for UDP"
        ),
        pytest.param(
            Table([DENY_INGRESS], [("*", "xx/*", False)], protocol=Protocol.SCTP), id="default-deny-ingress for SCTP"
        ),
        pytest.param(Table([DENY_ALL], [("*", "xx/*", False), ("xx/*", "*", False)]), id="default-deny-all"),
        pytest.param(Table([to_a(f"from: [{{{POD_B}}}]")], only("xx/b")), id="pods of the own namespace"),
        pytest.param(
            Table(
                [DENY_INGRESS, to_a("from: [{podSelector: {}, namespaceSelector: {}}]")],
                [("*", "xx/*", False), ("*", "xx/a", True)],
            ),
            id="one target of a denied namespace",
        ),
        pytest.param(Table([to_a("from: [{namespaceSelector: {matchLabels: {}}}]")], []), id="all namespaces"),
        pytest.param(Table([to_a(f"from: [{{{FROM_Y}}}]")], only("yy/*")), id="another namespace only"),
        pytest.param(
            Table(
                [to_a("from: [{podSelector: {matchExpressions: [{key: pod, operator: In, values: [b]}]}}]")],
                only("xx/b"),
            ),
            id="pods by an expression",
        ),
        pytest.param(
            Table(
                [to_a(f"from: [{{{named('In', 'yy')}}}]")],
                only("yy/*"),
            ),
            id="namespaces by an expression",
        ),
        pytest.param(
            Table([to_a(f"from: [{{{OUTSIDE_X}}}, {{{POD_B}}}]")], only("yy/*", "zz/*", "xx/b")),
            id="pods or namespaces",
        ),
        pytest.param(
            Table([to_a(f"from: [{{{OUTSIDE_X}, {POD_B}}}]")], only("yy/b", "zz/b")), id="pods and namespaces"
        ),
        pytest.param(
            Table(
                [
                    to_a(
                        f"from: [{{{OUTSIDE_X}, podSelector: "
                        "{matchExpressions: [{key: pod, operator: In, values: [b, c]}]}}]"
                    )
                ],
                only("yy/b", "yy/c", "zz/b", "zz/c"),
            ),
            id="several pods and namespaces",
        ),
        pytest.param(
            Table([to_a(f"from: [{{{POD_B}}}, {{podSelector: {{matchLabels: {{pod: c}}}}}}]")], only("xx/b", "xx/c")),
            id="any of two selectors",
        ),
        pytest.param(
            Table([to_a(f"from: [{{{FROM_Y}, podSelector: {{matchLabels: {{pod: a}}}}}}]")], only("yy/a")),
            id="one pod of another namespace",
        ),
        pytest.param(
            Table([to_a(f"from: [{{{FROM_Y}}}], ports: [{{port: 81, protocol: TCP}}]")], only("yy/*"), 81),
            id="a port",
        ),
        pytest.param(
            Table([to_a(f"from: [{{{FROM_Y}}}], ports: [{{port: 81, protocol: TCP}}]")], only()), id="another port"
        ),
        pytest.param(
            Table(
                [to_a(f"from: [{{{FROM_Y}}}], ports: [{{port: {number}, protocol: TCP}}]") for number in (80, 81)],
                only("yy/*"),
            ),
            id="stacked policies",
        ),
        pytest.param(
            Table(
                [to_a(f"from: [{{{FROM_Y}}}], ports: [{{port: 81, protocol: UDP}}]")], only("yy/*"), 81, Protocol.UDP
            ),
            id="a port of UDP",
        ),
        pytest.param(
            Table(
                [to_a(f"from: [{{{FROM_Y}}}], ports: [{{port: 81, protocol: SCTP}}]")], only("yy/*"), 81, Protocol.SCTP
            ),
            id="a port of SCTP",
        ),
        pytest.param(Table(["xx: {podSelector: {}, policyTypes: [Ingress], ingress: [{}]}"], []), id="allow-all"),
        pytest.param(
            Table(
                ["xx: {podSelector: {}, policyTypes: [Ingress], ingress: [{ports: [{port: serve-81-tcp}]}]}"],
                [("*", "xx/*", False)],
            ),
            id="another named port",
        ),
        pytest.param(
            Table(
                ["xx: {podSelector: {}, policyTypes: [Ingress], ingress: [{ports: [{port: serve-81-tcp}]}]}"], [], 81
            ),
            id="a named port",
        ),
        pytest.param(
            Table([to_a(f"from: [{{{FROM_Y}}}], ports: [{{port: serve-80-tcp, protocol: TCP}}]")], only("yy/*")),
            id="a named port from a namespace",
        ),
        pytest.param(
            Table([to_a(f"from: [{{{FROM_Y}}}], ports: [{{port: serve-80-tcp, protocol: TCP}}]")], only(), 81),
            id="another port than the named one",
        ),
        pytest.param(
            Table(["xx: {podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: serve-80-tcp}]}]}"], []),
            id="egress to a named port",
        ),
        pytest.param(
            Table(
                ["xx: {podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: serve-80-tcp}]}]}"],
                [("xx/*", "*", False)],
                81,
            ),
            id="egress to another port than the named one",
        ),
        pytest.param(
            Table(["xx: {podSelector: {}, policyTypes: [Ingress], ingress: []}"], [("*", "xx/*", False)], 81),
            id="an empty list of rules",
        ),
        pytest.param(
            Table([to_a("from: [{namespaceSelector: {matchLabels: {ns2: updated}}}]")], only()),
            id="a label that no namespace has",
        ),
        pytest.param(
            Table([to_a("from: [{podSelector: {matchLabels: {pod: b, pod2: updated}}}]")], only()),
            id="a label that the pod has not",
        ),
        pytest.param(
            Table(
                ["xx: {podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}]}]}"],
                [("yy/*", "xx/*", False), ("zz/*", "xx/*", False)],
            ),
            id="pods of other namespaces are denied",
        ),
        pytest.param(
            Table(["xx: {podSelector: {matchLabels: {target: isolated}}, policyTypes: [Ingress]}"], []),
            id="a policy that selects no pod",
        ),
        pytest.param(
            Table(["xx: {podSelector: {matchLabels: {pod: a}}, policyTypes: [Egress]}"], [("xx/a", "*", False)]),
            id="egress of one pod is denied",
        ),
        pytest.param(Table([DENY_EGRESS], [("xx/*", "*", False)]), id="egress of a namespace is denied"),
        pytest.param(
            Table(
                [BOTH],
                only("xx/b"),
            ),
            id="both directions",
        ),
        pytest.param(
            Table(
                [BOTH],
                [("*", "xx/a", False), ("xx/a", "*", False), ("xx/b", "xx/a", True)],
                81,
            ),
            id="both directions, another port",
        ),
        pytest.param(
            Table(
                [
                    from_a(f"to: [{{{FROM_Y}, podSelector: {{matchLabels: {{pod: a}}}}}}]"),
                    *(
                        f"yy: {{podSelector: {{matchLabels: {{pod: {name}}}}}, policyTypes: [Ingress], ingress: "
                        f"[{{from: [{{namespaceSelector: {{matchLabels: {{{NAMED}: xx}}}}, "
                        "podSelector: {matchLabels: {pod: a}}}]}]}"
                        for name in "ab"
                    ),
                ],
                [
                    ("xx/a", "*", False),
                    ("*", "yy/a", False),
                    ("xx/a", "yy/a", True),
                    ("*", "yy/b", False),
                ],
            ),
            id="the client may not, though the server allows it",
        ),
        pytest.param(
            Table(
                [from_a(f"to: [{{{FROM_Y}, podSelector: {{matchLabels: {{pod: a}}}}}}]")],
                [("xx/a", "*", False), ("xx/a", "yy/a", True)],
            ),
            id="egress to one pod of another namespace",
        ),
        pytest.param(Table([to_a("ports: [{protocol: TCP}]")], []), id="a protocol without a port"),
        pytest.param(Table([to_a("ports: [{protocol: TCP}]")], only(), protocol=Protocol.UDP), id="another protocol"),
        pytest.param(
            Table(
                [
                    "xx: {podSelector: {}, policyTypes: [Ingress], ingress: [{ports: [{port: 80}]}]}",
                    "xx: {podSelector: {}, policyTypes: [Ingress], ingress: [{}]}",
                ],
                [],
                81,
            ),
            id="allow-all ingress beside a narrower policy",
        ),
        pytest.param(
            Table(
                [
                    "xx: {podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 80}]}]}",
                    "xx: {podSelector: {}, policyTypes: [Egress], egress: [{}]}",
                ],
                [],
                81,
            ),
            id="allow-all egress beside a narrower policy",
        ),
        pytest.param(
            Table(
                [from_a(""), "xx: {podSelector: {matchLabels: {pod: a}}, policyTypes: [Ingress], ingress: []}"], only()
            ),
            id="directions are independent",
        ),
        pytest.param(
            Table([DENY_INGRESS, to_a("ports: [{port: 81, protocol: SCTP}]")], [("*", "xx/*", False)], 81),
            id="SCTP is not TCP",
        ),
        pytest.param(Table([to_a("ports: [{port: 80, protocol: SCTP}]")], only(), 81), id="SCTP isolates for TCP"),
        pytest.param(Table([to_a("ports: [{port: 81, protocol: UDP}]")], only(), 81), id="UDP is not TCP"),
        pytest.param(
            Table(
                [from_a(f"to: [{{{named('NotIn', 'yy')}}}]")],
                [("xx/a", "yy/*", False)],
            ),
            id="all namespaces but one",
        ),
    ],
)
def test_table(table: Table) -> None:
    pods = [
        pod(name, f"pod: {name}", namespace=space, ports=_PORTS)
        for space, _, name in (each.partition("/") for each in NAMES)
    ]
    policies = [
        f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p{number}, namespace: {each[:2]}}}\n"
        f"spec: {each[4:]}\n"
        for number, each in enumerate(table.policies)
    ]
    cluster = cluster_of(
        together(*(namespace(each, "") for each in ("xx", "yy", "zz")), *pods, *policies),
        environment=Environment(whole_cluster=True),
    )
    connectivity = Connectivity(cluster)
    numbers = {f"{each.namespace}/{each.name}": connectivity.classes.class_of[each] for each in cluster.of(Workload)}
    wanted = {(one, other): True for one in NAMES for other in NAMES if one != other}
    for source, destination, allowed in table.steps:
        for pair in wanted:
            if fnmatch.fnmatch(pair[0], source) and fnmatch.fnmatch(pair[1], destination):
                wanted[pair] = allowed

    found = {}
    for one, other in wanted:
        certain, possible = connectivity.ports_between(numbers[one], numbers[other])
        assert certain == possible
        found[one, other] = certain.has(table.protocol, table.port)

    assert found == wanted
