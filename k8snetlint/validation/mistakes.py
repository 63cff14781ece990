"""One mistake is one finding, of however many sentences the API server makes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from k8snetlint.source.paths import value_at
from k8snetlint.validation.causes import INVALID, REQUIRED, Cause, go, server_field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.model.environment import Version
    from k8snetlint.source.paths import FieldPath

    Found = tuple[Cause, list[Version]]

_CLASH = re.compile(r": (?:duplicate|overlapping) port (?:name|definition) ")


def join_causes(found: Iterable[Found], value: dict[str, Any]) -> Iterator[Found]:
    """Yield causes with their versions, those of one mistake as one.

    What is required in a struct that is missing is one mistake, and whatever is wrong with one text.

    Args:
        found: what is wrong.
        value: the object.
    """
    groups: dict[tuple[FieldPath, tuple[Version, ...]], list[Cause]] = {}
    for cause, versions in found:
        place = missing_struct(cause.path, value) or cause.path
        groups.setdefault((place, tuple(versions)), []).append(cause)
    for (path, all_versions), causes in groups.items():
        for cause in causes if len(causes) == 1 else _joined(path, causes, value):
            yield cause, [*all_versions]


def missing_struct(path: FieldPath, value: dict[str, Any]) -> FieldPath:
    """Return the outermost missing or empty struct above a field, the empty path if all are written."""
    for depth in range(1, len(path)):
        if value_at(value, path[:depth]) in (None, {}):
            return path[:depth]
    return ()


def _joined(path: FieldPath, causes: list[Cause], value: dict[str, Any]) -> list[Cause]:
    """Return the causes at a field, or of a missing struct, those of one mistake as one."""
    written = value_at(value, path)
    required = [each for each in causes if each.type == REQUIRED]
    if not written and required:
        # The rest follows.
        return required if required[0].path == path else [_of_struct(path, required, written)]
    texts: dict[tuple[FieldPath, str | int], list[Cause]] = {}
    for number, each in enumerate(causes):
        is_text = each.type == INVALID and isinstance(each.value, str)
        texts.setdefault((each.path, each.value if is_text else number), []).append(each)
    return [_of_text(each) for each in texts.values()]


def _of_struct(path: FieldPath, required: list[Cause], written: object) -> Cause:
    """Return one cause for what is required in a struct that is missing or empty."""
    state = "missing" if written is None else "empty"
    words = "; ".join(f"{each.field}: {each.detail}" for each in required)
    return required[0]._replace(path=path, detail=f"{server_field(path)} is {state}; {words}", field="")


def _of_text(causes: list[Cause]) -> Cause:
    """Return one cause for all that is wrong with a text, which is quoted once."""
    first, *others = causes
    before = f"Invalid value: {go(first.value)}: "
    return first._replace(detail="; ".join([first.detail, *(each.detail.removeprefix(before) for each in others)]))


def without_further_clashes(texts: Iterable[tuple[FieldPath, str]]) -> Iterator[tuple[FieldPath, str]]:
    """Yield warnings without those of ports that clash with others already, by their number or their name."""
    clashing: set[FieldPath] = set()
    for path, text in texts:
        if _CLASH.search(text) is None:
            yield path, text
        elif path not in clashing:
            clashing.add(path)
            yield path, text
