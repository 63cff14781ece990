"""The format `full`: findings with the lines they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.report.summary import summary
from k8snetlint.report.wrapping import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import Report
    from k8snetlint.report.style import Style


def full(report: Report, style: Style) -> Iterator[str]:
    """Yield findings with a frame of source lines, hidden ones on one line for each id, and a summary."""
    if report.findings:
        from k8snetlint.report.blocks import blocks, hidden_blocks  # noqa: PLC0415 - only for findings

        yield from blocks(report, style)
        if not style.quiet:
            yield from hidden_blocks(report, style)
    if not style.quiet:
        for line in summary(report, style):
            yield from wrapped(line, style.wrap, 2)
