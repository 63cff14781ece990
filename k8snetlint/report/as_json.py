"""The format `json`: everything, for machines. Its schema is `schemas/report.json`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from k8snetlint.finding import Severity
from k8snetlint.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.finding import Finding, ObjectName, Position, Report, Unanswered
    from k8snetlint.report import Look

FORMAT_VERSION = 1


def as_json(report: Report, look: Look) -> Iterator[str]:  # noqa: ARG001 - all formats are called alike
    """Yield one JSON object, with a line for each finding and each skipped document."""
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
            "scopes": len(report.scopes),
            "partial": sum(bool(scope.doubts) for scope in report.scopes),
        },
    }
    yield _text(head)[:-1] + ","
    yield from _array("findings", map(_finding, report.findings), ",")
    skipped = ({"path": each.path, "document": each.document, "reason": each.reason} for each in report.skipped)
    yield from _array("skipped", skipped, ",")
    scopes = ({"name": each.name, "objects": each.objects, "doubts": list(each.doubts)} for each in report.scopes)
    yield from _array("scopes", scopes, ",")
    yield from _array("unanswered", map(_unanswered, report.unanswered), "}")


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


def _object(about: ObjectName) -> dict[str, Any]:
    return {"apiVersion": about.api_version, "kind": about.kind, "namespace": about.namespace, "name": about.name}


def _finding(finding: Finding) -> dict[str, Any]:
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
        "fixes": [],
        "fingerprint": finding.fingerprint,
    }


def _position(position: Position) -> dict[str, int]:
    return {"line": position.line, "column": position.column, "offset": position.offset}


def _text(value: object) -> str:
    """Return JSON that is as harmless on a terminal or in a log as escaped text is."""
    text = json.dumps(value, ensure_ascii=False)
    if not text.isprintable():
        text = "".join(each if each.isprintable() else _escaped(each) for each in text)
    return text.replace("##[", r"##\u005b")


def _escaped(letter: str) -> str:
    number = ord(letter)
    if 0xDC80 <= number <= 0xDCFF:  # a byte of a file name that is no UTF-8: half a surrogate pair is no JSON
        return rf"\\x{number - 0xDC00:02x}"
    if 0xD800 <= number <= 0xDFFF:
        return r"\ufffd"
    return json.dumps(letter)[1:-1] if number > 0x7F else rf"\u{number:04x}"
