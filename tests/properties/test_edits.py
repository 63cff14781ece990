"""Edits do what is meant or nothing: the text reads back as it should, and keeps what nobody wanted to change."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from k8snetlint.edit.change import Change, Op, apply_changes
from k8snetlint.edit.editor import Editor, apply_edits, edits_of
from k8snetlint.edit.fast import fast_edits
from k8snetlint.edit.text import scalar_text
from k8snetlint.source.document import Document, Place, Source
from k8snetlint.source.load import load
from k8snetlint.source.scalars import resolve

if TYPE_CHECKING:
    from k8snetlint.source.paths import FieldPath

NAMES = st.sampled_from(["app", "spec", "on", "80", "a b", "x: z", "it's", "matchLabels", "port", "#no", '"', "é"])
ALLOWED = st.characters(exclude_categories=["C", "Z"], exclude_characters="\ufffe\uffff") | st.sampled_from(
    " \n\t\r\u2028"
)
SCALARS = st.one_of(
    NAMES,
    st.text(ALLOWED, max_size=5),
    st.booleans(),
    st.none(),
    st.integers(-9, 99999),
    st.sampled_from([1.5, -0.25, 1e30]),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=8
)
ROOTS = st.dictionaries(NAMES, VALUES, min_size=1, max_size=4)
BEFORE, AFTER = "# first\nbroken: [\n---\n", "---\nlast: 1 # one\n\n"
MANIFEST = """\
# a shop
kind: NetworkPolicy
metadata:
  name: &app web
  labels: {app: *app, "tier": 'front', on: yes}   # more
spec:
  podSelector:
    matchLabels: &labels
      app: web # one
      # two
  ingress:
  - from:
    - podSelector: {matchLabels: {<<: *labels, role: "a\\tb"}}
    # peers
    - ipBlock:
        cidr: 10.0.0.0/8
        except: [
          10.1.0.0/16, # three
        ]
    ports:
    - port: 0x50

      protocol: TCP
    -
      # four
      port: 8e3
  note: |+
    two lines
      and one

  folded: >-   # five
    one
    two
  last:
"""
PIECES = [
    "- ",
    "  ",
    ": ",
    "'",
    '"',
    "{",
    "}",
    "[",
    "]",
    " #",
    "&a ",
    "*a",
    "!!int ",
    "|\n",
    ">-\n",
    "\t",
    "\n",
    "\r\n",
]
PIECES += ["<<: ", "? ", ", ", "~", "yes", "!foo ", "%", "\\", "---\n", "...\n", "{{", "\x85", "\r", "\ufeff", "é"]


class Writer:
    """Writes a value, in a style that is drawn for every part of it."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.comments = 0
        self.step = draw(st.sampled_from([2, 4]))
        self.commented = draw(st.booleans())

    def comment(self) -> str:
        if not self.commented or self.draw(st.integers(0, 3)):
            return ""
        self.comments += 1
        return f" # c{self.comments}"

    def scalar(self, value: Any, *, flow: bool) -> str:
        return scalar_text(value, self.draw(st.sampled_from(["", "'", '"'])), flow=flow)

    def flow(self, value: Any) -> str:
        comma = self.draw(st.sampled_from([", ", ",", ",\n     ", " , "]))
        pad = self.draw(st.sampled_from(["", " "]))
        if isinstance(value, dict):
            entries = [f"{self.scalar(key, flow=True)}: {self.flow(each)}" for key, each in value.items()]
            return f"{{{pad}{comma.join(entries)}{pad}}}"
        if isinstance(value, list):
            more = self.draw(st.booleans())
            last = "," if value and more else ""
            return f"[{pad}{comma.join(map(self.flow, value))}{last}{pad}]"
        return self.scalar(value, flow=True)

    def lines(self, value: Any, indent: int) -> list[str]:
        """Return the lines of a collection that is not empty."""
        pad = " " * indent
        found: list[str] = []
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            if self.commented and not self.draw(st.integers(0, 5)):
                found.append(pad + self.comment().strip())
            head = f"{self.scalar(key, flow=False)}:" if isinstance(value, dict) else "-"
            block = isinstance(each, dict | list) and bool(each) and self.draw(st.integers(0, 3)) > 0
            if not block:
                written = self.flow(each) if isinstance(each, dict | list) else self.scalar(each, flow=False)
                written = "" if each is None and self.draw(st.booleans()) else " " + written
                found.append(pad + head + written + self.comment())
            elif head == "-" and self.draw(st.integers(0, 4)):
                below = self.lines(each, indent + 2)
                first = next((at for at, line in enumerate(below) if not line.lstrip().startswith("#")), 0)
                below[first] = pad + "- " + below[first][indent + 2 :]
                found += below
            else:
                hanging = isinstance(each, list) and head != "-" and self.draw(st.booleans())
                found += [pad + head + self.comment(), *self.lines(each, indent + (0 if hanging else self.step))]
        return found


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, Any]:
    """Return a value, and a text that says it."""
    value = draw(ROOTS)
    style = draw(st.sampled_from(["block", "block", "block", "flow", "json", "pretty"]))
    writer = Writer(draw)
    if style == "block":
        text = "\n".join([*writer.lines(value, 0), *draw(st.sampled_from([[""], ["", "# end", ""], []]))])
    elif style == "flow":
        text = writer.flow(value) + "\n"
    else:
        text = json.dumps(value, indent=2 if style == "pretty" else None, ensure_ascii=False) + "\n"
    return (text.replace("\n", "\r\n") if draw(st.booleans()) else text), value


def paths(value: Any, path: FieldPath = ()) -> list[FieldPath]:
    """Return the paths of all entries and items."""
    known: list[FieldPath] = []
    for step, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        known += [(*path, step), *paths(each, (*path, step))]
    return known


def found(document: Document, path: FieldPath) -> Any:
    value = document.value
    for step in path:
        value = value[step]
    return value


@st.composite
def changes(draw: st.DrawFn, document: Document) -> Change:
    """Return a change that more often fits than not."""
    known = paths(document.value) or [("a",)]
    path = draw(st.sampled_from(known))

    def at(where: FieldPath) -> Place:
        return Place(document.source, document.index, where)

    op = draw(st.sampled_from(Op))
    after = draw(NAMES)
    match op:
        case Op.SET:
            where = draw(st.sampled_from([path, (*path, draw(NAMES)), (draw(NAMES),)]))
            return Change(op, at(where), draw(VALUES), after)
        case Op.INSERT:
            lists = [each for each in known if isinstance(each[-1], int)] or [path]
            where = draw(st.sampled_from(lists))
            last = where[-1]
            return Change(
                op, at((*where[:-1], last + draw(st.integers(0, 1)) if isinstance(last, int) else 0)), draw(VALUES)
            )
        case Op.RENAME:
            return Change(op, at(path), draw(NAMES))
        case Op.MOVE:
            to = draw(st.sampled_from([path, *known]))
            return Change(op, at(path), (*to[:-1], *draw(st.lists(NAMES, min_size=1, max_size=2))), after)
        case Op.NEST:
            path = draw(st.sampled_from([each[:-1] for each in known if len(each) > 1] or [path]))
            names = [each[len(path)] for each in known if each[: len(path)] == path and len(each) == len(path) + 1]
            inner = draw(st.lists(st.sampled_from(names or ["a"]), min_size=1, unique=True))
            return Change(op, at(path), (draw(NAMES), tuple(map(str, inner))))
        case Op.JOIN:
            items = [each for each in known if isinstance(each[-1], int) and isinstance(found(document, each), dict)]
            return Change(op, at(draw(st.sampled_from(items or [path]))))
        case Op.REPLACE:
            return Change(op, at(path), (0, draw(NAMES), draw(NAMES)))
        case _:
            return Change(op, at(path))


def meant(document: Document, change: Change) -> Any:
    return json.dumps(apply_changes(document.value, (change,)), sort_keys=True)


def comments(text: str) -> list[str]:
    return re.findall(r"(?<= )# ?c\d+", text)


@given(texts(), st.data())
def test_an_edit_does_what_is_meant_or_nothing(written: tuple[str, Any], data: st.DataObject) -> None:
    text, value = written
    with_others = not text.startswith("{") and data.draw(st.booleans())
    whole = BEFORE + text + "\n" + AFTER if with_others else text
    index = 1 if with_others else 0
    loaded = load(Source.of("test.yaml", whole), every=True)
    document = loaded.documents[index]
    assert document.faults == []
    assert document.value == value
    change = data.draw(changes(document))

    edits = edits_of(document, (change,))
    event(f"{change.op.name} {'edited' if edits else 'refused'}")
    if not edits:
        return
    after = apply_edits(loaded.text.text, edits)
    again = load(Source.of("test.yaml", after), every=True)
    assert [each.faults == [] for each in again.documents] == [each.faults == [] for each in loaded.documents]
    assert json.dumps(again.documents[index].value, sort_keys=True) == meant(document, change)
    if change.op is not Op.DELETE:
        assert sorted(comments(after)) == sorted(comments(whole))
    if with_others:
        assert after.startswith(BEFORE)
        assert after.endswith("\n" + AFTER)
    if "\r\n" in whole and not with_others:
        assert not re.search(r"(?<!\r)\n", after)
    if text.startswith('{"') and change.op is not Op.DELETE and json_reads(text):
        assert json_reads(after)
    if change.op is Op.SET:
        assert edits_of(again.documents[index], (change,)) == ()


def json_reads(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


@st.composite
def mutants(draw: st.DrawFn) -> str:
    """Return a manifest with some pieces put in, taken out or doubled."""
    text = MANIFEST
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(text)))
        end = min(len(text), at + draw(st.integers(0, 12)))
        text = text[:at] + draw(st.sampled_from([*PIECES, "", text[at:end] * 2])) + text[end:]
    return text


@given(mutants(), st.data())
def test_nothing_that_is_read_makes_an_edit_raise_or_go_wrong(text: str, data: st.DataObject) -> None:
    loaded = load(Source.of("test.yaml", text), every=True)
    for document in loaded.documents:
        change = data.draw(changes(document))
        edits = edits_of(document, (change,))
        if not edits:
            continue
        event(f"{change.op.name} edited")
        again = load(Source.of("test.yaml", apply_edits(loaded.text.text, edits)), every=True)
        assert len(again.documents) == len(loaded.documents)
        assert json.dumps(again.documents[document.index].value, sort_keys=True) == meant(document, change)
        assert again.documents[document.index].faults == []
        for one, other in zip(loaded.documents, again.documents, strict=True):
            if one.index != document.index:
                assert one.text == other.text


def fixes(document: Document, data: st.DataObject) -> tuple[Change, ...]:
    """Return the changes of one fix, none of which is about what another one changes."""
    first, second = data.draw(changes(document)), data.draw(changes(document))
    depth = min(len(first.path), len(second.path))
    return (first,) if first.path[:depth] == second.path[:depth] else (first, second)


@given(texts(), st.data())
def test_a_part_of_a_text_can_be_edited_where_the_whole_can(written: tuple[str, Any], data: st.DataObject) -> None:
    text, _ = written
    loaded = load(Source.of("test.yaml", text), every=True)
    for document in loaded.documents:
        wanted = fixes(document, data)
        found = [Editor(document, whole=whole).edits(wanted) for whole in (0, len(text))]
        event("edited" if all(found) else "refused")
        after = [load(Source.of("test.yaml", apply_edits(loaded.text.text, each)), every=True) for each in found]
        assert len({json.dumps(each.documents[document.index].value) for each in after}) == 1


@given(mutants(), st.data())
def test_edits_of_a_part_of_a_manifest_are_those_of_the_whole(text: str, data: st.DataObject) -> None:
    for document in load(Source.of("test.yaml", text), every=True).documents:
        wanted = fixes(document, data)
        edits = edits_of(document, wanted)
        event("edited" if edits else "refused")
        assert Editor(document, whole=0).edits(wanted) == edits


def check_simple_edits(document: Document, data: st.DataObject) -> None:
    """Hold the fast way against the general one, for changes of everything that is in a document."""
    number, name, text, value = data.draw(st.tuples(st.integers(0, 9), NAMES, SCALARS, VALUES))
    for path in paths(document.value):
        at, below = (Place(document.source, document.index, each) for each in (path, (*path, name)))
        after = next(iter(found(document, path)), "") if isinstance(found(document, path), dict) else ""
        wanted = [Change(Op.SET, at, text), Change(Op.RENAME, at, name), Change(Op.SET, below, value)]
        for change in (*wanted, Change(Op.SET, below, {name: {"a": text}}, after if number else name)):
            again = Document(document.source, document.index, document.text, document.base)
            again.value = document.value
            fast = fast_edits(again, (change,))
            if fast is not None:
                kind = f"{change.op.name}, {'added' if change.at is below else 'changed'}"
                event(kind)
                assert fast == Editor(document).edits((change,)) == Editor(document, whole=0).edits((change,))


@given(texts(), st.data())
def test_a_simple_edit_is_the_one_that_the_tree_leads_to(written: tuple[str, Any], data: st.DataObject) -> None:
    for document in load(Source.of("test.yaml", written[0]), every=True).documents:
        check_simple_edits(document, data)


SIMPLE = """\
# a peer
from:
  - podSelector:
        matchLabels:
          "app": web # one
          on: yes
          tier: 'front'
    # none
  - namespaceSelector: {}
    ports: [80, "x: y"]
  -
    ipBlock:
      cidr:  10.0.0.0/8
    other:
    - a: 1
      # - b
    last: null
name: |
  a: 1
  b: 2

port: 80   # two
policyTypes:
- Ingress
- "Egress"
empty:
"""


@given(st.sampled_from(["  ", "- ", "#", "'", "\n", ": ", "a", "", "    # c\n", "\r\n"]), st.data())
def test_a_simple_edit_of_a_manifest_is_the_one_that_the_tree_leads_to(piece: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(SIMPLE)))
    for document in load(Source.of("test.yaml", SIMPLE[:at] + piece + SIMPLE[at:]), every=True).documents:
        check_simple_edits(document, data)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        pytest.param((Op.SET, ("port",), 8080), "80", id="a number"),
        pytest.param(
            (Op.SET, ("from", 0, "podSelector", "matchLabels", "tier"), "back"), "back", id="a text in quotes"
        ),
        pytest.param((Op.SET, ("policyTypes", 0), "Egress"), "E", id="an item"),
        pytest.param((Op.RENAME, ("policyTypes",), "types"), "t", id="a key"),
        pytest.param(
            (Op.SET, ("from", 0, "namespaceSelector"), {"matchLabels": {"a": "b"}}, "podSelector"),
            "    namespaceSelector:\n        matchLabels:\n            a: b\n",
            id="an entry behind another one",
        ),
    ],
)
def test_simple_edits_need_no_tree(change: tuple[Any, ...], text: str) -> None:
    (document,) = load(Source.of("test.yaml", SIMPLE), every=True).documents
    op, path, *more = change

    edits = fast_edits(document, (Change(op, Place(document.source, 0, path), *more),))

    assert edits is not None
    assert [edit.text for edit in edits] == [text]


@given(st.one_of(st.text(max_size=8), SCALARS))
def test_a_scalar_reads_back(value: Any) -> None:
    text = scalar_text(value)
    if text[:1] != '"':
        assert resolve(text) == value
        assert type(resolve(text)) is type(value) or isinstance(value, float)
