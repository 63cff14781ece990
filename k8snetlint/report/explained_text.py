"""`explain` for people: the verdict, and for each direction the rules that decide, with their lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.engine import Verdict
from k8snetlint.connectivity.ip_space import AddressRange
from k8snetlint.connectivity.policies import policy_name
from k8snetlint.connectivity.port_sets import ALL, NONE
from k8snetlint.model.addresses import Address
from k8snetlint.report.blocks import framed
from k8snetlint.report.summary import place as place_of
from k8snetlint.source.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snetlint.connectivity.answers import Answer, End
    from k8snetlint.connectivity.explain import DirectionExplanation, Explanation, PolicyExplanation, RuleExplanation
    from k8snetlint.connectivity.policies import PolicySets
    from k8snetlint.linting.citations import Citations
    from k8snetlint.model.networkpolicy import Direction
    from k8snetlint.report.explained import Expectation, Explained
    from k8snetlint.report.style import Style
    from k8snetlint.source.document import Place

_COLOURS = {Verdict.ALLOWED: "1;32", Verdict.DENIED: "1;31", Verdict.DEPENDS: "1;33", Verdict.UNKNOWN: "1;33"}
_NAMES, _FRAMES = 4, 3
"""So many peers of an answer, and rules of a direction, are shown in full."""


def explained_text(
    explained: Sequence[Explained], expected: Expectation | None, citations: Citations, style: Style
) -> Iterator[str]:
    """Yield the lines of all answers."""
    blank = False
    for each in explained:
        if len(explained) > 1:
            yield from [""] if blank else []
            yield f"In {escape(each.scope or 'the tree of all files')}:"
            blank = True
        for answer in each.answers:
            yield from [""] if blank else []
            yield from _answer(answer, each.notes, citations, style)
            blank = True
        if each.assumptions.texts:
            yield ""
            yield "Assumptions:"
            yield from (f"- {escape(text)}" for text in each.assumptions.texts)
    if expected and not expected.is_met:
        yield ""
        yield f"Expected {expected.word}: that is not so in every possible cluster."


def _answer(answer: Answer, notes: tuple[str, ...], citations: Citations, style: Style) -> Iterator[str]:
    explanation = answer.explanation
    source, destination = (_names(each) for each in (answer.sources, answer.destinations))
    verdicts = list(answer.verdicts())
    if len(verdicts) == 1:
        yield f"{_painted(verdicts[0][0], style)}: {source} to {destination} on {verdicts[0][1]}"
    else:
        yield f"{source} to {destination}:"
        for number, (verdict, ports) in enumerate(verdicts):
            rest = explanation.ports == ALL and number and number == len(verdicts) - 1
            yield f"  {_painted(verdict, style)}: {'all other ports' if rest else ports}"
    yield from (f"  = note: {escape(each)}" for each in notes)
    yield from (f"  = {each.verdict}: {escape(each.text)}" for each in explanation.because)
    if answer.sources[:1] == answer.destinations[:1]:
        yield "  = note: a pod always reaches itself; this is about two of these pods"
    one, other = (_text(each[0]) for each in (answer.sources, answer.destinations))
    if len(answer.sources) > 1 or len(answer.destinations) > 1:
        yield f"  = note: explained for {one} to {other}"
    for direction, end in ((explanation.egress, f"Egress of {one}"), (explanation.ingress, f"Ingress of {other}")):
        yield ""
        yield f"{end}: {_outcome(direction, explanation)}"
        yield from _cited(direction, explanation, citations, style)


def _names(ends: Sequence[End]) -> str:
    shown = ", ".join(map(_text, ends[:_NAMES]))
    return f"{shown} and {len(ends) - _NAMES} more" if len(ends) > _NAMES else shown


def _text(end: End) -> str:
    if isinstance(end, AddressRange) and end.first == end.last:
        return str(Address(end.family, end.first))
    return escape(str(end))


def _outcome(direction: DirectionExplanation, explanation: Explanation) -> str:
    """Return what a direction does, as a clause."""
    if not direction.enforced:
        return "allowed, the CNI plugin enforces no NetworkPolicies"
    if direction.outside:
        return "allowed, it is outside of the cluster, where no NetworkPolicy applies"
    if direction.on_host:
        return "allowed, it is on the network of its node, where no NetworkPolicy selects it"
    if direction.undecided:
        return f"not certain, {direction.undecided} may select it, and is not evaluated"
    if not direction.policies:
        return "allowed, no NetworkPolicy isolates it"
    number = len(direction.policies)
    isolate = f"{number:,} NetworkPolicies isolate" if number > 1 else "1 NetworkPolicy isolates"
    if not any(each.certain for each in direction.policies):
        isolate = f"{number:,} {'NetworkPolicies' if number > 1 else 'NetworkPolicy'} may isolate"
    if direction.possible == NONE:
        return f"denied, {isolate} it, and no rule allows {'this' if explanation.ports != ALL else 'anything'}"
    if direction.allowed == explanation.ports:
        return f"allowed, {isolate} it, and a rule allows this"
    if direction.allowed == direction.possible:
        return f"{isolate} it, and rules allow {direction.allowed}"
    return f"not certain, {isolate} it"


class _Cited(NamedTuple):
    """A place that decides: what is said about it, and what is marked."""

    message: str
    place: Place
    label: str = ""
    related: tuple[tuple[Place, str], ...] = ()


def _cited(
    direction: DirectionExplanation, explanation: Explanation, citations: Citations, style: Style
) -> Iterator[str]:
    """Yield the rules that decide, with their lines: those that allow it, else what the nearest ones lack."""
    allowing = [(policy, rule) for policy in direction.policies for rule in policy.allowing()]
    certain = [each for each in allowing if each[0].certain and each[1].allowed == explanation.ports]
    cited = [_allows(policy, rule, explanation) for policy, rule in certain or allowing]
    if direction.allowed != explanation.ports:
        lacking = [each for each in direction.policies if not any(True for _ in each.allowing())]
        cited += [_lacks(each, direction.direction) for each in sorted(lacking, key=_distance)]
    cited += [_ignored(each, direction.direction) for each in direction.ignored]
    for number, each in enumerate(cited):
        finding = citations.find(each.place, each.label, each.related)
        if finding is not None and number < _FRAMES:
            yield escape(each.message)
            yield from framed(finding, style)
            continue
        texts = [each.label, *(text for _, text in each.related)]
        where = place_of(finding) if finding else f"{escape(each.place.source.name)}, {escape(each.place.field)}"
        yield escape("; ".join(filter(None, [each.message, *texts]))) + f" ({where})"


def _allows(policy: PolicyExplanation, rule: RuleExplanation, explanation: Explanation) -> _Cited:
    certain = policy.certain and rule.allowed == rule.possible
    what = "it" if rule.possible == explanation.ports != ALL else str(rule.possible)
    verb = "allows" if certain else "may allow"
    if rule.peer is None:
        return _Cited(f"{policy_name(policy)} {verb} {what}", rule.place, "this rule matches every peer")
    label = ("matches the addresses of pods" if certain else "may match") if rule.by_block else "matches"
    return _Cited(f"{policy_name(policy)} {verb} {what}", rule.peer, label)


def _lacks(policy: PolicyExplanation, direction: Direction) -> _Cited:
    """Return why no rule of a policy allows it."""
    selects = f"{policy_name(policy)} {'isolates it' if policy.certain else 'may isolate it'}"
    nearest = policy.nearest
    if nearest is None or nearest.miss is None:
        message = f"{selects}, and has no {direction.value.lower()} rule"
        return _Cited(message, policy.policy.at("spec", "podSelector"))
    number = len(policy.rules)
    rules = f"none of its {number:,} rules allows it; nearest miss:" if number > 1 else "its rule does not allow it:"
    (text, place), *others = nearest.miss.conditions
    return _Cited(f"{selects}, and {rules}", place, text, tuple((each.place, each.text) for each in others))


def _ignored(policy: PolicySets, direction: Direction) -> _Cited:
    place = policy.policy.at("spec", direction.rules_field, key=True)
    message = f"{policy_name(policy)} does not isolate it: policyTypes does not list {direction.value}"
    return _Cited(message, place, "these rules are never evaluated")


def _distance(policy: PolicyExplanation) -> int:
    nearest = policy.nearest
    return nearest.miss.distance if nearest is not None and nearest.miss is not None else 1_000


def _painted(verdict: Verdict, style: Style) -> str:
    return f"\x1b[{_COLOURS[verdict]}m{verdict}\x1b[0m" if style.colour else str(verdict)
