"""What is judged together, from the outside: which files' objects a finding compares."""

from __future__ import annotations

import pytest

from k8snetlint import Config, Finding, Source, lint

KUSTOMIZATION = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"


def service(name: str, *, node_port: int = 0, namespace: str = "") -> str:
    where = f", namespace: {namespace}" if namespace else ""
    port = f"port: 80, nodePort: {node_port}" if node_port else "port: 80"
    return (
        f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}{where}}}\n"
        f"spec: {{type: NodePort, selector: {{app: web}}, ports: [{{{port}}}]}}\n"
    )


def run(files: dict[str, str]) -> list[tuple[str, str, list[str]]]:
    findings = lint([Source.of(name, text) for name, text in files.items()], Config()).findings
    return [brief(finding) for finding in findings]


def brief(finding: Finding) -> tuple[str, str, list[str]]:
    return finding.id, finding.path, [related.path for related in finding.related]


def test_files_that_nothing_puts_together_may_be_alternatives() -> None:
    assert run({"a.yaml": service("web", node_port=30080), "b.yaml": service("web", node_port=30080)}) == []
    assert run({"a.yaml": service("web", node_port=30080), "b.yaml": service("api", node_port=30080)}) == []


def test_what_one_kustomization_puts_together_is_compared() -> None:
    files = {
        "app/kustomization.yaml": KUSTOMIZATION + "resources: [a.yaml, ../lib/b.yaml]\n",
        "app/a.yaml": service("web", node_port=30080),
        "lib/b.yaml": service("web") + "---\n" + service("api", node_port=30080),
    }

    assert run(files) == [
        ("manifest-duplicate-object", "lib/b.yaml", ["app/a.yaml"]),
        ("service-node-port-conflict", "lib/b.yaml", ["app/a.yaml"]),
    ]


def test_overlays_of_one_base_are_alternatives_and_the_base_is_judged_once() -> None:
    twice = service("web") + "---\n" + service("web")
    files = {
        "base/kustomization.yaml": KUSTOMIZATION + "resources: [web.yaml]\n",
        "base/web.yaml": twice,
        "prod/kustomization.yaml": KUSTOMIZATION + "resources: [../base, extra.yaml]\n",
        "prod/extra.yaml": service("extra", node_port=30080),
        "test/kustomization.yaml": KUSTOMIZATION + "resources:\n- ../base\n- extra.yaml\n",
        "test/extra.yaml": service("extra", node_port=30080),
    }

    assert run(files) == [("manifest-duplicate-object", "base/web.yaml", ["base/web.yaml"])]


@pytest.mark.parametrize("setting", ["namePrefix: a-", "nameSuffix: -a", "namespace: a"])
def test_names_that_an_inner_kustomization_changes_are_not_compared(setting: str) -> None:
    files = {
        "kustomization.yaml": KUSTOMIZATION + "resources: [one, two]\n",
        "one/kustomization.yaml": KUSTOMIZATION + f"{setting}\nresources: [web.yaml]\n",
        "one/web.yaml": service("web"),
        "two/kustomization.yaml": KUSTOMIZATION + "resources: [web.yaml]\n",
        "two/web.yaml": service("web"),
    }

    assert run(files) == []


def test_a_kustomizations_namespace_is_that_of_objects_without_one() -> None:
    files = {
        "kustomization.yaml": KUSTOMIZATION + "namespace: shop\nresources: [a.yaml, b.yaml]\n",
        "a.yaml": service("web"),
        "b.yaml": service("web", namespace="shop"),
    }

    assert [found[0] for found in run(files)] == ["manifest-duplicate-object"]


def test_kustomizations_that_take_in_each_other_lose_nothing() -> None:
    files = {
        "a/kustomization.yaml": KUSTOMIZATION + "resources: [../b, web.yaml]\n",
        "b/kustomization.yaml": KUSTOMIZATION + "resources: [../a]\n",
        "a/web.yaml": service("web") + "---\n" + service("web"),
    }

    assert run(files) == [("manifest-duplicate-object", "a/web.yaml", ["a/web.yaml"])]


def test_a_base_outside_of_what_is_given_is_no_error() -> None:
    files = {
        "app/kustomization.yaml": KUSTOMIZATION + "resources: [../base, https://example.com/base, web.yaml]\n",
        "app/web.yaml": service("web"),
    }

    assert run(files) == []


POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec: {podSelector: {matchLabels: {app: web}}, ingress: [{}]}
"""
ARGO = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: a}
spec: {source: {path: apps/web}, destination: {namespace: prod}}
"""
FLUX = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: a}
spec: {path: ./apps/web, targetNamespace: prod}
"""
HELM_RELEASE = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: db, namespace: prod}\n"


def scopes(files: dict[str, str], context: dict[str, str] | None = None) -> dict[str, tuple[int, tuple[str, ...]]]:
    """Return of every scope how many objects it judges, and its doubts."""
    report = lint(
        [Source.of(name, text) for name, text in files.items()],
        Config(),
        context=[Source.of(name, text) for name, text in (context or {}).items()],
    )
    return {scope.name: (scope.objects, scope.doubts) for scope in report.scopes}


def test_all_files_are_one_scope() -> None:
    assert scopes({"a.yaml": service("a"), "b/c.yaml": service("c")}) == {"": (2, ())}


def test_variants_split_the_tree() -> None:
    files = {
        "env/dev/web.yaml": service("web", node_port=30080),
        "env/prod/web.yaml": service("web", node_port=30090),
        "lib.yaml": service("lib"),
    }

    assert scopes(files) == {"": (1, ()), "env/dev": (1, ()), "env/prod": (1, ())}
    assert scopes({**files, "env/prod/web.yaml": files["env/dev/web.yaml"]}) == {"": (3, ())}


def test_a_stream_is_a_scope() -> None:
    report = lint([Source("<stdin>", service("a").encode, stream=True), Source.of("b.yaml", service("b"))], Config())

    assert [(scope.name, scope.objects) for scope in report.scopes] == [("<stdin>", 1), ("", 1)]


@pytest.mark.parametrize(
    ("says", "doubt"),
    [
        pytest.param("resources: [web.yaml, 'https://github.com/a/b?ref=1']", "which is not here", id="a remote base"),
        pytest.param("resources: [web.yaml, ../gone.yaml]", "gone.yaml is not here", id="a file that is not here"),
        pytest.param("{resources: [web.yaml], helmCharts: [{name: a}]}", "has helmCharts", id="a chart"),
        pytest.param("resources: [web.yaml, bad.yaml]", "cannot be read", id="a file that cannot be read"),
        pytest.param("resources: [web.yaml, template.yaml]", "not rendered", id="a template"),
    ],
)
def test_a_kustomization_with_parts_that_are_not_seen_is_partial(says: str, doubt: str) -> None:
    found = scopes(
        {
            "app/kustomization.yaml": says + "\n",
            "app/web.yaml": service("web"),
            "app/bad.yaml": "apiVersion: v1\nkind: [\n",
            "app/template.yaml": "apiVersion: v1\nkind: Service\n{{ if a }}\n",
        }
    )

    assert found["app"][0] == 1
    assert any(doubt in each for each in found["app"][1])


def test_files_that_cannot_be_read_make_the_tree_around_them_partial() -> None:
    found = scopes(
        {
            "env/dev/web.yaml": service("web", node_port=30080),
            "env/prod/web.yaml": service("web", node_port=30090),
            "env/prod/bad.yaml": "apiVersion: v1\nkind: [\n",
        }
    )

    assert found == {"env/dev": (1, ()), "env/prod": (1, ("env/prod/bad.yaml: cannot be read",))}


@pytest.mark.parametrize(
    "delivery",
    [
        pytest.param(ARGO, id="Argo CD"),
        pytest.param(FLUX, id="Flux"),
    ],
)
@pytest.mark.parametrize("above", ["", "repo/"])
def test_a_folder_that_is_delivered_is_a_scope(delivery: str, above: str) -> None:
    found = scopes(
        {
            f"{above}clusters/a.yaml": delivery,
            f"{above}apps/web/web.yaml": service("web"),
            f"{above}apps/api/api.yaml": service("api"),
        }
    )

    assert {name: objects for name, (objects, _) in found.items()} == {f"{above}apps/web": 1, "": 2}


def test_the_context_is_there_but_not_judged() -> None:
    assert scopes({"a.yaml": service("a")}, {"b.yaml": service("b"), "a.yaml": service("c")}) == {"": (1, ())}


def test_overlays_see_names_and_namespaces_as_they_are_applied() -> None:
    files = {
        "base/kustomization.yaml": KUSTOMIZATION + "resources: [web.yaml]\n",
        "base/web.yaml": service("web", node_port=30080),
        "all/kustomization.yaml": KUSTOMIZATION + "resources: [one, two]\n",
        "all/one/kustomization.yaml": KUSTOMIZATION + "namespace: one\nresources: [../../base]\n",
        "all/two/kustomization.yaml": KUSTOMIZATION + "namespace: two\nresources: [../../base]\n",
    }

    assert run(files) == [("service-node-port-conflict", "base/web.yaml", ["base/web.yaml"])]


BAD_PORT = service("web").replace("port: 80", "port: 800000")
PATCH = "patches:\n- target: {kind: Service}\n  patch: |\n    - {op: replace, path: /spec/ports/0/port, value: 80}\n"
OPEN = ("web.yaml", "spec.ports[0].port", "api-invalid as written, but a patch changes the object before it is applied")


@pytest.mark.parametrize(
    ("says", "text", "left_open"),
    [
        pytest.param(PATCH, BAD_PORT, [OPEN], id="a patch"),
        pytest.param("namePrefix: shop-\n", service("Web"), [], id="a name"),
        pytest.param("namespace: shop\n", service("web", namespace="Shop"), [], id="a namespace"),
    ],
)
def test_what_a_kustomization_changes_is_not_rejected_as_it_is_written(
    says: str, text: str, left_open: list[tuple[str, str, str]]
) -> None:
    files = {"kustomization.yaml": KUSTOMIZATION + says + "resources: [web.yaml]\n", "web.yaml": text}
    report = lint([Source.of(name, each) for name, each in files.items()], Config())
    assert not report.findings
    said = [(each.path, each.field, each.reason) for each in report.unanswered if each.reason.startswith("api-")]
    assert said == left_open
    rejected: list[tuple[str, str, list[str]]] = [("api-invalid", "web.yaml", [])]
    assert run({"web.yaml": text}) == rejected
    assert run({**files, "kustomization.yaml": KUSTOMIZATION + "resources: [web.yaml]\n"}) == rejected
