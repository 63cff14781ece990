"""`.gitignore` means to us what it means to git."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8snetlint.source.files import find

if TYPE_CHECKING:
    from pathlib import Path

FOLDERS = ["a", "b", "ab", "a.b"]
FILES = ["a.yaml", "b.yaml", "ab.yaml"]
STEPS = [*FOLDERS, *FILES, "*", "**", "a*", "*b", "?", "[ab]", "*.yaml", "[!a]*", "a?.yaml", "*.y[a]ml"]

pattern = st.builds(
    lambda negated, rooted, steps, folder: negated + rooted + "/".join(steps) + folder,
    st.sampled_from(["", "", "!"]),
    st.sampled_from(["", "", "/"]),
    st.lists(st.sampled_from(STEPS), min_size=1, max_size=3),
    st.sampled_from(["", "", "/"]),
)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("repository")
    for folder in ["", *FOLDERS, *(f"{above}/{name}" for above in FOLDERS for name in FOLDERS)]:
        (root / folder).mkdir(exist_ok=True)
        for name in FILES:
            (root / folder / name).touch()
    subprocess.run(["git", "init", "-q", root], check=True)  # noqa: S607
    return root


@given(top=st.lists(pattern, min_size=1, max_size=5), below=st.lists(pattern, max_size=2))
def test_the_files_are_those_that_git_sees(repository: Path, top: list[str], below: list[str]) -> None:
    (repository / ".gitignore").write_text("\n".join(top), encoding="utf-8")
    (repository / "a" / ".gitignore").write_text("\n".join(below), encoding="utf-8")
    command = ["git", "-C", os.fspath(repository), "ls-files", "-z", "--others", "--exclude-standard", "*.yaml"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\0")
    found = [source.name.removeprefix(f"{repository}/") for source in find([os.fspath(repository)]).sources]
    assert found == sorted(name for name in listed if name)
