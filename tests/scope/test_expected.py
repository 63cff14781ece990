"""What a test expects of a cluster is not applied, so it is not checked."""

from __future__ import annotations

import pytest

from k8snetlint import Config, Source, lint
from k8snetlint.linting.check_document import EXPECTED

PART = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {replicas: 2}
status: {readyReplicas: 2}
"""
HEAD = "apiVersion: chainsaw.kyverno.io/v1alpha1\nkind: Test\nmetadata: {name: t}\nspec:\n  steps:\n"
RESULT = """\
apiVersion: cli.kyverno.io/v1alpha1
kind: Test
metadata: {name: t}
results:
- generatedResource: part.yaml
"""
ASSERT = HEAD + "  - try:\n    - assert: {file: part.yaml}\n"
INCLUDES = """\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [01-assert.yaml]
"""


def missing(files: dict[str, str]) -> set[str]:
    """Return the files in which required fields are reported as missing."""
    report = lint([Source.of(name, text) for name, text in files.items()], Config())
    return {each.path for each in report.findings if each.id == "api-required"}


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"t/chainsaw-test.yaml": ASSERT, "t/part.yaml": PART}, id="a step asserts it"),
        pytest.param({"t/chainsaw-test.yml": ASSERT, "t/part.yaml": PART}, id="the other ending"),
        pytest.param(
            {"t/chainsaw-test.yaml": HEAD + "  - try:\n    - error: {file: ../part.yaml}\n", "part.yaml": PART},
            id="an error expects it, in another folder",
        ),
        pytest.param(
            {"t/chainsaw-test.yaml": HEAD + "  - try:\n    - patch: {file: part.yaml}\n", "t/part.yaml": PART},
            id="a step patches with it",
        ),
        pytest.param(
            {"t/chainsaw-test.yaml": HEAD + "  - finally:\n    - assert: {file: p*.yaml}\n", "t/part.yaml": PART},
            id="a pattern names it",
        ),
        pytest.param({"t/kyverno-test.yaml": RESULT, "t/part.yaml": PART}, id="a policy of Kyverno generates it"),
        pytest.param(
            {"t/kyverno-test.yml": RESULT.replace("generatedResource", "patchedResources"), "t/part.yaml": PART},
            id="a policy of Kyverno changes an object into it",
        ),
        pytest.param(
            {"t/kyverno-test.yaml": "name: t\npolicies: []\n" + RESULT[RESULT.index("results") :], "t/part.yaml": PART},
            id="a test of an old Kyverno CLI, which is no object",
        ),
        pytest.param({"t/01-assert.yaml": PART}, id="the name of a KUTTL step"),
        pytest.param({"t/10-errors.yaml": PART}, id="the name of expected errors"),
    ],
)
def test_what_a_test_expects_is_not_checked(files: dict[str, str]) -> None:
    report = lint([Source.of(name, text) for name, text in files.items()], Config())
    assert not report.findings
    assert [
        each.reason for each in report.skipped if each.path.endswith(("part.yaml", "assert.yaml", "errors.yaml"))
    ] == [EXPECTED]


@pytest.mark.parametrize(
    ("files", "path"),
    [
        pytest.param({"t/part.yaml": PART}, "t/part.yaml", id="no test names it"),
        pytest.param({"t/chainsaw-test.yaml": ASSERT, "part.yaml": PART}, "part.yaml", id="another folder"),
        pytest.param(
            {"t/chainsaw-test.yaml": ASSERT + "    - apply: {file: part.yaml}\n", "t/part.yaml": PART},
            "t/part.yaml",
            id="a step applies it as well",
        ),
        pytest.param(
            {"t/chainsaw-test.yaml": ASSERT.replace("kyverno.io", "example.com"), "t/part.yaml": PART},
            "t/part.yaml",
            id="the test of another tool",
        ),
        pytest.param(
            {"t/kyverno-test.yaml": RESULT.replace("generatedResource", "policy"), "t/part.yaml": PART},
            "t/part.yaml",
            id="a result of Kyverno that names it otherwise",
        ),
        pytest.param({"t/01-assertion.yaml": PART}, "t/01-assertion.yaml", id="a similar name"),
        pytest.param(
            {"t/kustomization.yaml": INCLUDES, "t/01-assert.yaml": PART},
            "t/01-assert.yaml",
            id="a kustomization includes it",
        ),
    ],
)
def test_what_may_be_applied_is_checked(files: dict[str, str], path: str) -> None:
    assert missing(files) == {path}


@pytest.mark.parametrize(
    "test",
    [
        pytest.param("- a\n", id="a list"),
        pytest.param(HEAD + "  - try: 1\n  - a\n", id="wrong types"),
        pytest.param(HEAD + "  - try:\n    - assert: {file: [a]}\n    - {}\n    - assert:\n", id="no file"),
        pytest.param(RESULT.replace("part.yaml", "{}") + "- 1\n", id="results of wrong types"),
        pytest.param("a: [\n", id="invalid YAML"),
    ],
)
def test_a_malformed_test_expects_nothing(test: str) -> None:
    assert missing({"chainsaw-test.yaml": test, "part.yaml": PART}) == {"part.yaml"}


def test_tests_of_one_name_are_two_tests() -> None:
    report = lint([Source.of("chainsaw-test.yaml", f"{ASSERT}---\n{ASSERT}")], Config())
    assert not report.findings


BRANCHES = """\
{{- if .Values.etcd }}
---
kind: ConfigMap
apiVersion: v1
metadata: {name: a}
---
{{- else }}
---
kind: ConfigMap
apiVersion: v1
metadata: {name: a}
---
{{- end }}
"""


def test_objects_in_branches_of_a_template_are_not_defined_twice() -> None:
    report = lint([Source.of("templates/a.yaml", BRANCHES)], Config())
    assert [each.id for each in report.findings] == ["template-skipped"]


def test_a_template_in_another_file_does_not_matter() -> None:
    once = "kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\n"
    twice = f"{once}---\n{once}"
    report = lint([Source.of("a.yaml", BRANCHES), Source.of("b.yaml", twice)], Config())
    assert [(each.path, each.id) for each in report.findings] == [
        ("a.yaml", "template-skipped"),
        ("b.yaml", "manifest-duplicate-object"),
    ]
