"""Kustomizations, rendered by `kustomize` or `kubectl kustomize`.

Kustomize says where an object comes from only if the kustomization that is built asks for it. So a temporary one is
built, whose only resource is the one that is meant; it takes folders from anywhere, so its load restrictor stays.
"""
# ruff: noqa: PTH103, PTH110, PTH112, PTH113, PTH118, PTH120 - strings, not pathlib, as all of the reading

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

from k8snetlint.process import without_userinfo
from k8snetlint.render.files import display_path, kustomization_file, values_in
from k8snetlint.render.rendered import Rendered, RenderError, load_marked, origin_path
from k8snetlint.render.tool import find_tool, run_tool
from k8snetlint.source.document import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

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
"""Fields that hold texts, not paths."""
_REMOTE = r"(?i)://|::|@|\?|^gh:|^(www\.)?github\.com[:/]"
"""What kustomize may take for a repository even where a file has that name (api/internal/git/repospec.go)."""
_URL = r"(?i)(^|=)\s*[a-z+]+://"
_ORIGIN = "config.kubernetes.io/origin"
_OURS = (f"    {_ORIGIN}:", "    alpha.config.kubernetes.io/transformations:")


def render_kustomization(path: str, scratch: str, *, network: bool) -> Rendered:
    """Render one kustomization.

    Args:
        path: its folder.
        scratch: the real path of a temporary folder.
        network: whether what is not here may be downloaded.

    Raises:
        RenderError: no tool, a tool that fails, or something that rendering must not do.
    """
    files, charts = _closure(path, network=network)
    tool = find_tool(("kustomize", "kubectl"), path)
    folder = os.path.join(scratch, "root")
    os.makedirs(folder)
    relative = os.path.relpath(os.path.realpath(path), folder)
    root = {"resources": [relative], "buildMetadata": ["originAnnotations", "transformerAnnotations"]}
    with open(os.path.join(folder, "kustomization.yaml"), "w", encoding="utf-8") as file:  # noqa: PTH123 - as above
        json.dump(root, file)
    arguments = ["build" if tool.name == "kustomize" else "kustomize", folder]
    if charts:
        arguments += ["--enable-helm", "--helm-command", find_tool(("helm",), path).file]
    try:
        output = run_tool(tool, arguments, scratch, network=network).decode("utf-8", "replace")
    except RenderError as error:
        raise RenderError(f"cannot render `{path}`: {str(error).replace(relative, path)}") from None
    text, origins = without_origins(output)
    places = tuple(display_path(os.path.join(folder, origin)) if origin else "" for origin in origins)
    content = text.encode()
    source = Source(f"{path} (rendered)", lambda: content, stream=True)
    return Rendered(source, origins=places, kustomizations=tuple(map(display_path, files)))


def without_origins(output: str) -> tuple[str, tuple[str, ...]]:
    """Return what kustomize wrote without the annotations that we made it write, and the origin of each document.

    They are taken out: they would stand in fingerprints, and say where this machine keeps the files; without them a
    line has the number that it has when the user renders. Kustomize indents by two, and no text of several lines
    reaches the columns in question, so that lines are enough to find them.
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
    """Return the lines of a document without our annotations, and the text of the one with the origin."""
    kept: list[str] = []
    taken: dict[str, list[str]] = {}
    block = header = ours = ""
    inside = False
    for line in lines:
        indent = len(line) - len(line.lstrip(" ")) if line.strip() else 6
        if indent <= 2:
            block = line.rstrip() if indent == 0 else block
            if header and not taken:
                kept.append(header)
            inside = block == "metadata:" and line.rstrip() == "  annotations:"
            header = line if inside else ""  # it is kept if anything but ours follows
            ours = ""
            kept += [] if inside else [line]
            continue
        if indent == 4:
            ours = next((key for key in _OURS if inside and line.startswith(key)), "")
        if ours:
            taken.setdefault(ours, []).append(line)
            continue
        kept += [header, line] if header else [line]
        header = ""
    return kept, "".join(taken.get(_OURS[0], ()))


def _path_of(origin: str) -> str:
    """Return the file that an origin names, "" if it names none here."""
    annotation = load_marked(Source.of("", b""), origin).documents
    text = annotation[0].value.get(_ORIGIN) if annotation and isinstance(annotation[0].value, dict) else None
    return origin_path(text) if isinstance(text, str) else ""


def _closure(path: str, *, network: bool) -> tuple[list[str], bool]:
    """Return the kustomization files that have a part in rendering one, and whether charts have.

    Raises:
        RenderError: something comes from elsewhere, which is not allowed; or is a plugin, which never is.
    """
    files: dict[str, None] = {}
    charts = False
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
                    charts = True
                    _refuse(f"`{display_path(file)}` inflates a Helm chart", network=network)
                local = os.path.join(folder, entry) if isinstance(entry, str) and "\n" not in entry else ""
                if local and os.path.isdir(local):
                    pending.append(os.path.realpath(local))
                if local and field in _PARTS and not _is_here(str(entry), local):
                    _refuse(f"`{entry}` in `{display_path(file)}` is not a file or folder here", network=network)
            if not network:
                _refuse_urls(value, file)
    return list(files), charts


def _entries(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the entries of a kustomization's lists with the field's name in lower case: kustomize takes any case."""
    for key, entries in value.items() if isinstance(value, dict) else ():
        for entry in entries if isinstance(entries, list) else ():
            yield str(key).lower(), entry


def _is_here(entry: str, local: str) -> bool:
    return os.path.exists(local) and not re.search(_REMOTE, entry)


def _inflates(entry: Any, folder: str, file: str, *, network: bool) -> bool:
    """Tell whether the configuration of a generator or transformer inflates a chart.

    Raises:
        RenderError: it is that of a plugin.
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
                f"`{display_path(file)}` configures a plugin, and plugins are never run, not with --render-network"
                " either"
            )
    return any(value.get("kind") == "HelmChartInflationGenerator" for value in values)


def _refuse_urls(value: Any, file: str) -> None:
    """Refuse a configuration that names a URL where it could name a file; nothing else is looked up there."""
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
        raise RenderError(f"{without_userinfo(fact)}; it would have to be downloaded, which --render-network allows")
