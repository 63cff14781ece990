"""The format `json-lines`: each finding as in `json` is a line, and so is the summary, which ends them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from k8snetlint.report.as_json import as_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import Report
    from k8snetlint.report.style import Style


def json_lines(report: Report, style: Style) -> Iterator[str]:
    """Yield a JSON object for each finding, then one with `version`, `tool` and `summary`."""
    written = as_json(report, style)
    head = next(written)
    # The array's first line, then a line for each finding.
    for line in islice(written, 1, 1 + len(report.findings)):
        yield line.removesuffix(",")
    yield head.removesuffix(",") + "}"
