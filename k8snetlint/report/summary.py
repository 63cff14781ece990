"""What a text report says at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Severity
from k8snetlint.report.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import Finding, Report, Skipped


def count(number: int, thing: str, things: str = "") -> str:
    """Return `1 file`, `2,934 files`."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def place(finding: Finding) -> str:
    """Return where a finding is, `deploy/web.yaml:12:7`; what is about a file has no line."""
    if finding.id == "file-unreadable":
        return escape(finding.path)
    return f"{escape(finding.path)}:{finding.start.line}:{finding.start.column}"


def folded(report: Report, show: Severity) -> Iterator[tuple[Severity, str, str]]:
    """Yield severity, id and a text for all findings of one id that are not shown one by one."""
    groups: dict[tuple[int, str], list[Finding]] = {}
    for finding in report.findings:
        if finding.severity < show:
            groups.setdefault((-finding.severity, finding.id), []).append(finding)
    for (_, finding_id), findings in sorted(groups.items()):
        first = findings[0]
        where = f"{escape(first.path)}:{first.start.line}"
        times = "" if len(findings) == 1 else f"{len(findings):,} times, first "
        yield first.severity, finding_id, f"{times}at {where}: {escape(first.message)}"


def summary(report: Report, show: Severity, *, verbose: bool) -> Iterator[str]:
    """Yield how much was found in how much, and what was not looked at."""
    shown = [finding for finding in report.findings if finding.severity >= show]
    numbers = {severity: report.number_of(severity) for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO)}
    found = [count(number, severity.word) for severity, number in numbers.items() if number and severity >= show]
    hidden = [
        f"{count(number, severity.word)} folded (--show {severity.word})"
        for severity, number in numbers.items()
        if number and severity < show
    ]
    files = count(report.files, "file")
    if found:
        touched = len({finding.path for finding in shown})
        where = files if report.files == touched else f"{touched:,} of {files}"
        text = f"Found {', '.join(found)} in {where}"
    else:
        text = f"No {'errors' if show is Severity.ERROR else 'problems'} in {files}"
    yield ", ".join([f"{text} ({count(report.objects, 'object')})", *hidden]) + "."
    left_out = not_checked(report.skipped)
    if left_out:
        yield f"{left_out} not checked{'' if verbose else ' (-v lists them)'}."


def not_checked(skipped: tuple[Skipped, ...]) -> str:
    """Return `3 templates, 2 patches and 14 other documents`, empty if there is nothing."""
    reasons = [each.reason for each in skipped if not each.reason.startswith("comments only")]
    templates = sum(reason.startswith("template") for reason in reasons)
    patches = sum(reason.startswith("patch") for reason in reasons)
    other = len(reasons) - templates - patches
    parts = [count(templates, "template")] if templates else []
    parts += [count(patches, "patch", "patches")] if patches else []
    parts += [count(other, "other document")] if other else []
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def skipped_lines(report: Report) -> Iterator[str]:
    """Yield what was not checked, one a line, and why."""
    for each in report.skipped:
        document = "" if each.document is None else f", document {each.document}"
        yield f"{escape(each.path)}{document}: {escape(each.reason)}"
