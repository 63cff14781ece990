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
_RENAMED = ("-r", "-z", "--name-status", "--diff-filter=R", "-l1000", "--no-ext-diff", "--no-textconv")


class Entry(NamedTuple):
    """A file in a state of a repository.

    Attributes:
        mode: as git writes it: `100644`, `100755`, for a symbolic link `120000`.
        oid: the name of its blob.
    """

    mode: str
    oid: str

    @property
    def is_link(self) -> bool:
        """Whether it is a symbolic link; its blob is the path that it leads to."""
        return self.mode == _LINK


class Repository:
    """A repository that is read, never checked out; git's own commands only, in a cleaned environment.

    All methods raise `GitError` if git cannot tell, as does making one if there is no git.

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
        # Not all gits know `--end-of-options`. Nothing that could be an option gets as far as this one.
        if revision and not revision.startswith("-") and "\0" not in revision:
            answer = self._git.run(["rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}"], codes=(0, 1))
            oid = os.fsdecode(answer.output).removesuffix("\n")
            if not answer.code and is_oid(oid):
                return oid
        if self.is_shallow():
            raise GitError(f"`{revision}` is no revision of this repository, a shallow clone; {_UNSHALLOW}")
        raise GitError(
            f"`{revision}` is no revision of this repository; name a commit, branch or tag, or fetch it first"
        )

    def is_unborn(self) -> bool:
        """Tell whether nothing was committed yet on the branch that is checked out."""
        if not self._git.run(["rev-parse", "--verify", "--quiet", "HEAD"], codes=(0, 1)).code:
            return False
        return not self._git.run(["symbolic-ref", "--quiet", "HEAD"], codes=(0, 1)).code

    def merge_base(self, one: str, other: str) -> str:
        """Return the best common ancestor of two revisions.

        Raises:
            GitError: there is none, or a shallow clone does not hold it.
        """
        answer = self._git.run(["merge-base", self._oid(one), self._oid(other)], codes=(0, 1))
        oid = os.fsdecode(answer.output).removesuffix("\n")
        if not answer.code and is_oid(oid):
            return oid
        none = f"`{one}` and `{other}` have no common ancestor"
        if self.is_shallow():
            raise GitError(f"{none} in this shallow clone; {_UNSHALLOW}")
        raise GitError(f"{none}; compare with a revision that has one, or with a single revision")

    def tree(self, commit: str) -> dict[str, Entry]:
        """Return the files and symbolic links of a commit by their paths from the root."""
        entries: dict[str, Entry] = {}
        for line in self._names("ls-tree", "-r", "-z", "--full-tree", self._oid(commit)):
            about, _, path = line.partition("\t")
            mode, _, oid = about.split(" ")
            # Trees can hold what no folder can. git does not check it out.
            if _is_file(mode) and not (".." in path and ".." in path.split("/")):
                entries[path] = Entry(mode, oid)
        return entries

    def index(self) -> dict[str, Entry]:
        """Return the files and symbolic links of the index, in a hook of the index that will be committed.

        Raises:
            GitError: a merge is not resolved.
        """
        entries: dict[str, Entry] = {}
        for line in self._names("ls-files", "--stage", "-z", index=self._index()):
            about, _, path = line.partition("\t")
            mode, oid, stage = about.split(" ")
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
        """Return the old paths, by the new ones, of files renamed from a commit to another one, or to the index.

        In a partial clone, where contents are missing that similarity is measured with, only files that stayed the
        same are found to be renamed.
        """
        between = ["diff-tree", *_RENAMED, self._oid(old), self._oid(new)] if new is not None else []
        cached = ["diff-index", "--cached", *_RENAMED, self._oid(old)]
        index = "" if between else self._index()
        try:
            answer = self._git.run([*(between or cached), "-M"], index=index)
        except GitError:
            answer = self._git.run([*(between or cached), "-M100%"], index=index)
        said = _split(answer)
        return {now: before for _, before, now in zip(said[::3], said[1::3], said[2::3], strict=True)}

    def is_shallow(self) -> bool:
        """Tell whether the history is cut off."""
        return self._git.run(["rev-parse", "--is-shallow-repository"]).output.strip() == b"true"

    def close(self) -> None:
        """End what runs for us."""
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
        """Return the temporary index that `git commit FILE` and `git commit -a` tell their hooks of, else nothing.

        Only one that is this checkout's own: the variable may as well be left over from a hook of another one.
        """
        named = os.environ.get("GIT_INDEX_FILE", "")
        if not named:
            return ""
        folder = os.fsdecode(self._git.run(["rev-parse", "--absolute-git-dir"]).output).removesuffix("\n")
        own = os.path.realpath(folder)
        index = os.path.realpath(os.path.join(self.root, named))
        others = any(is_within(index, os.path.join(own, each)) for each in _OTHER_CHECKOUTS)
        return index if is_within(index, own) and not others and os.path.isfile(index) else ""


def _is_file(mode: str) -> bool:
    """Tell a regular file or symbolic link; what git writes into trees by itself has 644 or 755, strangers may not."""
    return mode.startswith(_FILE) or mode == _LINK


def _split(answer: Result) -> list[str]:
    """Return the parts of an answer to `-z`."""
    return os.fsdecode(answer.output).split("\0")[:-1]
