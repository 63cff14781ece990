"""What a configuration file says, as values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.config import ClusterBlock
from k8snetlint.finding import Severity
from k8snetlint.model.environment import External

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snetlint.config import Config
    from k8snetlint.model.environment import NodePorts, Version

Texts = tuple[str, ...]


class Facts(NamedTuple):
    """What is told about a cluster; None: not told."""

    versions: tuple[Version, ...] | None = None
    node_ports: NodePorts | None = None
    namespace: str | None = None
    whole_cluster: bool | None = None
    service_cidrs: Texts | None = None
    ip_families: Texts | None = None
    cni: str | None = None
    pod_cidrs: Texts | None = None
    cluster_domain: str | None = None
    ingress_controllers: Texts | None = None


class ClusterSettings(NamedTuple):
    """One `[[cluster]]`: what it does not tell is as for all clusters."""

    name: str
    paths: Texts
    facts: Facts


class Settings(NamedTuple):
    """All that a configuration file can tell; None: not told.

    Paths and patterns are as written, relative to the file's folder.
    """

    include: Texts | None = None
    exclude: Texts | None = None
    context: Texts | None = None
    schema_dir: Texts | None = None
    fail_on: Severity | None = None
    show: Severity | None = None
    fail_on_skipped: bool | None = None
    facts: Facts = Facts()
    clusters: tuple[ClusterSettings, ...] = ()
    external: External = External()
    select: Texts | None = None
    extend_select: Texts | None = None
    ignore: Texts | None = None
    severity: Mapping[str, Severity | None] | None = None
    per_file_ignores: tuple[tuple[str, Texts], ...] = ()


def fail_on_of(settings: Settings) -> Severity:
    """Return the level from which findings make a run fail."""
    return settings.fail_on or Severity.WARNING


def show_of(settings: Settings) -> Severity:
    """Return the level from which findings are shown one by one: what fails a run is shown, not counted only."""
    return settings.show or min(Severity.WARNING, fail_on_of(settings))


def overlaid(base: Settings, over: Settings) -> Settings:
    """Return settings with others laid over them: lists of paths and what is ignored add up, all else is replaced.

    What `over` selects by its id is no longer ignored by `base`.
    """
    chosen = {*(over.select or ()), *(over.extend_select or ())}
    ignore = tuple(name for name in base.ignore or () if name not in chosen)
    given = {name: value for name, value in over._asdict().items() if value is not None}
    return base._replace(
        **{
            **given,
            "exclude": _joined(base.exclude, over.exclude),
            "context": _joined(base.context, over.context),
            "schema_dir": _joined(base.schema_dir, over.schema_dir),
            "facts": base.facts._replace(**_given(over.facts)),
            "clusters": over.clusters or base.clusters,
            "external": base.external if over.external == External() else over.external,
            "extend_select": _joined(None if over.select else base.extend_select, over.extend_select),
            "ignore": _joined(ignore if base.ignore else None, over.ignore),
            "severity": {**(base.severity or {}), **(over.severity or {})},
            "per_file_ignores": (*base.per_file_ignores, *over.per_file_ignores),
        }
    )


def _joined(one: Texts | None, other: Texts | None) -> Texts | None:
    return None if one is None and other is None else (*(one or ()), *(other or ()))


def config_of(settings: Settings, base: Config) -> Config:
    """Return `base`, changed to what the settings tell.

    Without `select`, `extend-select` adds to what `base` selects, which is `ALL` if it says nothing.
    """
    select = base.select if settings.select is None else settings.select
    if settings.extend_select:
        select = (*(select or ("ALL",)), *settings.extend_select)
    environment = base.environment._replace(**_given(settings.facts), external=settings.external)
    clusters = tuple(
        ClusterBlock(each.paths, environment._replace(**_given(each.facts), name=each.name))
        for each in settings.clusters
    )
    return base._replace(
        select=select,
        ignore=base.ignore if settings.ignore is None else settings.ignore,
        severity=base.severity if settings.severity is None else settings.severity,
        environment=environment,
        clusters=clusters or base.clusters,
        per_file_ignores=settings.per_file_ignores or base.per_file_ignores,
    )


def _given(facts: Facts) -> dict[str, Any]:
    return {name: value for name, value in facts._asdict().items() if value is not None}
