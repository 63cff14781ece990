"""A manifest lost its indentation: what shows it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.validation.flat_lines import is_content, written_lines
from k8snetlint.validation.schemas import definition_of, field_of, reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.environment import Version
    from k8snetlint.source.text import Span

_HEAD = re.compile(r"""^([ \t]*)(apiVersion|kind):[ \t]+["']?([A-Za-z0-9./]+)["']?[ \t]*(?:#.*)?\r?$""", re.MULTILINE)
_KEY = re.compile(r"([A-Za-z]+):(?=[ \t]|$)[ \t]*(#.*)?")


class LostIndentation(NamedTuple):
    """What shows that an object lost its indentation.

    Attributes:
        definition: the name of the definition of its kind.
        outer: a field without a value.
        field: the field of that one which is in the next line, not indented.
        span: where that field is.
    """

    definition: str
    outer: str
    field: str
    span: Span

    @property
    def message(self) -> str:
        """What is wrong."""
        return f"the manifest lost its indentation: `{self.field}` of `{self.outer}` is at the top level"


def find_lost_indentation(text: str, version: Version) -> LostIndentation | None:
    """Return what shows that the object in a text lost its indentation, None if nothing does."""
    head: dict[str, tuple[str, str]] = {}
    for found in _HEAD.finditer(text):
        head.setdefault(found[2], (found[3], found[1]))
        if len(head) == 2:
            break
    else:
        return None
    group, _, api_version = head["apiVersion"][0].rpartition("/")
    kind, blanks = head["kind"]
    definition = definition_of(group, api_version, kind)
    if definition is None:
        return None
    for outer, field, span in _neighbours(text, blanks):
        schema = field_of(definition, outer, version)
        struct = reference(schema) if schema else None
        if struct and field_of(struct, field, version) and not field_of(definition, field, version):
            return LostIndentation(definition, outer, field, span)
    return None


def _neighbours(text: str, blanks: str) -> Iterator[tuple[str, str, Span]]:
    """Yield each key without a value and the key in the next line, if both are indented by `blanks`; and its span."""
    outer = ""
    for start, before, body in written_lines(text):
        if not is_content(body):
            continue
        key = _KEY.match(body) if before == blanks else None
        if key and outer:
            first = start + len(before)
            yield outer, key[1], (first, first + len(key[1]))
        outer = key[1] if key and key.end() == len(body) else ""
