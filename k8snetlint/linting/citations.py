"""From places, which name fields, to lines and columns, outside of a report: where answers cite manifests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.linting.locate import Locator
from k8snetlint.source.load import Reopened

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from k8snetlint.finding import Finding
    from k8snetlint.source.document import Place, Source


class Citations:
    """Finds where fields are written; a file is read again when the first one of its fields is asked for.

    Args:
        unusual: the documents that the fast parser cannot read, by file.
    """

    def __init__(self, unusual: Mapping[Source, Collection[int]]) -> None:
        self._unusual = unusual
        self._locators: dict[Source, Locator | None] = {}

    def find(self, place: Place, label: str = "", related: Iterable[tuple[Place, str]] = ()) -> Finding | None:
        """Return where a field is written as a finding of no rule; None if the file has changed in the meantime.

        Args:
            place: the field.
            label: a few words under the marked text in a frame.
            related: further places of the same source, with what they say.
        """
        source = place.source
        if source not in self._locators:
            try:
                self._locators[source] = Locator(source, Reopened(source, self._unusual.get(source, ())))
            except OSError:
                self._locators[source] = None
        locator = self._locators[source]
        if locator is None:
            return None
        try:
            found = locator.of_problem("", Problem("", place, label=label), Severity.INFO)
            return found._replace(related=tuple(locator.of_related(*each) for each in related))
        except IndexError:
            return None
