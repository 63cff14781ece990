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


def _list(name: str, texts: Iterator[str]) -> Iterator[str]:
    yield f', "{name}": ['
    for index, each in enumerate(texts):
        yield f"{',' if index else ''}\n  {each}"
    yield "]"


def _text(value: Any) -> str:
    return escape_json(_ENCODER.encode(value))


class _Writer:
    """Writes connections: what many of them have is encoded once, and several peers are a group with a number."""

    def __init__(self) -> None:
        self._peers: dict[tuple[str, Member], str] = {}
        self._groups: dict[tuple[str, tuple[Member, ...]], int] = {}
        self._known_groups: dict[tuple[str, int], tuple[tuple[Member, ...], str]] = {}
        self._flows: dict[tuple[Any, ...], str] = {}

    def connection(self, answer: Answer, row: Row) -> str:
        source, destination = self.peer(answer.scope, row.source), self.peer(answer.scope, row.destination)
        ends = f'"scope": {_text(answer.scope)}, "from": {source}, "to": {destination}'
        return f"{{{ends}, {self._flow(row)}}}"

    def _flow(self, row: Row) -> str:
        key = row.ports, row.verdict, row.because, row.what
        known = self._flows.get(key)
        if known is None:
            value = {
                "verdict": row.verdict.value,
                "because": list(row.because),
                "ports": ports_as_json(row.ports),
                "all": row.ports == ALL,
            } | ({"exposure": row.what} if row.what else {})
            known = self._flows[key] = _text(value)[1:-1]
        return known

    def path(self, answer: Answer, path: IngressPath) -> str:
        connections = answer.connections
        namespace = connections.connectivity.cluster.known_namespace_of(path.ingress) or ""
        names = {
            "scope": answer.scope,
            "namespace": namespace,
            "ingress": path.ingress.name or "",
            "service": path.service.name or "",
        }
        source = self.peer(answer.scope, connections.names.of(path.source).members)
        destination = self.peer(answer.scope, connections.target_of(path).members)
        rest = {
            "protocol": path.target.protocol.value,
            "port": path.target.number,
            "verdict": path.verdict.value,
            "because": list(path.because),
        }
        return f'{_text(names)[:-1]}, "from": {source}, "to": {destination}, {_text(rest)[1:]}'

    def peer(self, scope: str, members: tuple[Member, ...]) -> str:
        return self._peer(scope, members[0]) if len(members) == 1 else self._group(scope, members)

    def _peer(self, scope: str, member: Member) -> str:
        known = self._peers.get((scope, member))
        if known is None:
            known = self._peers[scope, member] = _text(peer_as_json(member))
        return known

    def _group(self, scope: str, members: tuple[Member, ...]) -> str:
        # The same group of thousands may come with thousands of connections: it is mostly the same object, too.
        key = scope, id(members)
        known = self._known_groups.get(key)
        if known is None:
            number = self._groups.setdefault((scope, members), len(self._groups) + 1)
            known = self._known_groups[key] = members, _text({"kind": "group", "id": number})
        return known[1]

    def groups(self) -> Iterator[str]:
        for (scope, members), number in self._groups.items():
            peers = ", ".join(self._peer(scope, each) for each in members)
            yield f'{{"id": {number}, "scope": {_text(scope)}, "peers": [{peers}]}}'


def _isolation(answer: Answer, exposure: Exposure) -> Iterator[str]:
    words = {True: "isolated", False: "open", None: "unknown"}
    for each in exposure.not_isolated:
        for member in each.peers.members:
            directions = {"ingress": words[each.ingress], "egress": words[each.egress]}
            yield _text({"scope": answer.scope, "peer": peer_as_json(member), **directions})
