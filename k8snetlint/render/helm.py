"""Charts, rendered by `helm template`."""
# ruff: noqa: PTH100, PTH103, PTH112, PTH113, PTH118, PTH208, PTH211 - strings, not pathlib, as all of the reading

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from k8snetlint.render.files import CHART, display_path, values_in
from k8snetlint.render.rendered import Rendered, RenderError, failed
from k8snetlint.render.tool import find_tool, run_tool
from k8snetlint.source.document import Source

if TYPE_CHECKING:
    from k8snetlint.render.rendered import Rendering

_FILE = "file://"


def render_chart(path: str, rendering: Rendering, scratch: str) -> Rendered:
    """Render one chart with the user's values.

    Args:
        path: its folder.
        rendering: release, namespace, values.
        scratch: the real path of a temporary folder.

    Raises:
        RenderError: helm is not installed or fails, or a dependency is missing and must not be downloaded.
    """
    for each in rendering.values:
        if not os.path.isfile(each):
            raise RenderError(f"cannot render `{path}`: `{each}` is not a file with values")
    chart = os.path.abspath(path)
    missing = _missing_dependencies(path)
    if missing and not rendering.network:
        raise RenderError(
            f"`{path}` needs the chart `{missing[0]}`, which is not in its folder `charts`; it would have to be"
            " downloaded, which --render-network allows"
        )
    tool = find_tool(("helm",), path)
    arguments = ["template"]
    if rendering.namespace:
        arguments += ["--namespace", rendering.namespace]
    for each in rendering.values:
        # For helm, a comma ends the name.
        arguments += ["--values", _without_comma(os.path.abspath(each), scratch)]
    for each in rendering.set_values:
        arguments += ["--set", each]
    if rendering.kube_version:
        arguments += ["--kube-version", rendering.kube_version]
    if rendering.include_crds:
        arguments.append("--include-crds")
    if missing:
        chart = _copy_chart(path, os.path.join(scratch, "chart"))
        arguments.append("--dependency-update")
    try:
        content = run_tool(tool, [*arguments, "--", rendering.release, chart], scratch, network=rendering.network)
    except RenderError as error:
        raise failed(path, str(error), rendering) from None
    if missing:
        # While it downloads, helm writes messages before the first document.
        content = content[max(content.find(b"---\n"), 0) :]
    source = Source(f"{path} (rendered)", lambda: content, stream=True)
    return Rendered(source, chart=display_path(os.path.abspath(path)))


def _dependencies(path: str) -> list[dict[str, Any]]:
    """Return the dependencies of a chart; charts for Helm 2 have them in `requirements.yaml`."""
    found: list[Any] = []
    for name in (CHART, "requirements.yaml"):
        file = os.path.join(path, name)
        for value in values_in(file) if os.path.isfile(file) else ():
            listed = value.get("dependencies") if isinstance(value, dict) else None
            found += listed if isinstance(listed, list) else []
    return [each for each in found if isinstance(each, dict)]


def _missing_dependencies(path: str) -> list[str]:
    """Return the names of the dependencies that are not in the chart's folder `charts`, as helm looks for them."""
    needed = [str(each.get("name")) for each in _dependencies(path)]
    folder = os.path.join(path, "charts")
    entries = os.listdir(folder) if needed and os.path.isdir(folder) else []
    names: set[str] = set()
    for entry in entries:
        file = os.path.join(folder, entry, CHART)
        if os.path.isfile(file):
            names.update(str(value.get("name")) for value in values_in(file) if isinstance(value, dict))
    archives = [entry for entry in entries if entry.endswith(".tgz")]
    return [name for name in needed if name not in names and not any(each.startswith(f"{name}-") for each in archives)]


def _copy_chart(path: str, folder: str) -> str:
    """Return a copy of a chart in `folder`: links to its files, but with a folder `charts` of its own.

    Helm writes downloaded dependencies into the chart; the user's chart must not change.
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
    """Return the content of a `Chart.yaml` with absolute paths instead of URLs like `file://../other`."""
    listed = chart.get("dependencies") if isinstance(chart, dict) else None
    for each in listed if isinstance(listed, list) else ():
        url = each.get("repository") if isinstance(each, dict) else None
        if isinstance(url, str) and url.startswith(_FILE):
            each["repository"] = _FILE + os.path.normpath(os.path.join(path, url.removeprefix(_FILE)))
    return chart


def _without_comma(file: str, scratch: str) -> str:
    """Return the path of a file, or of a link to it if the path has a comma."""
    if "," not in file:
        return file
    name = os.path.join(scratch, f"values-{len(os.listdir(scratch))}.yaml")
    os.symlink(file, name)
    return name
