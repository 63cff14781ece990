"""A struct that is missing is one mistake, whatever the API server wants to have in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.source.paths import value_at
from k8snetlint.validation.causes import REQUIRED, Cause, server_field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.model.environment import Version
    from k8snetlint.source.paths import FieldPath

    Found = tuple[Cause, list[Version]]


def join_missing(found: Iterable[Found], value: dict[str, Any]) -> Iterator[Found]:
    """Yield causes with their versions; those in one missing struct are one if something is required there.

    Args:
        found: what is wrong.
        value: the object.
    """
    groups: dict[tuple[FieldPath, tuple[Version, ...]], list[Found]] = {}
    for cause, versions in found:
        # What is alone in its group stays as it is.
        key = missing_struct(cause.path, value) or (*cause.path, cause.detail), tuple(versions)
        groups.setdefault(key, []).append((cause, versions))
    for (path, _), causes in groups.items():
        required = [each for each, _ in causes if each.type == REQUIRED]
        if len(causes) == 1 or not required:
            yield from causes
        else:
            # The rest follows.
            yield _joined(path, required, value), causes[0][1]


def missing_struct(path: FieldPath, value: dict[str, Any]) -> FieldPath:
    """Return the outermost missing or empty struct above a field, the empty path if all are written."""
    for depth in range(1, len(path)):
        if value_at(value, path[:depth]) in (None, {}):
            return path[:depth]
    return ()


def _joined(path: FieldPath, required: list[Cause], value: dict[str, Any]) -> Cause:
    """Return one cause for what is required in a missing struct."""
    state = "missing" if value_at(value, path) is None else "empty"
    words = "; ".join(f"{each.field}: {each.detail}" for each in required)
    return required[0]._replace(path=path, detail=f"{server_field(path)} is {state}; {words}", field="")
