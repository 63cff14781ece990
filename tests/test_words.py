"""Plain technical English: no name and no text of the package uses the words that were replaced."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

import k8snetlint

PACKAGE = Path(k8snetlint.__file__).parent
ROOT = PACKAGE.parent
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))
NAMES = frozenset(
    {
        *("wishes", "Wishes", "Given", "Resolved", "checking", "gathering", "changing", "trusting", "mending"),
        *("accepting", "showing", "starters", "spaces", "asker", "carriers", "makers", "made_for", "blind", "Question"),
        *("slip", "Said", "examine", "conclude", "agree", "Sheet", "complaints", "from_absence", "instead_of"),
        *("Spot", "Position", "Mark", "Draft", "linted", "concluded", "numbered", "goes_with", "_is_shown", "Places"),
        *("edit_put", "edit_cut", "edit_shift", "Taken", "Way", "Labelling", "lays_over", "cut_off", "nothing_read"),
        *("beside", "there", "said", "meant", "told", "_said", "_meant"),
    }
)
"""Identifiers that style.md replaces; `Place` and `Span` are the two words for where something is."""
FILES = NAMES | {"plain", "line"}
"""Names that no module has; `plain` and `line` are ordinary words for values."""
PHRASES = (
    *("stands twice", "folded", "stay open", "cannot know", "may not be whole", "told to be", "as none", "left out:"),
    *("is a text", "which is not here", "its pods have not", "neither touches nor brings", "not judged"),
    *("is none that", "NetworkPolicy is none", "belong into", "can be read from it", "names nothing"),
    *("takes in its parts", "put on pods while they run", "made by an operator"),
    *("stands beside", "as if it were not written", "names nobody", "said and not blamed", "entry of its own"),
    *("lies outside of", "leaves nothing", "where one belongs", "take off the quotes", "white space around"),
    *("means nothing to", "is meant, nobody can tell", "asks over", "wants a number"),
)
"""What messages, help and pages said instead of something that an engineer in a hurry understands."""


@pytest.mark.parametrize("module", MODULES)
def test_identifiers(module: str) -> None:
    text = (PACKAGE / module).read_text(encoding="utf-8")
    names = {
        token.string for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type == tokenize.NAME
    }

    assert names & NAMES == set()


def test_module_names() -> None:
    assert {part for module in MODULES for part in module.removesuffix(".py").split("/")} & FILES == set()


@pytest.mark.parametrize("module", MODULES)
def test_messages(module: str) -> None:
    """Strings of the code count, and the pages of rules; other docstrings are for developers."""
    tree = ast.parse((PACKAGE / module).read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body
        if isinstance(node.body[0], ast.Expr)
    }
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]

    assert [(text, phrase) for text in texts for phrase in PHRASES if _says(text, phrase)] == []


@pytest.mark.parametrize("page", ["README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))])
def test_documents(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")

    assert [phrase for phrase in PHRASES if _says(text, phrase)] == []


def _says(text: str, phrase: str) -> bool:
    return re.search(rf"(?i)(?<!\w){re.escape(phrase)}", text) is not None
