"""The search of one folder for manifests."""
# ruff: noqa: PTH110, PTH112, PTH114, PTH119, PTH120 - strings, not pathlib: ten times faster, and thousands of files are common

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from k8snetlint.source.ignore import Patterns
from k8snetlint.source.read import file_source, read_file, sentence, unreadable_source
from k8snetlint.source.repository import OUTSIDE, is_within, repository_root
from k8snetlint.source.search import FolderFilter, is_left_out, rules_inside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from k8snetlint.source.document import Source
    from k8snetlint.source.search import Rules, Search

    TrackedFiles = Callable[[str], Iterable[str]]
    """Returns the files that git tracks below a folder, relative to it; it takes the real path of the folder.

    It raises an `OSError` if git fails; the text is a sentence.
    """

_IGNORE_FILE = ".gitignore"
_OUTSIDE_FOLDER = "a symbolic link that points outside the folder"
_IGNORE_SIZE_LIMIT = 64 * 1024
NEVER_SEARCHED = frozenset(
    {
        *(".bzr", ".direnv", ".git", ".hg", ".jj", ".mypy_cache", ".nox", ".pytest_cache", ".ruff_cache", ".svn"),
        *(".tox", ".venv", "__pycache__", "node_modules", "venv"),
    }
)


class Folder:
    """A folder and the manifests in it.

    Slots:
        top: its real path.
        root: the real path of its repository, None if it is in no repository.
        links: the manifests that are symbolic links: the real path, and the path relative to the folder.
        searched: the real paths of the folders that are searched recursively; none is inside another one.
        ignored: the paths that `.gitignore` leaves out, relative to the folder; those of folders end with `/`.
        notes: what was left out although nobody excluded it.
    """

    __slots__ = ("_filter", "_prefix", "_tracked_files", "ignored", "links", "notes", "root", "searched", "top")

    def __init__(self, path: str, search: Search, tracked_files: TrackedFiles | None = None) -> None:
        self._prefix = "" if path == os.curdir else path if path.endswith("/") else path + "/"
        self.top = os.path.realpath(path)
        self.root = repository_root(self.top)
        self._tracked_files = tracked_files
        self._filter = FolderFilter.at(search, self.top)
        self.links: list[tuple[str, str]] = []
        self.searched = [self.top]
        self.ignored: list[str] = []
        self.notes: list[str] = []

    def sources(self) -> Iterator[tuple[str, Source]]:
        """Yield the manifests with their real paths; a link to a manifest that is yielded itself is left out."""
        known: set[str] = set()
        folders = [("", self.top, self._rules_above(), self._filter)]
        while folders:
            below, real, rules, folder_filter = folders.pop()
            try:
                with os.scandir(self._prefix + below or os.curdir) as entries:
                    listed = list(entries)
            except OSError as error:
                yield real, unreadable_source((self._prefix + below).rstrip("/") or os.curdir, sentence(error))
                continue
            if any(entry.name == _IGNORE_FILE for entry in listed):
                rules = _rules_in(real, "") + rules
            for entry in listed:
                name = entry.name
                is_folder = entry.is_dir(follow_symlinks=False)
                is_manifest = not is_folder and folder_filter.accepts(name)
                if not (is_manifest or is_folder or entry.is_symlink()):
                    continue
                if (is_folder and name in NEVER_SEARCHED) or folder_filter.excludes(name, directory=is_folder):
                    continue
                if is_left_out(rules, name, directory=is_folder):
                    self.ignored.append(f"{below}{name}/" if is_folder else below + name)
                    continue
                target = f"{real}/{name}"
                if entry.is_symlink():
                    target = os.path.realpath(target)
                    is_folder = os.path.isdir(target)
                    if not is_folder and is_manifest:
                        self.links.append((target, below + name))
                    if not (is_folder and self._may_follow(below + name, target)):
                        continue
                if is_folder:
                    folders.append((f"{below}{name}/", target, rules_inside(rules, name), folder_filter.inside(name)))
                else:
                    known.add(target)
                    yield target, self._source(below + name)
        for name in self._tracked():
            target = os.path.realpath(f"{self.top}/{name}")
            if os.path.islink(f"{self.top}/{name}"):
                self.links.append((target, name))
            elif os.path.lexists(target):
                known.add(target)
                yield target, self._source(name)
        for target, name in self.links:
            if not self._is_inside(target):
                yield target, unreadable_source(self._prefix + name, OUTSIDE if self.root else _OUTSIDE_FOLDER)
            elif target not in known:
                yield target, self._source(name)

    def _source(self, name: str) -> Source:
        return file_source(self._prefix + name)

    def _is_inside(self, real: str) -> bool:
        """Tell whether a real path is in the repository, or without one in the folder."""
        return is_within(real, self.root or self.top)

    def _may_follow(self, name: str, real: str) -> bool:
        """Tell whether a link to a folder leads to manifests that would not be found otherwise."""
        if not self._is_inside(real):
            self.notes.append(f"{self._prefix}{name} leads out of {self.root or self.top} and is not searched")
            return False
        if any(is_within(real, each) or is_within(each, real) for each in self.searched):
            return False
        self.searched.append(real)
        return True

    def _rules_above(self) -> Rules:
        """Return the patterns of the folders from the root of the repository to this one."""
        rules: Rules = ()
        if self.root and self.root != self.top:
            at, below = os.path.dirname(self.top), os.path.basename(self.top) + "/"
            while True:
                rules += _rules_in(at, below)
                if at == self.root:
                    break
                at, below = os.path.dirname(at), f"{os.path.basename(at)}/{below}"
        return rules

    def _tracked(self) -> Iterator[str]:
        """Yield the manifests that `.gitignore` leaves out although git tracks them."""
        if not self.ignored or not self.root or not self._tracked_files:
            return
        try:
            index = self._tracked_files(self.top)
        except OSError as error:
            count = f"{len(self.ignored):,} ignored path{'s are' if len(self.ignored) > 1 else ' is'}"
            self.notes.append(f"git cannot list the tracked files ({error}): {count} not searched")
            return
        ignored = frozenset(self.ignored)
        for name in index:
            parts = name.split("/")
            above = ["/".join(parts[:depth]) + "/" for depth in range(1, len(parts))]
            if not (name in ignored or any(each in ignored for each in above)):
                continue
            if NEVER_SEARCHED.isdisjoint(parts) and self._filter.accepts_below(parts):
                yield name


def _rules_in(folder: str, below: str) -> Rules:
    """Return the patterns of a folder's `.gitignore` for one of its subfolders, given as `a/b/`; "" for itself."""
    path = f"{folder}/{_IGNORE_FILE}"
    if not os.path.exists(path):
        return ()
    try:
        lines = read_file(path, _IGNORE_SIZE_LIMIT).decode("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ()
    patterns = Patterns(lines)
    return ((patterns, below),) if patterns else ()
