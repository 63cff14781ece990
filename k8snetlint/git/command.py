"""Running git: the one that is installed, in a clean environment, with limits; never one that the repository brings."""
# ruff: noqa: PTH117, PTH120 - as all of the reading: strings, not pathlib

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import threading
from typing import IO, TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

SECONDS = 60.0
OUTPUT_LIMIT = 512 * 1024 * 1024
"""Bytes of one answer. A few tree objects that name each other can stand for more files than there are atoms."""
_CHUNK = 1 << 20
_ERRORS_KEPT = 4096
_KEPT = ("HOME", "XDG_CONFIG_HOME", "SYSTEMROOT", "USERPROFILE")
"""git refuses folders of other owners unless the user's own configuration allows them; it lies there."""
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
_USERINFO = re.compile(r"(?<=://)[^/@\s]+(?=@)")
_NOT_OURS = re.compile("dubious ownership|unsafe repository")
_NOT_HERE = re.compile("promisor|lazy fetch")


class GitError(OSError):
    """git cannot tell; the text is a sentence that says what to do."""


class Answer(NamedTuple):
    """What a git that has ended has said."""

    code: int
    output: bytes


class Git:
    """The git that reads a repository.

    Raises `GitError` if there is none.
    """

    __slots__ = ("_environment", "_program", "root")

    def __init__(self, root: str) -> None:
        self.root = root
        # Of a whole file system nothing lies outside, and nobody else has written it.
        everything = os.path.dirname(root) == root
        search = os.pathsep.join(
            each
            for each in os.environ.get("PATH", os.defpath).split(os.pathsep)
            if os.path.isabs(each) and (everything or not is_within(os.path.realpath(each), root))
        )
        program = shutil.which("git", path=search)
        if program is None:
            raise GitError("git is not installed")
        self._program = program
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        # A `.git` that is none must not make the repository around it answer.
        self._environment = kept | _SET | {"PATH": search, "GIT_CEILING_DIRECTORIES": os.path.dirname(root)}

    def start(self, arguments: Sequence[str], *, folder: str = "", index: str = "", asks: bool = False) -> Process:
        """Start git in `folder`, else in the root, with another index if one is named; if it `asks`, with an input."""
        environment = self._environment | ({"GIT_INDEX_FILE": index} if index else {})
        try:
            process = subprocess.Popen(  # noqa: S603 - an absolute path, no shell, no argument that could be an option
                [self._program, *_OPTIONS, *arguments],
                cwd=folder or self.root,
                env=environment,
                stdin=subprocess.PIPE if asks else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            raise GitError(f"cannot run `{self._program}`: {getattr(error, 'strerror', None) or error}") from None
        return Process(process)

    def run(
        self, arguments: Sequence[str], *, folder: str = "", index: str = "", codes: Collection[int] = (0,)
    ) -> Answer:
        """Run git to its end.

        Args:
            arguments: what it is asked.
            folder: where it runs, else in the root.
            index: another index than the repository's.
            codes: with any other exit code it has failed.

        Raises:
            GitError: it fails, or takes too long or says too much.
        """
        process = self.start(arguments, folder=folder, index=index)
        timer = threading.Timer(SECONDS, process.kill)
        timer.daemon = True
        timer.start()
        try:
            output = process.read(OUTPUT_LIMIT + 1)
            if len(output) > OUTPUT_LIMIT:
                raise GitError(f"`git {arguments[0]}` says more than {OUTPUT_LIMIT // 1024:,} KiB")
            code = process.wait()
        finally:
            timer.cancel()
            process.close()
        if code in codes:
            return Answer(code, output)
        raise self.failure(process, code)

    def failure(self, process: Process, code: int) -> GitError:
        """Return what a git that was closed complained about, and what helps if we know it."""
        if process.late:
            return GitError(f"git gave no answer in {SECONDS:g} seconds")
        lines = [line.strip() for line in process.errors.splitlines() if line.strip()]
        fatal = [line for line in lines if line.startswith(("fatal: ", "error: "))]
        reason = next(iter(fatal or lines), f"git ended with {code}")
        reason = _USERINFO.sub("***", re.sub("^(fatal|error): ", "", reason))
        if _NOT_OURS.search(reason):
            return GitError(f"{reason}; `git config --global --add safe.directory {self.root}` lets git read it")
        if _NOT_HERE.search(process.errors):
            return GitError(f"{reason}; this is a partial clone: {FETCH_ALL}")
        return GitError(reason)


FETCH_ALL = "clone without `--filter`, or run `git fetch --refetch --no-filter`"
"""What helps if objects are missing that git would fetch when they are asked for."""


class Process:
    """A git that runs; whoever started it closes it.

    Slots:
        late: it was killed because it took too long.
        output: its standard output.
    """

    __slots__ = ("_errors", "_listener", "_process", "late", "output")

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._errors = bytearray()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self.late = False
        self.output = _pipe(process.stdout)

    def _listen(self) -> None:
        """Empty standard error, lest git waits for us; only its beginning matters."""
        errors = _pipe(self._process.stderr)
        while part := errors.read(_ERRORS_KEPT):
            self._errors += part[: _ERRORS_KEPT - len(self._errors)]

    @property
    def errors(self) -> str:
        """The beginning of what it complained about; complete when it is closed."""
        return os.fsdecode(bytes(self._errors))

    def ask(self, line: str) -> None:
        """Write a line to its standard input."""
        asked = _pipe(self._process.stdin)
        asked.write(line.encode() + b"\n")
        asked.flush()

    def read(self, limit: int) -> bytes:
        """Return what it writes until it ends, at most its first `limit` bytes."""
        parts: list[bytes] = []
        missing = limit
        while missing > 0 and (part := self.output.read(min(missing, _CHUNK))):
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def wait(self) -> int:
        """Return its exit code when it has ended."""
        return self._process.wait()

    def kill(self) -> None:
        """End it because it takes too long; from any thread."""
        self.late = True
        self._end()

    def close(self) -> None:
        """End it whatever it does, and let go of it."""
        self._end()
        self._process.wait()
        # Should it have left a child behind, that one holds the pipe and nobody waits for it.
        self._listener.join(1)
        errors = None if self._listener.is_alive() else self._process.stderr
        for pipe in (self._process.stdin, self._process.stdout, errors):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was not sent is not wanted any more
                    pipe.close()

    def _end(self) -> None:
        """End it with what it has started: git may be a script that runs git."""
        if self._process.poll() is None:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except (AttributeError, OSError):  # no such thing on Windows
                self._process.kill()


def _pipe(end: IO[bytes] | None) -> IO[bytes]:
    if end is None:
        raise ValueError("no such pipe")
    return end


def is_within(real: str, folder: str) -> bool:
    """Tell whether a real path is `folder` or lies in it."""
    return (real + os.sep).startswith(folder.rstrip(os.sep) + os.sep)
