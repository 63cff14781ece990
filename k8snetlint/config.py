"""The settings of a run, as values."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.environment import Environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snetlint.finding import Severity
    from k8snetlint.model.environment import Version


class ClusterBlock(NamedTuple):
    """Facts about the cluster that some manifests are for; `paths` are patterns as in a `.gitignore`."""

    paths: tuple[str, ...]
    environment: Environment


class Config(NamedTuple):
    """What to check and what to say.

    Attributes:
        select: ids, groups (`netpol`) or `ALL`; empty selects what is on by default.
        ignore: ids or groups to leave out; wins over `select`.
        severity: an id's level; None turns it off.
        environment: facts about the cluster that manifests do not tell.
        clusters: the same for the scopes below some paths; the first block that matches counts.
        schemas: JSON Schemas of custom resources, by (group, version, kind).
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity | None] = MappingProxyType({})
    environment: Environment = Environment()
    schemas: Mapping[tuple[str, str, str], Mapping[str, object]] = MappingProxyType({})
    clusters: tuple[ClusterBlock, ...] = ()

    def environment_of(self, path: str) -> Environment:
        """Return the facts about the cluster that a file, or all below a folder, is for."""
        if not self.clusters:
            return self.environment
        from pathspec import GitIgnoreSpec  # noqa: PLC0415 - only where several clusters are configured

        for block in self.clusters:
            if GitIgnoreSpec.from_lines(block.paths).match_file(path.removeprefix("./")):
                return block.environment
        return self.environment

    def all_versions(self) -> tuple[Version, ...]:
        """Return the Kubernetes versions of all clusters, oldest first."""
        environments = (self.environment, *(block.environment for block in self.clusters))
        return tuple(sorted({version for each in environments for version in each.versions}))
