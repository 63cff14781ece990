"""Finds how many mistakes of a platform repository a check reports, and what it reports besides.

    python bench/platform_score.py                      the repository of seed 1
    python bench/platform_score.py --seed 1 2 3 -v      three of them, with what was missed and what is false
    python bench/platform_score.py --without 5          without 5 % of its folders
    python bench/platform_score.py --write DIR          only write it, and the list of its mistakes beside it

Found is a mistake if a warning or an error of any rule stands at the line of the label that asks for a namespace. Every
other warning and error is false. What is only an info counts on neither side.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from platform_tree import KINDS, repository, without
from tree import Planted, Tree, write

from k8snetlint import Config, Source, lint
from k8snetlint.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.finding import Finding


class Score(NamedTuple):
    """What became of the mistakes, and the findings that are about none of them."""

    found: list[Planted]
    missed: list[Planted]
    false: list[Finding]


def score(planted: Iterable[Planted], findings: Iterable[Finding]) -> Score:
    """Hold findings against the mistakes."""
    said = [each for each in findings if each.severity >= Severity.WARNING]
    lines = {(each.path, each.start.line) for each in said}
    mistakes = {(each.path, each.line): each for each in planted}
    return Score(
        [each for at, each in mistakes.items() if at in lines],
        [each for at, each in mistakes.items() if at not in lines],
        [each for each in said if (each.path, each.start.line) not in mistakes],
    )


def check(tree: Tree) -> Score:
    """Check a repository."""
    report = lint([Source.of(path, text) for path, text in tree.texts.items()], Config())
    return score(tree.planted, report.findings)


def line(result: Score) -> str:
    """Return the numbers in one line."""
    found = Counter(each.mistake for each in result.found)
    every = Counter(each.mistake for each in (*result.found, *result.missed))
    kinds = "; ".join(f"{kind}: {found[kind]} of {every[kind]}" for kind in KINDS)
    return f"found {len(result.found)} of {every.total()}, false {len(result.false)} ({kinds})"


def main() -> None:
    """Write a repository, or check some and print what was found."""
    parser = argparse.ArgumentParser(description="Count the mistakes that are found in a platform repository.")
    parser.add_argument("--seed", type=int, nargs="+", default=[1])
    parser.add_argument("--without", type=float, default=0, metavar="PERCENT", help="leave out so many of its folders")
    parser.add_argument("--write", type=Path, metavar="DIR", help="write the repository instead of checking it")
    parser.add_argument("-v", "--verbose", action="store_true", help="list what was missed and what is false")
    options = parser.parse_args()
    if options.write and len(options.seed) > 1:
        parser.error("--write takes one seed")
    for seed in options.seed:
        tree = without(repository(seed), options.without, seed)
        if options.write:
            write(tree, options.write)
            continue
        result = check(tree)
        print(f"seed {seed}, {options.without:g} % left out: {line(result)}", flush=True)
        for mistake in result.missed if options.verbose else ():
            print(f"  missed  {mistake.path}:{mistake.line}: {mistake.mistake}")
        for finding in result.false if options.verbose else ():
            print(f"  false   {finding.path}:{finding.start.line}: {finding.id}: {finding.message}")


if __name__ == "__main__":
    main()
