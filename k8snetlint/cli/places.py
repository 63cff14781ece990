"""Where fields of manifests are written, as lines and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Location, Related
from k8snetlint.linting.locate import Locator
from k8snetlint.source.load import load

if TYPE_CHECKING:
    from k8snetlint.source.document import Place, Source


class Places:
    """Finds places; each file is read once."""

    def __init__(self) -> None:
        self._locators: dict[Source, Locator] = {}
        self._known: dict[tuple[Source, int, object, object, bool], Related] = {}

    def locate(self, place: Place, message: str) -> Related:
        """Return where a place is; the first line of a file that is another one by now."""
        key = place.source, place.document, place.root, place.path, place.key
        if key not in self._known:
            self._known[key] = self._find(place)
        return self._known[key]._replace(message=message)

    def _find(self, place: Place) -> Related:
        if place.source not in self._locators:
            self._locators[place.source] = Locator(place.source, load(place.source))
        try:
            return self._locators[place.source].of_related(place, "")
        except IndexError:
            start = Location(1, 1, 0)
            return Related(place.source.name, start, start, "")
