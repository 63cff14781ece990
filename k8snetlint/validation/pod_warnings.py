"""What the API server warns of in Pods and templates that it takes, as far as networks are concerned.

Source: https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/api/pod/warnings.go
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from k8snetlint.source.paths import MapKey
from k8snetlint.validation.addresses import ip_warnings
from k8snetlint.validation.causes import ApiWarning, quoted, server_field
from k8snetlint.validation.names import label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import ModuleType

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.server import Server

_NAMES_SINCE = (1, 27)
_PORTS_SINCE = (1, 28)
_ADDRESSES_SINCE = (1, 33)
_GENERATED = "xxxxx"
"""The server adds five random letters to `generateName`."""


_OLD_ANNOTATIONS = {
    "scheduler.alpha.kubernetes.io/critical-pod": (
        'non-functional in v1.16+; use the "priorityClassName" field instead'
    ),
    "security.alpha.kubernetes.io/sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
    "security.alpha.kubernetes.io/unsafe-sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
}


_LISTS = ("configMap", "secret")
_QUIET = frozenset({"name", "emptyDir", "hostPath", "persistentVolumeClaim", "nfs", "csi"})
_QUIET_IF_PLAIN = _QUIET.union(_LISTS)
"""The fields of volumes of which the server never warns, and those of which it does not if no files are listed."""
_CONTAINERS = ("initContainers", "containers", "ephemeralContainers")
_BYTES = ("memory", "ephemeral-storage")
_SMALL = 15
"""So many letters an amount may have without being larger than Go can count."""


def final_name(value: dict[str, Any]) -> tuple[str, str]:
    """Return the name that an object gets, and the field of its metadata that sets it."""
    meta = value.get("metadata") or {}
    name, prefix = meta.get("name"), meta.get("generateName")
    return (name or "", "name") if name or not prefix else (prefix[:58] + _GENERATED, "generateName")


def name_warnings(value: dict[str, Any], server: Server, use: str) -> Iterator[ApiWarning]:
    """Yield that the name of an object, which becomes that of hosts, is no DNS label."""
    if server.version < _NAMES_SINCE:
        return
    name, field = final_name(value)
    wrong = label(name)
    if wrong:
        text = f"metadata.name: this is used in {use}, which can result in surprising behavior"
        yield ApiWarning(("metadata", field), f"{text}; a DNS label is recommended: [{' '.join(wrong)}]")


def pod_warnings(
    value: dict[str, Any],
    path: FieldPath,
    server: Server,
    *,
    is_pod: bool = False,
    annotations: Mapping[str, Any] | None = None,
    claims: int = 0,
) -> Iterator[ApiWarning]:
    """Yield what the server warns of in the `spec` of a Pod or a template.

    Args:
        value: the spec.
        path: its path.
        server: the API server.
        is_pod: it is a Pod's.
        annotations: those of the pods.
        claims: how many volumes the server makes for the claims of a StatefulSet.
    """
    for field in _CHECKS.keys() & value.keys():
        if value[field]:
            yield from _CHECKS[field](value, (*path, field), server)
    if annotations:
        yield from _old_annotations(annotations, (*path[:-1], "metadata", "annotations"))
    if not all(map(_is_quiet_volume, value.get("volumes") or ())):
        from k8snetlint.validation.volume_warnings import volume_warnings  # noqa: PLC0415 - most pods have none of them

        yield from volume_warnings(value["volumes"], (*path, "volumes"), server.version, claims)
    grace = value.get("terminationGracePeriodSeconds")
    if grace is not None and grace < 0 and not is_pod:
        at = (*path, "terminationGracePeriodSeconds")
        words = "must be >= 0; negative values are invalid and will be treated as 1"
        yield ApiWarning(at, f"{server_field(at)}: {words}")
    if not _are_quiet_containers(value):
        yield from _of_containers(value, path, is_pod=is_pod)
    if server.version >= _PORTS_SINCE and not _are_quiet_ports(value):
        from k8snetlint.validation.port_warnings import port_warnings  # noqa: PLC0415 - most ports are quiet

        defaulted = is_pod and bool(value.get("hostNetwork"))
        yield from port_warnings(value, path, server.version, defaulted=defaulted)


def _old_annotations(value: Mapping[str, Any], path: FieldPath) -> Iterator[ApiWarning]:
    for key, words in _OLD_ANNOTATIONS.items():
        if key in value:
            at = (*path, MapKey(key))
            yield ApiWarning(at, f"{server_field(at)}: {words}")


def _of_containers(value: dict[str, Any], path: FieldPath, *, is_pod: bool) -> Iterator[ApiWarning]:
    from k8snetlint.validation.container_warnings import container_warnings  # noqa: PLC0415 - most are quiet

    for field in _CONTAINERS:
        for index, each in enumerate(value.get(field) or ()):
            is_defaulted = is_pod and field != "ephemeralContainers"
            yield from container_warnings(each or {}, (*path, field, index), defaulted=is_defaulted)


def _is_quiet_volume(volume: dict[str, Any] | None) -> bool:
    """Tell whether there is nothing to warn of in a volume, for sure."""
    if not volume or volume.keys() <= _QUIET:
        return True
    return volume.keys() <= _QUIET_IF_PLAIN and not any((volume.get(each) or {}).get("items") for each in _LISTS)


def _are_quiet_containers(value: dict[str, Any]) -> bool:
    for field in _CONTAINERS:
        for each in value.get(field) or ():
            if each and not _is_quiet_container(each):
                return False
    return True


def _are_quiet_ports(value: dict[str, Any]) -> bool:
    """Tell whether there is nothing to warn of in the ports of a pod, for sure: no two have anything in common."""
    seen: set[object] = set()
    for field in ("initContainers", "containers"):
        for container in value.get(field) or ():
            for each in (container or {}).get("ports") or ():
                port = each or {}
                name, number = port.get("name"), (port.get("containerPort"), port.get("protocol") or "TCP")
                if number in seen or name in seen or "hostIP" in port:
                    return False
                seen.add(number)
                if name:
                    seen.add(name)
    return True


def _is_quiet_container(container: dict[str, Any]) -> bool:
    """Tell whether there is nothing to warn of in a container, for sure."""
    variables, resources = container.get("env"), container.get("resources")
    # A variable has a name where the server takes the object.
    if variables and len({each["name"] for each in variables}) < len(variables):
        return False
    for field in ("limits", "requests") if resources else ():
        for each, written in ((resources or {}).get(field) or {}).items():
            amount = str(written)
            if each in _BYTES and (not amount.isalnum() or amount[-1] in "num" or len(amount) > _SMALL):
                return False
    return True


def _host_aliases(value: dict[str, Any], path: FieldPath, server: Server) -> Iterator[ApiWarning]:
    aliases = value["hostAliases"]
    if len(aliases) > 1:
        yield from _aliases(aliases, path)
    for index, each in enumerate(aliases if server.version >= _ADDRESSES_SINCE else ()):
        yield from _address((*path, index, "ip"), (each or {}).get("ip"))


def _dns_config(value: dict[str, Any], path: FieldPath, server: Server) -> Iterator[ApiWarning]:
    nameservers = value["dnsConfig"].get("nameservers") or ()
    for index, each in enumerate(nameservers if server.version >= _ADDRESSES_SINCE else ()):
        yield from _address((*path, "nameservers", index), each)


def _pull_secrets(value: dict[str, Any], path: FieldPath, _: Server) -> Iterator[ApiWarning]:
    seen: set[str] = set()
    for index, each in enumerate(value["imagePullSecrets"]):
        name, at = (each or {}).get("name") or "", (*path, index, "name")
        if name in seen:
            yield ApiWarning(at, f"{server_field(at)}: duplicate name {quoted(name)}")
        if not name:
            yield ApiWarning(at, f'{server_field(at)}: invalid empty name ""')
        seen.add(name)


@functools.cache
def _nodes() -> ModuleType:
    from k8snetlint.validation import node_warnings  # noqa: PLC0415 - few pods choose nodes

    return node_warnings


def _node_selector(value: dict[str, Any], path: FieldPath, _: Server) -> Iterator[ApiWarning]:
    yield from _nodes().node_selector_warnings(value["nodeSelector"], path)


def _affinity(value: dict[str, Any], path: FieldPath, _: Server) -> Iterator[ApiWarning]:
    yield from _nodes().affinity_warnings(value["affinity"], path)


def _topology(value: dict[str, Any], path: FieldPath, _: Server) -> Iterator[ApiWarning]:
    yield from _nodes().topology_warnings(value["topologySpreadConstraints"], path)


def _overhead(value: dict[str, Any], path: FieldPath, _: Server) -> Iterator[ApiWarning]:
    from k8snetlint.validation.container_warnings import fraction  # noqa: PLC0415 - few pods have any

    for each in ("memory", "ephemeral-storage"):
        if each in value["overhead"]:
            at = (*path, MapKey(each))
            yield from fraction(value["overhead"][each], at, server_field(at))


def _aliases(value: Sequence[Any], path: FieldPath) -> Iterator[ApiWarning]:
    seen: set[str] = set()
    for index, each in enumerate(value):
        text = (each or {}).get("ip") or ""
        if text in seen:
            at = (*path, index, "ip")
            yield ApiWarning(at, f"{server_field(at)}: duplicate ip {quoted(text)}")
        seen.add(text)


def _address(path: FieldPath, text: str | None) -> Iterator[ApiWarning]:
    for each in ip_warnings(server_field(path), text or ""):
        yield ApiWarning(path, each)


_CHECKS: dict[str, Callable[[dict[str, Any], FieldPath, Server], Iterator[ApiWarning]]] = {
    "nodeSelector": _node_selector,
    "affinity": _affinity,
    "topologySpreadConstraints": _topology,
    "hostAliases": _host_aliases,
    "imagePullSecrets": _pull_secrets,
    "overhead": _overhead,
    "dnsConfig": _dns_config,
}
"""What warns of a field of a pod."""
