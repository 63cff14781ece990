"""The formats of reports, and how a report looks in them."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Callable


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
        """It is made for people: other output may be mixed with it."""
        return self in (Format.FULL, Format.CONCISE, Format.GROUPED)


def _no_text(path: str) -> None:
    """Read nothing."""


class Tree(NamedTuple):
    """How the files that findings name are read.

    Attributes:
        text: a file's text by a finding's path, other bytes than UTF-8 replaced; None if it cannot be read.
        relative: a finding's path relative to the repository's root, absolute if it is outside.
        decoded: the text in which positions are counted, from any encoding and without byte order mark; None if only
            `text` is known.
    """

    text: Callable[[str], str | None] = _no_text
    relative: Callable[[str], str] = str
    decoded: Callable[[str], str | None] = _no_text


class Style(NamedTuple):
    """How a text report looks; formats for machines take notice of the tree only, `junit` also of `show` and `files`.

    Attributes:
        show: findings below this severity are shown as one line for each id.
        colour: mark up for a terminal.
        links: ids are links to their pages, for a terminal that shows them.
        quiet: findings only, no summary.
        verbose: what was skipped or suppressed is listed elsewhere.
        columns: how long a quoted line may be before it is cut.
        wrap: the columns of the terminal, in which sentences are wrapped by words; 0 leaves them alone.
        tree: the files that findings name.
        files: the names of all files that were read, in their order.
        unsafe_fixes: unsafe fixes are wanted, too: they count as the safe ones do.
        empty: nothing was there to check, which is reported as an error: there is no result to sum up.
    """

    show: Severity = Severity.WARNING
    colour: bool = False
    links: bool = False
    quiet: bool = False
    verbose: bool = False
    columns: int = 200
    wrap: int = 0
    tree: Tree = Tree()
    files: tuple[str, ...] = ()
    unsafe_fixes: bool = False
    empty: bool = False
