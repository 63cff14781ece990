"""Reports: one small module per format, each a function from a `Report` to lines of text."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import Report


class Format(enum.StrEnum):
    """The formats, as users name them."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"

    @property
    def is_text(self) -> bool:
        """It is made for people: other output may stand beside it."""
        return self is not Format.JSON


class Look(NamedTuple):
    """How a text report looks; formats for machines take no notice of it.

    Attributes:
        show: findings below this severity are folded to one line for each id.
        colour: mark up for a terminal.
        quiet: findings only, no summary.
        verbose: what was skipped is listed elsewhere.
        columns: how long a quoted line may be before it is cut.
    """

    show: Severity = Severity.WARNING
    colour: bool = False
    quiet: bool = False
    verbose: bool = False
    columns: int = 200


def lines(style: Format, report: Report, look: Look) -> Iterator[str]:
    """Yield the lines of a report in a format, each with its line end; they hold no control characters."""
    match style:
        case Format.FULL:
            from k8snetlint.report.full import full as write  # noqa: PLC0415 - only what is asked for
        case Format.CONCISE:
            from k8snetlint.report.concise import concise as write  # noqa: PLC0415 - when it is needed
        case Format.JSON:
            from k8snetlint.report.as_json import as_json as write  # noqa: PLC0415 - when it is needed
    for line in write(report, look):
        yield line + "\n"
