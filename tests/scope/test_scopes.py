"""Which objects are checked together, seen in the findings of whole runs."""

from __future__ import annotations

from functools import partial

import manifests
import pytest
from manifests import KUSTOMIZATION, deployment, manifest, policy, sources, stateful_set, together

from k8snetlint import Config, Finding, Source
from k8snetlint.cli.context import context_of
from k8snetlint.linting.inventory import KustomizationFiles
from k8snetlint.linting.pipeline import lint

service = partial(manifests.service, selector="app: web", namespace="", spec="type: NodePort")
PORT, OTHER_PORT = "{port: 80, nodePort: 30080}", "{port: 80, nodePort: 30090}"


def run(files: dict[str, str]) -> list[tuple[str, str, list[str]]]:
    findings = lint(sources(files), Config()).findings
    return [brief(finding) for finding in findings]


def brief(finding: Finding) -> tuple[str, str, list[str]]:
    return finding.id, finding.path, [related.path for related in finding.related]


def test_a_kustomization_is_parsed_once() -> None:
    read: list[str] = []

    def source(name: str, text: str) -> Source:
        def content() -> bytes:
            read.append(name)
            return text.encode()

        return Source(name, content)

    files = KustomizationFiles()
    base = source("base/kustomization.yaml", KUSTOMIZATION + "resources: [web.yaml]\n")
    overlay = source("prod/kustomization.yaml", "resources: [../base, policy.yaml]\n")
    checked = source("prod/policy.yaml", policy(peer="podSelector: {matchLabels: {app: web}}"))
    web = source("base/web.yaml", deployment(namespace=""))
    others = {each.name: each for each in (base, web)}
    context = context_of([overlay, checked], files, (), others.get)
    report = lint([overlay, checked], Config(), context=context, kustomizations=files)

    assert [each.name for each in context] == ["base/kustomization.yaml", "base/web.yaml"]
    assert sorted(read) == [
        *("base/kustomization.yaml", "base/web.yaml", "prod/kustomization.yaml", "prod/policy.yaml")
    ]
    assert [(each.path, each.document, each.reason) for each in report.skipped] == [
        ("prod/kustomization.yaml", None, "not a Kubernetes object")
    ]


def test_files_outside_of_kustomizations_may_be_alternatives() -> None:
    assert run({"a.yaml": service("web", ports=PORT), "b.yaml": service("web", ports=PORT)}) == []
    assert run({"a.yaml": service("web", ports=PORT), "b.yaml": service("api", ports=PORT)}) == []


def test_objects_of_one_build_are_compared() -> None:
    files = {
        "app/kustomization.yaml": KUSTOMIZATION + "resources: [a.yaml, ../lib/b.yaml]\n",
        "app/a.yaml": service("web", ports=PORT),
        "lib/b.yaml": together(service("web"), service("api", ports=PORT)),
    }

    assert run(files) == [
        ("manifest-duplicate-object", "lib/b.yaml", ["app/a.yaml"]),
        ("service-node-port-conflict", "lib/b.yaml", ["app/a.yaml"]),
    ]


def test_overlays_of_one_base_are_alternatives_and_the_base_is_checked_once() -> None:
    twice = together(service("web"), service("web"))
    files = {
        "base/kustomization.yaml": KUSTOMIZATION + "resources: [web.yaml]\n",
        "base/web.yaml": twice,
        "prod/kustomization.yaml": KUSTOMIZATION + "resources: [../base, extra.yaml]\n",
        "prod/extra.yaml": service("extra", ports=PORT),
        "test/kustomization.yaml": KUSTOMIZATION + "resources:\n- ../base\n- extra.yaml\n",
        "test/extra.yaml": service("extra", ports=PORT),
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


def test_kustomizations_that_include_each_other_lose_nothing() -> None:
    files = {
        "a/kustomization.yaml": KUSTOMIZATION + "resources: [../b, web.yaml]\n",
        "b/kustomization.yaml": KUSTOMIZATION + "resources: [../a]\n",
        "a/web.yaml": together(service("web"), service("web")),
    }

    assert run(files) == [("manifest-duplicate-object", "a/web.yaml", ["a/web.yaml"])]


def test_a_base_outside_of_the_input_is_no_error() -> None:
    files = {
        "app/kustomization.yaml": KUSTOMIZATION + "resources: [../base, https://example.com/base, web.yaml]\n",
        "app/web.yaml": service("web"),
    }

    assert run(files) == []


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


def scopes(files: dict[str, str], context: dict[str, str] | None = None) -> dict[str, tuple[int, tuple[str, ...]]]:
    """Return of every scope how many objects it checks, and its doubts."""
    report = lint(sources(files), Config(), context=sources(context or {}))
    return {scope.name: (scope.objects, scope.doubts) for scope in report.scopes}


def test_all_files_are_one_scope() -> None:
    assert scopes({"a.yaml": service("a"), "b/c.yaml": service("c")}) == {"": (2, ())}


def test_variants_split_the_tree() -> None:
    files = {
        "env/dev/web.yaml": service("web", ports=PORT),
        "env/prod/web.yaml": service("web", ports=OTHER_PORT),
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
        pytest.param("resources: [web.yaml, 'https://github.com/a/b?ref=1']", "which is not read", id="a remote base"),
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
            "env/dev/web.yaml": service("web", ports=PORT),
            "env/prod/web.yaml": service("web", ports=OTHER_PORT),
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


def test_the_context_is_present_but_not_checked() -> None:
    assert scopes({"a.yaml": service("a")}, {"b.yaml": service("b"), "a.yaml": service("c")}) == {"": (1, ())}


def test_overlays_see_names_and_namespaces_as_they_are_applied() -> None:
    files = {
        "base/kustomization.yaml": KUSTOMIZATION + "resources: [web.yaml]\n",
        "base/web.yaml": service("web", ports=PORT),
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
        pytest.param("namePrefix: shop\n", service("-web"), [], id="a name"),
        pytest.param("namespace: shop\n", service("web", namespace="Shop"), [], id="a namespace"),
    ],
)
def test_what_a_kustomization_changes_is_not_rejected_as_it_is_written(
    says: str, text: str, left_open: list[tuple[str, str, str]]
) -> None:
    files = {"kustomization.yaml": KUSTOMIZATION + says + "resources: [web.yaml]\n", "web.yaml": text}
    report = lint(sources(files), Config())
    assert not report.findings
    said = [(each.path, each.field, each.reason) for each in report.unanswered if each.reason.startswith("api-")]
    assert said == left_open
    rejected: list[tuple[str, str, list[str]]] = [("api-invalid", "web.yaml", [])]
    assert run({"web.yaml": text}) == rejected
    assert run({**files, "kustomization.yaml": KUSTOMIZATION + "resources: [web.yaml]\n"}) == rejected


LONG = "a" * 60
NO_SELECTOR = manifest(
    "apps/v1", "Deployment", "web", namespace="", spec="{template: {spec: {containers: [{name: web, image: web}]}}}"
)


@pytest.mark.parametrize(
    ("says", "text", "found"),
    [
        pytest.param(
            "namePrefix: shop-\n", service(LONG), [("api-invalid", "metadata.name")], id="a name gets too long"
        ),
        pytest.param("namespace: Shop\n", service("web"), [("api-invalid", "metadata.namespace")], id="a namespace"),
        pytest.param("labels: [{pairs: {a: b}}]\n", service("-x"), [("api-invalid", "metadata.name")], id="as written"),
        pytest.param("commonLabels: {app: web}\n", NO_SELECTOR, [], id="a selector is put in"),
        pytest.param(
            "labels: [{pairs: {app: web}, includeSelectors: true}]\n", NO_SELECTOR, [], id="the same by labels"
        ),
        pytest.param(
            "labels: [{pairs: {app: web}, includeTemplates: true}]\n",
            NO_SELECTOR,
            [("api-required", "spec.selector")],
            id="a selector is not put in",
        ),
        pytest.param(
            "labels: [{pairs: {a b: c}}]\n", service("web"), [("api-invalid", "metadata.labels[a b]")], id="a label"
        ),
    ],
)
def test_objects_are_validated_as_they_are_built(says: str, text: str, found: list[tuple[str, str]]) -> None:
    files = {"kustomization.yaml": KUSTOMIZATION + says + "resources: [web.yaml]\n", "web.yaml": text}
    findings = lint(sources(files), Config()).findings

    assert [(each.id, each.field) for each in findings if each.id.startswith("api-")] == found


def test_what_one_overlay_breaks_is_reported_at_the_base() -> None:
    files = {
        "base/kustomization.yaml": KUSTOMIZATION + "resources: [web.yaml]\n",
        "base/web.yaml": service(LONG),
        "prod/kustomization.yaml": KUSTOMIZATION + "namePrefix: prod-\nresources: [../base]\n",
        "test/kustomization.yaml": KUSTOMIZATION + "namespace: test\nresources: [../base]\n",
    }

    assert run(files) == [("api-invalid", "base/web.yaml", [])]


def test_a_patch_that_touches_something_else_hides_nothing() -> None:
    replicas = PATCH.replace("/spec/ports/0/port", "/metadata/annotations/a")
    files = {"kustomization.yaml": KUSTOMIZATION + replicas + "resources: [web.yaml]\n", "web.yaml": BAD_PORT}

    assert run(files) == [("api-invalid", "web.yaml", [])]


REMOVES = "patches:\n- patch: |\n    $patch: delete\n    apiVersion: v1\n    kind: Service\n    metadata: {name: web}\n"


def test_a_removed_object_does_not_exist() -> None:
    twice = service("web", ports=PORT).replace("port: 80", "port: 800000") + "---\n" + service("api", ports=PORT)
    files = {
        "base/kustomization.yaml": KUSTOMIZATION + "resources: [web.yaml]\n",
        "base/web.yaml": twice,
        "prod/kustomization.yaml": KUSTOMIZATION + REMOVES + "resources: [../base]\n",
    }
    report = lint(sources(files), Config())

    assert not report.findings
    assert [each.document for each in report.skipped if each.path == "base/web.yaml"] == [0]
    # Another overlay keeps it, and is judged.
    files["test/kustomization.yaml"] = KUSTOMIZATION + "resources: [../base]\n"
    assert run(files) == [
        ("api-invalid", "base/web.yaml", []),
        ("service-node-port-conflict", "base/web.yaml", ["base/web.yaml"]),
    ]


STATEFUL_SET = stateful_set("db", "app: web", namespace="")


@pytest.mark.parametrize(("name", "found"), [("db", []), ("shop-db", []), ("shop-bd", ["service-statefulset-service"])])
def test_a_service_name_follows_the_service_of_the_same_build(name: str, found: list[str]) -> None:
    files = {
        "kustomization.yaml": KUSTOMIZATION + "namePrefix: shop-\nresources: [db.yaml, set.yaml]\n",
        "db.yaml": service("db", spec="clusterIP: None"),
        "set.yaml": STATEFUL_SET.replace("serviceName: db", f"serviceName: {name}"),
    }

    assert [each[0] for each in run(files)] == found


def test_a_base_that_is_reached_in_many_ways_ends() -> None:
    files = {"l0/kustomization.yaml": KUSTOMIZATION + "resources: [web.yaml]\n", "l0/web.yaml": service("web")}
    for layer in range(1, 40):
        for side in "ab":
            below = f"../l{layer - 1}{side}" if layer > 1 else "../l0"
            both = f"../l{layer - 1}a, ../l{layer - 1}b" if layer > 1 else below
            files[f"l{layer}{side}/kustomization.yaml"] = KUSTOMIZATION + f"namePrefix: {side}\nresources: [{both}]\n"
    files["kustomization.yaml"] = KUSTOMIZATION + "resources: [l39a, l39b]\n"
    found = scopes(files)

    assert list(found) == ["."]
    objects, doubts = found["."]
    assert objects < 2000
    assert doubts == (". includes its parts in too many ways to follow",)


def test_many_deliveries_of_one_folder_apply_it_once() -> None:
    files = {f"argo/{number}.yaml": ARGO.replace("name: a", f"name: a{number}") for number in range(3)}
    files |= {"apps/web/web.yaml": service("web"), "apps/web/deep/kustomization.yaml": KUSTOMIZATION}

    assert scopes(files) == {"apps/web": (1, ()), "": (3, ())}


def test_a_delivery_does_not_apply_itself() -> None:
    assert scopes({"apps/web/self.yaml": ARGO, "apps/web/web.yaml": service("web")}) == {"": (2, ())}


@pytest.mark.parametrize(
    ("path", "peer", "namespace", "found"),
    [
        pytest.param("app/policy.yaml", "checkuot", "shop", True, id="a typo beside the kustomization"),
        pytest.param("policies/policy.yaml", "checkuot", "shop", True, id="a typo in another folder"),
        pytest.param("app/policy.yaml", "checkout", "shop", False, id="its pods are matched"),
        pytest.param("app/policy.yaml", "kafka", "shop", False, id="the kustomization need not bring all pods"),
        pytest.param("app/policy.yaml", "checkuot", "other", False, id="it is in another namespace"),
        pytest.param("app/policy.yaml", "checkout-eu", "shop", False, id="the pods of another kustomization match"),
    ],
)
def test_a_policy_outside_of_kustomizations_is_compared_with_what_they_apply(
    path: str, peer: str, namespace: str, *, found: bool
) -> None:
    files = {
        "app/kustomization.yaml": KUSTOMIZATION + "namespace: shop\nresources: [app.yaml]\n",
        "app/app.yaml": together(deployment("checkout", namespace=""), deployment("catalog", namespace="")),
        "eu/kustomization.yaml": KUSTOMIZATION + "namespace: shop-eu\nresources: [app.yaml]\n",
        "eu/app.yaml": deployment("checkout-eu", namespace=""),
        path: policy(namespace=namespace, peer=f"podSelector: {{matchLabels: {{app: {peer}}}}}"),
    }

    assert [(each, file) for each, file, _ in run(files)] == ([("netpol-peer-selects-nothing", path)] if found else [])
