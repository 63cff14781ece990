"""Pods that policies isolate, and that are attached to networks to which NetworkPolicies do not apply.

Source: https://github.com/k8snetworkplumbingwg/multi-net-spec
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.evidence.subjects import subjects
from k8snetlint.model.bitsets import bits_of, positions
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.model.resource import Resource
from k8snetlint.model.workload import NETWORKS, Workload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster

_CHAINED = frozenset({"istio-cni", "linkerd-cni"})
"""What plugins of meshes are called: they set up the default network, and attach pods to no other one.

Source: https://istio.io/latest/docs/setup/additional-setup/cni/
"""
_NAME = re.compile(r"(?:^|,)\s*(?:[a-z0-9.-]+/)?([a-z0-9.-]+)(?:@[\w.-]+)?\s*(?=,|$)")
_JSON_NAME = re.compile(r'"name"\s*:\s*"([a-z0-9.-]+)"')


class Attached(NamedTuple):
    """A workload whose pods are attached to further networks.

    Attributes:
        networks: their names.
        policy: the first policy that selects the pods.
    """

    workload: Workload
    networks: tuple[str, ...]
    policy: NetworkPolicy


def network_names(annotation: str) -> tuple[str, ...]:
    """Return the names of the networks of an annotation, a list with commas or JSON; without plugins of meshes."""
    pattern = _JSON_NAME if annotation.lstrip().startswith(("[", "{")) else _NAME
    return tuple(each for each in dict.fromkeys(pattern.findall(annotation)) if each not in _CHAINED)


def attached_workloads(cluster: Cluster) -> Iterator[Attached]:
    """Yield the workloads of the scope whose pods are attached to further networks, and that a policy isolates.

    Those in a namespace with a MultiNetworkPolicy are left out: it may be for them.
    """
    attached = {each: names for each in cluster.of(Workload) if each.networks and (names := _names(each))}
    if not attached:
        return
    workloads = cluster.index.workloads
    left = bits_of(number for number, each in enumerate(workloads.every) if each in attached)
    left &= cluster.index.plain & ~_with_other_policies(cluster)
    for policy in cluster.known(NetworkPolicy):
        found = left & subjects(cluster, policy).certain if left else 0
        left &= ~found
        for each in map(workloads.every.__getitem__, positions(found)):
            yield Attached(each, attached[each], policy)


def _names(workload: Workload) -> tuple[str, ...]:
    if workload.is_patched_at(*workload.template, "metadata", "annotations", NETWORKS):
        return ()
    return network_names(workload.networks or "")


def _with_other_policies(cluster: Cluster) -> int:
    """Return the workloads that may be in the namespace of a MultiNetworkPolicy."""
    found = 0
    for each in cluster.known(Resource):
        if (each.group, each.kind) == ("k8s.cni.cncf.io", "MultiNetworkPolicy"):
            found |= cluster.index.namespace_set_of(each).workloads
    return found
