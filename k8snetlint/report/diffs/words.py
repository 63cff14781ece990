"""The words about differences that text and Markdown share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.connectivity.comparison import Exposure, Kind
from k8snetlint.connectivity.namespaces import OTHER_NAMESPACES
from k8snetlint.connectivity.port_sets import NONE
from k8snetlint.connectivity.reasons import verdict_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.connectivity.causes import Cause
    from k8snetlint.connectivity.comparison import Change, OneSided, Ports
    from k8snetlint.connectivity.groups import PeerGroup
    from k8snetlint.connectivity.peers import Peer
    from k8snetlint.connectivity.reasons import Reason
    from k8snetlint.model.networkpolicy import Direction
    from k8snetlint.report.diffs import ScopeDiff, StateDiff
    from k8snetlint.source.paths import FieldPath

NAMES = 6
"""So many peers of a set are named."""
_RANGES = 4
_EXCEPTIONS = 2
_CAUSES = 3
"""So many causes of a change are shown."""
TO_INTERNET = "New exposure to the internet"
TO_OTHERS = "New exposure to other namespaces"
WIDENED = "Also open now"
NARROWED = "No longer open"
HEADINGS = (TO_INTERNET, TO_OTHERS, WIDENED, NARROWED)


def heading(change: Change) -> str:
    """Return under which heading a change stands."""
    if not change.widened:
        return NARROWED
    if Exposure.INTERNET in change.exposes:
        return TO_INTERNET
    return TO_OTHERS if Exposure.OTHER_NAMESPACES in change.exposes else WIDENED


def group_text(group: PeerGroup) -> str:
    """Return the names of a set of peers, of many the first ones."""
    if group.everything:
        return "everything"
    names = list(_addresses(group))
    names += [f"all pods in {each}" for each in group.namespaces]
    elsewhere = any(each.namespace == OTHER_NAMESPACES for each in group.hidden)
    # Of namespaces whose workloads are not shown, only the names are known.
    names += [str(each) for each in group.rest() if not elsewhere or each not in group.hidden or _is_elsewhere(each)]
    return shortened(names)


def _is_elsewhere(peer: Peer) -> bool:
    return peer.namespace == OTHER_NAMESPACES


def _addresses(group: PeerGroup) -> Iterator[str]:
    if group.all_addresses:
        yield "internet"
        return
    ranges = [str(each) for each in group.addresses]
    few = ranges if len(ranges) <= _RANGES + 1 else ranges[:_RANGES]
    yield from few
    if len(few) < len(ranges):
        yield f"{len(ranges) - len(few)} more ranges"


def verdict_text(ports: Ports, because: Iterable[Reason] = ()) -> str:
    """Return what is allowed: `allowed on TCP 80; depends on all other ports`."""
    because = tuple(because)
    if ports.possible == NONE:
        return "denied"
    texts = [f"allowed on {ports.always}"] if ports.always != NONE else []
    if ports.uncertain != NONE:
        texts.append(f"{verdict_of(because)} on {ports.uncertain}")
    return "; ".join(texts)


def reasons_text(change: Change) -> list[str]:
    """Return why something is uncertain, before or now."""
    return list(dict.fromkeys(each.text for each in (*change.why_after, *change.why_before)))


def one_sided_text(each: OneSided) -> str:
    """Return what is known about a workload of one state: whether policies isolate it, and who may connect."""
    texts = [_isolation(each.isolated)]
    texts += [
        f"{group_text(group)}: {verdict_text(ports, ())}" for group, ports in each.exposed if ports.uncertain == NONE
    ]
    texts += [
        f"{group_text(group)}: possible on {ports.possible}" for group, ports in each.exposed if ports.uncertain != NONE
    ]
    if not each.exposed:
        texts.append("neither other namespaces nor addresses outside may connect to it")
    return "; ".join(texts)


def _isolation(isolated: tuple[Direction, ...]) -> str:
    names = " and ".join(each.rules_field for each in isolated)
    return f"isolated for {names}" if names else "no policy isolates it"


def alike(workloads: Iterable[OneSided]) -> Iterator[tuple[str, list[str]]]:
    """Yield what is known about workloads of one state, with the names of those that it is true of."""
    found: dict[str, list[str]] = {}
    for each in workloads:
        found.setdefault(one_sided_text(each), []).append(f"{each.peer.workload} {each.peer}")
    yield from found.items()


def change_text(change: Change) -> str:
    """Return who connects to whom."""
    text = f"{group_text(change.sources)} -> {group_text(change.destinations)}"
    return text + exceptions_text(change)


def by_cause(changes: Iterable[Change]) -> list[list[Change]]:
    """Return changes in groups, each with the same causes; a change without a cause stands alone."""
    found: dict[object, list[Change]] = {}
    for each in changes:
        key = frozenset((cause.text, cause.is_old) for cause in each.causes)
        found.setdefault(key or id(each), []).append(each)
    return list(found.values())


def first_causes(changes: Iterable[Change]) -> tuple[list[Cause], int]:
    """Return the first causes of some changes, and how many more there are."""
    unique = {_where(cause): cause for each in changes for cause in each.causes}
    every = [unique[key] for key in sorted(unique)]
    rest = len(every) - _CAUSES
    return (every, 0) if rest <= 1 else (every[:_CAUSES], rest)


def _where(cause: Cause) -> tuple[str, bool, str, int, FieldPath, FieldPath]:
    place = cause.place
    return cause.text, cause.is_old, place.source.name, place.document, place.root, place.path


def exceptions_text(change: Change) -> str:
    """Return for which connections a change is not so; of many the number of pairs for which it is."""
    if not change.exceptions:
        return ""
    if len(change.exceptions) > _EXCEPTIONS:
        return f" ({change.pairs:,} of {change.of_pairs:,} pairs)"
    few = (f"{group_text(some)} -> {group_text(others)}" for some, others in change.exceptions)
    return f", except {'; '.join(few)}"


def shortened(names: list[str]) -> str:
    """Return names as one text, of many the first ones."""
    rest = len(names) - NAMES
    return ", ".join(names if rest <= 1 else [*names[:NAMES], f"{rest} more"])


def summary(diff: StateDiff) -> str:
    """Return how much differs in one line."""
    counted = [(name, number) for name, number in diff.counts() if number]
    if not counted:
        return "no connection differs"
    kinds = {each.value for each in Kind}
    changes = [f"{number:,} {name}" for name, number in counted if name in kinds]
    workloads = [
        f"{number:,} {'workload' if number == 1 else 'workloads'} {name}"
        for name, number in counted
        if name not in kinds
    ]
    text = ", ".join([*changes, *workloads])
    return f"{text}; {'more is open than before' if diff.widened else 'nothing more is open than before'}"


def taken_for_granted(scope: ScopeDiff) -> Iterator[str]:
    """Yield what is taken for granted, with the state where it is true of one only."""
    for each in dict.fromkeys((*scope.taken_before, *scope.taken_now)):
        before, now = each in scope.taken_before, each in scope.taken_now
        yield each if before and now else f"{'before' if before else 'now'}: {each}"
