"""Kustomizations and charts, rendered by the user's own tools; only the command line can ask for it."""
# ruff: noqa: PTH110, PTH112, PTH113, PTH118 - strings, not pathlib, as all of the reading

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

from k8snetlint.render.files import CHART, kustomization_file
from k8snetlint.render.rendered import RenderError
from k8snetlint.source.names import KUSTOMIZATIONS

if TYPE_CHECKING:
    from k8snetlint.render.rendered import Rendered, Rendering


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
