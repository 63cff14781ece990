"""What a kustomization puts together, and what it changes.

Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from k8snetlint.model.values import items, mapping, text
from k8snetlint.scope.changes import (
    Affix,
    Labels,
    Move,
    Patch,
    Replacement,
    Touch,
    changes_of_fields,
    is_remote,
    joined,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.scope.changes import Change, Read
    from k8snetlint.source.document import Place


C = TypeVar("C", Patch, Replacement, Touch)

_UNSEEN = ("helmCharts", "helmChartInflationGenerator", "generators")


def nothing_read(path: str) -> list[object] | None:  # noqa: ARG001 - as whoever reads files
    """Return None: no file is here."""
    return None


class Kustomization:
    """A Kustomization or Component as written, its paths joined with its folder.

    Slots:
        folder: where it stands.
        at: its document; None for one that was not read from a file.
        component: it is a Component: a part of others, whatever else is there.
        resources, components: the files and folders that it takes in, in order; `bases` are resources.
        remote: parts that are not files of this tree, as written.
        applied: what it does to objects that is applied to them, in kustomize's order.
        patches, replacements, touches: what it lays over the objects.
        unseen: the fields by which it makes objects that no file holds.
        transformers: the files and folders that say what its transformers do.
        unknown_transformers: whether transformers that are not known change the objects.
    """

    __slots__ = (
        "applied",
        "at",
        "component",
        "components",
        "folder",
        "patches",
        "remote",
        "replacements",
        "resources",
        "touches",
        "transformers",
        "unknown_transformers",
        "unseen",
    )

    def __init__(self, value: object, folder: str, read: Read = nothing_read, *, at: Place | None = None) -> None:
        """Read a kustomization; `read` returns what a file of its transformers holds, None if it is not here."""
        fields = mapping(value)
        self.folder = folder
        self.at = at
        self.component = fields.get("kind") == "Component"
        resources = [*_paths(fields, "resources"), *_paths(fields, "bases")]
        components = [*_paths(fields, "components")]
        self.remote = tuple(path for path in (*resources, *components) if is_remote(path))
        self.resources = tuple(joined(folder, path) for path in resources if not is_remote(path))
        self.components = tuple(joined(folder, path) for path in components if not is_remote(path))
        self.unseen = tuple(field for field in _UNSEEN if fields.get(field))
        self.transformers: tuple[str, ...] = ()
        self.unknown_transformers = False
        changes = [*changes_of_fields(fields, folder), *self._listed(fields.get("transformers"), read)]
        self.applied = tuple(each for each in changes if isinstance(each, Move | Affix | Labels))
        self.patches = _only(Patch, changes)
        self.replacements = _only(Replacement, changes)
        self.touches = _only(Touch, changes)

    def _listed(self, entries: object, read: Read) -> tuple[Change, ...]:
        """Return what the transformers do that it lists."""
        if not entries:
            return ()
        from k8snetlint.scope.transformers import transformers_of  # noqa: PLC0415 - few kustomizations list any

        found = transformers_of(entries, self.folder, read)
        self.transformers = found.paths
        self.unknown_transformers = found.unknown
        return found.changes

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
        """Whether it may change objects in a way that is not applied to them."""
        return bool(self.patches or self.replacements or self.touches or self.unknown_transformers)


def _only(kind: type[C], changes: list[Change]) -> tuple[C, ...]:
    return tuple(each for each in changes if isinstance(each, kind))


def _paths(fields: dict[str, object], field: str) -> Iterator[str]:
    return (path for path in map(text, items(fields.get(field))) if path)
