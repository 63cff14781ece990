"""What ConfigMaps say about the network of their cluster: CNI configurations, CIDRs, addresses of old manifests."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from k8snetlint.model.network_facts import PODS, SERVICES, NetworkFacts, NetworkRange, split_cidrs
from k8snetlint.model.tables.network_kinds import (
    CHAINING,
    CNI_ENDINGS,
    CNI_KEYS,
    COMPONENT_KEYS,
    NET_CONF,
    STALE_HOSTS,
)
from k8snetlint.model.values import mapping, text
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.source.paths import FieldPath

_FILLED_IN = r"__[A-Z0-9_]+__"
_URL = re.compile(r"https?://[^\s\"'`<>()]+")
_SUBNETS = {"podSubnet": PODS, "clusterCIDR": PODS, "serviceSubnet": SERVICES}
_SUBNET = re.compile(rf"^[ ]*({'|'.join(_SUBNETS)}):[ ]*[\"']?([0-9a-fA-F.:/,]+)[\"']?[ ]*(?:#.*)?$", re.MULTILINE)
_MODE = re.compile(r"^mode:[ ]*[\"']?([a-z]+)[\"']?[ ]*$", re.MULTILINE)


def config_map_facts(value: dict[str, object]) -> NetworkFacts:
    """Read a ConfigMap."""
    texts = {key: each for key, each in mapping(value.get("data")).items() if isinstance(each, str)}
    configs = tuple(_configs(texts))
    ranges = list(_flannel(texts.get(NET_CONF, "")))
    mode: tuple[FieldPath, str] | None = None
    for key in COMPONENT_KEYS:
        ranges += (
            NetworkRange(_SUBNETS[match[1]], split_cidrs(match[2]), ("data", key), match[1])
            for match in _SUBNET.finditer(texts.get(key, ""))
        )
        found = _MODE.search(texts.get(key, "")) if "KubeProxyConfiguration" in texts.get(key, "") else None
        mode = (("data", key), found[1]) if found else mode
    is_chained = texts.get(CHAINING, "none") not in ("", "none")
    urls = tuple(_stale_urls(texts))
    return NetworkFacts(configs=configs, ranges=tuple(ranges), urls=urls, mode=mode, is_chained=is_chained)


def _configs(texts: dict[str, str]) -> Iterator[tuple[FieldPath, str]]:
    """Yield the CNI configurations, as plugins fill them in: `"mtu": __CNI_MTU__` is a number."""
    for key, each in texts.items():
        filled = re.sub(_FILLED_IN, "0", each) if _is_cni(key, each) else ""
        if filled and not is_placeholder(filled):
            yield ("data", key), filled


def _is_cni(key: str, content: str) -> bool:
    """Tell whether an entry is a CNI configuration; files of other programs end with `.conf`, too."""
    if key in CNI_KEYS or key.endswith(".conflist"):
        return True
    return key.endswith(CNI_ENDINGS) and content.lstrip().startswith("{") and '"cniVersion"' in content


def _flannel(content: str) -> Iterator[NetworkRange]:
    if not content:
        return
    try:
        read = json.loads(content)
    except (ValueError, RecursionError):
        return
    for field in ("Network", "IPv6Network"):
        cidr = text(mapping(read).get(field))
        if cidr:
            yield NetworkRange(PODS, (cidr,), ("data", NET_CONF), f"{field} of Flannel", "flannel")


def _stale_urls(texts: dict[str, str]) -> Iterator[tuple[FieldPath, str]]:
    for key, content in texts.items():
        for url in dict.fromkeys(_URL.findall(content) if any(host in content for host in STALE_HOSTS) else ()):
            if any(host in url for host in STALE_HOSTS):
                yield ("data", key), url
