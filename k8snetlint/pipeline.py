"""The pipeline: sources in, a report out; nothing else is touched.

First each file is read, examined and let go. Then the rules run over what is judged together. Last, the files that
something is said about are read once more, for the places.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from k8snetlint.examine import Examination
from k8snetlint.finding import Problem, Report, Severity, Skipped
from k8snetlint.locate import Locator, unreadable
from k8snetlint.selection import OUTSIDE_RULES, Selection, replaced_by_better
from k8snetlint.source.load import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from k8snetlint.config import Config
    from k8snetlint.examine import Said
    from k8snetlint.finding import Finding
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.kustomization import Kustomization
    from k8snetlint.model.resource import Resource
    from k8snetlint.rules import Rule
    from k8snetlint.source.document import Source
    from k8snetlint.source.load import Loaded
    from k8snetlint.source.paths import FieldPath

KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")


def lint(sources: Iterable[Source], config: Config, *, progress: Callable[[int], None] | None = None) -> Report:
    """Check sources and return everything that is to say about them.

    Args:
        sources: what to read, never changed; what something is said about is read once more.
        config: what to check, and facts about the cluster.
        progress: called with the number of sources done.

    Raises:
        ConfigError: the configuration asks for what cannot be.
    """
    every = list(sources)
    run = _Run(config, _kustomizations(every))
    for done, source in enumerate(every, 1):
        run.examine(source)
        if progress:
            progress(done)
    run.judge()
    return run.report(len(every))


def _kustomizations(sources: list[Source]) -> dict[str, Kustomization]:
    """Return the kustomizations among the sources, by their folders."""
    found: dict[str, Kustomization] = {}
    for source in sources:
        if posixpath.basename(source.name) not in KUSTOMIZATIONS:
            continue
        from k8snetlint.model.kustomization import Kustomization  # noqa: PLC0415 - only where there is one

        try:
            documents = load(source).documents
        except OSError:
            continue
        folder = posixpath.normpath(posixpath.dirname(source.name))
        for document in documents:
            found[folder] = Kustomization(document.value, folder)
    return found


class _Run:
    """One run over many sources: what was found so far."""

    def __init__(self, config: Config, kustomizations: dict[str, Kustomization]) -> None:
        self.environment = config.environment
        self.schemas = config.schemas
        self.selection = Selection(config)
        self.kustomizations = kustomizations
        self.patches = frozenset(patch for each in kustomizations.values() for patch in each.patches)
        self.resources: list[Resource] = []
        self.said: dict[Source, list[Said]] = {}
        self.absent: dict[tuple[Any, ...], dict[Cluster, Said]] = {}
        self.findings: list[Finding] = []
        self.skipped: list[Skipped] = []
        self.documents = 0

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

    def judge(self) -> None:
        """Run the rules over everything that is judged together."""
        if not self.resources:
            return
        from k8snetlint.model.cluster import Cluster  # noqa: PLC0415 - when there is an object
        from k8snetlint.model.scope import clusters_of  # noqa: PLC0415 - when it is needed
        from k8snetlint.rules import all_rules  # noqa: PLC0415 - when it is needed

        clusters = clusters_of(self.resources, self.kustomizations, self.environment)
        for cluster in clusters:
            for rule in all_rules():
                if rule.on is Cluster:
                    self._run(rule, cluster, cluster.resources[0], (cluster,))
                    continue
                for resource in cluster.of(rule.on):
                    self._run(rule, cluster, resource, (resource, cluster))
        self._agree(clusters)

    def _agree(self, clusters: list[Cluster]) -> None:
        """Keep of what concludes from absence only that on which all scopes of a document agree."""
        if not self.absent:
            return
        scopes: dict[tuple[Source, int, FieldPath], int] = {}
        for cluster in clusters:
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
        return Report(_numbered(ordered), tuple(self.skipped), files, self.documents, len(self.resources))

    def _locate(self, locator: Locator, said: list[Said]) -> None:
        """Turn what is said about one source into findings; one mistake is one finding."""
        selection = self.selection
        # A base of two overlays is judged twice, and what is the same is said once.
        reported: dict[Any, Said] = {}
        for finding_id, own, problem in said:
            if selection.reports(finding_id):
                at = problem.at
                key = (finding_id, at.document, at.root, at.path, at.key, problem.message)
                reported.setdefault(key, (finding_id, own, problem))
        replaced = replaced_by_better(list(reported.values()))
        for finding_id, own, problem in reported.values():
            if id(problem) in replaced:
                continue
            severity = problem.severity or own or OUTSIDE_RULES[finding_id][0]
            try:
                finding = locator.of_problem(finding_id, problem, selection.severity(finding_id, severity))
            except OSError as error:
                finding = unreadable(problem.at.source.name, error.strerror or str(error))
            except IndexError:
                finding = unreadable(problem.at.source.name, "changed while it was checked")
            self.findings.append(finding)


_OPEN_AT_ONCE = 8
"""Sources that are kept while places are looked for; findings come source by source."""


def _numbered(findings: list[Finding]) -> tuple[Finding, ...]:
    """Let equal fingerprints differ: `-2`, `-3` in the order of the output."""
    seen: dict[str, int] = {}
    numbered: list[Finding] = []
    for finding in findings:
        count = seen[finding.fingerprint] = seen.get(finding.fingerprint, 0) + 1
        if count > 1:
            numbered.append(finding._replace(fingerprint=f"{finding.fingerprint}-{count}"))
        else:
            numbered.append(finding)
    return tuple(numbered)
