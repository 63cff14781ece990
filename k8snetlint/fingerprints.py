"""What names a finding whatever line it is on, and the order in which findings are reported."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from k8snetlint.finding import ObjectName
from k8snetlint.source.paths import format_path, value_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.finding import Finding
    from k8snetlint.source.paths import FieldPath

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=str)


def object_name(value: Any) -> ObjectName | None:
    """Return which object a value is, None if it is not an object."""
    if not isinstance(value, dict):
        return None
    api_version, kind = value.get("apiVersion"), value.get("kind")
    if not isinstance(api_version, str) or not isinstance(kind, str):
        return None
    metadata = value.get("metadata")
    named = metadata if isinstance(metadata, dict) else {}
    namespace, name = named.get("namespace"), named.get("name")
    return ObjectName(
        api_version, kind, namespace if isinstance(namespace, str) else None, name if isinstance(name, str) else None
    )


def fingerprint(finding_id: str, path: str, value: Any, field: FieldPath) -> str:
    """Return 16 hexadecimal digits that name a fact, not a line.

    Over the id, the object's group, kind, namespace and name as written, the field with list items by name or port,
    and the offending value; without an object over id and path.
    """
    named = object_name(value)
    if named is None:
        parts = [finding_id, path]
    else:
        group = named.api_version.rpartition("/")[0]
        what = _CANONICAL.encode(value_at(value, field))
        names = f"{group}/{named.kind}/{named.namespace or ''}/{named.name or ''}"
        parts = [finding_id, names, _keyed(value, field), what]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _keyed(value: Any, field: FieldPath) -> str:
    """Return a field path whose list items are named by `name` or `port` where they have one."""
    steps: list[str] = []
    item = value
    for step in field:
        item = value_at(item, (step,))
        key = None
        if isinstance(step, int) and isinstance(item, dict):
            key = next((f"{name}={item[name]}" for name in ("name", "port") if item.get(name) is not None), None)
        steps.append(f"[{key}]" if key else format_path((step,)))
    return ".".join(steps)


def order_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings in the order of a reader: file by file, from top to bottom."""
    return sorted(findings, key=lambda each: (each.path, each.start.offset, each.id, each.message))


def number_fingerprints(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings whose equal fingerprints differ: `-2`, `-3` in the order of the output."""
    seen: dict[str, int] = {}
    distinct: list[Finding] = []
    for finding in findings:
        count = seen[finding.fingerprint] = seen.get(finding.fingerprint, 0) + 1
        distinct.append(finding if count == 1 else finding._replace(fingerprint=f"{finding.fingerprint}-{count}"))
    return tuple(distinct)
