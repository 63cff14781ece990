"""The description of a rule in SARIF."""

from __future__ import annotations

from typing import Any

from k8snetlint.codes import group_of
from k8snetlint.finding import Severity
from k8snetlint.pages.markdown import explain, markdown_of
from k8snetlint.rules import rule_of
from k8snetlint.website import page_url

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PROBLEMS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}
_PRECISIONS = {Severity.ERROR: "very-high", Severity.WARNING: "high", Severity.INFO: "medium"}


def reporting_descriptor(finding_id: str) -> dict[str, Any]:
    """Return the description of a rule, or of what is reported outside of rules."""
    explained = explain(finding_id)
    if explained:
        severity, title = explained.severity, explained.page.title
        source = explained.page.source and f"Source: {explained.page.source}"
        text = "\n\n".join(filter(None, (title, explained.page.why, source)))
        markdown = markdown_of(explained)
    else:
        severity, title = Severity.WARNING, finding_id
        text, markdown = title, f"**{title}**\n"
    rule = rule_of(finding_id)
    security = rule.security if rule else 0
    return {
        "id": finding_id,
        "shortDescription": {"text": title},
        "fullDescription": {"text": title},
        "help": {"text": text, "markdown": markdown},
        "helpUri": page_url(finding_id),
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {
            "precision": _PRECISIONS[severity],
            "problem.severity": _PROBLEMS[severity],
            **({"security-severity": f"{security:.1f}"} if security else {}),
            "tags": ["kubernetes", "networking", group_of(finding_id), *(["security"] if security else [])],
        },
    }
