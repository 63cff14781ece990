"""The end of a text report: what was found, and what was not checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import IN_PART, Severity
from k8snetlint.source.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import Finding, Report, Skipped
    from k8snetlint.report.style import Style


_LISTED_VERSIONS = 2


def count(number: int, thing: str, things: str = "") -> str:
    """Return `1 file`, `2,934 files`."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def place(finding: Finding) -> str:
    """Return where a finding is, `deploy/web.yaml:12:7`; what is about a file has no line."""
    if finding.id == "file-unreadable":
        return escape(finding.path)
    return f"{escape(finding.path)}:{finding.start.line}:{finding.start.column}"


def id_of(finding_id: str, style: Style) -> str:
    """Return an id, as a link to its page where the terminal shows links (OSC 8)."""
    if not style.links:
        return finding_id
    from k8snetlint.website import page_url  # noqa: PLC0415 - only in some terminals

    return f"\x1b]8;;{page_url(finding_id)}\x1b\\{finding_id}\x1b]8;;\x1b\\"


def hidden_findings(report: Report, show: Severity) -> Iterator[tuple[Severity, str, str]]:
    """Yield severity, id and a text for all findings of one id that are below `show`."""
    groups: dict[tuple[int, str], list[Finding]] = {}
    for finding in report.findings:
        if finding.severity < show:
            groups.setdefault((-finding.severity, finding.id), []).append(finding)
    for (_, finding_id), findings in sorted(groups.items()):
        first = findings[0]
        where = f"{escape(first.path)}:{first.start.line}"
        times = "" if len(findings) == 1 else f"{len(findings):,} times, first "
        yield first.severity, finding_id, f"{times}at {where}: {escape(first.message)}"


def summary(report: Report, style: Style) -> Iterator[str]:
    """Yield how much was found in how much, and what was not checked."""
    fixable = fixes(report, style)
    if any(mark(finding, style) for finding in report.findings):
        fixable = f"[*] {fixable}"
    if not style.empty:
        yield f"{totals(report, style.show, verbose=style.verbose)}  {fixable}".rstrip()
    if not style.verbose:
        yield from _limits(report)
    left_out = not_checked(report.skipped)
    if left_out:
        yield f"{left_out} not checked{'' if style.verbose else ' (-v lists them)'}."
    partly = sum(each.reason.startswith(IN_PART) for each in report.skipped)
    if partly:
        yield f"{count(partly, 'object')} {IN_PART}{'' if style.verbose else ' (-v lists what was not)'}."
    if report.unvalidated:
        yield from _custom_resources(report, verbose=style.verbose)


def _custom_resources(report: Report, *, verbose: bool) -> Iterator[str]:
    """Yield how many custom resources could not be validated, or not in full."""
    without = sum(each.reason.startswith("no schema") for each in report.unvalidated)
    in_part = len(report.unvalidated) - without
    if without:
        verb = "has" if without == 1 else "have"
        yield f"{count(without, 'custom resource')} {verb} no schema{'' if verbose else ' (-v lists them)'}."
    if in_part:
        verb = "was" if in_part == 1 else "were"
        why = "" if verbose else " (-v says why)"
        yield f"{count(in_part, 'custom resource')} {verb} validated only in part{why}."


def _limits(report: Report) -> Iterator[str]:
    """Yield how much could not be checked because other objects may be missing."""
    partial = sum(bool(scope.doubts) for scope in report.scopes)
    if report.unanswered:
        fields = count(len(report.unanswered), "field")
        yield f"{fields} could not be checked: what is referred to may be defined elsewhere (-v lists them)."
    elif partial:
        yield f"Cross-file checks are limited in {count(partial, 'scope')} (-v says why)."


def totals(report: Report, show: Severity, *, verbose: bool) -> str:
    """Return how much was found in how much, as a sentence; what is below `show` is counted as hidden."""
    shown = [finding for finding in report.findings if finding.severity >= show]
    numbers = {severity: report.number_of(severity) for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO)}
    found = [count(number, severity.word) for severity, number in numbers.items() if number and severity >= show]
    hidden = [
        f"{count(number, severity.word)} hidden (--show {severity.word})"
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
    if report.suppressed:
        hidden.append(f"{len(report.suppressed):,} suppressed{'' if verbose else ' (-v lists them)'}")
    return ", ".join([f"{text} ({', '.join(_size(report))})", *hidden]) + "."


def mark(finding: Finding, style: Style) -> str:
    """Return `[*]` if `--fix` fixes a finding, else nothing."""
    return "[*]" if finding.fix and (finding.fix.safe or style.unsafe_fixes) else ""


def fixes(report: Report, style: Style) -> str:
    """Return how many findings can be fixed, as a sentence; empty if none can."""
    safe = sum(bool(mark(finding, style)) for finding in report.findings)
    unsafe = sum(finding.fix is not None for finding in report.findings) - safe
    if not safe:
        return f"{unsafe:,} fixable with --fix --unsafe-fixes." if unsafe else ""
    return f"{safe:,} fixable with --fix{f', {unsafe:,} more with --unsafe-fixes' if unsafe else ''}."


def _size(report: Report) -> Iterator[str]:
    yield count(report.objects, "object")
    partial = sum(bool(scope.doubts) for scope in report.scopes)
    if len(report.scopes) > 1 or partial:
        yield count(len(report.scopes), "scope")
    if partial:
        yield f"{partial:,} partial"
    if report.kubernetes_versions:
        first, last = report.kubernetes_versions[0], report.kubernetes_versions[-1]
        several = len(report.kubernetes_versions) > _LISTED_VERSIONS
        yield f"Kubernetes {f'{first} to {last}' if several else ' and '.join(report.kubernetes_versions)}"


def not_checked(skipped: tuple[Skipped, ...]) -> str:
    """Return `3 templates, 2 patches and 14 other documents`, empty if there is nothing."""
    templates = templates_in(skipped)
    patches = sum(each.reason.startswith("patch") for each in skipped)
    other = sum(not each.reason.startswith(("patch", "template", IN_PART)) for each in skipped)
    parts = [count(templates, "template")] if templates else []
    parts += [count(patches, "patch", "patches")] if patches else []
    parts += [count(other, "other document")] if other else []
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def templates_in(skipped: tuple[Skipped, ...]) -> int:
    """Return how many files have templates; one may have several documents of them."""
    return len({each.path for each in skipped if is_template(each)})


def is_template(skipped: Skipped) -> bool:
    """Tell whether a document was not checked because it is a template."""
    return skipped.reason.startswith("template")
