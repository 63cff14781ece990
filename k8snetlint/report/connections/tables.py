"""Connections as tables: CSV for programs, Markdown for people."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from k8snetlint.report.connections.names import Names, compact, name_of
from k8snetlint.report.connections.rows import ordered, rows
from k8snetlint.report.markdown import plain
from k8snetlint.source.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from k8snetlint.connectivity.peer_sets import Member
    from k8snetlint.report.connections.answer import Answer

_HEAD = ("scope", "from", "to", "protocol", "first", "last", "verdict", "because", "exposure")
_FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet takes for a formula at the beginning of a field."""


def as_csv(answers: Sequence[Answer]) -> Iterator[str]:
    """Yield a line for each range of ports of each connection; several peers or reasons are separated by semicolons."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(_HEAD)
    for answer in answers:
        for row in rows(answer):
            ends = _safe(answer.scope), _cell(row.source), _cell(row.destination)
            because = "; ".join(map(escape, row.because))
            for each in row.ports.ranges():
                port = each.protocol.value, each.first, each.last
                writer.writerow((*ends, *port, row.verdict.value, because, row.what))
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _cell(members: Iterable[Member]) -> str:
    return "; ".join(_safe(compact(each)) for each in members)


def _safe(text: str) -> str:
    escaped = escape(text)
    return f"'{escaped}" if escaped.startswith(_FORMULA) else escaped


def as_markdown(answers: Sequence[Answer]) -> Iterator[str]:
    """Yield a heading and a table for each scope."""
    for answer in answers:
        yield f"### Connections{f' of {plain(escape(answer.scope))}' if answer.scope else ''}\n\n"
        yield "| to | from | ports | verdict |\n|---|---|---|---|\n"
        for source, destination, *rest in _named(answer):
            ends = ("<br>".join(map(plain, each)) for each in (destination, source))
            yield f"| {' | '.join((*ends, *map(plain, rest)))} |\n"
        yield "\n"
        yield from (f"- Assumed: {plain(escape(each))}.\n" for each in answer.assumptions.texts)
        complete = "what is not listed is denied" if answer.assumptions.complete else "the list is not complete"
        yield f"- {complete.capitalize()}.\n\n"


def _named(answer: Answer) -> Iterator[tuple[list[str], list[str], str, str]]:
    names = Names(answer.connections)
    if answer.in_pairs:
        for pair in answer.connections.pairs():
            because = "; ".join(map(escape, pair.because))
            verdict = f"{pair.verdict.value}{f': {because}' if because else ''}"
            yield [name_of(pair.source)], [name_of(pair.destination)], str(pair.ports), verdict
        return
    for each in ordered(answer):
        because = "; ".join(map(escape, each.because))
        verdict = f"{each.verdict.value}{f': {because}' if because else ''}"
        yield names.of(each.source, each.destination), names.of(each.destination), str(each.ports), verdict
