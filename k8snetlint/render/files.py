"""Files that rendering and its findings read."""
# ruff: noqa: PTH118 - strings, not pathlib, as all of the reading

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from k8snetlint.render.rendered import RenderError, load_marked
from k8snetlint.source.document import Source
from k8snetlint.source.names import KUSTOMIZATIONS
from k8snetlint.source.read import read_file
from k8snetlint.source.repository import is_within, project_root
from k8snetlint.source.split import NotText, decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

CHART = "Chart.yaml"


def kustomization_file(folder: str) -> str | None:
    """Return the kustomization file of a folder, None if it has none."""
    files = (os.path.join(folder, name) for name in KUSTOMIZATIONS)
    return next(filter(os.path.isfile, files), None)


def values_in(path: str) -> Iterator[Any]:
    """Yield the values of the documents in a YAML file.

    Raises:
        RenderError: it cannot be read.
    """
    try:
        loaded = load_marked(Source.of(path, b""), decode(read_file(path)))
    except (OSError, NotText) as error:
        raise RenderError(f"cannot read `{display_path(path)}`: {error}") from None
    for document in loaded.documents:
        if document.value is None and document.faults:
            raise RenderError(f"cannot read `{display_path(path)}`: {document.faults[0].message}")
        yield document.value


def display_path(path: str) -> str:
    """Return a path as it is in findings: relative to the working directory, with `/`."""
    return os.path.relpath(path, os.path.realpath(os.curdir)).replace(os.sep, "/")


def tree_reader() -> Callable[[str], str | None]:
    """Return a function that returns the text of a file in the tree that is checked.

    It takes a path relative to the working directory. It returns None if the path is missing, is not a regular file, is
    not a text, or is outside of the tree when links are followed.
    """
    root = project_root()

    def read(path: str) -> str | None:
        try:
            real = os.path.realpath(path)
            return decode(read_file(real)) if is_within(real, root) else None
        except (OSError, ValueError):  # not a text, or a NUL in the path
            return None

    return read
