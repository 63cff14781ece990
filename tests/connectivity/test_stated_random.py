"""On random clusters, whatever is reported as a stated connection is denied in every possible cluster."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from random_clusters import Generator

from k8snetlint import Source
from k8snetlint.connectivity.engine import Connectivity
from k8snetlint.connectivity.stated import denied_connections
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.dns_facts import dns_facts
from k8snetlint.model.environment import Environment
from k8snetlint.model.networkpolicy import Direction
from k8snetlint.model.resource import resource_of
from k8snetlint.model.workload import Workload

if TYPE_CHECKING:
    from k8snetlint.model.resource import Resource

CLUSTERS = int(os.environ.get("K8SNETLINT_CLUSTERS", "200"))
_SOURCE = Source.of("random.yaml", "")
Value = dict[str, Any]


def service(name: str, namespace: str, labels: Value) -> Value:
    ports = [{"name": "a", "port": 80, "targetPort": 8080}, {"name": "b", "port": 5432}]
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {"selector": labels, "ports": ports}}


def with_addresses(manifests: list[Value]) -> list[Value]:
    """Return manifests with a Service for each workload with labels, whose address all workloads have."""
    resources = [resource_of(each, _SOURCE, 0) for each in manifests]
    workloads = [each for each in resources if isinstance(each, Workload) and each.pod_labels]
    services = [
        service(f"s-{number}", each.namespace or "default", dict(each.pod_labels))
        for number, each in enumerate(workloads)
    ]
    env = [
        {"name": f"URL_{number}", "value": f"http://s-{number}.{each['metadata']['namespace']}.svc:{port}"}
        for number, each in enumerate(services)
        for port in (80, 5432)
    ]
    for value, resource in zip(manifests, resources, strict=True):
        if isinstance(resource, Workload):
            template = value
            for step in resource.template:
                template = template[step]
            template["spec"]["containers"][0]["env"] = env
    return [*manifests, *services]


def cluster_of(manifests: list[Value], *, whole: bool) -> Cluster:
    resources: list[Resource] = []
    for number, each in enumerate(manifests):
        resources.append(resource_of(each, _SOURCE, number))
        resources[-1].dns = dns_facts(resources[-1], each)
    values = dict(zip(resources, manifests, strict=True))
    return Cluster(tuple(resources), Environment(whole_cluster=whole), definition_of=values.get)


def test_what_is_found_is_denied_in_every_possible_cluster() -> None:
    found = 0
    for seed in range(CLUSTERS):
        connectivity = Connectivity(cluster_of(with_addresses(Generator(seed).manifests()), whole=seed % 2 == 0))
        class_of = connectivity.classes.class_of
        for (policy, direction), connections in denied_connections(connectivity).items():
            for each in connections:
                found += 1
                assert each.policies[direction] is policy
                assert policy.isolates(direction)
                near = each.source if direction is Direction.EGRESS else each.ends.targets[0].workload
                assert policy.pod_selector is None or policy.pod_selector.matches(near.pod_labels)
                for target in each.ends.targets:
                    _, possible = connectivity.ports_between(class_of[each.source], class_of[target.workload])
                    assert not possible.has(target.protocol, target.number)
    assert found > CLUSTERS
