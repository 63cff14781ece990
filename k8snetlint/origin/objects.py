"""The fields of an object in two texts: before and after a tool has changed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.fingerprints import object_name
from k8snetlint.source.marks import Mapping, Sequence
from k8snetlint.source.objects import objects_of
from k8snetlint.source.paths import value_at

if TYPE_CHECKING:
    from k8snetlint.finding import ObjectName
    from k8snetlint.source.document import Document
    from k8snetlint.source.load import Loaded
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.source.text import Span

_ITEM_KEYS = ("name", "port", "containerPort", "mountPath", "ip", "key", "host", "path")
"""Keys by which kustomize merges lists, or which distinguish their items."""


class SourceObject(NamedTuple):
    """An object in a document, and its path in it (`items`, 3 in a List)."""

    document: Document
    root: FieldPath
    value: Any


def field_at(document: Document, span: Span) -> tuple[FieldPath, bool]:
    """Return the path whose key (then with True) or value is at a span; the path is relative to the document.

    The first character of a list's item is the place of a field that the item lacks; the path then ends with "", which
    is the key of no object.
    """
    value = document.marked_value()
    path: FieldPath = ()
    start = span[0] - document.base
    while isinstance(value, Mapping | Sequence):
        inner = value.values_at if isinstance(value, Mapping) else value.items_at
        outer = value.keys_at if isinstance(value, Mapping) else inner
        started = [at for at, each in enumerate(outer) if each.start_mark.index <= start]
        if not started:
            break
        at = started[-1]
        if isinstance(value, Mapping):
            path = (*path, list(value)[at])
            if start < max(outer[at].end_mark.index, outer[at].start_mark.index + 1) or (
                start < inner[at].start_mark.index
            ):
                return path, True
        else:
            path = (*path, at)
            if span[1] == span[0] + 1 and start == outer[at].start_mark.index and isinstance(value[at], Mapping):
                return (*path, ""), False
        if document.locate(path) == span:
            return path, False
        value = value_at(value, path[-1:])
    return path, False


def counterpart(ours: Any, path: FieldPath, theirs: Any) -> FieldPath | None:
    """Return the path in `theirs` of the field that `path` is in `ours`, None if it does not exist.

    Items of lists correspond if they are equal, else if they have the same name or port, else by their index if the
    lists have the same length.
    """
    found: list[str | int] = []
    for step in path:
        at: str | int | None = step
        if isinstance(step, int):
            at = _corresponding_item(ours, step, theirs)
        elif step == "" and isinstance(theirs, dict):
            return (*found, "")
        elif not isinstance(theirs, dict) or step not in theirs:
            return None
        if at is None:
            return None
        found.append(at)
        ours, theirs = value_at(ours, (step,)), theirs[at]
    return tuple(found)


def _corresponding_item(ours: Any, at: int, theirs: Any) -> int | None:
    if not isinstance(ours, list) or not isinstance(theirs, list) or at >= len(ours):
        return None
    item = ours[at]
    if at < len(theirs) and theirs[at] == item:
        return at
    equal = [index for index, each in enumerate(theirs) if each == item]
    if equal:
        return equal[0]
    if isinstance(item, dict):
        for key in _ITEM_KEYS:
            alike = [n for n, each in enumerate(theirs) if key in item and value_at(each, (key,)) == item[key]]
            if len(alike) == 1:
                return alike[0]
    return at if len(ours) == len(theirs) else None


def find_object(loaded: Loaded, rendered: ObjectName) -> SourceObject | None:
    """Return the object of a text that was rendered with a name: the same kind, and a name that is a part of it.

    Prefixes and suffixes change names. The only object of its kind may have any name.
    """
    best: tuple[tuple[int, bool], SourceObject] | None = None
    alike: list[SourceObject] = []
    for document in loaded.documents:
        for value, root in objects_of(document.value):
            name = object_name(value)
            if name is None or name.kind != rendered.kind:
                continue
            source_object = SourceObject(document, root, value)
            alike.append(source_object)
            if name.name and rendered.name and name.name in rendered.name:
                rank = (len(name.name), name.namespace == rendered.namespace)
                if best is None or rank > best[0]:
                    best = (rank, source_object)
    if best is not None:
        return best[1]
    return alike[0] if len(alike) == 1 else None
