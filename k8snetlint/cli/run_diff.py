"""`diff`: two states are read, compared and shown."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.cli import EMPTY, FINDINGS, OK
from k8snetlint.cli.clusters import Manifests, read_manifests, read_state
from k8snetlint.cli.matching_scopes import matched
from k8snetlint.cli.output import say, write, write_file
from k8snetlint.cli.write_reports import tree_of
from k8snetlint.connectivity.assumptions import assumptions_of
from k8snetlint.connectivity.compare import compare
from k8snetlint.connectivity.engine import Connectivity
from k8snetlint.finding import ConfigError, Location, Related
from k8snetlint.git.command import GitError
from k8snetlint.git.repository import Repository
from k8snetlint.linting.citations import Citations
from k8snetlint.model.cluster import Cluster
from k8snetlint.report.diffs import ScopeDiff, StateDiff
from k8snetlint.source.files import MissingPathError
from k8snetlint.source.repository import repository_root

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from k8snetlint.cli.clusters import ReadOptions
    from k8snetlint.source.document import Place


_SHORT = 7
"""So many digits of a commit are written."""


class DiffOptions(NamedTuple):
    """The options of `diff`, see its help."""

    old: str
    new: str | None
    git: bool = False
    path: tuple[str, ...] = ()
    old_cni: str | None = None
    new_cni: str | None = None
    format: str = "text"
    output: str | None = None
    fail_on: str = "never"
    allow_empty: bool = False
    quiet: bool = False


class _State(NamedTuple):
    """One of the states, by the name that users read."""

    name: str
    manifests: Manifests


def run_diff(reading: ReadOptions, options: DiffOptions) -> int:
    """Compare two states, write what differs, and return the exit code.

    Raises:
        MissingPathError: a path does not exist.
        ConfigError: an option or a revision asks for what cannot be.
    """
    old, new = _states(reading, options)
    unread = old.manifests.is_unread or new.manifests.is_unread
    if not (old.manifests.clusters or new.manifests.clusters or unread or options.allow_empty):
        say(f"no Kubernetes object in `{old.name}` and `{new.name}` (--allow-empty accepts that)")
        return EMPTY
    diff = StateDiff(old.name, new.name, tuple(_scopes(old, new)), _locate(old.manifests, new.manifests))
    for each in (*old.manifests.not_read(), *new.manifests.not_read()):
        if options.format == "text" and not options.quiet:
            say(f"not read: {each}", "note")
    _write(diff, new.manifests, options)
    failed = diff.widened if options.fail_on == "widened" else not diff.is_empty
    return FINDINGS if unread or (failed and options.fail_on != "never") else OK


def _locate(old: Manifests, new: Manifests) -> Callable[[Place, str], Related]:
    citations = Citations({**old.reading.files.unusual, **new.reading.files.unusual})

    def locate(place: Place, message: str) -> Related:
        found = citations.find(place)
        # A file that is another one by now is cited as a whole.
        start = found.start if found else Location(1, 1, 0)
        return Related(place.source.name, start, found.end if found else start, message)

    return locate


def _write(diff: StateDiff, now: Manifests, options: DiffOptions) -> None:
    if options.format == "json":
        from k8snetlint.report.diffs.as_json import as_json as lines  # noqa: PLC0415 - one format
    elif options.format == "md":
        from k8snetlint.report.diffs.markdown import markdown as lines  # noqa: PLC0415 - as above
    elif options.format == "text":
        from k8snetlint.report.diffs.text import text as lines  # noqa: PLC0415 - as above
    else:
        from k8snetlint.report.diffs.as_sarif import as_sarif  # noqa: PLC0415 - as above
        from k8snetlint.report.style import Style  # noqa: PLC0415 - as above

        def lines(diff: StateDiff) -> Iterator[str]:
            return as_sarif(diff, Style(tree=tree_of(now.inputs.found)))

    written = (line + "\n" for line in lines(diff))
    if options.output:
        write_file(options.output, written)
    else:
        write(written, utf8=options.format != "text")


def _states(reading: ReadOptions, options: DiffOptions) -> tuple[_State, _State]:
    old_options = reading._replace(cni=options.old_cni or reading.cni)
    new_options = reading._replace(cni=options.new_cni or reading.cni)
    left, right, is_git = _asked(options)
    if is_git:
        return _revisions(old_options, new_options, (left, right), options)
    if options.path:
        raise ConfigError("--path says what of revisions is compared; folders are named as OLD and NEW")
    if right is None:
        names = _cni(old_options), _cni(new_options)
        right = left
    else:
        names = left, right
    for each in (left, right):
        if each != "-" and not os.path.lexists(each):
            raise MissingPathError(f"`{each}` does not exist; for revisions write `A..B`, or add --git")
    states = [
        _State(name, read_manifests(each._replace(paths=(path,))))
        for name, path, each in zip(names, (left, right), (old_options, new_options), strict=True)
    ]
    return states[0], states[1]


def _cni(reading: ReadOptions) -> str:
    return reading.cni or "the CNI plugin that is configured"


def _asked(options: DiffOptions) -> tuple[str, str | None, bool]:
    """Return what is compared, and whether these are revisions.

    Raises:
        ConfigError: one state only.
    """
    old, new = options.old, options.new
    if new is None and ".." in old and (options.git or not os.path.lexists(old)):
        dots = "..." if "..." in old else ".."
        left, _, right = old.partition(dots)
        left, right = left or "HEAD", right or "HEAD"
        if left == right:
            # Most often a variable that is empty: `$BASE..HEAD`.
            raise ConfigError(f"`{old}` compares {left} with itself")
        return left if dots == ".." else old, right, True
    if new is None and not options.git and not (options.old_cni or options.new_cni):
        raise ConfigError("one state only; name OLD and NEW, `A..B`, --git, or --old-cni and --new-cni")
    return old, new, options.git


def _revisions(
    old_options: ReadOptions, new_options: ReadOptions, asked: tuple[str, str | None], options: DiffOptions
) -> tuple[_State, _State]:
    if old_options.rendering:
        raise ConfigError("--render works on files; render both states, and compare the folders")
    root = repository_root(os.path.realpath(os.curdir))
    if root is None:
        raise ConfigError("revisions need a git repository around the working directory")
    paths = options.path or (".",)
    try:
        # What is written where is looked for until all is shown, so the repository is closed after that.
        repository = Repository(root)
        left, right = asked
        base = repository.merge_base(*left.split("...")) if "..." in left and right else repository.commit(left)
        if "..." in left:
            left = f"merge base of {' and '.join(left.split('...'))} ({base[:_SHORT]})"
        old = read_state(repository, repository.tree(base), old_options._replace(paths=paths))
        if right is None:
            return _State(left, old), _State("the working tree", read_manifests(new_options._replace(paths=paths)))
        entries = repository.tree(repository.commit(right))
        new = read_state(repository, entries, new_options._replace(paths=paths))
    except GitError as error:
        raise ConfigError(str(error)) from error
    return _State(left, old), _State(right, new)


def _scopes(old: _State, new: _State) -> Iterator[ScopeDiff]:
    """Yield the comparisons of scopes; one that only one state has is compared with an empty one."""
    for then, now in matched(old.manifests, new.manifests):
        known = now or then
        if known is None:
            continue
        empty = Cluster((), known.environment, name=known.name)
        states = [Connectivity.of(each or empty) for each in (then, now)]
        taken = [
            assumptions_of(each, state.manifests.not_read()).texts
            for each, state in zip(states, (old, new), strict=True)
        ]
        yield ScopeDiff(known.name, compare(*states), *taken)
