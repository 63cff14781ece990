"""`--changed`: everything is checked, and what a change touches or breaks is reported."""
# ruff: noqa: PTH118 - strings, as everywhere

from __future__ import annotations

import functools
import os
from bisect import bisect_left
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.baseline import print_of
from k8snetlint.cli.inputs import state, working_tree
from k8snetlint.cli.lint_inputs import lint_inputs
from k8snetlint.cli.output import say
from k8snetlint.finding import ConfigError, Report
from k8snetlint.fingerprints import order_findings
from k8snetlint.git.lines import changed_lines
from k8snetlint.git.repository import Repository
from k8snetlint.git.snapshot import path_from_root
from k8snetlint.report.summary import count
from k8snetlint.rules import rule_of
from k8snetlint.source.files import MissingPathError
from k8snetlint.source.load import load
from k8snetlint.source.repository import repository_root
from k8snetlint.source.split import NotText, decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from contextlib import ExitStack

    from k8snetlint.cli.check_options import CheckOptions
    from k8snetlint.cli.inputs import Inputs
    from k8snetlint.cli.settings import EffectiveSettings
    from k8snetlint.cli.trust import Base
    from k8snetlint.finding import Finding
    from k8snetlint.git.repository import Entry
    from k8snetlint.source.document import Source
    from k8snetlint.source.files import Found
    from k8snetlint.source.load import Loaded


class _States(NamedTuple):
    """What is compared: the old state, the new one (None is the working tree), and the old paths of moved files."""

    old: Mapping[str, Entry]
    new: Mapping[str, Entry] | None
    renames: Mapping[str, str]

    def takes(self) -> bool:
        """Tell whether something that was there is not there any more, or another."""
        return self.new is None or any(self.new.get(path) != entry for path, entry in self.old.items())


def changed(
    effective: EffectiveSettings, check_options: CheckOptions, base: Base | None, until: ExitStack
) -> tuple[Inputs, Report]:
    """Return what was checked, and a report of what the change touches or breaks.

    Args:
        effective: what counts.
        check_options: the options.
        base: what is believed.
        until: closes the repository when nobody reads it any more.

    Raises:
        ConfigError: nothing can be compared.
        GitError: git cannot tell.
    """
    if check_options.rendering or "-" in effective.cli_settings.paths:
        raise ConfigError("--changed works on files only, not on standard input or rendered output")
    root = repository_root(os.path.realpath(os.curdir))
    if root is None:
        raise ConfigError("--changed needs a git repository around the working directory")
    repository = until.enter_context(Repository(root))
    states = _states(repository, str(check_options.changed))
    if not check_options.changed:
        _refuse_revisions(effective.cli_settings.paths, repository)
    _refuse_missing((*effective.cli_settings.paths, *effective.context), states, root)
    trust = base is not None
    if states.new is None:
        inputs = working_tree(effective, check_options)
    else:
        inputs = state(repository, states.new, effective, trust=trust)
    if states.old == states.new:
        if check_options.is_text and not check_options.quiet:
            say(_same(str(check_options.changed)), "note")
        return inputs, Report((), (), 0, 0, 0)
    report = lint_inputs(inputs, effective, check_options, base)
    takes = states.takes()
    if not report.findings and not takes:
        return inputs, report
    before = state(repository, states.old, effective, trust=trust)
    lines = _Lines(root, before.found, inputs.found, states.renames)
    old = lint_inputs(before, effective, check_options._replace(quiet=True), base)
    lost: list[Finding] = []
    if takes:
        closed, quiet = _closed(effective), check_options._replace(quiet=True)
        lost = _lost(lint_inputs(inputs, closed, quiet, base), lint_inputs(before, closed, quiet, base), lines)
    return inputs, _of_change(report, old, lost, lines, check_options)


def _states(repository: Repository, asked: str) -> _States:
    """Return what `--changed=REF`, `A..B` or `A...B` compare; without a value the index with the last commit."""
    if not asked:
        if repository.is_unborn():
            return _States({}, repository.index(), {})
        commit = repository.commit("HEAD")
        return _States(repository.tree(commit), repository.index(), repository.renames(commit, None))
    left, dots, right = asked.partition("...") if "..." in asked else asked.partition("..")
    if not dots:
        commit = repository.commit(asked)
        return _States(repository.tree(commit), None, repository.renames(commit, None))
    left, right = left or "HEAD", right or "HEAD"
    if left == right:
        # Most often a variable that is empty: `$BASE...HEAD`.
        raise ConfigError(f"`--changed={asked}` compares {left} with itself")
    old = repository.merge_base(left, right) if dots == "..." else repository.commit(left)
    new = repository.commit(right)
    return _States(repository.tree(old), repository.tree(new), repository.renames(old, new))


def _same(asked: str) -> str:
    if asked:
        return f"`{asked}` changes nothing"
    return "nothing is staged, so nothing was checked (--changed=HEAD checks the files of the working tree)"


def _refuse_revisions(paths: Iterable[str], repository: Repository) -> None:
    """Refuse a revision among the paths: the value of `--changed` stands behind a `=`.

    Raises:
        ConfigError: a path does not exist, and git knows a revision or a range of that name.
    """
    for path in paths:
        ends = [each or "HEAD" for each in path.replace("...", "..").split("..")]
        if not os.path.lexists(path) and len(ends) <= 2 and all(map(repository.has_commit, ends)):
            raise ConfigError(f"`{path}` is a revision and not a path; did you mean --changed={path}?")


def _refuse_missing(paths: Iterable[str], states: _States, root: str) -> None:
    """Refuse a path that is neither here nor in the states: a git that is asked for it says nothing.

    Raises:
        MissingPathError: the path does not exist.
    """
    for path in paths:
        if os.path.lexists(path):
            continue
        at = path_from_root(path, root)
        held = chain(states.old, states.new or ())
        if not any(each == at or each.startswith(f"{at}/") for each in held):
            raise MissingPathError(f"`{path}` does not exist, and did not exist before the change")


def _closed(effective: EffectiveSettings) -> EffectiveSettings:
    """Return settings for which nothing else is in the cluster than the manifests."""
    config = effective.config
    blocks = tuple(
        each._replace(environment=each.environment._replace(whole_cluster=True, bare=True)) for each in config.clusters
    )
    environment = config.environment._replace(whole_cluster=True, bare=True)
    return effective._replace(config=config._replace(environment=environment, clusters=blocks))


def _lost(new: Report, old: Report, lines: _Lines) -> list[Finding]:
    """Return what matched before a change, by the manifests alone, and no longer does, although nobody touched it.

    What else may be in the cluster is not known. But what a change takes away was there.
    """
    before = {lines.fact(finding) for finding in old.findings}
    return [
        finding._replace(help=finding.help or "the change removes what it matched before")
        for finding in new.findings
        if (rule := rule_of(finding.id))
        and rule.requires_all_scopes
        and lines.fact(finding) not in before
        and lines.was_there(finding)
    ]


def _of_change(
    report: Report, old: Report, lost: Iterable[Finding], lines: _Lines, check_options: CheckOptions
) -> Report:
    """Return a report of what was not there before, of what stands on changed lines, and of what is lost."""
    known = {(finding.id, finding.path, finding.start) for finding in report.findings}
    more = [finding for finding in lost if (finding.id, finding.path, finding.start) not in known]
    left = Counter(lines.fact(finding) for finding in old.findings)
    kept: list[Finding] = []
    for finding in report.findings:
        fact = lines.fact(finding)
        if lines.touch(finding):
            kept.append(finding)
        elif left[fact] > 0:
            left[fact] -= 1
        else:
            kept.append(finding)
    other = len(report.findings) - len(kept)
    if other and check_options.is_text and not check_options.quiet:
        say(
            f"{count(other, 'existing finding')} not shown: unrelated to this change",
            "note",
        )
    kept = order_findings((*kept, *more))
    return report._replace(findings=tuple(kept))


class Ranges:
    """Ranges of lines in their order, which neither overlap nor touch; an empty one is `(n, n - 1)`."""

    __slots__ = ("_ranges",)

    def __init__(self, ranges: list[tuple[int, int]]) -> None:
        self._ranges = ranges

    def meet(self, first: int, last: int) -> bool:
        """Tell whether one of them has one of some lines, or is empty and stands between two of them."""
        behind = bisect_left(self._ranges, (last + 1,))
        return behind > 0 and self._ranges[behind - 1][1] >= first


class _Lines:
    """Which lines of which files are changed."""

    def __init__(self, root: str, old: Found, new: Found, renames: Mapping[str, str]) -> None:
        self._root = root
        self._inside: Callable[[str], str] = functools.cache(self._from_root)
        self._old = {source.name: source for source in old.sources}
        self._by_path = {self._inside(source.name): source for source in old.sources} if renames else {}
        self._new = {source.name: source for source in new.sources}
        self._renames = renames
        self._moved = frozenset(renames.values())
        self._changed: dict[str, Ranges] = {}
        self._loaded: tuple[str, Loaded] | None = None

    def fact(self, finding: Finding) -> tuple[str, ...]:
        """Return what a finding is the same by before and after; of what belongs to no object, its file is a part."""
        path = self._inside(finding.path) if self._renames and finding.object is None else ""
        if path in self._renames or path in self._moved:
            return (finding.id, self._renames.get(path, path), finding.message)
        return (print_of(finding),)

    def was_there(self, finding: Finding) -> bool:
        """Tell whether the document that a finding is about was there before, just so."""
        if self._before(finding.path) is None or finding.document is None:
            return False
        loaded = self._load(finding.path)
        document = loaded.documents[finding.document]
        first, last = (loaded.text.position(offset)[0] for offset in document.span)
        return not self._ranges(finding.path).meet(first, last)

    def _load(self, path: str) -> Loaded:
        """Return what a file holds; findings come file by file."""
        if self._loaded is None or self._loaded[0] != path:
            self._loaded = path, load(self._new[path])
        return self._loaded[1]

    def touch(self, finding: Finding) -> bool:
        """Tell whether a finding, or a place that it names, stands on a changed line."""
        places = [(finding.path, finding.start.line, finding.end.line)]
        places += [(each.path, each.start.line, each.end.line) for each in finding.related]
        return any(self._ranges(path).meet(first, last) for path, first, last in places)

    def _ranges(self, path: str) -> Ranges:
        if path not in self._changed:
            self._changed[path] = Ranges(self._compared(path))
        return self._changed[path]

    def _compared(self, path: str) -> list[tuple[int, int]]:
        new = self._new.get(path)
        if new is None:
            return []
        old = self._before(path)
        return changed_lines(_text(old) if old else "", _text(new))

    def _before(self, path: str) -> Source | None:
        return self._old.get(path) or self._by_path.get(self._renames.get(self._inside(path), ""))

    def _from_root(self, name: str) -> str:
        """Return a file's path from the repository's root, as git names it."""
        folder, base = os.path.split(name)
        return os.path.relpath(os.path.join(os.path.realpath(folder), base), self._root).replace(os.sep, "/")


def _text(source: Source) -> str:
    try:
        return decode(source.read())
    except NotText as error:
        return str(error)
    except OSError:
        return ""
