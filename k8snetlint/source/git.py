"""What git knows about a folder. Git is read, never told to do anything."""
# ruff: noqa: PTH117, PTH118, PTH120 - as all of the reading: strings, not pathlib

from __future__ import annotations

import os

_SECONDS = 60
_KEPT = ("HOME", "XDG_CONFIG_HOME", "SYSTEMROOT", "USERPROFILE")
"""git refuses folders of other owners unless the user's own configuration allows them; it lies there."""


def repository_root(folder: str) -> str | None:
    """Return the nearest folder with a `.git`, from a real path upwards; None if there is none."""
    while True:
        if os.path.lexists(os.path.join(folder, ".git")):
            return folder
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def tracked(folder: str, root: str) -> list[str]:
    """Return the files of the index below `folder`, relative to it, with `/`.

    The environment is cleaned, a git inside the repository is never run, nor is a file system monitor.

    Raises:
        OSError: there is no git, or it fails; the message says why.
    """
    import shutil  # noqa: PLC0415 - only if a walked folder has ignored manifests
    import subprocess  # noqa: PLC0415 - when it is needed

    outside = [
        each
        for each in os.environ.get("PATH", os.defpath).split(os.pathsep)
        if os.path.isabs(each) and not (os.path.realpath(each) + os.sep).startswith(root.rstrip(os.sep) + os.sep)
    ]
    path = os.pathsep.join(outside)
    git = shutil.which("git", path=path)
    if git is None:
        raise OSError("git is not installed")
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment |= {"PATH": path, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1"}
    command = [git, "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "ls-files", "-z", "--cached"]
    try:
        done = subprocess.run(  # noqa: S603 - an absolute path and constant arguments
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise OSError(f"git gave no answer in {_SECONDS} seconds") from None
    if done.returncode:
        reason = os.fsdecode(done.stderr).strip().partition("\n")[0]
        raise OSError(reason or f"git ended with {done.returncode}")
    return [os.fsdecode(name) for name in done.stdout.split(b"\0") if name]
