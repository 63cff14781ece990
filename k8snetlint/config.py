"""The settings of a run, as values."""

from __future__ import annotations

import functools
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.environment import Environment

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Mapping

    from pathspec import GitIgnoreSpec

    from k8snetlint.finding import Severity
    from k8snetlint.model.environment import Version
    from k8snetlint.scope.patch_files import TrustedTree
    from k8snetlint.validation.definitions import Definition


class ClusterBlock(NamedTuple):
    """Facts about the cluster that some manifests are for; `paths` are patterns as in a `.gitignore`."""

    paths: tuple[str, ...]
    environment: Environment


def _as_given(path: str) -> str:
    return path.removeprefix("./")


class Config(NamedTuple):
    """What to check and what to say.

    Attributes:
        select: ids, groups (`netpol`) or `ALL`; empty selects what is on by default.
        ignore: ids or groups to leave out; wins over `select`.
        severity: an id's level; None turns it off.
        environment: facts about the cluster that manifests do not tell.
        clusters: the same for the scopes below some paths; the first block that matches counts.
        schemas: JSON Schemas of custom resources, by (group, version, kind); the kind may be in lower case, and the
            group may be its first part.
        per_file_ignores: patterns as in a `.gitignore`, each with the ids or groups that are accepted there.
        relative: how a file's path reads from where patterns count.
        suppressions: what comments and annotations accept is not reported.
        trusted: the suppressions that count, None for all; those of the revision `reference`.
        base: the tree of that revision; None if whoever wrote the files that are checked is trusted.
        whole_tree: all manifests of a project are checked, so that a file that is not found does not exist.
        definitions: what CustomResourceDefinitions that are not checked define, by (group, kind).
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity | None] = MappingProxyType({})
    environment: Environment = Environment()
    schemas: Mapping[tuple[str, str, str], Mapping[str, object]] = MappingProxyType({})
    clusters: tuple[ClusterBlock, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    relative: Callable[[str], str] = _as_given
    suppressions: bool = True
    trusted: Counter[tuple[str, ...]] | None = None
    reference: str = ""
    base: TrustedTree | None = None
    whole_tree: bool = False
    definitions: Mapping[tuple[str, str], Definition] = MappingProxyType({})

    def environment_of(self, path: str) -> Environment:
        """Return the facts about the cluster that a file, or all below a folder, is for."""
        for block in self.clusters:
            if _spec(block.paths).match_file(self.relative(path)):
                return block.environment
        return self.environment

    def accepts(self, finding_id: str, path: str) -> str | None:
        """Return the pattern because of which findings of an id are accepted in a file, None if they are not."""
        names = {finding_id, finding_id.partition("-")[0], "ALL"}
        for pattern, ids in self.per_file_ignores:
            if names.intersection(ids) and _spec((pattern,)).match_file(self.relative(path)):
                return pattern
        return None

    def configures_cni(self) -> bool:
        """Tell whether the CNI plugin of any cluster is configured."""
        return any(each.cni for each in (self.environment, *(block.environment for block in self.clusters)))

    def all_versions(self) -> tuple[Version, ...]:
        """Return the Kubernetes versions of all clusters, oldest first."""
        environments = (self.environment, *(block.environment for block in self.clusters))
        return tuple(sorted({version for each in environments for version in each.versions}))


@functools.cache
def _spec(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - only where paths are configured

    return GitIgnoreSpec.from_lines(patterns)
