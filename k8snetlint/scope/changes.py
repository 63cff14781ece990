"""What a kustomization does to objects, one entry for each change as it is written.

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
"""Returns what a file holds, None if it is not among the files that are read."""
_REMOTE_SIGNS = ("://", "github.com/", "git@", "?ref=")


class NamespaceChange(NamedTuple):
    """Objects go to a namespace.

    Attributes:
        namespace: its name.
        unset_only: only those go that name none.
        renames_namespace: a Namespace object gets the name as well.
    """

    namespace: str
    unset_only: bool = False
    renames_namespace: bool = True


class Affix(NamedTuple):
    """A prefix and a suffix of the names of objects; `spec` says of which ones."""

    prefix: str
    suffix: str
    spec: FieldSpec = NAMES


class Labels(NamedTuple):
    """Labels that are put on objects, and the fields that they are put into.

    Attributes:
        field_path: where in the kustomization they are written, or what lists the transformer that puts them there.
    """

    pairs: dict[str, str]
    specs: FieldSpecs
    field_path: FieldPath = ("transformers",)


class Patch(NamedTuple):
    """A patch as it is listed.

    Attributes:
        path: the file it stands in; None for one whose text is written here.
        text: that text.
        target: whom it is meant for, as written; None if the patch says so itself.
        may_rename: it may change names and kinds.
    """

    path: str | None
    text: str | None
    target: dict[str, object] | None
    may_rename: bool


class Replacement(NamedTuple):
    """A replacement as it is listed: the file it stands in, or what is written here."""

    path: str | None
    value: dict[str, object]


class FieldChange(NamedTuple):
    """Fields that are changed in a way that is not applied: whose, and which ones."""

    target: Target
    fields: tuple[Touched, ...]


Change = NamespaceChange | Affix | Labels | Patch | Replacement | FieldChange


def changes_of_fields(fields: dict[str, object], folder: str) -> Iterator[Change]:
    """Yield what a kustomization does by its own fields; those that are applied in kustomize's order."""
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
    """Return a path that is written in a kustomization, from where the run stands."""
    return posixpath.normpath(posixpath.join(folder, path))


def is_remote(path: str) -> bool:
    """Tell whether a path that is written in a kustomization leads out of its tree."""
    return any(sign in path for sign in _REMOTE_SIGNS)
