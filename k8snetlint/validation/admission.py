"""Which kinds are validated as the API server does it, and by which functions."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.validation.causes import Causes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from k8snetlint.validation.causes import ApiWarning
    from k8snetlint.validation.server import Server


class Validation(NamedTuple):
    """How the server validates a kind.

    Attributes:
        stages: each adds its causes; if one finds any, the server does not reach the next one.
        warnings: yields the warnings of the server when it accepts the object.
        deprecated: it warns of the kind as well, whatever it says of the object.
    """

    stages: tuple[Callable[[dict[str, Any], Server, Causes], None], ...]
    warnings: Callable[[dict[str, Any], Server], Iterator[ApiWarning]]
    deprecated: bool = False


@functools.cache
def validation_of(group: str, kind: str) -> Validation | None:
    """Return how a kind is validated, None if only its structure is."""
    # A module is imported when the first object of its kind occurs.
    match group, kind:
        case "networking.k8s.io", "NetworkPolicy":
            from k8snetlint.validation import networkpolicy  # noqa: PLC0415 - see above

            return Validation((networkpolicy.validate,), networkpolicy.warnings)
        case "networking.k8s.io", "Ingress":
            from k8snetlint.validation import ingress  # noqa: PLC0415 - see above

            return Validation((ingress.validate,), ingress.warnings)
        case "networking.k8s.io", "IngressClass":
            from k8snetlint.validation import ingressclass  # noqa: PLC0415 - see above

            return Validation((ingressclass.validate,), ingressclass.warnings)
        case "", "Namespace":
            from k8snetlint.validation import namespace  # noqa: PLC0415 - see above

            return Validation((namespace.validate,), namespace.warnings)
        case "", "Pod":
            from k8snetlint.validation import pod  # noqa: PLC0415 - see above

            return Validation((pod.validate,), pod.warnings)
        case "apps", "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet":
            from k8snetlint.validation import workload  # noqa: PLC0415 - see above

            return Validation((workload.validate, workload.validate_template), workload.warnings)
        case "batch", "Job":
            from k8snetlint.validation import job  # noqa: PLC0415 - see above

            return Validation((job.validate,), job.warnings)
        case "batch", "CronJob":
            from k8snetlint.validation import job  # noqa: PLC0415 - see above

            return Validation((job.validate_cron_job,), job.cron_job_warnings)
        case "", "Endpoints":
            from k8snetlint.validation import endpoints  # noqa: PLC0415 - see above

            return Validation((endpoints.validate,), endpoints.warnings, deprecated=True)
        case "discovery.k8s.io", "EndpointSlice":
            from k8snetlint.validation import endpointslice  # noqa: PLC0415 - see above

            return Validation((endpointslice.validate,), endpointslice.warnings)
        case "", "Service":
            from k8snetlint.validation import service, service_allocation, service_warnings  # noqa: PLC0415 - see above

            allocation = (service_allocation.addresses, service_allocation.node_ports, service_allocation.health_check)
            return Validation((*allocation, service.validate), service_warnings.warnings)
        case _:
            return None


def causes_of(value: dict[str, Any], validation: Validation, server: Server) -> Causes:
    """Return all causes for which a server rejects an object, even those of stages that it does not reach.

    Args:
        value: an object whose fields have the right types.
        validation: how its kind is validated.
        server: the API server.
    """
    causes = Causes()
    for stage in validation.stages:
        stage(value, server, causes)
    return _without_duplicates(causes) if len(causes) > 1 else causes


def first_causes(value: dict[str, Any], validation: Validation, server: Server) -> Causes:
    """Return the causes that a server names: those of the first stage that has any."""
    causes = Causes()
    for stage in validation.stages:
        stage(value, server, causes)
        if causes:
            break
    return causes


def _without_duplicates(causes: Causes) -> Causes:
    """Return the causes without those that an earlier stage has named."""
    seen = {(each.type, each.path, each.detail): each for each in reversed(causes)}
    return Causes(reversed(seen.values()))
