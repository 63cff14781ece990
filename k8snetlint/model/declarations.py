"""What the containers of workloads declare about ports."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from k8snetlint.model.aspects import CONTAINERS, PORTS
from k8snetlint.model.bitsets import Sets, bits_of
from k8snetlint.model.tables.kinds import POD_GROUPS
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.model.members import Pods
    from k8snetlint.model.workload import ContainerPort, Workload


class Declarations:
    """Sets of workloads by the ports that they declare; the n-th workload is bit n."""

    def __init__(self, workloads: tuple[Workload, ...]) -> None:
        self._workloads = workloads
        self._by_port: Sets[tuple[int | str | None, str]] = Sets()
        for position, workload in enumerate(workloads):
            for key in {key for each in workload.ports for key in _keys(each)}:
                self._by_port.add(key, position)

    def declaring(self, port: int | str, protocol: str) -> int:
        """Return which workloads declare a port, by its number or name."""
        return self._by_port[port, protocol]

    def declaring_number(self, number: int) -> int:
        """Return which workloads declare a number, for any protocol."""
        return self._by_port[number, "TCP"] | self._by_port[number, "UDP"] | self._by_port[number, "SCTP"]

    def of_port(self, pods: Pods, port: int | str, protocol: str) -> Iterator[ContainerPort]:
        """Yield the declarations of a port, by its number or name."""
        for workload in pods.among(self._by_port[port, protocol]):
            yield from (each for each in workload.ports if (port, protocol) in _keys(each))

    def protocols(self, pods: Pods, number: int) -> list[str]:
        """Return the protocols for which any of these pods declares a number, in the order of the manifests."""
        return [each for each in ("TCP", "UDP", "SCTP") if pods.among(self._by_port[number, each])]

    def names(self, pods: Pods, protocol: str) -> dict[str, ContainerPort]:
        """Return the names that these pods declare for a protocol, each with its first declaration."""
        found: dict[str, ContainerPort] = {}
        for workload in pods:
            for each in workload.ports:
                if each.name and each.protocol == protocol:
                    found.setdefault(each.name, each)
        return found

    @cached_property
    def any_port(self) -> int:
        """The workloads that declare ports at all."""
        return self._where(any(each.ports) for each in self._workloads)

    @cached_property
    def complete(self) -> int:
        """The workloads all of whose ports are written: no patch, placeholder or operator will change them."""
        return self._where(map(_writes_ports, self._workloads))

    def _where(self, flags: Iterable[bool]) -> int:
        return bits_of(position for position, flag in enumerate(flags) if flag)


def _keys(port: ContainerPort) -> Iterable[tuple[int | str | None, str]]:
    number = (port.container_port, port.protocol)
    return (number, (port.name, port.protocol)) if port.name else (number,)


def _writes_ports(workload: Workload) -> bool:
    return (
        workload.patched.isdisjoint({CONTAINERS, PORTS})
        and (workload.group in POD_GROUPS or workload.kind == "Rollout")
        and any(not container.init for container in workload.containers)
        and all(port.container_port and not is_placeholder(port.name or "") for port in workload.ports)
    )
