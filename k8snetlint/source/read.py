"""Reading the bytes of files and of standard input: never from anything that may block, and never without a limit."""
# ruff: noqa: PTH116 - as all of the reading: strings, not pathlib

from __future__ import annotations

import errno
import os
import stat
import sys
from typing import TYPE_CHECKING

from k8snetlint.source.document import Source

if TYPE_CHECKING:
    from collections.abc import Callable

_CHUNK = 1 << 16
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""Should a file have become a FIFO since it was looked at, its writer is not waited for."""
SIZE_LIMIT = 32 * 1024 * 1024
"""Bytes of one file; the API server takes no object of more than 3 MiB."""


def file_source(path: str) -> Source:
    """Return a file as a source that is named by its path."""
    return Source(path, lambda: read_file(path))


def unreadable_source(name: str, reason: str) -> Source:
    """Return a source that cannot be read."""

    def refuse() -> bytes:
        raise OSError(reason)

    return Source(name, refuse)


def read_once(read: Callable[[], bytes]) -> Callable[[], bytes]:
    """Return a function that remembers what `read` returns: standard input can be read only once."""
    contents: list[bytes] = []

    def read_again() -> bytes:
        if not contents:
            contents.append(read())
        return contents[0]

    return read_again


def read_stdin() -> bytes:
    """Return all of standard input.

    Raises:
        OSError: closed, too large, or not readable; the text is a sentence.
    """
    if sys.stdin is None:
        raise OSError("standard input is closed")
    try:
        content = sys.stdin.buffer.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise OSError(sentence(error)) from error
    return _within_limit(content, len(content))


def read_file(path: str, limit: int = SIZE_LIMIT) -> bytes:
    """Return the bytes of a regular file.

    Raises:
        OSError: something else, too large, or not readable; the text is a sentence.
    """
    try:
        status = os.stat(path)
        _refuse_irregular(status.st_mode)
        _within_limit(b"", status.st_size, limit)
        content = _content(path, status.st_size, limit)
        return _within_limit(content, len(content), limit)
    except ValueError as error:  # a NUL in the path
        raise OSError(str(error)) from error
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(sentence(error)) from error


def _content(path: str, size: int, limit: int) -> bytes:
    """Read a file of about this size, and little more than the limit if it has grown.

    With a file object of Python, reading would take twice as long.
    """
    descriptor = os.open(path, _FLAGS)
    try:
        content = os.read(descriptor, size + 1)
        if len(content) == size:
            return content
        while len(content) <= limit and (more := os.read(descriptor, _CHUNK)):
            content += more
        return content
    finally:
        os.close(descriptor)


def _within_limit(content: bytes, size: int, limit: int = SIZE_LIMIT) -> bytes:
    if size > limit:
        raise OSError(f"larger than {limit // 1024:,} KiB")
    return content


def _refuse_irregular(mode: int) -> None:
    if stat.S_ISREG(mode):
        return
    kinds = {
        stat.S_IFIFO: "a named pipe; give it as standard input, `-`",
        stat.S_IFSOCK: "a socket",
        stat.S_IFCHR: "a device",
        stat.S_IFBLK: "a device",
        stat.S_IFDIR: "a folder",
    }
    raise OSError(f"not a file but {kinds.get(stat.S_IFMT(mode), 'something else')}")


def sentence(error: OSError) -> str:
    """Return the message of the system without its number."""
    if error.errno == errno.ELOOP:
        return "the symbolic link points to itself"
    text = error.strerror or str(error)
    return text[:1].lower() + text[1:]
