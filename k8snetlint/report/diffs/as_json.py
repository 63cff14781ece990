"""The format `json` of differences. Its schema is `schemas/diff.json`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from k8snetlint.connectivity.port_sets import ALL, NONE
from k8snetlint.connectivity.reasons import verdict_of
from k8snetlint.report.peers_json import peer_as_json, ports_as_json
from k8snetlint.source.escape import escape_json
from k8snetlint.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.connectivity.causes import Cause
    from k8snetlint.connectivity.comparison import Change, OneSided, Ports
    from k8snetlint.connectivity.groups import PeerGroup
    from k8snetlint.connectivity.port_sets import PortSet
    from k8snetlint.connectivity.reasons import Reason
    from k8snetlint.report.diffs import ScopeDiff, StateDiff

FORMAT_VERSION = 1


def as_json(diff: StateDiff) -> Iterator[str]:
    """Yield one JSON object, indented."""
    value = {
        "version": FORMAT_VERSION,
        "tool": {"name": "k8snetlint", "version": VERSION},
        "old": diff.old,
        "new": diff.new,
        "widened": diff.widened,
        "summary": dict(diff.counts()),
        "scopes": [_scope(diff, each) for each in diff.scopes],
    }
    yield from escape_lines(json.dumps(value, ensure_ascii=False, indent=1))


def escape_lines(text: str) -> Iterator[str]:
    """Yield the lines of a JSON text, harmless on a terminal."""
    yield from (escape_json(line) for line in text.splitlines())


def _scope(diff: StateDiff, scope: ScopeDiff) -> dict[str, Any]:
    return {
        "name": scope.name,
        "assumptions": {"old": list(scope.taken_before), "new": list(scope.taken_now)},
        "changes": [_change(diff, each) for each in scope.comparison.changes],
        "added": [_one_sided(each) for each in scope.comparison.added],
        "removed": [_one_sided(each) for each in scope.comparison.removed],
    }


def _change(diff: StateDiff, change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind.value,
        "widened": change.widened,
        "exposes": [each.value for each in change.exposes],
        "from": _group(change.sources),
        "to": _group(change.destinations),
        "except": [{"from": _group(some), "to": _group(others)} for some, others in change.exceptions],
        "pairs": change.pairs,
        "before": _verdicts(change.before, change.why_before),
        "after": _verdicts(change.after, change.why_after),
        "causes": [_cause(diff, each) for each in change.causes],
    }


def _cause(diff: StateDiff, cause: Cause) -> dict[str, Any]:
    at = diff.locate(cause.place, cause.text)
    where = {"path": at.path, "line": at.start.line, "column": at.start.column}
    return {"text": cause.text, "state": "old" if cause.is_old else "new", **where}


def _one_sided(each: OneSided) -> dict[str, Any]:
    return {
        "workload": peer_as_json(each.peer),
        "isolated": [direction.rules_field for direction in each.isolated],
        "exposes": [exposure.value for exposure in each.exposes],
        "exposed": [{"from": _group(group), "verdicts": _verdicts(ports, ())} for group, ports in each.exposed],
    }


def _verdicts(ports: Ports, because: tuple[Reason, ...]) -> list[dict[str, Any]]:
    """Return what is allowed and what is uncertain; what is missing is denied."""
    found = [{"verdict": "allowed", "because": [], **_ports(ports.always)}] if ports.always != NONE else []
    if ports.uncertain != NONE:
        texts = [each.text for each in because]
        found.append({"verdict": verdict_of(because).value, "because": texts, **_ports(ports.uncertain)})
    return found


def _ports(ports: PortSet) -> dict[str, Any]:
    return {"ports": ports_as_json(ports), "all": ports == ALL}


def _group(group: PeerGroup) -> list[dict[str, Any]]:
    return [peer_as_json(each) for each in (*group.pods(), *group.addresses)]
