"""Which names of the cluster pods use, whose resolver may not know them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snetlint.evidence.dns_names import Fate, names_of
from k8snetlint.model.dns_names import parse_host

if TYPE_CHECKING:
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.dns_uses import DnsUse
    from k8snetlint.model.workload import Workload

_LOOK_UP = re.compile(r"\b(?:nslookup|host)\s+(?:-\S+\s+)*\Z")
_SERVER = re.compile(r"\s+[A-Za-z0-9\[]")
_DIG = re.compile(r"\b(?:dig|kdig|drill)\s[^;&|]*\Z")
_REST = re.compile(r"[^;&|]*")


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
        if use.path[: len(spec)] == spec and (qualified or use in found) and not _asks_a_server(use):
            return use
    return None


def _asks_a_server(use: DnsUse) -> bool:
    """Tell whether a command names the server that it asks: `nslookup NAME 127.0.0.1`, `dig @127.0.0.1 NAME`."""
    end = use.start + len(use.host)
    if _LOOK_UP.search(use.value[: use.start]):
        return _SERVER.match(use.value, end) is not None
    command = _DIG.search(use.value[: use.start])
    rest = _REST.match(use.value, end)
    return command is not None and rest is not None and "@" in f"{command[0]}{rest[0]}"
