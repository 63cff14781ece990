"""What NetworkPolicy rules say, and keep silent about, beyond the examples on their pages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from manifests import KUSTOMIZATION, NETWORKING, manifest, policy_as_json, sources

from k8snetlint import Config, Report, Severity, Source, lint

WEB: dict[str, Any] = {"matchLabels": {"app": "web"}}
WITHOUT_DNS = "netpol-egress-isolated-without-dns"
PLAIN: dict[str, Any] = {"podSelector": WEB, "policyTypes": ["Ingress", "Egress"]}


def check(spec: object, **beside: object) -> Report:
    """Lint one NetworkPolicy; JSON keeps what a test writes as it is."""
    return lint([Source.of("policy.json", policy_as_json(spec, **beside))], Config())


def ids(report: Report) -> set[str]:
    return {finding.id for finding in report.findings}


@pytest.mark.parametrize(
    ("rest", "near", "consequence"),
    [
        pytest.param({"ingress": [{"to": []}]}, "from", "the rule allows every source", id="to in an ingress rule"),
        pytest.param(
            {"egress": [{"from": []}]}, "to", "the rule allows every destination", id="from in an egress rule"
        ),
        pytest.param({"egress": [{"from": [], "to": []}]}, None, "", id="from beside to"),
        pytest.param({"ingress": [{"form": []}]}, "from", "the rule allows every source", id="from misspelt"),
        pytest.param(
            {"ingress": [{"from": [], "port": 80}]}, "ports", "the rule allows every port", id="port instead of ports"
        ),
        pytest.param(
            {"ingress": [{"namespaceSelector": {}}]},
            "spec.ingress[0].from[].namespaceSelector",
            "the rule allows every source",
            id="a peer without from",
        ),
        pytest.param(
            {"ingress": [{"from": [{"podSelector": WEB, "ports": []}], "ports": [{"port": 80}]}]},
            None,
            "",
            id="ports below a peer, and at their place",
        ),
        pytest.param(
            {"ingress": [{"from": [{"podSelector": WEB, "namespaceSelectr": {}}]}]},
            "namespaceSelector",
            "only pods of the policy's own namespace are allowed",
            id="namespaceSelector misspelt",
        ),
        pytest.param(
            {"ingress": [{"from": [{"cidr": "10.0.0.0/8"}]}]},
            "spec.ingress[0].from[0].ipBlock.cidr",
            "the API server rejects the empty peer that is left",
            id="cidr",
        ),
        pytest.param(
            {"ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/8", "excepts": []}}]}]},
            "except",
            "no address is excluded",
            id="except misspelt",
        ),
        pytest.param(
            {"ingress": [{"ports": [{"port": 53, "protocols": "UDP"}]}]},
            "protocol",
            "the protocol is TCP",
            id="protocol misspelt",
        ),
        pytest.param({"ingres": [{}]}, "ingress", "no ingress is allowed", id="ingress misspelt"),
        pytest.param({"ingres": [{}], "ingress": [{}]}, None, "", id="and written as well"),
        pytest.param(
            {"podSelector": {"matchlabels": {"app": "web"}}},
            "matchLabels",
            "the selector matches everything",
            id="matchLabels misspelt",
        ),
        pytest.param(
            {"podSelector": {**WEB, "matchExpression": []}}, "matchExpressions", "", id="half of a selector misspelt"
        ),
    ],
)
def test_what_a_misplaced_field_costs(rest: dict[str, object], near: str | None, consequence: str) -> None:
    report = check({**PLAIN, **rest})
    (finding,) = (each for each in report.findings if each.id == "netpol-misplaced-or-unknown-field")

    dropped = f'unknown field "{finding.field}"; without strict validation it is dropped'
    assert finding.message == (f"{dropped}, and {consequence}" if consequence else dropped)
    assert finding.help == (f"did you mean `{near}`?" if near else "")
    assert "api-unknown-field" not in ids(report)


@pytest.mark.parametrize(
    ("rule", "consequence", "advice"),
    [
        pytest.param(
            {"to": [{}], "ports": [{"port": 53}, {"ipBlock": {"cidr": "10.0.0.0/8"}}]},
            ", and the entry that is left allows every TCP port",
            "`ipBlock` is a peer and belongs under `to`, perhaps of another rule",
            id="a peer as an entry of ports",
        ),
        pytest.param(
            {"ports": [{"port": 53, "podSelector": WEB}]},
            "",
            "`podSelector` is a peer and belongs under `to`, perhaps of another rule",
            id="a peer in an entry of ports",
        ),
        pytest.param(
            {"to": [{"podSelector": WEB}, {"protocol": "UDP"}], "ports": [{"port": 53}]},
            ", and the API server rejects the empty peer that is left",
            "`protocol` belongs under `ports` of the rule",
            id="a protocol as a peer",
        ),
    ],
)
def test_a_peer_among_ports_and_a_port_among_peers(rule: dict[str, object], consequence: str, advice: str) -> None:
    report = check({**PLAIN, "egress": [rule]})
    (finding,) = (each for each in report.findings if each.id == "netpol-misplaced-or-unknown-field")

    assert finding.message == f'unknown field "{finding.field}"; without strict validation it is dropped{consequence}'
    assert finding.help == advice
    assert finding.fix is None


def test_an_unknown_field_that_has_nothing_to_do_with_the_spec_is_left_to_the_api_server() -> None:
    report = check(PLAIN, status={}, metadata={"name": "web", "lables": {}})

    assert ids(report) == {"api-unknown-field"}


def test_the_spec_without_its_indentation() -> None:
    report = check(None, podSelector=WEB, policyTypes=["Ingress"], ingress=[{}])

    assert ids(report) == {"netpol-misplaced-or-unknown-field"}
    assert [finding.help for finding in report.findings] == [
        f"did you mean `spec.{field}`?" for field in ("podSelector", "policyTypes", "ingress")
    ]


@pytest.mark.parametrize(
    ("selector", "fields"),
    [
        pytest.param({"app": "web"}, ["spec.podSelector"], id="one label"),
        pytest.param({"app": "web", "tier": "a"}, ["spec.podSelector"], id="two labels are one mistake"),
        pytest.param({**WEB, "tier": "a"}, ["spec.podSelector.tier"], id="one beside matchLabels"),
        pytest.param({"matchlabels": {"app": "web"}}, [], id="a misspelling is no label"),
        pytest.param({"policyTypes": []}, [], id="a field in the wrong place is no label"),
        pytest.param({"key": "app", "operator": "Exists"}, [], id="an expression is no label"),
        pytest.param(WEB, [], id="as it must be"),
    ],
)
def test_labels_outside_of_match_labels(selector: dict[str, object], fields: list[str]) -> None:
    report = check({**PLAIN, "podSelector": selector})

    found = [each.field for each in report.findings if each.id == "netpol-selector-missing-match-labels"]
    assert found == fields
    assert not fields or ids(report) == {"netpol-selector-missing-match-labels"}


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        pytest.param({"podSelector": WEB}, {"netpol-missing-policy-types"}, id="missing"),
        pytest.param({"podSelector": WEB, "policyTypes": None}, {"netpol-missing-policy-types"}, id="null"),
        pytest.param(
            {"podSelector": WEB, "policyType": ["Egress"]}, {"netpol-misplaced-or-unknown-field"}, id="misspelt"
        ),
        pytest.param(
            {"podSelector": WEB, "egress": [{"to": [{"podSelector": WEB}]}], "ingress": []},
            {"netpol-egress-only-policy-also-isolates-ingress", WITHOUT_DNS},
            id="egress rules only",
        ),
        pytest.param(
            {"podSelector": {}, "egress": [{"to": [{"podSelector": WEB}]}]},
            {"netpol-egress-only-policy-also-isolates-ingress", WITHOUT_DNS},
            id="egress rules of every pod are no default deny",
        ),
        pytest.param(
            {"podSelector": WEB, "policyTypes": ["egress"], "egress": [{"to": [{"podSelector": WEB}]}]},
            {"netpol-policy-types-invalid"},
            id="a type that is none",
        ),
        pytest.param(
            {"podSelector": {}, "policyTypes": ["Ingress"], "ingres": []},
            {"netpol-misplaced-or-unknown-field"},
            id="a misspelt rule is no default deny",
        ),
        pytest.param({"policyTypes": ["Egress"], "podSelectr": WEB}, {"netpol-misplaced-or-unknown-field"}, id="typo"),
        pytest.param("${SPEC}", set(), id="a placeholder"),
    ],
)
def test_one_mistake_is_one_finding(spec: object, expected: set[str]) -> None:
    assert {each for each in ids(check(spec)) if each.startswith("netpol-")} == expected


@pytest.mark.parametrize(
    ("rules", "reported"),
    [
        pytest.param([[{"port": 53}]], 1, id="TCP only"),
        pytest.param([[{"port": 53}], [{"port": 53, "protocol": "UDP"}]], 0, id="UDP in another rule"),
        pytest.param([[{"port": 53}, {"protocol": "UDP"}]], 0, id="every port of UDP"),
        pytest.param([[{"port": 53}, {"port": 50, "endPort": 60, "protocol": "UDP"}]], 0, id="a range of UDP"),
        pytest.param([[{"port": 53}, {"port": 50, "endPort": 52, "protocol": "UDP"}]], 1, id="a range beside it"),
        pytest.param([[{"port": "dns"}, {"port": "dns-udp", "protocol": "UDP"}]], 0, id="another name of DNS"),
        pytest.param([[{"port": "dns"}, {"port": "http3", "protocol": "UDP"}]], 1, id="a name of something else"),
        pytest.param([[{"port": 53, "protocol": "TCP"}]], 0, id="TCP is written"),
        pytest.param([[{"port": 53, "endPort": 60}]], 0, id="a range of many ports"),
    ],
)
def test_dns_without_protocol(rules: list[list[dict[str, object]]], reported: int) -> None:
    report = check({**PLAIN, "policyTypes": ["Egress"], "egress": [{"ports": ports} for ports in rules]})

    assert [finding.id for finding in report.findings].count("netpol-dns-port-without-protocol") == reported


DNS_PODS = {"namespaceSelector": {}, "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}}
SYSTEM = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}


@pytest.mark.parametrize(
    ("numbers", "peer", "reported"),
    [
        pytest.param([53], {"podSelector": WEB}, 1, id="53 alone, whatever the peer"),
        pytest.param([53, 443, 80], None, 1, id="53 and the web"),
        pytest.param([53, 80, 443, 5432, 6379], None, 1, id="53 and what an application needs"),
        pytest.param([53, 443], {"namespaceSelector": {}}, 1, id="53 and the web, in all namespaces"),
        pytest.param([53, 443], {"ipBlock": {"cidr": "10.0.0.0/8"}}, 1, id="53 and the web, of addresses"),
        pytest.param([53, 443], {"podSelector": WEB}, 0, id="53 and the web, of pods that are no DNS"),
        pytest.param([52, 53, 54], None, 0, id="a range of ports, one by one"),
        pytest.param([1, 22, 53, 4000, 65535], None, 0, id="arbitrary ports"),
        pytest.param([1, 22, 53, 4000, 65535], DNS_PODS, 1, id="arbitrary ports of the DNS"),
        pytest.param([52, 53, 54], SYSTEM, 1, id="a range of ports of the system"),
    ],
)
def test_dns_is_meant(numbers: list[int], peer: dict[str, Any] | None, reported: int) -> None:
    egress = {"ports": [{"port": each} for each in numbers], **({"to": [peer]} if peer else {})}
    report = check({**PLAIN, "policyTypes": ["Egress"], "egress": [egress]})

    assert [finding.id for finding in report.findings].count("netpol-dns-port-without-protocol") == reported


NAMES = st.sampled_from(
    "podSelector namespaceSelector ipBlock cidr except from to ports port endPort protocol ingress egress policyTypes "
    "policyType matchLabels matchExpressions key operator values app form prots spec metadata name".split()
)
LEAVES = st.sampled_from([None, True, 0, 53, 8e1, 1.5, "", "dns", "Egress", "UDP", "10.0.0.0/8", "${X}", "app"])
VALUES = st.recursive(LEAVES, lambda child: st.lists(child, max_size=3) | st.dictionaries(NAMES, child, max_size=4))


@given(st.dictionaries(NAMES, VALUES, max_size=6), st.dictionaries(NAMES, VALUES, max_size=2))
def test_no_rule_fails_on_odd_values(spec: dict[str, object], beside: dict[str, object]) -> None:
    beside.pop("spec", None)

    assert "internal-error" not in ids(check(spec, **beside))


PEER = st.fixed_dictionaries({}, optional={"podSelector": VALUES, "namespaceSelector": VALUES, "ipBlock": VALUES})
PORT = st.fixed_dictionaries({}, optional={"port": LEAVES, "endPort": LEAVES, "protocol": LEAVES, "prot": LEAVES})
RULE = st.fixed_dictionaries(
    {}, optional={"from": st.lists(PEER), "to": st.lists(PEER), "ports": st.lists(PORT), "form": st.lists(PEER)}
)
NEARLY = st.fixed_dictionaries(
    {},
    optional={
        "podSelector": st.dictionaries(NAMES, LEAVES, max_size=2),
        "policyTypes": st.lists(st.sampled_from(["Ingress", "Egress", "egress", None])),
        "ingress": st.lists(RULE | LEAVES, max_size=2),
        "egress": st.lists(RULE, max_size=2),
        "policyType": VALUES,
    },
)


@given(NEARLY)
def test_no_rule_fails_on_policies_that_are_nearly_right(spec: dict[str, object]) -> None:
    assert "internal-error" not in ids(check(spec))


def test_a_rule_with_a_misplaced_field_only_is_not_said_to_allow_everything() -> None:
    report = check({**PLAIN, "ingress": [{"to": []}, {"from": [{"podSelector": {}}]}]})

    assert ids(report) == {"netpol-misplaced-or-unknown-field"}


@pytest.mark.parametrize(
    ("rule", "spec"),
    [
        pytest.param(
            "netpol-missing-policy-types",
            {"podSelector": WEB, "egres": [{}]},
            id="policyTypes follow from rules that are not read yet",
        ),
        pytest.param(
            "netpol-selector-on-volatile-label",
            {"podSelector": {"matchLabels": {"chart": "web-1", "helm.sh/chart": "web-1"}}, "policyTypes": ["Ingress"]},
            id="without its volatile labels a selector would select everything",
        ),
        pytest.param(
            "netpol-selector-missing-match-labels",
            {"podSelector": {"app": "web", "matchLabels": {"app": "db"}}, "policyTypes": ["Ingress"]},
            id="two values for one label",
        ),
        pytest.param(
            "netpol-named-port-on-ipblock",
            {**PLAIN, "egress": [{"to": [{"ipBlock": {"cidr": "192.0.2.0/24"}}], "ports": [{"port": "web"}]}]},
            id="a name that stands for no number",
        ),
        pytest.param(
            "netpol-empty-peer-list-allows-all",
            {**PLAIN, "ingress": [{"from": []}]},
            id="whether nobody or everybody is meant",
        ),
    ],
)
def test_no_fix_where_nobody_can_tell(rule: str, spec: object) -> None:
    found = [each for each in check(spec).findings if each.id == rule]

    assert found
    assert all(each.fix is None for each in found)


def test_no_fix_for_what_stands_in_no_file() -> None:
    patch = manifest(NETWORKING, "NetworkPolicy", "web", namespace="", spec="{egress: [{ports: [{port: 53}]}]}")
    texts = {
        "kustomization.yaml": KUSTOMIZATION + "resources: [policy.json]\npatches: [{path: patch.yaml}]\n",
        "patch.yaml": patch,
        "policy.json": policy_as_json({"podSelector": WEB}),
    }
    report = lint(sources(texts), Config())
    (finding,) = (each for each in report.findings if each.id == "netpol-missing-policy-types")

    assert finding.fix is None


@pytest.mark.parametrize(
    ("written", "severity", "is_safe"),
    [
        pytest.param("podSelector:\n", Severity.WARNING, False, id="empty"),
        pytest.param("podSelector:  # every pod?\n", Severity.WARNING, False, id="empty, with a comment"),
        pytest.param("podSelector: null\n", Severity.INFO, True, id="null"),
        pytest.param("podSelector: Null  # every pod\n", Severity.INFO, True, id="null, with a comment"),
        pytest.param("podSelector:\n    ~\n", Severity.INFO, True, id="a tilde on the next line"),
        pytest.param("podSelector: &every null\n", Severity.INFO, True, id="null, with an anchor"),
        pytest.param("podSelector: !!null\n", Severity.INFO, True, id="a tag"),
        pytest.param("", Severity.WARNING, False, id="missing"),
    ],
)
def test_a_null_that_is_spelled_out_is_meant(written: str, severity: Severity, is_safe: bool) -> None:  # noqa: FBT001 - a row
    text = f"apiVersion: {NETWORKING}\nkind: NetworkPolicy\nmetadata:\n  name: web\nspec:\n"
    rest = "  policyTypes: [Ingress]\n  ingress: [{from: [{podSelector: {}}]}]\n"
    text += f"  {written}{rest}" if written else rest

    found = lint([Source.of("policy.yaml", text)], Config()).findings

    assert [(each.id, each.severity) for each in found] == [("netpol-pod-selector-missing", severity)]
    assert found[0].fix is not None
    assert found[0].fix.safe == is_safe


@pytest.mark.parametrize("added", ["namespace: shop\n", "nameSuffix: -v1\n", ""])
def test_a_null_is_meant_in_json_in_lists_and_in_kustomizations(added: str) -> None:
    policy = json.loads(policy_as_json({**PLAIN, "podSelector": None, "ingress": [{}], "egress": [{}]}))
    listed = json.dumps({"apiVersion": "v1", "kind": "List", "items": [policy]}, indent=2)
    files = {"list.json": listed, "kustomization.yaml": f"{KUSTOMIZATION}{added}resources: [list.json]\n"}

    found = [each for each in lint(sources(files), Config()).findings if each.id == "netpol-pod-selector-missing"]

    assert [each.severity for each in found] == [Severity.INFO]
