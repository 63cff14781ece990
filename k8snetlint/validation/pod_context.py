"""What the checks of a pod's parts have to know of the whole pod."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.server import Server


class PodContext(NamedTuple):
    """The pod that is validated.

    Attributes:
        spec: its `spec`.
        path: the path of that.
        server: the API server.
        is_pod: it is a Pod, which gets more defaults than a template.
        labels: the labels of the pods.
        volumes: the volumes that are right, by their names.
    """

    spec: dict[str, Any]
    path: FieldPath
    server: Server
    is_pod: bool
    labels: Mapping[str, Any]
    volumes: Mapping[str, dict[str, Any]]

    @property
    def grace_period(self) -> int:
        """`terminationGracePeriodSeconds` with its default; a Pod's is never negative."""
        written = self.spec.get("terminationGracePeriodSeconds")
        if written is None:
            return 30
        return 1 if self.is_pod and written < 0 else int(written)

    @property
    def has_host_ports(self) -> bool:
        """Whether container ports are the host's ports by default."""
        return bool(self.spec.get("hostNetwork")) and (self.is_pod or self.server.version < HOST_PORTS_OF_PODS)


HOST_PORTS_OF_PODS = (1, 28)
"""Before, templates got the host ports of their hostNetwork, as Pods do, and the fields had other names."""
