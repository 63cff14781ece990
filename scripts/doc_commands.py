"""What commands print in the documentation: they are run, so that no page shows what is not so.

A block ```` ```console ```` that begins with `$ k8snetlint` is made anew: its commands are run in the root of the
repository, in this process, and what they write to standard output stands below them. `$ echo $?` prints the last exit
code.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
from typing import TYPE_CHECKING

from k8snetlint.cli import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BLOCK = re.compile(r"^```console\n(\$ k8snetlint .*\n(?s:.*?))^```$", re.MULTILINE)
_ANNOUNCED = re.compile(r"^\$ (.*)$", re.MULTILINE)
_DECIDES = re.compile(r"K8SNETLINT_|NO_COLOR$|FORCE_COLOR$|FORCE_HYPERLINK$|CI$|TF_BUILD$|GITHUB_|XDG_CONFIG_HOME$")


def with_output(page: str, root: Path) -> str:
    """Return a page in which each command is followed by what it prints.

    Raises:
        ValueError: a block holds a command of something else.
    """
    return _BLOCK.sub(lambda block: f"```console\n{_session(block[1], root)}```", page)


def _session(text: str, root: Path) -> str:
    lines: list[str] = []
    code = 0
    for command in _ANNOUNCED.findall(text):
        if command == "echo $?":
            said = f"{code}\n"
        else:
            program, *arguments = shlex.split(command, comments=True)
            if program != "k8snetlint":
                raise ValueError(f"a block of k8snetlint's commands holds `{command}`, which nobody runs")
            code, said = _printed(arguments, root)
        lines.append(f"$ {command}\n{said}")
    return "".join(lines)


def _printed(arguments: list[str], root: Path) -> tuple[int, str]:
    with _quiet_environment(), contextlib.chdir(root), io.StringIO() as said:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
            code = run(arguments)
        return code, said.getvalue()


@contextlib.contextmanager
def _quiet_environment() -> Iterator[None]:
    kept = dict(os.environ)
    for name in kept:
        if _DECIDES.match(name):
            del os.environ[name]
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)
