"""The states of a repository: its commits and its index."""
# ruff: noqa: PTH113, PTH118 - as all of the reading: strings, not pathlib

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple, Self

from k8snetlint.git.batch import Batch, is_oid
from k8snetlint.git.command import Git, GitError
from k8snetlint.source.repository import is_within

if TYPE_CHECKING:
    from types import TracebackType

    from k8snetlint.process import Result

__all__ = ["Entry", "GitError", "Repository"]

_FILE = "100"
_LINK = "120000"
_UNSHALLOW = "run `git fetch --unshallow`, or let CI clone with `fetch-depth: 0`"
_OTHER_CHECKOUTS = ("worktrees", "modules")
_RENAMES = ("-r", "-z", "--name-status", "--diff-filter=R", "-l1000", "--no-ext-diff", "--no-textconv")


class Entry(NamedTuple):
    """A file in a state of a repository.

    Attributes:
        mode: as git writes it: `100644`, `100755`, for a symbolic link `120000`.
        oid: the name of its blob, in hexadecimal digits.
    """

    mode: str
    oid: str

    @property
    def is_link(self) -> bool:
        """Whether it is a symbolic link; its blob is the path that it leads to."""
        return self.mode == _LINK


class Repository:
    """A repository that is only read, with git's own commands in a clean environment.

    All methods raise `GitError` if git fails, and the constructor if git is not installed.

    Slots:
        root: the real path of its top folder.
    """

    __slots__ = ("_batch", "_git", "root")

    def __init__(self, root: str) -> None:
        self.root = root
        self._git = Git(root)
        self._batch = Batch(self._git)

    def commit(self, revision: str) -> str:
        """Return the full name of the commit that a revision means.

        Raises:
            GitError: it means none.
        """
        # Older versions of git do not know `--end-of-options`, so nothing that looks like an option is passed on.
        if revision and not revision.startswith("-") and "\0" not in revision:
            result = self._git.run(["rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}"], codes=(0, 1))
            oid = os.fsdecode(result.output).removesuffix("\n")
            if not result.code and is_oid(oid):
                return oid
        if self.is_shallow():
            raise GitError(f"`{revision}` is not a revision of this repository, a shallow clone; {_UNSHALLOW}")
        raise GitError(
            f"`{revision}` is not a revision of this repository; name a commit, branch or tag, or fetch it first"
        )

    def has_commit(self, revision: str) -> bool:
        """Tell whether a revision means a commit."""
        try:
            self.commit(revision)
        except GitError:
            return False
        return True

    def is_unborn(self) -> bool:
        """Tell whether the branch that is checked out has no commit yet."""
        if not self._git.run(["rev-parse", "--verify", "--quiet", "HEAD"], codes=(0, 1)).code:
            return False
        return not self._git.run(["symbolic-ref", "--quiet", "HEAD"], codes=(0, 1)).code

    def merge_base(self, one: str, other: str) -> str:
        """Return the best common ancestor of two revisions.

        Raises:
            GitError: it does not exist, or it is missing in a shallow clone.
        """
        result = self._git.run(["merge-base", self._oid(one), self._oid(other)], codes=(0, 1))
        oid = os.fsdecode(result.output).removesuffix("\n")
        if not result.code and is_oid(oid):
            return oid
        none = f"`{one}` and `{other}` have no common ancestor"
        if self.is_shallow():
            raise GitError(f"{none} in this shallow clone; {_UNSHALLOW}")
        raise GitError(f"{none}; compare with a revision that has one, or with a single revision")

    def tree(self, commit: str) -> dict[str, Entry]:
        """Return the files and symbolic links of a commit by their paths from the root."""
        entries: dict[str, Entry] = {}
        for line in self._names("ls-tree", "-r", "-z", "--full-tree", self._oid(commit)):
            attributes, _, path = line.partition("\t")
            mode, _, oid = attributes.split(" ")
            # A tree may contain names that no folder can have; git does not check them out.
            if _is_file(mode) and not (".." in path and ".." in path.split("/")):
                entries[path] = Entry(mode, oid)
        return entries

    def index(self) -> dict[str, Entry]:
        """Return the files and symbolic links of the index; in a hook, of the index that will be committed.

        Raises:
            GitError: a merge is not resolved.
        """
        entries: dict[str, Entry] = {}
        for line in self._names("ls-files", "--stage", "-z", index=self._index()):
            attributes, _, path = line.partition("\t")
            mode, oid, stage = attributes.split(" ")
            if stage != "0":
                raise GitError(f"`{path}` is not merged; resolve the merge and `git add` it first")
            if _is_file(mode):
                entries[path] = Entry(mode, oid)
        return entries

    def blob(self, oid: str) -> bytes:
        """Return the content of a file.

        Raises:
            OSError: larger than `SIZE_LIMIT`; the text is a sentence.
        """
        return self._batch.blob(oid)

    def renames(self, old: str, new: str | None) -> dict[str, str]:
        """Return the old paths, by the new ones, of files renamed between a commit and another one, or the index.

        In a partial clone contents may be missing that are needed to measure similarity; then only files with unchanged
        content are found.
        """
        if new is None:
            command, index = ["diff-index", "--cached", *_RENAMES, self._oid(old)], self._index()
        else:
            command, index = ["diff-tree", *_RENAMES, self._oid(old), self._oid(new)], ""
        try:
            result = self._git.run([*command, "-M"], index=index)
        except GitError:
            result = self._git.run([*command, "-M100%"], index=index)
        fields = _split(result)
        return {after: before for _, before, after in zip(fields[::3], fields[1::3], fields[2::3], strict=True)}

    def is_shallow(self) -> bool:
        """Tell whether the clone lacks a part of the history."""
        return self._git.run(["rev-parse", "--is-shallow-repository"]).output.strip() == b"true"

    def close(self) -> None:
        """End the git process that reads blobs."""
        self._batch.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _oid(self, revision: str) -> str:
        return revision if is_oid(revision) else self.commit(revision)

    def _names(self, *arguments: str, index: str = "") -> list[str]:
        return _split(self._git.run(arguments, index=index))

    def _index(self) -> str:
        """Return the temporary index that `git commit FILE` and `git commit -a` name to their hooks, "" for no other.

        It must be one of this checkout: the variable may be set by a hook of another one.
        """
        named = os.environ.get("GIT_INDEX_FILE", "")
        if not named:
            return ""
        folder = os.fsdecode(self._git.run(["rev-parse", "--absolute-git-dir"]).output).removesuffix("\n")
        own = os.path.realpath(folder)
        index = os.path.realpath(os.path.join(self.root, named))
        is_other = any(is_within(index, os.path.join(own, each)) for each in _OTHER_CHECKOUTS)
        return index if is_within(index, own) and not is_other and os.path.isfile(index) else ""


def _is_file(mode: str) -> bool:
    """Tell whether an entry is a regular file or a symbolic link; other tools than git write modes like 664."""
    return mode.startswith(_FILE) or mode == _LINK


def _split(result: Result) -> list[str]:
    """Return the fields in the output of a command with `-z`."""
    return os.fsdecode(result.output).split("\0")[:-1]
