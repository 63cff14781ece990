"""What kustomizations put together: which files each of them takes in, and what becomes of the objects on their way.

Every kustomization is walked once in each way that matters, from the outside in: all that changes an object from there
on is known when its file is met. Two ways to one file that make the same of it are one; kustomize would refuse them.
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
"""How often one build may take in again what it holds already, changed in another way."""


class PatchLayer:
    """A kustomization that lays patches over objects, on the way of an object that leaves it.

    Slots:
        kustomization: whose patches they are.
        outer: the layer that its result goes through next; None for the last one.
        depth: how many layers are outside of it.
    """

    __slots__ = ("depth", "kustomization", "outer")

    def __init__(self, kustomization: Kustomization, outer: PatchLayer | None) -> None:
        self.kustomization = kustomization
        self.outer = outer
        self.depth: int = outer.depth + 1 if outer else 0


class Treatment(NamedTuple):
    """What becomes of a file's objects from one kustomization on."""

    transform: Transform
    patch_layer: PatchLayer | None


class IncludedFile(NamedTuple):
    """A file that is taken in, and what becomes of its objects."""

    file: str
    treatment: Treatment


class Build:
    """What one kustomization puts together.

    Slots:
        folder: where it stands.
        included: the files, in kustomize's order.
        kustomizations: the kustomizations that have a part in it, itself among them, by their folders.
        label_layers: what puts labels into the peers of a file's policies, the innermost one for each way, by the file.
        is_cut_off: whether it takes in more than is looked at.
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
    """What the kustomizations of a run put together that no other one takes in.

    Slots:
        kustomizations: all kustomizations, by their folders.
        roots: what each of the outermost ones puts together, by its folder.
        transforms_by_file: what becomes of the objects of a file, by its name; a file that none takes in is missing.
    """

    __slots__ = ("kustomizations", "roots", "transforms_by_file")

    def __init__(self, kustomizations: Mapping[str, Kustomization]) -> None:
        self.kustomizations = kustomizations
        # What only makes transformers is applied nowhere.
        used = {path for each in kustomizations.values() for path in (*each.included_paths, *each.transformers)}
        walker = _Walker(kustomizations)
        self.roots = {folder: walker.build(folder) for folder in kustomizations if folder not in used}
        self.transforms_by_file: dict[str, dict[Transform, None]] = {}
        for build in self.roots.values():
            for file, treatment in build.included:
                self.transforms_by_file.setdefault(file, {})[treatment.transform] = None

    def patch_files(self) -> frozenset[str]:
        """Return the files that say what kustomizations lay over objects."""
        return frozenset(path for each in self.kustomizations.values() for path in each.patch_files)


class _End(NamedTuple):
    """The end of a kustomization: what is outside of it, and how many kustomizations that lies in."""

    treatment: Treatment
    label_layer: LabelLayer | None
    depth: int


class _Walker:
    """Walks kustomizations from the outside in, and what they take in from the last part to the first.

    A component changes all that its kustomization takes in before it. So what comes last is met first, and a component
    stays on the way of what comes before it.
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
        # The kustomizations that are being walked: one that takes in itself adds nothing.
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
