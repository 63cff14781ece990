"""Fields that kustomize rendered: in the file that an object comes from, or in the patch that changed it."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.origin.objects import counterpart, find_object
from k8snetlint.render.rendered import load_marked
from k8snetlint.source.objects import objects_of
from k8snetlint.source.paths import value_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import ObjectName
    from k8snetlint.origin.files import File, Files, SourceLocation
    from k8snetlint.origin.objects import SourceObject
    from k8snetlint.source.load import Loaded
    from k8snetlint.source.paths import FieldPath

_FIELDS = ("patches", "patchesStrategicMerge", "patchesJson6902")


class RenderedField(NamedTuple):
    """A rendered field: its object, the object's name, its path in the object, whether the finding is at its key."""

    value: Any
    name: ObjectName
    path: FieldPath
    key: bool


class _Patch(NamedTuple):
    """A patch: the file that contains it, its documents, and the target of the patch.

    `inline` is the document and the path of the patch in a kustomization, None for a file of its own.
    """

    file: File
    loaded: Loaded
    target: Any
    inline: tuple[int, FieldPath] | None


def patched_location(
    rendered: RenderedField, origin: File, kustomizations: tuple[str, ...], files: Files
) -> SourceLocation | None:
    """Return where a field of a rendered object is written, None if its file does not have the object.

    In this order: where the object's file has the same value; where a patch sets it; where the field has the value
    before kustomize changed it (a name without its prefix, a collection); the beginning of the object.
    """
    source_object = find_object(origin.loaded, rendered.name)
    if source_object is None:
        return None
    path = counterpart(rendered.value, rendered.path, source_object.value)
    document = source_object.document.index
    value = value_at(rendered.value, rendered.path)
    before = None if path is None else value_at(source_object.value, path)
    if path is not None and before == value:
        return origin.at_field(document, source_object.root, path, key=rendered.key)
    for patch in _patches(kustomizations, files):
        location = _in_patch(rendered, source_object, patch)
        if location:
            return location
    if path is not None and (rendered.key or _may_come_from(value, before)):
        return origin.at_field(document, source_object.root, path, key=rendered.key)
    return origin.at_span(source_object.document.locate((*source_object.root, "")))._replace(document=document)


def _may_come_from(value: Any, before: Any) -> bool:
    """Tell whether a transformer that only adds to values may have made a value from another one."""
    if isinstance(before, str) and isinstance(value, str):
        return before != "" and before in value
    return isinstance(before, dict | list) and isinstance(value, type(before))


def _patches(kustomizations: tuple[str, ...], files: Files) -> Iterator[_Patch]:
    """Yield the patches of some kustomizations, the ones that are applied last first."""
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
                            inline = (document.index, (field, at, *step))
                            yield _Patch(file, load_marked(file.source, text), target, inline)
                        else:
                            other = files.get(posixpath.normpath(posixpath.join(posixpath.dirname(path), text)))
                            if other:
                                yield _Patch(other, other.loaded, target, None)


def _in_patch(rendered: RenderedField, source_object: SourceObject, patch: _Patch) -> SourceLocation | None:
    """Return where a patch gives a field its value, None if it does not."""
    if patch.target is not None and not _targets(patch.target, rendered, source_object):
        return None
    for document in patch.loaded.documents:
        if isinstance(document.value, list):
            path = _operation(rendered, document.value) if patch.target is not None else None
            if path:
                return _location_in(patch, document.index, (), path, key=rendered.key and isinstance(path[-1], str))
            continue
        for value, root in objects_of(document.value):
            if patch.target is None and not _is_patch_of(value, rendered, source_object):
                continue
            path = counterpart(rendered.value, rendered.path, value)
            if path and value_at(value, path) == value_at(rendered.value, rendered.path):
                return _location_in(patch, document.index, root, path, key=rendered.key)
    return None


def _targets(target: Any, rendered: RenderedField, source_object: SourceObject) -> bool:
    """Tell whether the target of a patch selects an object; label and annotation selectors are ignored."""
    name = value_at(source_object.value, ("metadata", "name"))
    for field, own in (("kind", rendered.name.kind), ("name", name)):
        pattern = value_at(target, (field,))
        try:
            if isinstance(pattern, str) and pattern and not re.fullmatch(pattern, str(own)):
                return False
        except re.error:
            return False
    return True


def _is_patch_of(value: Any, rendered: RenderedField, source_object: SourceObject) -> bool:
    name = value_at(value, ("metadata", "name"))
    before = value_at(source_object.value, ("metadata", "name"))
    # An overlay in between may have added a prefix to the name.
    has_name = name == before or (str(before) in str(name) and str(name) in (rendered.name.name or ""))
    return isinstance(name, str) and has_name and value_at(value, ("kind",)) == rendered.name.kind


def _operation(rendered: RenderedField, operations: list[Any]) -> FieldPath | None:
    """Return where a JSON 6902 patch has the value of a field; the last operation wins."""
    value = value_at(rendered.value, rendered.path)
    for at in reversed(range(len(operations))):
        pointer = value_at(operations[at], ("path",))
        if not isinstance(pointer, str) or value_at(operations[at], ("op",)) not in ("add", "replace"):
            continue
        steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
        inner = rendered.path[len(steps) :]
        if len(steps) <= len(rendered.path) and all(map(_same_step, steps, rendered.path)):
            own = value_at(operations[at], ("value",))
            found = counterpart(value_at(rendered.value, rendered.path[: len(steps)]), inner, own)
            if found is not None and value_at(own, found) == value:
                return (at, "value", *found)
    return None


def _same_step(written: str, step: str | int) -> bool:
    """Tell whether a step of a JSON pointer may be a step of a path; list indexes may have changed since."""
    return isinstance(step, int) if written == "-" or written.isdigit() else written == step


def _location_in(patch: _Patch, document: int, root: FieldPath, path: FieldPath, *, key: bool) -> SourceLocation:
    """Return a place in a patch; for an inline one, in the kustomization."""
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
