"""The bounds of the figures: what must hold, what is wished for, and which of it a machine under load can judge."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from measure import Measured, Outcome, Skipped, Spread, ratios

if TYPE_CHECKING:
    from collections.abc import Callable

OURS = "k8snetlint"
HEAVY = ("asyncio", "importlib.metadata", "jsonschema", "pydantic", "rich")
"""Modules that a clean check has no business to import."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Commands that were run in turn over the same files."""

    name: str
    title: str
    rounds: int
    outcomes: list[Outcome]
    corpus: dict[str, Any] = field(default_factory=dict)
    """What the generator says of the tree, where it is not a part of the whole tree."""

    def measured(self, name: str) -> Measured | None:
        """Return what was measured of a command, or `None`."""
        found = (each for each in self.outcomes if isinstance(each, Measured) and each.subject.name == name)
        return next(found, None)

    def over(self, name: str, base: str, *, parse: bool = False) -> Spread | None:
        """Return CPU over CPU, pair by pair; with `parse`, over the figure that the base measured itself."""
        first, second = self.measured(name), self.measured(base)
        if first is None or second is None:
            return None
        return ratios(first.cpu, second.inner if parse else second.cpu)


@dataclass(frozen=True, slots=True)
class Imports:
    """What a clean check of one small file imports, beyond what the interpreter does by itself."""

    modules: int
    heavy: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """All that a run of the bench has to say."""

    date: str
    python: str
    system: str
    corpus: dict[str, Any]
    scenes: dict[str, Scene]
    imports: Imports | Skipped


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound for a figure."""

    figure: str
    must: float
    goal: float
    value: Callable[[Results], Spread | None]
    at_most: bool = True
    gate: bool = False
    """Whether it holds on a machine under load, so that CI can judge it."""

    def holds(self, spread: Spread) -> bool:
        """Whether the median is within what must be."""
        return spread.median <= self.must if self.at_most else spread.median >= self.must


def ratio(scene: str, name: str, base: str, *, parse: bool = False) -> Callable[[Results], Spread | None]:
    """Return what finds a ratio in the results."""

    def value(results: Results) -> Spread | None:
        found = results.scenes.get(scene)
        return found.over(name, base, parse=parse) if found else None

    return value


def peak(results: Results) -> Spread | None:
    """Return our peak memory over the whole tree."""
    scene = results.scenes.get("whole")
    ours = scene.measured(OURS) if scene else None
    return Spread.of(ours.peak) if ours else None


def heavy(results: Results) -> Spread | None:
    """Return the number of heavy modules that we import."""
    if isinstance(results.imports, Skipped):
        return None
    return Spread.of([len(results.imports.heavy)])


LIMITS = (
    Limit("whole tree: CPU over libyaml's parse", 9, 7, ratio("whole", OURS, "libyaml", parse=True), gate=True),
    Limit("whole tree: peak memory, MB", 80, 40, peak, gate=True),
    Limit("one small file: CPU over `python -I -c pass`", 13, 10, ratio("small", OURS, "python"), gate=True),
    Limit("one small file: heavy modules imported", 0, 0, heavy, gate=True),
    Limit("one small file: CPU over kubeconform's", 4.5, 3, ratio("small", OURS, "kubeconform")),
    Limit("whole tree: kubeconform's CPU over ours", 1.5, 2.2, ratio("whole", "kubeconform", OURS), at_most=False),
    Limit("dangling tree: kubeconform's CPU over ours", 2, 2.2, ratio("dangling", "kubeconform", OURS), at_most=False),
    Limit("crowded tree: kubeconform's CPU over ours", 1.5, 2.2, ratio("crowded", "kubeconform", OURS), at_most=False),
    Limit("whole tree: kube-score's CPU over ours", 3, 4.5, ratio("whole", "kube-score", OURS), at_most=False),
)


def broken(results: Results) -> list[str]:
    """Return a sentence for each limit of the gate that does not hold; what was not measured does not hold."""
    sentences = []
    for limit in LIMITS:
        if limit.gate:
            spread = limit.value(results)
            if spread is None:
                sentences.append(f"{limit.figure}: not measured")
            elif not limit.holds(spread):
                sentences.append(f"{limit.figure}: {spread.median:.3g}, the limit is {limit.must:g}")
    return sentences
