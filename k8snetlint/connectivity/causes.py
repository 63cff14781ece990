"""Which changes of manifests are responsible for a change of connections."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.policies import policy_name
from k8snetlint.connectivity.port_sets import NONE, PortSet, difference, intersection, union
from k8snetlint.connectivity.written import rule_of, subjects_of, written_of
from k8snetlint.model.bitsets import positions
from k8snetlint.model.networkpolicy import Direction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from k8snetlint.connectivity.engine import Connectivity
    from k8snetlint.connectivity.policies import PolicySets, RuleSets
    from k8snetlint.connectivity.shared_peers import Pair, SharedPeers
    from k8snetlint.model.workload import Workload
    from k8snetlint.source.document import Place


_NAME = ("metadata", "name")


class Cause(NamedTuple):
    """A change of a manifest.

    Attributes:
        text: a clause, `NetworkPolicy shop/web is added`.
        about: the object that is changed.
        place: where it is written.
        is_old: whether that is in the old state.
    """

    text: str
    about: str
    place: Place
    is_old: bool = False


class _Versions(NamedTuple):
    """A policy that differs between the states, in the order of the question; None where a state does not have it."""

    one: PolicySets | None
    other: PolicySets | None


class Causes:
    """Finds causes.

    Args:
        shared: the peers of both states.
    """

    def __init__(self, shared: SharedPeers) -> None:
        self._shared = shared
        before, after = _by_name(shared.old), _by_name(shared.new)
        self._differing: list[_Versions] = []
        self._by_subject: dict[tuple[Direction, int], list[int]] = {}
        self._by_hidden_subject: dict[tuple[Direction, int], list[int]] = {}
        for key in dict.fromkeys((*before, *after)):
            then, now = before.get(key, []), after.get(key, [])
            longest = max(len(then), len(now))
            for one, other in zip(_filled(then, longest), _filled(now, longest), strict=True):
                if one is None or other is None or written_of(one.policy) != written_of(other.policy):
                    self._add(_Versions(one, other))

    def _add(self, versions: _Versions) -> None:
        shared = self._shared
        for policy, translated in ((versions.one, shared.of_old), (versions.other, shared.of_new)):
            if policy is None:
                continue
            always = translated(policy.subjects.always)
            for number in positions(translated(policy.subjects.possible)):
                is_sure = always >> number & 1 or shared.every[number].workloads
                for direction in policy.isolates:
                    by_subject = self._by_subject if is_sure else self._by_hidden_subject
                    found = by_subject.setdefault((direction, number), [])
                    if not found or found[-1] != len(self._differing):
                        found.append(len(self._differing))
        self._differing.append(versions)

    def _selecting(
        self, by_subject: Mapping[tuple[Direction, int], list[int]], sources: int, destinations: int
    ) -> list[_Versions]:
        """Return the policies that differ and decide about some peers."""
        numbers: set[int] = set()
        for direction, bits in ((Direction.EGRESS, sources), (Direction.INGRESS, destinations)):
            for number in positions(bits & self._shared.pods):
                numbers.update(by_subject.get((direction, number), ()))
        return [self._differing[number] for number in sorted(numbers)]

    def of(
        self, sources: int, destinations: int, ports: tuple[tuple[PortSet, PortSet], tuple[PortSet, PortSet]]
    ) -> tuple[Cause, ...]:
        """Return the causes of a change: of policies, else of the labels of pods and namespaces.

        Args:
            sources: who connects.
            destinations: to whom.
            ports: what is always allowed, and what is possible, before and after.
        """
        if self._shared.old.profile.enforces != self._shared.new.profile.enforces:
            return ()
        (always, possible), (always_now, possible_now) = ports
        opened = union(difference(possible_now, possible), difference(always_now, always))
        closed = union(difference(possible, possible_now), difference(always, always_now))
        old = self._shared.in_old(sources), self._shared.in_old(destinations)
        new = self._shared.in_new(sources), self._shared.in_new(destinations)
        # Isolation decides only about pods that nothing else isolates in the other state.
        free_now = self._free(sources, destinations, self._shared.new, self._shared.of_new, self._shared.in_old)
        free_before = self._free(sources, destinations, self._shared.old, self._shared.of_old, self._shared.in_new)
        found: list[Cause] = []
        # Every policy of a namespace may select pods that no manifest shows: these are named only if no other is.
        for by_subject in (self._by_subject, self._by_hidden_subject):
            for one, other in () if found else self._selecting(by_subject, sources, destinations):
                # What opens is a rule of the new state, or no more isolation; what closes is the reverse.
                found += _rules(other, one, new, opened, is_old=False)
                found += _isolations(one, other, free_now, opened, is_old=True)
                found += _rules(one, other, old, closed, is_old=True)
                found += _isolations(other, one, free_before, closed, is_old=False)
        if not found:
            found += self._of_labels(sources | destinations)
        if not found and self._shared.old.profile != self._shared.new.profile:
            found += _of_plugins(self._shared, new)
        return tuple(_unique(found))

    @staticmethod
    def _free(
        sources: int, destinations: int, state: Connectivity, shared: Callable[[int], int], inside: Callable[[int], int]
    ) -> tuple[int, int]:
        """Return the ends that a state does not isolate, as sets of the other state."""
        isolated = state.possible.isolated
        return (
            inside(sources & ~shared(isolated[Direction.EGRESS])),
            inside(destinations & ~shared(isolated[Direction.INGRESS])),
        )

    def _of_labels(self, bits: int) -> Iterator[Cause]:
        every = self._shared.every
        before, after = self._shared.old.cluster.namespaces(), self._shared.new.cluster.namespaces()
        for number in positions(bits & self._shared.pods):
            for pair in every[number].workloads:
                yield from _of_pair(pair)
            for name in {each.namespace for each in every[number].peers}:
                one, other = before.get(name), after.get(name)
                if (one.labels if one else {}) != (other.labels if other else {}):
                    written = other or one
                    if written is not None:
                        place = written.at("metadata", "labels")
                        about = f"namespace {name}"
                        yield Cause(f"the labels of {about} are changed", about, place, is_old=other is None)


def _unique(causes: Iterable[Cause]) -> list[Cause]:
    """Return causes in order, each once."""
    found = list(causes)
    now = {each.text for each in found if not each.is_old}
    # What is changed is there in both states; it is shown as it is now.
    kept = [each for each in found if not (each.is_old and each.text in now)]
    of_rules = {
        (each.text, each.is_old) for each in kept if "ingress" in each.place.path or "egress" in each.place.path
    }
    unique: dict[object, Cause] = {}
    for each in kept:
        # A policy that is added or removed is shown at its rules, if they matter, else at its name.
        if each.place.path == _NAME and (each.text, each.is_old) in of_rules:
            continue
        unique.setdefault((each.text, each.is_old, each.place.document, each.place.path), each)
    return [unique[key] for key in sorted(unique, key=str)]


def _of_plugins(shared: SharedPeers, ends: tuple[int, int]) -> Iterator[Cause]:
    """Yield what the plugins of the two states read differently in a policy."""
    old, new = shared.old.profile, shared.new.profile
    differ = (old.ip_block_matches_pods, old.ip_block_matches_nodes) != (
        new.ip_block_matches_pods,
        new.ip_block_matches_nodes,
    )
    for policy in shared.new.policies:
        about = policy_name(policy)
        for each in policy.rules:
            if not _concerns(policy, each.rule.direction, ends):
                continue
            for peer in each.rule.peers or ():
                if peer.ip_block and differ:
                    yield Cause(f"CNI plugins read an ipBlock of {about} differently", about, peer.at("ipBlock"))
            for port in each.rule.ports or ():
                if port.end_port is not None and old.end_port != new.end_port:
                    yield Cause(f"one of the CNI plugins ignores an endPort of {about}", about, port.at("endPort"))
                if isinstance(port.port, str) and old.named_ports != new.named_ports:
                    text = f"one of the CNI plugins does not resolve a named port of {about}"
                    yield Cause(text, about, port.at("port"))


def _of_pair(pair: Pair) -> Iterator[Cause]:
    one, other = pair
    name = str(other.object_name())
    if one.pod_labels != other.pod_labels:
        place = other.at(*other.template, "metadata", "labels")
        yield Cause(f"the pod labels of {name} are changed", name, place)
    if one.host_network != other.host_network:
        yield Cause(f"hostNetwork of {name} is changed", name, other.at(*other.template, "spec", "hostNetwork"))
    if _ports(one) != _ports(other):
        yield Cause(f"the ports of {name} are changed", name, other.at(*other.template, "spec", "containers"))


def _ports(workload: Workload) -> list[tuple[object, ...]]:
    return [(each.name, each.protocol, each.container_port) for each in workload.ports]


def _rules(
    one: PolicySets | None, other: PolicySets | None, ends: tuple[int, int], ports: PortSet, *, is_old: bool
) -> Iterator[Cause]:
    """Yield the rules of a policy that its other version does not have, and that allow some of what is asked."""
    if one is None or ports == NONE:
        return
    about = policy_name(one)
    same_subjects = other is not None and subjects_of(one.policy) == subjects_of(other.policy)
    their_rules = [each.rule for each in other.rules] if other is not None else []
    theirs = Counter(map(rule_of, their_rules if same_subjects else ()))
    ours = Counter(rule_of(each.rule) for each in one.rules)
    replaced = {each.direction for each in their_rules if not ours[rule_of(each)]}
    for each in one.rules:
        direction, written = each.rule.direction, rule_of(each.rule)
        if theirs[written]:
            theirs[written] -= 1
        elif _concerns(one, direction, ends, each) and _allows(each, ports):
            if other is None:
                yield Cause(f"{about} is {_word(is_old)}", about, each.rule.place, is_old)
            elif same_subjects:
                word = "changed" if direction in replaced else _word(is_old)
                yield Cause(f"an {direction.rules_field} rule of {about} is {word}", about, each.rule.place, is_old)
            else:
                yield Cause(f"{about} selects other pods", about, one.policy.at("spec", "podSelector"), is_old)


def _isolations(
    one: PolicySets | None, other: PolicySets | None, ends: tuple[int, int], ports: PortSet, *, is_old: bool
) -> Iterator[Cause]:
    """Yield that a policy isolates some of the pods, which its other version does not."""
    if one is None or ports == NONE:
        return
    about = policy_name(one)
    for direction in sorted(one.isolates):
        if not _concerns(one, direction, ends):
            continue
        place = one.policy.at(*_NAME)
        if other is None:
            yield Cause(f"{about} is {_word(is_old)}", about, place, is_old)
        elif direction not in other.isolates:
            verb = "isolated" if is_old else "isolates"
            when = "before only" if is_old else "now"
            yield Cause(f"{about} {verb} for {direction.rules_field} {when}", about, place, is_old)
        elif subjects_of(one.policy) != subjects_of(other.policy):
            yield Cause(f"{about} selects other pods", about, one.policy.at("spec", "podSelector"), is_old)


def _concerns(
    policy: PolicySets, direction: Direction, ends: tuple[int, int], rule_sets: RuleSets | None = None
) -> bool:
    sources, destinations = ends
    subjects, peers = (destinations, sources) if direction is Direction.INGRESS else (sources, destinations)
    if not policy.subjects.possible & subjects:
        return False
    return rule_sets is None or bool(rule_sets.peers.possible & peers)


def _allows(rule_sets: RuleSets, ports: PortSet) -> bool:
    asked = rule_sets.ports
    return bool(asked.names) or not asked.known or intersection(asked.numbers, ports) != NONE


def _word(is_old: bool) -> str:  # noqa: FBT001 - as in `Cause`
    return "removed" if is_old else "added"


def _by_name(connectivity: Connectivity) -> dict[tuple[str, str], list[PolicySets]]:
    found: dict[tuple[str, str], list[PolicySets]] = {}
    for each in connectivity.policies:
        found.setdefault((each.namespace or "", each.policy.name or ""), []).append(each)
    return found


def _filled(policies: list[PolicySets], length: int) -> list[PolicySets | None]:
    return [*policies, *[None] * (length - len(policies))]
