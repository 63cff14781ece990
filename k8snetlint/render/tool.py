"""Running helm, kustomize and kubectl on files that are not trusted.

They get a temporary home, no variables of the user's environment, and limits.
"""
# ruff: noqa: PTH103, PTH118 - strings, not pathlib, as all of the reading

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from k8snetlint.process import Limits, ProcessError, clean_environment, find_program, run, without_userinfo
from k8snetlint.render.rendered import RenderError
from k8snetlint.source.repository import project_root

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snetlint.process import Program, Result

LIMITS = Limits(seconds=60.0, output=64 * 1024 * 1024, file=64 * 1024 * 1024, memory=2 * 1024 * 1024 * 1024)
_REASON_LENGTH = 600
_NOWHERE = "http://127.0.0.1:9"
"""The discard port, on which nothing listens."""


def find_tool(names: Sequence[str], purpose: str) -> Program:
    """Return the first of these programs that is installed outside of the tree that is checked.

    Raises:
        RenderError: none is.
    """
    program = find_program(names, project_root())
    if program is None:
        wanted = " or ".join(f"`{name}`" for name in names)
        raise RenderError(
            f"cannot render `{purpose}`: no {wanted} on PATH (programs inside the checked tree are not used)"
        )
    return program


def run_tool(tool: Program, arguments: Sequence[str], scratch: str, *, network: bool) -> bytes:
    """Run a program in the working directory; return its standard output.

    Args:
        tool: the program.
        arguments: its arguments.
        scratch: a temporary folder for its home and its files.
        network: whether it may use the network. If not, proxies are unreachable and git has no protocol; this is only
            a second line of defence.

    Raises:
        RenderError: it fails, or exceeds a limit.
    """
    try:
        result = run(tool, arguments, environment=_environment(tool, scratch, network=network), limits=LIMITS)
    except ProcessError as error:
        raise RenderError(str(error)) from None
    if result.late:
        raise RenderError(f"`{tool.name}` did not answer within {LIMITS.seconds:g} seconds")
    if result.cut:
        raise RenderError(f"`{tool.name}` wrote more than {LIMITS.output // 1024:,} KiB")
    if result.code:
        raise RenderError(f"`{tool.name}` failed: {_reason(result)}")
    return result.output


def _environment(tool: Program, scratch: str, *, network: bool) -> dict[str, str]:
    """Return an environment without credentials, with all folders in `scratch`."""
    home = os.path.join(scratch, "home")
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
    blocks = {} if network else {"HTTP_PROXY": _NOWHERE, "HTTPS_PROXY": _NOWHERE, "GIT_ALLOW_PROTOCOL": "none"}
    return clean_environment(tool, {"LANG": "C.UTF-8", **folders, **blocks})


def _reason(result: Result) -> str:
    """Return the beginning of the errors that a program reports, on one line, without passwords in URLs."""
    lines = result.errors.decode("utf-8", "replace").splitlines()
    text = without_userinfo("; ".join(line.strip() for line in lines if line.strip()))
    if len(text) > _REASON_LENGTH:
        text = text[:_REASON_LENGTH] + " ..."
    code = result.code
    return text or (f"killed by signal {-code}" if code < 0 else f"it ended with {code}")
