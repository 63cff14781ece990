"""How pods resolve names, `dnsPolicy`, `dnsConfig`, `hostAliases`, as the API server validates it.

Source: https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/validation/validation.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.validation.addresses import ip_faults
from k8snetlint.validation.causes import server_field
from k8snetlint.validation.names import size, subdomain, subdomain_with_underscore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import Causes
    from k8snetlint.validation.pod_context import PodContext
    from k8snetlint.validation.server import Server

_DNS_POLICIES = ("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")
_NAMESERVERS = 3
_LONG_SEARCHES = (1, 26)
"""The gate ExpandedDNSConfig: 32 search paths of 2048 bytes, not 6 of 256."""
_ALIASES_BY_INDEX = (1, 30)
"""Before, the server did not name the alias, nor the form of an address."""
_RELAXED_SEARCHES = (1, 33)


def dns_policy(value: str | None, path: FieldPath, pod: PodContext, causes: Causes) -> None:
    """Check `dnsPolicy`; None needs a `dnsConfig`."""
    if value and value not in _DNS_POLICIES:
        causes.not_supported(path, value, _DNS_POLICIES)
    if value == "None" and pod.spec.get("dnsConfig") is None:
        causes.required((*path[:-1], "dnsConfig"), "must provide `dnsConfig` when `dnsPolicy` is None")


def dns_config(config: dict[str, Any], path: FieldPath, pod: PodContext, causes: Causes) -> None:
    """Check `dnsConfig`."""
    server = pod.server
    nameservers, searches = config.get("nameservers") or (), config.get("searches") or ()
    if pod.spec.get("dnsPolicy") == "None" and not nameservers:
        detail = "must provide at least one DNS nameserver when `dnsPolicy` is None"
        causes.required((*path, "nameservers"), detail)
        return
    if len(nameservers) > _NAMESERVERS:
        detail = f"must not have more than {_NAMESERVERS} nameservers"
        causes.invalid((*path, "nameservers"), [each or "" for each in nameservers], detail)
    for index, each in enumerate(nameservers):
        causes.each_invalid((*path, "nameservers", index), each or "", _ip_faults(each or "", server))
    _searches([each or "" for each in searches], (*path, "searches"), server, causes)
    for index, each in enumerate(config.get("options") or ()):
        if not (each or {}).get("name"):
            causes.required((*path, "options", index), "must not be empty")


def _searches(value: list[str], path: FieldPath, server: Server, causes: Causes) -> None:
    paths, letters = (32, 2048) if server.version >= _LONG_SEARCHES else (6, 256)
    if len(value) > paths:
        causes.invalid(path, value, f"must not have more than {paths} search paths")
    if size(" ".join(value)) > letters:
        causes.invalid(
            path, value, f"must not have more than {letters} characters (including spaces) in the search list"
        )
    relaxed = server.version >= _RELAXED_SEARCHES
    for index, each in enumerate(value):
        if relaxed and each == ".":
            continue
        search = each.removesuffix(".")
        wrong = subdomain_with_underscore(search) if relaxed else subdomain(search)
        causes.each_invalid((*path, index), search, wrong)


def host_aliases(value: Sequence[Any], path: FieldPath, pod: PodContext, causes: Causes) -> None:
    """Check `hostAliases`."""
    server = pod.server
    by_index = server.version >= _ALIASES_BY_INDEX
    for index, alias in enumerate(value):
        text = (alias or {}).get("ip") or ""
        field = "" if by_index else server_field((*path, "ip"))
        causes.each_invalid((*path, index, "ip"), text, _ip_faults(text, server), field=field)
        field = "" if by_index else server_field((*path, "hostnames"))
        for number, each in enumerate((alias or {}).get("hostnames") or ()):
            causes.each_invalid((*path, index, "hostnames", number), each or "", subdomain(each or ""), field=field)


def _ip_faults(text: str, server: Server) -> list[str]:
    wrong = ip_faults(text, strict=server.strict_addresses)
    return ["must be valid IP address"] if wrong and server.version < _ALIASES_BY_INDEX else wrong
