"""The last step of a run: problems become findings, with their places; one mistake is one finding."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from k8snetlint.codes import OUTSIDE_RULES, is_rejection
from k8snetlint.finding import Report, Scope, Suppressed, Unanswered
from k8snetlint.linting.problems import RawProblem, Reported, message_in
from k8snetlint.linting.reading import environment_of_all
from k8snetlint.model.environment import format_version
from k8snetlint.validation.rejections import VALIDATED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snetlint.finding import Finding, Problem
    from k8snetlint.linting.judging import Judgement
    from k8snetlint.linting.reading import Reading
    from k8snetlint.model.environment import Environment
    from k8snetlint.model.resource import Resource
    from k8snetlint.source.document import Source
    from k8snetlint.source.paths import FieldPath


def build_report(reading: Reading, judgement: Judgement) -> Report:
    """Return the findings of a run in the order of a reader."""
    builder = _ReportBuilder(reading, judgement)
    for source, problems in judgement.problems.items():
        builder.report(source, problems)
    unanswered = (*judgement.unanswered, *builder.unanswered)
    findings = (*reading.files.findings, *judgement.failures, *judgement.scoping.failures, *builder.failures)
    if builder.reported:
        from k8snetlint.linting.locate_all import locate_all  # noqa: PLC0415 - only with problems

        findings = (*findings, *locate_all(builder.reported, judgement.scoping.unusual))
    if findings:
        from k8snetlint.fingerprints import number_fingerprints, order_findings  # noqa: PLC0415 - only with problems

        findings = number_fingerprints(order_findings(findings))
    suppressed: list[Suppressed] = []
    if reading.config.per_file_ignores:
        from k8snetlint.linting.accept import accept_by_path  # noqa: PLC0415 - few runs accept anything

        findings, suppressed = accept_by_path(reading.config, findings)
    if reading.files.suppressions:
        from k8snetlint.linting.accept import accept_by_author  # noqa: PLC0415 - as above

        findings, more = accept_by_author(reading, judgement, findings, unanswered)
        suppressed += more
    return Report(
        findings,
        tuple(judgement.skipped),
        reading.number,
        reading.files.documents,
        len(reading.files.resources),
        tuple(Scope(each.name, len(each.resources), each.doubts) for each in judgement.judged),
        unanswered,
        tuple(suppressed),
        tuple(map(format_version, reading.config.all_versions())),
        tuple(judgement.unvalidated),
    )


class _ReportBuilder:
    """What was found, and what of it is reported."""

    def __init__(self, reading: Reading, judgement: Judgement) -> None:
        self._config = reading.config
        self._selection = reading.selection
        self._judgement = judgement
        self._default = environment_of_all(reading.config)
        self._patches_count = reading.builds is not None and reading.trusts_patches()
        self.reported: list[Reported] = []
        self.unanswered: dict[Unanswered, None] = {}
        self.failures: list[Finding] = []

    def report(self, source: Source, problems: Sequence[RawProblem]) -> None:
        """Sort out what is reported of what was found in one file."""
        try:
            self._report(problems)
        except Exception as error:  # noqa: BLE001 - our bug at one file must not hide the others
            from k8snetlint.linting.failures import failure  # noqa: PLC0415 - only for a bug

            self.failures.append(failure(source.name, error))

    def _report(self, problems: Sequence[RawProblem]) -> None:
        """Sort out what is reported of what was found in one file; one mistake is one finding."""
        selection = self._selection
        # A base of two overlays is judged twice, and what is the same is reported once.
        merged: dict[Any, RawProblem] = {}
        for each in problems:
            if selection.reports(each.id):
                first = merged.get(each.key)
                merged[each.key] = each if first is None else first.merge(each)
        if not merged:
            return
        from k8snetlint.linting.consequences import consequences  # noqa: PLC0415 - only with problems
        from k8snetlint.linting.superseded import superseded  # noqa: PLC0415 - as above

        kept = list(merged.values())
        replaced, rejected = superseded(kept)
        replaced |= consequences(kept)
        for finding_id, own, problem in merged.values():
            if id(problem) in replaced:
                continue
            message = self._message(RawProblem(finding_id, own, problem))
            if message is None:
                continue
            if self._is_patched(finding_id, problem):
                self._note_question(finding_id, problem)
                continue
            severity = problem.severity or own or OUTSIDE_RULES[finding_id][0]
            is_rejected = id(problem) in rejected or is_rejection(finding_id)
            severity = selection.severity(finding_id, severity)
            self.reported.append(Reported(finding_id, severity, problem, message, is_rejected))

    def _is_patched(self, finding_id: str, problem: Problem) -> bool:
        """Tell whether what the API server rejects may not be what it gets: patches change it first."""
        if finding_id not in VALIDATED or not self._patches_count:
            return False
        at = problem.at
        copies = self._copies.get((at.source, at.document, at.root), ())
        return bool(copies) and all(any(patch.decides(at.path, each.kind) for patch in each.patches) for each in copies)

    def _note_question(self, finding_id: str, problem: Problem) -> None:
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
        for cluster in self._judgement.scoping.clusters:
            for each in cluster.resources:
                found.setdefault((each.source, each.document, each.root), []).append(each)
        return found

    @functools.cached_property
    def _environments(self) -> dict[tuple[Source, int, FieldPath], dict[Environment, None]]:
        """The clusters that objects are for, by where those stand."""
        found: dict[tuple[Source, int, FieldPath], dict[Environment, None]] = {}
        for cluster in self._judgement.scoping.clusters:
            for each in cluster.resources:
                found.setdefault((each.source, each.document, each.root), {})[cluster.environment] = None
        return found

    def _message(self, raw: RawProblem) -> str | None:
        """Return what is reported, with the clusters or versions that it holds for; None if it holds for none."""
        problem = raw.problem
        if not self._config.clusters and problem.versions is None:
            return problem.message
        at = problem.at
        environments = self._environments.get((at.source, at.document, at.root), (self._default,))
        return message_in(problem, environments, self._judgement.names.get(raw.key))
