"""Places in source files."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.finding import Problem, Severity
from k8snetlint.linting.locate import Locator
from k8snetlint.render.rendered import load_marked
from k8snetlint.source.document import Place, Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from k8snetlint.finding import Finding, Location
    from k8snetlint.source.load import Loaded
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.source.text import Span


class SourceLocation(NamedTuple):
    """A place in a file, with the attributes of a finding; `document` is None in a template."""

    path: str
    document: int | None
    start: Location
    end: Location
    lines: tuple[str, ...]


class File:
    """A file of the tree, with its documents."""

    __slots__ = ("_locator", "loaded", "source", "text")

    def __init__(self, path: str, text: str) -> None:
        self.text = text
        self.source = Source(path, text.encode)
        self.loaded: Loaded = load_marked(self.source, text)
        self._locator = Locator(self.source, self.loaded)

    def at_field(self, document: int, root: FieldPath, path: FieldPath, *, key: bool) -> SourceLocation:
        """Return the place of a field of the object at `root`; values of a Secret are not quoted."""
        problem = Problem("", Place(self.source, document, path, root, key))
        return _location(self._locator.of_problem("", problem, Severity.INFO))

    def at_span(self, span: Span) -> SourceLocation:
        """Return a place outside of objects."""
        return _location(self._locator.of_span("", "", span, Severity.INFO))


class Files:
    """The files of the tree, each read at most once.

    Slots:
        failures: the files at which we failed, by path; nothing is found in them.
    """

    __slots__ = ("_files", "_read", "failures")

    def __init__(self, read: Callable[[str], str | None]) -> None:
        self._read = read
        self._files: dict[str, File | None] = {}
        self.failures: dict[str, Exception] = {}

    def get(self, path: str) -> File | None:
        """Return a file, None if the tree does not have it."""
        if path not in self._files:
            try:
                text = self._read(path)
                self._files[path] = None if text is None else File(path, text)
            except Exception as error:  # noqa: BLE001 - our bug at one file must not hide the others
                self.fail(path, error)
        return self._files[path]

    def fail(self, path: str, error: Exception) -> None:
        """Note that we failed at a file."""
        self.failures.setdefault(path, error)
        self._files[path] = None


def _location(finding: Finding) -> SourceLocation:
    return SourceLocation(finding.path, finding.document, finding.start, finding.end, finding.lines)
