"""What a configuration file says, as values."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.config import ClusterBlock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snetlint.config import Config
    from k8snetlint.finding import Severity
    from k8snetlint.model.environment import Environment, NodePorts, Version

Texts = tuple[str, ...]


class Facts(NamedTuple):
    """What is told about a cluster; None: not told."""

    versions: tuple[Version, ...] | None = None
    node_ports: NodePorts | None = None
    namespace: str | None = None
    whole_cluster: bool | None = None


class ClusterSettings(NamedTuple):
    """One `[[cluster]]`: what it does not tell is as for all clusters."""

    name: str
    paths: Texts
    facts: Facts


class External(NamedTuple):
    """What exists elsewhere and is never missing: names, `key=value` and `namespace/name`."""

    namespaces: Texts = ()
    labels: Texts = ()
    services: Texts = ()


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


def config_of(settings: Settings, base: Config) -> Config:
    """Return `base`, changed to what the settings tell.

    Without `select`, `extend-select` adds to what `base` selects, which is `ALL` if it says nothing.
    """
    select = base.select if settings.select is None else settings.select
    if settings.extend_select:
        select = (*(select or ("ALL",)), *settings.extend_select)
    environment = _with(base.environment, settings.facts)
    clusters = tuple(
        ClusterBlock(each.paths, _with(environment, each.facts)._replace(name=each.name)) for each in settings.clusters
    )
    return base._replace(
        select=select,
        ignore=base.ignore if settings.ignore is None else settings.ignore,
        severity=base.severity if settings.severity is None else settings.severity,
        environment=environment,
        clusters=clusters or base.clusters,
    )


def _with(environment: Environment, facts: Facts) -> Environment:
    return environment._replace(**{name: value for name, value in facts._asdict().items() if value is not None})
