"""What folders are searched for: patterns that count from a folder, as they concern each folder below."""
# ruff: noqa: PTH119, PTH120, PTH206 - as all of the reading: strings, not pathlib

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.source.ignore import Patterns

if TYPE_CHECKING:
    from collections.abc import Iterable

SUFFIXES = (".yaml", ".yml", ".json")
OURS = ".k8snetlint.yaml"
"""Our own configuration is never a manifest."""

Rules = tuple[tuple[Patterns, str], ...]
"""Patterns that concern a folder, the nearest first, each with the way from the patterns' own folder, as `a/b/`."""


class Anchored(NamedTuple):
    """Patterns that count from a folder, given by its real path."""

    folder: str
    patterns: Patterns


def anchored(folder: str, lines: Iterable[str]) -> tuple[Anchored, ...]:
    """Return patterns as they are written in a file of a folder; none if there are none."""
    patterns = Patterns(lines)
    return (Anchored(folder, patterns),) if patterns else ()


class Search(NamedTuple):
    """What folders are searched for.

    Attributes:
        exclude: what is left out.
        include: what counts as a manifest; empty for YAML and JSON.
        force: files that are named are left out as well.
    """

    exclude: tuple[Anchored, ...] = ()
    include: tuple[Anchored, ...] = ()
    force: bool = False


class Wanted:
    """What a search takes of one folder."""

    __slots__ = ("_all", "_excluded", "_included")

    def __init__(self, excluded: Rules, included: Rules, *, every: bool) -> None:
        self._excluded = excluded
        self._included = included
        self._all = every

    @classmethod
    def at(cls, search: Search, folder: str) -> Wanted:
        """Return what a search takes of a folder, given by its real path."""
        included = _rules(search.include, folder)
        return cls(_rules(search.exclude, folder), included, every=not included)

    def excludes(self, name: str, *, directory: bool) -> bool:
        """Tell whether a file or a folder is left out."""
        return bool(self._excluded) and left_out(self._excluded, name, directory=directory)

    def takes(self, name: str) -> bool:
        """Tell whether a file's name is one of a manifest."""
        if name == OURS:
            return False
        return name.endswith(SUFFIXES) if self._all else left_out(self._included, name, directory=False)

    def inside(self, name: str) -> Wanted:
        """Return what is taken of the folder `name` in this one."""
        if not self._excluded and not self._included:
            return self
        every = self._all or left_out(self._included, name, directory=True)
        return Wanted(inside(self._excluded, name), inside(self._included, name), every=every)

    def takes_below(self, parts: list[str]) -> bool:
        """Tell whether a file is taken, given by the names that lead to it from here."""
        here = self
        for name in parts[:-1]:
            if here.excludes(name, directory=True):
                return False
            here = here.inside(name)
        return here.takes(parts[-1]) and not here.excludes(parts[-1], directory=False)


def is_excluded(path: str, search: Search) -> bool:
    """Tell whether a file that is named is left out by what is excluded."""
    for folder, patterns in search.exclude:
        way = os.path.relpath(os.path.realpath(os.path.dirname(path) or os.curdir), folder)
        if way.partition(os.sep)[0] == os.pardir:
            continue
        names = [name for name in way.split(os.sep) if name != os.curdir]
        every = Wanted(((patterns, ""),), (), every=True)
        for name in names:
            if every.excludes(name, directory=True):
                return True
            every = every.inside(name)
        if every.excludes(os.path.basename(path), directory=False):
            return True
    return False


def _rules(given: Iterable[Anchored], folder: str) -> Rules:
    """Return patterns as they concern a folder; outside of their own folder they count from this one."""
    rules: Rules = ()
    for anchor, patterns in given:
        way = os.path.relpath(folder, anchor) + "/"
        rules += ((patterns, "" if way.startswith(("../", "./")) else way),)
    return rules


def inside(rules: Rules, name: str) -> Rules:
    """Return `rules` as they concern the folder `name` in the present one."""
    return tuple((patterns, f"{way}{name}/") for patterns, way in rules)


def left_out(rules: Rules, name: str, *, directory: bool) -> bool:
    """Tell whether `name` in the present folder is left out; the nearest patterns that match decide."""
    for patterns, way in rules:
        verdict = patterns.verdict(way, name, directory=directory)
        if verdict is not None:
            return verdict
    return False
