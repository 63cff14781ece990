"""The pipeline: sources in, a report out; nothing else is touched.

First each file is read, examined and let go. Then the rules run over what is judged together. Last, the files that
something is said about are read once more, for the places.
"""

from __future__ import annotations

import functools
import posixpath
from typing import TYPE_CHECKING, Any

from k8snetlint.codes import OUTSIDE_RULES
from k8snetlint.finding import OpenQuestion, Problem, Severity, Skipped, Unanswered
from k8snetlint.linting.build_report import build_report
from k8snetlint.linting.check_document import REMOVED, CheckedDocuments, key_of
from k8snetlint.linting.inventory import Definitions, builds_of, text_of
from k8snetlint.linting.locate import Locator, unreadable
from k8snetlint.linting.selection import Selection
from k8snetlint.rules import rules_about
from k8snetlint.scope.patches import PatchFiles, listed_by
from k8snetlint.source.load import load
from k8snetlint.source.names import KUSTOMIZATIONS
from k8snetlint.suppress import MARK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from k8snetlint.config import Config
    from k8snetlint.finding import Finding, Report
    from k8snetlint.linting.check_document import RawProblem
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.resource import Resource
    from k8snetlint.rules import Rule
    from k8snetlint.scope.contents import Made
    from k8snetlint.scope.scopes import Inventory, Scopes
    from k8snetlint.source.document import Source
    from k8snetlint.source.load import Loaded
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.suppress.apply import FileSuppressions


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
    run = Run(config, every, beside)
    for done, source in enumerate(every, 1):
        run.examine(source)
        if progress:
            progress(done)
    run.judge()
    return build_report(run)


class Run:
    """One run over many sources: what was found so far."""

    def __init__(self, config: Config, sources: list[Source], context: list[Source]) -> None:
        self.config = config
        self.files = len(sources)
        self.sources = {posixpath.normpath(source.name): source for source in (*sources, *context)}
        self.context = context
        self.environment_of = config.environment_of
        self.named = bool(config.clusters)
        environment = config.environment.common(block.environment for block in config.clusters)
        self.environment = environment._replace(versions=config.all_versions())
        self.schemas = config.schemas
        self.selection = Selection(config)
        self.builds = builds_of([*sources, *context])
        self.patches = PatchFiles(listed_by(self.builds.known.values() if self.builds else ()), config.base)
        self.resources: list[Resource] = []
        self.made: Made = {}
        self.said: dict[Source, list[RawProblem]] = {}
        self.absent: dict[tuple[Any, ...], dict[Cluster, RawProblem]] = {}
        self.holds: dict[Any, set[str]] = {}
        self.findings: list[Finding] = []
        self.skipped: list[Skipped] = []
        self.documents = 0
        self.unread: dict[str, str] = {}
        self.unusual: dict[Source, list[int]] = {}
        self.unanswered: dict[Unanswered, None] = {}
        self.judged: list[Cluster] = []
        self.suppressions: dict[str, FileSuppressions] = {}

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
        if self.config.suppressions and (MARK in loaded.text.text or "ignore[" in loaded.text.text):
            self._note_suppressions(source, loaded)
        self._faults(source, loaded)
        self._note_unread(source, loaded)
        examination = self._examined(source, loaded, self.made)
        self.documents += len(loaded.documents)
        self.resources += examination.resources
        self.skipped += examination.skipped
        if examination.said:
            self.said[source] = examination.said

    def _examined(self, source: Source, loaded: Loaded, made: Made) -> CheckedDocuments:
        """Look at a source; `made` is given its objects as kustomizations change them."""
        unusual = [each.index for each in loaded.documents if type(each.value) is not dict]
        if unusual:
            self.unusual[source] = unusual
        name = posixpath.normpath(source.name)
        transforms = self.builds.transforms.get(name, ()) if self.builds and not source.stream else ()
        examination = CheckedDocuments(source, self.environment, self.schemas, transforms=transforms)
        examination.read(loaded, self.patches)
        made.update(((name, transform), changed) for transform, changed in examination.made.items())
        return examination

    def _note_suppressions(self, source: Source, loaded: Loaded) -> None:
        from k8snetlint.suppress.apply import FileSuppressions  # noqa: PLC0415 - few files have any
        from k8snetlint.suppress.directive import directives_of  # noqa: PLC0415 - as above

        found = directives_of(source.name, loaded)
        if any(found):
            self.suppressions[source.name] = FileSuppressions(source.name, loaded.text, found, self.config.trusted)

    def _faults(self, source: Source, loaded: Loaded) -> None:
        """Report what is wrong with the text itself."""
        faults = [(fault, None) for fault in loaded.faults]
        faults += [(fault, each) for each in loaded.documents for fault in each.faults]  # type: ignore[misc]  # of one list
        if not faults and loaded.action is None:
            return
        locator = Locator(source, loaded)
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
        if loaded.action is not None:
            self.unread[posixpath.normpath(source.name)] = "a template that is not rendered"
        elif loaded.faults or any(each.faults and each.value is None for each in loaded.documents):
            self.unread[posixpath.normpath(source.name)] = "cannot be read"

    def _inventory(self) -> Inventory:
        """Return all that scopes are made of; the context is read now."""
        from k8snetlint.scope.scopes import Inventory  # noqa: PLC0415 - when there is an object

        beside: list[Resource] = []
        made: Made = {}
        for source in self.context:
            try:
                loaded = load(source)
            except OSError:
                continue
            if not loaded.skipped:
                self._note_unread(source, loaded)
                beside += self._examined(source, loaded, made).resources
        overlays = self.builds.overlay_files() if self.builds else ()
        texts = {path: text_of(self.sources[path]) for path in overlays if path in self.sources}
        definitions = Definitions()
        return Inventory(
            tuple(self.resources),
            tuple(beside),
            self.builds,
            self.made,
            made,
            self.unread,
            frozenset(self.sources),
            texts,
            definitions.same,
            definitions.value,
        )

    @functools.cached_property
    def scopes(self) -> Scopes:
        """All that is judged together; it is put together when somebody asks."""
        from k8snetlint.scope.scopes import scopes_of  # noqa: PLC0415 - when it is needed

        return scopes_of(self._inventory(), self.environment_of)

    @property
    def clusters(self) -> list[Cluster]:
        """All scopes."""
        return self.scopes.clusters if self.resources else []

    @functools.cached_property
    def is_complete(self) -> bool:
        """Whether nothing may be in the cluster that no manifest shows."""
        return self.config.whole_tree and not any(each.doubts for each in self.clusters)

    @functools.cached_property
    def trusts_patches(self) -> bool:
        """Whether patches may hide what is wrong: not where a change that is not trusted writes kustomizations."""
        base = self.config.base
        if base is None or self.builds is None:
            return True
        kustomizations = (name for name in self.sources if posixpath.basename(name) in KUSTOMIZATIONS)
        return not any(base.differs(name) for name in (*kustomizations, *self.patches.listed.patches))

    def judge(self) -> None:
        """Run the rules over each scope; a rule that is not reported does not run."""
        if self.builds and self.resources and self.trusts_patches:
            self._forget(self.scopes.removed)
        rules = rules_about({type(each).__name__ for each in self.resources}, self.selection.reports)
        if not self.resources or not rules:
            return
        from k8snetlint.model.cluster import Cluster  # noqa: PLC0415 - when there is an object

        self.judged = self.clusters
        for cluster in self.judged:
            for rule in rules:
                self._run(rule, cluster, whole=rule.on is Cluster)
        self._agree()

    def _forget(self, removed: Iterable[Resource]) -> None:
        """Say nothing about objects that a patch removes before anything is applied."""
        gone = {(each.source, each.document, each.root): None for each in removed}
        for source, document in dict.fromkeys((source, document) for source, document, _ in gone):
            self.skipped.append(Skipped(source.name, document, REMOVED))
        for source in dict.fromkeys(source for source, _, _ in gone):
            self.said[source] = [
                each for each in self.said.get(source, ()) if (source, each[2].at.document, each[2].at.root) not in gone
            ]

    def _agree(self) -> None:
        """Keep of what concludes from absence only that on which all scopes of a document agree."""
        if not self.absent:
            return
        scopes: dict[tuple[Source, int, FieldPath], int] = {}
        for cluster in self.judged:
            for each in cluster.resources:
                at = (each.source, each.document, each.root)
                scopes[at] = scopes.get(at, 0) + 1
        for (source, document, root, _, _), said in self.absent.items():
            if len(said) >= scopes.get((source, document, root), 1):
                first, *others = said.values()
                for other in others:
                    first[2].agree(other[2])
                self.said.setdefault(source, []).append(first)

    def _run(self, rule: Rule, cluster: Cluster, *, whole: bool) -> None:
        """Run a rule over each resource of its kind, or over the cluster as a whole."""
        check = rule.check
        for resource in cluster.resources[:1] if whole else cluster.of(rule.on):
            try:
                for said in check(cluster) if whole else check(resource, cluster):
                    if isinstance(said, OpenQuestion):
                        self._leave_open(said, resource)
                    else:
                        self._note(rule, cluster, said)
            except Exception as error:  # noqa: BLE001 - our bug in one rule must not stop the others
                message = f"rule {rule.id} failed: {type(error).__name__}: {error}"
                failed: RawProblem = ("internal-error", None, Problem(message, resource.at("metadata", "name")))
                self.said.setdefault(resource.source, []).append(failed)

    def _leave_open(self, question: OpenQuestion, owner: Resource) -> None:
        at = question.at
        open_ = Unanswered(at.source.name, at.document, owner.object_name(), at.field, question.why)
        self.unanswered[open_] = None

    def _note(self, rule: Rule, cluster: Cluster, problem: Problem) -> None:
        at = problem.at
        said: RawProblem = (rule.id, rule.severity, problem)
        if self.named:
            self.holds.setdefault(key_of(rule.id, problem), set()).add(cluster.environment.name)
        if rule.requires_all_scopes:
            self.absent.setdefault((at.source, at.document, at.root, at.path, rule.id), {})[cluster] = said
        else:
            self.said.setdefault(at.source, []).append(said)
