"""`--render`: what a tool makes of kustomizations and charts is checked, and findings go to what it was made of."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from k8snetlint.finding import ConfigError
from k8snetlint.model.environment import format_version
from k8snetlint.render.rendered import RenderError, Rendering, rendered_stream

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snetlint.finding import Report
    from k8snetlint.model.environment import Version
    from k8snetlint.render.rendered import Rendered
    from k8snetlint.source.files import Found


def rendering_of(
    render: Sequence[str],
    *,
    values: Sequence[str],
    set_values: Sequence[str] = (),
    release: str | None,
    namespace: str | None,
    include_crds: bool,
    network: bool,
) -> Rendering | None:
    """Return what options ask to render, None if nothing.

    Raises:
        ConfigError: options that mean nothing without `--render`.
    """
    alone = {
        "--values": values,
        "--set": set_values,
        "--release": release,
        "--include-crds": include_crds,
        "--render-network": network,
    }
    if not render:
        lonely = next((name for name, value in alone.items() if value), None)
        if lonely:
            raise ConfigError(f"{lonely} needs --render")
        return None
    rendering = Rendering(
        tuple(render),
        tuple(values),
        set_values=tuple(set_values),
        namespace=namespace,
        include_crds=include_crds,
        network=network,
    )
    return rendering._replace(release=release) if release else rendering


def with_rendered(
    found: Found, rendering: Rendering, versions: Sequence[Version] | None = None
) -> tuple[Found, list[Rendered]]:
    """Return what was found and what was rendered besides, without the templates that it was made from.

    Args:
        found: the files that are checked.
        rendering: what to render.
        versions: the Kubernetes versions that the user named; charts are rendered for the newest one.

    Raises:
        ConfigError: it could not be rendered.
    """
    from k8snetlint.render.render import render_all  # noqa: PLC0415 - findings in a stream need the rest only

    if versions:
        rendering = rendering._replace(kube_version=format_version(max(versions)))
    try:
        rendered = render_all(rendering)
    except RenderError as error:
        raise ConfigError(str(error)) from error
    charts = [posixpath.normpath(each.chart) for each in rendered if each.chart is not None]
    left = (source for source in found.sources if not any(_is_template(source.name, chart) for chart in charts))
    sources = (*left, *(each.source for each in rendered))
    searched = (*found.searched, *dict.fromkeys(rendering.paths))
    return found._replace(sources=sources, searched=searched), rendered


def _is_template(path: str, chart: str) -> bool:
    """Tell whether a file is a template of a chart, or of one of the charts in it."""
    below = posixpath.relpath(path, chart)
    return below.startswith("templates/") or (below.startswith("charts/") and "/templates/" in below)


def at_origins(report: Report, found: Found, rendered: Sequence[Rendered]) -> Report:
    """Return a report whose findings name files instead of what was rendered, here or into standard input."""
    known = {each.source for each in rendered}
    streams = (rendered_stream(source) for source in found.sources if source.stream and source not in known)
    every = [*rendered, *filter(None, streams)]
    if not every:
        return report
    from k8snetlint.origin import map_to_sources  # noqa: PLC0415 - only where there is something to find
    from k8snetlint.render.files import tree_reader  # noqa: PLC0415 - as above

    return map_to_sources(report, every, tree_reader())
