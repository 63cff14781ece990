from __future__ import annotations

import time

import pytest

from k8snetlint.source.document import Document, Source
from k8snetlint.source.fast_parser import DEPTH_LIMIT
from k8snetlint.source.marked_parser import parse
from k8snetlint.source.marks import Mapping
from k8snetlint.source.text import Text


def read(text: str, *, pure: bool = False) -> Document:
    document = Document(Source.of("test.yaml", text), 0, text)
    document.value, document.faults = parse(text, pure=pure)
    document._marked = document.value  # noqa: SLF001 - places of this very parser
    return document


def faults(document: Document, text: str) -> list[tuple[str, str, str]]:
    return [(fault.id, fault.message, text[slice(*fault.span)]) for fault in document.faults]


MERGE_FAULT = "map merge requires map or sequence of maps as the value"
MERGES: list[tuple[str, str, object]] = [
    ("a merge key adds", "a: &a {x: 1}\nb: {<<: *a, w: 2}", {"x": 1, "w": 2}),
    ("a later key wins", "a: &a {x: 1}\nb: {<<: *a, x: 2}", {"x": 2}),
    ("an earlier key loses", "a: &a {x: 1}\nb: {x: 2, <<: *a}", {"x": 1}),
    ("of a list the first wins", "a: [&a {x: 1}, &b {x: 2, w: 3}]\nb: {<<: [*a, *b]}", {"x": 1, "w": 3}),
    ("an inline mapping", "b: {<<: {x: 1}, w: 2}", {"x": 1, "w": 2}),
    ("a quoted merge key is a key", 'b: {"<<": {x: 1}}', {"<<": {"x": 1}}),
    ("merges of merges", "a: &a {x: 1}\nc: &c {<<: *a, z: 3}\nb: {<<: *c, w: 2}", {"x": 1, "z": 3, "w": 2}),
]


@pytest.mark.parametrize("pure", [False, True], ids=["C", "pure"])
@pytest.mark.parametrize(("text", "value"), [row[1:] for row in MERGES], ids=[row[0] for row in MERGES])
def test_merge_keys(text: str, value: object, *, pure: bool) -> None:
    document = read(text, pure=pure)

    assert document.faults == []
    assert document.value["b"] == value


def test_a_merged_key_stands_where_it_was_written() -> None:
    text = "a: &a\n  x: 1\nb:\n  <<: *a\n  y: 2\n"
    document = read(text)

    assert document.locate(("b", "x")) == (text.index("1"), text.index("1") + 1)


def test_an_alias_shares_and_a_redefined_anchor_names_the_last() -> None:
    document = read("a: &x [1]\nb: *x\nc: &x 2\nd: *x\nname: &app web\nlabel: *app\nagain: &app api\nsecond: *app")

    assert document.value["a"] is document.value["b"]
    assert (document.value["d"], document.value["label"], document.value["second"]) == (2, "web", "api")


FAULTS: list[tuple[str, str, list[tuple[str, str, str]]]] = [
    ("an unknown anchor", "a: *b", [("yaml-syntax", "unknown anchor 'b' referenced", "*b")]),
    ("an anchor within itself", "a: &a [*a]", [("yaml-syntax", "anchor 'a' value contains itself", "*a")]),
    ("a mapping as key", "a: {{ x }}", [("yaml-syntax", "a mapping or null cannot be a key", "{ x }")]),
    ("null as key", "~: 1\nb: 2", [("yaml-syntax", "a mapping or null cannot be a key", "~")]),
    ("infinity", "a: .inf", [("yaml-syntax", "json: unsupported value: +Inf", ".inf")]),
    ("not a number", "a: [.nan]", [("yaml-syntax", "json: unsupported value: NaN", ".nan")]),
    ("a tag that does not fit", "a: !!int x", [("yaml-syntax", "cannot decode !!str `x` as a !!int", "!!int x")]),
    (
        "a merge of a scalar",
        "a: {<<: 1}",
        [("yaml-syntax", MERGE_FAULT, "<<")],
    ),
    (
        "a second document in one part",
        "a: 1\n...\nb: 2",
        [("yaml-syntax", "kubectl reads only the first document of this part; what begins here is ignored", "b")],
    ),
    ("a tab", "a:\n\tb: 1", [("yaml-syntax", "", "")]),
    ("a NUL", "a: \0", [("yaml-syntax", "control characters are not allowed: #x0000", "\0")]),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_faults_are_named_where_they_stand(text: str, expected: list[tuple[str, str, str]]) -> None:
    found = faults(read(text), text)

    if expected[0][1]:
        assert found == expected
    else:
        assert [fault[0] for fault in found] == [expected[0][0]]


@pytest.mark.parametrize("pure", [False, True], ids=["C", "pure"])
def test_a_duplicate_key_names_both_places_and_the_last_value_stays(*, pure: bool) -> None:
    text = "spec:\n  ports: [1]\n  type: A\n  ports:\n  - 2\n"
    document = read(text, pure=pure)
    (fault,) = document.faults

    assert (fault.id, fault.message) == ("api-duplicate-key", 'key "ports" already set in map')
    assert fault.path == ("spec", "ports")
    assert fault.span == (text.rindex("ports"), text.rindex("ports") + 5)
    assert fault.related[0][0] == (text.index("ports"), text.index("ports") + 5)
    assert document.value == {"spec": {"type": "A", "ports": [2]}}
    assert document.locate(("spec", "ports", 0)) == (text.index("2"), text.index("2") + 1)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        pytest.param("m: {<<: {a: 1, a: 2}}", ("m", "<<", "a"), id="the first entry of its mapping"),
        pytest.param("m: {b: 1, <<: {a: 1, a: 2}}", ("m", "<<", "a"), id="a later entry"),
        pytest.param("m: {<<: [{a: 1, a: 2}]}", ("m", "<<", 0, "a"), id="in a list of mappings"),
        pytest.param("m: {<<: {b: {a: 1, a: 2}}}", ("m", "<<", "b", "a"), id="below it"),
    ],
)
def test_a_duplicate_key_in_what_is_merged(text: str, path: tuple[str | int, ...]) -> None:
    (fault,) = read(text).faults

    assert (fault.id, fault.path) == ("api-duplicate-key", path)


def test_a_colon_in_a_flow_list_is_read_as_the_server_reads_it() -> None:
    document = read('hosts: [web:80, 001:db8::]\t# two\na: {b:c: d, e: &f g, *f:h, "i":j}')

    assert document.faults == []
    assert document.value == {"hosts": ["web:80", "001:db8::"], "a": {"b:c": "d", "e": "g", "g": "h", "i": "j"}}


READINGS: list[tuple[str, str, object]] = [
    ("the tag ! makes text", "a: ! 80\nb: ! null\n! 1: ! yes", {"a": "80", "b": "null", "1": "yes"}),
    ("a binary key", "{!!binary YQ==: 1, !!binary 'Yg==': 2}", {"a": 1, "b": 2}),
    (
        "keys with tags",
        "{!!float 1: a, !!int '2': b, !!merge c: d, !!str ~: e}",
        {"1": "a", "2": "b", "c": "d", "~": "e"},
    ),
    ("an anchor of a key has its type", "&a 80: x\n&b yes: *a\n*b : *b", {"80": "x", "true": True}),
    ("an alias as a key", "a: &x 0x50\n*x : b", {"a": 80, "80": "b"}),
    ("an alias of << is a key", "a: &x <<\n*x : b", {"a": "<<", "<<": "b"}),
    ("a merge key with a tag", "{! <<: {a: 1}, !!merge <<: {b: 2}}", {"a": 1, "b": 2}),
    ("a key twice around a merge key", "x: {p: 1, <<: {p: 2}, p: 3}", {"x": {"p": 3}}),
    ("a number that is overridden", "x: {<<: [{a: 1}, {a: .nan}], <<: {b: .inf}, b: 2}", {"x": {"a": 1, "b": 2}}),
    ("a byte order mark within", "# x\n\ufeffa: 1\n\ufeffb: 'c\ufeff'", {"\ufeffa": 1, "\ufeffb": "c\ufeff"}),
    ("a slash that is not escaped", "{a: \"\\\\/\", b: '\\/', c: \\/}", {"a": "\\/", "b": "\\/", "c": "\\/"}),
]


@pytest.mark.parametrize("pure", [False, True], ids=["C", "pure"])
@pytest.mark.parametrize(("text", "value"), [row[1:] for row in READINGS], ids=[row[0] for row in READINGS])
def test_readings(text: str, value: object, *, pure: bool) -> None:
    document = read(text, pure=pure)

    assert document.value == value
    assert {fault.id for fault in document.faults} <= {"api-duplicate-key"}


@pytest.mark.parametrize(
    ("text", "message", "found"),
    [
        pytest.param('a: "b\\\\\\/"', "found unknown escape character", "\\", id="a slash"),
        pytest.param('&a !!str "\\/"', "found unknown escape character", "\\", id="behind an anchor and a tag"),
        pytest.param("a: [&n .nan]\nb: *n", "json: unsupported value: NaN", "&n .nan", id="no number, with an anchor"),
        pytest.param("a: &n .nan\na: 1\nb: *n", "json: unsupported value: NaN", "*n", id="an alias of what is dropped"),
        pytest.param("a: !!float .inf", "json: unsupported value: +Inf", "!!float .inf", id="with a tag"),
        pytest.param("a: &l [{b: c}]\nd: {<<: *l}", MERGE_FAULT, "<<", id="a merge of an alias of a list"),
        pytest.param("{!!binary Y: a}", "!!binary value contains invalid base64 data", "!!binary Y", id="no base64"),
        pytest.param(
            "a: b\n\ufeff", "while scanning a simple key, could not find expected ':'", None, id="a mark behind"
        ),
    ],
)
def test_what_the_server_cannot_read(text: str, message: str, found: str | None) -> None:
    fault = next(each for each in read(text).faults if each.id == "yaml-syntax")

    assert fault.message == message
    assert found is None or text[slice(*fault.span)] == found


@pytest.mark.parametrize("escape", [r"\ud800", r"\ud83d\ude00", r"\U00110000"])
def test_escapes_of_no_character_are_faults_to_both_parsers(escape: str) -> None:
    text = f'a: [x:y, "{escape}"]'

    assert [fault.id for pure in (False, True) for fault in read(text, pure=pure).faults] == ["yaml-syntax"] * 2


PLACES = """\
# comment
metadata:
  name: web
  labels: {app: "web", tier: 'x'}
spec:
  ports:
  - port: 80
    name: http
  empty:
  nothing: {}
  text: |
    two
    lines
"""


@pytest.mark.parametrize("pure", [False, True], ids=["C", "pure"])
@pytest.mark.parametrize(
    ("path", "key", "expected"),
    [
        pytest.param(("metadata", "name"), False, "web", id="a plain value"),
        pytest.param(("metadata", "name"), True, "name", id="a key"),
        pytest.param(("metadata", "labels", "app"), False, '"web"', id="a quoted value with its quotes"),
        pytest.param(("metadata", "labels"), False, "{app: \"web\", tier: 'x'}", id="a flow mapping"),
        pytest.param(("spec", "ports", 0), False, "port: 80\n    name: http", id="an item ends with its last child"),
        pytest.param(("spec", "ports", 0, "port"), False, "80", id="a value in a list item"),
        pytest.param(("spec", "ports", 0, "nodePort"), False, "p", id="a missing field of an item"),
        pytest.param(("spec", "selector"), False, "spec", id="a missing field stands at its parent's key"),
        pytest.param(("metadata", "labels", "x", "y"), False, "labels", id="a field of a missing field"),
        pytest.param(("status",), False, "metadata", id="a missing field of the document"),
        pytest.param(("spec", "empty"), False, "empty", id="a value that is not written stands at its key"),
        pytest.param(("spec", "nothing"), False, "{}", id="an empty mapping stands where it is written"),
        pytest.param((), False, "metadata", id="the document"),
    ],
)
def test_places(path: tuple[str | int, ...], expected: str, *, key: bool, pure: bool) -> None:
    document = read(PLACES, pure=pure)

    assert PLACES[slice(*document.locate(path, key=key))] == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: " + "[" * 100_000, id="flow lists"),
        pytest.param("a: " + "{a: " * 50_000, id="flow mappings"),
        pytest.param("- " * 50_000 + "a", id="block lists on one line"),
        pytest.param("".join(" " * level + "a:\n" for level in range(2_000)), id="indentation"),
    ],
)
def test_depth_is_bounded_before_it_costs(text: str) -> None:
    before = time.process_time()
    document = read(text)

    assert [fault.message for fault in document.faults] == [f"nested deeper than {DEPTH_LIMIT} levels"]
    assert time.process_time() - before < 5  # CPU time: an unbounded parser needs minutes


def test_depth_within_the_limit_is_read() -> None:
    document = read("[" * DEPTH_LIMIT + "]" * DEPTH_LIMIT)

    assert document.faults == []


def test_alias_bombs_are_refused_with_their_line() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 12)]
    text = "\n".join(lines)
    (fault,) = read(text).faults

    assert fault.message.startswith("document contains excessive aliasing")
    assert text[slice(*fault.span)].startswith("*a")


def test_merge_bombs_are_refused() -> None:
    keys = "\n".join(f"  k{number}: 1" for number in range(2_000))
    uses = "\n".join("- <<: [*m, *m]" for _ in range(1_000))
    (fault,) = read(f"m: &m\n{keys}\nuses:\n{uses}\n").faults

    assert fault.message == "document contains excessive aliasing: merge keys"


def test_positions_count_code_points_and_every_kind_of_line_end() -> None:
    text = Text("ä\r\nb\rc\nd")

    assert [text.position(offset) for offset in (0, 3, 5, 7)] == [(1, 1), (2, 1), (3, 1), (4, 1)]
    assert [text.line(number) for number in (1, 2, 3, 4)] == ["ä", "b", "c", "d"]


def test_values_are_plain_dicts_and_lists_to_everybody_else() -> None:
    value = read("a: [1, {b: c}]").value

    assert isinstance(value, Mapping)
    assert value == {"a": [1, {"b": "c"}]}


def test_many_merge_keys_of_one_mapping_are_read() -> None:
    text = "".join(f"a{number}: &a{number} {{k{number}: v}}\n" for number in range(3000))
    text += "all:\n" + "".join(f"  <<: *a{number}\n" for number in range(3000))
    value, faults = parse(text)
    assert value["all"] == {f"k{number}": "v" for number in range(3000)}
    assert faults == []


def test_of_a_key_that_stands_many_times_the_last_one_is_kept() -> None:
    text = "a: .nan\nb: {c: .inf, d: .nan}\na: 1\ne: .nan\nb: 2\na: 3\nf: 4\na: 5\n"
    value, faults = parse(text)
    assert list(value.items()) == [("e", None), ("b", 2), ("f", 4), ("a", 5)]
    assert [text[each.start_mark.index : each.end_mark.index] for each in value.keys_at] == ["e", "b", "f", "a"]
    assert [text[each.start_mark.index : each.end_mark.index] for each in value.values_at] == [".nan", "2", "4", "5"]
    found = [(text[slice(*each.span)], [text[slice(*span)] for span, _ in each.related]) for each in faults]
    assert found == [("a", ["a"]), (".nan", []), ("b", ["b"]), ("a", ["a"]), ("a", ["a"])]
