"""Which workloads name a Service: a StatefulSet for the DNS names of its pods, an Argo Rollout for their traffic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.answers import OBJECT_LABELS, OBJECT_NAME, Suggestion
from k8snetlint.evidence.labelled_objects import labels_path
from k8snetlint.model.bitsets import positions
from k8snetlint.model.tables.controllers import ADDED_LABELS
from k8snetlint.source.paths import MapKey

if TYPE_CHECKING:
    from k8snetlint.evidence.query import SelectorQuery
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.index import Index
    from k8snetlint.model.resource import Resource
    from k8snetlint.model.service import Service


Naming = dict[str, list[tuple[int, "Resource"]]]
"""By the name of a Service: the workloads whose pods it is for, by their numbers, and the objects that name it."""


def suggest_owner(query: SelectorQuery, here: int) -> Suggestion | None:
    """Return the labels of the only workload that the Service is named for: its pods are to be selected.

    Args:
        query: the question of a Service.
        here: the set of the workloads that are considered.
    """
    named = [each for each in _naming(query.index).get(query.subject.name or "", ()) if here >> each[0] & 1]
    if len(named) != 1:
        return None
    position, naming = named[0]
    owner = query.index.workloads.every[position]
    labels = owner.pod_labels
    asked = (query.selector.match_labels or {}).items()
    wrong = [(key, value) for key, value in asked if key not in ADDED_LABELS and labels.get(key) != value]
    if not labels or not wrong:
        return None
    says = f"{naming.kind} {naming.name} names this Service, and its pods have"
    path = labels_path(owner)
    key, value = wrong[0]
    written = labels.get(key)
    if len(wrong) > 1:
        place = owner.at(*path, key=True)
        return Suggestion(OBJECT_LABELS, "", "", "", f"{says} other labels", owner, place)
    if written is None:
        place = owner.at(*path, key=True)
        return Suggestion(OBJECT_NAME, key, value, "", f"{says} no label {key}", owner, place)
    place = owner.at(*path, MapKey(key))
    return Suggestion(OBJECT_NAME, key, value, written, f"{says} {key}={written}", owner, place)


def is_named_by_workload(cluster: Cluster, service: Service) -> bool:
    """Tell whether a workload or a Rollout that may be in its namespace names the Service."""
    named = _naming(cluster.index).get(service.name or "", ())
    within = cluster.index.namespace_set_of(service).workloads
    return any(within >> position & 1 for position, _ in named)


def _naming(index: Index) -> Naming:
    known: Naming | None = index.answers.get(_naming)
    if known is None:
        known = index.answers[_naming] = {}
        for position, each in enumerate(index.workloads.every):
            for name in {*each.traffic_services, *((each.service_name,) if each.service_name else ())}:
                known.setdefault(name, []).append((position, each))
        for rollout, workloads in index.rollouts:
            for name in dict.fromkeys(rollout.traffic_services):
                known.setdefault(name, []).extend((position, rollout) for position in positions(workloads))
    return known
