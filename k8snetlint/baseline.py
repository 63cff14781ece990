"""Baselines: findings of a day that are accepted, by their fingerprints and numbers."""

from __future__ import annotations

import json
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.finding import ConfigError, Suppressed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from k8snetlint.finding import Finding, Report

VERSION = 1
_NUMBER = re.compile(r"-\d+$")


class Accepted(NamedTuple):
    """One fact that is accepted: how often, and what it was, for readers."""

    times: int
    finding_id: str
    path: str
    object: str = ""


def parse(text: str, name: str) -> dict[str, Accepted]:
    """Return what a baseline accepts, by fingerprint.

    Raises:
        ConfigError: the text is not a baseline.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"`{name}` is not a baseline: not JSON ({error})") from None
    entries = document.get("accepted") if isinstance(document, dict) else None
    if not isinstance(entries, list) or document.get("version") != VERSION:
        raise ConfigError(f"`{name}` is not a baseline of this version; write it with --write-baseline")
    accepted: dict[str, Accepted] = {}
    for entry in entries:
        values = entry if isinstance(entry, dict) else {}
        print_, count = values.get("fingerprint"), values.get("count", 1)
        if not isinstance(print_, str) or not isinstance(count, int) or isinstance(count, bool) or count < 1:
            raise ConfigError(f"`{name}` is not a baseline: an entry has no fingerprint, or no count")
        # Whoever merges two baselines has a fact twice, which is no second fact.
        count = max(count, accepted[print_].times if print_ in accepted else 0)
        accepted[print_] = Accepted(
            count, str(values.get("id", "")), str(values.get("path", "")), str(values.get("object", ""))
        )
    return accepted


def written(findings: Iterable[Finding], kept: Mapping[str, Accepted] = MappingProxyType({})) -> Iterator[str]:
    """Yield a baseline that accepts findings, one a line in their order by path, so that changes are readable.

    Args:
        findings: what is accepted.
        kept: what an older baseline accepts, by fingerprint, and nobody looked for now.
    """
    entries = dict(kept)
    for print_, same in _by_print(findings).items():
        first = same[0]
        times = max(len(same), kept[print_].times if print_ in kept else 0)
        entries[print_] = Accepted(times, first.id, first.path, str(first.object or ""))
    yield f'{{"version": {VERSION}, "accepted": ['
    before = "\n"
    for print_, each in sorted(entries.items(), key=lambda entry: (entry[1].path, entry[1].finding_id, entry[0])):
        entry = {"fingerprint": print_, "count": each.times, "id": each.finding_id, "path": each.path}
        if each.object:
            entry["object"] = each.object
        yield before + json.dumps(entry)
        before = ",\n"
    yield "\n]}\n"


def _by_print(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    same: dict[str, list[Finding]] = {}
    for finding in findings:
        if may_accept(finding):
            same.setdefault(print_of(finding), []).append(finding)
    return same


def apply(report: Report, accepted: Mapping[str, Accepted]) -> tuple[Report, list[Accepted]]:
    """Return a report without what is accepted, and what is accepted more often than it is there."""
    left = {print_: each.times for print_, each in accepted.items()}
    kept: list[Finding] = []
    suppressed = list(report.suppressed)
    for finding in report.findings:
        print_ = print_of(finding)
        if left.get(print_, 0) > 0 and may_accept(finding):
            left[print_] -= 1
            suppressed.append(Suppressed(finding, "baseline", ""))
        else:
            kept.append(finding)
    gone = [each for print_, each in accepted.items() if left[print_]]
    return report._replace(findings=tuple(kept), suppressed=tuple(suppressed)), gone


def print_of(finding: Finding) -> str:
    """Return a fingerprint without the number that tells equal ones apart: a baseline counts them."""
    return _NUMBER.sub("", finding.fingerprint)


def may_accept(finding: Finding) -> bool:
    """Tell whether a baseline accepts such a finding: not that something was not checked, or what decides changes."""
    from k8snetlint.codes import ALWAYS  # noqa: PLC0415 - as all of it, only with a baseline

    return finding.id not in ALWAYS and not finding.id.startswith("pr-")
