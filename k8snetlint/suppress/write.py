"""Comments that accept findings are written into texts."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from k8snetlint.edit.buffer import is_json
from k8snetlint.edit.change import Edit
from k8snetlint.edit.editor import apply_edits
from k8snetlint.source.document import Source
from k8snetlint.source.load import load
from k8snetlint.source.split import NotText, decode, encode
from k8snetlint.suppress.directive import directives_of
from k8snetlint.suppress.malformed import Kind
from k8snetlint.suppress.places import CommentPlaces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from k8snetlint.finding import Finding
    from k8snetlint.source.load import Loaded
    from k8snetlint.suppress.directive import Directive


def with_comments(content: bytes, findings: Iterable[Finding], reason: str) -> tuple[bytes, list[Finding]]:
    """Return the bytes of a file with a comment on a line of each finding, and the findings that have none.

    It stands on the first line, on the last one if the first ends within a text. JSON takes no comments.
    """
    left = list(findings)
    try:
        text = decode(content)
    except NotText:
        return content, left
    if is_json(text):
        return content, left
    reason = re.sub(r"\s+", " ", reason).strip()
    for line_of in (_first_line, _last_line):
        by_line: dict[int, set[str]] = {}
        for finding in left:
            by_line.setdefault(line_of(finding), set()).add(finding.id)
        within = set(_within_scalars(_loaded(text), by_line))
        wanted = sorted((line, ids) for line, ids in by_line.items() if line not in within)
        text, done = _commented(text, wanted, reason)
        left = [finding for finding in left if line_of(finding) not in done]
    return encode(text, content), left


def _within_scalars(loaded: Loaded, lines: Iterable[int]) -> Iterator[int]:
    """Yield the lines of some that end within a text of several lines, where a comment would be a part of it."""
    text = loaded.text
    starts = [each.span[0] for each in loaded.documents]
    known: dict[int, CommentPlaces] = {}
    for line in lines:
        end = text.offset(line) + len(text.line(line))
        number = bisect_right(starts, end) - 1
        if number >= 0:
            if number not in known:
                known[number] = CommentPlaces(loaded.documents[number], text)
            # A block scalar begins where the line of its `|` ends.
            if known[number].in_scalar(end) and known[number].in_scalar(end - 1):
                yield line


def _first_line(finding: Finding) -> int:
    return finding.start.line


def _last_line(finding: Finding) -> int:
    return finding.end.line


def _commented(text: str, wanted: Sequence[tuple[int, set[str]]], reason: str) -> tuple[str, set[int]]:
    """Return a text with comments on lines, and the lines on which one can stand.

    What does not go together is tried in halves; a comment moves no line.
    """
    if not wanted:
        return text, set()
    new = _together(text, wanted, reason)
    if new is not None:
        return new, {line for line, _ in wanted}
    if len(wanted) == 1:
        return text, set()
    half = len(wanted) // 2
    text, first = _commented(text, wanted[:half], reason)
    text, second = _commented(text, wanted[half:], reason)
    return text, first | second


def _together(text: str, wanted: Iterable[tuple[int, set[str]]], reason: str) -> str | None:
    """Return a text with comments on lines, None if one of them would not be a comment there."""
    loaded = _loaded(text)
    comments = _line_comments(loaded)
    edits = [
        _extended(comments[line], ids) if line in comments else _new(loaded, line, ids, reason) for line, ids in wanted
    ]
    new = apply_edits(text, edits)
    after = _loaded(new)
    # A comment changes nothing, and is found again; else it is no comment where it stands.
    if [each.value for each in after.documents] != [each.value for each in loaded.documents]:
        return None
    if sum(map(_faults, after.documents)) != sum(map(_faults, loaded.documents)):
        return None
    found = _line_comments(after)
    return new if all(line in found and ids <= set(found[line].ids) for line, ids in wanted) else None


def _line_comments(loaded: Loaded) -> dict[int, Directive]:
    found = [each for each in directives_of("", loaded)[0] if each.kind is Kind.LINE]
    return {each.lines[0]: each for each in reversed(found)}


def _loaded(text: str) -> Loaded:
    return load(Source.of("", text.encode("utf-8", "surrogatepass")), every=True)


def _faults(document: object) -> int:
    return len(getattr(document, "faults", ()))


def _extended(directive: Directive, ids: set[str]) -> Edit:
    """Return the edit that adds ids to a comment which accepts others."""
    new = sorted(ids - set(directive.ids))
    if not directive.id_spans:
        return Edit(directive.span[1], directive.span[1], "")
    end = directive.id_spans[-1][1]
    return Edit(end, end, "".join(f", {each}" for each in new))


def _new(loaded: Loaded, line: int, ids: set[str], reason: str) -> Edit:
    at = loaded.text.offset(line) + len(loaded.text.line(line).rstrip(" \t"))
    comment = f"  # k8snetlint: ignore[{', '.join(sorted(ids))}]" + (f" {reason}" if reason else "")
    return Edit(at, at, comment)
