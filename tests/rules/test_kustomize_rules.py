"""What kustomizations make of labels and selectors, beyond the examples of the rules."""

from __future__ import annotations

import pytest

from k8snetlint import Config, Source, lint
from k8snetlint.model.environment import Environment, External

KUSTOMIZATION = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
ADDS = KUSTOMIZATION + "namespace: shop\nlabels: [{pairs: {team: web}, includeSelectors: true}]\n"
ID = "kustomize-labels-rewrite-peers"


def workload(name: str, *, namespace: str = "", labels: str = "") -> str:
    where = f", namespace: {namespace}" if namespace else ""
    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}{where}}}\n"
        f"spec:\n  selector: {{matchLabels: {{app: {name}}}}}\n"
        f"  template:\n    metadata: {{labels: {{app: {name}{labels}}}}}\n"
        "    spec: {containers: [{name: a, image: a}]}\n"
    )


def policy(peer: str) -> str:
    return (
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web}\n"
        f"spec:\n  podSelector: {{}}\n  policyTypes: [Ingress]\n  ingress: [{{from: [{{{peer}}}]}}]\n"
    )


CLIENT = "podSelector: {matchLabels: {app: client}}"
NAMED = "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: clients}}, " + CLIENT
LABELLED = "namespaceSelector: {matchLabels: {kind: clients}}, " + CLIENT
LOST = "so it no longer matches Deployment client"
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: clients, labels: {kind: clients}}\n"
WEB = {"web/kustomization.yaml": ADDS + "resources: [policy.yaml]\n"}
ROOT = {"kustomization.yaml": KUSTOMIZATION + "resources: [web, client]\n"}


def found(files: dict[str, str], environment: Environment | None = None) -> list[tuple[str, str]]:
    """Return severity and consequence of what is said about peers."""
    config = Config(environment=environment or Environment())
    report = lint([Source.of(name, text) for name, text in files.items()], config)
    return [(each.severity.word, each.message.partition("this peer, ")[2]) for each in report.findings if each.id == ID]


def client(namespace: str = "shop", more: str = "") -> dict[str, str]:
    return {
        "client/kustomization.yaml": KUSTOMIZATION + f"namespace: {namespace}\nresources: [client.yaml]\n" + more,
        "client/client.yaml": workload("client"),
    }


@pytest.mark.parametrize("root", [{}, ROOT])
@pytest.mark.parametrize(
    ("peer", "namespace"),
    [(CLIENT, "shop"), (NAMED, "clients"), (LABELLED, "clients")],
    ids=["own", "named", "labelled"],
)
def test_pods_that_a_kustomization_of_their_own_moves(root: dict[str, str], peer: str, namespace: str) -> None:
    files = {**root, **WEB, "web/policy.yaml": policy(peer), **client(namespace)}
    files["client/client.yaml"] += "---\n" + NAMESPACE.replace("clients, labels", f"{namespace}, labels")

    assert found(files) == [("warning", LOST)]


@pytest.mark.parametrize("peer", [CLIENT, NAMED])
def test_pods_that_carry_the_label_are_still_matched(peer: str) -> None:
    namespace = "shop" if peer is CLIENT else "clients"
    files = {**WEB, "web/policy.yaml": policy(peer)}

    assert found({**files, **client(namespace, "commonLabels: {team: web}\n")}) == []
    assert found({**files, "x.yaml": workload("client", namespace=namespace, labels=", team: web")}) == []


@pytest.mark.parametrize(
    ("peer", "wanted"),
    [
        pytest.param(NAMED, [("warning", "but to no pod in namespace clients")], id="by name"),
        pytest.param(LABELLED, [("info", "but to no pod in these namespaces")], id="by labels"),
        pytest.param(CLIENT, [], id="its own namespace"),
        pytest.param("namespaceSelector: {}, " + CLIENT, [], id="all namespaces"),
        pytest.param(
            "namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}",
            [("warning", "but to no pod in namespace kube-system")],
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
    assert found({**WEB, "web/policy.yaml": policy(peer)}) == wanted


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"x.yaml": workload("x", namespace="blog", labels=", team: web")}, id="others carry the label"),
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
    assert found({**WEB, "web/policy.yaml": policy(NAMED), **more}) == []


def test_dns_pods_that_carry_the_label_are_still_matched() -> None:
    dns = "namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}"
    pods = workload("dns", namespace="kube-system", labels=", k8s-app: kube-dns, team: web")
    files = {**WEB, "web/policy.yaml": policy(dns)}

    assert found({**files, "x.yaml": pods}) == []
    assert found({**files, "x.yaml": pods.replace(", team: web", "")}) == [
        ("warning", "so it no longer matches Deployment dns")
    ]


def test_what_is_declared_external_is_not_reported() -> None:
    files = {**WEB, "web/policy.yaml": policy(NAMED)}

    assert found(files, Environment(external=External(namespaces=("clients",)))) == []
    assert found(files, Environment(external=External(labels=("team=web",)))) == []
    assert len(found(files, Environment(external=External(labels=("team=api",))))) == 1


def test_a_patch_of_ports_hides_nothing_about_peers() -> None:
    patch = "patches:\n- target: {kind: NetworkPolicy}\n  patch: '[{op: remove, path: /spec/ingress/0/ports}]'\n"
    files = {"web/kustomization.yaml": ADDS + "resources: [policy.yaml]\n" + patch, "web/policy.yaml": policy(NAMED)}

    assert len(found(files)) == 1


def test_labels_that_a_patch_changes_are_not_compared_with_their_selector() -> None:
    says = (
        "resources: [web.yaml]\npatches:\n- target: {kind: Deployment}\n  patch: '[{op: OP, path: PATH, value: b}]'\n"
    )
    web = workload("web").replace("labels: {app: web", "labels: {app: other")

    def ids(path: str) -> set[str]:
        files = {"kustomization.yaml": says.replace("OP", "add").replace("PATH", path), "web.yaml": web}
        return {each.id for each in lint([Source.of(*each) for each in files.items()], Config()).findings}

    assert ids("/spec/template/metadata/labels/app") == set()
    assert ids("/spec/replicas") == {"workload-selector-template-mismatch"}
