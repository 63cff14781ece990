"""Other people's programs, run on files that are not trusted.

They get nothing of the user's environment, a temporary home, and limits; what they start ends with them.
"""
# ruff: noqa: PTH103, PTH117, PTH118, PTH120, PTH202 - strings, not pathlib, as all of the reading

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.git import repository_root
from k8snetlint.render.rendered import RenderError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SECONDS = 60.0
OUTPUT_LIMIT = 64 * 1024 * 1024
"""Bytes of what a tool writes: standard output, and any other file."""
MEMORY_LIMIT = 2 * 1024 * 1024 * 1024
"""Bytes of data. Address space is no measure: a program written in Go reserves more than a GiB and uses none of it."""
_STDERR_SHOWN = 600
_USERINFO = r"(?<=://)[^/@\s]+(?=@)"
_NOWHERE = "http://127.0.0.1:9"
"""The discard port: nobody listens."""


class Tool(NamedTuple):
    """A program.

    Attributes:
        name: what users call it.
        file: its absolute path.
        search: the `PATH` that it gets.
    """

    name: str
    file: str
    search: str


def tree() -> str:
    """Return the real path of the tree that is checked: the repository around the working directory, or that itself."""
    here = os.path.realpath(os.curdir)
    return repository_root(here) or here


def within(real: str, folder: str) -> bool:
    """Tell whether a real path is `folder` or lies in it."""
    return (real + os.sep).startswith(folder.rstrip(os.sep) + os.sep)


def find_tool(names: Sequence[str], purpose: str) -> Tool:
    """Return the first of these programs that is installed; what the tree itself brings along is not run.

    Raises:
        RenderError: there is none.
    """
    inside = tree()
    entries = os.environ.get("PATH", os.defpath).split(os.pathsep)
    # Of a whole file system nothing lies outside, and nobody else has written it.
    everything = os.path.dirname(inside) == inside
    outside = [
        each for each in entries if os.path.isabs(each) and (everything or not within(os.path.realpath(each), inside))
    ]
    search = os.pathsep.join(outside)
    for name in names:
        file = shutil.which(name, path=search)
        if file:
            return Tool(name, file, search)
    wanted = " or ".join(f"`{name}`" for name in names)
    raise RenderError(f"cannot render `{purpose}`: no {wanted} on PATH (what lies inside of this tree does not count)")


def run_tool(tool: Tool, arguments: Sequence[str], scratch: str, *, network: bool) -> bytes:
    """Run a program with the working directory as it is; return its standard output.

    Args:
        tool: what to run.
        arguments: its arguments.
        scratch: a temporary folder for its home, its files, and its output.
        network: whether it may go to the network. Without it, proxies lead nowhere and git knows no protocol; that is
            a second line of defence, not the first.

    Raises:
        RenderError: it fails, or takes too long or too much.
    """
    out, err = os.path.join(scratch, "stdout"), os.path.join(scratch, "stderr")
    with open(out, "wb") as stdout, open(err, "wb") as stderr:  # noqa: PTH123 - as above
        try:
            process = subprocess.Popen(  # noqa: S603 - an absolute path, no shell
                [tool.file, *arguments],
                env=_environment(tool, scratch, network=network),
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
                preexec_fn=_limiter(),  # noqa: PLW1509 - this process has one thread
            )
        except OSError as error:
            raise RenderError(f"cannot run `{tool.file}`: {error.strerror or error}") from None
        try:
            code = process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            raise RenderError(f"`{tool.name}` gave no answer in {SECONDS:g} seconds") from None
        finally:
            _end(process)
    if os.path.getsize(out) >= OUTPUT_LIMIT:
        raise RenderError(f"`{tool.name}` wrote more than {OUTPUT_LIMIT // 1024:,} KiB")
    if code:
        raise RenderError(f"`{tool.name}` failed: {_reason(err, code)}")
    with open(out, "rb") as written:  # noqa: PTH123 - as above
        return written.read()


def without_userinfo(text: str) -> str:
    """Return a text without the names and passwords in its URLs."""
    return re.sub(_USERINFO, "***", text)


def _environment(tool: Tool, scratch: str, *, network: bool) -> dict[str, str]:
    """Return an environment without credentials, whose folders all lie in `scratch`."""
    home = os.path.join(scratch, "home")
    environment = {"PATH": tool.search, "LANG": "C.UTF-8"}
    folders = {
        "HOME": home,
        "USERPROFILE": home,
        "TMPDIR": os.path.join(scratch, "tmp"),
        "XDG_CACHE_HOME": os.path.join(home, "cache"),
        "XDG_CONFIG_HOME": os.path.join(home, "config"),
        "XDG_DATA_HOME": os.path.join(home, "data"),
        "HELM_CACHE_HOME": os.path.join(home, "helm-cache"),
        "HELM_CONFIG_HOME": os.path.join(home, "helm-config"),
        "HELM_DATA_HOME": os.path.join(home, "helm-data"),
        "HELM_PLUGINS": os.path.join(home, "no-plugins"),
        "KUSTOMIZE_PLUGIN_HOME": os.path.join(home, "no-plugins"),
    }
    for folder in folders.values():
        os.makedirs(folder, exist_ok=True)
    environment |= folders
    if "SYSTEMROOT" in os.environ:  # Windows starts no program without
        environment["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    if not network:
        environment |= {"HTTP_PROXY": _NOWHERE, "HTTPS_PROXY": _NOWHERE, "GIT_ALLOW_PROTOCOL": "none"}
    return environment


def _limiter() -> Callable[[], None] | None:
    """Return what sets the limits of a new process, None where there are none to set."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return None

    def limit() -> None:
        for which, wanted in ((resource.RLIMIT_DATA, MEMORY_LIMIT), (resource.RLIMIT_FSIZE, OUTPUT_LIMIT)):
            _, hard = resource.getrlimit(which)
            most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            with contextlib.suppress(OSError, ValueError):
                resource.setrlimit(which, (most, most))

    return limit


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program and all that it has started."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    if process.poll() is None:
        process.kill()
        process.wait()


def _reason(file: str, code: int) -> str:
    """Return the beginning of what a program complained about, on one line, without passwords in URLs."""
    with open(file, "rb") as written:  # noqa: PTH123 - as above
        said = written.read(16 * _STDERR_SHOWN).decode("utf-8", "replace")
    text = "; ".join(line.strip() for line in said.splitlines() if line.strip())
    text = without_userinfo(text)
    if len(text) > _STDERR_SHOWN:
        text = text[:_STDERR_SHOWN] + " ..."
    return text or (f"it was ended by signal {-code}" if code < 0 else f"it ended with {code}")
