"""Builds manifests from YAML text, and what the model makes of them.

Arguments are YAML as it stands between the braces of a mapping or the brackets of a list, as in `usual_objects`.
"""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any

from k8snetlint import Source
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.environment import Environment
from k8snetlint.model.resource import Resource, resource_of
from k8snetlint.rules import usual_objects
from k8snetlint.rules.usual_objects import mapping, metadata_of
from k8snetlint.source.load import load

if TYPE_CHECKING:
    from collections.abc import Mapping

KUSTOMIZATION = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
NETWORKING = "networking.k8s.io/v1"
_BETWEEN_LABELS = re.compile(r", (?=[\w./-]+: )")


deployment = partial(usual_objects.workload, "Deployment", namespace="prod")
stateful_set = partial(usual_objects.workload, "StatefulSet", namespace="prod")
pod = partial(usual_objects.workload, "Pod", namespace="prod")
service = partial(usual_objects.service, namespace="prod")
namespace = usual_objects.namespace


def policy(
    labels: str = "",
    *,
    selector: str = "{}",
    name: str = "policy",
    namespace: str = "prod",
    peer: str = "podSelector: {}",
    ports: str = "",
    direction: str = "Ingress",
) -> str:
    """Return a NetworkPolicy for pods with labels, or for a whole selector; it has at most one rule.

    Each label stands on a line of its own. Unless another peer is asked for, all pods of the namespace are allowed.
    """
    where = f"  namespace: {namespace}\n" if namespace else ""
    matched = "".join(f"\n      {label}" for label in _BETWEEN_LABELS.split(labels))
    peers = f"{'from' if direction == 'Ingress' else 'to'}: [{{{peer}}}]" if peer else ""
    rule = mapping(peers, ports and f"ports: [{ports}]")
    return (
        f"apiVersion: {NETWORKING}\nkind: NetworkPolicy\nmetadata:\n  name: {name}\n{where}spec:\n  podSelector:"
        + (f"\n    matchLabels:{matched}\n" if labels else f" {selector}\n")
        + f"  policyTypes: [{direction}]\n"
        + (f"  {direction.lower()}: [{rule}]\n" if peer or ports else "")
    )


def manifest(api_version: str, kind: str, name: str = "example", *, namespace: str = "prod", spec: str = "") -> str:
    """Return an object of any kind."""
    after = f"spec: {spec}\n" if spec else ""
    return f"apiVersion: {api_version}\nkind: {kind}\nmetadata: {metadata_of(name, namespace=namespace)}\n{after}"


def policy_as_json(spec: object, **fields: object) -> str:
    """Return a NetworkPolicy as JSON, which keeps a spec as it is; `fields` stand beside the spec."""
    head = {"apiVersion": NETWORKING, "kind": "NetworkPolicy", "metadata": {"name": "web"}}
    return json.dumps({**head, "spec": spec, **fields})


def together(*documents: str) -> str:
    """Return one file of several documents."""
    return "---\n".join(each if each.endswith("\n") else f"{each}\n" for each in documents)


def resources(*documents: str, name: str = "test.yaml") -> tuple[Resource, ...]:
    """Return the objects of a file."""
    source = Source.of(name, together(*documents))
    return tuple(resource_of(each.value, source, each.index) for each in load(source).documents)


def cluster_of(*documents: str, environment: Environment | None = None, **more: Any) -> Cluster:
    """Return a cluster of the objects of a file."""
    return Cluster(resources(*documents), environment or Environment(), **more)


def sources(files: Mapping[str, str]) -> list[Source]:
    """Return sources by their names and texts."""
    return [Source.of(name, text) for name, text in files.items()]
