"""Edits that replace a scalar or a key, or add an entry, in an ordinary document: most fixes need no tree of the text.

The place is found in the text, and the edited lines are parsed again by the fast parser. Each line of an ordinary
document is read independently of the others, and no other line changes, so the document has the expected value.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from k8snetlint.edit.change import Edit, Op, Refused, is_same, trim
from k8snetlint.edit.replace import replace_edit
from k8snetlint.edit.text import Style, entry_lines, indent_lines, is_inline, scalar_text
from k8snetlint.source.fast_line import ORDINARY, Unusual, read_line
from k8snetlint.source.fast_parser import plain_value

if TYPE_CHECKING:
    from k8snetlint.edit.change import Change
    from k8snetlint.source.document import Document
    from k8snetlint.source.fast_line import Line
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.source.text import Span

_COMMENT_LINE = re.compile("( *)#")


def fast_edits(document: Document, changes: tuple[Change, ...]) -> tuple[Edit, ...] | None:
    """Return the edits of the source's text that `Editor` would make, None if it is needed to make them."""
    if len(changes) != 1 or document.faults:
        return None
    (change,) = changes
    if change.at.document != document.index or change.at.source.name != document.source.name:
        return None
    try:
        edit = _edit(document, change)
    except (Unusual, Refused, LookupError, TypeError):
        return None
    return (Edit(document.base + edit.start, document.base + edit.end, edit.text),)


def _edit(document: Document, change: Change) -> Edit:
    """Return the edit of a document's text that makes a change.

    Raises:
        Unusual, Refused, LookupError, TypeError: it is not a simple change.
    """
    if change.op is Op.REPLACE:
        return replace_edit(document, change)
    if type(document.value) not in (dict, list):
        raise Unusual
    *outer, last = change.path
    holder = document.value
    for step in outer:
        holder = holder[step]
    if change.op is Op.SET and isinstance(holder, dict) and last not in holder:
        return _add(document, tuple(outer), holder, change)
    if change.op is Op.SET and type(holder) in (dict, list):
        return _set(document, change, holder[last])
    if change.op is Op.RENAME and isinstance(holder, dict) and last in holder and change.value not in holder:
        return _rename(document, change)
    raise Unusual


def _set(document: Document, change: Change, old: Any) -> Edit:
    """Return the edit that replaces a scalar and keeps its quotes."""
    if old is None or isinstance(old, dict | list) or is_same(old, change.value):
        raise Unusual
    text = document.text
    start, end = _find(document, change.path)
    quote = text[start] if text[start] in "'\"" else ""
    edit = Edit(start, end, scalar_text(change.value, quote))
    before, after = _parts_before_and_after(text, edit)
    if after[:4] != before[:4] or not after[5] == before[5] == ORDINARY or not is_same(after[4], change.value):
        raise Unusual
    return trim(text, edit)


def _rename(document: Document, change: Change) -> Edit:
    """Return the edit that renames a key."""
    start, end = _find(document, change.path, key=True)
    edit = Edit(start, end, scalar_text(change.value))
    before, after = _parts_before_and_after(document.text, edit)
    if after != (*before[:3], change.value, *before[4:]) or not is_same(after[4], before[4]):
        raise Unusual
    return trim(document.text, edit)


def _add(document: Document, outer: FieldPath, holder: dict[str, Any], change: Change) -> Edit:
    """Return the edit that adds an entry after the first or second one of a mapping, indented like the first one."""
    text, names = document.text, list(holder)
    previous = change.after if change.after in holder else names[-1]
    if previous not in names[:2] or holder[previous] is None:
        raise Unusual
    start, _ = _find(document, (*outer, previous), key=True)
    _, end = _find(document, (*outer, previous))
    at = text.find("\n", end) + 1
    column = _column(text, start)
    comment = _COMMENT_LINE.match(text, at)
    belongs = comment is not None and (len(comment[1]) > column or isinstance(holder[previous], list))
    # A block scalar ends where the next line begins.
    if belongs or not at or text[end - 1] == "\n":
        raise Unusual
    step = _indentation(document, (*outer, names[0]), holder[names[0]]) if _is_indented(change.value) else 0
    name = str(change.path[-1])
    lines = indent_lines(entry_lines(name, change.value, Style(step)), column)
    added = "\n".join([*lines, ""])
    expected = {previous: holder[previous], name: change.value}
    if not is_same(plain_value(" " * column + text[start:at] + added), expected):
        raise Unusual
    return Edit(at, at, added)


def _indentation(document: Document, path: FieldPath, value: Any) -> int:
    """Return how much further right a mapping is than its key."""
    start, _ = _find(document, path)
    key, _ = _find(document, path, key=True)
    if not isinstance(value, dict) or "\n" not in document.text[key:start]:
        raise Unusual
    return _column(document.text, start) - _column(document.text, key)


def _is_indented(value: Any) -> bool:
    """Tell whether a value has indented lines of its own; a value with lists is unusual."""
    if is_inline(value):
        return False
    if not isinstance(value, dict):
        raise Unusual
    for each in value.values():
        _is_indented(each)
    return True


def _find(document: Document, path: FieldPath, *, key: bool = False) -> Span:
    """Return where a field is written in the document's text."""
    start, end = document.find(path, key=key)
    return start - document.base, end - document.base


def _parts_before_and_after(text: str, edit: Edit) -> tuple[Line, Line]:
    """Return the parts of a line before and after an edit."""
    start, end = text.rfind("\n", 0, edit.start) + 1, text.find("\n", edit.end)
    end = len(text) if end < 0 else end
    return read_line(text[start:end]), read_line(text[start : edit.start] + edit.text + text[edit.end : end])


def _column(text: str, at: int) -> int:
    return at - text.rfind("\n", 0, at) - 1
