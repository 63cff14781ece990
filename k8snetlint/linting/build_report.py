"""From what was said to a report: places, one finding a mistake, and what is accepted."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.codes import ALWAYS, OUTSIDE_RULES, group_of, is_rejection
from k8snetlint.finding import Report, Scope, Suppressed, Unanswered
from k8snetlint.fingerprints import number_fingerprints, order_findings
from k8snetlint.linting.check_document import key_of
from k8snetlint.linting.locate import Locator, unreadable
from k8snetlint.linting.selection import applies, replaced_by_better
from k8snetlint.model.resource import Resource
from k8snetlint.source.load import Reopened
from k8snetlint.validation.rejections import VALIDATED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from k8snetlint.finding import Finding, Problem, Related, Severity
    from k8snetlint.linting.check_document import RawProblem
    from k8snetlint.linting.pipeline import Run
    from k8snetlint.model.environment import Environment
    from k8snetlint.rules import Rule
    from k8snetlint.source.document import Source
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.suppress.directive import Directive

_OTHERS = "k8snetlint.evidence."
"""Modules that answer questions about other objects."""

_ITSELF = -1
"""The number of a problem's own place among its further ones."""


class _Reported(NamedTuple):
    """A problem that is reported, and as what; `rejected` as in `Finding`."""

    id: str
    severity: Severity
    problem: Problem
    rejected: bool


def build_report(run: Run) -> Report:
    """Return the findings of a run in the order of a reader."""
    conclusion = _ReportBuilder(run)
    for said in run.said.values():
        conclusion.report(said)
    unanswered = (*run.unanswered, *conclusion.unanswered)
    findings = number_fingerprints(order_findings([*run.findings, *_located(conclusion.reported, run.unusual)]))
    suppressed: list[Suppressed] = []
    if run.config.per_file_ignores:
        findings, suppressed = _accepted_by_path(run, findings)
    if run.suppressions:
        findings, more = _accepted_by_author(run, findings, unanswered)
        suppressed += more
    return Report(
        findings,
        tuple(run.skipped),
        run.files,
        run.documents,
        len(run.resources),
        tuple(Scope(each.name, len(each.resources), each.doubts) for each in run.judged),
        unanswered,
        tuple(suppressed),
    )


def _located(reported: Sequence[_Reported], unusual: Mapping[Source, Collection[int]]) -> Iterator[Finding]:
    """Yield the findings for problems, in their order; each file is read once, and let go before the next one.

    Args:
        reported: the problems.
        unusual: the documents of sources that the fast parser cannot read.
    """
    asked: dict[Source, list[tuple[int, int]]] = {}
    for number, each in enumerate(reported):
        asked.setdefault(each.problem.at.source, []).append((number, _ITSELF))
        for count, (place, _) in enumerate(each.problem.related):
            asked.setdefault(place.source, []).append((number, count))
    findings: dict[int, Finding] = {}
    related: dict[tuple[int, int], Related] = {}
    failed: dict[int, str] = {}
    for source, places in asked.items():
        try:
            locator = Locator(source, Reopened(source, unusual.get(source, ())))
        except OSError as error:
            failed.update((number, error.strerror or str(error)) for number, _ in places)
            continue
        for number, count in places:
            finding_id, severity, problem, _ = reported[number]
            try:
                if count == _ITSELF:
                    findings[number] = locator.of_problem(finding_id, problem, severity)
                else:
                    related[number, count] = locator.of_related(*problem.related[count])
            except IndexError:
                failed[number] = "changed while it was checked"
    for number, each in enumerate(reported):
        if number in failed:
            yield unreadable(each.problem.at.source.name, failed[number])._replace(rejected=True)
            continue
        further = tuple(related[number, count] for count in range(len(each.problem.related)))
        yield findings[number]._replace(related=further, rejected=each.rejected)


class _ReportBuilder:
    """What is said about sources, and what of it is reported."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._environments: dict[tuple[Source, int, FieldPath], dict[Environment, None]] | None = None
        self.reported: list[_Reported] = []
        self.unanswered: dict[Unanswered, None] = {}

    def report(self, said: list[RawProblem]) -> None:
        """Sort out what is reported of what is said about one source; one mistake is one finding."""
        selection = self._run.selection
        # A base of two overlays is judged twice, and what is the same is said once.
        reported: dict[Any, RawProblem] = {}
        for finding_id, own, problem in said:
            if selection.reports(finding_id):
                first = reported.setdefault(key_of(finding_id, problem), (finding_id, own, problem))
                first[2].agree(problem)
        replaced, rejected = replaced_by_better(list(reported.values()))
        for finding_id, own, problem in reported.values():
            if id(problem) in replaced:
                continue
            if not self._applies(finding_id, problem):
                continue
            if self._is_patched(finding_id, problem):
                self._leave_open(finding_id, problem)
                continue
            severity = problem.severity or own or OUTSIDE_RULES[finding_id][0]
            is_rejected = id(problem) in rejected or is_rejection(finding_id)
            severity = selection.severity(finding_id, severity)
            self.reported.append(_Reported(finding_id, severity, problem, is_rejected))

    def _is_patched(self, finding_id: str, problem: Problem) -> bool:
        """Tell whether what the API server rejects may not be what it gets: patches change it first."""
        if finding_id not in VALIDATED or not self._run.builds or not self._run.trusts_patches:
            return False
        at = problem.at
        there = self._copies.get((at.source, at.document, at.root), ())
        return bool(there) and all(any(patch.decides(at.path, each.kind) for patch in each.patches) for each in there)

    def _leave_open(self, finding_id: str, problem: Problem) -> None:
        """Note that nobody knows what a patch makes of a value."""
        at = problem.at
        owner = self._copies[at.source, at.document, at.root][0]
        why = f"{finding_id} as written, but a patch changes the object before it is applied"
        name = (owner.origin or owner).object_name()
        self.unanswered[Unanswered(at.source.name, at.document, name, at.field, why)] = None

    @functools.cached_property
    def _copies(self) -> dict[tuple[Source, int, FieldPath], list[Resource]]:
        """All objects of all scopes, by where they stand."""
        found: dict[tuple[Source, int, FieldPath], list[Resource]] = {}
        for cluster in self._run.clusters:
            for each in cluster.resources:
                found.setdefault((each.source, each.document, each.root), []).append(each)
        return found

    def _applies(self, finding_id: str, problem: Problem) -> bool:
        """Tell whether a problem holds for any cluster of its document; its message says which, if not for all."""
        run = self._run
        if not run.named and problem.versions is None:
            return True
        at = problem.at
        if self._environments is None:
            self._environments = {}
            for cluster in run.clusters:
                for each in cluster.resources:
                    known = self._environments.setdefault((each.source, each.document, each.root), {})
                    known[cluster.environment] = None
        there = list(self._environments.get((at.source, at.document, at.root), (run.environment,)))
        return applies(problem, there, run.holds.get(key_of(finding_id, problem)))


def _accepted_by_path(run: Run, findings: Iterable[Finding]) -> tuple[tuple[Finding, ...], list[Suppressed]]:
    """Split off what the configuration accepts in some files."""
    kept: list[Finding] = []
    suppressed: list[Suppressed] = []
    accepts = functools.cache(run.config.accepts)
    for finding in findings:
        pattern = None if finding.id in ALWAYS else accepts(finding.id, finding.path)
        if pattern is None:
            kept.append(finding)
        else:
            suppressed.append(Suppressed(finding, "per-file-ignores", pattern))
    return tuple(kept), suppressed


def _accepted_by_author(
    run: Run, findings: Iterable[Finding], unanswered: Iterable[Unanswered]
) -> tuple[tuple[Finding, ...], list[Suppressed]]:
    """Split off what comments and annotations accept, and say what is wrong with those."""
    from k8snetlint.rules import rule_ids, rule_of  # noqa: PLC0415 - few runs meet a suppression
    from k8snetlint.suppress.apply import divide  # noqa: PLC0415 - as above
    from k8snetlint.suppress.suppression_findings import suppression_findings  # noqa: PLC0415 - as above

    kept, suppressed = divide(findings, run.suppressions)
    rules = rule_ids()
    open_ = {each.path for each in unanswered}

    @functools.cache
    def is_open(path: str, word: str) -> bool:
        """Tell whether nobody knows what there is to accept in a file for a word."""
        concerned = {each for each in (*rules, *OUTSIDE_RULES) if word in (each, group_of(each), "ALL")}
        looked_for = {
            each for each in concerned if run.selection.reports(each) and run.config.accepts(each, path) is None
        }
        # Of a group, one that does not run may be what is meant. The API server's word needs no others to be judged.
        if looked_for != concerned:
            return True
        if path not in open_ and run.is_complete:
            return False
        return any(_asks_others(rule) for each in concerned if (rule := rule_of(each)))

    def unjudged(directive: Directive, word: str) -> bool:
        return is_open(directive.path, word)

    selection = run.selection
    said = [
        each._replace(severity=selection.severity(each.id, each.severity))
        for each in suppression_findings(run.suppressions.values(), rules, unjudged, run.config.reference)
        if selection.reports(each.id)
    ]
    if said and run.config.per_file_ignores:
        accepted, more = _accepted_by_path(run, said)
        said, suppressed = list(accepted), suppressed + more
    # Complaints have numbers of their own: what they are about may go before the rest does.
    return tuple(order_findings((*kept, *number_fingerprints(said)))), suppressed


def _asks_others(rule: Rule) -> bool:
    """Tell whether a rule asks for other objects than its own, so that it is not judged where some are missing."""
    asks = (getattr(each, "__module__", "") for each in rule.check.__globals__.values())
    return (
        rule.requires_all_scopes or not issubclass(rule.on, Resource) or any(each.startswith(_OTHERS) for each in asks)
    )
