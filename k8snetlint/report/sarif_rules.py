"""What SARIF says of a rule."""

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
SECURITY = {
    # What looks like a limit is none; the API server takes it and nothing tells.
    "netpol-allow-all-rule-shadows": "7.0",  # the rules beside it limit nothing
    "netpol-peers-or-not-and": "7.0",  # one label is enough where two were asked for: whole namespaces get in
    "netpol-rules-ignored-by-policy-types": "7.0",  # the direction is not isolated: everything is allowed
    "netpol-legacy-isolation-annotation": "7.0",  # the namespace is not isolated
    # It opens pods if the policy was all that protected them.
    "netpol-selects-no-pod": "6.0",  # the pods that were meant are not isolated
    "netpol-selector-matches-service-labels": "6.0",  # the same, by the labels of another object
    "netpol-selects-host-network-pods": "6.0",  # most network plugins ignore the policy
    "netpol-selector-on-volatile-label": "5.0",  # the same as selecting none, from the next release on
    # It opens traffic, and may be meant.
    "netpol-empty-peer-list-allows-all": "5.0",  # reads as nobody, allows everybody
    "netpol-empty-ports-list-allows-all": "4.0",  # reads as no port, allows every port of the named peers
    "netpol-allow-all-rule": "3.0",  # says what it does
    "netpol-missing-policy-types": "3.0",  # `egress: []` alone reads as no egress and isolates nothing
    # It opens traffic only where the API server is told to drop what it does not know.
    "netpol-selector-missing-match-labels": "4.0",  # what is left of the selector selects everything
    "netpol-misplaced-or-unknown-field": "4.0",  # a rule without its peers or ports allows all of them
}
"""How bad it is that a rule's mistake allows more than is meant, as CVSS counts; GitHub calls 7.0 high, 4.0 medium."""


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
    security = SECURITY.get(finding_id)
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
            **({"security-severity": security} if security else {}),
            "tags": ["kubernetes", "networking", group_of(finding_id), *(["security"] if security else [])],
        },
    }
