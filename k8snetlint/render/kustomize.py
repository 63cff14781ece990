"""Kustomizations, rendered by `kustomize` or `kubectl kustomize`.

Kustomize reports where an object comes from only if the kustomization that is built asks for it. So a temporary one is
built, whose only resource is the kustomization to render. Resources may be folders anywhere, so kustomize's load
restrictor stays on.
"""
# ruff: noqa: PTH103, PTH110, PTH112, PTH113, PTH118, PTH120 - strings, not pathlib, as all of the reading

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

from k8snetlint.process import without_userinfo
from k8snetlint.render.files import CHART, display_path, kustomization_file, values_in
from k8snetlint.render.rendered import Rendered, RenderError, failed, load_marked, origin_path
from k8snetlint.render.tool import find_tool, run_tool
from k8snetlint.source.document import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.process import Program
    from k8snetlint.render.rendered import Rendering

_PARTS = frozenset({"resources", "bases", "components"})
_PLUGINS = frozenset({"generators", "transformers", "validators"})
_CHARTS = frozenset({"helmcharts", "helmchartinflationgenerator"})
_FREE_FORM = frozenset(
    {
        "annotations",
        "commonannotations",
        "commonlabels",
        "images",
        "labels",
        "literals",
        "metadata",
        "options",
        "patch",
        "replicas",
        "valuesinline",
    }
)
"""Fields with strings that are not paths."""
_REMOTE = r"(?i)://|::|@|\?|^gh:|^(www\.)?github\.com[:/]"
"""What kustomize may read as a repository even if a file has that name (api/internal/git/repospec.go)."""
_URL = r"(?i)(^|=)\s*[a-z+]+://"
_ORIGIN = "config.kubernetes.io/origin"
_VERSION_FLAG = "--helm-kube-version"
_TOO_OLD = "is older than kustomize 5.3 (kubectl 1.31) and cannot tell helm a version"
_ANNOTATIONS = (f"    {_ORIGIN}:", "    alpha.config.kubernetes.io/transformations:")


def render_kustomization(path: str, rendering: Rendering, scratch: str) -> Rendered:
    """Render one kustomization.

    Args:
        path: its folder.
        rendering: whether remote resources may be downloaded, and the version of Kubernetes for its charts.
        scratch: the real path of a temporary folder.

    Raises:
        RenderError: kustomize is not installed or fails, or rendering would do something that is not allowed.
    """
    network = rendering.network
    files, has_charts = _kustomization_files(path, network=network)
    tool = find_tool(("kustomize", "kubectl"), path)
    folder = os.path.join(scratch, "root")
    os.makedirs(folder)
    relative = os.path.relpath(os.path.realpath(path), folder)
    root = {"resources": [relative], "buildMetadata": ["originAnnotations", "transformerAnnotations"]}
    with open(os.path.join(folder, "kustomization.yaml"), "w", encoding="utf-8") as file:  # noqa: PTH123 - as above
        json.dump(root, file)
    arguments = ["build" if tool.name == "kustomize" else "kustomize", folder]
    if has_charts:
        arguments += ["--enable-helm", "--helm-command", find_tool(("helm",), path).file]
    try:
        output, is_passed = _run(tool, arguments, rendering, scratch, has_charts=has_charts)
    except RenderError as error:
        raise failed(path, str(error).replace(relative, path), rendering) from None
    note = f"`{tool.name}` {_TOO_OLD}: the charts of `{path}` are rendered for the version that helm chooses"
    text, origins = without_origins(output.decode("utf-8", "replace"))
    paths = tuple(display_path(os.path.join(folder, origin)) if origin else "" for origin in origins)
    content = text.encode()
    source = Source(f"{path} (rendered)", lambda: content, stream=True)
    return Rendered(
        source, origins=paths, kustomizations=tuple(map(display_path, files)), note="" if is_passed else note
    )


def _run(
    tool: Program, arguments: list[str], rendering: Rendering, scratch: str, *, has_charts: bool
) -> tuple[bytes, bool]:
    """Return what a tool writes, and whether it could be told the Kubernetes version, if there is one to tell."""
    version = rendering.kube_version if has_charts else None
    if version:
        try:
            return run_tool(tool, [*arguments, _VERSION_FLAG, version], scratch, network=rendering.network), True
        except RenderError as error:
            if f"unknown flag: {_VERSION_FLAG}" not in str(error):
                raise
    return run_tool(tool, arguments, scratch, network=rendering.network), not version


def without_origins(output: str) -> tuple[str, tuple[str, ...]]:
    """Return the output of kustomize without the annotations that we made it write, and the origin of each document.

    In the output they would change fingerprints, reveal paths of this machine, and shift the lines that the user sees
    when he renders. Kustomize indents by two, and no string of several lines reaches the columns in question, so that
    the annotations can be found by lines.
    """
    kept: list[str] = []
    origins: list[str] = []
    for document in re.split(r"(?m)^---\n", output):
        if not document.strip():
            continue
        lines, origin = _split_annotations(document.splitlines(keepends=True))
        kept.append("".join(lines))
        origins.append(_path_of(origin))
    return "---\n".join(kept), tuple(origins)


def _split_annotations(lines: list[str]) -> tuple[list[str], str]:
    """Return the lines of a document without our annotations, and the annotation with the origin."""
    kept: list[str] = []
    removed: dict[str, list[str]] = {}
    block = header = annotation = ""
    inside = False
    for line in lines:
        indent = len(line) - len(line.lstrip(" ")) if line.strip() else 6
        if indent <= 2:
            block = line.rstrip() if indent == 0 else block
            if header and not removed:
                kept.append(header)
            inside = block == "metadata:" and line.rstrip() == "  annotations:"
            header = line if inside else ""  # it is kept if another annotation follows
            annotation = ""
            kept += [] if inside else [line]
            continue
        if indent == 4:
            annotation = next((key for key in _ANNOTATIONS if inside and line.startswith(key)), "")
        if annotation:
            removed.setdefault(annotation, []).append(line)
            continue
        kept += [header, line] if header else [line]
        header = ""
    return kept, "".join(removed.get(_ANNOTATIONS[0], ()))


def _path_of(origin: str) -> str:
    """Return the local file in an origin annotation, "" if it has none."""
    annotation = load_marked(Source.of("", b""), origin).documents
    text = annotation[0].value.get(_ORIGIN) if annotation and isinstance(annotation[0].value, dict) else None
    return origin_path(text) if isinstance(text, str) else ""


def _kustomization_files(path: str, *, network: bool) -> tuple[list[str], bool]:
    """Return the kustomization files that are read to render one, and whether they inflate charts.

    Raises:
        RenderError: something is remote and must not be downloaded, or is a plugin.
    """
    files: dict[str, None] = {}
    has_charts = False
    pending = [os.path.realpath(path)]
    while pending:
        file = kustomization_file(pending.pop())
        if not file or file in files:
            continue
        files[file] = None
        folder = os.path.dirname(file)
        for value in values_in(file):
            for field, entry in _entries(value):
                if field in _CHARTS or (field in _PLUGINS and _inflates(entry, folder, file, network=network)):
                    has_charts = True
                    if field != "helmcharts" or not _is_local_chart(entry, value, folder):
                        _refuse(f"`{display_path(file)}` inflates a Helm chart that is not here", network=network)
                local = os.path.join(folder, entry) if isinstance(entry, str) and "\n" not in entry else ""
                if local and os.path.isdir(local):
                    pending.append(os.path.realpath(local))
                if local and field in _PARTS and not _is_local(str(entry), local):
                    _refuse(f"`{entry}` in `{display_path(file)}` is not a file or folder here", network=network)
            if not network:
                _refuse_urls(value, file)
    return list(files), has_charts


def _entries(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the entries of a kustomization's lists, each with its field in lower case: kustomize accepts any case."""
    for key, entries in value.items() if isinstance(value, dict) else ():
        for entry in entries if isinstance(entries, list) else ():
            yield str(key).lower(), entry


def _is_local_chart(entry: Any, kustomization: Any, folder: str) -> bool:
    """Tell whether an entry of `helmCharts` is a chart in the folder for charts, which kustomize does not download.

    Source: https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.7.1/api/internal/builtins/HelmChartInflationGenerator.go
    """
    chart = _in_lower_case(entry)
    home = _in_lower_case(_in_lower_case(kustomization).get("helmglobals")).get("charthome") or "charts"
    name = chart.get("name")
    if chart.get("repo") or not isinstance(name, str) or not isinstance(home, str):
        return False
    return os.path.isfile(os.path.join(folder, home, name, CHART))


def _in_lower_case(value: Any) -> dict[str, Any]:
    """Return a mapping with its keys in lower case: kustomize accepts any case."""
    return {str(key).lower(): each for key, each in value.items()} if isinstance(value, dict) else {}


def _is_local(entry: str, local: str) -> bool:
    return os.path.exists(local) and not re.search(_REMOTE, entry)


def _inflates(entry: Any, folder: str, file: str, *, network: bool) -> bool:
    """Tell whether the configuration of a generator or transformer inflates a chart.

    Raises:
        RenderError: it configures a plugin.
    """
    if not isinstance(entry, str):
        return False
    if "\n" in entry:
        values = [each.value for each in load_marked(Source.of(file, b""), entry).documents]
    else:
        local = os.path.join(folder, entry)
        values = list(values_in(local)) if os.path.isfile(local) else []
        file = local
    for value in values:
        if not network:
            _refuse_urls(value, file)
        if not isinstance(value, dict) or value.get("apiVersion") != "builtin":
            raise RenderError(
                f"`{display_path(file)}` configures a plugin; plugins are never run, not even with --render-network"
            )
    return any(value.get("kind") == "HelmChartInflationGenerator" for value in values)


def _refuse_urls(value: Any, file: str) -> None:
    """Refuse a value with a URL in a field that may have a path."""
    pending = [value]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            pending += [each for key, each in value.items() if str(key).lower() not in _FREE_FORM]
        elif isinstance(value, list):
            pending += value
        elif isinstance(value, str) and "\n" not in value and re.search(_URL, value):
            _refuse(f"`{value}` in `{display_path(file)}` is not here", network=False)


def _refuse(fact: str, *, network: bool) -> None:
    if not network:
        raise RenderError(f"{without_userinfo(fact)}; --render-network allows the download")
