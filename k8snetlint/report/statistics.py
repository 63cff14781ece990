"""The output of `--statistics` instead of findings: how many there are of each id."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.codes import OUTSIDE_RULES
from k8snetlint.finding import Severity
from k8snetlint.report.summary import mark, summary
from k8snetlint.rules import rule_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import Report
    from k8snetlint.report.style import Style


class Number(NamedTuple):
    """How many findings of one id and severity there are, and how many of them `--fix` fixes."""

    id: str
    severity: Severity
    times: int
    fixable: int


def numbers(report: Report, style: Style) -> list[Number]:
    """Return the numbers of all findings, shown or not: most frequent first, of equal ones the worst first."""
    found: dict[tuple[str, Severity], tuple[int, int]] = {}
    for finding in report.findings:
        number, fixable = found.get((finding.id, finding.severity), (0, 0))
        found[finding.id, finding.severity] = (number + 1, fixable + bool(mark(finding, style)))
    all_of_them = [Number(*named, *counted) for named, counted in found.items()]
    return sorted(all_of_them, key=lambda each: (-each.times, -each.severity, each.id))


def statistics(report: Report, style: Style) -> Iterator[str]:
    """Yield a line for each id, and a summary, each with its line end.

    A line says how many, the level, `[*]` if all are fixable, `[-]` if some are, the id and its title.
    """
    counted = numbers(report, style)
    fixable = any(each.fixable for each in counted)
    rows = [
        (f"{each.times:,}", each.severity.word, *([_mark(each)] if fixable else []), each.id, _title(each.id))
        for each in counted
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for number, *cells in rows:
        padded = map(str.ljust, cells, widths[1:])
        yield f"{number.rjust(widths[0])}  {'  '.join(padded)}".rstrip() + "\n"
    if style.quiet:
        return
    if rows:
        yield "\n"
    for line in summary(report, style._replace(show=Severity.INFO)):
        yield line + "\n"


def _title(finding_id: str) -> str:
    rule = rule_of(finding_id)
    return rule.title if rule else OUTSIDE_RULES.get(finding_id, (None, ""))[1]


def _mark(number: Number) -> str:
    if number.fixable == number.times:
        return "[*]"
    return "[-]" if number.fixable else "[ ]"


def statistics_as_json(report: Report, style: Style) -> Iterator[str]:
    """Yield a JSON list of `{id, severity, count, fixable}`, an item a line, each with its line end."""
    counted = [
        {"id": each.id, "severity": each.severity.word, "count": each.times, "fixable": each.fixable}
        for each in numbers(report, style)
    ]
    if not counted:
        yield "[]\n"
        return
    yield "[\n"
    for number, each in enumerate(counted, 1):
        yield json.dumps(each) + (",\n" if number < len(counted) else "\n")
    yield "]\n"
