"""Options as users write them become `Settings`, as a configuration file's text does."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from k8snetlint.configfile.settings import Facts, Settings
from k8snetlint.finding import ConfigError, Severity
from k8snetlint.model.environment import (
    parse_cidr,
    parse_cluster_domain,
    parse_ingress_controller,
    parse_ip_family,
    parse_namespace,
    parse_node_ports,
    parse_version,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Level(enum.StrEnum):
    """A severity as an option's value."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def severity(self) -> Severity:
        """The severity itself."""
        return Severity[self.name]


def split(values: Iterable[str]) -> tuple[str, ...]:
    """Return the values of an option that is repeated, or written with commas."""
    return tuple(part for value in values for each in value.split(",") if (part := each.strip()))


def settings_of(
    *,
    select: Sequence[str] = (),
    extend_select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    severity: Sequence[str] = (),
    kubernetes_version: Sequence[str] = (),
    node_port_range: str | None = None,
    service_cidr: Sequence[str] = (),
    ip_family: Sequence[str] = (),
    namespace: str | None = None,
    whole_cluster: bool = False,
    cni: str | None = None,
    pod_cidr: Sequence[str] = (),
    cluster_domain: str | None = None,
    ingress_controller: Sequence[str] = (),
    fail_on: Level | None = None,
    show: Level | None = None,
    fail_on_skipped: bool = False,
) -> Settings:
    """Return the settings that options tell, without those that name paths.

    Raises:
        ConfigError: an option's value cannot be.
    """
    selected, extended, ignored = split(select), split(extend_select), split(ignore)
    levels = _levels(severity)
    known = _known_ids((*selected, *extended, *ignored, *levels))
    _refuse_unknown((*selected, *extended, *ignored), known)
    _refuse_unknown(levels, known, groups=False)
    facts = Facts(
        tuple(sorted({parse_version(text) for text in split(kubernetes_version)})) or None,
        parse_node_ports(node_port_range) if node_port_range is not None else None,
        parse_namespace(namespace) if namespace is not None else None,
        whole_cluster or None,
        tuple(dict.fromkeys(map(parse_cidr, split(service_cidr)))) or None,
        tuple(dict.fromkeys(map(parse_ip_family, split(ip_family)))) or None,
        _cni(cni),
        tuple(dict.fromkeys(map(parse_cidr, split(pod_cidr)))) or None,
        parse_cluster_domain(cluster_domain) if cluster_domain is not None else None,
        tuple(dict.fromkeys(map(parse_ingress_controller, ingress_controller))) or None,
    )
    return Settings(
        fail_on=fail_on.severity if fail_on else None,
        show=show.severity if show else None,
        fail_on_skipped=fail_on_skipped or None,
        facts=facts,
        select=selected or None,
        extend_select=extended or None,
        ignore=ignored or None,
        severity=levels or None,
    )


def _cni(text: str | None) -> str | None:
    if text is None:
        return None
    from k8snetlint.connectivity.profiles import parse_cni  # noqa: PLC0415 - only if a plugin is given

    return parse_cni(text)


def _levels(values: Iterable[str]) -> Mapping[str, Severity | None]:
    levels: dict[str, Severity | None] = {}
    names = [level.value for level in Level]
    for value in split(values):
        name, equals, level = value.partition("=")
        if not equals or level not in (*names, "off"):
            raise ConfigError(f"`{value}` is not ID=LEVEL; a level is {', '.join(names)} or off")
        levels[name] = None if level == "off" else Level(level).severity
    return levels


def _known_ids(wanted: Iterable[str]) -> list[str]:
    if not any(True for _ in wanted):
        return []
    return known_ids()


def known_ids() -> list[str]:
    """Return all ids that a finding can have."""
    from k8snetlint.codes import OUTSIDE_RULES  # noqa: PLC0415 - only where ids are checked
    from k8snetlint.rules import rule_ids  # noqa: PLC0415 - only if ids are given

    return [*rule_ids(), *OUTSIDE_RULES]


def _refuse_unknown(wanted: Iterable[str], known: Sequence[str], *, groups: bool = True) -> None:
    names = {*known, "ALL", *(name.partition("-")[0] for name in known)} if groups else {*known}
    for name in wanted:
        if name not in names:
            from k8snetlint.codes import unknown_id  # noqa: PLC0415 - only for an error

            raise ConfigError(unknown_id(name, names))
