"""Reports: one small module per format, each a function from a `Report` to lines of text."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NamedTuple, assert_never

from k8snetlint.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from k8snetlint.finding import Report


class Format(enum.StrEnum):
    """The formats, as users name them."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"
    GROUPED = "grouped"
    JSON_LINES = "json-lines"
    SARIF = "sarif"
    GITHUB = "github"
    GITLAB = "gitlab"
    JUNIT = "junit"
    CHECKSTYLE = "checkstyle"
    RDJSON = "rdjson"
    MARKDOWN = "markdown"

    @property
    def is_text(self) -> bool:
        """It is made for people: other output may stand beside it."""
        return self in (Format.FULL, Format.CONCISE, Format.GROUPED)


def _no_text(path: str) -> None:
    """Read nothing: nobody said how."""


class Tree(NamedTuple):
    """The files that findings name; nothing here reads any.

    Attributes:
        text: a file's bytes as UTF-8, what is none replaced, by a finding's path; None if it cannot be read.
        relative: a finding's path as seen from the repository's root, absolute if it lies outside.
        decoded: the text that positions count in, from any encoding and without byte order mark; where there is none,
            what `text` gives is taken, if that is the same.
    """

    text: Callable[[str], str | None] = _no_text
    relative: Callable[[str], str] = str
    decoded: Callable[[str], str | None] = _no_text


class Look(NamedTuple):
    """How a text report looks; formats for machines take notice of the tree only, `junit` also of `show` and `files`.

    Attributes:
        show: findings below this severity are folded to one line for each id.
        colour: mark up for a terminal.
        quiet: findings only, no summary.
        verbose: what was skipped or suppressed is listed elsewhere.
        columns: how long a quoted line may be before it is cut.
        tree: the files that findings name.
        files: the names of all files that were read, in their order.
        unsafe_fixes: unsafe fixes are wanted, too: they count as the safe ones do.
    """

    show: Severity = Severity.WARNING
    colour: bool = False
    quiet: bool = False
    verbose: bool = False
    columns: int = 200
    tree: Tree = Tree()
    files: tuple[str, ...] = ()
    unsafe_fixes: bool = False


def lines(style: Format, report: Report, look: Look) -> Iterator[str]:
    """Yield the lines of a report in a format, each with its line end; they hold no control characters."""
    match style:
        case Format.FULL:
            from k8snetlint.report.full import full as write  # noqa: PLC0415 - only what is asked for
        case Format.CONCISE:
            from k8snetlint.report.concise import concise as write  # noqa: PLC0415 - when it is needed
        case Format.JSON:
            from k8snetlint.report.as_json import as_json as write  # noqa: PLC0415 - when it is needed
        case Format.GROUPED:
            from k8snetlint.report.grouped import grouped as write  # noqa: PLC0415 - when it is needed
        case Format.JSON_LINES:
            from k8snetlint.report.json_lines import json_lines as write  # noqa: PLC0415 - when it is needed
        case Format.SARIF:
            from k8snetlint.report.sarif import sarif as write  # noqa: PLC0415 - when it is needed
        case Format.GITHUB:
            from k8snetlint.report.github import github as write  # noqa: PLC0415 - when it is needed
        case Format.GITLAB:
            from k8snetlint.report.gitlab import gitlab as write  # noqa: PLC0415 - when it is needed
        case Format.JUNIT:
            from k8snetlint.report.junit import junit as write  # noqa: PLC0415 - when it is needed
        case Format.CHECKSTYLE:
            from k8snetlint.report.checkstyle import checkstyle as write  # noqa: PLC0415 - when it is needed
        case Format.RDJSON:
            from k8snetlint.report.rdjson import rdjson as write  # noqa: PLC0415 - when it is needed
        case Format.MARKDOWN:
            from k8snetlint.report.markdown import markdown as write  # noqa: PLC0415 - when it is needed
        case _:
            assert_never(style)
    for line in write(report, look):
        yield line + "\n"
