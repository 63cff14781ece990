"""What SARIF says of a rule."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

from k8snetlint.catalog import markdown_of, page_of
from k8snetlint.finding import Severity
from k8snetlint.rules import all_rules
from k8snetlint.selection import OUTSIDE_RULES, group_of

if TYPE_CHECKING:
    from k8snetlint.rules import Rule

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PROBLEMS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}
_PRECISIONS = {Severity.ERROR: "very-high", Severity.WARNING: "high", Severity.INFO: "medium"}


def reporting_descriptor(finding_id: str) -> dict[str, Any]:
    """Return the description of a rule, or of what is reported without being one.

    `helpUri` is the page that the rule follows; without such a page there is none.
    """
    rule = _rules().get(finding_id)
    if rule:
        page = page_of(rule)
        severity, title = rule.severity, page.title
        text, markdown = f"{page.title}\n\n{page.why}".strip(), markdown_of(rule)
        address = re.search(r"https://[^\s<>,;]+", page.source)
    else:
        severity, title = OUTSIDE_RULES.get(finding_id, (Severity.WARNING, finding_id))
        text, markdown, address = title, f"**{title}**\n", None
    descriptor = {
        "id": finding_id,
        "shortDescription": {"text": title},
        "fullDescription": {"text": title},
        "help": {"text": text, "markdown": markdown},
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {
            "precision": _PRECISIONS[severity],
            "problem.severity": _PROBLEMS[severity],
            "tags": ["kubernetes", "networking", group_of(finding_id)],
        },
    }
    return {**descriptor, "helpUri": address[0]} if address else descriptor


@functools.cache
def _rules() -> dict[str, Rule]:
    return {rule.id: rule for rule in all_rules()}
