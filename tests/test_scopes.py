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
