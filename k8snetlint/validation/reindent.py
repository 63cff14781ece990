"""Indenting the lines of an object by the schema of its kind: only where there is no other way to read them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from k8snetlint.edit.change import Edit, is_same
from k8snetlint.source.fast_line import Unusual
from k8snetlint.source.fast_parser import plain_value
from k8snetlint.validation.admission import causes_of, validation_of
from k8snetlint.validation.conformance import conforms
from k8snetlint.validation.flat_lines import Unreadable, flat_lines, is_content, written_lines
from k8snetlint.validation.nesting import Nesting, is_struct
from k8snetlint.validation.schemas import field_of, reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snetlint.model.environment import Version
    from k8snetlint.validation.schemas import Schema
    from k8snetlint.validation.server import Server

_LINES = 3_000
_TRIES = 20
"""For each line, so many places are tried in all: most lines need one or two."""
_READINGS = 16
_OFTEN_EMPTY = frozenset({"emptyDir", "namespaceSelector", "podSelector", "status"})
"""Structs that are written without a field: `podSelector:` selects every pod."""


class _Candidate:
    """A reading: the columns of the lines, the value, and how many lines probably belong elsewhere."""

    __slots__ = ("columns", "doubts", "is_valid", "value")

    def __init__(self, columns: Sequence[int], value: Any, doubts: int, *, is_valid: bool) -> None:
        self.columns = columns
        self.value = value
        self.doubts = doubts
        self.is_valid = is_valid


def reindent(text: str, definition: str, server: Server) -> tuple[Edit, ...]:
    """Return the edits that indent the lines of an object, none if it is not sure how.

    Args:
        text: the object, without the indentation of some lines or of all.
        definition: the name of the definition of its kind.
        server: the API server that must accept it, if it accepts any reading.
    """
    try:
        lines = flat_lines(text)
    except Unreadable:
        return ()
    if not lines or len(lines) > _LINES:
        return ()
    nesting = Nesting(lines, definition, server.version, _TRIES * len(lines))
    readings = list(islice(nesting.readings(), _READINGS + 1))
    if nesting.tries <= 0 or len(readings) > _READINGS:
        return ()
    candidates: list[_Candidate] = []
    for columns, doubts in readings:
        value = _value(_indented(text, columns))
        if not conforms(definition, server.version)(value):
            return ()
        if not any(is_same(value, each.value) for each in candidates):
            lacks = value.get("kind") == "NetworkPolicy" and not _has_pod_selector(value)
            candidates.append(_Candidate(columns, value, doubts + lacks, is_valid=_is_valid(value, server)))
    found = _only(candidates)
    # What nobody writes: a struct without a single field. Its fields may be those that went to others.
    if found is None or _has_empty_struct(found.value, {"$ref": definition}, server.version):
        return ()
    return tuple(_edits(text, found.columns))


def _only(candidates: Sequence[_Candidate]) -> _Candidate | None:
    """Return the candidate that must be meant, None if more than one may be."""
    if len(candidates) == 1:
        return candidates[0]
    valid = [each for each in candidates if each.is_valid]
    least = min((each.doubts for each in valid), default=0)
    likely = [each for each in valid if each.doubts == least]
    return likely[0] if len(likely) == 1 else None


def _value(text: str) -> Any:
    try:
        return plain_value(text)
    except Unusual:
        from k8snetlint.source.marked_parser import parse  # noqa: PLC0415 - few texts are unusual

        value, faults = parse(text)
        return None if faults else value


def _is_valid(value: dict[str, Any], server: Server) -> bool:
    """Tell whether the API server accepts an object."""
    if not isinstance(value.get("apiVersion"), str) or not isinstance(value.get("kind"), str):
        return False
    validation = validation_of(value["apiVersion"].rpartition("/")[0], value["kind"])
    return validation is None or not causes_of(value, validation, server)


def _has_empty_struct(value: Any, schema: Schema, version: Version) -> bool:
    """Tell whether a field of a struct type is written without a value, other than those that often are."""
    if isinstance(value, list):
        return any(_has_empty_struct(each, schema.get("items", {}), version) for each in value)
    name = reference(schema)
    if not isinstance(value, dict) or name is None:
        return False
    for key, inner in value.items():
        its = field_of(name, key, version)
        if its is None:
            continue
        if inner is None and key not in _OFTEN_EMPTY and is_struct(its):
            return True
        if inner is not None and _has_empty_struct(inner, its, version):
            return True
    return False


def _has_pod_selector(value: dict[str, Any]) -> bool:
    """Tell whether a policy has the field that kubectl requires and the API server does not."""
    spec = value.get("spec")
    return isinstance(spec, dict) and "podSelector" in spec


def _columns(text: str, columns: Sequence[int]) -> Iterator[tuple[int, str, str, int]]:
    """Yield the lines of a text, each with the column where it begins; a comment is indented as what follows it."""
    left = iter(columns)
    column = 0
    comments: list[tuple[int, str, str]] = []
    for start, blanks, body in written_lines(text):
        if not is_content(body):
            comments.append((start, blanks, body))
            continue
        column = next(left)
        yield from ((*comment, column) for comment in comments)
        comments.clear()
        yield start, blanks, body, column
    yield from ((*comment, column) for comment in comments)


def _indented(text: str, columns: Sequence[int]) -> str:
    return "\n".join(" " * column + body for _, _, body, column in _columns(text, columns))


def _edits(text: str, columns: Sequence[int]) -> Iterator[Edit]:
    for start, blanks, body, column in _columns(text, columns):
        if body and blanks != " " * column:
            yield Edit(start, start + len(blanks), " " * column)
