"""A generated tree of manifests: how large it is to be, its texts, and what is wrong in it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Size:
    """How large a tree is to be; only the ordinary tree has documents that can be made longer."""

    files: int
    documents: int
    megabytes: float = 0.0

    def tenth(self) -> Size:
        """Return a tenth of it, for tools that are slow."""
        return Size(self.files // 10, self.documents // 10, self.megabytes / 10)


@dataclass(frozen=True, slots=True)
class Planted:
    """A mistake in the tree, as written to the JSON list."""

    path: str
    document: int
    line: int
    kind: str
    name: str
    mistake: str
    rejected: bool
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """A generated tree: the text of each file, and what is wrong in it."""

    texts: dict[str, str]
    planted: list[Planted]

    def digest(self) -> str:
        """Return what tells two trees apart: the beginning of the SHA-256 over paths and texts."""
        total = hashlib.sha256()
        for path, text in self.texts.items():
            total.update(f"{path}\0{text}\0".encode())
        return total.hexdigest()[:16]


def write(tree: Tree, directory: Path) -> None:
    """Write a tree into a new directory, and the list of its mistakes beside it.

    Raises:
        SystemExit: the directory is not empty.
    """
    write_texts(tree.texts, directory)
    rows = [asdict(each) for each in tree.planted]
    mistakes_of(directory).write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def write_texts(texts: dict[str, str], directory: Path) -> None:
    """Write the files of a tree into a new directory.

    Raises:
        SystemExit: the directory is not empty.
    """
    if directory.exists() and any(directory.iterdir()):
        raise SystemExit(f"{directory} is not empty")
    for path, text in texts.items():
        file = directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())


def mistakes_of(directory: Path) -> Path:
    """Return the file that lists the mistakes of a tree."""
    return directory.with_name(directory.name + ".mistakes.json")
