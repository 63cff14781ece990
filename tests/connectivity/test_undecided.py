"""Pods that policies of other kinds may select: nothing about them is certain that such a policy may change."""

from __future__ import annotations

import pytest
from manifests import cluster_of

from k8snetlint.connectivity.assumptions import assumptions_of
from k8snetlint.connectivity.connections import Connections
from k8snetlint.connectivity.deciding import decide
from k8snetlint.connectivity.engine import Connectivity
from k8snetlint.connectivity.explain import explain
from k8snetlint.connectivity.peer_sets import ShownPeer
from k8snetlint.connectivity.profiles import profile_of
from k8snetlint.connectivity.query import numbers, parse_peer
from k8snetlint.connectivity.reasons import verdict_of
from k8snetlint.connectivity.uncertain import reasons
from k8snetlint.model.bitsets import first
from k8snetlint.model.environment import Environment
from k8snetlint.model.networkpolicy import Direction
from k8snetlint.model.ports import Protocol
from k8snetlint.rules.usual_objects import namespace, workload

PODS = (
    namespace("shop", "team: a"),
    namespace("data", "team: b"),
    workload("Deployment", "web", namespace="shop"),
    workload("Deployment", "api", namespace="shop"),
    workload("Deployment", "db", namespace="data"),
)
NODE = workload("DaemonSet", "node", namespace="shop", pod="hostNetwork: true")


def other(api_version: str, kind: str, spec: str, where: str = "") -> str:
    """Return a policy of another kind."""
    metadata = f"name: other{f', namespace: {where}' if where else ''}"
    return f"apiVersion: {api_version}\nkind: {kind}\nmetadata: {{{metadata}}}\n{spec}\n"


def closed(where: str, rules: str = "") -> str:
    """Return a NetworkPolicy that isolates all pods of a namespace for ingress."""
    spec = f"podSelector: {{}}, policyTypes: [Ingress], ingress: [{rules}]"
    metadata = f"name: closed, namespace: {where}"
    return f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{{metadata}}}\nspec: {{{spec}}}\n"


def verdict(connectivity: Connectivity, source: str, destination: str) -> str:
    one, two = (first(numbers(connectivity, parse_peer(each))) for each in (source, destination))
    always, possible = connectivity.ports_between(one, two)
    decision = decide(connectivity, one, two)
    assert (decision.always, decision.possible) == (always, possible)
    because = reasons(connectivity, one, two)
    assert bool(because) == (always != possible)
    if always.has(Protocol.TCP, 80):
        return "allowed"
    return verdict_of(because) if possible.has(Protocol.TCP, 80) else "denied"


CILIUM, CALICO, ANTREA, API = (
    "cilium.io/v2",
    "projectcalico.org/v3",
    "crd.antrea.io/v1beta1",
    "policy.networking.k8s.io",
)
WEB = "{matchLabels: {app: web}}"
GENERATES = "spec: {rules: [{name: a, generate: {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, name: b}}]}"
VALIDATES = "spec: {rules: [{name: a, validate: {message: b}}]}"


@pytest.mark.parametrize(
    ("manifest", "selected"),
    [
        pytest.param(
            other(CILIUM, "CiliumNetworkPolicy", f"spec: {{endpointSelector: {WEB}, ingress: [{{}}]}}", "shop"),
            ["web"],
            id="Cilium, by labels",
        ),
        pytest.param(
            other(CILIUM, "CiliumNetworkPolicy", f"specs: [{{endpointSelector: {WEB}, ingressDeny: [{{}}]}}]", "shop"),
            ["web"],
            id="Cilium, specs",
        ),
        pytest.param(
            other(CILIUM, "CiliumNetworkPolicy", "spec: {endpointSelector: {matchLabels: {'k8s:app': x}}}", "shop"),
            ["web", "api"],
            id="Cilium, labels of its own",
        ),
        pytest.param(
            other(CILIUM, "CiliumNetworkPolicy", "spec: {endpointSelector: {matchLabels: {app: '${A}'}}}", "shop"),
            ["web", "api", "db"],
            id="Cilium, a placeholder",
        ),
        pytest.param(other(CILIUM, "CiliumNetworkPolicy", "spec: ${S}", "shop"), ["web", "api"], id="nothing is known"),
        pytest.param(
            other(CILIUM, "CiliumNetworkPolicy", f"spec: {{endpointSelector: {WEB}, egress: [{{}}]}}", "shop"),
            [],
            id="Cilium, egress only",
        ),
        pytest.param(
            other(CILIUM, "CiliumClusterwideNetworkPolicy", "spec: {endpointSelector: {}, ingress: [{}]}"),
            ["web", "api", "db"],
            id="Cilium, the whole cluster",
        ),
        pytest.param(
            other(CILIUM, "CiliumClusterwideNetworkPolicy", "spec: {nodeSelector: {}, ingress: [{}]}"),
            [],
            id="Cilium, nodes",
        ),
        pytest.param(
            other(CALICO, "NetworkPolicy", "spec: {selector: app == 'web', types: [Ingress]}", "shop"),
            ["web", "api"],
            id="Calico, an expression is not read",
        ),
        pytest.param(
            other(CALICO, "GlobalNetworkPolicy", "spec: {selector: all()}"), ["web", "api", "db"], id="Calico, global"
        ),
        pytest.param(
            other(CALICO, "StagedNetworkPolicy", "spec: {selector: all()}", "shop"), [], id="Calico, not enforced"
        ),
        pytest.param(
            other(ANTREA, "NetworkPolicy", f"spec: {{appliedTo: [{{podSelector: {WEB}}}], ingress: [{{}}]}}", "shop"),
            ["web"],
            id="Antrea",
        ),
        pytest.param(
            other(
                ANTREA,
                "ClusterNetworkPolicy",
                "spec: {appliedTo: [{namespaceSelector: {matchLabels: {team: b}}}], ingress: [{}]}",
            ),
            ["db"],
            id="Antrea, the whole cluster",
        ),
        pytest.param(
            other(ANTREA, "ClusterNetworkPolicy", "spec: {appliedTo: [{group: g}], ingress: [{}]}"),
            ["web", "api", "db"],
            id="Antrea, a group",
        ),
        pytest.param(
            other(
                f"{API}/v1alpha1",
                "AdminNetworkPolicy",
                "spec: {priority: 1, subject: {namespaces: {matchLabels: {team: b}}}, ingress: [{}]}",
            ),
            ["db"],
            id="AdminNetworkPolicy, namespaces",
        ),
        pytest.param(
            other(
                f"{API}/v1alpha1",
                "AdminNetworkPolicy",
                f"spec: {{subject: {{pods: {{namespaceSelector: {{}}, podSelector: {WEB}}}}}, ingress: [{{}}]}}",
            ),
            ["web"],
            id="AdminNetworkPolicy, pods",
        ),
        pytest.param(other("kyverno.io/v1", "ClusterPolicy", GENERATES), ["web", "api", "db"], id="Kyverno"),
        pytest.param(other("kyverno.io/v1", "Policy", GENERATES, "data"), ["db"], id="Kyverno, a namespace"),
        pytest.param(other("kyverno.io/v1", "ClusterPolicy", VALIDATES), [], id="Kyverno, no NetworkPolicies"),
    ],
)
@pytest.mark.parametrize("whole", [True, False])
def test_what_other_policies_may_select(manifest: str, selected: list[str], *, whole: bool) -> None:
    connectivity = Connectivity(cluster_of(*PODS, NODE, manifest, environment=Environment(whole_cluster=whole)))

    found = connectivity.undecided.closed[Direction.INGRESS]

    names = ("web", "api", "db", "node")
    assert [each for each in names if found >> first(numbers(connectivity, parse_peer(each))) & 1] == selected


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("isolated", [True, False])
@pytest.mark.parametrize(
    ("rules", "into", "out_of"),
    [
        pytest.param("ingress: [{}]", "unknown", None, id="ingress"),
        pytest.param("egress: [{}]", None, "unknown", id="egress"),
        pytest.param("ingressDeny: [{}], egressDeny: [{}]", "unknown", "unknown", id="both"),
        pytest.param("description: x", "unknown", "unknown", id="no rules that are known"),
    ],
)
def test_such_a_policy_may_allow_and_deny(
    rules: str, into: str | None, out_of: str | None, *, isolated: bool, whole: bool
) -> None:
    manifest = other(CILIUM, "CiliumNetworkPolicy", f"spec: {{endpointSelector: {WEB}, {rules}}}", "shop")
    policies = (closed("shop"), closed("shop").replace("Ingress", "Egress").replace("ingress:", "egress:"))
    connectivity = Connectivity(
        cluster_of(
            *PODS,
            manifest,
            *(each.replace("closed", f"p{number}") for number, each in enumerate(policies) if isolated),
            environment=Environment(whole_cluster=whole),
        )
    )

    # What the other end denies for certain stays denied.
    otherwise = "denied" if isolated else "allowed"
    assert verdict(connectivity, "data/db", "shop/web") == (into or otherwise)
    assert verdict(connectivity, "shop/web", "data/db") == (out_of or otherwise)
    assert verdict(connectivity, "shop/api", "shop/web") == (otherwise if isolated else into or otherwise)
    assert verdict(connectivity, "shop/api", "data/db") == otherwise


BASELINE = (
    other(f"{API}/v1alpha1", "BaselineAdminNetworkPolicy", "spec: {subject: {namespaces: {}}, ingress: [{}]}"),
    other(f"{API}/v1beta1", "ClusterNetworkPolicy", "spec: {tier: Baseline, subject: {namespaces: {}}, ingress: [{}]}"),
)


@pytest.mark.parametrize("baseline", BASELINE)
def test_a_baseline_decides_only_about_what_no_policy_isolates(baseline: str) -> None:
    connectivity = Connectivity(cluster_of(*PODS, baseline, closed("shop", "{from: [{podSelector: {}}]}")))

    assert verdict(connectivity, "web", "api") == "allowed"
    assert verdict(connectivity, "data/db", "api") == "denied"
    assert verdict(connectivity, "web", "db") == "unknown"


ADMIN = other(f"{API}/v1beta1", "ClusterNetworkPolicy", "spec: {tier: Admin, subject: {namespaces: {}}, ingress: [{}]}")


def test_the_reason_names_the_policy() -> None:
    connectivity = Connectivity(cluster_of(*PODS, ADMIN, environment=Environment(whole_cluster=True)))
    web, api = (first(numbers(connectivity, parse_peer(each))) for each in ("web", "api"))

    (reason,) = reasons(connectivity, web, api)
    explanation = explain(connectivity, web, api)
    assumed = assumptions_of(connectivity)

    assert reason.text == "a policy of another kind, which is not evaluated, may select the destination"
    assert explanation.ingress.undecided == "ClusterNetworkPolicy other"
    assert not explanation.egress.undecided
    assert not assumed.complete
    assert any("ClusterNetworkPolicy other is not evaluated" in each for each in assumed.texts)


def test_the_list_has_one_reason_for_all_such_policies() -> None:
    of_web = other(CILIUM, "CiliumNetworkPolicy", f"spec: {{endpointSelector: {WEB}, ingress: [{{}}]}}", "shop")
    of_data = other(CILIUM, "CiliumNetworkPolicy", "spec: {endpointSelector: {}, ingress: [{}]}", "data")
    connectivity = Connectivity(cluster_of(*PODS, of_web, of_data, environment=Environment(whole_cluster=True)))

    found = {
        str(member.peer): each.because
        for each in Connections(connectivity).grouped()
        if each.verdict == "unknown"
        for member in each.destination.members
        if isinstance(member, ShownPeer)
    }

    because = ("a policy of another kind, which is not evaluated, may select the destination",)
    assert found == {"shop/web": because, "data/db": because}


def test_a_plugin_that_enforces_no_policies_enforces_none_of_other_kinds() -> None:
    connectivity = Connectivity(cluster_of(*PODS, ADMIN), profile=profile_of("flannel"))

    assert verdict(connectivity, "web", "api") == "allowed"
