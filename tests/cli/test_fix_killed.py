"""`--fix` that is killed leaves every file as it was, or mended, and nothing else."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import k8snetlint

KILLS = 25
FILES = 60
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: policy-{0}  # {1}
spec:
  podSelector: {{}}
  ingres: []  # misspelt
"""


def written(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def start(folder: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(Path(k8snetlint.__file__).parent.parent)}
    return subprocess.Popen(
        [sys.executable, "-m", "k8snetlint", "check", "--fix", "--exit-zero", "-q", "."],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
    )


def wait_for_a_change(folder: Path, old: dict[str, bytes]) -> None:
    first = [(folder / name, (folder / name).stat().st_ino) for name in sorted(old)[:3]]
    until = time.monotonic() + 20
    while time.monotonic() < until and all(path.stat().st_ino == number for path, number in first):
        pass


def test_files_are_old_or_new_whenever_it_is_killed(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    old = {f"{number}.yaml": POLICY.format(number, "é" * 3000).encode() for number in range(FILES)}
    for name, content in old.items():
        (folder / name).write_bytes(content)
    begun = time.monotonic()
    assert start(folder).wait() == 0
    whole = time.monotonic() - begun
    new = written(folder)
    assert new.keys() == old.keys()
    assert all(new[name] != old[name] for name in old)
    assert all(b"ingress: []  # misspelt" in content for content in new.values())

    chance = random.Random(1)  # noqa: S311 - repeatable on purpose
    mixed = 0
    for number in range(KILLS):
        for name, content in old.items():
            (folder / name).write_bytes(content)
        process = start(folder)
        # Most of a run is over before the first file is written: every other time, that is waited for.
        if number % 2:
            time.sleep(whole * chance.uniform(0.3, 1.1))
        else:
            wait_for_a_change(folder, old)
            time.sleep(chance.uniform(0, 0.01))
        process.send_signal(signal.SIGKILL)
        process.wait()
        after = written(folder)
        strays = after.keys() - old.keys()
        assert len(strays) <= 1, "at most the file that was about to get its name"
        assert all(name.startswith(".k8snetlint-") for name in strays)
        assert all(after[name] in (old[name], new[name]) for name in old)
        mixed += 0 < sum(after[name] == new[name] for name in old) < FILES
        for name in strays:
            (folder / name).unlink()
    assert mixed, "it was never killed while it wrote: the test shows nothing"
