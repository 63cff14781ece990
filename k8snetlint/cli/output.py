"""Where results and words go: streams, files, colours, progress."""

from __future__ import annotations

import contextlib
import enum
import os
import stat
import sys
import time
from typing import TYPE_CHECKING

from k8snetlint.source.escape import ascii_only, escape

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO, TextIO

_BATCH = 256
_PATIENCE = 1.0
_INTERVAL = 0.1
_TEMPORARY = ".k8snetlint-", ".tmp"
_LEFT_BEHIND = 60
"""Seconds after which nobody is about to give a file its name any more."""


class OutputError(Exception):
    """Results could not be written."""


class Color(enum.StrEnum):
    """When to use colours."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


def say(text: str, word: str = "error") -> None:
    """Tell the user something that is no result; if nobody can hear it, that is no error."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(f"{word}: {_encodable(escape(text), sys.stderr)}\n")


def wants_colour(color: Color, stream: TextIO | None) -> bool:
    """Tell whether to write colours: as asked for, else as the environment says, else on a terminal.

    Sources: https://no-color.org, https://force-color.org
    """
    if color is not Color.AUTO:
        return color is Color.ALWAYS
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def terminal_width(stream: TextIO | None) -> int:
    """Return the columns of the terminal that a stream leads to, 0 if it leads elsewhere."""
    if stream is None or not stream.isatty():
        return 0
    import shutil  # noqa: PLC0415 - only on a terminal

    return shutil.get_terminal_size().columns


def write(lines: Iterable[str], *, utf8: bool = False) -> None:
    """Write results to standard output.

    Args:
        lines: with their line ends.
        utf8: whatever the locale says, as formats for machines want it.

    Raises:
        OutputError: they could not be written.
        BrokenPipeError: nobody reads them.
    """
    stream = sys.stdout
    if stream is None:
        raise OutputError("cannot write results: standard output is closed")
    try:
        for text in _batches(lines):
            if utf8 and hasattr(stream, "buffer"):
                stream.flush()
                stream.buffer.write(text.encode())
            else:
                stream.write(_encodable(text, stream))
        stream.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        # What is still in the buffer would be written again, and fail again, when Python ends.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        raise OutputError(f"cannot write results: {error.strerror or error}") from error


def show_markdown(text: str) -> None:
    """Render Markdown on the terminal."""
    from rich.console import Console  # noqa: PLC0415 - rich is for pages, not for findings
    from rich.markdown import Markdown  # noqa: PLC0415 - only `rule` in a terminal

    console = Console(force_terminal=True)
    with console.capture() as capture:
        console.print(Markdown(text, code_theme="ansi_dark"))
    write([capture.get()])


def write_file(path: str, lines: Iterable[str]) -> None:
    """Write results to a file, in UTF-8; it is the old one or the new one at any moment.

    Raises:
        OutputError: it could not be written; the old file is untouched.
    """
    write_bytes(path, (text.encode() for text in _batches(lines)))


def write_bytes(path: str, content: Iterable[bytes]) -> None:
    """Write a file, or what a link leads to; it is the old one or the new one at any moment.

    Raises:
        OutputError: it could not be written; the old file is untouched.
    """
    target = os.path.realpath(path)
    # Its own name every time: what a killed run left behind must never be taken for what this one writes.
    name = os.urandom(8).hex().join(_TEMPORARY)
    temporary = os.path.join(os.path.dirname(target), name)  # noqa: PTH118, PTH120 - strings, not pathlib
    try:
        status = _status(target)
        if status is not None and not stat.S_ISREG(status.st_mode):
            with open(target, "wb", buffering=0) as device:  # noqa: PTH123 - as below
                device.write(b"".join(content))
            return
        try:
            with _open_temporary(target, temporary) as file:
                file.writelines(content)
                file.flush()
                if status is not None:
                    os.fchmod(file.fileno(), stat.S_IMODE(status.st_mode))
                    with contextlib.suppress(OSError):
                        os.fchown(file.fileno(), status.st_uid, status.st_gid)
                os.fsync(file.fileno())
                if not os.path.lexists(temporary):
                    _name(file, temporary)
            os.replace(temporary, target)  # noqa: PTH105 - strings, not pathlib
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)  # noqa: PTH108 - strings, not pathlib
            raise
    except OSError as error:
        raise OutputError(f"cannot write `{path}`: {error.strerror or error}") from error


def sweep(folder: str) -> None:
    """Take away files that runs left behind which were killed just before they gave them their names."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            ours = entry.name.startswith(_TEMPORARY[0]) and entry.name.endswith(_TEMPORARY[1])
            if ours and time.time() - entry.stat(follow_symlinks=False).st_mtime > _LEFT_BEHIND:
                os.unlink(entry.path)  # noqa: PTH108 - strings, not pathlib


def append_file(path: str, lines: Iterable[str]) -> None:
    """Write results to the end of a file, in UTF-8.

    Raises:
        OutputError: it could not be written.
    """
    try:
        with open(path, "ab") as file:  # noqa: PTH123 - pathlib is not imported for one file
            file.write("".join(lines).encode())
    except OSError as error:
        raise OutputError(f"cannot write `{path}`: {error.strerror or error}") from error


def _open_temporary(target: str, temporary: str) -> BinaryIO:
    """Open a new file in the folder of another, without a name where the system can: a kill leaves nothing behind."""
    if hasattr(os, "O_TMPFILE"):
        with contextlib.suppress(OSError):
            descriptor = os.open(os.path.dirname(target), os.O_TMPFILE | os.O_WRONLY, 0o666)  # noqa: PTH120 - as below
            return os.fdopen(descriptor, "wb")
    return open(temporary, "xb")  # noqa: PTH123 - pathlib is not imported for one file; the caller closes it


def _name(file: BinaryIO, path: str) -> None:
    """Give a file without a name one."""
    folder = os.open(os.path.dirname(path), os.O_RDONLY | os.O_DIRECTORY)  # noqa: PTH120 - strings, not pathlib
    try:
        # Only with a folder does Python follow the link to the file, see linkat(2).
        os.link(f"/proc/self/fd/{file.fileno()}", os.path.basename(path), dst_dir_fd=folder)  # noqa: PTH119 - as above
    finally:
        os.close(folder)


def _status(path: str) -> os.stat_result | None:
    """Return what is known about a file, None without one."""
    try:
        return os.stat(path)  # noqa: PTH116 - strings, not pathlib
    except FileNotFoundError:
        return None


def _batches(lines: Iterable[str]) -> Iterable[str]:
    batch: list[str] = []
    for line in lines:
        batch.append(line)
        if len(batch) >= _BATCH:
            yield "".join(batch)
            batch.clear()
    yield "".join(batch)


def _encodable(text: str, stream: TextIO) -> str:
    """Return `text` with escapes for what the stream's encoding does not know."""
    try:
        text.encode(stream.encoding or "utf-8")
    except (LookupError, UnicodeEncodeError):
        return ascii_only(text)
    return text


class Progress:
    """A line on a terminal's standard error that says how far a long run is."""

    __slots__ = ("_drawn", "_next", "_total")

    def __init__(self, total: int) -> None:
        terminal = sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._next = time.monotonic() + _PATIENCE if terminal else 0.0
        self._total = total
        self._drawn = False

    def __call__(self, done: int) -> None:
        """Show how many files are done, if it is time to."""
        if not self._next:
            return
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _INTERVAL
            self._drawn = True
            self._draw(f"checked {done:,} of {self._total:,} files")

    def clear(self) -> None:
        """Take the line away."""
        if self._drawn:
            self._draw("")

    @staticmethod
    def _draw(text: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()
