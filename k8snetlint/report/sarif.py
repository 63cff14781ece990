"""The format `sarif`: SARIF 2.1.0, as GitHub code scanning reads it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from k8snetlint.finding import Severity
from k8snetlint.report.code_scanning import line_hashes
from k8snetlint.report.escape import escape
from k8snetlint.report.sarif_rules import reporting_descriptor
from k8snetlint.report.words import has_line, sentence, worst_first
from k8snetlint.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import Finding, Position, Report
    from k8snetlint.report import Look, Tree

LIMIT = 25_000
"""GitHub refuses a run with more results."""
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_UNPAIRED = re.compile("[\ud800-\udc7f\udd00-\udfff]")


def sarif(report: Report, look: Look) -> Iterator[str]:
    """Yield one SARIF log, with a line for each result; of too many, the worst are kept.

    Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
    """
    total = len(report.findings)
    kept = report.findings if total <= LIMIT else worst_first(report)[:LIMIT]
    rules = sorted({finding.id for finding in kept})
    index = {name: number for number, name in enumerate(rules)}
    head = {
        "tool": {
            "driver": {
                "name": "k8snetlint",
                "semanticVersion": VERSION,
                "rules": [reporting_descriptor(name) for name in rules],
            }
        },
        "invocations": [_invocation(report, total - len(kept))],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
        "columnKind": "unicodeCodePoints",
    }
    yield f'{{"$schema": "{_SCHEMA}", "version": "2.1.0", "runs": [{_text(head)[:-1]}, "results": ['
    hashes = _Hashes(look.tree)
    for number, finding in enumerate(kept, 1):
        result = {"ruleId": finding.id, "ruleIndex": index[finding.id], **_result(finding, look.tree)}
        result["partialFingerprints"] = hashes.fingerprints(finding)
        yield _text(result) + ("," if number < len(kept) else "")
    yield "]}]}"


def _invocation(report: Report, left_out: int) -> dict[str, Any]:
    failed = any(finding.id == "internal-error" for finding in report.findings)
    if not left_out:
        return {"executionSuccessful": not failed}
    text = f"{left_out:,} of {len(report.findings):,} findings are left out: GitHub takes {LIMIT:,} at most"
    notification = {"level": "warning", "message": {"text": text}}
    return {"executionSuccessful": not failed, "toolExecutionNotifications": [notification]}


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
    return result


def _physical(path: str, span: tuple[Position, Position] | None, tree: Tree) -> dict[str, Any]:
    relative = tree.relative(path)
    address = quote(_UNPAIRED.sub("\ufffd", relative).encode("utf-8", "surrogateescape"))
    if relative.startswith("/"):
        physical: dict[str, Any] = {"artifactLocation": {"uri": f"file://{address}"}}
    else:
        physical = {"artifactLocation": {"uri": address, "uriBaseId": _ROOT}}
    if span:
        physical["region"] = _region(*span)
    return physical


def _region(start: Position, end: Position) -> dict[str, int]:
    """Return a region of one line, to its end if it has more: GitHub annotates if *all* of its lines are changed."""
    region = {"startLine": start.line, "startColumn": start.column}
    return region if start.line != end.line else {**region, "endColumn": max(start.column, end.column)}


class _Hashes:
    """The fingerprints of findings; a file's lines are hashed once, when the first finding asks."""

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
    return json.dumps(value, ensure_ascii=False)
