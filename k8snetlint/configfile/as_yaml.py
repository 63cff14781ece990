"""A configuration file in YAML: its values, and where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.configfile.positions import LineColumn
from k8snetlint.source.document import Document, Source
from k8snetlint.source.text import Text

if TYPE_CHECKING:
    from k8snetlint.configfile.positions import Path


class YamlLocations:
    """The places of all keys and values of a document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._text = Text(document.text)

    def of(self, path: Path, *, value: bool = False) -> LineColumn:
        """Return where a key stands, or its value; if it is missing, what is above."""
        return self.at(self._document.locate(path, key=not value)[0])

    def at(self, offset: int) -> LineColumn:
        """Return the line and column of an offset."""
        return LineColumn(*self._text.position(offset))


def read(text: str) -> tuple[dict[str, Any], YamlLocations, list[tuple[LineColumn, str]]]:
    """Return the values of a text, their places, and what is wrong with it as YAML."""
    document = Document(Source.of("", text), 0, text)
    value = document.value = document.marked_value()
    positions = YamlLocations(document)
    faults = [(positions.at(fault.span[0]), f"not valid YAML: {fault.message}") for fault in document.faults]
    if not faults and value is not None and not isinstance(value, dict):
        faults.append((LineColumn(1, 1), "not a configuration: expected a mapping"))
    return value if isinstance(value, dict) else {}, positions, faults
