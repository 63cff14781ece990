"""JSON read fast says what JSON with marks says, or is left to it; and where JSON is YAML, too, both say the same."""

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
from k8snetlint.source.marked_json import parse_json
from k8snetlint.source.marked_parser import parse
from k8snetlint.source.marks import Mapping, Sequence

texts = st.text("ab1 -:,#{}[]\"'\\<>&*!|%@`~?=.\t\né中\u2028\x85", max_size=8)
texts |= st.sampled_from(["<<", "null", "on", "8"])
yaml_texts = st.text("ab1 -:,#{}[]\"'<>&*!|%@`~?=.é中", max_size=8)
"""Those that YAML reads as JSON does."""
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
    marked = parse_json(text)
    try:
        found = json_value(text)
    except Unusual:
        event("left to the parser")
        return
    event("read")

    assert marked is not None
    assert repr(found) == repr(marked[0])
    assert marked[1] == []


@given(
    st.dictionaries(
        yaml_texts,
        st.recursive(
            st.none() | st.booleans() | yaml_texts | st.integers(),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(yaml_texts, inner, max_size=3),
            max_leaves=10,
        ),
        max_size=3,
    ),
    st.booleans(),
)
def test_json_has_the_marks_that_the_yaml_parser_sets(value: dict[str, Any], wide: bool) -> None:  # noqa: FBT001 - as above
    text = written(value, wide=wide, colon=": ")
    marked = parse_json(text)
    as_yaml, faults = parse(text)
    if faults:
        event("no YAML")
        return

    assert marked is not None
    assert repr(marked[0]) == repr(as_yaml)
    assert spans(marked[0]) == spans(as_yaml)


def spans(value: Any) -> list[tuple[int, int]]:
    """Return where everything in a value is written."""
    found = [(value.start_mark.index, value.end_mark.index)]
    for mark in [*value.keys_at, *value.values_at] if isinstance(value, Mapping) else value.items_at:
        found += spans(mark) if isinstance(mark, Mapping | Sequence) else [(mark.start_mark.index, mark.end_mark.index)]
    return found


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"a": 1, "a": 2}', id="a key that stands twice"),
        pytest.param('{"a": "\\ud83d"}', id="half of a surrogate pair"),
        pytest.param('{"a": NaN}', id="no number"),
        pytest.param('{"a": 1e400}', id="a number beyond a float"),
        pytest.param("{a: b}", id="no JSON"),
        pytest.param('{"a": 1} # why', id="a comment"),
        pytest.param('{"a": "\x01"}', id="a control character"),
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


JSON_ONLY: list[tuple[str, str, object]] = [
    ("an escaped slash", r'{"a": "\/"}', {"a": "/"}),
    ("half of a surrogate pair", r'{"a": "\ud800x\udc00"}', {"a": "\ufffdx\ufffd"}),
    ("a surrogate pair", r'{"a": "\ud83d\ude00"}', {"a": "\U0001f600"}),
    ("characters that YAML does not have", '{"a": "\x7f\ufffe\x80"}', {"a": "\x7f\ufffe\x80"}),
    ("a key too long for YAML", f'{{"{"a" * 1025}": 1}}', {"a" * 1025: 1}),
    ("a colon too far for YAML", f'{{"a"{" " * 1025}: 1}}', {"a": 1}),
    ("tabs", '{\t"a":\t[1,\t2]\t}', {"a": [1, 2]}),
    ("whole numbers with a fraction", '{"a": 80.0, "b": 8e1, "c": -0}', {"a": 80, "b": 80, "c": 0}),
]


@pytest.mark.parametrize(("text", "value"), [row[1:] for row in JSON_ONLY], ids=[row[0] for row in JSON_ONLY])
def test_json_is_read_as_json(text: str, value: object) -> None:
    (document,) = load(Source.of("test.json", text), every=True).documents

    assert (document.value, document.faults) == (value, [])
    assert document.marked_value() == value
    assert text[slice(*document.locate(tuple(document.value)[:1], key=True))].startswith('"a')


def test_what_kubectl_cannot_read_as_a_number_is_said() -> None:
    text = '{"a": [1e400]}'
    (document,) = load(Source.of("test.json", text), every=True).documents
    (fault,) = document.faults

    assert fault.message == "json: cannot unmarshal number 1e400 into Go value of type float64"
    assert text[slice(*fault.span)] == "1e400"


def test_a_key_that_stands_twice_in_json() -> None:
    text = '{"a": {"b": 1, "c": 3, "b": 2}}'
    (document,) = load(Source.of("test.json", text), every=True).documents
    (fault,) = document.faults

    assert document.value == {"a": {"c": 3, "b": 2}}
    assert (fault.id, fault.path, fault.span) == ("api-duplicate-key", ("a", "b"), (23, 26))
    assert fault.related[0][0] == (7, 10)
    assert document.locate(("a", "b")) == (28, 29)


def test_json_that_is_none_is_read_as_yaml() -> None:
    (document,) = load(Source.of("test.json", "{'a': [010,], }"), every=True).documents

    assert (document.value, document.faults) == ({"a": [8]}, [])
