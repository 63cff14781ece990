"""Reading one ordinary line of a manifest, in a grammar that is narrow enough to be certain.

Each pattern accepts a part of YAML that can be read in only one way; everything else is `Unusual`.
"""

from __future__ import annotations

import functools
import math
import re
from typing import TYPE_CHECKING, Any

from k8snetlint.source.scalars import is_text, resolve, resolve_key

if TYPE_CHECKING:
    from k8snetlint.source.scalars import Scalar

_ASCII_TEXT = b"\t\n" + bytes(range(0x20, 0x7F))
_UNLIKE_TEXT = "[\0-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f\u3000\ud800-\uf8ff\ufe00-\uffff]"
"""Control characters, and characters that some programs treat as white space, line break, mark or unprintable."""
_NO_START = frozenset(" -?:,[]{}#&*!|>'\"%@`")
_BLOCKS = frozenset(("|", ">", "|-", ">-"))

_COMMENT = r"(?: +#.*| *)"
_PLAIN_KEY = r"[A-Za-z0-9_][A-Za-z0-9_./-]{0,250}"
KEY = rf"""{_PLAIN_KEY}|"[A-Za-z0-9_ ./:-]{{1,250}}"|'[A-Za-z0-9_ ./:-]{{1,250}}'"""
_PLAIN = r"""(?:[^ \-?:,\[\]{}#&*!|>'"%@`]|-(?=[^ ]))(?:[^ :]++|:(?=[^ ])| +(?=[^ #]))*"""
_DOUBLE = r'"[^"\\]*"'
_SINGLE = r"'(?:[^']++|'')*'"
_ITEM = rf"[A-Za-z0-9_./][A-Za-z0-9_./-]*|{_DOUBLE}|{_SINGLE}"

_line = rf"({KEY}):(?= |$)(.*)"
_plain = rf"({_PLAIN}){_COMMENT}"
_quoted = rf"({_DOUBLE}|{_SINGLE}){_COMMENT}"
ESCAPE = r'\\["\\nt ]'
_escaped = rf'("(?:[^"\\]++|{ESCAPE})*+"){_COMMENT}'
_block = rf"([|>]-?){_COMMENT}"
_list = rf"\[ *(?:(?:{_ITEM})(?:, *(?:{_ITEM}))*)? *\]"
_entry = rf"(?:{KEY}): +(?:{_ITEM}|{_list})"
_flow_list = rf"({_list}){_COMMENT}"
_flow_map = rf"(\{{ *(?:{_entry}(?:, *{_entry})*)? *\}}){_COMMENT}"
_pairs = rf"({KEY}): +({_ITEM}|{_list})"

ORDINARY, OPENS, BLOCK, COPY, QUOTED, BLANK, CONTINUES = range(7)
"""The kind of a line's value: a scalar; none, or one in the lines below; the style of a block scalar whose text is
below; a collection that must be copied; the first line of a quoted scalar; none in an empty line; a further line of a
scalar."""

Line = tuple[int, int, int, "str | None", Any, int]
"""The parts of a line: its indentation if it has just a key and a scalar (else -2), its indentation, the distance from
the dash to the content (0: no dash), the key, the value, the kind of the value."""


class Unusual(Exception):  # noqa: N818 - not an error: another parser reads the text
    """The text has something that is not ordinary."""


def is_ordinary(text: str) -> bool:
    """Tell whether a text has no control characters, and outside of ASCII only letters and similar characters."""
    others = text.encode("utf-8", "surrogatepass").translate(None, _ASCII_TEXT)
    return not others or not re.search(_UNLIKE_TEXT, others.decode("utf-8", "surrogatepass"))


def read_line(line: str) -> Line:
    """Return the parts of a line.

    Raises:
        Unusual: the line cannot be read on its own.
    """
    body = line.lstrip(" ")
    indent = len(line) - len(body)
    dash, key, value, kind = _read(body)
    return -2 if dash or kind else indent, indent, dash, key, value, kind


def _read(body: str) -> tuple[int, str | None, Any, int]:
    """Return the parts of a line without its indentation: distance from a dash, key, value, kind."""
    # The only white space of a printable text is the blank.
    if not body.isprintable():
        raise Unusual
    if not body or body[0] == "#":
        return 0, None, None, BLANK
    if body == "-":
        return 1, None, None, OPENS
    dash, key, text = split_line(body)
    return dash, key, *read_value(text)


def split_line(body: str) -> tuple[int, str | None, str]:
    """Return the distance from a dash to the content, the key, and the text of the value, without blanks around it.

    Raises:
        Unusual: there is neither a dash nor a key.
    """
    dash = 0
    if body[0] == "-":
        if body[1:2] != " ":
            raise Unusual
        item = body[1:].lstrip(" ")
        dash = len(body) - len(item)
        body = item
    name, colon, text = body.partition(":")
    key = plain_key(name) if colon and (not text or text[0] == " ") else None
    if key is None:
        found = re.fullmatch(_line, body)
        if found:
            key, text = _key(found[1]), found[2]
        elif dash:
            return dash, None, body.rstrip(" ")
        else:
            raise Unusual
    return dash, key, text.strip(" ")


def read_value(text: str) -> tuple[Any, int]:
    """Return a value on the line of its key or dash, and its kind; blanks around it are stripped."""
    if not text:
        return None, OPENS
    first = text[0]
    starts = first not in _NO_START or (first == "-" and text[1:2] not in ("", " "))
    if starts and ": " not in text and " #" not in text and text[-1] != ":":
        return text if is_text(text) else scalar(text), ORDINARY
    if first in "\"'" and first == text[-1] and text.count(first) == 2 and "\\" not in text:
        return text[1:-1], ORDINARY
    if first == "#":
        return None, OPENS
    if text in _BLOCKS:
        return text, BLOCK
    return _rare_value(text)


def _rare_value(text: str) -> tuple[Any, int]:
    """Return a value that is followed by a comment, or is a flow collection; and its kind."""
    first = text[0]
    if first in "\"'":
        found = re.fullmatch(_quoted, text)
        if found:
            return _text(found[1]), ORDINARY
        found = re.fullmatch(_escaped, text)
        if found:
            return unescaped(found[1][1:-1]), ORDINARY
    elif first in "|>":
        found = re.fullmatch(_block, text)
        if found:
            return found[1], BLOCK
    elif first in "[{":
        return _flow(text), COPY
    else:
        found = re.fullmatch(_plain, text)
        if found:
            return scalar(found[1]), ORDINARY
    raise Unusual


def _flow(text: str) -> list[Scalar] | dict[str, Any]:
    """Return a flow collection."""
    found = re.fullmatch(_flow_list, text)
    if found:
        return _items(found[1])
    found = re.fullmatch(_flow_map, text)
    if found:
        pairs = [
            (_key(key), _items(item) if item[0] == "[" else _item(item)) for key, item in re.findall(_pairs, found[1])
        ]
        mapping = dict(pairs)
        if len(mapping) == len(pairs):
            return mapping
    raise Unusual


@functools.lru_cache(4096)
def plain_key(text: str) -> str | None:
    """Return the key that an unquoted text is, None if it is not certain."""
    return _key(text) if re.fullmatch(_PLAIN_KEY, text) else None


def scalar(text: str) -> Scalar:
    """Return the value of an unquoted scalar."""
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


def unescaped(text: str) -> str:
    """Return what a text in double quotes means, whose escapes are all like `ESCAPE`."""
    # Read from the left, two backslashes in a row are always one escape.
    return "\\".join(
        [
            part.replace(r"\"", '"').replace(r"\n", "\n").replace(r"\t", "\t").replace(r"\ ", " ")
            for part in text.split(r"\\")
        ]
    )


def _items(flow_list: str) -> list[Scalar]:
    return [_item(each) for each in re.findall(_ITEM, flow_list)]


def _item(text: str) -> Scalar:
    return _text(text) if text[0] in "\"'" else scalar(text)


def _text(quoted: str) -> str:
    return quoted[1:-1] if quoted[0] == '"' else quoted[1:-1].replace("''", "'")
