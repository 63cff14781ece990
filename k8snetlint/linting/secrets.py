"""What a report must not quote: the values of Secrets, and of variables that are named like a password."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from k8snetlint.source.paths import value_at

if TYPE_CHECKING:
    from k8snetlint.source.paths import FieldPath

_SENSITIVE = r"(?i)pass|token|secret|key|cred|auth"


def is_secret(value: Any, path: FieldPath) -> bool:
    """Tell whether what stands at `path` must not be quoted: a Secret, an environment value named like one."""
    if not isinstance(value, dict):
        return False
    if value.get("kind") == "Secret":
        return path[:1] not in (("metadata",), ("kind",), ("apiVersion",))
    for depth, step in enumerate(path):
        if step == "env" and depth + 1 < len(path):
            variable = value_at(value, path[: depth + 2])
            name = variable.get("name") if isinstance(variable, dict) else None
            return isinstance(name, str) and re.search(_SENSITIVE, name) is not None
    return False
