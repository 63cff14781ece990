"""Pages of all ids, as the site and `k8snetlint rule ID` show them."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ruamel.yaml import YAML

from k8snetlint.codes import OUTSIDE_RULES
from k8snetlint.finding import Severity
from k8snetlint.pages.examples import fix_of, report_of
from k8snetlint.pages.index import listed, page, pages, rules_table, with_table
from k8snetlint.pages.markdown import Explained, explain, markdown_of
from k8snetlint.rules import all_rules
from k8snetlint.rules.catalog import Example, read_page
from k8snetlint.website import PROJECT, SITE, page_url

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
TEXT = """A mistake.

Why it is one.

Source: https://kubernetes.io/docs/

```yaml bad kubernetes=1.33 whole-cluster
kind: Service
```

```yaml good
kind: Pod
```

A caption:

```yaml good
kind: Job
```
"""
OUTSIDE = [
    pytest.param(finding_id, example, id=f"{finding_id}-{number}")
    for finding_id in OUTSIDE_RULES
    if (explained := explain(finding_id))
    for number, example in enumerate(explained.page.examples, 1)
]


def make_docs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "scripts" / "make_docs.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_docs_are_up_to_date() -> None:
    assert make_docs().stale(ROOT) == [], "run `make docs`"


def test_write_mends_what_check_complains_about(tmp_path: Path) -> None:
    script = make_docs()
    made = ("options.md", "api-server-checks.md", ".pre-commit-hooks.yaml", "config.json")
    (tmp_path / "README.md").write_text("# A\n<!-- rules:begin -->\nold\n<!-- rules:end -->\nafter\n", encoding="utf-8")
    gone = tmp_path / "docs" / "rules" / "netpol-gone.md"
    gone.parent.mkdir(parents=True)
    gone.write_text("", encoding="utf-8")

    assert gone in script.stale(tmp_path)
    assert len(script.write(tmp_path)) == len(listed()) + 7
    assert script.stale(tmp_path) == []
    assert not gone.exists()
    assert {path.name for path in tmp_path.rglob("*")} >= {*made}


def test_markdown() -> None:
    explained = Explained("netpol-a", Severity.INFO, ("api-invalid",), read_page(TEXT, "a.py"))

    assert markdown_of(explained, fix="none") == (
        "# netpol-a\n\n**A mistake.**\n\nLevel: info.\n\nFix: none.\n\nWhy it is one.\n\n"
        "Reported instead of `api-invalid` at the same place.\n\nSource: <https://kubernetes.io/docs/>\n\n"
        "## Reported with `--kubernetes-version 1.33 --whole-cluster`\n\n"
        "```yaml\nkind: Service\n```\n\n"
        "## Not reported\n\n```yaml\nkind: Pod\n```\n\nA caption:\n\n```yaml\nkind: Job\n```\n\n"
        "## Turn it off\n\n"
        "`# k8snetlint: ignore[netpol-a] reason` on the line, unless the API server rejects the object. "
        "For all files: `--ignore netpol-a`, or `ignore` in the configuration file. "
        f"More: <{SITE}suppressions/>\n"
    )


@pytest.mark.parametrize("finding_id", [each.id for each in listed()])
def test_every_id_has_a_page(finding_id: str) -> None:
    text = page(finding_id)
    explained = explain(finding_id)

    assert text
    assert explained
    assert text.startswith(
        f"# {finding_id}\n\n**{explained.page.title}**\n\nLevel: {explained.severity.word}.\n\nFix: "
    )
    assert len(explained.page.why) > 100, "a page says what it means and what to do"
    assert "\n\n## Turn it off\n\n" in text
    for example in explained.page.examples:
        if example.caption:
            assert f"{example.caption}\n\n```yaml\n{example.text}```\n" in text
            assert example.caption not in explained.page.why
    assert not re.search("^## (?!Reported|Fixed|Not reported|Turn it off)", text, re.MULTILINE)
    assert pages()[f"{finding_id}.md"] == text


def test_an_unknown_id_has_no_page() -> None:
    assert page("netpol-nonsense") is None


@pytest.mark.parametrize(("finding_id", "example"), OUTSIDE)
def test_examples_outside_of_rules(finding_id: str, example: Example) -> None:
    found = report_of(example).findings

    assert sorted((each.start.line, each.message) for each in found if each.id == finding_id) == sorted(
        example.expected
    )
    assert bool(example.expected) == (example.role == "bad")
    about_rejections = {each.id for each in found if each.id.startswith(("api-", "yaml-", "internal-"))}
    assert about_rejections <= {finding_id}


@pytest.mark.parametrize(
    ("finding_id", "how"),
    [
        pytest.param("yaml-syntax", "Not possible: something was not checked.", id="always reported"),
        pytest.param("api-invalid", "A comment does not hide it: the API server rejects", id="a rejection"),
        pytest.param("ignore-unused", "A comment does not hide it: it is about", id="about suppressions"),
        pytest.param("api-warning", "`# k8snetlint: ignore[api-warning] reason` on the line. For", id="a comment"),
        pytest.param("netpol-deny-all", "`# k8snetlint: ignore[netpol-deny-all] reason` on the line. For", id="a rule"),
        pytest.param("netpol-port-invalid", "on the line, unless the API server rejects", id="a rule about rejections"),
    ],
)
def test_how_it_is_turned_off(finding_id: str, how: str) -> None:
    assert how in (page(finding_id) or "").partition("## Turn it off")[2]


@pytest.mark.parametrize(
    ("finding_id", "fix"),
    [
        ("netpol-deny-all", "none"),
        ("netpol-missing-policy-types", "available, safe (applied by `--fix`)"),
        ("netpol-selects-no-pod", "available, unsafe (applied by `--fix --unsafe-fixes`)"),
        ("api-type", "available for some findings, safe (applied by `--fix`)"),
        (
            "netpol-cidr-invalid",
            "available for some findings; applied by `--fix` if it is safe, else by `--fix --unsafe-fixes`",
        ),
    ],
)
def test_pages_tell_of_fixes(finding_id: str, fix: str) -> None:
    explained = explain(finding_id)

    assert explained
    assert fix_of(finding_id, explained.page.examples) == fix
    assert f"\n\nFix: {fix}.\n" in (page(finding_id) or "")


def test_a_word_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown words behind a role: weather"):
        report_of(Example("bad", {"weather": "fine"}, "kind: Pod\n", (), "a.py", 1))


def test_the_index_lists_all_ids_by_group() -> None:
    index = pages()["README.md"]
    linked = re.findall(r"^\| \[`([a-z0-9-]+)`\]\(\1\.md\)", index, re.MULTILINE)

    assert linked == [each.id for each in listed()]
    assert linked == [*(rule.id for rule in all_rules()), *OUTSIDE_RULES]
    assert index.index("\n## netpol\n") < index.index("`netpol-deny-all`") < index.index("\n## service\n")
    assert index.index("\n## Outside of rules\n") < index.index("`yaml-syntax`")


def test_there_is_one_address() -> None:
    site = YAML(typ="safe", pure=True).load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]

    assert (site["site_url"], site["repo_url"]) == (SITE, PROJECT)
    assert urls == {
        "Documentation": SITE,
        "Repository": PROJECT,
        "Changelog": f"{PROJECT}/blob/main/CHANGELOG.md",
        "Issues": f"{PROJECT}/issues",
    }
    assert page_url("netpol-deny-all") == f"{SITE}rules/netpol-deny-all/"


@pytest.mark.parametrize(
    "readme",
    [
        pytest.param("# k8snetlint\n", id="no markers"),
        pytest.param("<!-- rules:end -->\n<!-- rules:begin -->\n", id="markers in the wrong order"),
        pytest.param("<!-- rules:begin --><!-- rules:end --><!-- rules:end -->", id="a marker twice"),
    ],
)
def test_a_readme_without_place_for_the_table_is_said(readme: str) -> None:
    with pytest.raises(ValueError, match="rules:begin"):
        with_table(readme)


def test_the_table_stands_between_the_markers() -> None:
    table = rules_table("docs/rules/")

    made = with_table("before <!-- rules:begin -->old<!-- rules:end --> after")

    assert made == f"before <!-- rules:begin -->\n{table}<!-- rules:end --> after"
    assert with_table(made) == made
