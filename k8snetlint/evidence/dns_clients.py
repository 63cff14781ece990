"""Which names of the cluster pods use, whose resolver may not know them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.dns_names import Fate, names_of
from k8snetlint.model.dns_names import parse_host

if TYPE_CHECKING:
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.dns_uses import DnsUse
    from k8snetlint.model.workload import Workload


def cluster_name_of(cluster: Cluster, workload: Workload) -> DnsUse | None:
    """Return a name of the cluster that the containers of a workload use, None without one.

    Pods with a `dnsConfig` may resolve it in another way.
    """
    if workload.dns is None or workload.dns.configured:
        return None
    spec = (*workload.template, "spec")
    found = {each.use for each in names_of(cluster, workload) if each.fate is Fate.FOUND}
    domains = ("", cluster.environment.cluster_domain)
    for use in workload.dns.uses:
        qualified = any(each.qualified and each.domain in domains for each in parse_host(use.host))
        if use.path[: len(spec)] == spec and (qualified or use in found):
            return use
    return None
