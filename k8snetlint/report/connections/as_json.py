"""The format `json` of connections; its schema is `schemas/connections.json`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from k8snetlint.connectivity.port_sets import ALL
from k8snetlint.report.connections.rows import rows
from k8snetlint.report.peers_json import peer_as_json, ports_as_json
from k8snetlint.source.escape import escape_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snetlint.connectivity.exposure import Exposure
    from k8snetlint.connectivity.ingress_paths import IngressPath
    from k8snetlint.connectivity.peer_sets import Member
    from k8snetlint.report.connections.answer import Answer
    from k8snetlint.report.connections.rows import Row

FORMAT_VERSION = 1
_ENCODER = json.JSONEncoder(ensure_ascii=False)


def as_json(answers: Sequence[Answer]) -> Iterator[str]:
    """Yield one JSON object, with a line for each connection."""
    writer = _Writer()
    head = {
        "version": FORMAT_VERSION,
        "complete": all(each.assumptions.complete for each in answers),
        "assumptions": list(dict.fromkeys(text for each in answers for text in each.assumptions.texts)),
        "scopes": [
            {"name": each.scope, "complete": each.assumptions.complete, "assumptions": list(each.assumptions.texts)}
            for each in answers
        ],
    }
    yield _text(head)[:-1]
    listed = ((each, row) for each in answers for row in rows(each))
    yield from _list("connections", (writer.connection(each, row) for each, row in listed))
    paths = ((each, path) for each in answers for path in each.connections.ingress_paths)
    yield from _list("ingresses", (writer.path(each, path) for each, path in paths))
    isolation = ((each, each.exposure) for each in answers if each.exposure is not None)
    if any(each.exposure is not None for each in answers):
        yield from _list("notIsolated", (one for each, found in isolation for one in _isolation(each, found)))
    yield from _list("groups", writer.groups())
    yield "}\n"


def _list(name: str, values: Iterator[dict[str, Any]]) -> Iterator[str]:
    yield f', "{name}": ['
    for index, each in enumerate(values):
        yield f"{',' if index else ''}\n  {_text(each)}"
    yield "]"


def _text(value: dict[str, Any]) -> str:
    return escape_json(_ENCODER.encode(value))


class _Writer:
    """Writes peers; several are a group, which is described once."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, tuple[Member, ...]], int] = {}

    def connection(self, answer: Answer, row: Row) -> dict[str, Any]:
        return {
            "scope": answer.scope,
            "from": self.peer(answer, row.source),
            "to": self.peer(answer, row.destination),
            "verdict": row.verdict.value,
            "because": list(row.because),
            "ports": ports_as_json(row.ports),
            "all": row.ports == ALL,
        } | ({"exposure": row.what} if row.what else {})

    def path(self, answer: Answer, path: IngressPath) -> dict[str, Any]:
        connections = answer.connections
        namespace = connections.connectivity.cluster.known_namespace_of(path.ingress) or ""
        return {
            "scope": answer.scope,
            "namespace": namespace,
            "ingress": path.ingress.name or "",
            "service": path.service.name or "",
            "from": self.peer(answer, connections.names.of(path.source).members),
            "to": self.peer(answer, connections.target_of(path).members),
            "protocol": path.target.protocol.value,
            "port": path.target.number,
            "verdict": path.verdict.value,
            "because": list(path.because),
        }

    def peer(self, answer: Answer, members: tuple[Member, ...]) -> dict[str, Any]:
        if len(members) == 1:
            return peer_as_json(members[0])
        key = answer.scope, members
        return {"kind": "group", "id": self._groups.setdefault(key, len(self._groups) + 1)}

    def groups(self) -> Iterator[dict[str, Any]]:
        for (scope, members), number in self._groups.items():
            yield {"id": number, "scope": scope, "peers": [peer_as_json(each) for each in members]}


def _isolation(answer: Answer, exposure: Exposure) -> Iterator[dict[str, Any]]:
    words = {True: "isolated", False: "open", None: "unknown"}
    for each in exposure.not_isolated:
        for member in each.peers.members:
            directions = {"ingress": words[each.ingress], "egress": words[each.egress]}
            yield {"scope": answer.scope, "peer": peer_as_json(member), **directions}
