"""Charts, rendered by `helm template`."""
# ruff: noqa: PTH100, PTH103, PTH112, PTH113, PTH118, PTH208, PTH211 - strings, not pathlib, as all of the reading

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from k8snetlint.render.files import CHART, display_path, values_in
from k8snetlint.render.rendered import Rendered, RenderError
from k8snetlint.render.tool import find_tool, run_tool
from k8snetlint.source.document import Source

if TYPE_CHECKING:
    from k8snetlint.render.rendered import Rendering

_FILE = "file://"


def render_chart(path: str, wanted: Rendering, scratch: str) -> Rendered:
    """Render one chart with the user's values.

    Args:
        path: its folder.
        wanted: release, namespace, values.
        scratch: the real path of a temporary folder.

    Raises:
        RenderError: no tool, a tool that fails, a dependency that is not here and must not be downloaded.
    """
    for each in wanted.values:
        if not os.path.isfile(each):
            raise RenderError(f"cannot render `{path}`: `{each}` is not a file with values")
    chart = os.path.abspath(path)
    missing = _missing(path)
    if missing and not wanted.network:
        raise RenderError(
            f"`{path}` needs the chart `{missing[0]}`, which is not in its folder `charts`; it would have to be"
            " downloaded, which --render-network allows"
        )
    tool = find_tool(("helm",), path)
    arguments = ["template"]
    if wanted.namespace:
        arguments += ["--namespace", wanted.namespace]
    for each in wanted.values:
        # Helm would take a comma for the end of the name.
        arguments += ["--values", _linked(os.path.abspath(each), scratch)]
    if wanted.include_crds:
        arguments.append("--include-crds")
    if missing:
        chart = _beside(path, os.path.join(scratch, "chart"))
        arguments.append("--dependency-update")
    try:
        content = run_tool(tool, [*arguments, "--", wanted.release, chart], scratch, network=wanted.network)
    except RenderError as error:
        raise RenderError(f"cannot render `{path}`: {error}") from None
    if missing:
        # What helm says while it downloads.
        content = content[max(content.find(b"---\n"), 0) :]
    source = Source(f"{path} (rendered)", lambda: content, stream=True)
    return Rendered(source, chart=display_path(os.path.abspath(path)))


def _dependencies(path: str) -> list[dict[str, Any]]:
    """Return what a chart depends on: `requirements.yaml` in charts for Helm 2."""
    found: list[Any] = []
    for name in (CHART, "requirements.yaml"):
        file = os.path.join(path, name)
        for value in values_in(file) if os.path.isfile(file) else ():
            listed = value.get("dependencies") if isinstance(value, dict) else None
            found += listed if isinstance(listed, list) else []
    return [each for each in found if isinstance(each, dict)]


def _missing(path: str) -> list[str]:
    """Return the names of the dependencies that are not in the chart's folder `charts`, as helm looks for them."""
    wanted = [str(each.get("name")) for each in _dependencies(path)]
    folder = os.path.join(path, "charts")
    there = os.listdir(folder) if wanted and os.path.isdir(folder) else []
    names: set[str] = set()
    for entry in there:
        file = os.path.join(folder, entry, CHART)
        if os.path.isfile(file):
            names.update(str(value.get("name")) for value in values_in(file) if isinstance(value, dict))
    archives = [entry for entry in there if entry.endswith(".tgz")]
    return [name for name in wanted if name not in names and not any(each.startswith(f"{name}-") for each in archives)]


def _beside(path: str, folder: str) -> str:
    """Return a chart in `folder` that is the one at `path`, but for a folder `charts` of its own.

    Helm writes what it downloads into the chart; the user's chart stays as it is.
    """
    path = os.path.abspath(path)
    os.makedirs(os.path.join(folder, "charts"))
    replaced = {"charts", CHART, "Chart.lock", "requirements.yaml", "requirements.lock"}
    for name in os.listdir(path):
        if name not in replaced:
            os.symlink(os.path.join(path, name), os.path.join(folder, name))
    charts = os.path.join(path, "charts")
    for name in os.listdir(charts) if os.path.isdir(charts) else ():
        os.symlink(os.path.join(charts, name), os.path.join(folder, "charts", name))
    for name in (CHART, "requirements.yaml"):
        file = os.path.join(path, name)
        for value in values_in(file) if os.path.isfile(file) else ():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as written:  # noqa: PTH123 - as above
                json.dump(_with_absolute_files(value, path), written, default=str)
    return folder


def _with_absolute_files(chart: Any, path: str) -> Any:
    """Return a chart's description whose `file://../other` is found from anywhere."""
    listed = chart.get("dependencies") if isinstance(chart, dict) else None
    for each in listed if isinstance(listed, list) else ():
        place = each.get("repository") if isinstance(each, dict) else None
        if isinstance(place, str) and place.startswith(_FILE):
            each["repository"] = _FILE + os.path.normpath(os.path.join(path, place.removeprefix(_FILE)))
    return chart


def _linked(file: str, scratch: str) -> str:
    """Return a name for a file that helm takes as it is."""
    if "," not in file:
        return file
    name = os.path.join(scratch, f"values-{len(os.listdir(scratch))}.yaml")
    os.symlink(file, name)
    return name
