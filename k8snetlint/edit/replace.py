"""Replaces a part of a long scalar, such as one host name in a configuration file, and nothing around it.

The part is found where the text of a scalar is its value, letter by letter: in a literal block (`|`), where each line
is one of the value, and in a plain or quoted scalar of one line without escapes. Elsewhere nothing is replaced.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snetlint.edit.change import Edit, Refused
from k8snetlint.source.paths import value_at
from k8snetlint.source.scalars import resolve

if TYPE_CHECKING:
    from k8snetlint.edit.change import Change
    from k8snetlint.source.document import Document

_WORD = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.:-]*[A-Za-z0-9])?")
"""What means the same in every scalar."""
_HEADER = re.compile(r"\|[-+0-9]*[ \t]*(?:#.*)?\r?")
_ALIAS = re.compile(r"(?:^|[\s\[{,])[&*][A-Za-z0-9_]", re.MULTILINE)
"""What may let a text be the value of another field, too."""


def replace_edit(document: Document, change: Change) -> Edit:
    """Return the edit of a document's text that replaces a part of a scalar.

    Raises:
        Unusual, Refused: the part is not written as it is read.
    """
    start, old, new = change.value
    value = value_at(document.value, change.path)
    if not isinstance(value, str) or not value.startswith(old, start) or not (_WORD.fullmatch(old + new)):
        raise Refused
    first, last = document.locate(change.path)
    first, last = first - document.base, last - document.base
    text = document.text
    # The fast parser, which makes plain collections, reads no aliases.
    if type(document.value) is not dict and _ALIAS.search(text):
        raise Refused
    written = text[first:last]
    at = first + (_in_block(written, value, start) if written[:1] == "|" else _in_line(written, value, start))
    if not text.startswith(old, at) or (written == value and not _is_string(value, start, old, new)):
        raise Refused
    return Edit(at, at + len(old), new)


def _in_line(written: str, value: str, start: int) -> int:
    """Return the offset of a part in a plain or quoted scalar of one line."""
    if written == value:
        return start
    if written[:1] in ("'", '"') and written[1:-1] == value and "\\" not in value:
        return start + 1
    raise Refused


def _in_block(written: str, value: str, start: int) -> int:
    """Return the offset of a part in a literal block, whose first line is its header."""
    row, begin = value.count("\n", 0, start), value.rfind("\n", 0, start) + 1
    pieces = written.split("\n", row + 1)
    if len(pieces) != row + 2 or not _HEADER.fullmatch(pieces[0]):
        raise Refused
    line, own = pieces[-1].partition("\n")[0].rstrip("\r"), value[begin:].partition("\n")[0]
    indent = len(line) - len(own)
    if line != " " * indent + own:
        raise Refused
    return len(written) - len(pieces[-1]) + indent + start - begin


def _is_string(value: str, start: int, old: str, new: str) -> bool:
    changed = value[:start] + new + value[start + len(old) :]
    return resolve(changed) == changed
