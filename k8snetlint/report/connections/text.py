"""Connections for people: a paragraph for each group of peers, with who may connect to them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from k8snetlint.connectivity.engine import Verdict
from k8snetlint.report.connections.names import Names, name_of
from k8snetlint.report.connections.rows import ordered
from k8snetlint.report.summary import count
from k8snetlint.source.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from k8snetlint.connectivity.connections import Connection
    from k8snetlint.connectivity.exposure import Exposure
    from k8snetlint.connectivity.ingress_paths import IngressPath
    from k8snetlint.report.connections.answer import Answer

_WIDTH, _WIDEST = 40, 56
"""Where ports stand; names that are longer push them to the right."""


def text(answers: Sequence[Answer]) -> Iterator[str]:
    """Yield the lines of all scopes, one after the other."""
    for index, answer in enumerate(answers):
        if index:
            yield ""
        if len(answers) > 1:
            title = escape(answer.scope or "all other files")
            yield f"{title}\n{'=' * len(title)}\n"
        yield from _scope(answer)


def _scope(answer: Answer) -> Iterator[str]:
    notes = _Notes()
    if answer.exposure is not None:
        yield from _exposure(answer, answer.exposure, notes)
    elif answer.in_pairs:
        yield from _pairs(answer, notes)
    else:
        yield from _groups(answer, notes)
    yield from _ingresses(answer, notes)
    yield from notes.lines()
    if answer.assumptions.texts:
        yield "Assumed:"
        yield from (f"  - {escape(each)}" for each in answer.assumptions.texts)
    if answer.assumptions.complete:
        yield "Complete: what is not listed is denied."
    else:
        yield "Not complete: what is not listed may be possible all the same."


class _Notes:
    """Why verdicts are not certain; each reason has a number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def of(self, verdict: Verdict, because: Iterable[str]) -> str:
        """Return what stands behind the ports: nothing for what is allowed."""
        if verdict in (Verdict.ALLOWED, Verdict.DENIED):
            return "" if verdict is Verdict.ALLOWED else "denied"
        numbers = sorted(self._numbers.setdefault(each, len(self._numbers) + 1) for each in because)
        return " ".join((verdict.value, *(f"[{each}]" for each in numbers)))

    def lines(self) -> Iterator[str]:
        """Yield the reasons."""
        yield from (f"[{number}] {escape(each)}" for each, number in self._numbers.items())
        if self._numbers:
            yield ""


def _line(start: str, *columns: str, width: int = _WIDTH) -> str:
    return "  ".join((f"{start:{width}}", *columns)).rstrip()


def _groups(answer: Answer, notes: _Notes) -> Iterator[str]:
    found, names, word = answer.connections, Names(answer.connections), "to" if answer.by_source else "from"
    # Those of a controller that no manifest shows stand at the Ingresses.
    listed = [each for each in ordered(answer) if not each.source.bits & found.controllers]
    for near, group in groupby(listed, key=lambda each: each.source if answer.by_source else each.destination):
        yield from names.of(near)
        lines = [
            (f"  {word} {name}", str(each.ports), notes.of(each.verdict, each.because))
            for each in group
            for name in names.of(each.destination if answer.by_source else each.source, near)
        ]
        width = min(max(_WIDTH, *(len(start) for start, _, _ in lines)), _WIDEST) if lines else _WIDTH
        yield from (_line(*each, width=width) for each in lines)
        yield ""
    if not listed and not found.ingress_paths:
        yield "No connection is allowed."
        yield ""


def _pairs(answer: Answer, notes: _Notes) -> Iterator[str]:
    number = 0
    for each in answer.connections.pairs():
        number += 1
        pair = f"{name_of(each.source)} -> {name_of(each.destination)}"
        yield _line(pair, str(each.ports), notes.of(each.verdict, each.because), width=_WIDEST)
    yield "" if number else "No connection is allowed.\n"


def _ingresses(answer: Answer, notes: _Notes) -> Iterator[str]:
    by_source: dict[int, list[IngressPath]] = {}
    for path in answer.connections.ingress_paths:
        by_source.setdefault(path.source, []).append(path)
    for source, paths in by_source.items():
        found = answer.connections
        served = ", ".join(Names(found).of(found.names.of(source)))
        yield f"Ingresses, served by {'pods that no manifest shows' if source & found.controllers else served}"
        for each in paths:
            end = name_of(answer.connections.target_of(each).members[0])
            start = f"  {path_name(answer, each)} -> {end}"
            port = f"{each.target.protocol.value} {each.target.number}"
            yield _line(start, port, notes.of(each.verdict, each.because) or "allowed", width=_WIDEST)
        yield ""


def path_name(answer: Answer, path: IngressPath) -> str:
    """Return `Ingress prod/shop -> Service web`."""
    namespace = answer.connections.connectivity.cluster.known_namespace_of(path.ingress)
    name = f"{namespace}/{path.ingress.name}" if namespace else path.ingress.name
    return escape(f"Ingress {name} -> Service {path.service.name}")


def _exposure(answer: Answer, exposure: Exposure, notes: _Notes) -> Iterator[str]:
    names = Names(answer.connections)

    def part(title: str, found: Sequence[Connection]) -> Iterator[str]:
        yield f"{title}{'' if found else ': nothing'}"
        for destination, group in groupby(found, key=lambda each: each.destination):
            yield from (f"  {each}" for each in names.of(destination))
            for each in group:
                for name in names.of(each.source, destination):
                    yield _line(f"    from {name}", str(each.ports), notes.of(each.verdict, each.because))
        yield ""

    yield from part("Open to the internet", exposure.internet)
    yield from part("Open to pods of other namespaces", exposure.other_namespaces)
    yield from part("Open to any pod", exposure.any_pod)
    number = sum(len(each.peers.members) for each in exposure.not_isolated)
    yield f"Not isolated: {count(number, 'workload') if number else 'nothing'}"
    for each in exposure.not_isolated:
        what = ", ".join(
            f"{word}{'' if isolated is False else ' (not certain)'}"
            for word, isolated in (("ingress", each.ingress), ("egress", each.egress))
            if not isolated
        )
        for member in each.peers.members:
            yield _line(f"  {name_of(member)}", what)
    yield ""
