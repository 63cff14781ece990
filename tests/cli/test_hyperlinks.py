"""When ids are written as links: OSC 8 in the terminals that show them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from k8snetlint.cli import FINDINGS, run
from k8snetlint.cli.hyperlinks import wants_links
from k8snetlint.cli.output import Color
from k8snetlint.website import page_url

if TYPE_CHECKING:
    from pathlib import Path

BAD = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{prot: 80}]}\n"
VARIABLES = (
    "NO_COLOR FORCE_COLOR FORCE_HYPERLINK VTE_VERSION TERM TERM_PROGRAM DOMTERM KONSOLE_VERSION WT_SESSION".split()
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("variables", "shown"),
    [
        pytest.param({}, False, id="nobody knows"),
        pytest.param({"VTE_VERSION": "7600"}, True, id="GNOME Terminal"),
        pytest.param({"VTE_VERSION": "4999"}, False, id="an old one"),
        pytest.param({"TERM_PROGRAM": "vscode"}, True, id="VS Code"),
        pytest.param({"TERM_PROGRAM": "Apple_Terminal"}, False, id="a program that shows none"),
        pytest.param({"TERM": "xterm-kitty"}, True, id="kitty"),
        pytest.param({"WT_SESSION": "a"}, True, id="Windows Terminal"),
        pytest.param({"WT_SESSION": "a", "TERM": "dumb"}, False, id="a dumb one"),
        pytest.param({"WT_SESSION": "a", "NO_COLOR": "1"}, False, id="NO_COLOR"),
        pytest.param({"WT_SESSION": "a", "FORCE_HYPERLINK": "0"}, False, id="turned off"),
        pytest.param({"FORCE_HYPERLINK": "1"}, True, id="forced"),
        pytest.param({"FORCE_HYPERLINK": "1", "NO_COLOR": "1"}, False, id="NO_COLOR counts more"),
    ],
)
def test_terminals(variables: dict[str, str], shown: bool, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: FBT001 - a parameter
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert wants_links(Color.AUTO, Terminal()) is shown
    assert wants_links(Color.NEVER, Terminal()) is False


def test_a_file_gets_links_only_if_they_are_forced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WT_SESSION", "a")
    assert wants_links(Color.ALWAYS, io.StringIO()) is False
    assert wants_links(Color.AUTO, None) is False
    monkeypatch.setenv("FORCE_HYPERLINK", "1")
    assert wants_links(Color.AUTO, io.StringIO()) is True


def test_check_writes_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.yaml").write_text(BAD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FORCE_HYPERLINK", "1")

    assert run(["check", "-f", "concise", "-f", "full:full.txt", "a.yaml"]) == FINDINGS
    assert f"\x1b]8;;{page_url('api-unknown-field')}\x1b\\" in capsys.readouterr().out
    assert "\x1b" not in (tmp_path / "full.txt").read_text(encoding="utf-8")
    assert run(["check", "-f", "json", "a.yaml"]) == FINDINGS
    assert "\x1b" not in capsys.readouterr().out
