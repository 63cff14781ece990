"""Whatever makes pods: the workload kinds, and any custom resource with a pod template.

Source: https://kubernetes.io/docs/concepts/workloads/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.resource import Resource
from k8snetlint.model.values import items, mapping, number, strings, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.source.document import Source
    from k8snetlint.source.paths import FieldPath, Place


class Workload(Resource):
    """The pods that an object makes.

    Slots:
        pod_labels: the labels of each of its pods.
        ports: the ports that its containers declare, sidecars (init containers that keep running) included.
        host_network: whether the pods share the node's network.
        dns_policy: None if not written.
    """

    __slots__ = ("dns_policy", "host_network", "pod_labels", "ports")

    def __init__(
        self,
        value: dict[str, object],
        source: Source,
        document: int,
        root: FieldPath = (),
        unknown_fields: Iterable[FieldPath] = (),
    ) -> None:
        super().__init__(value, source, document, root, unknown_fields)
        path, template = _template(value)
        self.pod_labels = strings(mapping(template.get("metadata")).get("labels"))
        spec = mapping(template.get("spec"))
        self.host_network = spec.get("hostNetwork") is True
        self.dns_policy = text(spec.get("dnsPolicy"))
        self.ports = tuple(
            ContainerPort(mapping(port), self.at(*path, "spec", field, index, "ports", number))
            for field in ("containers", "initContainers")
            for index, container in enumerate(items(spec.get(field)))
            if field == "containers" or mapping(container).get("restartPolicy") == "Always"
            for number, port in enumerate(items(mapping(container).get("ports")))
        )


class ContainerPort:
    """One port that a container declares; `number` is its `containerPort`."""

    __slots__ = ("host_port", "name", "number", "place", "protocol")

    def __init__(self, value: dict[str, object], place: Place) -> None:
        self.place = place
        self.name = text(value.get("name"))
        self.number = number(value.get("containerPort"))
        self.host_port = number(value.get("hostPort"))
        self.protocol = text(value.get("protocol")) or "TCP"


def _template(value: dict[str, object]) -> tuple[tuple[str, ...], dict[str, object]]:
    """Return where an object describes its pods, and what stands there."""
    if value["kind"] == "Pod":
        return (), value
    spec = mapping(value.get("spec"))
    if value["kind"] == "CronJob":
        job = mapping(mapping(spec.get("jobTemplate")).get("spec"))
        return ("spec", "jobTemplate", "spec", "template"), mapping(job.get("template"))
    return ("spec", "template"), mapping(spec.get("template"))
