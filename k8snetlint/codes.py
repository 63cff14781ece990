"""The ids of findings that are not rules, and what all ids have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

OUTSIDE_RULES: dict[str, tuple[Severity, str]] = {
    "yaml-syntax": (
        Severity.ERROR,
        "The text is not YAML that kubectl can read, or it exceeds a limit on size or depth.",
    ),
    "manifest-lost-indentation": (
        Severity.ERROR,
        "A manifest lost its indentation: the fields of `metadata` and `spec` are at the top level.",
    ),
    "api-required": (Severity.ERROR, "The API server rejects the object: a required field is missing."),
    "api-invalid": (Severity.ERROR, "The API server rejects the value of a field."),
    "api-not-supported": (Severity.ERROR, "The API server rejects a value that is not one of the supported ones."),
    "api-forbidden": (Severity.ERROR, "The API server rejects a field that may not be set here."),
    "api-duplicate": (Severity.ERROR, "The API server rejects a duplicate value."),
    "api-too-long": (Severity.ERROR, "The API server rejects a value that is too long."),
    "api-too-many": (Severity.ERROR, "The API server rejects a list that has too many items."),
    "api-not-found": (Severity.ERROR, "The API server rejects a name that the object does not define."),
    "api-type": (Severity.ERROR, "The API server cannot decode a field: its value has the wrong type."),
    "api-unknown-field": (Severity.ERROR, "The kind has no such field: strict validation rejects it."),
    "api-duplicate-key": (Severity.ERROR, "A key is defined twice in one mapping: kubectl keeps only the last one."),
    "api-no-match": (Severity.ERROR, "None of the selected Kubernetes versions serves this kind in this apiVersion."),
    "api-removed-version": (
        Severity.ERROR,
        "The apiVersion was removed from Kubernetes: the object cannot be applied.",
    ),
    "api-off-by-default": (
        Severity.WARNING,
        "An alpha or beta apiVersion that a server serves only where it is enabled: others reject the object.",
    ),
    "api-decode": (Severity.ERROR, "The API server cannot decode the object."),
    "api-warning": (Severity.WARNING, "The API server accepts the object and warns about it."),
    "file-unreadable": (Severity.ERROR, "A file could not be read: nothing in it was checked."),
    "template-skipped": (Severity.INFO, "A template is not a manifest: render it and check the result."),
    "ignore-unknown-rule": (
        Severity.ERROR,
        "A suppression names an unknown id: it has no effect.",
    ),
    "ignore-malformed": (Severity.WARNING, "A comment is meant as a suppression but is not one: it has no effect."),
    "ignore-unused": (Severity.WARNING, "A suppression matches no finding: the problem it was written for is gone."),
    "ignore-blanket": (Severity.WARNING, "A suppression names no rule, so it hides every finding."),
    "pr-adds-suppression": (
        Severity.WARNING,
        "The change adds a suppression that the base does not have (`--trust`): it has no effect.",
    ),
    "pr-changes-config": (
        Severity.WARNING,
        "The change modifies a file that decides about findings (`--trust`): the base version is used.",
    ),
    "internal-error": (
        Severity.ERROR,
        "k8snetlint failed at a file or in a rule: report this bug with the manifest.",
    ),
}
"""What is reported without being a rule: the default severity and what it means."""

LOST_INDENTATION = "manifest-lost-indentation"
"""Reported instead of what the parser and the API server say of such a document."""

ALWAYS = frozenset({"internal-error", "file-unreadable", "yaml-syntax"})
"""What cannot be turned off: something was not checked."""
_NO_REJECTIONS = frozenset({"api-off-by-default", "api-warning"})
"""The server accepts the object, or it depends on the cluster."""


def group_of(finding_id: str) -> str:
    """Return an id's group, what stands before its first dash."""
    return finding_id.partition("-")[0]


def is_rejection(finding_id: str) -> bool:
    """Tell whether an id says that the API server rejects an object, or that something was not checked."""
    if finding_id in ALWAYS or finding_id == LOST_INDENTATION:
        return True
    return finding_id.startswith("api-") and finding_id not in _NO_REJECTIONS


def unknown_id(name: str, known: Iterable[str]) -> str:
    """Return what to say about an id that does not exist."""
    from k8snetlint.source.similar import closest  # noqa: PLC0415 - only for an error

    near = closest(name, known, limit=4)
    return f"unknown id `{name}`" + (f"; did you mean `{near}`?" if near else "; `k8snetlint rules` lists all")
