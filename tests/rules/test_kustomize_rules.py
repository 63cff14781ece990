"""What kustomizations make of labels and selectors, beyond the examples of the rules."""

from __future__ import annotations

import pytest
from manifests import KUSTOMIZATION, deployment, namespace, policy, sources

from k8snetlint import Config, Finding, lint
from k8snetlint.model.environment import Environment, External

ADDS = KUSTOMIZATION + "namespace: shop\nlabels: [{pairs: {team: web}, includeSelectors: true}]\n"
ID = "kustomize-labels-rewrite-peers"
CLIENT = "podSelector: {matchLabels: {app: client}}"
NAMED = "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: clients}}, " + CLIENT
LABELLED = "namespaceSelector: {matchLabels: {kind: clients}}, " + CLIENT
LOST = "so it no longer matches Deployment client"
WEB = {"web/kustomization.yaml": ADDS + "resources: [policy.yaml]\n"}
ROOT = {"kustomization.yaml": KUSTOMIZATION + "resources: [web, client]\n"}


def allowing(peer: str) -> dict[str, str]:
    """Return a policy that the kustomization changes."""
    return {**WEB, "web/policy.yaml": policy(namespace="", peer=peer)}


def found(files: dict[str, str], environment: Environment | None = None) -> list[tuple[str, str]]:
    """Return severity and consequence of what is said about peers."""
    config = Config(environment=environment or Environment())
    report = lint(sources(files), config)
    return [(each.severity.word, each.message.partition("this peer, ")[2]) for each in report.findings if each.id == ID]


def client(moved_to: str = "shop", more: str = "") -> dict[str, str]:
    return {
        "client/kustomization.yaml": KUSTOMIZATION + f"namespace: {moved_to}\nresources: [client.yaml]\n" + more,
        "client/client.yaml": deployment("client", namespace=""),
    }


@pytest.mark.parametrize("root", [{}, ROOT])
@pytest.mark.parametrize(
    ("peer", "moved_to"),
    [(CLIENT, "shop"), (NAMED, "clients"), (LABELLED, "clients")],
    ids=["own", "named", "labelled"],
)
def test_pods_that_a_kustomization_of_their_own_moves(root: dict[str, str], peer: str, moved_to: str) -> None:
    files = {**root, **allowing(peer), **client(moved_to)}
    files["client/client.yaml"] += "---\n" + namespace(moved_to, "kind: clients")

    assert found(files) == [("warning", LOST)]


@pytest.mark.parametrize("peer", [CLIENT, NAMED])
def test_pods_that_carry_the_label_are_still_matched(peer: str) -> None:
    home = "shop" if peer is CLIENT else "clients"
    files = allowing(peer)

    assert found({**files, **client(home, "commonLabels: {team: web}\n")}) == []
    assert found({**files, "x.yaml": deployment("client", "app: client, team: web", namespace=home)}) == []


@pytest.mark.parametrize(
    ("peer", "wanted"),
    [
        pytest.param(NAMED, [("warning", "but not to the pods in namespace clients")], id="by name"),
        pytest.param(LABELLED, [("info", "but not to the pods in these namespaces")], id="by labels"),
        pytest.param(CLIENT, [], id="its own namespace"),
        pytest.param("namespaceSelector: {}, " + CLIENT, [], id="all namespaces"),
        pytest.param(
            "namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}",
            [("warning", "but not to the pods in namespace kube-system")],
            id="the cluster's DNS in all namespaces",
        ),
        pytest.param("podSelector: {matchLabels: {k8s-app: kube-dns}}", [], id="DNS of its own namespace"),
        pytest.param(NAMED.replace("clients", "shop"), [], id="its own namespace by name"),
        pytest.param(NAMED.replace("clients", "'${NAME}'"), [], id="a placeholder"),
        pytest.param(
            "namespaceSelector: {matchExpressions: [{key: a, operator: DoesNotExist}]}, " + CLIENT,
            [],
            id="an expression",
        ),
    ],
)
def test_pods_that_nobody_sees(peer: str, wanted: list[tuple[str, str]]) -> None:
    assert found(allowing(peer)) == wanted


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"x.yaml": deployment("x", "app: x, team: web", namespace="blog")}, id="others carry the label"),
        pytest.param(
            {"web/kustomization.yaml": ADDS + "resources: [policy.yaml, gone.yaml]\n"}, id="a part is missing"
        ),
        pytest.param(
            {
                "web/kustomization.yaml": ADDS
                + "resources: [policy.yaml]\npatches:\n- target: {kind: NetworkPolicy}\n"
                + "  patch: '[{op: remove, path: /spec/ingress/0/from/0/podSelector/matchLabels/team}]'\n"
            },
            id="a patch changes the peer",
        ),
    ],
)
def test_what_may_be_elsewhere_is_not_reported(more: dict[str, str]) -> None:
    assert found({**allowing(NAMED), **more}) == []


def test_dns_pods_that_carry_the_label_are_still_matched() -> None:
    dns = "namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}"
    pods = deployment("dns", "app: dns, k8s-app: kube-dns, team: web", namespace="kube-system")
    files = allowing(dns)

    assert found({**files, "x.yaml": pods}) == []
    assert found({**files, "x.yaml": pods.replace(", team: web", "")}) == [
        ("warning", "so it no longer matches Deployment dns")
    ]


def test_what_is_declared_external_is_not_reported() -> None:
    files = allowing(NAMED)

    assert found(files, Environment(external=External(namespaces=("clients",)))) == []
    assert found(files, Environment(external=External(labels=("team=web",)))) == []
    assert len(found(files, Environment(external=External(labels=("team=api",))))) == 1


def test_a_patch_of_ports_hides_nothing_about_peers() -> None:
    patch = "patches:\n- target: {kind: NetworkPolicy}\n  patch: '[{op: remove, path: /spec/ingress/0/ports}]'\n"
    files = {**allowing(NAMED), "web/kustomization.yaml": ADDS + "resources: [policy.yaml]\n" + patch}

    assert len(found(files)) == 1


def test_labels_that_a_patch_changes_are_not_compared_with_their_selector() -> None:
    says = (
        "resources: [web.yaml]\npatches:\n- target: {kind: Deployment}\n  patch: '[{op: OP, path: PATH, value: b}]'\n"
    )
    web = deployment(namespace="").replace("labels: {app: web", "labels: {app: other")

    def ids(path: str) -> set[str]:
        files = {"kustomization.yaml": says.replace("OP", "add").replace("PATH", path), "web.yaml": web}
        return {each.id for each in lint(sources(files), Config()).findings}

    assert ids("/spec/template/metadata/labels/app") == set()
    assert ids("/spec/replicas") == {"workload-selector-template-mismatch"}


# Who is blamed

LABELS = "labels: [{pairs: {PAIR}, includeSelectors: true}]\n"
BASE = "kustomization base adds team=web"


def blamed(base: str, overlay: str = "", more: dict[str, str] | None = None, peer: str = CLIENT) -> list[Finding]:
    """Return what is said of a policy in a base of two overlays, each of which brings the client."""
    files = {
        "base/kustomization.yaml": KUSTOMIZATION + "resources: [policy.yaml]\n" + base,
        "base/policy.yaml": policy(namespace="", peer=peer),
        **(more or {}),
    }
    for name in ("dev", "prod"):
        says = KUSTOMIZATION + "namespace: shop\nresources: [../base, client.yaml]\n" + overlay
        files |= {f"{name}/kustomization.yaml": says, f"{name}/client.yaml": deployment("client", namespace="")}
    report = lint(sources(files), Config())
    return [each for each in report.findings if each.id == ID]


def pair(text: str) -> str:
    return LABELS.replace("PAIR", text)


@pytest.mark.parametrize(
    ("base", "overlay", "says", "at"),
    [
        pytest.param("commonLabels: {team: web}\n", "", BASE, ["base/kustomization.yaml:4"], id="the base"),
        pytest.param(pair("team: web"), "", BASE, ["base/kustomization.yaml:4"], id="the base by labels"),
        pytest.param(
            "", pair("team: web"), "", [], id="nobody: what the overlay adds to peers it adds to the pods as well"
        ),
        pytest.param(
            pair("team: web"),
            pair("env: test"),
            BASE,
            ["base/kustomization.yaml:4"],
            id="the base, where the pods carry what the overlay adds",
        ),
        pytest.param(
            pair("team: web, part: a"),
            "",
            BASE + ", part=a",
            ["base/kustomization.yaml:4", "base/kustomization.yaml:4"],
            id="the base for all that it adds",
        ),
        pytest.param(
            pair("team: web"),
            "labels: [{pairs: {team: other}}]\n",
            "kustomization base adds team=other",
            ["base/kustomization.yaml:4"],
            id="the base, where an overlay changes the value",
        ),
        pytest.param(
            "transformers: [t.yaml]\n", "", BASE, ["base/kustomization.yaml:4"], id="the base that lists a transformer"
        ),
        pytest.param(
            "components: [../part]\n",
            "",
            "kustomization part adds team=web",
            ["part/kustomization.yaml:3"],
            id="a component",
        ),
    ],
)
def test_who_adds_the_label_is_blamed_once(base: str, overlay: str, says: str, at: list[str]) -> None:
    peers = "[{path: spec/ingress/from/podSelector/matchLabels, kind: NetworkPolicy}]"
    files = {
        "base/t.yaml": "apiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: t}\n"
        f"labels: {{team: web}}\nfieldSpecs: {peers}\n",
        "part/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
        + pair("team: web"),
    }
    found = blamed(base, overlay, files)

    assert [each.message for each in found] == ([f"{says} to this peer, {LOST}"] if says else [])
    assert [each.path for each in found] == ["base/policy.yaml"] * len(found)
    related = [f"{each.path}:{each.start.line}" for finding in found for each in finding.related[1:]]
    assert related == at


def test_a_kustomization_may_lack_its_kind() -> None:
    (found,) = blamed("", more={"base/kustomization.yaml": "resources: [policy.yaml]\n" + pair("team: web")})

    assert [(each.path, each.start.line) for each in found.related[1:]] == [("base/kustomization.yaml", 2)]


def test_what_an_overlay_adds_is_its_own() -> None:
    """The pods are of a kustomization that does not add the label, as the base does not."""
    files = {
        "base/kustomization.yaml": KUSTOMIZATION + "resources: [policy.yaml]\n" + pair("team: web"),
        "base/policy.yaml": policy(namespace="", peer=CLIENT),
        "over/kustomization.yaml": KUSTOMIZATION + "namespace: shop\nresources: [../base]\n" + pair("env: test"),
        **client(),
    }
    both = lint(sources(files), Config()).findings
    files["base/kustomization.yaml"] = KUSTOMIZATION + "resources: [policy.yaml]\n"
    own = lint(sources(files), Config()).findings
    files["base/kustomization.yaml"] += pair("env: test")
    inner = lint(sources(files), Config()).findings

    says = "kustomization over adds env=test"
    assert [each.message for each in both if each.id == ID] == [f"{BASE} and {says} to this peer, {LOST}"]
    assert [each.message for each in own if each.id == ID] == [f"{says} to this peer, {LOST}"]
    assert [each.message for each in inner if each.id == ID] == [
        f"kustomization base adds env=test to this peer, {LOST}"
    ]


OTHER = {"x.yaml": deployment("x", "app: x, env: test", namespace="c")}


def test_who_adds_a_label_that_no_pod_of_another_namespace_carries() -> None:
    found = blamed(pair("team: web"), pair("env: test"), OTHER)

    assert [each.message for each in found] == [f"{BASE} to this peer, {LOST}"]

    away = blamed(
        pair("team: web"),
        pair("env: test"),
        OTHER,
        peer=NAMED,
    )
    assert [each.message for each in away] == [f"{BASE} to this peer, but not to the pods in namespace clients"]
