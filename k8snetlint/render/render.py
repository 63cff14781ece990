"""Kustomizations and charts, rendered by the user's own tools; only the command line can ask for it."""
# ruff: noqa: PTH110, PTH112, PTH113, PTH118 - strings, not pathlib, as all of the reading

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

from k8snetlint.render.rendered import Rendered, RenderError, texts_of
from k8snetlint.source.document import Source
from k8snetlint.source.names import KUSTOMIZATIONS
from k8snetlint.source.read import read_file
from k8snetlint.source.repository import is_within, project_root
from k8snetlint.source.split import NotText, decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from k8snetlint.render.rendered import Rendering

CHART = "Chart.yaml"
_MARKS = ("# Source: ", "config.kubernetes.io/origin")


def render_all(wanted: Rendering) -> list[Rendered]:
    """Render every path, each once.

    Raises:
        RenderError: a path is neither a kustomization nor a chart, a tool is missing or fails, or rendering would need
            what was not allowed.
    """
    paths = list(dict.fromkeys(map(os.path.normpath, wanted.paths)))
    are_charts = [not kustomization_file(path) and os.path.isfile(os.path.join(path, CHART)) for path in paths]
    if wanted.values and not any(are_charts):
        raise RenderError("--values is for charts, and no --render names one")
    rendered: list[Rendered] = []
    for path, is_chart in zip(paths, are_charts, strict=True):
        with tempfile.TemporaryDirectory(prefix="k8snetlint-") as scratch:
            # What a tool says about itself is relative to where the folder really is.
            real = os.path.realpath(scratch)
            if is_chart:
                from k8snetlint.render.helm import render_chart  # noqa: PLC0415 - only for charts

                rendered.append(render_chart(path, wanted, real))
            elif kustomization_file(path):
                from k8snetlint.render.kustomize import render_kustomization  # noqa: PLC0415 - as above

                rendered.append(render_kustomization(path, real, network=wanted.network))
            else:
                raise RenderError(_neither(path))
    return rendered


def _neither(path: str) -> str:
    if not os.path.exists(path):
        return f"cannot render `{path}`: it does not exist"
    if not os.path.isdir(path):
        return f"cannot render `{path}`: not a folder; name the folder of its kustomization or chart"
    return f"cannot render `{path}`: it has neither a {KUSTOMIZATIONS[0]} nor a {CHART}"


def rendered_stream(source: Source) -> Rendered | None:
    """Return standard input as something rendered, if it says where its documents come from."""
    try:
        text = decode(source.read())
    except (OSError, NotText):
        return None
    return Rendered(source) if any(mark in text for mark in _MARKS) else None


def tree_reader() -> Callable[[str], str | None]:
    """Return what gives the text of a file of the tree that is checked.

    The path is relative to the working directory. None: not there, not a regular file, not a text, or its real path
    lies outside of the tree.
    """
    root = project_root()

    def read(path: str) -> str | None:
        try:
            real = os.path.realpath(path)
            return decode(read_file(real)) if is_within(real, root) else None
        except (OSError, ValueError):  # no text, or a NUL in the path
            return None

    return read


def kustomization_file(folder: str) -> str | None:
    """Return a folder's kustomization file, None if there is none."""
    files = (os.path.join(folder, name) for name in KUSTOMIZATIONS)
    return next(filter(os.path.isfile, files), None)


def shown(path: str) -> str:
    """Return a path as findings name it: relative to the working directory, with `/`."""
    return os.path.relpath(path, os.path.realpath(os.curdir)).replace(os.sep, "/")


def values_in(path: str) -> Iterator[Any]:
    """Yield the values of a YAML file's documents.

    Raises:
        RenderError: it cannot be read.
    """
    try:
        loaded = texts_of(Source.of(path, b""), decode(read_file(path)))
    except (OSError, NotText) as error:
        raise RenderError(f"cannot read `{shown(path)}`: {error}") from None
    for document in loaded.documents:
        if document.value is None and document.faults:
            raise RenderError(f"cannot read `{shown(path)}`: {document.faults[0].message}")
        yield document.value
