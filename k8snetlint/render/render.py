"""Kustomizations and charts, rendered by the user's own tools; only the command line requests it."""
# ruff: noqa: PTH110, PTH112, PTH113, PTH118 - strings, not pathlib, as all of the reading

from __future__ import annotations

import functools
import os
import tempfile
from typing import TYPE_CHECKING

from k8snetlint.render.files import CHART, kustomization_file
from k8snetlint.render.rendered import Rendered, RenderError
from k8snetlint.source.document import Source
from k8snetlint.source.names import KUSTOMIZATIONS

if TYPE_CHECKING:
    from k8snetlint.render.rendered import Rendering


def render_all(rendering: Rendering) -> list[Rendered]:
    """Render every path, each once.

    If we fail at one, its source fails in the same way when it is read.

    Raises:
        RenderError: a path is neither a kustomization nor a chart, a tool is missing or fails, or rendering needs
            something that is not allowed.
    """
    paths = list(dict.fromkeys(map(os.path.normpath, rendering.paths)))
    are_charts = [not kustomization_file(path) and os.path.isfile(os.path.join(path, CHART)) for path in paths]
    if rendering.values and not any(are_charts):
        raise RenderError("--values is for charts, and no --render names one")
    if rendering.set_values and not any(are_charts):
        raise RenderError("--set is for charts, and no --render names one")
    return [_render_safely(path, rendering, is_chart) for path, is_chart in zip(paths, are_charts, strict=True)]


def _render_safely(path: str, rendering: Rendering, is_chart: bool) -> Rendered:  # noqa: FBT001 - a column of paths
    try:
        with tempfile.TemporaryDirectory(prefix="k8snetlint-") as scratch:
            # Paths in the output of a tool are relative to the real path of the folder.
            return _render(path, rendering, os.path.realpath(scratch), is_chart=is_chart)
    except (RenderError, OSError):
        raise
    except Exception as error:  # noqa: BLE001 - our bug at one path must not hide the others
        return Rendered(Source(f"{path} (rendered)", functools.partial(_fail, error), stream=True), origins=())


def _render(path: str, rendering: Rendering, scratch: str, *, is_chart: bool) -> Rendered:
    if is_chart:
        from k8snetlint.render.helm import render_chart  # noqa: PLC0415 - only for charts

        return render_chart(path, rendering, scratch)
    if kustomization_file(path):
        from k8snetlint.render.kustomize import render_kustomization  # noqa: PLC0415 - as above

        return render_kustomization(path, rendering, scratch)
    raise RenderError(_why_not(path))


def _fail(error: Exception) -> bytes:
    raise error


def _why_not(path: str) -> str:
    if not os.path.exists(path):
        return f"cannot render `{path}`: it does not exist"
    if not os.path.isdir(path):
        return f"cannot render `{path}`: not a folder; name the folder of its kustomization or chart"
    return f"cannot render `{path}`: it has neither a {KUSTOMIZATIONS[0]} nor a {CHART}"
