"""Which findings the configuration or their authors accept."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from k8snetlint.codes import ALWAYS, OUTSIDE_RULES, group_of
from k8snetlint.finding import Suppressed
from k8snetlint.fingerprints import number_fingerprints, order_findings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.config import Config
    from k8snetlint.finding import Finding, Unanswered
    from k8snetlint.linting.judging import Judgement
    from k8snetlint.linting.reading import Reading
    from k8snetlint.suppress.directive import Directive


def accept_by_path(config: Config, findings: Iterable[Finding]) -> tuple[tuple[Finding, ...], list[Suppressed]]:
    """Split off what the configuration accepts in some files."""
    kept: list[Finding] = []
    suppressed: list[Suppressed] = []
    accepts = functools.cache(config.accepts)
    for finding in findings:
        pattern = None if finding.id in ALWAYS else accepts(finding.id, finding.path)
        if pattern is None:
            kept.append(finding)
        else:
            suppressed.append(Suppressed(finding, "per-file-ignores", pattern))
    return tuple(kept), suppressed


def accept_by_author(
    reading: Reading, judgement: Judgement, findings: Iterable[Finding], unanswered: Iterable[Unanswered]
) -> tuple[tuple[Finding, ...], list[Suppressed]]:
    """Split off what comments and annotations accept, and say what is wrong with those."""
    from k8snetlint.rules import rule_ids, rule_of  # noqa: PLC0415 - few runs meet a suppression
    from k8snetlint.suppress.apply import divide  # noqa: PLC0415 - as above
    from k8snetlint.suppress.suppression_findings import suppression_findings  # noqa: PLC0415 - as above

    config, selection = reading.config, reading.selection
    kept, suppressed = divide(findings, reading.files.suppressions)
    rules = rule_ids()
    open_ = {each.path for each in unanswered}

    @functools.cache
    def is_open(path: str, word: str) -> bool:
        """Tell whether nobody knows what there is to accept in a file for a word."""
        concerned = {each for each in (*rules, *OUTSIDE_RULES) if word in (each, group_of(each), "ALL")}
        looked_for = {each for each in concerned if selection.reports(each) and config.accepts(each, path) is None}
        # Of a group, one that does not run may be what is meant. The API server's word needs no others to be judged.
        if looked_for != concerned:
            return True
        if path not in open_ and judgement.scoping.is_complete:
            return False
        return any(rule.asks_others for rule in map(rule_of, concerned) if rule)

    def unjudged(directive: Directive, word: str) -> bool:
        return is_open(directive.path, word)

    about_suppressions = [
        each._replace(severity=selection.severity(each.id, each.severity))
        for each in suppression_findings(reading.files.suppressions.values(), rules, unjudged, config.reference)
        if selection.reports(each.id)
    ]
    if about_suppressions and config.per_file_ignores:
        accepted, more = accept_by_path(config, about_suppressions)
        about_suppressions, suppressed = list(accepted), suppressed + more
    # Complaints have numbers of their own: what they are about may go before the rest does.
    return tuple(order_findings((*kept, *number_fingerprints(about_suppressions)))), suppressed
