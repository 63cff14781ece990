"""The documentation says what is so: links lead somewhere, examples are valid, lists are complete."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import doc_commands
import doc_tables
import pytest
from ruamel.yaml import YAML

import k8snetlint
from k8snetlint.cli import run
from k8snetlint.cli.options import known_ids
from k8snetlint.configfile.parse import parse
from k8snetlint.report.style import Format
from k8snetlint.version import RELEASED, VERSION
from k8snetlint.website import REQUIREMENT, REVISION

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("*.md"))]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def fences(name: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n((?s:.*?))^```$", text_of(name), re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """Return what a page's headings are called in links."""
    words = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in words}


def broken_links(page: Path, text: str) -> list[str]:
    broken = []
    prose = re.sub(r"^```.*?^```$|`[^`\n]*`", "", text, flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        if re.match(r"https?://", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.is_file() or (anchor and anchor not in anchors(file)):
            broken.append(target)
    return broken


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    assert broken_links(ROOT / name, text_of(name)) == []


def test_a_broken_link_is_seen() -> None:
    text = "[a](nowhere.md) [b](docs/ci.md#github) [c](docs/ci.md#nothing) `[d](code.md)` [e](https://example.com/)"

    assert broken_links(ROOT / "README.md", text) == ["nowhere.md", "docs/ci.md#nothing"]


def test_the_site_shows_every_page() -> None:
    site = YAML(typ="safe", pure=True).load(text_of("mkdocs.yml"))
    shown = set(re.findall(r"[\w/-]+\.md", str(site["nav"])))
    there = {str(page.relative_to(ROOT / "docs")) for page in (ROOT / "docs").glob("*.md")}

    assert shown == there | {"rules/README.md"}


def test_the_policy_at_the_top_of_the_readme_is_the_one_that_is_checked() -> None:
    assert fences("README.md", "yaml")[0] == text_of("examples/silent/policy.yaml")


@pytest.mark.parametrize("name", ["README.md", "docs/ci.md"])
def test_yaml_examples_can_be_read(name: str) -> None:
    assert all(YAML(typ="safe", pure=True).load(each) for each in fences(name, "yaml"))


@pytest.mark.parametrize("name", ["docs/configuration.md", "docs/suppressions.md"])
def test_configurations_on_pages_are_valid(name: str) -> None:
    examples = fences(name, "toml")

    assert examples
    for each in examples:
        parse(each, "k8snetlint.toml", known_ids())


def test_every_variable_is_documented() -> None:
    variable = re.compile(r'"(K8SNETLINT_\w+|NO_COLOR|FORCE_COLOR|FORCE_HYPERLINK|CI|TF_BUILD|GITHUB_\w+)"')
    code = [path.read_text(encoding="utf-8") for path in Path(k8snetlint.__file__).parent.rglob("*.py")]
    named = {name for text in code for name in variable.findall(text)}

    assert "K8SNETLINT_CONFIG" in named
    assert {name for name in named if f"`{name}`" not in text_of("docs/configuration.md")} == set()


def test_every_format_is_documented() -> None:
    listed = re.findall(r"^\| `([\w-]+)` \|", text_of("docs/formats.md"), re.MULTILINE)

    assert sorted(listed) == sorted(each.value for each in Format)


def test_every_input_of_the_action_is_documented() -> None:
    action: dict[str, Any] = YAML(typ="safe", pure=True).load(text_of("action.yml"))
    section = text_of("docs/ci.md").partition("## GitHub\n")[2].partition("\n## ")[0]

    assert re.findall(r"^\| `([\w-]+)` \|", section, re.MULTILINE) == list(action["inputs"])


def test_nothing_promises_a_release_that_does_not_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["init", "--github", "--gitlab", "--pre-commit"]) == 0
    texts = [text_of(name) for name in (*NAMES, "integrations/k8snetlint.gitlab-ci.yml")]
    texts += [path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.is_file()]
    version = re.compile(r"(?:rev: v|k8snetlint==|k8snetlint@v)(\d+\.\d+\.\d+)")

    assert {found for text in texts for found in version.findall(text)} == ({VERSION} if RELEASED else set())
    assert any("is not released" in text for text in texts) is not RELEASED
    assert ("not on PyPI" in text_of("README.md")) is not RELEASED


def test_the_starters_pin_what_pip_can_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["init", "--github", "--gitlab", "--pre-commit"]) == 0
    for name in (".github/workflows/k8snetlint.yml", ".gitlab-ci.yml"):
        assert f"pip install {REQUIREMENT}" in (tmp_path / name).read_text(encoding="utf-8").replace("--quiet ", "")
    assert f"rev: {REVISION}" in (tmp_path / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert capsys.readouterr().err.count("replace COMMIT by the full hash") == (0 if RELEASED else 3)


def test_a_command_is_followed_by_what_it_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("K8SNETLINT_FORMAT", "json")
    (tmp_path / "a.yaml").write_text("apiVersion: v1\nkind: Pot\n", encoding="utf-8")
    page = "before\n```console\n$ k8snetlint check -f concise -q a.yaml\nold\n$ echo $?\n```\nafter\n"

    made = doc_commands.with_output(page, tmp_path)

    lines = made.splitlines()
    assert lines[:3] == ["before", "```console", "$ k8snetlint check -f concise -q a.yaml"]
    assert lines[3].startswith("a.yaml:2:7: error api-no-match ")
    assert lines[-4:] == ["$ echo $?", "1", "```", "after"]
    assert doc_commands.with_output(made, tmp_path) == made


def test_a_command_of_something_else_is_not_run(tmp_path: Path) -> None:
    page = "```console\n$ k8snetlint rules\n$ touch made\n```\n"

    with pytest.raises(ValueError, match="`touch made`, which nobody runs"):
        doc_commands.with_output(page, tmp_path)


@pytest.mark.parametrize(
    "page",
    [
        pytest.param("<!-- keys:begin -->", id="no end"),
        pytest.param("<!-- keys:end --><!-- keys:begin -->", id="in the wrong order"),
        pytest.param("<!-- keys:begin --><!-- keys:end --><!-- keys:end -->", id="an end twice"),
        pytest.param("<!-- locks:begin --><!-- locks:end -->", id="nothing that is made"),
    ],
)
def test_markers_without_sense_are_refused(page: str) -> None:
    with pytest.raises(ValueError, match=":begin"):
        doc_tables.with_tables(page)


def test_tables_stand_between_their_markers() -> None:
    made = doc_tables.with_tables(
        "a <!-- keys:begin -->stale<!-- keys:end --> b <!-- environment:begin --><!-- environment:end -->"
    )

    assert "stale" not in made
    assert "| `kubernetes-version` |" in made
    assert "| `K8SNETLINT_SELECT` | `--select` |" in made
    assert doc_tables.with_tables(made) == made
