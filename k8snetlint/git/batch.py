"""Contents of many objects from one `git cat-file --batch`."""

from __future__ import annotations

import os
import re
import threading
from typing import TYPE_CHECKING

from k8snetlint.git.command import FETCH_ALL, LIMITS, GitError
from k8snetlint.source.read import SIZE_LIMIT

if TYPE_CHECKING:
    from k8snetlint.git.command import Git
    from k8snetlint.process import Process

_OID = re.compile(r"(?:[0-9a-f]{40}|[0-9a-f]{64})\Z")
_HEADER_LIMIT = 256


def is_oid(text: str) -> bool:
    """Tell whether a text is the full name of an object, so that it can neither be an option nor a second line."""
    return _OID.match(text) is not None


class Batch:
    """A git process that reads blobs, one after the other; it is started by the first request."""

    __slots__ = ("_answers", "_closed", "_git", "_is_waiting", "_lock", "_owner", "_process")

    def __init__(self, git: Git) -> None:
        self._git = git
        self._lock = threading.Lock()
        self._process: Process | None = None
        self._owner = 0
        self._closed = threading.Event()
        self._is_waiting = False
        self._answers = 0

    def blob(self, oid: str) -> bytes:
        """Return a blob's bytes.

        Raises:
            GitError: git fails.
            OSError: the blob is too large; the text is a sentence.
        """
        if not is_oid(oid):
            raise GitError(f"`{oid}` is not the name of a git object")
        with self._lock:
            process = self._running()
            self._is_waiting = True
            try:
                content = self._answer(process, oid)
            except BaseException:  # the rest of this answer would be read as the next one
                self._end()
                raise
            finally:
                self._is_waiting = False
                self._answers += 1
            return content

    def close(self) -> None:
        """End the process; the next request would start another one."""
        with self._lock:
            self._end()

    def _running(self) -> Process:
        if self._process is None or self._owner != os.getpid():  # a fork shares the pipes and would mix up the answers
            self._process = self._git.start(["cat-file", "--batch"])
            self._owner = os.getpid()
            self._closed = threading.Event()
            threading.Thread(target=self._watch, args=(self._process, self._closed), daemon=True).start()
        return self._process

    def _end(self) -> None:
        self._closed.set()
        if self._process is not None and self._owner == os.getpid():
            self._process.close()
        self._process = None

    def _watch(self, process: Process, closed: threading.Event) -> None:
        """Kill a process that does not answer; one thread for all requests costs less than one timer each."""
        answers = -1
        while not closed.wait(LIMITS.seconds):
            if self._is_waiting and self._answers == answers:
                process.kill()
                return
            answers = self._answers

    def _answer(self, process: Process, oid: str) -> bytes:
        try:
            process.ask(oid)
            header = process.output.readline(_HEADER_LIMIT)
        except BrokenPipeError:
            header = b""
        if header == f"{oid} missing\n".encode():
            raise GitError(f"the object {oid} is missing; see `git fsck`, or if this is a partial clone {FETCH_ALL}")
        fields = header.decode("ascii", "replace").split()
        if len(fields) != 3 or not fields[2].isdigit():
            raise self._failure(process)
        kind, size = fields[1], int(fields[2])
        if kind != "blob":
            raise GitError(f"the object {oid} is not a file but a {kind}")
        if size > SIZE_LIMIT:
            raise OSError(f"larger than {SIZE_LIMIT // 1024:,} KiB")
        content = process.read(size + 1)
        if len(content) != size + 1:
            raise self._failure(process)
        return content[:-1]

    def _failure(self, process: Process) -> GitError:
        process.close()
        return self._git.failure(process.result())
