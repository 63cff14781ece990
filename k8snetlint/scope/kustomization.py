"""What a kustomization includes, and what it changes.

Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from k8snetlint.model.values import items, mapping, text
from k8snetlint.scope.changes import (
    Affix,
    FieldChange,
    Labels,
    NamespaceChange,
    Patch,
    Replacement,
    changes_of_fields,
    is_remote,
    join_path,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.scope.changes import Change, ReadFile
    from k8snetlint.source.document import Place


C = TypeVar("C", Patch, Replacement, FieldChange)

_GENERATOR_FIELDS = ("helmCharts", "helmChartInflationGenerator", "generators")


def read_nothing(path: str) -> list[object] | None:  # noqa: ARG001 - as whoever reads files
    """Return None, as if the file did not exist."""
    return None


class Kustomization:
    """A Kustomization or Component as written, its paths joined with its folder.

    Slots:
        folder: the folder of its file.
        place: its document; None for one that was not read from a file.
        is_component: its kind is Component: it also changes what the including kustomization lists before it.
        resources, components: the files and folders that it includes, in order; `bases` are resources.
        remote_paths: included paths that are not in this tree (URLs), as written.
        applied_changes: the changes that we apply to objects, in kustomize's order.
        patches, replacements, field_changes: the changes that we do not apply; they only mark objects as patched.
        generator_fields: the fields that generate objects which are in no file.
        transformers: the files and folders that configure its transformers.
        has_unknown_transformers: whether it lists transformers whose changes are not known.
    """

    __slots__ = (
        "applied_changes",
        "components",
        "field_changes",
        "folder",
        "generator_fields",
        "has_unknown_transformers",
        "is_component",
        "patches",
        "place",
        "remote_paths",
        "replacements",
        "resources",
        "transformers",
    )

    def __init__(
        self, value: object, folder: str, read: ReadFile = read_nothing, *, place: Place | None = None
    ) -> None:
        """Read a kustomization; `read` returns the documents of a transformer's file, None if there is no such file."""
        fields = mapping(value)
        self.folder = folder
        self.place = place
        self.is_component = fields.get("kind") == "Component"
        resources = [*_paths(fields, "resources"), *_paths(fields, "bases")]
        components = [*_paths(fields, "components")]
        self.remote_paths = tuple(path for path in (*resources, *components) if is_remote(path))
        self.resources = tuple(join_path(folder, path) for path in resources if not is_remote(path))
        self.components = tuple(join_path(folder, path) for path in components if not is_remote(path))
        self.generator_fields = tuple(field for field in _GENERATOR_FIELDS if fields.get(field))
        self.transformers: tuple[str, ...] = ()
        self.has_unknown_transformers = False
        changes = [*changes_of_fields(fields, folder), *self._read_transformers(fields.get("transformers"), read)]
        self.applied_changes = tuple(each for each in changes if isinstance(each, NamespaceChange | Affix | Labels))
        self.patches = _changes_of_type(Patch, changes)
        self.replacements = _changes_of_type(Replacement, changes)
        self.field_changes = _changes_of_type(FieldChange, changes)

    def _read_transformers(self, entries: object, read: ReadFile) -> tuple[Change, ...]:
        """Read the transformers that it lists, and return their changes."""
        if not entries:
            return ()
        from k8snetlint.scope.transformers import read_transformers  # noqa: PLC0415 - few kustomizations list any

        found = read_transformers(entries, self.folder, read)
        self.transformers = found.paths
        self.has_unknown_transformers = found.has_unknown
        return found.changes

    @property
    def included_paths(self) -> tuple[str, ...]:
        """The files and folders that it includes: resources, then components."""
        return self.resources + self.components

    @property
    def patch_files(self) -> Iterator[str]:
        """The files of its patches and replacements."""
        yield from (each.path for each in self.patches if each.path)
        yield from (each.path for each in self.replacements if each.path)

    @property
    def has_patch_effects(self) -> bool:
        """Whether it may change objects in a way that we do not apply."""
        return bool(self.patches or self.replacements or self.field_changes or self.has_unknown_transformers)


def _changes_of_type(kind: type[C], changes: list[Change]) -> tuple[C, ...]:
    return tuple(each for each in changes if isinstance(each, kind))


def _paths(fields: dict[str, object], field: str) -> Iterator[str]:
    return (path for path in map(text, items(fields.get(field))) if path)
