"""What a kustomization puts together, and what it changes.

Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.values import items, mapping, strings, text
from k8snetlint.scope.fieldspecs import METADATA, SELECTORS, TEMPLATES, Specs, read_field_specs

if TYPE_CHECKING:
    from collections.abc import Iterator

_REMOTE = ("://", "github.com/", "git@", "?ref=")
_UNSEEN = ("helmCharts", "helmChartInflationGenerator", "generators")


class Labels(NamedTuple):
    """Labels that are put on all objects, and the fields that they are put into."""

    pairs: dict[str, str]
    specs: Specs


class Patch(NamedTuple):
    """A patch as it is listed.

    Attributes:
        path: the file it stands in; None for one whose text is written here.
        text: that text.
        target: whom it is meant for, as written; None if the patch says so itself.
        renames: it may change names and kinds.
    """

    path: str | None
    text: str | None
    target: dict[str, object] | None
    renames: bool


class Replacement(NamedTuple):
    """A replacement as it is listed: the file it stands in, or what is written here."""

    path: str | None
    value: dict[str, object]


class Kustomization:
    """A Kustomization or Component as written, its paths joined with its folder.

    Slots:
        folder: where it stands.
        component: it is a Component: a part of others, whatever else is there.
        resources, components: the files and folders that it takes in, in order; `bases` are resources.
        remote: parts that are not files of this tree, as written.
        patches, replacements: what it lays over the objects.
        namespace: None if it sets none.
        name_prefix, name_suffix: empty if it sets none.
        labels: what it puts on the objects, in that order.
        unseen: the fields by which it makes objects that no file holds.
        transforms: whether transformers of the user's own change the objects.
    """

    __slots__ = (
        "component",
        "components",
        "folder",
        "labels",
        "name_prefix",
        "name_suffix",
        "namespace",
        "patches",
        "remote",
        "replacements",
        "resources",
        "transforms",
        "unseen",
    )

    def __init__(self, value: object, folder: str) -> None:
        fields = mapping(value)
        self.folder = folder
        self.component = fields.get("kind") == "Component"
        resources = [*_paths(fields, "resources"), *_paths(fields, "bases")]
        components = [*_paths(fields, "components")]
        self.remote = tuple(path for path in (*resources, *components) if _is_remote(path))
        self.resources = tuple(_join(folder, path) for path in resources if not _is_remote(path))
        self.components = tuple(_join(folder, path) for path in components if not _is_remote(path))
        self.patches = tuple(_patches(fields, folder))
        self.replacements = tuple(_replacements(fields, folder))
        self.namespace = text(fields.get("namespace")) or None
        self.name_prefix = text(fields.get("namePrefix")) or ""
        self.name_suffix = text(fields.get("nameSuffix")) or ""
        self.labels = tuple(_labels(fields))
        self.unseen = tuple(field for field in _UNSEEN if fields.get(field))
        self.transforms = bool(fields.get("transformers"))

    @property
    def parts(self) -> tuple[str, ...]:
        """The files and folders that it takes in."""
        return self.resources + self.components

    @property
    def overlay_files(self) -> Iterator[str]:
        """The files that say what it lays over the objects: its patches and replacements."""
        yield from (each.path for each in self.patches if each.path)
        yield from (each.path for each in self.replacements if each.path)

    @property
    def lays_over(self) -> bool:
        """Whether it may change objects otherwise than by transformers that are known."""
        return bool(self.patches or self.replacements or self.transforms)


def _paths(fields: dict[str, object], field: str) -> Iterator[str]:
    return (path for path in map(text, items(fields.get(field))) if path)


def _is_remote(path: str) -> bool:
    return any(mark in path for mark in _REMOTE)


def _labels(fields: dict[str, object]) -> Iterator[Labels]:
    for each in map(mapping, items(fields.get("labels"))):
        if each.get("includeSelectors") is True:
            specs = SELECTORS
        else:
            specs = TEMPLATES if each.get("includeTemplates") is True else METADATA
        own = tuple(spec for spec in read_field_specs(each.get("fields")) if spec not in specs)
        pairs = strings(each.get("pairs"))
        if pairs:
            yield Labels(pairs, (*own, *specs) if own else specs)
    common = strings(fields.get("commonLabels"))
    if common:
        yield Labels(common, SELECTORS)


def _patches(fields: dict[str, object], folder: str) -> Iterator[Patch]:
    for field in ("patches", "patchesStrategicMerge", "patchesJson6902"):
        for entry in items(fields.get(field)):
            spec = mapping(entry)
            inline = text(spec.get("patch"))
            path = text(spec.get("path")) if spec else text(entry)
            if path and "\n" in path:
                inline, path = path, None
            options = mapping(spec.get("options"))
            renames = any(options.get(each) is True for each in ("allowNameChange", "allowKindChange"))
            target = mapping(spec["target"]) if spec.get("target") else None
            if path or inline:
                yield Patch(_join(folder, path) if path else None, inline, target, renames)


def _replacements(fields: dict[str, object], folder: str) -> Iterator[Replacement]:
    for each in map(mapping, items(fields.get("replacements"))):
        path = text(each.get("path"))
        yield Replacement(_join(folder, path) if path else None, each)


def _join(folder: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(folder, path))
