"""Where the fields of an ordinary document are written is found in its text as the parser's marks say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from k8snetlint.source.document import Document, Source
from k8snetlint.source.fast_line import Unusual
from k8snetlint.source.fast_parser import plain_value
from k8snetlint.source.fast_spans import find_span, find_written
from k8snetlint.source.load import load

if TYPE_CHECKING:
    from k8snetlint.source.paths import FieldPath

ORDINARY = """\
# why
apiVersion: v1
kind: Service   # what
metadata:
  name:  web
  labels:
    "app": web
    app.kubernetes.io/name: 'it''s'
    tier: front
  annotations: {a: b, "c d": 'e'} # more
spec:
  ports:
  - name: http
    port: 80
  -
    port: 443

    # to
    name: "https # 2"
  - # none
  -   name: dns
      port: ~
  selector:
      app: web
  note: |-

    spec:
      ports:

    # no comment
    - port: 1

  more: >
    one
    two
  empty:
  flow: []
  on: 1
  ranges: [10.0.0.0/8, "[", 'x#']
  expressions:
    - {key: app, operator: In, values: [web, "]"]}
    - { key: tier, values: [] } # none
  args:
    - a
    - |
      b: c
      - d
    - --e=f #
    - "g \\"h\\"
      port: i
      j"
    - k
      l
  folded: a long
    name:text

    of two paragraphs
  below:
    name
    of
last:
"""
VALUES = [
    "",
    " 1",
    "  a b",
    ' "x: y"',
    " 'it''s'",
    " null",
    " {}",
    " [a, b]",
    " {app: web}",
    " {key: app, values: [web, '[', \"}\"], operator: In} # ]}",
    " |",
    " >-",
    " a#b",
    " #c",
    " a\n            b: c",
    " a\n            b c\n\n              -d",
    "\n            a b\n            c",
    ' "a\n\n            name: b\\"c"',
    " 'a\n            - b''c'",
    "\n            'a'",
    "\n            {}",
    ' "a\\"b" # c',
]
LINES = ["", "   ", "# x", "      # y", "  a: 1", "    app: 2", "  - z", "    - ports:", '"k": v', "---", "..."]


def rewritten(draw: st.DrawFn, lines: list[str]) -> list[str]:
    """Return lines of which one is written in another way."""
    at = draw(st.integers(0, len(lines) - 2))
    line, before, behind = lines[at], lines[:at], lines[at + 1 :]
    body = line.lstrip(" ")
    match draw(st.integers(0, 7)):
        case 0:
            return [*before, draw(st.sampled_from(LINES)), line, *behind]
        case 1:
            return [*before, line.partition(":")[0] + ":" + draw(st.sampled_from(VALUES)), *behind]
        case 2:
            return [*before, line + draw(st.sampled_from([" # c", "  ", " #", ":"])), *behind]
        case 3:
            quote = draw(st.sampled_from("'\""))
            head, key = line[: -len(body) or None], body.partition(":")[0]
            return [*before, line.replace(head + key, head + quote + key + quote, 1), *behind]
        case 4:
            return [*before, " " * draw(st.integers(0, 8)) + body, *behind]
        case 5:
            dash = draw(st.sampled_from(["-   ", "- - ", "- b: ", ""]))
            return [*before, line.replace("- ", dash, 1), *behind]
        case 6:
            return [*before, *behind]
        case _:
            return [*before, line, *behind[: draw(st.integers(0, 5))], line, *behind]


def is_ordinary(text: str) -> bool:
    try:
        plain_value(text)
    except Unusual:
        return False
    return True


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Return an ordinary text in many ways of writing."""
    lines = ORDINARY.split("\n")
    for _ in range(draw(st.integers(0, 30))):
        other = rewritten(draw, lines)
        lines = other if is_ordinary("\n".join(other)) else lines
    text = draw(st.sampled_from(["", "---\n", "a: 1\n---\n"])) + "\n".join(lines)
    return text if draw(st.integers(0, 9)) else text.replace("\n", "\r\n")


def paths(value: Any, path: FieldPath = ()) -> list[FieldPath]:
    """Return the paths of all that is there, and of some that is not."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    below = [each for step, inner in steps for each in paths(inner, (*path, step))]
    behind = len(value) if isinstance(value, list) else 0
    return [path, (*path, "missing"), (*path, behind), *below]


@given(texts())
def test_places_are_those_of_the_marks(text: str) -> None:
    for document in load(Source.of("test.yaml", text), every=True).documents:
        if type(document.value) not in (dict, list):
            event("not ordinary")
            continue
        marked = Document(document.source, document.index, document.text, document.base)
        marked.value = marked.marked_value()
        for path in paths(document.value):
            for key in (False, True):
                try:
                    span = find_span(document.text, document.value, path, key=key)
                except Unusual:
                    event("some by marks")
                    continue
                event("found")
                found = document.span if span is None else (document.base + span[0], document.base + span[1])
                assert found == marked.locate(path, key=key), path


@given(texts())
def test_what_is_found_without_the_value_is_where_the_marks_are(text: str) -> None:
    for document in load(Source.of("test.yaml", text), every=True).documents:
        if type(document.value) is not dict:
            continue
        marked = Document(document.source, document.index, document.text, document.base)
        marked.value = marked.marked_value()
        for path in paths(document.value):
            for key in (False, True):
                try:
                    start, end = find_written(document.text, path, key=key)
                except Unusual:
                    event("not found")
                    continue
                event("found")
                assert (document.base + start, document.base + end) == marked.locate(path, key=key), path


@pytest.mark.parametrize(
    ("path", "key"),
    [
        pytest.param(("metadata", "name"), False, id="a scalar"),
        pytest.param(("metadata", "labels"), True, id="the key of a mapping"),
        pytest.param(("metadata", "labels", "app.kubernetes.io/name"), False, id="a label"),
        pytest.param(("spec", "note"), False, id="a text of several lines"),
        pytest.param(("spec", "ports"), True, id="the key of a list"),
    ],
)
def test_what_most_findings_name_is_found_without_the_value(path: FieldPath, *, key: bool) -> None:
    assert find_written(ORDINARY, path, key=key) == find_span(ORDINARY, plain_value(ORDINARY), path, key=key)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        pytest.param("'a': 1\n", ("a",), id="a key in quotes"),
        pytest.param("b:\n  'a': 1\nc:\n  a: 2\n", ("b", "a"), id="a key in quotes, and the same in another mapping"),
        pytest.param("on: 1\n'on': 2\n", ("on",), id="a key in quotes, and what reads as another one without"),
        pytest.param("a: {b: 1}\n", ("a", "b"), id="an entry in braces"),
        pytest.param("a: [1, 2]\n", ("a", 1), id="an item in brackets"),
        pytest.param("a: 1\r\n", ("a",), id="a line end of two characters"),
    ],
)
def test_other_places_need_the_marks(text: str, path: FieldPath) -> None:
    value = plain_value(text)
    with pytest.raises(Unusual):
        find_span(text, value, path, key=False)
