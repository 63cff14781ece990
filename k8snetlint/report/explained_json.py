"""`explain` for machines: everything, each rule with what it allows or lacks. Its schema is `schemas/explain.json`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from k8snetlint.connectivity.port_sets import ALL, PortSet
from k8snetlint.report.peers_json import peer_as_json, ports_as_json
from k8snetlint.source.escape import escape_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from k8snetlint.connectivity.answers import Answer
    from k8snetlint.connectivity.explain import DirectionExplanation, PolicyExplanation, RuleExplanation
    from k8snetlint.connectivity.reasons import Reason
    from k8snetlint.linting.citations import Citations
    from k8snetlint.report.explained import Expectation, Explained
    from k8snetlint.source.document import Place

FORMAT_VERSION = 1


def explained_json(
    question: tuple[str, str], explained: Sequence[Explained], expected: Expectation | None, citations: Citations
) -> Iterator[str]:
    """Yield one JSON object with all answers; `question` is source and destination, as they were asked for."""
    value = {
        "version": FORMAT_VERSION,
        "from": question[0],
        "to": question[1],
        "expected": expected and {"verdict": expected.word, "met": expected.is_met},
        "scopes": [
            {
                "name": each.scope,
                "complete": each.assumptions.complete,
                "assumptions": list(each.assumptions.texts),
                "notes": list(each.notes),
                "answers": [_answer(answer, citations) for answer in each.answers],
            }
            for each in explained
        ],
    }
    yield escape_json(json.dumps(value, ensure_ascii=False, separators=(",", ":"))) + "\n"


def _answer(answer: Answer, citations: Citations) -> dict[str, Any]:
    explanation = answer.explanation
    return {
        "from": [peer_as_json(each) for each in answer.sources],
        "to": [peer_as_json(each) for each in answer.destinations],
        "verdicts": [{"verdict": str(verdict), **_ports(ports)} for verdict, ports in answer.verdicts()],
        "because": _because(explanation.because),
        "egress": _direction(explanation.egress, citations),
        "ingress": _direction(explanation.ingress, citations),
    }


def _direction(direction: DirectionExplanation, citations: Citations) -> dict[str, Any]:
    rules = direction.direction.rules_field
    return {
        "enforced": direction.enforced,
        "outside": direction.outside,
        "hostNetwork": direction.on_host,
        "allowed": _ports(direction.allowed),
        "possible": _ports(direction.possible),
        "policies": [_policy(each, citations) for each in direction.policies],
        "ignored": [
            {
                "namespace": each.namespace or "",
                "name": each.policy.name,
                "at": _place(each.policy.at("spec", rules, key=True), citations),
            }
            for each in direction.ignored
        ],
    }


def _policy(policy: PolicyExplanation, citations: Citations) -> dict[str, Any]:
    return {
        "namespace": policy.namespace,
        "name": policy.policy.name,
        "isolates": "always" if policy.certain else "possibly",
        "because": _because(policy.because),
        "at": _place(policy.policy.at("spec", "podSelector"), citations),
        "rules": [_rule(each, citations) for each in policy.rules],
    }


def _rule(rule: RuleExplanation, citations: Citations) -> dict[str, Any]:
    conditions = rule.miss.conditions if rule.miss else ()
    return {
        "at": _place(rule.place, citations),
        "matches": rule.peer and _place(rule.peer, citations),
        "allowed": _ports(rule.allowed),
        "possible": _ports(rule.possible),
        "because": _because(rule.because),
        "distance": rule.miss and rule.miss.distance,
        "lacks": [{"text": each.text, "at": _place(each.place, citations)} for each in conditions],
    }


def _place(place: Place, citations: Citations) -> dict[str, Any]:
    found = citations.find(place)
    return {
        "path": place.source.name,
        "field": place.field,
        "line": found and found.start.line,
        "column": found and found.start.column,
    }


def _because(because: Iterable[Reason]) -> list[dict[str, str]]:
    return [{"verdict": str(each.verdict), "text": each.text} for each in because]


def _ports(ports: PortSet) -> dict[str, Any]:
    return {"ports": ports_as_json(ports), "all": ports == ALL}
