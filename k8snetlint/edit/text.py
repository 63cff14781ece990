"""New text for values: scalars with their quotes, collections in flow and in block style."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from k8snetlint.edit.change import Refused
from k8snetlint.source.scalars import resolve

_PLAIN = re.compile(r"[A-Za-z0-9_./](?:[A-Za-z0-9_./+@%~*$() -]|:(?=[A-Za-z0-9_./]))*")
_SHORT_NUMBERS = re.compile(r"[0-9:_.-]+")
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


class Style(NamedTuple):
    """How the text around an edit is written.

    Attributes:
        step: the indentation of a mapping below its key.
        dash: the indentation of a list below its key.
        quoted: keys and strings are in double quotes, as in JSON.
        tight: JSON without blanks.
    """

    step: int = 2
    dash: int = 2
    quoted: bool = False
    tight: bool = False

    @property
    def comma(self) -> str:
        """What separates entries in brackets."""
        return "," if self.tight else ", "

    @property
    def colon(self) -> str:
        """What follows a key in brackets."""
        return ":" if self.tight else ": "


def scalar_text(value: Any, quote: str = "", *, flow: bool = False) -> str:
    """Return a scalar that is read as `value`, in the quotes `quote` if they allow it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(int(value)) if isinstance(value, int) else repr(value)
    if not isinstance(value, str):
        raise Refused
    if quote == "'" and not _UNWRITABLE.search(value):
        return "'" + value.replace("'", "''") + "'"
    if quote not in ("'", '"') and _is_plain(value, flow=flow):
        return value
    # The escapes of JSON are escapes of YAML; characters that JSON allows and YAML does not are escaped, too.
    return _ESCAPED.sub(lambda each: f"\\u{ord(each[0]):04x}", json.dumps(str(value), ensure_ascii=False))


def _is_plain(text: str, *, flow: bool) -> bool:
    """Tell whether a text needs no quotes; what some parsers read as a time or a number needs them."""
    if not _PLAIN.fullmatch(text) or text[-1] == " " or (_SHORT_NUMBERS.fullmatch(text) and ":" in text):
        return False
    return resolve(text) == text and not (flow and ":" in text)


def is_inline(value: Any) -> bool:
    """Tell whether a value is written on the line of its key: a scalar, an empty collection, a list of scalars."""
    if isinstance(value, dict):
        return not value
    return not isinstance(value, list) or not any(isinstance(each, dict | list) for each in value)


def inline(value: Any, style: Style) -> str:
    """Return a value in flow style."""
    if isinstance(value, dict):
        return "{" + style.comma.join(flow_entry(str(key), each, style) for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + style.comma.join(inline(each, style) for each in value) + "]"
    return scalar_text(value, '"' if style.quoted else "", flow=True)


def flow_entry(key: str, value: Any, style: Style) -> str:
    """Return an entry of a mapping in braces."""
    return scalar_text(key, '"' if style.quoted else "", flow=True) + style.colon + inline(value, style)


def lines_of(value: Any, style: Style) -> list[str]:
    """Return the lines of a collection in block style; its own entries or items are not indented."""
    if isinstance(value, dict):
        return [line for key, each in value.items() for line in entry_lines(str(key), each, style)]
    return [line for each in value for line in item_lines(each, style, 2)]


def entry_lines(key: str, value: Any, style: Style) -> list[str]:
    """Return the lines of an entry in block style."""
    written = scalar_text(key)
    if is_inline(value):
        return [f"{written}: {_on_its_line(value, style)}"]
    return below_key(written, lines_of(value, style), style.step if isinstance(value, dict) else style.dash)


def below_key(key: str, lines: list[str], indent: int) -> list[str]:
    """Return the lines of a key and of its value below it."""
    return [f"{key}:", *indent_lines(lines, indent)]


def item_lines(value: Any, style: Style, width: int) -> list[str]:
    """Return the lines of an item whose value is `width` columns after its dash."""
    lines = [_on_its_line(value, style)] if is_inline(value) else lines_of(value, style)
    return as_item(lines, width)


def as_item(lines: list[str], width: int) -> list[str]:
    """Return lines as those of an item, whose value is `width` columns after its dash."""
    return ["-".ljust(width) + lines[0], *indent_lines(lines[1:], width)]


def _on_its_line(value: Any, style: Style) -> str:
    return inline(value, style) if isinstance(value, dict | list) else scalar_text(value)


def indent_lines(lines: list[str], by: int) -> list[str]:
    """Return lines with more blanks before them, or fewer if the number is negative; empty lines stay empty."""
    if by < 0:
        return [line[min(-by, len(line) - len(line.lstrip(" "))) :] for line in lines]
    return [" " * by + line if line.strip() else line for line in lines]
