"""The manifests of one state of a repository, under the names that they have in the working tree."""
# ruff: noqa: PTH118, PTH120 - as all of the reading: strings, not pathlib

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from k8snetlint.git.command import GitError
from k8snetlint.git.links import Links, Target
from k8snetlint.source.document import Source
from k8snetlint.source.folder import _NEVER_SEARCHED
from k8snetlint.source.read import refused
from k8snetlint.source.repository import is_within
from k8snetlint.source.search import SUFFIXES, Search, Wanted, is_excluded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from k8snetlint.git.repository import Entry, Repository

_ORDINARY = Search()
_STDIN = "-"


def snapshot(
    repository: Repository, entries: Mapping[str, Entry], paths: Iterable[str], search: Search = _ORDINARY
) -> list[Source]:
    """Return the manifests of a state, as `files.find` returns those of the working tree; sorted, each once.

    What the state does not hold is left out, so are standard input, and links in searched folders that lead to
    folders. `.gitignore` does not count: what is in a state is tracked.

    Args:
        repository: where contents come from.
        entries: a commit's tree, or the index.
        paths: as on the command line, from the working directory.
        search: what folders are searched for.

    Raises:
        GitError: a path lies outside of the repository, or git cannot read a link.
    """
    links = Links(repository, entries)
    named: dict[str, Source] = {}
    for path in paths:
        if not path or path == _STDIN or "\0" in path:
            continue
        at = from_root(path, repository.root)
        target = links.follow(at)
        if target.folder:
            prefix = "" if path == os.curdir else path if path.endswith("/") else path + "/"
            inside = target.path + "/" if target.path else ""
            wanted = Wanted.at(search, os.path.join(repository.root, target.path))
            endings = ("",) if search.include else SUFFIXES
            here = {each: entries[each] for each in entries if each.startswith(inside) and each.endswith(endings)}
            for below, found in _searched(here, links, inside, wanted):
                named.setdefault(found.path, _source(repository, entries, found, prefix + below))
        elif (at in entries or target.path in entries) and not (search.force and is_excluded(path, search)):
            named.setdefault(at, _source(repository, entries, target, path))
    return sorted(named.values(), key=lambda source: source.name)


def blob_source(repository: Repository, path: str, entry: Entry, name: str) -> Source:
    """Return the file `path` of a state under a name; of a symbolic link, which is no file, a source that refuses."""
    if entry.is_link:
        return refused(name, "a symbolic link")

    def read() -> bytes:
        try:
            return repository.blob(entry.oid)
        except GitError as error:
            raise GitError(f"git cannot read `{path}`: {error}") from error

    return Source(name, read)


def _searched(entries: Mapping[str, Entry], links: Links, inside: str, wanted: Wanted) -> Iterator[tuple[str, Target]]:
    """Yield the manifests of entries whose paths begin with `inside`, as they are called there, with where they are.

    As in a `Folder`, links come last: one to a manifest that is found anyway is left out.
    """
    later: list[str] = []
    for path, entry in entries.items():
        below = path[len(inside) :]
        parts = below.split("/")
        if not _NEVER_SEARCHED.isdisjoint(parts[:-1]) or not wanted.takes_below(parts):
            continue
        if entry.is_link:
            later.append(below)
        else:
            yield below, Target(path)
    for below in later:
        target = links.follow(inside + below)
        if not target.folder:
            yield below, target


def _source(repository: Repository, entries: Mapping[str, Entry], target: Target, name: str) -> Source:
    if target.reason:
        return refused(name, target.reason)
    return blob_source(repository, target.path, entries[target.path], name)


def from_root(path: str, root: str) -> str:
    """Return the way from the root to a path as it is written, links below the root not followed.

    They may be others in another state.

    Raises:
        GitError: it lies outside.
    """
    here = os.path.normpath(os.path.join(os.path.realpath(os.curdir), path))
    top, at, above = "", "", here
    while above != at:
        at, above = above, os.path.dirname(above)
        if os.path.realpath(at) == root:
            top = at
    if top:
        return os.path.relpath(here, top)
    real = os.path.realpath(path)
    if is_within(real, root):
        return os.path.relpath(real, root)
    raise GitError(f"`{path}` lies outside of the repository {root}, where git knows nothing; name a path inside")
