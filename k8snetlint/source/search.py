"""Which files are searched for in folders: patterns relative to a folder, applied to each folder below it."""
# ruff: noqa: PTH119, PTH120, PTH206 - as all of the reading: strings, not pathlib

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.source.ignore import Patterns

    Rules = tuple[tuple[Patterns, str], ...]
    """The patterns for a folder, the nearest first, each with the path from the patterns' own folder, as `a/b/`."""

SUFFIXES = (".yaml", ".yml", ".json")
OWN_CONFIGS = frozenset({".k8snetlint.yaml", ".k8snetlint.yml"})
"""Hidden configurations of k8snetlint are never manifests; `k8snetlint.yaml` may be one."""


class Anchored(NamedTuple):
    """Patterns relative to a folder, which is given by its real path."""

    folder: str
    patterns: Patterns


def anchor(folder: str, lines: Iterable[str]) -> tuple[Anchored, ...]:
    """Return patterns relative to a folder, as a tuple; empty if no line has a pattern."""
    lines = tuple(lines)
    if not lines:
        return ()
    from k8snetlint.source.ignore import Patterns  # noqa: PLC0415 - few runs exclude anything

    patterns = Patterns(lines)
    return (Anchored(folder, patterns),) if patterns else ()


class Search(NamedTuple):
    """Which files are searched for in folders.

    Attributes:
        exclude: what is left out.
        include: what counts as a manifest; empty for YAML and JSON.
        force: also leave out excluded files that are named.
    """

    exclude: tuple[Anchored, ...] = ()
    include: tuple[Anchored, ...] = ()
    force: bool = False


class FolderFilter:
    """Which files of one folder a search accepts."""

    __slots__ = ("_every", "_excluded", "_included")

    def __init__(self, excluded: Rules, included: Rules, *, every: bool) -> None:
        self._excluded = excluded
        self._included = included
        self._every = every

    @classmethod
    def at(cls, search: Search, folder: str) -> FolderFilter:
        """Return the filter for a folder, which is given by its real path."""
        included = _rules(search.include, folder)
        return cls(_rules(search.exclude, folder), included, every=not included)

    def excludes(self, name: str, *, directory: bool) -> bool:
        """Tell whether a file or a folder is left out."""
        return bool(self._excluded) and is_left_out(self._excluded, name, directory=directory)

    def accepts(self, name: str) -> bool:
        """Tell whether a file is a manifest by its name."""
        if name in OWN_CONFIGS:
            return False
        return name.endswith(SUFFIXES) if self._every else is_left_out(self._included, name, directory=False)

    def inside(self, name: str) -> FolderFilter:
        """Return the filter for the folder `name` in this one."""
        if not self._excluded and not self._included:
            return self
        every = self._every or is_left_out(self._included, name, directory=True)
        return FolderFilter(rules_inside(self._excluded, name), rules_inside(self._included, name), every=every)

    def accepts_below(self, parts: list[str]) -> bool:
        """Tell whether a file is accepted; `parts` are the names in its path from this folder."""
        folder = self
        for name in parts[:-1]:
            if folder.excludes(name, directory=True):
                return False
            folder = folder.inside(name)
        return folder.accepts(parts[-1]) and not folder.excludes(parts[-1], directory=False)


def is_excluded(path: str, search: Search) -> bool:
    """Tell whether a file that is named is excluded."""
    for folder, patterns in search.exclude:
        below = os.path.relpath(os.path.realpath(os.path.dirname(path) or os.curdir), folder)
        if below.partition(os.sep)[0] == os.pardir:
            continue
        names = [name for name in below.split(os.sep) if name != os.curdir]
        folder_filter = FolderFilter(((patterns, ""),), (), every=True)
        for name in names:
            if folder_filter.excludes(name, directory=True):
                return True
            folder_filter = folder_filter.inside(name)
        if folder_filter.excludes(os.path.basename(path), directory=False):
            return True
    return False


def _rules(anchored: Iterable[Anchored], folder: str) -> Rules:
    """Return patterns for a folder; outside of their own folder they are relative to this one."""
    rules: Rules = ()
    for anchor_folder, patterns in anchored:
        below = os.path.relpath(folder, anchor_folder) + "/"
        rules += ((patterns, "" if below.startswith(("../", "./")) else below),)
    return rules


def rules_inside(rules: Rules, name: str) -> Rules:
    """Return the rules for the folder `name` in the folder that `rules` are for."""
    return tuple((patterns, f"{below}{name}/") for patterns, below in rules)


def is_left_out(rules: Rules, name: str, *, directory: bool) -> bool:
    """Tell whether `name` in the folder of the rules is left out; the nearest patterns that match decide."""
    for patterns, below in rules:
        verdict = patterns.verdict(below, name, directory=directory)
        if verdict is not None:
            return verdict
    return False
