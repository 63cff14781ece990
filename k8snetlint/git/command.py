"""Running git: the installed one, in a clean environment, with limits; never a program of the repository."""
# ruff: noqa: PTH120 - as all of the reading: strings, not pathlib

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from k8snetlint.process import (
    Limits,
    Process,
    ProcessError,
    clean_environment,
    find_program,
    run,
    without_userinfo,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from k8snetlint.process import Result

LIMITS = Limits(seconds=60.0, output=512 * 1024 * 1024)
"""A few tree objects that contain each other can describe more files than any disk holds."""
_KEPT = ("HOME", "XDG_CONFIG_HOME", "USERPROFILE")
"""The user's own configuration may allow git to read folders of other owners, which it refuses otherwise."""
_SET = {
    "LC_ALL": "C",
    "GIT_ALLOW_PROTOCOL": "none",  # stronger than any `protocol.*.allow` of a configuration
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
_OPTIONS = (
    "--no-pager",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "protocol.allow=never"),
)
_NOT_OURS = re.compile("dubious ownership|unsafe repository")
_NOT_HERE = re.compile("promisor|lazy fetch")
FETCH_ALL = "clone without `--filter`, or run `git fetch --refetch --no-filter`"
"""What to do if objects are missing that git would fetch on demand."""


class GitError(OSError):
    """git fails; the text is a sentence that says what to do."""


class Git:
    """The git that reads a repository.

    Raises `GitError` if git is not installed.
    """

    __slots__ = ("_environment", "_program", "root")

    def __init__(self, root: str) -> None:
        self.root = root
        program = find_program(("git",), root)
        if program is None:
            raise GitError("git is not installed")
        self._program = program
        # If `.git` is not a repository, the one around it must not answer.
        variables = _SET | {"GIT_CEILING_DIRECTORIES": os.path.dirname(root)}
        self._environment = clean_environment(program, variables, kept=_KEPT)

    def start(self, arguments: Sequence[str]) -> Process:
        """Start git in the root with a pipe as its standard input.

        Raises:
            GitError: it cannot be started.
        """
        try:
            return Process(
                self._program,
                [*_OPTIONS, *arguments],
                environment=self._environment,
                limits=LIMITS,
                folder=self.root,
                asks=True,
            )
        except ProcessError as error:
            raise GitError(str(error)) from None

    def run(
        self, arguments: Sequence[str], *, folder: str = "", index: str = "", codes: Collection[int] = (0,)
    ) -> Result:
        """Run git until it ends.

        Args:
            arguments: the command and its arguments.
            folder: where it runs, by default the root.
            index: another index than the repository's.
            codes: the exit codes of success.

        Raises:
            GitError: it fails, or exceeds a limit.
        """
        environment = self._environment | ({"GIT_INDEX_FILE": index} if index else {})
        try:
            result = run(
                self._program,
                [*_OPTIONS, *arguments],
                environment=environment,
                limits=LIMITS,
                folder=folder or self.root,
            )
        except ProcessError as error:
            raise GitError(str(error)) from None
        if result.cut:
            raise GitError(f"`git {arguments[0]}` returned more than {LIMITS.output // 1024:,} KiB")
        if result.late or result.code not in codes:
            raise self.failure(result)
        return result

    def failure(self, result: Result) -> GitError:
        """Return the error that git reports, with what to do about it if that is known."""
        if result.late:
            return GitError(f"git did not answer within {LIMITS.seconds:g} seconds")
        errors = os.fsdecode(result.errors)
        lines = [line.strip() for line in errors.splitlines() if line.strip()]
        fatal = [line for line in lines if line.startswith(("fatal: ", "error: "))]
        reason = next(iter(fatal or lines), f"git ended with {result.code}")
        reason = without_userinfo(re.sub("^(fatal|error): ", "", reason))
        if _NOT_OURS.search(reason):
            return GitError(f"{reason}; `git config --global --add safe.directory {self.root}` allows git to read it")
        if _NOT_HERE.search(errors):
            return GitError(f"{reason}; this is a partial clone: {FETCH_ALL}")
        return GitError(reason)
