"""What commands about connections read: the manifests, as clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.cli import EMPTY, FINDINGS, OK
from k8snetlint.cli.check_options import CheckOptions
from k8snetlint.cli.inputs import state, working_tree
from k8snetlint.cli.options import settings_of
from k8snetlint.cli.output import Progress
from k8snetlint.cli.settings import CliSettings, resolve
from k8snetlint.linting.reading import read
from k8snetlint.linting.scoping import Scoping
from k8snetlint.model.cluster import Cluster
from k8snetlint.source.load import TEMPLATE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from k8snetlint.cli.inputs import Inputs
    from k8snetlint.cli.settings import EffectiveSettings
    from k8snetlint.git.repository import Entry, Repository
    from k8snetlint.linting.reading import Reading
    from k8snetlint.model.environment import Environment
    from k8snetlint.render.rendered import Rendering


class ReadOptions(NamedTuple):
    """The options of commands that read manifests, see their help."""

    paths: tuple[str, ...] = ()
    kubernetes_version: tuple[str, ...] = ()
    namespace: str | None = None
    whole_cluster: bool = False
    cni: str | None = None
    pod_cidr: tuple[str, ...] = ()
    service_cidr: tuple[str, ...] = ()
    cluster_domain: str | None = None
    ingress_controller: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    config: str | None = None
    isolated: bool = False
    rendering: Rendering | None = None
    stdin_name: str = "<stdin>"


class Manifests(NamedTuple):
    """What was read.

    Attributes:
        inputs: the files.
        reading: what they hold.
        clusters: the scopes, as `check` judges them; those of one whole cluster (`--whole-cluster`) are one.
    """

    inputs: Inputs
    reading: Reading
    clusters: Sequence[Cluster]

    @property
    def is_unread(self) -> bool:
        """Whether a file cannot be read, or is not valid YAML."""
        return any(each.id in ("file-unreadable", "yaml-syntax") for each in self.reading.files.findings)

    def not_read(self) -> Iterator[str]:
        """Yield why objects may be missing: files that cannot be read or parsed, and templates."""
        files = self.reading.files
        yield from (f"{each.path}: {each.message}" for each in files.findings if each.id == "file-unreadable")
        broken = dict.fromkeys(each.path for each in files.findings if each.id == "yaml-syntax")
        yield from (f"{path}: not valid YAML" for path in broken)
        templates = [each.path for each in files.skipped if each.reason == TEMPLATE]
        yield from (f"{path}: {TEMPLATE}" for path in templates)

    def exit_code(self, *, allow_empty: bool = False) -> int:
        """Return what reading them means for the process: a file without its objects is a failure, as for `check`."""
        if any(each.id in ("file-unreadable", "yaml-syntax") for each in self.reading.files.findings):
            return FINDINGS
        return EMPTY if self.inputs.found.searched and not self.reading.files.resources and not allow_empty else OK


def read_manifests(options: ReadOptions) -> Manifests:
    """Read manifests as `check` does.

    Raises:
        MissingPathError: a path does not exist.
        ConfigError: an option or the configuration asks for what cannot be.
    """
    effective = resolve(_cli_settings(options))
    check_options = CheckOptions(effective.cli_settings, stdin_name=options.stdin_name, rendering=options.rendering)
    return read_inputs(working_tree(effective, check_options), effective)


def read_state(repository: Repository, entries: Mapping[str, Entry], options: ReadOptions) -> Manifests:
    """Read the manifests of a state of a repository, with the configuration of the working tree.

    Raises:
        MissingPathError: a path is neither in the state nor in the working tree.
        ConfigError: an option or the configuration asks for what cannot be.
        GitError: git cannot tell.
    """
    effective = resolve(_cli_settings(options))
    inputs = state(repository, entries, effective)
    return read_inputs(inputs, effective)


def _cli_settings(options: ReadOptions) -> CliSettings:
    settings = settings_of(
        kubernetes_version=options.kubernetes_version,
        service_cidr=options.service_cidr,
        namespace=options.namespace,
        whole_cluster=options.whole_cluster,
        cni=options.cni,
        pod_cidr=options.pod_cidr,
        cluster_domain=options.cluster_domain,
        ingress_controller=options.ingress_controller,
    )
    return CliSettings(
        settings,
        paths=options.paths,
        config=options.config,
        isolated=options.isolated,
        exclude=options.exclude,
        context=options.context,
    )


def read_inputs(inputs: Inputs, effective: EffectiveSettings) -> Manifests:
    """Read files, the working tree's or those of a revision."""
    config = effective.config._replace(whole_tree=inputs.whole)
    progress = Progress(len(inputs.found.sources))
    try:
        sources = list(inputs.found.sources)
        reading = read(sources, config, inputs.context, inputs.kustomizations, progress, is_judged=False)
    finally:
        progress.clear()
    return Manifests(inputs, reading, _joined(Scoping(reading).clusters))


def _joined(scopes: Sequence[Cluster]) -> Sequence[Cluster]:
    """Return the scopes, those that are one whole cluster as one."""
    by_environment: dict[Environment, list[Cluster]] = {}
    for each in scopes:
        by_environment.setdefault(each.environment, []).append(each)
    joined: list[Cluster] = []
    for environment, members in by_environment.items():
        if not environment.whole_cluster or len(members) == 1:
            joined += members
            continue
        judged = dict.fromkeys(resource for each in members for resource in each.resources)
        present = dict.fromkeys(each for member in members for each in member.present if each not in judged)
        doubts = dict.fromkeys(doubt for each in members for doubt in each.doubts)
        joined.append(Cluster(tuple(judged), environment, present=tuple(present), doubts=tuple(doubts)))
    return joined
