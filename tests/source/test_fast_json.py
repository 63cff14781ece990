"""JSON read by a JSON parser: it says what the YAML parser says, or leaves the text to it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from k8snetlint.source.document import Document, Source
from k8snetlint.source.fast_json import json_value
from k8snetlint.source.fast_line import Unusual
from k8snetlint.source.fast_parser import DEPTH_LIMIT
from k8snetlint.source.load import load
from k8snetlint.source.marked_parser import parse

texts = st.text("ab1 -:,#{}[]\"'\\<>&*!|%@`~?=.\t\né中\u2028\x85", max_size=8)
texts |= st.sampled_from(["<<", "null", "on", "8"])
numbers = st.sampled_from(["0", "-0", "8", "1.5", "1e3", "1E+2", "-2.50", "1e400", "9" * 25, "0.1e-7", "01", "NaN"])


COLONS = (":", ": ", " : ", "\n:", "  \n  : ", " " * 800 + ":", " " * 1100 + ":")


def written(value: Any, *, wide: bool, colon: str) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2 if wide else None, separators=(",", colon))


@given(
    st.dictionaries(
        texts,
        st.recursive(
            st.none() | st.booleans() | texts | st.integers(0, 11).map("number {}".format),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
        ),
        max_size=3,
    ),
    st.booleans(),
    st.sampled_from(COLONS),
    st.lists(numbers, min_size=12, max_size=12),
)
def test_json_is_read_as_the_parser_reads_it(
    value: dict[str, Any],
    wide: bool,  # noqa: FBT001 - hypothesis gives it by position
    colon: str,
    spelt: list[str],
) -> None:
    text = written(value, wide=wide, colon=colon)
    for number, each in enumerate(spelt):
        text = text.replace(f'"number {number}"', each)
    try:
        found = json_value(text)
    except Unusual:
        event("left to the parser")
        return
    event("read")
    value, faults = parse(text)

    assert repr(found) == repr(value)
    assert faults == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"a": 1, "a": 2}', id="a key that stands twice"),
        pytest.param('{"a": "\\u0062"}', id="an escape of a letter"),
        pytest.param('{"a": "\\\\\\/"}', id="an escape that YAML got late"),
        pytest.param('{"a":\t1}', id="a tab"),
        pytest.param('{"a": NaN}', id="no number"),
        pytest.param("{a: b}", id="no JSON"),
        pytest.param('{"a": 1} # why', id="a comment"),
        pytest.param('{"a": "\x01"}', id="a control character"),
        pytest.param(f'{{"{"a" * 1025}": 1}}', id="a key too long for YAML"),
        pytest.param('{"a": ' * DEPTH_LIMIT + "1" + "}" * DEPTH_LIMIT, id="deep"),
        pytest.param('{"a": ' * 100_000, id="deeper than Python can go"),
    ],
)
def test_everything_else_is_left_to_the_parser(text: str) -> None:
    with pytest.raises(Unusual):
        json_value(text)


def test_wide_is_not_deep() -> None:
    text = json.dumps({str(number): [] for number in range(2 * DEPTH_LIMIT)})

    assert json_value(text) == json.loads(text)


@pytest.mark.parametrize("text", ["{}", " {} ", "[]", '{"a": {}}'])
def test_where_a_whole_document_is(text: str) -> None:
    (document,) = load(Source.of("test.json", text), every=True).documents
    marked = Document(document.source, 0, document.text, document.base)
    marked.value = marked.marked_value()

    assert document.locate(()) == marked.locate(())
