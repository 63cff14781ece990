"""Objects whose `apiVersion` or `kind` is missing, or no string, and items of Lists that are no objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.finding import Problem
from k8snetlint.linting.problems import RawProblem
from k8snetlint.source.split import BYTE_ORDER_MARK
from k8snetlint.validation.lists import item_problem
from k8snetlint.validation.serving import type_problem

if TYPE_CHECKING:
    from k8snetlint.model.environment import Version
    from k8snetlint.source.document import Place

_CONFIGURATIONS = ("CustomResourceStateMetrics",)
"""Kinds that a tool reads from a file without `apiVersion`.

Source: https://github.com/kubernetes/kube-state-metrics/blob/main/docs/metrics/extend/customresourcestate-metrics.md
"""


def incomplete_problem(value: Any, at: Place, versions: tuple[Version, ...]) -> RawProblem | None:
    """Return what is wrong with a value that has only one of the two fields, None if it is not meant as an object."""
    if at.root[-2:-1] == ("items",) and not isinstance(value, dict):
        problem = item_problem(value, at)
        return RawProblem("api-type", None, problem) if problem else None
    if not isinstance(value, dict) or not ("metadata" in value or "spec" in value):
        return None
    kind = value.get("kind")
    if "apiVersion" not in value and isinstance(kind, str) and kind in _CONFIGURATIONS:
        return None
    missing = "apiVersion" if isinstance(kind, str) else "kind"
    if not isinstance(value.get("kind" if missing == "apiVersion" else "apiVersion"), str):
        return None
    marked = BYTE_ORDER_MARK + missing
    if marked in value:
        message = f"a byte order mark stands before {missing}"
        return RawProblem("api-required", None, Problem(message, at.to(marked, key=True)))
    if value.get(missing) is None:
        return RawProblem("api-required", None, Problem(f"{missing} must be specified", at.to(missing)))
    return RawProblem("api-type", None, type_problem(value, missing, versions, at))
