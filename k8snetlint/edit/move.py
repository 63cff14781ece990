"""Entries that keep their text and stand elsewhere: MOVE, NEST and JOIN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.edit.change import Edit, Refused
from k8snetlint.edit.delete import delete
from k8snetlint.edit.insert import add_lines, put_below
from k8snetlint.edit.text import below_key, indented, scalar_text
from k8snetlint.edit.tree import Entry, Kind, Node

if TYPE_CHECKING:
    from k8snetlint.edit.buffer import Draft
    from k8snetlint.source.paths import FieldPath


def move(draft: Draft, path: FieldPath, to: FieldPath, after: str = "") -> Draft:
    """Return the text with the lines of an entry in another mapping; mappings on the way are made."""
    holder = draft.find(path[:-1])
    entry = holder.child(path[-1])
    if holder.flow or entry is None or entry.key is None or not to:
        raise Refused
    lines = _renamed_lines(draft, entry, to[-1])
    step = draft.style(entry.start).step
    draft = delete(draft, path)
    depth = _depth_of(draft, to[:-1])
    for key in reversed(to[depth:-1]):
        lines = below_key(_key(key), lines, step)
    place = draft.find(to[:depth])
    if place.kind is Kind.MAPPING and not place.flow:
        return add_lines(draft, place, lines, after if depth == len(to) - 1 else "")
    if place.kind is not Kind.MAPPING or place.children or not depth:
        raise Refused
    around = draft.find(to[: depth - 1])
    empty = around.child(to[depth - 1])
    if around.flow or empty is None:
        raise Refused
    return put_below(draft, empty, lines, step)


def _key(step: str | int) -> str:
    if not isinstance(step, str):
        raise Refused
    return scalar_text(step)


def _renamed_lines(draft: Draft, entry: Entry, name: str | int) -> list[str]:
    """Return the lines of an entry as if it stood furthest left, with another key."""
    if entry.key is None or entry.key.kind is not Kind.SCALAR:
        raise Refused
    key = draft.text[entry.start : entry.key.end]
    if name != entry.name:
        key = draft.text[entry.start : entry.key.content] + scalar_text(_key(name) and str(name), entry.key.style)
    lines = draft.lines(entry.key.end, draft.below(entry.end))
    return [key + lines[0], *indented(lines[1:], -draft.column(entry.start))]


def _depth_of(draft: Draft, path: FieldPath) -> int:
    """Return how many steps of a path are there."""
    node, depth = draft.tree.root, 0
    for step in path:
        entry = node.child(step)
        if entry is None:
            break
        node, depth = entry.value, depth + 1
    return depth


def nest(draft: Draft, path: FieldPath, key: str, inner: tuple[str, ...]) -> Draft:
    """Return the text with some entries of a mapping below a new key, where the first one was."""
    holder = draft.find(path)
    chosen = [entry for entry in holder.children if entry.name in inner]
    if len(chosen) != len(set(inner)) or not chosen:
        raise Refused
    start = holder.children.index(chosen[0])
    run = [entry for entry, there in zip(chosen, holder.children[start:], strict=False) if entry is there]
    if run != chosen[: len(run)]:
        raise Refused
    draft = _nest_flow(draft, holder, key, run) if holder.flow else _nest_block(draft, key, run)
    names = [str(entry.name) for entry in chosen]
    for at in range(len(run), len(names)):
        draft = move(draft, (*path, names[at]), (*path, key, names[at]), names[at - 1])
    return draft


def _nest_flow(draft: Draft, holder: Node, key: str, run: list[Entry]) -> Draft:
    style = draft.style(holder.start, beside=holder)
    written = scalar_text(key, '"' if style.quoted else "", flow=True)
    return draft.edit(
        Edit(run[0].start, run[0].start, written + style.colon + "{"), Edit(run[-1].end, run[-1].end, "}")
    )


def _nest_block(draft: Draft, key: str, run: list[Entry]) -> Draft:
    start = run[0].start
    step = draft.style(start).step
    head = f"{scalar_text(key)}:{draft.eol(start)}{' ' * (draft.column(start) + step)}"
    shifted = draft.line_starts(start, draft.below(run[-1].end))
    return draft.edit(Edit(start, start, head), *(Edit(at, at, " " * step) for at in shifted))


def join(draft: Draft, path: FieldPath) -> Draft:
    """Return the text with an item that takes in the entries of the one behind it."""
    holder = draft.find(path[:-1])
    index: Any = path[-1]
    first, second = holder.child(index), holder.child(index + 1)
    if first is None or second is None or second.value.named is not None:
        raise Refused
    if not (first.value.kind is second.value.kind is Kind.MAPPING and first.value.children and second.value.children):
        raise Refused
    if first.value.flow and second.value.flow:
        return _join_flow(draft, first.value, second.value)
    if first.value.flow or second.value.flow or not draft.is_first(second.start):
        raise Refused
    return _join_block(draft, first.value, second)


def _join_flow(draft: Draft, first: Node, second: Node) -> Draft:
    start, end = first.children[-1].end, second.children[0].start
    gap = draft.text[second.content + 1 : end]
    comma = draft.style(first.start, beside=first).comma
    return draft.edit(Edit(start, end, "," + gap if "\n" in gap else comma))


def _join_block(draft: Draft, first: Node, second: Entry) -> Draft:
    """Return the text with a blank for the second item's dash, and its lines where the first one's are."""
    column = draft.column(first.content)
    content = second.value.content
    by = column - draft.column(content)
    end = draft.below(second.end)
    edits = [_shifted(draft, at, by) for at in draft.line_starts(content, end)]
    if draft.on_one_line(second.start, content):
        edits.append(Edit(draft.line_start(second.start), content, " " * column))
        return draft.edit(*edits)
    edits.append(_shifted(draft, draft.line_start(content), by))
    start, below = draft.line_start(second.start), draft.below(second.head)
    if "#" in draft.text[start:below]:
        return draft.edit(*edits, Edit(second.start, second.head, " "))
    return draft.edit(*edits, Edit(start, below, ""))


def _shifted(draft: Draft, at: int, by: int) -> Edit:
    """Return the edit that moves a line to the right, or to the left as far as it can go."""
    if by >= 0:
        return Edit(at, at, " " * by)
    line = draft.text[at : at - by]
    return Edit(at, at + len(line) - len(line.lstrip(" ")), "")
