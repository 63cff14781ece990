"""The changes that a kustomization makes to objects, one value for each as it is written.

Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.values import items, mapping, strings, text
from k8snetlint.scope.fieldspecs import METADATA, NAMES, SELECTORS, TEMPLATES, FieldSpec, FieldSpecs, read_field_specs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.aspects import Touched
    from k8snetlint.scope.target import Target
    from k8snetlint.source.paths import FieldPath


ReadFile = Callable[[str], "list[object] | None"]
"""Returns the documents of a file, None if the file is not among those that are read."""


class NamespaceChange(NamedTuple):
    """Sets the namespace of objects.

    Attributes:
        namespace: the name of the namespace.
        unset_only: only objects without a namespace get it.
        renames_namespace: whether Namespace objects get this name as well.
    """

    namespace: str
    unset_only: bool = False
    renames_namespace: bool = True


class Affix(NamedTuple):
    """A prefix and a suffix of names; `spec` says for which kinds."""

    prefix: str
    suffix: str
    spec: FieldSpec = NAMES


class Labels(NamedTuple):
    """Labels that are added to objects, and the fields that they are added to.

    Attributes:
        field_path: where they are written in the kustomization; `transformers` if a transformer adds them.
    """

    pairs: dict[str, str]
    specs: FieldSpecs
    field_path: FieldPath = ("transformers",)


class Patch(NamedTuple):
    """An entry of `patches`.

    Attributes:
        path: its file; None for an inline patch.
        text: the text of an inline patch.
        target: its `target` as written; None if the patch itself names the object.
        may_rename: whether it may change names and kinds.
    """

    path: str | None
    text: str | None
    target: dict[str, object] | None
    may_rename: bool


class Replacement(NamedTuple):
    """An entry of `replacements`: a file, or the inline value."""

    path: str | None
    value: dict[str, object]


class FieldChange(NamedTuple):
    """Fields of target objects that are changed in a way that we do not apply."""

    target: Target
    fields: tuple[Touched, ...]


Change = NamespaceChange | Affix | Labels | Patch | Replacement | FieldChange


def changes_of_fields(fields: dict[str, object], folder: str) -> Iterator[Change]:
    """Yield the changes of a kustomization's own fields; those that we apply are in kustomize's order."""
    namespace = text(fields.get("namespace"))
    if namespace:
        yield NamespaceChange(namespace)
    prefix, suffix = text(fields.get("namePrefix")) or "", text(fields.get("nameSuffix")) or ""
    if prefix or suffix:
        yield Affix(prefix, suffix)
    yield from _labels(fields)
    for field in ("patches", "patchesStrategicMerge", "patchesJson6902"):
        for entry in items(fields.get(field)):
            yield from patches_of(entry, folder)
    yield from replacements_of(fields, folder)


def _labels(fields: dict[str, object]) -> Iterator[Labels]:
    for number, entry in enumerate(map(mapping, items(fields.get("labels")))):
        if entry.get("includeSelectors") is True:
            specs = SELECTORS
        else:
            specs = TEMPLATES if entry.get("includeTemplates") is True else METADATA
        own = tuple(spec for spec in read_field_specs(entry.get("fields")) if spec not in specs)
        pairs = strings(entry.get("pairs"))
        if pairs:
            yield Labels(pairs, (*own, *specs) if own else specs, ("labels", number, "pairs"))
    common = strings(fields.get("commonLabels"))
    if common:
        yield Labels(common, SELECTORS, ("commonLabels",))


def patches_of(entry: object, folder: str) -> Iterator[Patch]:
    """Yield the patch of an entry of `patches`, `patchesStrategicMerge` or `patchesJson6902`, if it has one."""
    spec = mapping(entry)
    inline = text(spec.get("patch"))
    path = text(spec.get("path")) if spec else text(entry)
    if path and "\n" in path:
        inline, path = path, None
    options = mapping(spec.get("options"))
    may_rename = any(options.get(each) is True for each in ("allowNameChange", "allowKindChange"))
    target = mapping(spec["target"]) if spec.get("target") else None
    if path or inline:
        yield Patch(join_path(folder, path) if path else None, inline, target, may_rename)


def replacements_of(fields: dict[str, object], folder: str) -> Iterator[Replacement]:
    """Yield the entries of `replacements`."""
    for each in map(mapping, items(fields.get("replacements"))):
        path = text(each.get("path"))
        yield Replacement(join_path(folder, path) if path else None, each)


def join_path(folder: str, path: str) -> str:
    """Return a path that is written in a kustomization, relative to the working directory."""
    return posixpath.normpath(posixpath.join(folder, path))


def is_remote(path: str) -> bool:
    """Tell whether a path that is written in a kustomization is a URL."""
    return "://" in path or "github.com/" in path or "git@" in path or "?ref=" in path
