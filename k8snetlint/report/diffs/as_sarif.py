"""The format `sarif` of differences: each change at the line of a manifest that is responsible for it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from k8snetlint.finding import Finding, Report, Severity
from k8snetlint.report.diffs.words import change_text, one_sided_text, reasons_text, verdict_text
from k8snetlint.report.sarif import sarif
from k8snetlint.website import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.connectivity.comparison import Change, OneSided
    from k8snetlint.finding import Related
    from k8snetlint.report.diffs import StateDiff
    from k8snetlint.report.style import Style

WIDENED = "connections-widened"
NARROWED = "connections-narrowed"
_TITLES = {
    WIDENED: ("A change opens connections", Severity.WARNING, "5.0"),
    NARROWED: ("A change closes connections", Severity.INFO, ""),
}


def as_sarif(diff: StateDiff, style: Style) -> Iterator[str]:
    """Yield one SARIF log; what has no line in the new state is told in the summary of other formats only."""
    found = [finding for scope in diff.scopes for change in scope.comparison.changes for finding in _of(diff, change)]
    found += [_of_added(diff, each) for scope in diff.scopes for each in scope.comparison.added if each.exposes]
    found.sort(key=lambda each: (each.path, each.start, each.id, each.message))
    files = len({each.path for each in found})
    yield from sarif(Report(tuple(found), (), files, 0, 0), style, _descriptor)


def _of(diff: StateDiff, change: Change) -> Iterator[Finding]:
    """Yield a change at its first cause that the new state has, else at a workload that it concerns."""
    located = [(cause, diff.locate(cause.place, cause.text)) for cause in change.causes]
    at = next((at for cause, at in located if not cause.is_old), None)
    others = tuple(_told(at_cause, cause.is_old) for cause, at_cause in located if at_cause is not at)
    if at is None and change.workload is not None:
        at = diff.locate(change.workload.at("metadata", "name"), "")
    if at is None and located:
        at = located[0][1]
    if at is None:
        return
    message = f"{change_text(change)}: {verdict_text(change.after, change.why_after)}, before: "
    message += verdict_text(change.before, change.why_before)
    because = "; ".join((*reasons_text(change), *(cause.text for cause, _ in located)))
    yield _finding(WIDENED if change.widened else NARROWED, message, at, help_=because, related=others)


def _told(at: Related, is_old: bool) -> Related:  # noqa: FBT001 - as in `Cause`
    return at._replace(message=f"{at.message} (in the old state)") if is_old else at


def _of_added(diff: StateDiff, each: OneSided) -> Finding:
    at = diff.locate(each.workload.at("metadata", "name"), "")
    return _finding(WIDENED, f"{each.peer.workload} {each.peer} is added: {one_sided_text(each)}", at)


def _finding(name: str, message: str, at: Related, *, help_: str = "", related: tuple[Related, ...] = ()) -> Finding:
    print_ = hashlib.sha256(f"{name}\0{at.path}\0{message}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return Finding(
        id=name,
        severity=_TITLES[name][1],
        message=message,
        path=at.path,
        document=None,
        object=None,
        field=None,
        start=at.start,
        end=at.end,
        related=related,
        help=help_,
        fingerprint=print_,
    )


def _descriptor(name: str) -> dict[str, Any]:
    title, severity, security = _TITLES[name]
    return {
        "id": name,
        "shortDescription": {"text": title},
        "fullDescription": {"text": title},
        "help": {"text": f"{title}: see docs/diff.md", "markdown": f"{title}: see [docs/diff.md]({_PAGE})"},
        "helpUri": _PAGE,
        "defaultConfiguration": {"level": "warning" if severity is Severity.WARNING else "note"},
        "properties": {
            "precision": "very-high",
            "problem.severity": "warning" if severity is Severity.WARNING else "recommendation",
            **({"security-severity": security} if security else {}),
            "tags": ["kubernetes", "networking", *(["security"] if security else [])],
        },
    }


_PAGE = f"{PROJECT}/blob/main/docs/diff.md"
