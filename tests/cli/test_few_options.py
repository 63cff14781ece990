"""FewOptions command lines mean without Typer what they mean with it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import k8snetlint.cli.run_check
from k8snetlint.cli import FINDINGS, OK, USAGE
from k8snetlint.cli.app import call
from k8snetlint.cli.few_options import FewOptions, check_with_few_options
from k8snetlint.finding import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from k8snetlint.cli.check_options import CheckOptions

WORDS = ["-q", "--quiet", "-v", "--verbose", "--changed", "--exit-zero", "-f", "--format", "a.yaml", "dir", "-", ""]
FORMATS = ["json", "full", "concise", "sarif:out", "nope", "json:"]
OTHERS = ["--fix", "--", "-fjson", "--changed=HEAD", "--format=json", "--no-such", "-qv", "--select"]
SETTINGS = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def _without_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in os.environ if each.startswith("K8SNETLINT_")]:
        monkeypatch.delenv(name)


def with_typer(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> CheckOptions | int:
    """Return what Typer makes of a command line: the options, or the exit code if it is wrong."""
    found: list[CheckOptions] = []

    def run_check(options: CheckOptions) -> int:
        found.append(options)
        return OK

    monkeypatch.setattr(k8snetlint.cli.run_check, "run_check", run_check)
    code = call(arguments)
    return found[0] if found else code


def without_typer(few: FewOptions) -> CheckOptions | int:
    try:
        return few.options()
    except ConfigError:
        return USAGE


@given(st.lists(st.sampled_from([*WORDS, *FORMATS]), max_size=6))
@SETTINGS
def test_they_mean_the_same(monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    arguments = ["check", *words]
    few = FewOptions.of(arguments)

    assert few is None or without_typer(few) == with_typer(arguments, monkeypatch)


@pytest.mark.parametrize(
    "arguments",
    [
        "check",
        "check .",
        "check a.yaml b.yaml -f json",
        "check --format sarif:out -f concise -q dir",
        "check -v --exit-zero -",
        "check --changed a.yaml b.yaml",
    ],
)
def test_what_is_read_without_typer(arguments: str, monkeypatch: pytest.MonkeyPatch) -> None:
    few = FewOptions.of(arguments.split())

    assert few is not None
    assert few.options() == with_typer(arguments.split(), monkeypatch)


@pytest.mark.parametrize("word", OTHERS)
def test_what_is_left_to_typer(word: str) -> None:
    assert FewOptions.of(["check", "a.yaml", word]) is None


@pytest.mark.parametrize("arguments", [[], ["connections", "."], ["--version"], ["check", "-f"], ["check", "-f", "-q"]])
def test_other_command_lines_are_left_to_typer(arguments: list[str]) -> None:
    assert check_with_few_options(arguments) is None


@pytest.mark.parametrize("name", ["K8SNETLINT_SELECT", "K8SNETLINT_CONFIG", "_K8SNETLINT_COMPLETE"])
def test_a_variable_may_change_what_is_meant(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "x")

    assert FewOptions.of(["check", "."]) is None


def test_errors_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check_with_few_options(["check", str(tmp_path), "-f", "jsn"]) == USAGE
    assert "did you mean `json`?" in capsys.readouterr().err
    assert check_with_few_options(["check", str(tmp_path / "absent")]) == USAGE
    assert "absent" in capsys.readouterr().err


def test_findings_have_their_exit_code(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("apiVersion: v1\nkind: Servic\nmetadata: {name: a}\n", encoding="utf-8")

    assert check_with_few_options(["check", str(tmp_path)]) == FINDINGS
    assert check_with_few_options(["check", str(tmp_path), "--exit-zero"]) == OK
