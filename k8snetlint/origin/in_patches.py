"""Fields of what kustomize put together: in the file that an object comes from, or in the patch that changed it."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.origin.objects import counterpart, find_object, value_at
from k8snetlint.render.rendered import load_marked
from k8snetlint.source.load import objects_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import ObjectName
    from k8snetlint.origin.files import File, Files, SourceLocation
    from k8snetlint.origin.objects import Held
    from k8snetlint.source.load import Loaded
    from k8snetlint.source.paths import FieldPath

_FIELDS = ("patches", "patchesStrategicMerge", "patchesJson6902")


class Wanted(NamedTuple):
    """A field as it was rendered: its object, its path there, whether its key is meant."""

    value: Any
    name: ObjectName
    path: FieldPath
    key: bool


class _Patch(NamedTuple):
    """A patch: its documents, the file that they stand in, and which objects it is for.

    `inline` is the path of its text in a kustomization, None for a file of its own.
    """

    file: File
    loaded: Loaded
    target: Any
    inline: tuple[int, FieldPath] | None


def patched_location(
    wanted: Wanted, origin: File, kustomizations: tuple[str, ...], files: Files
) -> SourceLocation | None:
    """Return where a field of a rendered object is written, None if its file does not hold the object.

    In this order: where the same value stands in the object's file; where a patch sets it; where the field has the
    value before kustomize changed it (a name without its prefix, a collection); the beginning of the object.
    """
    held = find_object(origin.loaded, wanted.name)
    if held is None:
        return None
    path = counterpart(wanted.value, wanted.path, held.value)
    document = held.document.index
    value = value_at(wanted.value, wanted.path)
    before = None if path is None else value_at(held.value, path)
    if path is not None and before == value:
        return origin.at_field(document, held.root, path, key=wanted.key)
    for patch in _patches(kustomizations, files):
        location = _in_patch(wanted, held, patch)
        if location:
            return location
    if path is not None and (wanted.key or _became(before, value)):
        return origin.at_field(document, held.root, path, key=wanted.key)
    return origin.at_span(held.document.locate((*held.root, "")))._replace(document=document)


def _became(before: Any, value: Any) -> bool:
    """Tell whether a value may be what a transformer that adds to values made of another one."""
    if isinstance(before, str) and isinstance(value, str):
        return before != "" and before in value
    return isinstance(before, dict | list) and isinstance(value, type(before))


def _patches(kustomizations: tuple[str, ...], files: Files) -> Iterator[_Patch]:
    """Yield the patches of some kustomizations; what is applied last comes first."""
    for path in kustomizations:
        file = files.get(path)
        for document in file.loaded.documents if file else ():
            for field in _FIELDS:
                entries = value_at(document.value, (field,))
                listed = list(enumerate(entries)) if isinstance(entries, list) else []
                for at, entry in reversed(listed):
                    target = value_at(entry, ("target",))
                    for step in ((), ("path",), ("patch",)):
                        text = value_at(entry, step)
                        if not isinstance(text, str) or file is None:
                            continue
                        if "\n" in text or step == ("patch",):
                            here = (document.index, (field, at, *step))
                            yield _Patch(file, load_marked(file.source, text), target, here)
                        else:
                            other = files.get(posixpath.normpath(posixpath.join(posixpath.dirname(path), text)))
                            if other:
                                yield _Patch(other, other.loaded, target, None)


def _in_patch(wanted: Wanted, held: Held, patch: _Patch) -> SourceLocation | None:
    """Return where a patch gives a field its value, None if it does not."""
    if patch.target is not None and not _targets(patch.target, wanted, held):
        return None
    for document in patch.loaded.documents:
        if isinstance(document.value, list):
            path = _operation(wanted, document.value) if patch.target is not None else None
            if path:
                return _location_in(patch, document.index, (), path, key=wanted.key and isinstance(path[-1], str))
            continue
        for value, root in objects_of(document.value):
            if patch.target is None and not _names(value, wanted, held):
                continue
            path = counterpart(wanted.value, wanted.path, value)
            if path and value_at(value, path) == value_at(wanted.value, wanted.path):
                return _location_in(patch, document.index, root, path, key=wanted.key)
    return None


def _targets(target: Any, wanted: Wanted, held: Held) -> bool:
    """Tell whether a patch is for an object; labels and annotations are not looked at."""
    name = value_at(held.value, ("metadata", "name"))
    for field, own in (("kind", wanted.name.kind), ("name", name)):
        pattern = value_at(target, (field,))
        try:
            if isinstance(pattern, str) and pattern and not re.fullmatch(pattern, str(own)):
                return False
        except re.error:
            return False
    return True


def _names(value: Any, wanted: Wanted, held: Held) -> bool:
    name = value_at(value, ("metadata", "name"))
    before = value_at(held.value, ("metadata", "name"))
    # An overlay in the middle may have given the name a prefix already.
    known = isinstance(name, str) and (name == before or (str(before) in name and name in (wanted.name.name or "")))
    return known and value_at(value, ("kind",)) == wanted.name.kind


def _operation(wanted: Wanted, operations: list[Any]) -> FieldPath | None:
    """Return where a JSON 6902 patch has the value of a field; the last operation wins."""
    value = value_at(wanted.value, wanted.path)
    for at in reversed(range(len(operations))):
        pointer = value_at(operations[at], ("path",))
        if not isinstance(pointer, str) or value_at(operations[at], ("op",)) not in ("add", "replace"):
            continue
        steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
        inner = wanted.path[len(steps) :]
        if len(steps) <= len(wanted.path) and all(map(_same_step, steps, wanted.path)):
            own = value_at(operations[at], ("value",))
            there = counterpart(value_at(wanted.value, wanted.path[: len(steps)]), inner, own)
            if there is not None and value_at(own, there) == value:
                return (at, "value", *there)
    return None


def _same_step(written: str, step: str | int) -> bool:
    """Compare a step of a JSON pointer; a list may have been longer or shorter when it was applied."""
    return isinstance(step, int) if written == "-" or written.isdigit() else written == step


def _location_in(patch: _Patch, document: int, root: FieldPath, path: FieldPath, *, key: bool) -> SourceLocation:
    """Return a place in a patch; in an inline one, the line of the kustomization."""
    if patch.inline is None:
        return patch.file.at_field(document, root, path, key=key)
    index, outer = patch.inline
    first, last = patch.file.loaded.documents[index].locate(outer)
    span = patch.loaded.documents[document].locate((*root, *path), key=key)
    line, column = patch.loaded.text.position(span[0])
    text = patch.file.text
    inner = patch.loaded.text.line(line)
    header = text.find("\n", first, last)
    lines = text[header + 1 : last].split("\n") if header >= 0 else []
    if line <= len(lines) and lines[line - 1].strip() == inner.strip():
        start = header + 1 + sum(len(each) + 1 for each in lines[: line - 1])
        start += len(lines[line - 1]) - len(lines[line - 1].lstrip()) - (len(inner) - len(inner.lstrip())) + column - 1
        end = start + len(inner[column - 1 : column - 1 + span[1] - span[0]].rstrip())
        return patch.file.at_span((start, end))._replace(document=index)
    return patch.file.at_span((first, first + 1))._replace(document=index)
