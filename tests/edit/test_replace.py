"""A part of a long text is replaced where it is written as it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8snetlint.edit.change import apply_changes, replace
from k8snetlint.edit.editor import apply_edits, edits_of
from k8snetlint.edit.fast import fast_edits
from k8snetlint.source.document import Place, Source
from k8snetlint.source.load import load

if TYPE_CHECKING:
    from k8snetlint.source.document import Document


def document_of(text: str) -> Document:
    return load(Source.of("test.yaml", text), every=True).documents[0]


def replaced(text: str, old: str = "bakend", new: str = "backend", *, nth: int = 0) -> str | None:
    """Return a text after a part of the value of its key `a` was replaced; None if that is refused."""
    document = document_of(text)
    value, start = document.value["a"], -1
    for _ in range(nth + 1):
        start = value.index(old, start + 1)
    change = replace(Place(document.source, 0, ("a",)), start, old, new)
    edits = fast_edits(document, (change,))
    if edits is None:
        assert edits_of(document, (change,)) == ()
        return None
    after = apply_edits(document.text, edits)
    assert document_of(after).value == apply_changes(document.value, (change,))
    return after


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: |\n  x\n    http://bakend:80/ y\n  z\n", id="a literal block"),
        pytest.param("a: |  # of bakend\n  bakend\n", id="with a comment"),
        pytest.param("a: |-\n\n\n  x\n\n  bakend", id="with empty lines"),
        pytest.param("a: |2+\n    bakend\n  x\n\n", id="with an indentation"),
        pytest.param("a: |\r\n  x\r\n  bakend\r\n", id="with the line ends of Windows"),
        pytest.param("b:\n- |\n  bakend\na: |\n  bakend\n", id="behind another one"),
        pytest.param("a: http://bakend:80/x\nb: 1\n", id="a plain text"),
        pytest.param("a: bakend # x\n", id="all of a plain text"),
        pytest.param("a: 'say \"bakend\"'\n", id="single quotes"),
        pytest.param('a: "it\'s bakend"\n', id="double quotes"),
        pytest.param("{a: bakend, b: 1}\n", id="in braces"),
    ],
)
def test_replaced(text: str) -> None:
    head, _, tail = text.rpartition("bakend")

    assert replaced(text) == f"{head}backend{tail}"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: >\n  x\n  bakend\n", id="a folded block"),
        pytest.param("a: x\n  bakend\n", id="a plain text of several lines"),
        pytest.param('a: "x\\nbakend"\n', id="escapes"),
        pytest.param("a: 'it''s bakend'\n", id="a quote that is written twice"),
        pytest.param("a: &x bakend\nb: *x\n", id="an anchor"),
        pytest.param("b: &x bakend\na: *x\n", id="an alias"),
        pytest.param('{"a": "x\\tbakend"}\n', id="escapes of JSON"),
    ],
)
def test_refused(text: str) -> None:
    assert replaced(text) is None


def test_what_would_be_no_string_is_refused() -> None:
    assert replaced("a: x12\n", "x12", "12") is None
    assert replaced("a: |\n  x12\n", "x12", "12") == "a: |\n  12\n"
    assert replaced("a: x12\n", "x12", "a: b") is None, "more than a word"


def test_the_second_of_a_text() -> None:
    assert replaced("a: |\n  bakend\n  bakend\n", nth=1) == "a: |\n  bakend\n  backend\n"


LINES = st.lists(st.sampled_from(["", " ", "bakend", "  bakend", "x bakend y bakend", "# bakend", "x"]), max_size=6)


@given(LINES, st.sampled_from(["|", "|-", "|+", "|2", ">", ">-"]), st.integers(0, 8), st.booleans())
def test_a_block_has_the_expected_value_or_is_refused(lines: list[str], header: str, nth: int, windows: bool) -> None:  # noqa: FBT001 - drawn
    text = "".join(f"{each}\n" for each in [f"a: {header}", *(f"  {line}" for line in [*lines, "bakend"]), "b: 1"])
    text = text.replace("\n", "\r\n") if windows else text
    document = document_of(text)
    if document.faults or not isinstance(document.value.get("a"), str) or document.value["a"].count("bakend") <= nth:
        return

    after = replaced(text, nth=nth)

    assert (after is None) == (header[0] == ">")
    assert after is None or after.replace("backend", "bakend") == text
