"""What it means that a selector matches no pod: it is wrong, or what it matches is not among the manifests.

That it is wrong is said only where the manifests show everything that counts, or where a suggestion is so near that
nothing else can be right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.answers import MISSPELT, CannotKnow, NoMatch
from k8snetlint.evidence.reasons import brings_pods, missing_pods, no_workload, unknown_pods

if TYPE_CHECKING:
    from k8snetlint.evidence.query import SelectorQuery

_ENOUGH = 2
"""So many other selectors match pods where the manifests contain those of the namespace; one may do so by chance."""


def no_pods(query: SelectorQuery) -> NoMatch | CannotKnow:
    """Return what it means that a selector matches none of the known workloads."""
    cluster, index = query.cluster, query.index
    environment = cluster.environment
    candidates = query.candidates
    if not candidates and not index.inner and not environment.bare:
        return CannotKnow(no_workload(query))
    for why in unknown_pods(query):
        return CannotKnow(why)
    from k8snetlint.evidence.suggested_pods import suggest_other_pods, suggest_pods  # noqa: PLC0415 - few get here

    plain, together = index.plain, query.same_application
    here, inner = together & index.seen, together & index.inner & plain
    suggestion = suggest_pods(query, here & plain, inner)
    if not suggestion and here != candidates:
        # A misspelling is certain enough, in whatever folder the pods are.
        in_other_folders = suggest_pods(query, candidates & plain)
        suggestion = in_other_folders if in_other_folders and in_other_folders.kind == MISSPELT else None
    considered = (here | inner).bit_count()
    if suggestion:
        return NoMatch(suggestion, considered or candidates.bit_count())
    if not here and not inner:
        return NoMatch(None, 0) if environment.bare else CannotKnow(no_workload(query))
    if inner and not brings_pods(query):
        file = index.workloads.first(inner).source.name
        return CannotKnow(f"{file} may define the pods, but is not applied together with this object")
    if here & ~plain:
        changed = index.workloads.first(here & ~plain)
        return CannotKnow(f"a patch or a placeholder changes {changed.kind} {changed.name}")
    if not environment.whole_cluster:
        for why in missing_pods(query):
            return CannotKnow(why)
    suggestion = suggest_other_pods(query, here)
    if not suggestion and not environment.whole_cluster and not _has_resolving_selectors(query, here):
        return CannotKnow("no other selector of the namespace matches pods, so its workloads may be defined elsewhere")
    return NoMatch(suggestion, here.bit_count())


def _has_resolving_selectors(query: SelectorQuery, here: int) -> bool:
    """Tell whether the manifests evidently contain the pods of the namespaces: other selectors match some of them."""
    if here & query.index.workloads.by_source[query.subject.source]:
        return True
    selecting = query.index.selecting
    among = query.others | (query.namespace_set.selecting & selecting.members.bit_of(query.subject))
    found = [each for each in selecting.first_selecting(among, here) if each is not query.subject]
    return len(found) >= _ENOUGH
