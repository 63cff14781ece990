"""A CustomResourceDefinition among the files serves its kind, whatever that looks like."""

from __future__ import annotations

import pytest

from k8snetlint import Config, Source, lint

CUSTOM = "apiVersion: network.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web}\n"
NO_MATCH = "api-no-match"
CRD = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: "networkpolicies.{0}"}}
spec: {{group: "{0}", names: {{kind: {1}, plural: networkpolicies}}, scope: Namespaced, versions: []}}
"""


@pytest.mark.parametrize(
    ("group", "kind", "expected"),
    [
        ("network.k8s.io", "NetworkPolicy", []),
        ("network.k8s.io", "NetworkPolicies", [NO_MATCH]),
        ("other.k8s.io", "NetworkPolicy", [NO_MATCH]),
        ("${GROUP}", "NetworkPolicy", [NO_MATCH]),
    ],
)
def test_a_definition_among_the_files_serves_its_kind(group: str, kind: str, expected: list[str]) -> None:
    definition = CRD.format(group, kind)
    for texts in ([CUSTOM, definition], [definition + "---\n" + CUSTOM]):
        sources = [Source.of(f"{number}.yaml", text) for number, text in enumerate(texts)]
        assert [each.id for each in lint(sources, Config()).findings] == expected
    beside = [Source.of("crds/a.yaml", definition)]
    report = lint([Source.of("a.yaml", CUSTOM)], Config(), context=beside)
    assert [each.id for each in report.findings] == expected


def test_a_misspelt_kind_is_not_counted_as_a_custom_resource() -> None:
    text = "apiVersion: network.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: {}}\n"
    report = lint([Source.of("a.yaml", text)], Config())

    assert [finding.id for finding in report.findings] == ["api-no-match"]
    assert report.unvalidated == ()
