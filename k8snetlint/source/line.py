"""What one ordinary line of a manifest says, in a grammar narrow enough to be sure of.

Each pattern takes a part of YAML of which one reading is possible; all else is `Unusual`.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from k8snetlint.source.scalars import resolve, resolve_key

if TYPE_CHECKING:
    from k8snetlint.source.scalars import Scalar

_ASCII_TEXT = b"\t\n" + bytes(range(0x20, 0x7F))
_UNLIKE_TEXT = "[\0-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f\u3000\ud800-\uf8ff\ufe00-\uffff]"
"""Control characters, and what others take for white space, a line break, a mark or unprintable."""
_COMMENT = r"(?: +#.*| *)"
_KEY = r"""[A-Za-z0-9_][A-Za-z0-9_./-]{0,250}|"[A-Za-z0-9_ ./:-]{1,250}"|'[A-Za-z0-9_ ./:-]{1,250}'"""
_PLAIN = r"""(?:[^\s\-?:,\[\]{}#&*!|>'"%@`]|-(?=\S))(?:[^\s:]++|:(?=\S)| +(?=[^\s#]))*"""
_DOUBLE = r'"[^\t"\\]*"'
_SINGLE = r"'(?:[^\t']++|'')*'"
_ITEM = rf"[A-Za-z0-9_./][A-Za-z0-9_./-]*|{_DOUBLE}|{_SINGLE}"

_line = re.compile(rf"(- +)?(?:({_KEY}):(?= |$))?(.*)").fullmatch
_plain = re.compile(rf"({_PLAIN}){_COMMENT}").fullmatch
_quoted = re.compile(rf"({_DOUBLE}|{_SINGLE}){_COMMENT}").fullmatch
_block = re.compile(rf"([|>]-?){_COMMENT}").fullmatch
_flow_list = rf"\[ *(?:(?:{_ITEM})(?:, *(?:{_ITEM}))*)? *\]{_COMMENT}"
_flow_map = rf"\{{ *(?:(?:{_KEY}): +(?:{_ITEM})(?:, *(?:{_KEY}): +(?:{_ITEM}))*)? *\}}{_COMMENT}"
_pairs = rf"(?:({_KEY}): +)?({_ITEM})"

Line = tuple[int, int, "str | None", Any, bool]
"""The indentation, how far behind a dash the content stands (0: no dash), the key, the value, whether it is special.

A special value is `OPENS`, the style of a block scalar as a `Block`, or a collection that must be copied.
"""
BLANK: Line = (0, 0, None, None, False)


class Unusual(Exception):  # noqa: N818 - no error: another parser reads the text
    """The text holds something that is not ordinary."""


class Block(str):
    """The header of a block scalar: the lines below are its text."""

    __slots__ = ()


OPENS = Block()
"""In a value's place: the value is below, or there is none."""


def is_ordinary(text: str) -> bool:
    """Tell whether a text has no control characters, and beyond ASCII only letters and the like."""
    others = text.encode("utf-8", "surrogatepass").translate(None, _ASCII_TEXT)
    return not others or not re.search(_UNLIKE_TEXT, others.decode("utf-8", "surrogatepass"))


def read_line(line: str) -> Line:
    """Return what a line says.

    Raises:
        Unusual: the line is not one that may be read by itself.
    """
    body = line.lstrip(" ")
    if not body or body[0] == "#":
        return BLANK
    indent = len(line) - len(body)
    if body == "-":
        return indent, 1, None, OPENS, True
    parts = _line(body)
    if parts is None:
        raise Unusual
    dash, key, rest = parts.groups()
    if key is None:
        if not dash:
            raise Unusual
        return indent, len(dash), None, *_value(rest)
    return indent, len(dash or ""), _key(key), *_value(rest.lstrip(" "))


def _value(text: str) -> tuple[Any, bool]:
    """Return a value that stands on its line, and whether it is special."""
    found = _plain(text)
    if found:
        return _scalar(found[1]), False
    found = _quoted(text)
    if found:
        return _text(found[1]), False
    if not text or text[0] == "#":
        return OPENS, True
    found = _block(text)
    if found:
        return Block(found[1]), True
    if re.fullmatch(_flow_list, text):
        return [_item(item) for _, item in re.findall(_pairs, _flow(text))], True
    if re.fullmatch(_flow_map, text):
        pairs = [(_key(key), _item(item)) for key, item in re.findall(_pairs, _flow(text))]
        mapping = dict(pairs)
        if len(mapping) == len(pairs):
            return mapping, True
    raise Unusual


def _flow(text: str) -> str:
    """Return a flow collection without the comment behind it."""
    quoted = re.sub(r'"[^"]*"|\'[^\']*\'', lambda each: "x" * len(each[0]), text)
    return text[: re.search(r"[]}]", quoted).end()]  # type: ignore[union-attr]  # the pattern has matched


def _scalar(text: str) -> Scalar:
    value = resolve(text)
    if isinstance(value, float) and not math.isfinite(value):
        raise Unusual
    return value


def _key(text: str) -> str:
    if text[0] in "\"'":
        return text[1:-1]
    key = resolve_key(text)
    if key is None:
        raise Unusual
    return key


def _item(text: str) -> Scalar:
    return _text(text) if text[0] in "\"'" else _scalar(text)


def _text(quoted: str) -> str:
    return quoted[1:-1] if quoted[0] == '"' else quoted[1:-1].replace("''", "'")
