"""What kustomizations put together: which files each of them takes in, and what becomes of the objects on their way.

Every kustomization is walked once in each way that matters, from the outside in: all that changes an object from there
on is known when its file is met. Two ways to one file that make the same of it are one; kustomize would refuse them.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.scope.label_layers import Labelling, added_by, labelled
from k8snetlint.scope.transform import UNCHANGED, Transform, Transforms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snetlint.model.cluster import AddedLabel
    from k8snetlint.scope.kustomization import Kustomization

_MOST_REPEATS = 1000
"""How often one build may take in again what it holds already, changed in another way."""


class Layer:
    """A kustomization that lays patches over objects, on the way of an object that leaves it.

    Slots:
        kustomization: whose patches they are.
        outer: the layer that its result goes through next; None for the last one.
        depth: how many layers are outside of it.
    """

    __slots__ = ("depth", "kustomization", "outer")

    def __init__(self, kustomization: Kustomization, outer: Layer | None) -> None:
        self.kustomization = kustomization
        self.outer = outer
        self.depth: int = outer.depth + 1 if outer else 0


class Way(NamedTuple):
    """What becomes of a file's objects from one kustomization on."""

    transform: Transform
    layer: Layer | None


class Taken(NamedTuple):
    """A file that is taken in, and what becomes of its objects."""

    file: str
    way: Way


class Build:
    """What one kustomization puts together.

    Slots:
        folder: where it stands.
        taken: the files, in kustomize's order.
        inner: the kustomizations that have a part in it, itself among them, by their folders.
        labelled: what puts labels into the peers of a file's policies, the innermost one for each way, by the file.
        cut_off: whether it takes in more than is looked at.
    """

    __slots__ = ("cut_off", "folder", "inner", "labelled", "taken")

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.taken: list[Taken] = []
        self.inner: dict[str, Kustomization] = {}
        self.labelled: dict[str, dict[Labelling, None]] = {}
        self.cut_off = False

    @property
    def files(self) -> dict[str, None]:
        """The names of the files, without repetition."""
        return dict.fromkeys(each.file for each in self.taken)

    def added_labels(self, file: str, labels: Mapping[str, str]) -> Iterator[AddedLabel]:
        """Yield which kustomizations add labels to the peers of policies in a file."""
        return added_by(self.labelled.get(posixpath.normpath(file), ()), labels)


class Builds:
    """What the kustomizations of a run put together that no other one takes in.

    Slots:
        known: all kustomizations, by their folders.
        roots: what each of the outermost ones puts together, by its folder.
        transforms: what becomes of the objects of a file, by its name; a file that none takes in is missing.
    """

    __slots__ = ("known", "roots", "transforms")

    def __init__(self, known: Mapping[str, Kustomization]) -> None:
        self.known = known
        # What only makes transformers is applied nowhere.
        taken_in = {part for each in known.values() for part in (*each.included_paths, *each.transformers)}
        walk = _Walk(known)
        self.roots = {folder: walk.build(folder) for folder in known if folder not in taken_in}
        self.transforms: dict[str, dict[Transform, None]] = {}
        for build in self.roots.values():
            for file, way in build.taken:
                self.transforms.setdefault(file, {})[way.transform] = None

    def overlay_files(self) -> frozenset[str]:
        """Return the files that say what kustomizations lay over objects."""
        return frozenset(path for each in self.known.values() for path in each.patch_files)


class _Leave(NamedTuple):
    """The end of a kustomization: what is outside of it, and how many kustomizations that lies in."""

    way: Way
    labelling: Labelling | None
    depth: int


class _Walk:
    """Walks kustomizations from the outside in, and what they take in from the last part to the first.

    A component changes all that its kustomization takes in before it. So what comes last is met first, and a component
    stays on the way of what comes before it.
    """

    def __init__(self, known: Mapping[str, Kustomization]) -> None:
        self.known = known
        self.transforms = Transforms()
        self.layers: dict[tuple[str, Layer | None], Layer] = {}

    def build(self, root: str) -> Build:
        build = Build(root)
        way, labelling = Way(UNCHANGED, None), None
        met: set[str] = set()
        seen: set[tuple[str, Way]] = set()
        # The kustomizations that are being walked: one that takes in itself adds nothing.
        entered: dict[str, None] = {}
        repeats = 0
        parts: list[str | _Leave] = [root]
        while parts:
            part = parts.pop()
            if isinstance(part, _Leave):
                while len(entered) > part.depth:
                    entered.popitem()
                way, labelling = part.way, part.labelling
                continue
            if part in entered or (part, way) in seen:
                continue
            seen.add((part, way))
            repeats += part in met
            if repeats > _MOST_REPEATS and part in met:
                build.cut_off = True
                continue
            met.add(part)
            kustomization = self.known.get(part)
            if kustomization is None:
                build.taken.append(Taken(part, way))
                if labelling:
                    build.labelled.setdefault(part, {})[labelling] = None
                continue
            build.inner[part] = kustomization
            if not kustomization.is_component:
                parts.append(_Leave(way, labelling, len(entered)))
            entered[part] = None
            way, labelling = self._inside(way, kustomization), labelled(kustomization, labelling)
            parts += kustomization.included_paths
        build.taken.reverse()
        return build

    def _inside(self, way: Way, kustomization: Kustomization) -> Way:
        layer = way.layer
        if kustomization.has_patch_effects:
            layer = self.layers.setdefault((kustomization.folder, layer), Layer(kustomization, layer))
        return Way(self.transforms.inside(way.transform, kustomization), layer)
