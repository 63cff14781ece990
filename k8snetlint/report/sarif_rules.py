"""The description of a rule in SARIF."""

from __future__ import annotations

import re
from typing import Any

from k8snetlint.codes import OUTSIDE_RULES, group_of
from k8snetlint.finding import Severity
from k8snetlint.rules import rule_of
from k8snetlint.rules.catalog import markdown_of, page_of

PROJECT = "https://github.com/k8snetlint/k8snetlint"
_PAGES = f"{PROJECT}/blob/main/docs/rules/"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PROBLEMS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}
_PRECISIONS = {Severity.ERROR: "very-high", Severity.WARNING: "high", Severity.INFO: "medium"}


def reporting_descriptor(finding_id: str) -> dict[str, Any]:
    """Return the description of a rule, or of what is reported without being one.

    `helpUri` is the page that the rule follows; without such a page it is our own.
    """
    rule = rule_of(finding_id)
    if rule:
        page = page_of(rule)
        severity, title = rule.severity, page.title
        text, markdown = f"{page.title}\n\n{page.why}".strip(), markdown_of(rule)
        source = re.search(r"https://[^\s<>,;]+", page.source)
        address = source[0] if source else f"{_PAGES}{finding_id}.md"
    else:
        severity, title = OUTSIDE_RULES.get(finding_id, (Severity.WARNING, finding_id))
        text, markdown, address = title, f"**{title}**\n", f"{_PAGES}README.md"
    security = rule.security if rule else 0
    return {
        "id": finding_id,
        "shortDescription": {"text": title},
        "fullDescription": {"text": title},
        "help": {"text": text, "markdown": markdown},
        "helpUri": address,
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {
            "precision": _PRECISIONS[severity],
            "problem.severity": _PROBLEMS[severity],
            **({"security-severity": f"{security:.1f}"} if security else {}),
            "tags": ["kubernetes", "networking", group_of(finding_id), *(["security"] if security else [])],
        },
    }
