"""The manifests of one state of a repository, named as in the working tree."""
# ruff: noqa: PTH118, PTH120 - as all of the reading: strings, not pathlib

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from k8snetlint.git.command import GitError
from k8snetlint.git.links import Links, Target
from k8snetlint.source.document import Source
from k8snetlint.source.folder import NEVER_SEARCHED
from k8snetlint.source.read import unreadable_source
from k8snetlint.source.repository import is_within
from k8snetlint.source.search import SUFFIXES, FolderFilter, Search, is_excluded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from k8snetlint.git.repository import Entry, Repository

_ORDINARY = Search()
_STDIN = "-"


def snapshot(
    repository: Repository, entries: Mapping[str, Entry], paths: Iterable[str], search: Search = _ORDINARY
) -> list[Source]:
    """Return the manifests of a state, as `files.find` returns those of the working tree; sorted, each once.

    Paths that the state does not have are left out, and standard input, and links to folders in searched folders.
    `.gitignore` is not read: everything in a state is tracked.

    Args:
        repository: where contents come from.
        entries: a commit's tree, or the index.
        paths: as on the command line, from the working directory.
        search: what folders are searched for.

    Raises:
        GitError: a path is outside of the repository, or git cannot read a link.
    """
    links = Links(repository, entries)
    named: dict[str, Source] = {}
    for path in paths:
        if not path or path == _STDIN or "\0" in path:
            continue
        at = path_from_root(path, repository.root)
        target = links.follow(at)
        if target.is_folder:
            prefix = "" if path == os.curdir else path if path.endswith("/") else path + "/"
            inside = target.path + "/" if target.path else ""
            folder_filter = FolderFilter.at(search, os.path.join(repository.root, target.path))
            endings = ("",) if search.include else SUFFIXES
            below = {each: entries[each] for each in entries if each.startswith(inside) and each.endswith(endings)}
            for name, found in _search(below, links, inside, folder_filter):
                named.setdefault(found.path, _source(repository, entries, found, prefix + name))
        elif (at in entries or target.path in entries) and not (search.force and is_excluded(path, search)):
            named.setdefault(at, _source(repository, entries, target, path))
    return sorted(named.values(), key=lambda source: source.name)


def blob_source(repository: Repository, path: str, entry: Entry, name: str) -> Source:
    """Return a file of a state as a source with a name; a symbolic link, which is not a file, cannot be read."""
    if entry.is_link:
        return unreadable_source(name, "a symbolic link")

    def read() -> bytes:
        try:
            return repository.blob(entry.oid)
        except GitError as error:
            raise GitError(f"git cannot read `{path}`: {error}") from error

    return Source(name, read)


def _search(
    entries: Mapping[str, Entry], links: Links, inside: str, folder_filter: FolderFilter
) -> Iterator[tuple[str, Target]]:
    """Yield the manifests among entries whose paths begin with `inside`: the rest of the path, and what it leads to.

    As in a `Folder`, links come last, so that a link to a manifest that was found already is left out.
    """
    later: list[str] = []
    for path, entry in entries.items():
        below = path[len(inside) :]
        parts = below.split("/")
        if not NEVER_SEARCHED.isdisjoint(parts[:-1]) or not folder_filter.accepts_below(parts):
            continue
        if entry.is_link:
            later.append(below)
        else:
            yield below, Target(path)
    for below in later:
        target = links.follow(inside + below)
        if not target.is_folder:
            yield below, target


def _source(repository: Repository, entries: Mapping[str, Entry], target: Target, name: str) -> Source:
    if target.reason:
        return unreadable_source(name, target.reason)
    return blob_source(repository, target.path, entries[target.path], name)


def path_from_root(path: str, root: str) -> str:
    """Return a path relative to the root, without following links below the root.

    These links may lead elsewhere in another state.

    Raises:
        GitError: it is outside of the repository.
    """
    full = os.path.normpath(os.path.join(os.path.realpath(os.curdir), path))
    top, at, above = "", "", full
    while above != at:
        at, above = above, os.path.dirname(above)
        if os.path.realpath(at) == root:
            top = at
    if top:
        return os.path.relpath(full, top)
    real = os.path.realpath(path)
    if is_within(real, root):
        return os.path.relpath(real, root)
    raise GitError(f"`{path}` is outside the repository {root}; name a path inside it")
