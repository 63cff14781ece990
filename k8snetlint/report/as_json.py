"""The format `json`: everything, for machines. Its schema is `schemas/report.json`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from k8snetlint.finding import Severity
from k8snetlint.report.summary import templates_in
from k8snetlint.source.escape import escape_json
from k8snetlint.version import VERSION
from k8snetlint.website import page_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.finding import Finding, Location, ObjectName, Report, Suppressed, Unanswered, Unvalidated
    from k8snetlint.report.style import Style, Tree

FORMAT_VERSION = 1
_ENCODER = json.JSONEncoder(ensure_ascii=False)


def as_json(report: Report, style: Style) -> Iterator[str]:
    """Yield one JSON object, with a line for each finding, each suppressed one and each skipped document."""
    head = {
        "version": FORMAT_VERSION,
        "tool": {"name": "k8snetlint", "version": VERSION},
        "summary": {
            "error": report.number_of(Severity.ERROR),
            "warning": report.number_of(Severity.WARNING),
            "info": report.number_of(Severity.INFO),
            "files": report.files,
            "documents": report.documents,
            "objects": report.objects,
            "skipped": len(report.skipped),
            "templates": templates_in(report.skipped),
            "scopes": len(report.scopes),
            "partial": sum(bool(scope.doubts) for scope in report.scopes),
            "fixable": sum(finding.fix is not None and finding.fix.safe for finding in report.findings),
            "suppressed": len(report.suppressed),
            "unvalidated": len(report.unvalidated),
            "kubernetesVersions": list(report.kubernetes_versions),
        },
    }
    yield _text(head)[:-1] + ","
    yield from _array("findings", (_finding(each, style.tree) for each in report.findings), ",")
    yield from _array("suppressed", (_suppressed(each, style.tree) for each in report.suppressed), ",")
    skipped = ({"path": each.path, "document": each.document, "reason": each.reason} for each in report.skipped)
    yield from _array("skipped", skipped, ",")
    scopes = ({"name": each.name, "objects": each.objects, "doubts": list(each.doubts)} for each in report.scopes)
    yield from _array("scopes", scopes, ",")
    yield from _array("unanswered", map(_unanswered, report.unanswered), ",")
    yield from _array("unvalidated", map(_unvalidated, report.unvalidated), "}")


def _array(name: str, values: Iterable[dict[str, Any]], after: str) -> Iterator[str]:
    before = ""
    for value in values:
        yield f"{before}," if before else f'"{name}": ['
        before = _text(value)
    if before:
        yield before
        yield "]" + after
    else:
        yield f'"{name}": []{after}'


def _unanswered(question: Unanswered) -> dict[str, Any]:
    return {
        "path": question.path,
        "document": question.document,
        "object": _object(question.object),
        "field": question.field,
        "reason": question.reason,
    }


def _unvalidated(each: Unvalidated) -> dict[str, Any]:
    return {"path": each.path, "document": each.document, "object": _object(each.object), "reason": each.reason}


def _object(about: ObjectName) -> dict[str, Any]:
    return {"apiVersion": about.api_version, "kind": about.kind, "namespace": about.namespace, "name": about.name}


def _suppressed(accepted: Suppressed, tree: Tree) -> dict[str, Any]:
    return {**_finding(accepted.finding, tree), "by": accepted.by, "reason": accepted.reason or None}


def _finding(finding: Finding, tree: Tree) -> dict[str, Any]:
    return {
        "id": finding.id,
        "severity": finding.severity.word,
        "message": finding.message,
        "path": finding.path,
        "document": finding.document,
        "object": finding.object and _object(finding.object),
        "field": finding.field,
        "start": _position(finding.start),
        "end": _position(finding.end),
        "related": [
            {
                "path": related.path,
                "start": _position(related.start),
                "end": _position(related.end),
                "message": related.message,
            }
            for related in finding.related
        ],
        "help": finding.help or None,
        "fixes": _fixes(finding, tree) if finding.fix else [],
        "fingerprint": finding.fingerprint,
        "url": page_url(finding.id),
    }


def _fixes(finding: Finding, tree: Tree) -> list[dict[str, Any]]:
    from k8snetlint.report.fixes import fix_with_edits  # noqa: PLC0415 - only for fixes

    fix_and_edits = fix_with_edits(finding, tree)
    if not fix_and_edits:
        return []
    fix, edits = fix_and_edits
    written = [{"start": _position(each.start), "end": _position(each.end), "text": each.text} for each in edits]
    return [{"title": fix.title, "safe": fix.safe, "edits": written}]


def _position(position: Location) -> dict[str, int]:
    return {"line": position.line, "column": position.column, "offset": position.offset}


def _text(value: object) -> str:
    return escape_json(_ENCODER.encode(value))
