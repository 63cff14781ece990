"""From paths on the command line to sources."""
# ruff: noqa: PTH100, PTH114, PTH116, PTH118, PTH208 - strings, not pathlib: ten times faster, and thousands of files are common

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.source.document import Source
from k8snetlint.source.read import file_source, read_once, read_stdin
from k8snetlint.source.search import Search, is_excluded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.source.folder import TrackedFiles

STDIN = "-"


class MissingPathError(Exception):
    """A path does not exist; the text says so and suggests another one."""


class Found(NamedTuple):
    """The files that the paths on a command line name.

    Attributes:
        sources: all files, sorted by name, each once; none has been read yet.
        searched: the paths of folders, and `-` for standard input: where manifests are expected.
        notes: what was left out although nobody excluded it.
    """

    sources: tuple[Source, ...]
    searched: tuple[str, ...]
    notes: tuple[str, ...]


_EVERYTHING = Search()


def names_in(folder: str) -> list[str]:
    """Return the names of what is in a folder.

    Raises:
        OSError: it cannot be read.
    """
    return os.listdir(folder)


def find(
    paths: Iterable[str],
    search: Search = _EVERYTHING,
    *,
    tracked_files: TrackedFiles | None = None,
    stdin_name: str = "<stdin>",
) -> Found:
    """Return the files that `paths` name, and the manifests in the folders that they name.

    A file that is named is always read. A folder is searched for `*.yaml`, `*.yml` and `*.json`, as git sees it:
    without ignored files unless git tracks them. A file that cannot be read is returned, too: its `read` raises an
    `OSError` whose text is a sentence.

    Args:
        paths: files and folders; `-` is standard input.
        search: what is searched for in folders.
        tracked_files: returns the files that git tracks below a folder; without it, all ignored files are left out.
        stdin_name: the name of standard input in findings.

    Raises:
        MissingPathError: a path does not exist.
    """
    named: dict[str, Source] = {}
    searched: list[str] = []
    notes: list[str] = []
    for path in paths:
        if path == STDIN:
            named.setdefault(STDIN, Source(stdin_name, read_once(read_stdin), stream=True))
            searched.append(path)
        elif _is_folder(path):
            from k8snetlint.source.folder import Folder  # noqa: PLC0415 - hooks name files

            folder = Folder(path, search, tracked_files)
            for real, source in folder.sources():
                named.setdefault(real, source)
            searched.append(path)
            notes += folder.notes
        elif not (search.force and is_excluded(path, search)):
            named.setdefault(os.path.abspath(path), file_source(path))
    return Found(tuple(sorted(named.values(), key=lambda source: source.name)), tuple(searched), tuple(notes))


def _is_folder(path: str) -> bool:
    """Tell whether a path is a folder; anything that can only be told by reading is not."""
    try:
        return stat.S_ISDIR(os.stat(path).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        if os.path.islink(path):
            return False
    except (OSError, ValueError):
        return False
    from k8snetlint.source.similar import closest  # noqa: PLC0415 - only for an error

    folder, name = os.path.split(path)
    try:
        near = closest(name, names_in(folder or os.curdir))
    except OSError:
        near = None
    suggestion = f"; did you mean `{os.path.join(folder, near)}`?" if near else ""
    raise MissingPathError(f"`{path}` does not exist{suggestion}")
