"""Running another program: with limits, in a clean environment, and never a program of the tree that is checked.

All processes that a program has started end with it.
"""
# ruff: noqa: PTH117, PTH120 - strings, not pathlib, as wherever paths are handled

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
    from collections.abc import Callable, Iterable, Mapping, Sequence

_CHUNK = 1 << 20
_ERRORS_KEPT = 16 * 1024
_DRAINED = 5.0
"""Seconds after which all is read that a program wrote before it ended."""
_USERINFO = re.compile(r"(?<=://)[^/@\s]+(?=@)")


class ProcessError(OSError):
    """A program cannot be started; the text is a sentence that says why."""


class Limits(NamedTuple):
    """What one run of a program may use.

    Attributes:
        seconds: how long it may take.
        output: bytes of its standard output.
        file: bytes of each file that it writes; None for no limit.
        memory: bytes of its data; None for no limit. Address space is not limited: a program written in Go reserves
            more than a GiB and uses hardly any of it.
    """

    seconds: float
    output: int
    file: int | None = None
    memory: int | None = None


class Program(NamedTuple):
    """A program that is installed.

    Attributes:
        name: what users call it.
        file: its absolute path.
        search: the `PATH` that it gets.
    """

    name: str
    file: str
    search: str


class Result(NamedTuple):
    """What a program has written until it ended.

    Attributes:
        code: its exit code; negative if a signal ended it.
        output: its standard output.
        errors: the beginning of its standard error.
        late: it was ended because it took too long.
        cut: it was ended because it wrote too much.
    """

    code: int
    output: bytes
    errors: bytes
    late: bool
    cut: bool


def find_program(names: Iterable[str], tree: str) -> Program | None:
    """Return the first of these programs that is installed, None if none is.

    Args:
        names: what is looked for.
        tree: the real path of a folder; programs in it are never run, and not on the `PATH` of the one that is found.
    """
    inside = tree.rstrip(os.sep) + os.sep
    # If the tree is a whole file system, no program is outside of it.
    whole = os.path.dirname(tree) == tree
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    search = os.pathsep.join(
        folder
        for folder in folders
        if os.path.isabs(folder) and (whole or not (os.path.realpath(folder) + os.sep).startswith(inside))
    )
    for name in names:
        file = shutil.which(name, path=search)
        # Windows looks in the working directory first, whatever the path says.
        if file and os.path.isabs(file) and (whole or not os.path.realpath(file).startswith(inside)):
            return Program(name, file, search)
    return None


def clean_environment(program: Program, variables: Mapping[str, str], *, kept: Iterable[str] = ()) -> dict[str, str]:
    """Return an environment of `variables` and `PATH`; of the user's own variables only those that are `kept`."""
    own = ("SYSTEMROOT", *kept)  # Windows starts no program without it
    return {name: os.environ[name] for name in own if name in os.environ} | {"PATH": program.search} | dict(variables)


def without_userinfo(text: str) -> str:
    """Return a text without the names and passwords in its URLs."""
    return _USERINFO.sub("***", text)


def run(
    program: Program,
    arguments: Sequence[str],
    *,
    environment: Mapping[str, str],
    limits: Limits,
    folder: str | None = None,
) -> Result:
    """Run a program until it ends or exceeds a limit.

    Args:
        program: what is run.
        arguments: its arguments.
        environment: all its variables.
        limits: what it may use.
        folder: where it runs, by default the working directory.

    Raises:
        ProcessError: it cannot be started.
    """
    process = Process(program, arguments, environment=environment, limits=limits, folder=folder)
    try:
        output = process.finish(limits)
    finally:
        process.close()
    return process.result(output[: limits.output], cut=len(output) > limits.output)


class Process:
    """A program that runs; its owner closes it.

    Slots:
        late: it was ended because it took too long.
        output: its standard output.
    """

    __slots__ = ("_errors", "_listener", "_process", "_reader", "late", "output")

    def __init__(
        self,
        program: Program,
        arguments: Sequence[str],
        *,
        environment: Mapping[str, str],
        limits: Limits,
        folder: str | None = None,
        asks: bool = False,
    ) -> None:
        """Start a program as `run` does; if it `asks`, with a pipe as its standard input, else with none.

        Raises:
            ProcessError: it cannot be started.
        """
        try:
            self._process = subprocess.Popen(  # noqa: S603 - an absolute path, no shell
                [program.file, *arguments],
                cwd=folder,
                env=environment,
                stdin=subprocess.PIPE if asks else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
                preexec_fn=_limiter(limits),  # noqa: PLW1509 - it takes no lock that another thread may hold
            )
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise ProcessError(f"cannot run `{program.file}`: {reason}") from None
        self.late = False
        self.output = _pipe(self._process.stdout)
        self._errors = bytearray()
        self._reader: threading.Thread | None = None
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        """Read standard error to its end, or the program would wait for it; only the beginning is kept."""
        with _pipe(self._process.stderr) as errors:
            while part := os.read(errors.fileno(), _ERRORS_KEPT):
                self._errors += part[: _ERRORS_KEPT - len(self._errors)]

    def ask(self, line: str) -> None:
        """Write a line to its standard input."""
        stdin = _pipe(self._process.stdin)
        stdin.write(line.encode() + b"\n")
        stdin.flush()

    def read(self, limit: int) -> bytes:
        """Return its standard output up to the end, at most `limit` bytes."""
        parts: list[bytes] = []
        missing = limit
        while missing > 0 and (part := self.output.read(min(missing, _CHUNK))):
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def finish(self, limits: Limits) -> bytes:
        """Wait for its end, end all that it has started, and return its output; at most one byte over the limit."""
        output = bytearray()

        def read() -> None:
            with self.output:
                while len(output) <= limits.output and (part := os.read(self.output.fileno(), _CHUNK)):
                    output.extend(part[: limits.output + 1 - len(output)])
                if len(output) > limits.output:
                    self._end()

        self._reader = threading.Thread(target=read, daemon=True)
        self._reader.start()
        timer = threading.Timer(limits.seconds, self.kill)
        timer.daemon = True
        timer.start()
        try:
            self._process.wait()
        finally:
            timer.cancel()
        self._end_group()
        # What the program wrote is read at once; a child in a session of its own may hold the pipe for longer.
        self._reader.join(_DRAINED)
        return bytes(output)

    def result(self, output: bytes = b"", *, cut: bool = False) -> Result:
        """Return the result of a program that was closed."""
        return Result(self._process.wait(), output, bytes(self._errors), self.late, cut)

    def kill(self) -> None:
        """End it because it takes too long; from any thread."""
        self.late = True
        self._end()

    def close(self) -> None:
        """End it if it still runs, and close its pipes."""
        self._end()
        self._process.wait()
        # A child that has left the group may hold these pipes; the threads that read them close them.
        self._listener.join(1)
        for pipe in (self._process.stdin, None if self._reader else self.output):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was not sent is no longer needed
                    pipe.close()

    def _end(self) -> None:
        if self._process.poll() is None:
            self._end_group()

    def _end_group(self) -> None:
        """End the program with all that it has started: git may be a script that runs git."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except (AttributeError, OSError):  # Windows has no process groups
            self._process.kill()


def _pipe(end: IO[bytes] | None) -> IO[bytes]:
    if end is None:
        raise ValueError("no such pipe")
    return end


def _limiter(limits: Limits) -> Callable[[], None] | None:
    """Return a function that limits the process that calls it, None if nothing is to be limited or can be."""
    if limits.file is None and limits.memory is None:
        return None
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return None

    def limit() -> None:
        for which, wanted in ((resource.RLIMIT_DATA, limits.memory), (resource.RLIMIT_FSIZE, limits.file)):
            if wanted is None:
                continue
            _, hard = resource.getrlimit(which)
            most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            with contextlib.suppress(OSError, ValueError):
                resource.setrlimit(which, (most, most))

    return limit
