"""Which numbers the definition of a workload mentions: ports that it may listen on without declaring them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from k8snetlint.evidence.config_maps import readings
from k8snetlint.model.values import mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.members import Pods
    from k8snetlint.model.resource import Resource
    from k8snetlint.model.workload import Workload


def may_mention(cluster: Cluster, pods: Pods, number: int) -> bool:
    """Tell whether a number may occur in what configures any of these pods.

    These are arguments, commands, environment values, probes and annotations of the pod template, and the ConfigMaps
    that it names. If one of these is not among the manifests, it may.
    """
    answers, key = cluster.index.answers, ("numbers of pods", pods.bits)
    if key not in answers:
        answers[key] = _numbers_of_all(cluster, pods)
    known: frozenset[int] | None = answers[key]
    return known is None or number in known


def _numbers_of_all(cluster: Cluster, pods: Pods) -> frozenset[int] | None:
    """Return the numbers that any of these pods mentions, None if not all of their configuration is known."""
    found: set[int] = set()
    for each in pods:
        numbers = _numbers(cluster, each)
        if numbers is None:
            return None
        found |= numbers
    return frozenset(found)


def _numbers(cluster: Cluster, workload: Workload) -> frozenset[int] | None:
    """Return the numbers that a workload mentions, None if not all of its configuration is known."""
    answers, key = cluster.index.answers, ("numbers", workload)
    if key not in answers:
        answers[key] = _read_numbers(cluster, workload)
    known: frozenset[int] | None = answers[key]
    return known


def _read_numbers(cluster: Cluster, workload: Workload) -> frozenset[int] | None:
    if cluster.definition_of is None or workload.is_patched_at(*workload.template):
        return None
    template: Any = cluster.definition_of(workload)
    for step in workload.template:
        template = mapping(mapping(template).get(step))
    found = set(_numbers_in(template))
    for name in dict.fromkeys(each.name for each in readings(mapping(mapping(template).get("spec")))):
        config_map = _config_map(cluster, name, workload)
        if config_map is None:
            return None
        found.update(_numbers_in(cluster.definition_of(config_map)))
    return frozenset(found)


def _numbers_in(value: Any) -> Iterator[int]:
    """Yield the numbers of up to five digits in everything below a value."""
    rest = [value]
    while rest:
        each = rest.pop()
        if isinstance(each, dict):
            # A hostPort is a port of the node: no process of the pod listens on it.
            rest += [value for key, value in each.items() if key != "hostPort"]
        elif isinstance(each, list):
            rest += each
        elif isinstance(each, str):
            yield from map(int, re.findall(r"(?<!\d)\d{1,5}(?!\d)", each))
        elif isinstance(each, int):
            yield each


def _config_map(cluster: Cluster, name: str, workload: Workload) -> Resource | None:
    """Return the ConfigMap of a name in the namespace of a workload, None if there is not exactly one."""
    answers = cluster.index.answers
    by_name: dict[str, list[Resource]] | None = answers.get("ConfigMaps")
    if by_name is None:
        from k8snetlint.model.resource import Resource  # noqa: PLC0415 - only for its class

        by_name = answers["ConfigMaps"] = {}
        for each in cluster.known(Resource):
            if each.kind == "ConfigMap" and not each.group:
                by_name.setdefault(each.name or "", []).append(each)
    namespace = cluster.known_namespace_of(workload)
    found = [each for each in by_name.get(name, ()) if cluster.known_namespace_of(each) == namespace]
    return found[0] if len(found) == 1 and not found[0].patches else None
