"""What a kustomization puts together.

Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
"""

from __future__ import annotations

import posixpath

from k8snetlint.model.values import items, mapping, text

FILES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_REMOTE = ("://", "github.com/", "git@", "?ref=")


class Kustomization:
    """A Kustomization or Component as written, its paths joined with its folder.

    Slots:
        folder: where it stands.
        parts: the files and folders that it takes in: resources, bases, components.
        patches: the files that it lists as patches.
        remote: parts that are not files of this tree, as written.
        namespace: None if it sets none.
        makes_names: whether names of objects are not those that are written (prefixes, suffixes).
        generates: whether it makes objects that no file holds (generators, Helm charts).
    """

    __slots__ = ("folder", "generates", "makes_names", "namespace", "parts", "patches", "remote")

    def __init__(self, value: object, folder: str) -> None:
        fields = mapping(value)
        self.folder = folder
        listed = [
            path
            for field in ("resources", "bases", "components")
            for path in map(text, items(fields.get(field)))
            if path
        ]
        self.remote = tuple(path for path in listed if any(mark in path for mark in _REMOTE))
        self.parts = tuple(_join(folder, path) for path in listed if path not in self.remote)
        self.patches = tuple(_join(folder, path) for path in _patches(fields))
        self.namespace = text(fields.get("namespace"))
        self.makes_names = bool(fields.get("namePrefix") or fields.get("nameSuffix"))
        self.generates = any(fields.get(field) for field in ("helmCharts", "generators", "helmChartInflationGenerator"))


def _patches(fields: dict[str, object]) -> list[str]:
    """Return the files listed as patches; an inline patch is a text of several lines."""
    listed: list[str] = []
    for field in ("patches", "patchesStrategicMerge", "patchesJson6902"):
        for entry in items(fields.get(field)):
            path = text(mapping(entry).get("path")) if isinstance(entry, dict) else text(entry)
            if path and "\n" not in path:
                listed.append(path)
    return listed


def _join(folder: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(folder, path))
