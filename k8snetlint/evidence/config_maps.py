"""Which workloads read which keys of ConfigMaps: as environment variables, or as files.

Definitions are read again for that, so it is asked only where something depends on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.values import items, mapping, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.resource import Resource
    from k8snetlint.model.workload import Workload


_CONTAINERS = ("containers", "initContainers")
_FIELDS = (("volumes",), *((field, "*", name) for field in _CONTAINERS for name in ("env", "envFrom")))
"""What in the spec of a pod names ConfigMaps."""


class Reading(NamedTuple):
    """What a pod reads of a ConfigMap.

    Attributes:
        name: the ConfigMap, as it is written.
        key: the key; empty for all keys.
        named: a variable of the pod takes its value from this key.
    """

    name: str
    key: str = ""
    named: bool = False


class Readers:
    """The workloads that read a ConfigMap.

    Slots:
        whole: those that read all of its keys.
        files: those that take one key as a file, by the keys.
        named: those that take one key as a variable, by the keys.
    """

    __slots__ = ("files", "named", "whole")

    def __init__(self) -> None:
        self.whole: dict[Workload, None] = {}
        self.files: dict[str, dict[Workload, None]] = {}
        self.named: dict[str, dict[Workload, None]] = {}

    def add(self, workload: Workload, reading: Reading) -> None:
        """Note what a workload reads."""
        if not reading.key:
            self.whole[workload] = None
            return
        by_key = self.named if reading.named else self.files
        by_key.setdefault(reading.key, {})[workload] = None


def pod_spec(cluster: Cluster, workload: Workload) -> dict[str, object]:
    """Return the spec of the pods of a workload, read again; empty if patches change what it reads."""
    spec = (*workload.template, "spec")
    if cluster.definition_of is None or any(workload.is_patched_at(*spec, *each) for each in _FIELDS):
        return {}
    template: object = cluster.definition_of(workload)
    for step in workload.template:
        template = mapping(template).get(step)
    return mapping(mapping(template).get("spec"))


def readers_of(cluster: Cluster, config_map: Resource) -> Readers:
    """Return the workloads that read a ConfigMap, always the same object."""
    namespace = cluster.known_namespace_of(config_map)
    answers, key = cluster.index.answers, (readers_of, namespace)
    by_name: dict[str, Readers] | None = answers.get(key)
    if by_name is None:
        by_name = answers[key] = _readers_in(cluster, namespace)
    # A kustomization changes references as it changes names; both are compared as they are written.
    return by_name.setdefault((config_map.origin or config_map).name or "", Readers())


def _readers_in(cluster: Cluster, namespace: str | None) -> dict[str, Readers]:
    """Return the readers in a namespace, by the names of the ConfigMaps."""
    found: dict[str, Readers] = {}
    workloads = cluster.index.workloads
    for each in workloads.of(workloads.by_namespace.get(namespace, 0) & cluster.index.seen):
        for reading in readings(pod_spec(cluster, each)):
            found.setdefault(reading.name, Readers()).add(each, reading)
    return found


def readings(spec: dict[str, object]) -> Iterator[Reading]:
    """Yield what a pod reads of ConfigMaps."""
    for volume in map(mapping, items(spec.get("volumes"))):
        yield from _files(volume.get("configMap"))
        for source in map(mapping, items(mapping(volume.get("projected")).get("sources"))):
            yield from _files(source.get("configMap"))
    for container in map(mapping, (*items(spec.get("containers")), *items(spec.get("initContainers")))):
        for each in map(mapping, items(container.get("envFrom"))):
            name = text(mapping(each.get("configMapRef")).get("name"))
            if name:
                yield Reading(name)
        for each in map(mapping, items(container.get("env"))):
            reference = mapping(mapping(each.get("valueFrom")).get("configMapKeyRef"))
            name, key = text(reference.get("name")), text(reference.get("key"))
            if name and key:
                yield Reading(name, key, named=True)


def _files(source: object) -> Iterator[Reading]:
    """Yield what a volume takes from a ConfigMap."""
    name = text(mapping(source).get("name"))
    if not name:
        return
    chosen = [text(mapping(each).get("key")) for each in items(mapping(source).get("items"))]
    yield from (Reading(name, key) for key in chosen if key) if chosen else (Reading(name),)
