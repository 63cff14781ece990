"""What kustomizations build: which files each of them includes, and how the objects of each file are changed.

Kustomizations are walked from the outside in, so all changes to an object are known when its file is reached. A file
that is reached twice with the same changes counts once; kustomize would reject it.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.scope.label_layers import LabelLayer, added_labels, label_layer_of
from k8snetlint.scope.transform import UNCHANGED, Transform, Transforms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snetlint.model.cluster import AddedLabel
    from k8snetlint.scope.kustomization import Kustomization

_MAX_REPEATS = 1000
"""How often one build may include files again that it includes already, with other changes."""


class PatchLayer:
    """A kustomization that patches objects, linked to the next such kustomization that includes it.

    Slots:
        kustomization: the kustomization with the patches.
        outer: the next layer outwards; None for the outermost.
        depth: the number of layers outside of it.
    """

    __slots__ = ("depth", "kustomization", "outer")

    def __init__(self, kustomization: Kustomization, outer: PatchLayer | None) -> None:
        self.kustomization = kustomization
        self.outer = outer
        self.depth: int = outer.depth + 1 if outer else 0


class Treatment(NamedTuple):
    """What a kustomization, and those that include it, do to objects."""

    transform: Transform
    patch_layer: PatchLayer | None


class IncludedFile(NamedTuple):
    """A file that a kustomization includes, and what is done to its objects."""

    file: str
    treatment: Treatment


class Build:
    """The result of `kustomize build` for one folder.

    Slots:
        folder: the folder of the kustomization.
        included: the files, in kustomize's order; a file occurs once for each treatment.
        kustomizations: the kustomization itself and all that it includes, by their folders.
        label_layers: by file, the innermost layers that add labels to the peers of its policies.
        is_cut_off: whether files are included in more ways than were followed; each file occurs once at least.
    """

    __slots__ = ("folder", "included", "is_cut_off", "kustomizations", "label_layers")

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.included: list[IncludedFile] = []
        self.kustomizations: dict[str, Kustomization] = {}
        self.label_layers: dict[str, dict[LabelLayer, None]] = {}
        self.is_cut_off = False

    @property
    def files(self) -> dict[str, None]:
        """The names of the files, without repetition."""
        return dict.fromkeys(each.file for each in self.included)

    def added_labels(self, file: str, labels: Mapping[str, str]) -> Iterator[AddedLabel]:
        """Yield which kustomizations add labels to the peers of policies in a file."""
        return added_labels(self.label_layers.get(posixpath.normpath(file), ()), labels)


class Builds:
    """The builds of a run: one for each kustomization that no other one includes.

    Slots:
        kustomizations: all kustomizations, by their folders.
        roots: the builds, by their folders.
        transforms_by_file: the transforms of each file that a build includes.
    """

    __slots__ = ("kustomizations", "roots", "transforms_by_file")

    def __init__(self, kustomizations: Mapping[str, Kustomization]) -> None:
        self.kustomizations = kustomizations
        # A kustomization that is listed under `transformers` configures them and is not applied itself.
        used = {path for each in kustomizations.values() for path in (*each.included_paths, *each.transformers)}
        walker = _Walker(kustomizations)
        self.roots = {folder: walker.build(folder) for folder in kustomizations if folder not in used}
        self.transforms_by_file: dict[str, dict[Transform, None]] = {}
        for build in self.roots.values():
            for file, treatment in build.included:
                self.transforms_by_file.setdefault(file, {})[treatment.transform] = None

    def patch_files(self) -> frozenset[str]:
        """Return the files of all patches and replacements."""
        return frozenset(path for each in self.kustomizations.values() for path in each.patch_files)


class _End(NamedTuple):
    """The end of a kustomization in the walk: what to go back to, and how many kustomizations are not finished."""

    treatment: Treatment
    label_layer: LabelLayer | None
    depth: int


class _Walker:
    """Walks kustomizations from the outside in, and their included paths from the last to the first.

    A component changes everything that its kustomization includes before it. So it is walked first, and its changes
    apply to the paths that are walked after it.
    """

    def __init__(self, kustomizations: Mapping[str, Kustomization]) -> None:
        self.kustomizations = kustomizations
        self.transforms = Transforms()
        self.patch_layers: dict[tuple[str, PatchLayer | None], PatchLayer] = {}

    def build(self, root: str) -> Build:
        build = Build(root)
        treatment, label_layer = Treatment(UNCHANGED, None), None
        visited: set[str] = set()
        visited_treatments: set[tuple[str, Treatment]] = set()
        # Kustomizations whose end is not reached: one that includes itself adds nothing.
        open_folders: dict[str, None] = {}
        repeats = 0
        pending: list[str | _End] = [root]
        while pending:
            entry = pending.pop()
            if isinstance(entry, _End):
                while len(open_folders) > entry.depth:
                    open_folders.popitem()
                treatment, label_layer = entry.treatment, entry.label_layer
                continue
            path = entry
            if path in open_folders or (path, treatment) in visited_treatments:
                continue
            visited_treatments.add((path, treatment))
            repeats += path in visited
            if repeats > _MAX_REPEATS and path in visited:
                build.is_cut_off = True
                continue
            visited.add(path)
            kustomization = self.kustomizations.get(path)
            if kustomization is None:
                build.included.append(IncludedFile(path, treatment))
                if label_layer:
                    build.label_layers.setdefault(path, {})[label_layer] = None
                continue
            build.kustomizations[path] = kustomization
            if not kustomization.is_component:
                pending.append(_End(treatment, label_layer, len(open_folders)))
            open_folders[path] = None
            treatment = self._compose(treatment, kustomization)
            label_layer = label_layer_of(kustomization, label_layer)
            pending += kustomization.included_paths
        build.included.reverse()
        return build

    def _compose(self, treatment: Treatment, kustomization: Kustomization) -> Treatment:
        layer = treatment.patch_layer
        if kustomization.has_patch_effects:
            layer = self.patch_layers.setdefault((kustomization.folder, layer), PatchLayer(kustomization, layer))
        return Treatment(self.transforms.compose(treatment.transform, kustomization), layer)
