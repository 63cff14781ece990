"""Entries and items that are taken out of a text: DELETE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import Edit, Refused
from k8snetlint.edit.tree import Entry, Kind, Node, skip

if TYPE_CHECKING:
    from k8snetlint.edit.buffer import Draft
    from k8snetlint.source.document import Span
    from k8snetlint.source.paths import FieldPath


def delete(draft: Draft, path: FieldPath) -> Draft:
    """Return the text without an entry or an item; a collection without any becomes `{}` or `[]`."""
    holder = draft.find(path[:-1])
    entry = holder.child(path[-1])
    if entry is None:
        raise Refused
    if holder.flow:
        return draft.edit(*_cut_from_flow(draft, holder, entry))
    if len(holder.children) > 1:
        return draft.edit(Edit(*_lines_of(draft, holder, entry), ""))
    if len(path) == 1:
        raise Refused
    return draft.edit(*_emptied(draft, draft.find(path[:-2]), holder, path[-2]))


def extent(draft: Draft, path: FieldPath) -> Span:
    """Return all that belongs to an entry or an item, with the comment on its last line."""
    entry = draft.find(path[:-1]).child(path[-1])
    if entry is None:
        raise Refused
    end = _behind_comma(draft, entry.end)
    line_end = draft.line_end(end)
    return entry.start, end if line_end is None else line_end


def _lines_of(draft: Draft, holder: Node, entry: Entry) -> Span:
    """Return the lines of an entry; of one that begins behind a dash, up to what then follows the dash."""
    below = draft.below(entry.end)
    if draft.is_first(entry.start):
        return draft.lines_out(entry.start, below)
    if entry is holder.children[-1]:
        raise Refused
    rest = draft.text[below:]
    return entry.start, below + len(rest) - len(rest.lstrip(" \r\n"))


def _emptied(draft: Draft, outer: Node, holder: Node, step: str | int) -> list[Edit]:
    """Return the edits that leave a collection of one entry in block style empty."""
    entry = outer.child(step)
    if entry is None or entry.value is not holder:
        raise Refused
    empty = "{}" if holder.kind is Kind.MAPPING else "[]"
    if draft.on_one_line(entry.start, holder.content):
        return [Edit(holder.content, holder.end, empty)]
    mark = entry.head if holder.named is None else holder.named
    only = holder.children[0]
    if not draft.is_first(only.start):
        raise Refused
    start, below = draft.lines_out(only.start, draft.below(only.end))
    if start < mark:
        raise Refused
    return [Edit(mark, mark, " " + empty), Edit(start, below, "")]


def _cut_from_flow(draft: Draft, holder: Node, entry: Entry) -> list[Edit]:
    """Return the edits that take an entry out of brackets, with one comma."""
    index = holder.children.index(entry)
    if len(holder.children) == 1:
        inside = (holder.content + 1, holder.end - 1)
        around = draft.text[inside[0] : entry.start] + draft.text[entry.end : inside[1]]
        if around.strip(" \t\r\n,"):
            return [Edit(entry.start, entry.end, ""), *_comma(draft, entry.end)]
        return [Edit(*inside, "")]
    own_lines = _own_lines(draft, holder, entry)
    if own_lines:
        last = index + 1 == len(holder.children) and _behind_comma(draft, entry.end) == entry.end
        return [own_lines, *(_comma(draft, holder.children[index - 1].end) if last else ())]
    if index + 1 < len(holder.children):
        following = holder.children[index + 1]
        if "#" in draft.text[entry.end : following.start]:
            return [Edit(entry.start, entry.end, ""), *_comma(draft, entry.end)]
        return [Edit(entry.start, following.start, "")]
    before = holder.children[index - 1]
    if "#" not in draft.text[before.end : entry.start]:
        return [Edit(before.end, entry.end, "")]
    return [Edit(entry.start, entry.end, ""), *_comma(draft, before.end)]


def _own_lines(draft: Draft, holder: Node, entry: Entry) -> Edit | None:
    """Return the edit that cuts the lines of an entry in brackets, None if anything else stands on them."""
    start, end = draft.line_start(entry.start), draft.line_end(_behind_comma(draft, entry.end))
    if start <= holder.content or draft.lead(entry.start).strip(" \t") or end is None:
        return None
    return Edit(start, draft.below(end), "")


def _behind_comma(draft: Draft, end: int) -> int:
    """Return where the comma ends that follows an entry in brackets, or where the entry ends."""
    comma = _comma(draft, end)
    return comma[0].end if comma else end


def _comma(draft: Draft, end: int) -> list[Edit]:
    """Return the edit that cuts the comma behind an entry in brackets, if there is one."""
    at = skip(draft.text, end)
    return [Edit(at, at + 1, "")] if draft.text[at : at + 1] == "," else []
