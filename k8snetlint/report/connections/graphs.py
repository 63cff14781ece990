"""Connections as graphs: for Graphviz, and for Mermaid, which Markdown on GitHub and GitLab shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.engine import Verdict
from k8snetlint.report.connections.names import Names, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snetlint.connectivity.connections import Connections
    from k8snetlint.connectivity.peer_sets import PeerSet
    from k8snetlint.report.connections.answer import Answer


class Edge(NamedTuple):
    """An edge of a graph: the numbers of its nodes."""

    source: int
    destination: int
    label: str
    is_certain: bool


class Graph(NamedTuple):
    """The connections of one scope: nodes are groups of peers, or single ones."""

    scope: str
    nodes: list[list[str]]
    edges: list[Edge]


def graph_of(answer: Answer) -> Graph:
    """Return the graph of an answer; each node has the lines of its label."""
    nodes: dict[tuple[str, ...], int] = {}
    edges: dict[tuple[int, int, bool], list[str]] = {}
    for source, destination, ports, verdict in _ends(answer):
        start, end = (nodes.setdefault(each, len(nodes)) for each in (source, destination))
        certain = verdict is Verdict.ALLOWED
        edges.setdefault((start, end, certain), []).append(ports if certain else f"{ports} ({verdict.value})")
    made = [Edge(source, end, "; ".join(labels), certain) for (source, end, certain), labels in edges.items()]
    return Graph(answer.scope, [list(each) for each in nodes], made)


def _ends(answer: Answer) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], str, Verdict]]:
    found = answer.connections
    if answer.in_pairs:
        for pair in found.pairs():
            yield (name_of(pair.source),), (name_of(pair.destination),), str(pair.ports), pair.verdict
        return
    names = Names(found)
    for each in found.grouped():
        for destination in _groups_of(each.destination, found):
            for source in _groups_of(each.source, found):
                if source != destination or not source.is_single or found.asked.to_itself:
                    yield tuple(names.of(source)), tuple(names.of(destination)), str(each.ports), each.verdict


def _groups_of(peers: PeerSet, found: Connections) -> list[PeerSet]:
    """Return the nodes that a set of peers consists of."""
    if peers.only is not None or peers.bits & found.controllers:
        return [peers]
    return [found.names.of(bits) for bits in found.groups.of(peers.bits)]


def as_dot(answers: Sequence[Answer]) -> Iterator[str]:
    """Yield a graph in the language of Graphviz, with a cluster for each scope; dashed edges are not certain."""
    yield "digraph connections {\n  rankdir=LR;\n  node [shape=box];\n"
    for number, answer in enumerate(answers):
        graph = graph_of(answer)
        yield f"  subgraph cluster_{number} {{\n    label={_quoted([graph.scope])};\n"
        for node, lines in enumerate(graph.nodes):
            yield f"    n{number}_{node} [label={_quoted(lines)}];\n"
        for each in graph.edges:
            style = "" if each.is_certain else ", style=dashed"
            ends = f"n{number}_{each.source} -> n{number}_{each.destination}"
            yield f"    {ends} [label={_quoted([each.label])}{style}];\n"
        yield "  }\n"
    yield "}\n"


def _quoted(lines: Sequence[str]) -> str:
    escaped = (each.replace("\\", "\\\\").replace('"', '\\"') for each in lines)
    return '"' + "\\n".join(escaped) + '"'


def as_mermaid(answers: Sequence[Answer]) -> Iterator[str]:
    """Yield a flowchart, with a subgraph for each scope; dotted edges are not certain."""
    yield "flowchart LR\n"
    for number, answer in enumerate(answers):
        graph = graph_of(answer)
        indent = "  "
        if len(answers) > 1:
            yield f'  subgraph s{number}["{_entities(graph.scope or "all other files")}"]\n'
            indent = "    "
        for node, lines in enumerate(graph.nodes):
            yield f'{indent}n{number}_{node}["{"<br/>".join(map(_entities, lines))}"]\n'
        for each in graph.edges:
            arrow = "-->" if each.is_certain else "-.->"
            ends = f"n{number}_{each.source}", f"n{number}_{each.destination}"
            yield f'{indent}{ends[0]} {arrow}|"{_entities(each.label)}"| {ends[1]}\n'
        if len(answers) > 1:
            yield "  end\n"


_SPECIAL = re.compile(r"[^\w\s.,:()/=?-]|_", re.ASCII)


def _entities(text: str) -> str:
    """Return text whose special characters are written as Mermaid's entities."""
    return _SPECIAL.sub(lambda match: f"#{ord(match[0])};", text)
