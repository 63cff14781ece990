"""The settings of a run, as values."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.environment import Environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snetlint.finding import Severity


class Config(NamedTuple):
    """What to check and what to say.

    Attributes:
        select: ids, groups (`netpol`) or `ALL`; empty selects what is on by default.
        ignore: ids or groups to leave out; wins over `select`.
        severity: an id's level; None turns it off.
        environment: facts about the cluster that manifests do not tell.
        schemas: JSON Schemas of custom resources, by (group, version, kind).
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity | None] = MappingProxyType({})
    environment: Environment = Environment()
    schemas: Mapping[tuple[str, str, str], Mapping[str, object]] = MappingProxyType({})
