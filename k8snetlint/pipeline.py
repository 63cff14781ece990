"""The pipeline: sources in, a report out; nothing else is touched.

First each file is read, examined and let go. Then the rules run over what is judged together. Last, the files that
something is said about are read once more, for the places.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from k8snetlint.examine import Examination
from k8snetlint.finding import Problem, Report, Scope, Severity, Skipped, Unanswered
from k8snetlint.inventory import Definitions, kustomizations_of, text_of
from k8snetlint.locate import Locator, numbered, unreadable
from k8snetlint.selection import OUTSIDE_RULES, Selection, applies, replaced_by_better
from k8snetlint.source.load import load
from k8snetlint.source.paths import format_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from k8snetlint.config import Config
    from k8snetlint.examine import Said
    from k8snetlint.finding import Finding
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.environment import Environment
    from k8snetlint.model.resource import Resource
    from k8snetlint.model.scope import Inventory
    from k8snetlint.rules import Rule
    from k8snetlint.source.document import Source
    from k8snetlint.source.load import Loaded
    from k8snetlint.source.paths import FieldPath


def lint(
    sources: Iterable[Source],
    config: Config,
    *,
    context: Iterable[Source] = (),
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Check sources and return everything that is to say about them.

    Args:
        sources: what to read, never changed; what something is said about is read once more.
        config: what to check, and facts about the cluster.
        context: what is there as well, but neither checked nor counted; of a file in both the first counts.
        progress: called with the number of sources done.

    Raises:
        ConfigError: the configuration asks for what cannot be.
    """
    every = list(sources)
    names = {posixpath.normpath(source.name) for source in every}
    beside = [source for source in context if posixpath.normpath(source.name) not in names]
    run = _Run(config, every, beside)
    for done, source in enumerate(every, 1):
        run.examine(source)
        if progress:
            progress(done)
    run.judge()
    return run.report(len(every))


class _Run:
    """One run over many sources: what was found so far."""

    def __init__(self, config: Config, sources: list[Source], context: list[Source]) -> None:
        self.sources = {posixpath.normpath(source.name): source for source in (*sources, *context)}
        self.context = context
        self.environment_of = config.environment_of
        self.named = bool(config.clusters)
        self.environment = config.environment._replace(versions=config.all_versions())
        self.schemas = config.schemas
        self.selection = Selection(config)
        self.kustomizations = kustomizations_of([*sources, *context])
        self.patches = frozenset(
            patch.path for each in self.kustomizations.values() for patch in each.patches if patch.path
        )
        self.resources: list[Resource] = []
        self.said: dict[Source, list[Said]] = {}
        self.absent: dict[tuple[Any, ...], dict[Cluster, Said]] = {}
        self.holds: dict[Any, set[str]] = {}
        self.findings: list[Finding] = []
        self.skipped: list[Skipped] = []
        self.documents = 0
        self.unread: dict[str, str] = {}
        self.clusters: list[Cluster] = []
        self.environments: dict[tuple[Source, int, FieldPath], dict[Environment, None]] | None = None

    def examine(self, source: Source) -> None:
        """Read one source, note what it holds, and let it go."""
        try:
            loaded = load(source)
        except OSError as error:
            self.findings.append(unreadable(source.name, error.strerror or str(error)))
            return
        if loaded.skipped:
            self.skipped.append(Skipped(source.name, None, loaded.skipped))
            return
        self._faults(source, loaded)
        self._note_unread(source, loaded)
        examination = Examination(source, self.environment, self.schemas)
        examination.read(loaded, patch=posixpath.normpath(source.name) in self.patches)
        self.documents += len(loaded.documents)
        self.resources += examination.resources
        self.skipped += examination.skipped
        if examination.said:
            self.said[source] = examination.said

    def _faults(self, source: Source, loaded: Loaded) -> None:
        """Report what is wrong with the text itself."""
        faults = [(fault, None) for fault in loaded.faults]
        faults += [(fault, each) for each in loaded.documents for fault in each.faults]  # type: ignore[misc]  # of one list
        if not faults and loaded.action is None:
            return
        locator = Locator(source, lambda _: loaded)
        for fault, document in faults:
            if self.selection.reports(fault.id):
                severity = self.selection.severity(fault.id, OUTSIDE_RULES[fault.id][0])
                self.findings.append(locator.of_fault(fault, document, severity))
        if loaded.action and self.selection.reports("template-skipped"):
            severity = self.selection.severity("template-skipped", Severity.INFO)
            message = "template not checked: render it first"
            self.findings.append(locator.of_span("template-skipped", message, loaded.action, severity))

    def _note_unread(self, source: Source, loaded: Loaded) -> None:
        """Note that parts of a file are not known."""
        name = posixpath.normpath(source.name)
        if loaded.action is not None:
            self.unread[name] = "a template that is not rendered"
        elif loaded.faults or any(each.faults and each.value is None for each in loaded.documents):
            self.unread[name] = "cannot be read"

    def _inventory(self) -> Inventory:
        """Return all that scopes are made of; the context is read now."""
        from k8snetlint.model.scope import Inventory  # noqa: PLC0415 - when there is an object

        beside: list[Resource] = []
        for source in self.context:
            try:
                loaded = load(source)
            except OSError:
                continue
            if not loaded.skipped:
                self._note_unread(source, loaded)
                examination = Examination(source, self.environment, self.schemas)
                examination.read(loaded, patch=posixpath.normpath(source.name) in self.patches)
                beside += examination.resources
        texts = {path: text_of(self.sources[path]) for path in self.patches if path in self.sources}
        return Inventory(
            tuple(self.resources),
            tuple(beside),
            self.kustomizations,
            self.unread,
            frozenset(self.sources),
            texts,
            Definitions().same,
        )

    def judge(self) -> None:
        """Run the rules over everything that is judged together."""
        if not self.resources:
            return
        from k8snetlint.model.cluster import Cluster  # noqa: PLC0415 - when there is an object
        from k8snetlint.model.scope import clusters_of  # noqa: PLC0415 - when it is needed
        from k8snetlint.rules import all_rules  # noqa: PLC0415 - when it is needed

        self.clusters = clusters_of(self._inventory(), self.environment_of)
        for cluster in self.clusters:
            for rule in all_rules():
                if rule.on is Cluster:
                    self._run(rule, cluster, cluster.resources[0], (cluster,))
                    continue
                for resource in cluster.of(rule.on):
                    self._run(rule, cluster, resource, (resource, cluster))
        self._agree()

    def _agree(self) -> None:
        """Keep of what concludes from absence only that on which all scopes of a document agree."""
        if not self.absent:
            return
        scopes: dict[tuple[Source, int, FieldPath], int] = {}
        for cluster in self.clusters:
            for each in cluster.resources:
                at = (each.source, each.document, each.root)
                scopes[at] = scopes.get(at, 0) + 1
        for (source, document, root, _, _), said in self.absent.items():
            if len(said) >= scopes.get((source, document, root), 1):
                self.said.setdefault(source, []).append(next(iter(said.values())))

    def _run(self, rule: Rule, cluster: Cluster, resource: Resource, arguments: tuple[Resource | Cluster, ...]) -> None:
        try:
            for problem in rule.check(*arguments):
                at = problem.at
                said: Said = (rule.id, rule.severity, problem)
                if self.named:
                    self.holds.setdefault(_key(rule.id, problem), set()).add(cluster.environment.name)
                if rule.from_absence:
                    self.absent.setdefault((at.source, at.document, at.root, at.path, rule.id), {})[cluster] = said
                else:
                    self.said.setdefault(at.source, []).append(said)
        except Exception as error:  # noqa: BLE001 - our bug in one rule must not stop the others
            message = f"rule {rule.id} failed: {type(error).__name__}: {error}"
            said = ("internal-error", None, Problem(message, resource.at("metadata", "name")))
            self.said.setdefault(resource.source, []).append(said)

    def report(self, files: int) -> Report:
        """Return the findings in the order of a reader."""
        opened: dict[Source, Loaded] = {}

        def open_(source: Source) -> Loaded:
            if source not in opened:
                if len(opened) >= _OPEN_AT_ONCE:
                    opened.pop(next(iter(opened)))
                opened[source] = load(source)
            return opened[source]

        for source, said in self.said.items():
            self._locate(Locator(source, open_), said)
        ordered = sorted(self.findings, key=lambda each: (each.path, each.start.offset, each.id, each.message))
        return Report(
            numbered(ordered),
            tuple(self.skipped),
            files,
            self.documents,
            len(self.resources),
            tuple(Scope(each.name, len(each.resources), each.doubts) for each in self.clusters),
            tuple(_unanswered(self.clusters)),
        )

    def _locate(self, locator: Locator, said: list[Said]) -> None:
        """Turn what is said about one source into findings; one mistake is one finding."""
        selection = self.selection
        # A base of two overlays is judged twice, and what is the same is said once.
        reported: dict[Any, Said] = {}
        for finding_id, own, problem in said:
            if selection.reports(finding_id):
                reported.setdefault(_key(finding_id, problem), (finding_id, own, problem))
        replaced = replaced_by_better(list(reported.values()))
        for finding_id, own, problem in reported.values():
            if id(problem) in replaced:
                continue
            if not self._applies(finding_id, problem):
                continue
            severity = problem.severity or own or OUTSIDE_RULES[finding_id][0]
            try:
                finding = locator.of_problem(finding_id, problem, selection.severity(finding_id, severity))
            except OSError as error:
                finding = unreadable(problem.at.source.name, error.strerror or str(error))
            except IndexError:
                finding = unreadable(problem.at.source.name, "changed while it was checked")
            self.findings.append(finding)

    def _applies(self, finding_id: str, problem: Problem) -> bool:
        """Tell whether a problem holds for any cluster of its document; its message says which, if not for all."""
        if not self.named and problem.versions is None:
            return True
        at = problem.at
        if self.environments is None:
            self.environments = {}
            for cluster in self.clusters:
                for each in cluster.resources:
                    known = self.environments.setdefault((each.source, each.document, each.root), {})
                    known[cluster.environment] = None
        there = list(self.environments.get((at.source, at.document, at.root), (self.environment,)))
        return applies(problem, there, self.holds.get(_key(finding_id, problem)))


def _key(finding_id: str, problem: Problem) -> tuple[Any, ...]:
    """Return what a problem is the same by, in whatever scope it was found."""
    at = problem.at
    return finding_id, at.source, at.document, at.root, at.path, at.key, problem.message


def _unanswered(clusters: Iterable[Cluster]) -> Iterator[Unanswered]:
    for cluster in clusters:
        objects = {(each.source.name, each.document, each.root): each for each in cluster.resources}
        for (name, document, root, path), (_, why) in cluster.unknown.items():
            owner = objects.get((name, document, root))
            # A question about what is only there besides is nobody's.
            if owner is not None:
                yield Unanswered(name, document, owner.object_name(), format_path(path), why)


_OPEN_AT_ONCE = 8
"""Sources that are kept while places are looked for; findings come source by source."""
