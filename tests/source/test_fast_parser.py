"""The fast reading: what it takes, and what it leaves to the parser."""

from __future__ import annotations

import pytest

from k8snetlint.source.fast_line import Unusual
from k8snetlint.source.fast_parser import DEPTH_LIMIT, plain_value
from k8snetlint.source.marked_parser import parse

ORDINARY = [
    "a: b\n",
    "---\na: b # why\n",
    "# only a comment\n",
    "a:\n- b\n-   c: d\n    e: f\n",
    "a:\n  - b\n  -\n  - c:\nd:\n",
    "- a\n- b: c\n",
    "  a: b\n  c:\n     d: 1.5\n",
    "a: |\n\n  b\n\n    c\n  \td\n \n\ne: f\n",
    "a: |-\n  b\nc: >-\n  d\n  e\nf: >\n  g\n",
    'a: {}\nb: []\nc: [d, \'e\', "f"] # g\nh: {i: j, "k": 8}\n',
    "\"a\": 'b''c'\n'd': \"e # f: g\"\n",
    "a: {b: [c, 'd', \"e, [f: g]\"], 'h': [], i: [ 8,9 ]} # [j]}\nk:\n- {l: m, n: [on]}\n",
    "on: off\n8: 0o17\n1.5: 2e3\nnull_: ~\n",
    "a: --b=c\nd: e\nf: g:h#i\nj: http://k/l?m=n\no: p  q  # r\n",
    "a: b\r\nc: |\r\n  d\r\n  e\r\n",
    "a: größe # — dash\nb: 中文\n",
    "a:\n  b:\n    c: d\n# e\ne: f",
    "a:\n- --b\n- -c\n- 'd: e'\n- f:g\nh: -i\nj: ''\n",
    "a: |\n    b\n  \n\n     \n    c\nd: e\n",
    "a: b\n  c\n",
    "a: b\n  c d\n    e:f  \n  --g\n  'h' [i]\nj: k\n",
    "a: 1\n  2\nb: ~\n  ~\nc: 2001-01-01\n  10:00:00\n",
    "a:\n  b: c\n\n    d\n\n\n    e\n\n  f: g\n",
    "a:\n- b\n  c\n- d: e\n    f\n  g: h\n- i\n",
    "a:\n  b c\n  d\ne:\n\n  f\ng:\n- h\n-\n  i\n",
    "a:\n  {}\nb:\n  [c, d]\ne:\n  'f'\ng:\n  true\nh:\n  8\n",
    "a: 'b\n  c'\nd: 'e''f\n\n  # g: h\n\n\n  - i''''j'\nk: l\n",
    'a: "b\n  c: d\n  e"\nf:\n- "g\n  h"\n- i: "j  \n    k"\n',
    "a:\n  'b\n  c'\nd: '\n  e'\nf: 'g\n  '\n",
    'a: "b\\"c\\"" # d\ne: "f\\\\g\\n\\th"\n',
    "a: b\n  größe — c\nd: e\n",
    'a: "b \\\n  \\ c\\n\n\n  d\\" \\\\\n  e\\\n  f"\ng: "h\\\n  i"\n',
]
UNUSUAL = [
    'a: "b\\\n\n  c"\n',
    'a: "b\\ \n  c"\n',
    'a: "b\n  c\\x41"\n',
    "a: &b c\n",
    "a: *b\n",
    "a: !!str b\n",
    "a: b\na: c\n",
    "a: {b: c, b: d}\n",
    "a: {b: {c: d}}\n",
    "a: {b: [[c]]}\n",
    "a: [{b: c}]\n",
    "a: {b: [c}\n",
    "a: {b: [c: d]}\n",
    "a: {b:[c]}\n",
    "<<: a\n",
    "a: b # c\n  d\n",
    "a: b\n  c # d\n",
    "a: b\n  # c\n  d\n",
    "a: b\n  c: d\n",
    "a: b\n  c:\n",
    "a: 'b'\n  c\n",
    "a: [b]\n  c\n",
    "a: |\n    b: c\n  d\n",
    "a: b\nc\n",
    "a: b\n\nc\n",
    "a:\nb\n",
    "a: 'b\nc'\n",
    "a: 'b\n  c' d\n",
    "a: 'b\n  c' # d\n",
    "a: 'b\n  c\n",
    "a: 'b' 'c'\n",
    "a: b\n  - c\n",
    "a: b\n  c\td\n",
    'a: "\\u0062"\n',
    "a: .inf\n",
    "null: a\n",
    "? a\n",
    "a:\n\tb: c\n",
    "a: b\tc\n",
    "a: b # c\td\n",
    "a: |\n  b\n   ",
    "- - a\n",
    "-a: b\n",
    "a: b: c\n",
    "a: |2\n   b\n",
    "a: |\n  b",
    "a: |\nb: c\n",
    "a: b\n---\nc: d\n",
    "a:\n    b: c\n  d: e\n",
    "a: b\rc: d\n",
    "a: b\x85c\n",
    "a: \ufeffb\n",
    "a: \x01\n",
    "{a: b}\n",
    "%YAML 1.1\n",
    "a\n",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_lines_are_read_as_the_parser_reads_them(text: str) -> None:
    value, faults = parse(text)

    assert repr(plain_value(text)) == repr(value)
    assert faults == []


@pytest.mark.parametrize("text", UNUSUAL)
def test_everything_else_is_left_to_the_parser(text: str) -> None:
    with pytest.raises(Unusual):
        plain_value(text)


def test_deep_nesting_is_left_to_the_parser() -> None:
    with pytest.raises(Unusual):
        plain_value("".join(f"{' ' * depth}a:\n" for depth in range(300)))


@pytest.mark.parametrize("depth", range(DEPTH_LIMIT - 6, DEPTH_LIMIT + 1))
def test_what_stands_on_one_line_counts_as_nested(depth: int) -> None:
    text = "".join(f"{' ' * each}a:\n" for each in range(depth)) + f"{' ' * depth}b: {{c: [d]}}\n"
    expected, _ = parse(text)
    try:
        assert plain_value(text) == expected
    except Unusual:
        assert depth > DEPTH_LIMIT - 5


def test_what_two_documents_say_alike_is_not_shared() -> None:
    text = "a: [b]\nc: {d: e, f: [g]}\n"
    first = plain_value(text)
    first["a"].append("more")
    first["c"]["d"] = "more"
    first["c"]["f"].append("more")

    assert plain_value(text) == {"a": ["b"], "c": {"d": "e", "f": ["g"]}}
