"""The format `sarif`: SARIF 2.1.0, as GitHub code scanning reads it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from k8snetlint.finding import Severity
from k8snetlint.report.code_scanning import line_hashes
from k8snetlint.report.words import has_line, sentence, worst_first
from k8snetlint.source.escape import escape, escape_json
from k8snetlint.version import VERSION
from k8snetlint.website import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from k8snetlint.finding import Finding, Location, Report, Suppressed
    from k8snetlint.report.style import Style, Tree

LIMIT = 25_000
"""GitHub refuses a run with more results."""
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_IN_SOURCE = frozenset({"comment", "annotation"})
_UNPAIRED = re.compile("[\ud800-\udc7f\udd00-\udfff]")


def sarif(report: Report, style: Style, describe: Callable[[str], dict[str, Any]] | None = None) -> Iterator[str]:
    """Yield one SARIF log, with a line for each result, suppressed ones last; of too many, the worst are kept.

    Args:
        report: what is written.
        style: how files are read.
        describe: returns the description of an id that does not belong to a rule.

    Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
    """
    kept = report.findings if len(report.findings) <= LIMIT else worst_first(report)[:LIMIT]
    accepted = report.suppressed[: LIMIT - len(kept)]
    results = [*((finding, None) for finding in kept), *((each.finding, each) for each in accepted)]
    rules = sorted({finding.id for finding, _ in results})
    index = {name: number for number, name in enumerate(rules)}
    head = {
        "tool": {
            "driver": {
                "name": "k8snetlint",
                "semanticVersion": VERSION,
                "informationUri": PROJECT,
                "rules": _descriptors(rules, describe),
            }
        },
        "invocations": [_invocation(report, len(results))],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
        "columnKind": "unicodeCodePoints",
    }
    yield f'{{"$schema": "{_SCHEMA}", "version": "2.1.0", "runs": [{_text(head)[:-1]}, "results": ['
    hashes = _Hashes(style.tree)
    for number, (finding, by) in enumerate(results, 1):
        result = {"ruleId": finding.id, "ruleIndex": index[finding.id], **_result(finding, style.tree)}
        result["partialFingerprints"] = hashes.fingerprints(finding)
        # All results say whether they are suppressed, or none does (SARIF, 3.27.23).
        if report.suppressed:
            result["suppressions"] = [_suppression(by)] if by else []
        yield _text(result) + ("," if number < len(results) else "")
    yield "]}]}"


def _invocation(report: Report, written: int) -> dict[str, Any]:
    failed = any(finding.id == "internal-error" for finding in report.findings)
    total = len(report.findings) + len(report.suppressed)
    if written == total:
        return {"executionSuccessful": not failed}
    text = f"{total - written:,} of {total:,} findings are omitted: GitHub accepts {LIMIT:,} at most"
    notification = {"level": "warning", "message": {"text": text}}
    return {"executionSuccessful": not failed, "toolExecutionNotifications": [notification]}


def _descriptors(rules: list[str], describe: Callable[[str], dict[str, Any]] | None) -> list[dict[str, Any]]:
    if describe is not None:
        return [describe(name) for name in rules]
    if not rules:
        return []
    from k8snetlint.report.sarif_rules import reporting_descriptor  # noqa: PLC0415 - only for findings

    return [reporting_descriptor(name) for name in rules]


def _result(finding: Finding, tree: Tree) -> dict[str, Any]:
    physical = _physical(finding.path, (finding.start, finding.end) if has_line(finding) else None, tree)
    location: dict[str, Any] = {"physicalLocation": physical}
    if finding.object:
        location["logicalLocations"] = [{"fullyQualifiedName": escape(str(finding.object)), "kind": "object"}]
    result: dict[str, Any] = {
        "level": _LEVELS[finding.severity],
        "message": {"text": _message(sentence(finding))},
        "locations": [location],
    }
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "message": {"text": _message(escape(related.message))},
                "physicalLocation": _physical(related.path, (related.start, related.end), tree),
            }
            for number, related in enumerate(finding.related, 1)
        ]
    fix = _fix(finding, tree) if finding.fix else None
    return {**result, "fixes": [fix]} if fix else result


def _fix(finding: Finding, tree: Tree) -> dict[str, Any] | None:
    from k8snetlint.report.fixes import describe_fix, fix_with_edits  # noqa: PLC0415 - only for fixes

    fix_and_edits = fix_with_edits(finding, tree)
    if not fix_and_edits:
        return None
    fix, edits = fix_and_edits
    replacements = []
    for start, end, inserted, _ in edits:
        region = {"startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column}
        content = {"insertedContent": {"text": inserted}} if inserted else {}
        replacements.append({"deletedRegion": region, **content})
    change = {"artifactLocation": _artifact(finding.path, tree), "replacements": replacements}
    return {"description": {"text": _message(escape(describe_fix(fix)))}, "artifactChanges": [change]}


def _suppression(accepted: Suppressed) -> dict[str, str]:
    kind = "inSource" if accepted.by in _IN_SOURCE else "external"
    suppression = {"kind": kind, "status": "accepted"}
    return {**suppression, "justification": escape(accepted.reason)} if accepted.reason else suppression


def _physical(path: str, span: tuple[Location, Location] | None, tree: Tree) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": _artifact(path, tree)}
    return {**physical, "region": _region(*span)} if span else physical


def _artifact(path: str, tree: Tree) -> dict[str, str]:
    relative = tree.relative(path)
    address = quote(_UNPAIRED.sub("\ufffd", relative).encode("utf-8", "surrogateescape"))
    if relative.startswith("/"):
        return {"uri": f"file://{address}"}
    return {"uri": address, "uriBaseId": _ROOT}


def _region(start: Location, end: Location) -> dict[str, int]:
    """Return a region of one line, to its end if it has more: GitHub annotates if *all* of its lines are changed."""
    region = {"startLine": start.line, "startColumn": start.column}
    return region if start.line != end.line else {**region, "endColumn": max(start.column, end.column)}


class _Hashes:
    """The fingerprints of findings; a file's lines are hashed once, for the first of its findings."""

    __slots__ = ("_files", "_tree")

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._files: dict[str, list[str]] = {}

    def fingerprints(self, finding: Finding) -> dict[str, str]:
        found = {"k8snetlint/v1": finding.fingerprint} if finding.fingerprint else {}
        if has_line(finding):
            if finding.path not in self._files:
                text = self._tree.text(finding.path)
                self._files[finding.path] = [] if text is None else line_hashes(text)
            lines = self._files[finding.path]
            if finding.start.line <= len(lines):
                found["primaryLocationLineHash"] = lines[finding.start.line - 1]
        return found


def _message(text: str) -> str:
    """Return an escaped text without links: `[text](address)` is one in plain messages, too (SARIF, 3.11.6)."""
    return re.sub(r"[\\\[\]]", r"\\\g<0>", text) if "](" in text else text


def _text(value: object) -> str:
    return escape_json(json.dumps(value, ensure_ascii=False))
