"""A bug of ours costs one file: it is one finding, and all other files are reported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from k8snetlint import Config, Report, Source, lint
from k8snetlint.cli import INTERNAL, run
from k8snetlint.linting.server_exact import lint_exactly

if TYPE_CHECKING:
    from collections.abc import Callable

SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: {name}
  namespace: prod
spec:
  type: ClusterIP
  selector: {{app: web}}
  ports:
  - port: 80
    targetPort: "8080"
    protocoll: TCP
"""
FILES = {name: SERVICE.format(name=name) for name in ("a", "broken", "c")}
KUSTOMIZATION = "resources: [a.yaml]\n"


def sources(**more: str) -> list[Source]:
    return [Source.of(f"{name}.yaml", text) for name, text in (FILES | more).items()]


def fails_for(original: Callable[..., Any], *, error: type[Exception] = ZeroDivisionError) -> Callable[..., Any]:
    """Return a function that fails if one of its arguments concerns the file `broken.yaml`."""

    def failing(*arguments: Any, **named: Any) -> Any:
        if any("broken" in text(each) for each in arguments):
            raise error("the password is hunter2")
        return original(*arguments, **named)

    return failing


def text(value: Any) -> str:
    return repr(getattr(value, "_source", value))


def planted(monkeypatch: pytest.MonkeyPatch, name: str, *, error: type[Exception] = ZeroDivisionError) -> None:
    module, _, attribute = name.rpartition(".")
    original = getattr(pytest.importorskip(module), attribute)
    monkeypatch.setattr(name, fails_for(original, error=error))


def failed_paths(report: Report) -> list[str]:
    return [finding.path for finding in report.findings if finding.id == "internal-error"]


@pytest.mark.parametrize("error", [ZeroDivisionError, RecursionError, MemoryError, IndexError])
@pytest.mark.parametrize(
    "name",
    [
        pytest.param("k8snetlint.linting.reading.load", id="the loader"),
        pytest.param("k8snetlint.linting.check_document.objects_of", id="a List's items"),
        pytest.param("k8snetlint.linting.check_document.resource_of", id="a view"),
        pytest.param("k8snetlint.linting.misfits.structure_problems", id="decoding"),
        pytest.param("k8snetlint.linting.check_document.rejections", id="validation"),
        pytest.param("k8snetlint.linting.locate_all.Reopened", id="opening a file again"),
    ],
)
def test_a_bug_costs_one_file(name: str, error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    expected = [finding for finding in lint(sources(), Config()).findings if finding.path != "broken.yaml"]
    assert {finding.path for finding in expected} == {"a.yaml", "c.yaml"}
    planted(monkeypatch, name, error=error)
    report = lint(sources(), Config())
    (failed,) = [finding for finding in report.findings if finding.path == "broken.yaml"]
    assert [finding for finding in report.findings if finding.path != "broken.yaml"] == expected
    assert failed.id == "internal-error"
    assert failed.rejected
    assert f"{error.__name__} in test_failures.py:" in failed.message
    assert "hunter2" not in failed.message


def test_the_file_of_a_bug_is_one_that_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    planted(monkeypatch, "k8snetlint.linting.reading.load")
    (scope,) = lint(sources(), Config()).scopes
    assert scope.doubts == ("broken.yaml: cannot be read",)


def test_who_interrupts_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    planted(monkeypatch, "k8snetlint.linting.reading.load", error=KeyboardInterrupt)  # type: ignore[arg-type]  # none
    with pytest.raises(KeyboardInterrupt):
        lint(sources(), Config())


def test_a_finding_that_cannot_be_located_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    from k8snetlint.linting.locate import Locator

    original = Locator.of_problem

    def failing(self: Locator, finding_id: str, problem: Any, severity: Any, **more: Any) -> Any:
        if finding_id == "api-unknown-field" and problem.at.source.name == "broken.yaml":
            raise ZeroDivisionError
        return original(self, finding_id, problem, severity, **more)

    before = lint(sources(), Config())
    monkeypatch.setattr(Locator, "of_problem", failing)
    after = lint(sources(), Config())
    assert failed_paths(after) == ["broken.yaml"]
    lost = {each for each in before.findings if each.path == "broken.yaml" and each.id == "api-unknown-field"}
    assert len(lost) == 1
    assert {each for each in after.findings if each.id != "internal-error"} == set(before.findings) - lost


def test_a_fix_that_fails_leaves_its_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    from k8snetlint.linting.locate import Locator

    original = Locator._text_fix  # noqa: SLF001 - it is to fail

    def failing(self: Locator, fix: Any, document: Any) -> Any:
        if document.source.name == "broken.yaml":
            raise ZeroDivisionError
        return original(self, fix, document)

    before = lint(sources(), Config())
    assert any(finding.fix for finding in before.findings if finding.path == "broken.yaml")
    monkeypatch.setattr(Locator, "_text_fix", failing)
    after = lint(sources(), Config())
    assert failed_paths(after) == ["broken.yaml"]
    kept = [each for each in after.findings if each.id != "internal-error"]
    assert kept == [each._replace(fix=None) if each.path == "broken.yaml" else each for each in before.findings]


def test_problems_that_cannot_be_sorted_out_cost_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    planted(monkeypatch, "k8snetlint.linting.superseded.superseded")
    report = lint(sources(), Config())
    assert failed_paths(report) == ["broken.yaml"]
    assert {finding.path for finding in report.findings} == {"a.yaml", "broken.yaml", "c.yaml"}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("k8snetlint.scope.scopes._ScopeBuilder.clusters", id="putting scopes together"),
        pytest.param("k8snetlint.scope.build.Builds.__init__", id="following kustomizations"),
        pytest.param("k8snetlint.scope.kustomization.Kustomization.__init__", id="reading a kustomization"),
    ],
)
def test_validation_is_reported_if_scopes_fail(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(name, failing)
    report = lint(sources(kustomization=KUSTOMIZATION), Config())
    assert len(failed_paths(report)) == 1
    unknown = [finding.path for finding in report.findings if finding.id == "api-unknown-field"]
    assert unknown == ["a.yaml", "broken.yaml", "c.yaml"]


def test_what_a_rule_asks_for_may_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    from k8snetlint.rules import Rule

    def failing(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Rule, "arguments", failing)
    report = lint(sources(), Config())
    assert set(failed_paths(report)) == {"a.yaml"}
    assert {finding.path for finding in report.findings if finding.id == "api-unknown-field"} == {
        "a.yaml",
        "broken.yaml",
        "c.yaml",
    }


def test_the_context_may_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    planted(monkeypatch, "k8snetlint.linting.reading.load")
    (a, broken, c) = sources()
    report = lint([a, c], Config(), context=[broken])
    assert failed_paths(report) == ["broken.yaml"]


def test_the_server_s_own_answers_may_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    from k8snetlint.validation import exact

    monkeypatch.setattr(exact, "read", fails_for(exact.read))
    report = lint_exactly(sources(), Config())
    assert failed_paths(report) == ["broken.yaml"]
    assert {finding.path for finding in report.findings} == {"a.yaml", "broken.yaml", "c.yaml"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, content in FILES.items():
        Path(f"{name}.yaml").write_text(content, encoding="utf-8")
    return tmp_path


def test_a_file_that_cannot_be_fixed_costs_one_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    planted(monkeypatch, "k8snetlint.linting.fixes._fix")
    assert run(["check", ".", "--fix", "-f", "json"]) == INTERNAL
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [each["path"] for each in found if each["id"] == "internal-error"] == ["broken.yaml"]
    texts = {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.yaml")}
    assert "protocol: TCP" in texts["a"]
    assert texts["broken"] == FILES["broken"]
    assert "protocol: TCP" in texts["c"]


def test_a_diff_says_where_it_failed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    planted(monkeypatch, "k8snetlint.linting.fixes._fix")
    assert run(["check", str(folder.relative_to(folder)), "--diff"]) == INTERNAL
    printed = capsys.readouterr()
    assert "+++ a.yaml" in printed.out
    assert "broken.yaml" not in printed.out
    assert "internal error: broken.yaml: the file could not be checked: ZeroDivisionError in" in printed.err


def test_a_format_that_fails_does_not_cost_the_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("k8snetlint.report.sarif._result", failing)
    assert run(["check", ".", "-f", "sarif:x.sarif", "-f", "concise"]) == INTERNAL
    printed = capsys.readouterr()
    assert "broken.yaml:12:5: error api-unknown-field" in printed.out
    assert "internal error: ZeroDivisionError" in printed.err
    assert not (folder / "x.sarif").exists()
