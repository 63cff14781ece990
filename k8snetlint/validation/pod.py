"""Pods and pod templates, as the API server validates them, in its order.

Source: `ValidatePodSpec` of
https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/validation/validation.go
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from k8snetlint.validation.causes import server_field
from k8snetlint.validation.containers import containers, ephemeral_containers, init_containers
from k8snetlint.validation.metadata import metadata
from k8snetlint.validation.names import in_range, label, subdomain
from k8snetlint.validation.pod_context import PodContext
from k8snetlint.validation.pod_warnings import final_name, name_warnings, pod_warnings
from k8snetlint.validation.selectors import labels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import ApiWarning, Causes
    from k8snetlint.validation.server import Server

    Check = Callable[[Any, FieldPath, PodContext, Causes], None]
    """Checks a field: its value, its path, the pod."""

_RESETS_GENERATION = (1, 33)
_RESTART_POLICIES = ("Always", "OnFailure", "Never")
_PREEMPTION_POLICIES = ("PreemptLowerPriority", "Never")
_SYSTEMS = ("linux", "windows")
_LAST_SECOND = 2**31 - 1
_NO_VOLUMES: dict[str, dict[str, Any]] = {}


def validate(value: dict[str, Any], server: Server, causes: Causes) -> None:
    """Add the causes for which the server rejects a Pod."""
    metadata(value, causes, name=subdomain, keeps_generation=server.version < _RESETS_GENERATION, server=server)
    meta, spec = value.get("metadata") or {}, value.get("spec") or {}
    name = final_name(value)[0]
    pod_spec(spec, ("spec",), server, causes, is_pod=True, pod_name=name, pod_labels=meta.get("labels"))
    if spec.get("volumes"):
        from k8snetlint.validation.volumes import made_claims, tokens  # noqa: PLC0415 - most Pods have no volumes

        if name:
            made_claims(spec["volumes"], ("spec", "volumes"), name, causes)
        if not (server.service_accounts or spec.get("serviceAccountName") or spec.get("serviceAccount")):
            tokens(spec["volumes"], ("spec", "volumes"), causes)


def warnings(value: dict[str, Any], server: Server) -> Iterator[ApiWarning]:
    """Yield what the server warns of in a Pod that it takes."""
    yield from name_warnings(value, server, "the Pod's hostname")
    annotations = (value.get("metadata") or {}).get("annotations")
    yield from pod_warnings(value.get("spec") or {}, ("spec",), server, is_pod=True, annotations=annotations)


def pod_spec(
    value: dict[str, Any],
    path: FieldPath,
    server: Server,
    causes: Causes,
    *,
    is_pod: bool = False,
    pod_name: str = "",
    pod_labels: Mapping[str, Any] | None = None,
    claims: Mapping[str, dict[str, Any]] | None = None,
) -> None:
    """Check the `spec` of a Pod or a template.

    Args:
        value: the spec.
        path: its path.
        server: the API server.
        causes: what is wrong is added here.
        is_pod: it is a Pod's, which gets more defaults than a template.
        pod_name: the name of a Pod.
        pod_labels: the labels of the pods.
        claims: the volumes that a StatefulSet makes for its claims, which replace others; it names its pods itself.
    """
    volumes = _NO_VOLUMES
    if claims or value.get("volumes"):
        listed, at = value.get("volumes") or (), (*path, "volumes")
        volumes = _volumes(listed, at, server, causes, claims=claims or {}, pod_name=pod_name)
    pod = PodContext(value, path, server, is_pod, pod_labels or {}, volumes)
    containers(value.get("containers"), (*path, "containers"), pod, causes)
    for field, written in value.items():
        if written is None:
            continue
        check = _check_of(field)
        if check is not None and (claims is None or field not in ("hostname", "subdomain")):
            check(written, (*path, field), pod, causes)


def _volumes(
    value: Any, path: FieldPath, server: Server, causes: Causes, *, claims: Mapping[str, dict[str, Any]], pod_name: str
) -> dict[str, dict[str, Any]]:
    own = _volumes_check()(value, path, server, causes, pod_name=pod_name, shift=len(claims), ignored=claims)
    return {**{name: each for name, each in claims.items() if not label(name)}, **own}


@functools.cache
def _volumes_check() -> Callable[..., dict[str, dict[str, Any]]]:
    from k8snetlint.validation.volumes import volumes  # noqa: PLC0415 - not every pod has volumes

    return volumes


@functools.cache
def _check_of(field: str) -> Check | None:
    """Return what checks a field of a pod; most fields are free."""
    # A module is imported when the first field of its kind occurs.
    match field:
        case "initContainers":
            return init_containers
        case "ephemeralContainers":
            return ephemeral_containers
        case "hostNetwork":
            from k8snetlint.validation.container_ports import on_host  # noqa: PLC0415 - see above

            return on_host
        case "dnsPolicy" | "dnsConfig" | "hostAliases":
            from k8snetlint.validation import pod_dns  # noqa: PLC0415 - see above

            checks: dict[str, Check] = {
                "dnsPolicy": pod_dns.dns_policy,
                "dnsConfig": pod_dns.dns_config,
                "hostAliases": pod_dns.host_aliases,
            }
            return checks[field]
        case "hostUsers" | "hostnameOverride" | "shareProcessNamespace":
            from k8snetlint.validation import pod_host  # noqa: PLC0415 - see above

            checks = {
                "hostUsers": pod_host.host_users,
                "hostnameOverride": pod_host.hostname_override,
                "shareProcessNamespace": pod_host.share_process_namespace,
            }
            return checks[field]
        case "securityContext":
            from k8snetlint.validation.security import pod_security_context  # noqa: PLC0415 - see above

            return pod_security_context
        case "overhead":
            from k8snetlint.validation.resources import overhead  # noqa: PLC0415 - see above

            return overhead
        case "affinity":
            from k8snetlint.validation.affinity import affinity  # noqa: PLC0415 - see above

            return affinity
        case "tolerations" | "topologySpreadConstraints" | "readinessGates" | "schedulingGates":
            from k8snetlint.validation import scheduling  # noqa: PLC0415 - see above

            checks = {
                "tolerations": scheduling.tolerations,
                "topologySpreadConstraints": scheduling.topology_spread,
                "readinessGates": scheduling.readiness_gates,
                "schedulingGates": scheduling.scheduling_gates,
            }
            return checks[field]
        case _:
            return _PLAIN.get(field)


def _label(value: str, path: FieldPath, _: PodContext, causes: Causes) -> None:
    if value:
        causes.each_invalid(path, value, label(value))


def _subdomain(value: str, path: FieldPath, _: PodContext, causes: Causes) -> None:
    if value:
        causes.each_invalid(path, value, subdomain(value))


def _runtime_class(value: str, path: FieldPath, _: PodContext, causes: Causes) -> None:
    causes.each_invalid(path, value, subdomain(value))


def _node_selector(value: dict[str, Any], path: FieldPath, _: PodContext, causes: Causes) -> None:
    labels(value, path, causes)


def _restart_policy(value: str, path: FieldPath, _: PodContext, causes: Causes) -> None:
    if value and value not in _RESTART_POLICIES:
        causes.not_supported(path, value, _RESTART_POLICIES)


def _preemption_policy(value: str, path: FieldPath, _: PodContext, causes: Causes) -> None:
    if not value:
        causes.required(path)
    elif value not in _PREEMPTION_POLICIES:
        causes.not_supported(path, value, _PREEMPTION_POLICIES)


def _service_account(value: str, path: FieldPath, pod: PodContext, causes: Causes) -> None:
    """Check the old name of `serviceAccountName`, which is its default."""
    if value and not pod.spec.get("serviceAccountName"):
        named = server_field((*path[:-1], "serviceAccountName"))
        causes.each_invalid(path, value, subdomain(value), field=named)


def _deadline(value: float, path: FieldPath, _: PodContext, causes: Causes) -> None:
    if not 1 <= value <= _LAST_SECOND:
        causes.each_invalid(path, value, in_range(1, _LAST_SECOND))


def _system(value: dict[str, Any], path: FieldPath, _: PodContext, causes: Causes) -> None:
    name = value.get("name") or ""
    if not name:
        causes.required((*path, "name"))
    elif name not in _SYSTEMS:
        causes.not_supported((*path, "name"), name, _SYSTEMS, field=server_field(path))


_PLAIN: dict[str, Check] = {
    "hostname": _label,
    "subdomain": _label,
    "serviceAccountName": _subdomain,
    "nodeName": _subdomain,
    "priorityClassName": _subdomain,
    "runtimeClassName": _runtime_class,
    "nodeSelector": _node_selector,
    "restartPolicy": _restart_policy,
    "preemptionPolicy": _preemption_policy,
    "serviceAccount": _service_account,
    "activeDeadlineSeconds": _deadline,
    "os": _system,
}
