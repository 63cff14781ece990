from __future__ import annotations

import gzip

import pytest

from k8snetlint.source.split import LINE_LIMIT, NotText, decode, documents, overlong_line

PARTS: list[tuple[str, str, list[str]]] = [
    ("nothing", "", []),
    ("a separator only", "---", []),
    ("one document", "a: 1\n", ["a: 1\n"]),
    ("a separator first", "---\na: 1\n", ["a: 1\n"]),
    ("two documents", "a: 1\n---\nb: 2\n", ["a: 1\n", "b: 2\n"]),
    ("a comment behind the separator", "a: 1\n--- # x\nb: 2", ["a: 1\n", "b: 2"]),
    ("spaces behind the separator", "a: 1\n---  \t\r\nb: 2", ["a: 1\n", "b: 2"]),
    ("documents of comments only", "# a\n---\n\n---\n  # b\n---\nc: 3", ["c: 3"]),
    ("CRLF", "a: 1\r\n---\r\nb: 2\r\n", ["a: 1\r\n", "b: 2\r\n"]),
    ("an indented separator", "a: |\n  ---\nb: 2", ["a: |\n  ---\nb: 2"]),
    ("a directive is a document of its own", "%YAML 1.1\n---\na: 1", ["%YAML 1.1\n", "a: 1"]),
    ("JSON", '{"a": 1}', ['{"a": 1}']),
    ("several JSON values", '{"a": 1}\n {"b": 2}{"c": 3}\n', ['{"a": 1}', '{"b": 2}', '{"c": 3}']),
    ("a flow mapping that is no JSON", "{a: 1}\n---\nb: 2", ["{a: 1}\n", "b: 2"]),
    ("a separator behind a JSON value", '{"a": 1}\n---\n', ['{"a": 1}']),
    ("a separator on the line of a JSON value", '{"a": 1}---\nb: 2', ['{"a": 1}', "b: 2"]),
    ("YAML behind a JSON value", '{"a": 1} \nb: 2\n---\nc: 3', ['{"a": 1}', "b: 2\n", "c: 3"]),
    ("a comment behind a JSON value", '{"a": 1} # b\n', ['{"a": 1}']),
    ("two JSON values and what is no JSON", '{"a": 1}{"b": 2}\n---\nc: 3', ['{"a": 1}', '{"b": 2}', "---\nc: 3"]),
]


@pytest.mark.parametrize(("text", "parts"), [part[1:] for part in PARTS], ids=[part[0] for part in PARTS])
def test_a_stream_is_split_as_kubectl_splits_it(text: str, parts: list[str]) -> None:
    found = list(documents(text))

    assert [text[start:end] for (start, end), _ in found] == parts
    assert all(refused is None for _, refused in found)


def test_text_behind_a_separator_is_refused_and_the_rest_is_read() -> None:
    text = "a: 1\n--- foo\nb: 2\n"

    found = list(documents(text))

    assert [text[start:end] for (start, end), _ in found] == ["a: 1\n", "b: 2\n"]
    assert found[1][1] is not None
    assert text[slice(*found[1][1])] == "--- foo"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_tells_the_encoding(encoding: str) -> None:
    assert decode("kind: Ä".encode(encoding)) == "kind: Ä"


@pytest.mark.parametrize(
    ("content", "message", "offset"),
    [
        (gzip.compress(b"kind: Service"), "not a text: the file is compressed with gzip", 0),
        (b"\0GITCRYPT\0\xff\xfe", "not a text: the file is binary", 0),
        ("kind: Ä".encode("latin-1"), "not UTF-8: byte 0xc4", 6),
    ],
    ids=["gzip", "a git-crypt blob", "Latin-1"],
)
def test_what_is_no_text_is_said(content: bytes, message: str, offset: int) -> None:
    with pytest.raises(NotText) as caught:
        decode(content)

    assert (str(caught.value), caught.value.offset) == (message, offset)


def test_a_line_beyond_the_limit_is_found_before_any_parser_meets_it() -> None:
    line = "#" * LINE_LIMIT

    assert overlong_line("a: 1\n" + line) == (5, 5 + LINE_LIMIT)
    assert overlong_line("a: 1\n" + "x\n" * LINE_LIMIT) is None
