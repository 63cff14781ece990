"""The second step of a run: the rules look at what is judged together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.finding import OpenQuestion, Problem, Skipped, Unanswered
from k8snetlint.linting.check_document import REMOVED
from k8snetlint.linting.problems import NO_MATCH, RawProblem
from k8snetlint.linting.scoping import Scoping
from k8snetlint.model.aspects import EVERYTHING, aspects_of
from k8snetlint.model.tables.network_kinds import CLUSTER_NETWORK
from k8snetlint.rules import rules_about

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from k8snetlint.finding import Finding, Unvalidated
    from k8snetlint.linting.reading import Reading
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.dns_uses import DnsFacts
    from k8snetlint.model.resource import Resource
    from k8snetlint.rules import Rule
    from k8snetlint.source.document import Source


SET_BY_PATCH = "a patch changes the field, or removes what it is in, before the object is applied"
"""Why it is not known whether a mistake that is written is applied."""


class Judgement(NamedTuple):
    """What is wrong with objects by themselves, and together.

    Attributes:
        scoping: what is judged together.
        judged: the scopes over which rules ran.
        problems: what was found, by file; what was found in several scopes may stand there as often.
        skipped: what was not checked.
        unanswered: what rules asked and the manifests do not answer.
        names: the clusters of the configuration in which a rule found a problem, by its key; empty if there is one.
        unvalidated: the custom resources of which not everything was validated.
        failures: the files at which we failed ourselves.
    """

    scoping: Scoping
    judged: Sequence[Cluster]
    problems: Mapping[Source, Sequence[RawProblem]]
    skipped: Sequence[Skipped]
    unanswered: Sequence[Unanswered]
    names: Mapping[Any, set[str]]
    unvalidated: Sequence[Unvalidated] = ()
    failures: Sequence[Finding] = ()


def judge(reading: Reading) -> Judgement:
    """Run the rules over each scope; a rule that is not reported does not run."""
    resources, scoping = reading.files.resources, Scoping(reading)
    problems = {source: list(found) for source, found in reading.files.problems.items()}
    if any(each.id == NO_MATCH for found in problems.values() for each in found):
        from k8snetlint.linting.defined_kinds import drop_defined  # noqa: PLC0415 - few objects are of no known kind

        drop_defined(problems, scoping)
    skipped = list(reading.files.skipped)
    if reading.builds and resources and reading.trusts_patches():
        skipped += _without_removed(problems, scoping.scopes.removed)
    unvalidated: Sequence[Unvalidated] = ()
    failures: Sequence[Finding] = ()
    if reading.files.custom:
        from k8snetlint.linting.custom_resources import judge_custom_resources  # noqa: PLC0415 - few inputs have any

        found, unvalidated, failures = judge_custom_resources(reading, scoping, problems)
        for problem in found:
            problems.setdefault(problem.problem.at.source, []).append(problem)
    # The context is read here only if there is one.
    all_kinds = {type(each).__name__ for each in scoping.resources} if reading.context and resources else ()
    rules = rules_about(_kinds(reading, scoping), reading.selection.reports, all_kinds)
    judged = scoping.clusters if resources and rules else ()
    run = _Run(judged, by_name=bool(reading.config.clusters), patches_count=reading.trusts_patches())
    for problem in run.problems(rules):
        problems.setdefault(problem.problem.at.source, []).append(problem)
    unanswered = tuple(run.unanswered)
    return Judgement(scoping, judged, problems, skipped, unanswered, run.names, unvalidated, failures)


_SAYS: dict[str, Callable[[DnsFacts], bool]] = {
    "HostName": lambda facts: bool(facts.uses),
    "Corefile": lambda facts: facts.corefile is not None,
    "Subdomain": lambda facts: facts.subdomain is not None,
}
"""What an object may say about DNS, by the name that it has in `ONLY_WITH`."""


def _kinds(reading: Reading, scoping: Scoping) -> set[str]:
    """Return what occurs, as in `KINDS` of the groups of rules."""
    every = scoping.resources if reading.context else reading.files.resources
    kinds = {type(each).__name__ for each in reading.files.resources}
    if reading.builds:
        kinds.add("Kustomization")
    if reading.config.configures_cni() or any(each.network is not None for each in every):
        kinds.add(CLUSTER_NETWORK)
    facts = [each.dns for each in reading.files.resources if each.dns is not None]
    if facts:
        kinds.add("DnsFacts")
        kinds.update(name for name, tells in _SAYS.items() if any(map(tells, facts)))
    return kinds


def _without_removed(problems: dict[Source, list[RawProblem]], removed: Iterable[Resource]) -> Iterator[Skipped]:
    """Let go of problems of objects that a patch removes before anything is applied."""
    gone = {(each.source, each.document, each.root): None for each in removed}
    for source in dict.fromkeys(source for source, _, _ in gone):
        problems[source] = [
            each
            for each in problems.get(source, ())
            if (source, each.problem.at.document, each.problem.at.root) not in gone
        ]
    for source, document in dict.fromkeys((source, document) for source, document, _ in gone):
        yield Skipped(source.name, document, REMOVED)


class _Run:
    """The rules, run over scopes.

    Attributes:
        unanswered, names: as in `Judgement`.
    """

    def __init__(self, clusters: Sequence[Cluster], *, by_name: bool, patches_count: bool) -> None:
        self._clusters = clusters
        self._patches_count = patches_count
        self._by_name = by_name
        self._found: list[RawProblem] = []
        self._absent: dict[tuple[Any, ...], dict[Cluster, RawProblem]] = {}
        self.unanswered: dict[Unanswered, None] = {}
        self.names: dict[Any, set[str]] = {}

    def problems(self, rules: Sequence[Rule]) -> list[RawProblem]:
        """Return what the rules find."""
        kinds = {rule.on: rule.is_about_cluster for rule in rules}
        with_kinds: dict[frozenset[type], list[tuple[Rule, bool]]] = {}
        for cluster in self._clusters:
            judged = {kind: cluster.resources[:1] if whole else cluster.of(kind) for kind, whole in kinds.items()}
            arguments: dict[tuple[str, ...], tuple[Any, ...]] = {}
            present = frozenset([kind for kind, resources in judged.items() if resources])
            if present not in with_kinds:
                with_kinds[present] = [(rule, kinds[rule.on]) for rule in rules if rule.on in present]
            for rule, whole in with_kinds[present]:
                self._run(rule, cluster, judged[rule.on], whole=whole, known=arguments)
        return [*self._found, *self._in_all_scopes()]

    def _run(
        self,
        rule: Rule,
        cluster: Cluster,
        resources: Sequence[Resource],
        *,
        whole: bool,
        known: dict[tuple[str, ...], tuple[Any, ...]],
    ) -> None:
        """Run a rule over each resource of its kind, or over the cluster as a whole.

        Args:
            rule: the rule.
            cluster: the scope.
            resources: what it looks at; they are not empty.
            whole: it looks at the cluster as a whole.
            known: the arguments for the scope, by what rules ask for; they are filled here.
        """
        check = rule.check
        try:
            if rule.asks not in known:
                known[rule.asks] = rule.arguments(cluster)
        except Exception as error:  # noqa: BLE001 - our bug in what one rule asks must not stop the others
            self._found.append(_failed(rule, resources[0], error))
            return
        arguments = known[rule.asks]
        for resource in resources:
            subject = cluster if whole else resource
            try:
                for found in check(subject, *arguments) if arguments else check(subject):
                    self._note(rule, cluster, cluster.resource_at(found.at) if whole else resource, found)
            except Exception as error:  # noqa: BLE001 - our bug in one rule must not stop the others
                self._found.append(_failed(rule, resource, error))

    def _note(self, rule: Rule, cluster: Cluster, owner: Resource, found: Problem | OpenQuestion) -> None:
        """Note what a rule found at an object, if nothing makes it unsure."""
        if rule.relies_on and not owner.knows(*rule.relies_on):
            return
        if isinstance(found, OpenQuestion):
            self._note_question(found, owner)
        elif self._patches_count and owner.patches and owner.is_set_by_patch(*found.at.path):
            self._note_question(OpenQuestion(found.at, f"{rule.id}, but {SET_BY_PATCH}"), owner)
        else:
            self._note_problem(rule, cluster, _without_unsure_fix(found, owner))

    def _note_question(self, question: OpenQuestion, owner: Resource) -> None:
        at = question.at
        open_ = Unanswered(at.source.name, at.document, owner.object_name(), at.field, question.why)
        self.unanswered[open_] = None

    def _note_problem(self, rule: Rule, cluster: Cluster, problem: Problem) -> None:
        raw = RawProblem(rule.id, rule.severity, problem)
        if self._by_name:
            self.names.setdefault(raw.key, set()).add(cluster.environment.name)
        if rule.requires_all_scopes:
            at = problem.at
            key = (at.source, at.document, at.root, at.path, problem.within, rule.id)
            self._absent.setdefault(key, {})[cluster] = raw
        else:
            self._found.append(raw)

    def _in_all_scopes(self) -> Iterator[RawProblem]:
        """Yield of what concludes from absence only that on which all scopes of a document agree."""
        scopes: dict[tuple[Any, ...], int] = {}
        for cluster in self._clusters if self._absent else ():
            for each in cluster.resources:
                at = (each.source, each.document, each.root)
                scopes[at] = scopes.get(at, 0) + 1
        for (source, document, root, *_), found in self._absent.items():
            if len(found) < scopes.get((source, document, root), 1):
                continue
            first, *others = found.values()
            for other in others:
                first = first.merge(other)
            yield first


def _failed(rule: Rule, resource: Resource, error: Exception) -> RawProblem:
    message = f"rule {rule.id} failed: {type(error).__name__}: {error}"
    return RawProblem("internal-error", None, Problem(message, resource.at("metadata", "name")))


def _without_unsure_fix(problem: Problem, owner: Resource) -> Problem:
    """Return a problem of an object, without its fix if a patch touches what that changes: both may not fit."""
    if problem.fix is None or not owner.patched:
        return problem
    paths = [tuple("*" if isinstance(step, int) else step for step in each.at.path) for each in problem.fix.changes]
    unsure = EVERYTHING in owner.patched or any(owner.patched & aspects_of(path, owner.kind) for path in paths)
    return problem.without_fix() if unsure else problem
