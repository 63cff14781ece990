"""Files at which k8snetlint itself fails: each is one finding, and all other files are reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Finding, Location, Severity
from k8snetlint.fingerprints import fingerprint, number_fingerprints, order_findings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.finding import Report


def failure(path: str, error: Exception) -> Finding:
    """Return the finding for a bug of ours that a file reveals.

    The text of the error is left out: it may quote a secret.
    """
    message = f"the file could not be checked: {type(error).__name__} in {origin_of(error)}; report this bug"
    start = Location(1, 1, 0)
    print_ = fingerprint("internal-error", path, None, ())
    return Finding(
        "internal-error",
        Severity.ERROR,
        message,
        path,
        None,
        None,
        None,
        start,
        start,
        fingerprint=print_,
        rejected=True,
    )


def with_failures(report: Report, failures: Iterable[Finding]) -> Report:
    """Return a report with further findings, at most one for each file at which we fail."""
    new = {each.path: each for each in failures}
    known = {each.path for each in report.findings if each.id == "internal-error" and each.object is None}
    more = [each for path, each in new.items() if path not in known]
    if not more:
        return report
    return report._replace(findings=number_fingerprints(order_findings((*report.findings, *more))))


def origin_of(error: BaseException) -> str:
    """Return where an exception was raised, `pipeline.py:12`."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "unknown place"
    name = trace.tb_frame.f_code.co_filename.replace("\\", "/").rpartition("/")[2]
    return f"{name}:{trace.tb_lineno}"
