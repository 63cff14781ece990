from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from k8snetlint.finding import Severity
from k8snetlint.model.cluster import Cluster
from k8snetlint.rules import Rule, all_rules
from k8snetlint.rules.catalog import Example, markdown_of, page_of, rules_table, with_table

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
DOCSTRING = """A mistake.

Why it is one.

Source: https://kubernetes.io/docs/

```yaml bad kubernetes=1.33 whole-cluster
kind: Service
spec:  # finding: one thing # finding: and another
```

```yaml good
kind: Pod
```
"""


def made_up(docstring: str) -> Rule:
    return Rule(
        "netpol-a",
        "netpol",
        Severity.INFO,
        Cluster,
        asks=(),
        supersedes=("api-invalid",),
        requires_all_scopes=False,
        relies_on=(),
        security=0,
        title="A mistake.",
        docstring=docstring,
        check=lambda _: iter(()),
    )


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
    assert len(script.write(tmp_path)) == len(all_rules()) + 7
    assert script.stale(tmp_path) == []
    assert not gone.exists()
    assert {path.name for path in tmp_path.rglob("*")} >= {*made}


def test_page() -> None:
    page = page_of(made_up(DOCSTRING))

    assert (page.title, page.why, page.source) == ("A mistake.", "Why it is one.", "https://kubernetes.io/docs/")
    assert page.examples == (
        Example(
            "bad",
            {"kubernetes": "1.33", "whole-cluster": ""},
            "kind: Service\nspec:  # finding: one thing # finding: and another\n",
            ((2, "one thing"), (2, "and another")),
            "test_catalog.py",
            8,
        ),
        Example("good", {}, "kind: Pod\n", (), "test_catalog.py", 13),
    )


def test_markdown() -> None:
    assert markdown_of(made_up(DOCSTRING)) == (
        "# netpol-a\n\n**A mistake.**\n\nLevel: info.\n\nWhy it is one.\n\n"
        "Reported instead of `api-invalid` at the same place.\n\nSource: <https://kubernetes.io/docs/>\n\n"
        "## Bad (kubernetes=1.33, whole-cluster)\n\n"
        "```yaml\nkind: Service\nspec:  # finding: one thing # finding: and another\n```\n\n"
        "## Good\n\n```yaml\nkind: Pod\n```\n"
    )


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
