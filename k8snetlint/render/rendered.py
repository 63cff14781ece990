"""What is to be rendered, and the result, as values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.source.document import Document
from k8snetlint.source.load import Loaded
from k8snetlint.source.split import NotText, decode, documents, overlong_line

if TYPE_CHECKING:
    from k8snetlint.source.document import Source


_CHOSEN = " (helm has chosen this version; --kubernetes-version names the one to render charts for)"
_MARKS = ("# Source: ", "config.kubernetes.io/origin")


class RenderError(Exception):
    """Nothing was rendered; the text says why and what to do."""


class Rendering(NamedTuple):
    """What to render, from the command line.

    Attributes:
        paths: folders with a kustomization or a chart.
        values: files with values for charts; the last one wins.
        set_values: single values for charts, `key=value` as `helm --set` takes them; they win over files.
        release: the name of a chart's release.
        namespace: the namespace of a chart, None for helm's own default.
        kube_version: the Kubernetes version that charts are rendered for, also those that kustomize inflates; None for
            helm's own default.
        include_crds: whether a chart's custom resource definitions are rendered, too.
        network: whether remote bases and missing dependencies may be downloaded.
    """

    paths: tuple[str, ...]
    values: tuple[str, ...] = ()
    set_values: tuple[str, ...] = ()
    release: str = "release-name"
    namespace: str | None = None
    kube_version: str | None = None
    include_crds: bool = False
    network: bool = False


def failed(path: str, reason: str, rendering: Rendering) -> RenderError:
    """Return the error that a path could not be rendered, with what to do where helm's own version is too old."""
    chosen = "" if rendering.kube_version or "incompatible with Kubernetes" not in reason else _CHOSEN
    return RenderError(f"cannot render `{path}`: {reason}{chosen}")


class Rendered(NamedTuple):
    """A text that a tool made from files.

    Paths are relative to the working directory, with `/`.

    Attributes:
        source: the text; its name says what was rendered.
        chart: the folder of the chart that helm rendered, None for a kustomization, and if it is not known.
        origins: for each document the file that kustomize made it from, "" if it is not a local file; None if only
            annotations and comments in the text may tell.
        kustomizations: the kustomization files that were read; the first one is the one that was rendered.
        note: what the user has to know about the rendering, empty if nothing.
    """

    source: Source
    chart: str | None = None
    origins: tuple[str, ...] | None = None
    kustomizations: tuple[str, ...] = ()
    note: str = ""


def rendered_stream(source: Source) -> Rendered | None:
    """Return a stream as rendered text if it tells where its documents come from, else None."""
    try:
        text = decode(source.read())
    except (OSError, NotText):
        return None
    return Rendered(source) if any(mark in text for mark in _MARKS) else None


def load_marked(source: Source, text: str) -> Loaded:
    """Return all documents of a text with marks, whether they are Kubernetes objects or not."""
    loaded = Loaded(text)
    if overlong_line(text):
        return loaded
    for index, (span, _) in enumerate(documents(text)):
        document = Document(source, index, text[slice(*span)], span[0])
        document.value = document.marked_value()
        loaded.documents.append(document)
    return loaded


def origin_path(annotation: str) -> str:
    """Return the path in an annotation `config.kubernetes.io/origin`, "" if it has none, or a remote one."""
    found = dict(re.findall(r"(?m)^(path|configuredIn|repo): (.+?)\s*$", annotation))
    return "" if "repo" in found else found.get("path") or found.get("configuredIn", "")
