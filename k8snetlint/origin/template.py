"""Lines that helm rendered, found in their template.

A template is not YAML: only its lines can be compared. Helm names the file, not the line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from k8snetlint.origin.files import File, SourceLocation
    from k8snetlint.source.text import Span

_SEPARATOR = r"(?m)^---.*$"
_MANIFEST = r"(?m)^\s*[\"']?(kind|apiVersion)[\"']?\s*:"


class Line(NamedTuple):
    """A rendered line without its indentation, the part of it with the finding, and the kind of its object."""

    text: str
    first: int
    last: int
    kind: str | None


def template_location(line: Line, file: File) -> SourceLocation | None:
    """Return where a rendered line is in its template, None if the file does not look like a manifest.

    If the template has the line exactly once, that line; else the beginning of the part for its kind, if only one part
    has this kind; else that of the file.
    """
    text = file.text
    if not re.search(_MANIFEST, text):
        return None
    part = _part(line.kind, text)
    at = _only(line.text, text, part)
    at = _only(line.text, text, (0, len(text))) if at is None else at
    if at is not None:
        return file.at_span((at + line.first, at + line.last))._replace(document=None)
    first_line = re.compile(r"\S[^\n]*").search(text, *part)
    return file.at_span(first_line.span() if first_line else (0, 0))._replace(document=None)


def _part(kind: str | None, text: str) -> Span:
    """Return the only part between separators with a kind, the whole text if not exactly one has it."""
    ends = [match.span() for match in re.finditer(_SEPARATOR, text)]
    parts = list(zip([0, *(end for _, end in ends)], [*(start for start, _ in ends), len(text)], strict=True))
    pattern = re.compile(rf"(?m)^\s*kind:\s*[\"']?{re.escape(kind or '')}[\"']?\s*$")
    fitting = [part for part in parts if kind and pattern.search(text, *part)]
    return fitting[0] if len(fitting) == 1 else (0, len(text))


def _only(line: str, text: str, part: Span) -> int | None:
    """Return where a line begins if a part of a text has it exactly once, else None."""
    lines = re.compile(r"\S[^\n]*").finditer(text, *part)
    found = [match.start() for match in lines if match.group().rstrip() == line]
    return found[0] if len(found) == 1 and line else None
