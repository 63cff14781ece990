"""Comments that accept findings are written into texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snetlint.source.change import Edit
from k8snetlint.source.document import Source
from k8snetlint.source.edit import edited
from k8snetlint.source.load import load
from k8snetlint.source.split import NotText, decode, encode
from k8snetlint.suppress.directive import Kind, directives_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.finding import Finding
    from k8snetlint.source.load import Loaded
    from k8snetlint.suppress.directive import Directive


def with_comments(content: bytes, findings: Iterable[Finding], reason: str) -> tuple[bytes, int]:
    """Return the bytes of a file with a comment on the first line of each finding, and how many are accepted so.

    Where no comment can stand (JSON, a text of several lines), the finding is left as it is.
    """
    try:
        text = decode(content)
    except NotText:
        return content, 0
    by_line: dict[int, set[str]] = {}
    numbers: dict[int, int] = {}
    for finding in findings:
        by_line.setdefault(finding.start.line, set()).add(finding.id)
        numbers[finding.start.line] = numbers.get(finding.start.line, 0) + 1
    reason = re.sub(r"\s+", " ", reason).strip()
    accepted = 0
    # From the end: what is written does not move what is still to come.
    for line in sorted(by_line, reverse=True):
        new = _with_comment(text, line, by_line[line], reason)
        if new is not None:
            text, accepted = new, accepted + numbers[line]
    return encode(text, content), accepted


def _with_comment(text: str, line: int, ids: set[str], reason: str) -> str | None:
    loaded = _loaded(text)
    there = [each for each in directives_of("", loaded)[0] if each.kind is Kind.LINE and each.lines[0] == line]
    edit = _extended(there[0], ids) if there else _new(loaded, line, ids, reason)
    new = edited(text, [edit])
    after = _loaded(new)
    # A comment changes nothing, and is found again; else it is no comment where it stands.
    if [each.value for each in after.documents] != [each.value for each in loaded.documents]:
        return None
    if sum(map(_faults, after.documents)) != sum(map(_faults, loaded.documents)):
        return None
    found = {each for directive in directives_of("", after)[0] if directive.lines[0] == line for each in directive.ids}
    return new if ids <= found else None


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
    at = loaded.text.offset(line) + len(loaded.text.line(line).rstrip())
    comment = f"  # k8snetlint: ignore[{', '.join(sorted(ids))}]" + (f" {reason}" if reason else "")
    return Edit(at, at, comment)
