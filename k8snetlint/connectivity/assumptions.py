"""What an answer about connections takes for granted, and whether it is the whole truth."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.profiles import UNKNOWN
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.model.resource import Resource
from k8snetlint.model.tables.policies import creates_policies
from k8snetlint.model.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.connectivity.engine import Connectivity
    from k8snetlint.model.networkpolicy import Port


class Assumptions(NamedTuple):
    """What an answer rests on.

    Attributes:
        complete: nothing may be in the cluster that the answer does not know: what it does not list is denied.
        texts: what is taken for granted, as sentences without a period.
    """

    complete: bool
    texts: tuple[str, ...]


def assumptions_of(connectivity: Connectivity, not_read: Iterable[str] = ()) -> Assumptions:
    """Return what answers about a cluster rest on.

    Args:
        connectivity: what the cluster allows.
        not_read: why objects may be missing, as `Manifests.not_read` yields it.
    """
    cluster = connectivity.cluster
    missing = list(not_read)
    paths = {each.partition(": ")[0] for each in missing}
    doubts = (each for each in cluster.doubts if each.partition(": ")[0] not in paths)
    gaps = [*doubts, *missing, *_not_considered(connectivity)]
    whole = cluster.environment.whole_cluster
    known = () if whole else ("there are no other NetworkPolicies, and pods that are not shown may have any labels",)
    texts = (*known, *_facts(connectivity), *dict.fromkeys(gaps))
    return Assumptions(whole and not gaps, texts)


def _not_considered(connectivity: Connectivity) -> Iterator[str]:
    cluster = connectivity.cluster
    for policy, _ in connectivity.undecided.policies:
        yield f"{_name(policy)} is not evaluated: connections of the pods that it may select are unknown"
    for each in cluster.known(Resource):
        if creates_policies(each.group, each.kind):
            yield f"NetworkPolicies that {_name(each)} may create are not considered"


def _name(resource: Resource) -> str:
    name = f"{resource.namespace}/{resource.name}" if resource.namespace else resource.name or ""
    return f"{resource.kind} {name}"


def _facts(connectivity: Connectivity) -> Iterator[str]:
    cluster, profile = connectivity.cluster, connectivity.profile
    if not profile.enforces:
        yield f"{profile.name} enforces no NetworkPolicies, so every connection is allowed"
    elif profile is UNKNOWN and any(True for each in connectivity.policies for _ in each.policy.ip_blocks):
        yield "the CNI plugin is not known (--cni)"
    if not profile.end_port and any(each.end_port is not None for each in _ports(connectivity)):
        yield f"this version of {profile.name} ignores endPort: only the first port of a range counts"
    if not profile.named_ports and any(isinstance(each.port, str) for each in _ports(connectivity)):
        yield f"{profile.name} does not resolve names of ports: a name is every port of its protocol"
    concerned = [*cluster.known(Workload), *cluster.known(NetworkPolicy)]
    if any(not each.namespace for each in concerned):
        namespaces = {cluster.known_namespace_of(each) for each in concerned if not each.namespace}
        if None in namespaces:
            yield "objects without a namespace may go to any namespace, those of one folder to the same (--namespace)"
        elif cluster.environment.namespace is None:
            yield f"objects without a namespace are in {', '.join(sorted(filter(None, namespaces)))} (--namespace)"


def _ports(connectivity: Connectivity) -> Iterator[Port]:
    return (port for each in connectivity.policies for rule in each.rules for port in rule.rule.ports or ())
