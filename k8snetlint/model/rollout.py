"""Argo Rollout, v1alpha1, that takes its pods from another workload; one with a pod template is a `Workload`.

Source: https://argo-rollouts.readthedocs.io/en/stable/features/specification/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.resource import Resource
from k8snetlint.model.values import mapping, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.source.document import Source
    from k8snetlint.source.paths import FieldPath


class Rollout(Resource):
    """A Rollout with `workloadRef`.

    Slots:
        traffic_services: the Services through which it sends traffic to its pods.
        workload: kind and name of the workload whose pods it makes; empty if they are missing.
    """

    __slots__ = ("traffic_services", "workload")

    def __init__(
        self,
        value: dict[str, object],
        source: Source,
        document: int,
        root: FieldPath = (),
        unknown_fields: Iterable[FieldPath] = (),
    ) -> None:
        super().__init__(value, source, document, root, unknown_fields)
        self.traffic_services = traffic_services_of(value)
        reference = mapping(mapping(value.get("spec")).get("workloadRef"))
        self.workload = (text(reference.get("kind")) or "", text(reference.get("name")) or "")


def traffic_services_of(value: dict[str, object]) -> tuple[str, ...]:
    """Return the Services that a Rollout names in its strategy."""
    strategy = mapping(mapping(value.get("spec")).get("strategy"))
    canary, blue_green = mapping(strategy.get("canary")), mapping(strategy.get("blueGreen"))
    both = mapping(canary.get("pingPong"))
    named = (
        *(canary.get("stableService"), canary.get("canaryService")),
        *(both.get("pingService"), both.get("pongService")),
        *(blue_green.get("activeService"), blue_green.get("previewService")),
    )
    return tuple(name for name in map(text, named) if name)
