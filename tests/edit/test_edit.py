"""What edits make of a text, for every operation and every style it may be written in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from k8snetlint.edit.change import Change, Edit, Op, delete, insert, join, move, nest, rename, set_to
from k8snetlint.edit.editor import Editor, apply_edits, edits_of
from k8snetlint.source.document import Place, Source
from k8snetlint.source.load import load

if TYPE_CHECKING:
    from k8snetlint.source.paths import FieldPath

At = Callable[[str], Place]
Make = Callable[[At], Change]


def path_of(text: str) -> FieldPath:
    return tuple(int(step) if step.isdigit() else step for step in text.split("."))


def fix(text: str, *make: Make, index: int = 0, root: FieldPath = ()) -> str | None:
    """Return a text after changes of one of its documents, None if they are refused."""
    loaded = load(Source.of("test.yaml", text), every=True)
    document = loaded.documents[index]

    def at(path: str) -> Place:
        return Place(document.source, index, path_of(path), root)

    edits = edits_of(document, tuple(each(at) for each in make))
    return apply_edits(loaded.text.text, edits) if edits else None


@pytest.mark.parametrize(
    ("text", "change", "expected"),
    [
        pytest.param("a: 1 # one\n", lambda at: set_to(at("a"), 2), "a: 2 # one\n", id="a number"),
        pytest.param("a:\n  b: 1", lambda at: set_to(at("a"), {"c": 2}), "a:\n  c: 2", id="no last line end is added"),
        pytest.param(
            "a:\n  b: 1\nd: 3", lambda at: set_to(at("a"), {"c": 2}), "a:\n  c: 2\nd: 3", id="lines before the last"
        ),
        pytest.param("a:\n  - b", lambda at: set_to(at("a"), ["c", "d"]), "a: [c, d]", id="nor by one line for two"),
        pytest.param("a:\n  - b", lambda at: set_to(at("a"), "c"), "a: c", id="nor for a list"),
        pytest.param('a: "80"\n', lambda at: set_to(at("a"), "8080"), 'a: "8080"\n', id="double quotes stay"),
        pytest.param("a: '80'\n", lambda at: set_to(at("a"), "it's"), "a: 'it''s'\n", id="single quotes stay"),
        pytest.param("a: 'x'\n", lambda at: set_to(at("a"), "x\ny"), 'a: "x\\ny"\n', id="single quotes cannot stay"),
        pytest.param('a: "80"\n', lambda at: set_to(at("a"), 80), "a: 80\n", id="a number has no quotes"),
        pytest.param("a: web\n", lambda at: set_to(at("a"), "on"), 'a: "on"\n', id="what reads as a bool gets quotes"),
        pytest.param("a: web\n", lambda at: set_to(at("a"), "80"), 'a: "80"\n', id="what reads as a number, too"),
        pytest.param("a: web\n", lambda at: set_to(at("a"), "*"), 'a: "*"\n', id="and what reads as an alias"),
        pytest.param("a: 1\n", lambda at: set_to(at("a"), None), "a: null\n", id="null"),
        pytest.param(
            "a:\n  -\n    - b\n", lambda at: set_to(at("a.0.0"), "c"), "a:\n  -\n    - c\n", id="in a list of a list"
        ),
        pytest.param("a: 1\n", lambda at: set_to(at("a"), 1.5), "a: 1.5\n", id="a float"),
        pytest.param("a: 1\n", lambda at: set_to(at("a"), value=False), "a: false\n", id="a bool"),
        pytest.param("a:\n", lambda at: set_to(at("a"), "x"), "a: x\n", id="a value that is not written"),
        pytest.param("a: # why\nb: 1\n", lambda at: set_to(at("a"), "x"), "a: x # why\nb: 1\n", id="before a comment"),
        pytest.param(
            "a: {b, c: 1}\n", lambda at: set_to(at("a.b"), 2), "a: {b: 2, c: 1}\n", id="a key without a colon"
        ),
        pytest.param("-\n- b\n", lambda at: set_to(at("0"), "a"), "- a\n- b\n", id="an item that is not written"),
        pytest.param("a:\n- x # x\n- y\n", lambda at: set_to(at("a.0"), "z"), "a:\n- z # x\n- y\n", id="an item"),
        pytest.param("a: &x 1\n", lambda at: set_to(at("a"), 2), "a: &x 2\n", id="an anchor that nothing uses"),
        pytest.param(
            "a: &x 1\nb: *x\n", lambda at: set_to(at("b"), 2), "a: &x 1\nb: 2\n", id="an alias is replaced itself"
        ),
        pytest.param(
            "a: |\n  x\n  y\nb: 1\n", lambda at: set_to(at("a"), "z"), "a: z\nb: 1\n", id="a block scalar is replaced"
        ),
        pytest.param(
            "a: {}\n", lambda at: set_to(at("a"), {"b": [{"c": 1}]}), "a: {b: [{c: 1}]}\n", id="braces stay braces"
        ),
        pytest.param(
            "a: 1 # why\nc: 2\n",
            lambda at: set_to(at("a"), {"b": [{"c": 1, "d": {}}]}),
            "a: # why\n  b:\n    - c: 1\n      d: {}\nc: 2\n",
            id="a mapping below its key",
        ),
        pytest.param(
            "a: x\nb:\n- c\n",
            lambda at: set_to(at("a"), [{"c": 1}, {"d": [1]}]),
            "a:\n- c: 1\n- d: [1]\nb:\n- c\n",
            id="a list where other lists stand",
        ),
        pytest.param(
            "a:\n  # why\n  b: 1\n  c: 2\nd: 1\n",
            lambda at: set_to(at("a"), {}),
            "a: {}\n  # why\nd: 1\n",
            id="nothing but comments is left",
        ),
        pytest.param(
            "a:\n- b: 1\n  c: 2\n", lambda at: set_to(at("a.0"), {"x": {"z": 1}}), "a:\n- x:\n    z: 1\n", id="an item"
        ),
        pytest.param(
            "a:\n- Ingress # in\n",
            lambda at: set_to(at("a"), ["Ingress", "Egress"]),
            "a:\n- Ingress # in\n- Egress\n",
            id="a list grows where it is",
        ),
        pytest.param(
            "a:\n  b: 1 # b\n  c: {d: 1}\n",
            lambda at: set_to(at("a"), {"b": 1, "x": "z", "c": {"d": 2}}),
            "a:\n  b: 1 # b\n  x: z\n  c: {d: 2}\n",
            id="a mapping keeps what stays",
        ),
    ],
)
def test_set(text: str, change: Make, expected: str) -> None:
    assert fix(text, change) == expected
    assert fix(expected, change) is None, "nothing is left to do"


@pytest.mark.parametrize(
    ("text", "change", "expected"),
    [
        pytest.param(
            "spec:\n  a: 1 # a\n  b:\n    c: 1\n",
            lambda at: set_to(at("spec.x"), ["Ingress", "Egress"], after="a"),
            "spec:\n  a: 1 # a\n  x: [Ingress, Egress]\n  b:\n    c: 1\n",
            id="behind a key",
        ),
        pytest.param(
            "spec:\n  a:\n    - b\n    # - c\n  # more\nstatus: {}\n",
            lambda at: set_to(at("spec.x"), {}, after="missing"),
            "spec:\n  a:\n    - b\n    # - c\n  x: {}\n  # more\nstatus: {}\n",
            id="as the last one, behind a comment that belongs to the one before",
        ),
        pytest.param(
            "a:\n- b\n# - c\n# d\n", lambda at: set_to(at("d"), 1), "a:\n- b\n# - c\nd: 1\n# d\n", id="behind an item"
        ),
        pytest.param("a: 1", lambda at: set_to(at("b"), 2), "a: 1\nb: 2", id="no line end at the end"),
        pytest.param("a: 1\r\n", lambda at: set_to(at("b"), {"c": 2}), "a: 1\r\nb:\r\n  c: 2\r\n", id="CRLF"),
        pytest.param(
            "a:\n    b: 1\n",
            lambda at: set_to(at("a.c"), {"d": "e"}),
            "a:\n    b: 1\n    c:\n        d: e\n",
            id="deep",
        ),
        pytest.param("a:\n- b: 1\n", lambda at: set_to(at("a.0.c"), 2), "a:\n- b: 1\n  c: 2\n", id="in an item"),
        pytest.param("a: {}\n", lambda at: set_to(at("a.b"), {"c": 1}), "a: {b: {c: 1}}\n", id="in empty braces"),
        pytest.param("a: { b: 1 }\n", lambda at: set_to(at("a.c"), "x, y"), 'a: { b: 1, c: "x, y" }\n', id="in braces"),
        pytest.param("a: {b: 1,}\n", lambda at: set_to(at("a.c"), 2), "a: {b: 1, c: 2,}\n", id="before a last comma"),
        pytest.param('{"a":1}', lambda at: set_to(at("b"), "x"), '{"a":1,"b":"x"}', id="tight JSON"),
        pytest.param('{"a": 1}', lambda at: set_to(at("b"), {"c": [True]}), '{"a": 1, "b": {"c": [true]}}', id="JSON"),
        pytest.param('{"a": {}}', lambda at: set_to(at("a.b"), "x"), '{"a": {"b": "x"}}', id="JSON in empty braces"),
        pytest.param('{"a": 1}', lambda at: set_to(at("a"), "x"), '{"a": "x"}', id="a text in JSON has quotes"),
        pytest.param(
            '{\n\t"a": {\n\t\t"b": 1\n\t},\n\t"c": 2\n}\n',
            lambda at: set_to(at("x"), 1, after="a"),
            '{\n\t"a": {\n\t\t"b": 1\n\t},\n\t"x": 1,\n\t"c": 2\n}\n',
            id="JSON on lines",
        ),
        pytest.param(
            "a: {\n  b: 1, # b\n  c: 2 # c\n}\n",
            lambda at: set_to(at("a.d"), 3),
            "a: {\n  b: 1, # b\n  c: 2, # c\n  d: 3\n}\n",
            id="braces on lines",
        ),
        pytest.param("a: |+\n  x\n\n", lambda at: set_to(at("b"), 1), "a: |+\n  x\n\nb: 1\n", id="behind kept lines"),
        pytest.param("a: |\n  x\n\n", lambda at: set_to(at("b"), 1), "a: |\n  x\nb: 1\n\n", id="behind dropped lines"),
        pytest.param(
            "x: &x {a: 1}\nz:\n  <<: *x\n",
            lambda at: set_to(at("z.a"), 2),
            "x: &x {a: 1}\nz:\n  <<: *x\n  a: 2\n",
            id="over a merged one",
        ),
    ],
)
def test_a_missing_key_is_added(text: str, change: Make, expected: str) -> None:
    assert fix(text, change) == expected
    assert fix(expected, change) is None, "nothing is left to do"


@pytest.mark.parametrize(
    ("text", "change", "expected"),
    [
        pytest.param("a:\n- b\n", lambda at: insert(at("a.1"), "c"), "a:\n- b\n- c\n", id="behind the last"),
        pytest.param("a:\n- b\n", lambda at: insert(at("a.0"), "c"), "a:\n- c\n- b\n", id="before the first"),
        pytest.param(
            "a:\n  -   b: 1\n  # two\n  -   b: 2\n",
            lambda at: insert(at("a.1"), {"c": 1, "d": 2}),
            "a:\n  -   b: 1\n  -   c: 1\n      d: 2\n  # two\n  -   b: 2\n",
            id="between, as its neighbours are",
        ),
        pytest.param(
            "a:\n- {b: 1}\n", lambda at: insert(at("a.1"), {"b": 2}), "a:\n- {b: 1}\n- {b: 2}\n", id="in braces"
        ),
        pytest.param("a: []\n", lambda at: insert(at("a.0"), {"b": 1}), "a: [{b: 1}]\n", id="in empty brackets"),
        pytest.param("a: [x]\n", lambda at: insert(at("a.0"), "z"), "a: [z, x]\n", id="first in brackets"),
        pytest.param("a: [x]\n", lambda at: insert(at("a.1"), "::/0"), 'a: [x, "::/0"]\n', id="last in brackets"),
        pytest.param("- - a\n", lambda at: insert(at("0.0"), "b"), "- - b\n  - a\n", id="behind another dash"),
    ],
)
def test_insert(text: str, change: Make, expected: str) -> None:
    assert fix(text, change) == expected


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        pytest.param("a: 1\n# b\nb: 2 # two\nc: 3\n", "b", "a: 1\n# b\nc: 3\n", id="an entry, its comment, not others"),
        pytest.param("a: 1\nb:\n  # in\n  c: 2\n", "b", "a: 1\n", id="an entry with its lines"),
        pytest.param("a: 1\nb: 2", "b", "a: 1", id="the last line, without an end"),
        pytest.param("a:\n  b: 1\nc: 2\n", "a.b", "a: {}\nc: 2\n", id="the only entry"),
        pytest.param("a:\n  - b\n", "a.0", "a: []\n", id="the only item"),
        pytest.param("a: # a\n  # b\n  b: 1 # one\n", "a.b", "a: {} # a\n  # b\n", id="the only entry, with comments"),
        pytest.param("a:\n- b: 1\n", "a.0.b", "a:\n- {}\n", id="the only entry of an item"),
        pytest.param("a:\n- b: 1\n  c: 2\n", "a.0.b", "a:\n- c: 2\n", id="the first entry of an item"),
        pytest.param("a:\n- b: 1\n  # c\n  c: 2\n", "a.0.b", "a:\n- # c\n  c: 2\n", id="the next one has a comment"),
        pytest.param("a:\n- b\n# c\n- c\n", "a.0", "a:\n# c\n- c\n", id="an item"),
        pytest.param("- - a\n  - b\n", "0.0", "- - b\n", id="an item behind another dash"),
        pytest.param("a: {b: 1, c: 2}\n", "a.b", "a: {c: 2}\n", id="the first in braces"),
        pytest.param("a: {b: 1, c: 2}\n", "a.c", "a: {b: 1}\n", id="the last in braces"),
        pytest.param("a: { b: 1 }\n", "a.b", "a: {}\n", id="the only one in braces"),
        pytest.param("a: [\n  b, # b\n  c, # c\n]\n", "a.1", "a: [\n  b, # b\n]\n", id="comments in brackets"),
        pytest.param('{\n  "a": 1,\n  "b": 2\n}', "b", '{\n  "a": 1\n}', id="the last of JSON"),
        pytest.param("a: 1\r\nb: 2\r\n", "a", "b: 2\r\n", id="CRLF"),
        pytest.param("a: |\n  x\n\n  y\nb: 2\n", "a", "b: 2\n", id="a block scalar"),
        pytest.param("a: 1\n", "a", None, id="a document cannot be empty"),
        pytest.param("a: &x 1\nb: *x\n", "a", None, id="an anchor in use"),
        pytest.param("a: &x 1\nb: *x\n", "b", "a: &x 1\n", id="an alias"),
    ],
)
def test_delete(text: str, path: str, expected: str | None) -> None:
    assert fix(text, lambda at: delete(at(path))) == expected


@pytest.mark.parametrize(
    ("text", "path", "name", "expected"),
    [
        pytest.param("a: 1 # a\n", "a", "b", "b: 1 # a\n", id="plain"),
        pytest.param('"a" : 1\n', "a", "b", '"b" : 1\n', id="in quotes"),
        pytest.param("a: 1\n", "a", "on", '"on": 1\n', id="needs quotes"),
        pytest.param("a: {b: 1}\n", "a.b", "c", "a: {c: 1}\n", id="in braces"),
        pytest.param("a: 1\nb: 2\n", "a", "b", None, id="taken"),
    ],
)
def test_rename(text: str, path: str, name: str, expected: str | None) -> None:
    assert fix(text, lambda at: rename(at(path), name)) == expected


@pytest.mark.parametrize(
    ("text", "change", "expected"),
    [
        pytest.param(
            "a:\n  b: # b\n    # in\n    c: 1\n  d: 2\ne:\n  f: 1\n",
            lambda at: move(at("a.b"), at("e.b")),
            "a:\n  d: 2\ne:\n  f: 1\n  b: # b\n    # in\n    c: 1\n",
            id="comments come along",
        ),
        pytest.param(
            "a:\n    b:\n        c: 1\n    d: 2\n",
            lambda at: move(at("a.b.c"), at("x.w.z")),
            "a:\n    b: {}\n    d: 2\nx:\n    w:\n        z: 1\n",
            id="mappings on the way are made",
        ),
        pytest.param(
            "a: |\n  x\n\n   y\nb:\n  c: 1\n  d: 2\n",
            lambda at: move(at("a"), at("b.a"), after="c"),
            "b:\n  c: 1\n  a: |\n    x\n\n     y\n  d: 2\n",
            id="a block scalar, behind a key",
        ),
        pytest.param(
            "a: {}\nb:\n  c: 1 # one\nd: 1\n",
            lambda at: move(at("b"), at("a.b")),
            "a:\n  b:\n    c: 1 # one\nd: 1\n",
            id="into empty braces",
        ),
        pytest.param(
            "a: {b: 1, c: 2}\nd:\n  e: 1\n",
            lambda at: move(at("a.b"), at("d.b")),
            "a: {c: 2}\nd:\n  e: 1\n  b: 1\n",
            id="out of braces",
        ),
        pytest.param(
            "b:\n  c: 1\na: {d: 1}\n",
            lambda at: move(at("b"), at("a.b")),
            "a: {d: 1, b: {c: 1}}\n",
            id="into braces",
        ),
        pytest.param(
            "b: 1 # b\na: {d: 1}\n", lambda at: move(at("b"), at("a.b")), None, id="a comment cannot go into braces"
        ),
        pytest.param("a: 1\nb: 2\n", lambda at: move(at("a"), at("b")), None, id="there is one already"),
        pytest.param(
            "a:\r\n  b: 1\r\n  c:\r\n    d: 1\r\n",
            lambda at: move(at("a.c.d"), at("a.d")),
            "a:\r\n  b: 1\r\n  c: {}\r\n  d: 1\r\n",
            id="CRLF",
        ),
    ],
)
def test_move(text: str, change: Make, expected: str | None) -> None:
    assert fix(text, change) == expected


@pytest.mark.parametrize(
    ("text", "change", "expected"),
    [
        pytest.param(
            "s:\n  # db\n  app: db # one\n  # two\n  tier: x\n",
            lambda at: nest(at("s"), "matchLabels", "app", "tier"),
            "s:\n  # db\n  matchLabels:\n    app: db # one\n    # two\n    tier: x\n",
            id="all entries",
        ),
        pytest.param(
            "- s:\n    a: 1\n    b: 2\n    c: 3\n",
            lambda at: nest(at("0.s"), "x", "a", "c"),
            "- s:\n    x:\n      a: 1\n      c: 3\n    b: 2\n",
            id="entries that stand apart",
        ),
        pytest.param("- a: 1\n  b: 2\n", lambda at: nest(at("0"), "x", "a"), "- x:\n    a: 1\n  b: 2\n", id="an item"),
        pytest.param(
            "s: {app: db}\n", lambda at: nest(at("s"), "matchLabels", "app"), "s: {matchLabels: {app: db}}\n", id="flow"
        ),
        pytest.param(
            "s: {a: 1, b: 2, c: 3}\n",
            lambda at: nest(at("s"), "x", "a", "c"),
            "s: {b: 2, x: {a: 1, c: 3}}\n",
            id="apart",
        ),
        pytest.param('{"a": {"b": 1}}', lambda at: nest(at("a"), "x", "b"), '{"a": {"x": {"b": 1}}}', id="JSON"),
        pytest.param("a: 1\nb: 2\n", lambda at: nest(at("a"), "x", "b"), None, id="no mapping"),
    ],
)
def test_nest(text: str, change: Make, expected: str | None) -> None:
    assert fix(text, change) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "a:\n- b: 1\n# c\n- c: 2 # two\n- d: 3\n", "a:\n- b: 1\n# c\n  c: 2 # two\n- d: 3\n", id="a blank"
        ),
        pytest.param(
            "a:\n  - b: 1\n  -   c:\n        - 2\n      d: 1\n",
            "a:\n  - b: 1\n    c:\n      - 2\n    d: 1\n",
            id="indented otherwise",
        ),
        pytest.param("a:\n- b: 1\n-\n  c: 2\n", "a:\n- b: 1\n  c: 2\n", id="a dash on a line of its own"),
        pytest.param("a:\n- {b: 1}\n- {c: 2}\n", "a:\n- {b: 1, c: 2}\n", id="items in braces"),
        pytest.param("a: [{b: 1}, {c: 2}]\n", "a: [{b: 1, c: 2}]\n", id="in brackets"),
        pytest.param("a:\n- b: 1\n- {c: 2}\n", "a:\n- b: 1\n  c: 2\n", id="one in braces, one not"),
        pytest.param("a:\n- b: 1\n- b: 2\n", None, id="a key of both"),
        pytest.param("a:\n- b: 1\n", None, id="only one"),
    ],
)
def test_join(text: str, expected: str | None) -> None:
    assert fix(text, lambda at: join(at("a.0"))) == expected


def test_changes_are_made_together() -> None:
    text = "a:\n- b: 1\n- c: 2\nd: 3\n"

    assert (
        fix(
            text,
            lambda at: set_to(at("d"), 4),
            lambda at: delete(at("a.0")),
            lambda at: rename(at("a.1.c"), "x"),
            lambda at: set_to(at("e"), 5),
        )
        == "a:\n- x: 2\nd: 4\ne: 5\n"
    )


def test_an_edit_is_no_longer_than_it_must_be() -> None:
    document = load(Source.of("a.yaml", "x: 1\n---\nport: 8080 # é\nname: a\n"), every=True).documents[1]
    place = Place(document.source, 1, ("port",))

    assert edits_of(document, (set_to(place, 8090),)) == (Edit(17, 18, "9"),)


def test_other_documents_stay_as_they_are() -> None:
    text = "\tbroken: [\n---\r\na: 1\r\n---\n# last\nb: {{ x }}\n"

    assert fix(text, lambda at: set_to(at("b"), 2), index=1) == text.replace("a: 1\r\n", "a: 1\r\nb: 2\r\n")


def test_an_item_of_a_list_is_an_object() -> None:
    text = "kind: List\napiVersion: v1\nitems:\n- kind: Service\n  apiVersion: v1\n  spec: {}\n"

    fixed = fix(text, lambda at: move(at("spec"), at("status.spec")), root=("items", 0))

    assert fixed == text.replace("  spec: {}\n", "  status:\n    spec: {}\n")


def test_json_keeps_the_characters_of_its_escapes() -> None:
    text = '{"kind": "A", "b": "\\ud83d\\ude00", "c": 1}'

    assert fix(text, lambda at: set_to(at("c"), 2)) == text.replace("1}", "2}")
    assert fix(text, lambda at: move(at("b"), at("d"))) == '{"kind": "A", "c": 1, "d": "\U0001f600"}'


@pytest.mark.parametrize(
    ("text", "change"),
    [
        pytest.param("a: 1\na: 2\n", lambda at: set_to(at("a"), 3), id="a document with faults"),
        pytest.param("a: [\n", lambda at: set_to(at("a"), 3), id="a document that cannot be read"),
        pytest.param("a: {{ x }}\n", lambda at: set_to(at("a"), 3), id="a template"),
        pytest.param("a: &x {c: 1}\nb: *x\n", lambda at: set_to(at("b.c"), 2), id="below an alias"),
        pytest.param("a: &x {c: 1}\nb: *x\n", lambda at: set_to(at("a.c"), 2), id="below an anchor in use"),
        pytest.param("a: &x {c: 1}\nb:\n  <<: *x\n", lambda at: rename(at("b.c"), "d"), id="a merged key"),
        pytest.param("a: 1\n", lambda at: set_to(at("b.c"), 2), id="below a key that is missing"),
        pytest.param("a:\n  b: 1 # why\n", lambda at: set_to(at("a"), 2), id="a comment would be lost"),
        pytest.param("a: 1\rb: 2\r", lambda at: set_to(at("c"), 2), id="lone carriage returns"),
        pytest.param("? a\n: 1\n", lambda at: set_to(at("b"), 2), id="a key with an indicator"),
        pytest.param("a: !!str 1\n", lambda at: set_to(at("a"), 2), id="a tag says otherwise"),
        pytest.param("a: 1\n", lambda at: set_to(at("a"), 1), id="nothing to do"),
        pytest.param("a: x\n", lambda at: delete(at("a.0")), id="a letter of a text"),
    ],
)
def test_refused(text: str, change: Make) -> None:
    assert fix(text, change) is None


def test_a_change_of_another_document_is_refused() -> None:
    document = load(Source.of("a.yaml", "a: 1\n---\nb: 1\n"), every=True).documents[0]

    assert edits_of(document, (set_to(Place(document.source, 1, ("a",)), 2),)) == ()


def test_a_part_is_written_in_the_style_of_the_whole() -> None:
    text = "a:\n    b: 1\n    c: [1, 2]\n    d: 3\n    e: 4\n"
    document = load(Source.of("test.yaml", text), every=True).documents[0]
    change = set_to(Place(document.source, 0, ("a", "d")), {"f": {"g": 5}})
    expected = "a:\n    b: 1\n    c: [1, 2]\n    d:\n        f:\n            g: 5\n    e: 4\n"
    assert apply_edits(text, Editor(document, whole=0).edits((change,))) == expected


def test_a_key_that_stands_outside_of_a_part_is_not_taken_twice() -> None:
    text = "a: 1\nb: 2\nc: 3\nd: 4\ne: 5\n"
    document = load(Source.of("test.yaml", text), every=True).documents[0]
    assert Editor(document, whole=0).edits((rename(Place(document.source, 0, ("a",)), "e"),)) == ()


def test_an_entry_that_is_put_into_its_own_key_stands_where_it_does_in_the_whole() -> None:
    text = "a: {b: 1}\nc: 2\nd: 3\ne: 4\n"
    document = load(Source.of("test.yaml", text), every=True).documents[0]
    change = Change(Op.MOVE, Place(document.source, 0, ("a",)), ("a", "a"))
    found = [apply_edits(text, Editor(document, whole=whole).edits((change,))) for whole in (0, len(text))]
    assert found == ["c: 2\nd: 3\ne: 4\na:\n  a: {b: 1}\n"] * 2


def test_an_item_that_moves_into_another_one_of_its_list() -> None:
    text = "a: [{a: b}, b, {}]\nc: 2\n"
    document = load(Source.of("test.yaml", text), every=True).documents[0]
    change = Change(Op.MOVE, Place(document.source, 0, ("a", 2)), ("a", 0, "new"))
    found = [apply_edits(text, Editor(document, whole=whole).edits((change,))) for whole in (0, len(text))]
    assert found == ["a: [{a: b, new: {}}, b]\nc: 2\n"] * 2


def test_a_text_without_parts_is_not_read_as_a_whole_for_ever() -> None:
    text = "a: &x 1\nb: *x\nc: *x\n"
    document = load(Source.of("test.yaml", text), every=True).documents[0]
    editor = Editor(document, whole=0, room=2 * len(text))
    change = (set_to(Place(document.source, 0, ("b",)), 2),)
    assert [bool(editor.edits(change)) for _ in range(3)] == [True, True, False]
