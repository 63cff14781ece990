"""What a kustomization puts together, and what it changes.

Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
"""

from __future__ import annotations

import posixpath
import re
from typing import NamedTuple

from k8snetlint.model.values import items, mapping, strings, text

_REMOTE = ("://", "github.com/", "git@", "?ref=")
_NAME = r"[\w.-]+"
_UNSEEN = ("helmCharts", "helmChartInflationGenerator", "generators")


class Labels(NamedTuple):
    """Labels that are put on all objects; with `templates` on their pods, with `selectors` into selectors as well."""

    labels: dict[str, str]
    selectors: bool
    templates: bool


class Patch(NamedTuple):
    """A patch: the file it stands in, or its text; `kind` and `name` of its target, None for any."""

    path: str | None
    text: str | None
    kind: str | None
    name: str | None


class Kustomization:
    """A Kustomization or Component as written, its paths joined with its folder.

    Slots:
        folder: where it stands.
        component: it is a Component: a part of others, whatever else is there.
        parts: the files and folders that it takes in: resources, bases, components.
        remote: parts that are not files of this tree, as written.
        patches: what it lays over the objects.
        namespace: None if it sets none.
        name_prefix, name_suffix: empty if it sets none.
        labels: what it puts on the objects.
        unseen: the fields by which it makes objects that no file holds.
        transforms: whether something else changes the objects: transformers, replacements of labels or namespaces.
    """

    __slots__ = (
        "component",
        "folder",
        "labels",
        "name_prefix",
        "name_suffix",
        "namespace",
        "parts",
        "patches",
        "remote",
        "transforms",
        "unseen",
    )

    def __init__(self, value: object, folder: str) -> None:
        fields = mapping(value)
        self.folder = folder
        self.component = fields.get("kind") == "Component"
        listed = [
            path
            for field in ("resources", "bases", "components")
            for path in map(text, items(fields.get(field)))
            if path
        ]
        self.remote = tuple(path for path in listed if any(mark in path for mark in _REMOTE))
        self.parts = tuple(_join(folder, path) for path in listed if path not in self.remote)
        self.patches = tuple(_patches(fields, folder))
        self.namespace = text(fields.get("namespace"))
        self.name_prefix = text(fields.get("namePrefix")) or ""
        self.name_suffix = text(fields.get("nameSuffix")) or ""
        self.labels = tuple(_labels(fields))
        self.unseen = tuple(field for field in _UNSEEN if fields.get(field))
        replaced = str(fields.get("replacements") or "")
        self.transforms = bool(fields.get("transformers")) or any(word in replaced for word in ("abel", "amespace"))

    @property
    def makes_names(self) -> bool:
        """Whether names of objects are not those that are written."""
        return bool(self.name_prefix or self.name_suffix)

    @property
    def changes(self) -> bool:
        """Whether objects are not what is written, patches aside."""
        return bool(self.namespace or self.makes_names or self.labels or self.transforms)


def _labels(fields: dict[str, object]) -> list[Labels]:
    found: list[Labels] = []
    common = strings(fields.get("commonLabels"))
    if common:
        found.append(Labels(common, selectors=True, templates=True))
    for each in map(mapping, items(fields.get("labels"))):
        selectors = each.get("includeSelectors") is True
        found.append(Labels(strings(each.get("pairs")), selectors, selectors or each.get("includeTemplates") is True))
    return found


def _patches(fields: dict[str, object], folder: str) -> list[Patch]:
    found: list[Patch] = []
    for field in ("patches", "patchesStrategicMerge", "patchesJson6902"):
        for entry in items(fields.get(field)):
            spec = mapping(entry)
            target = mapping(spec.get("target"))
            inline = text(spec.get("patch"))
            path = text(spec.get("path")) if spec else text(entry)
            if path and "\n" in path:
                inline, path = path, None
            name = text(target.get("name"))
            # A target's name is a regular expression.
            exact = name if name and re.fullmatch(_NAME, name) and "." not in name else None
            found.append(Patch(_join(folder, path) if path else None, inline, text(target.get("kind")), exact))
    return found


def _join(folder: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(folder, path))
