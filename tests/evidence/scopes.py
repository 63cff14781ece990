"""Random scopes: workloads, Services, policies and Namespaces whose labels meet, nearly meet, or do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.model.aspects import ALL
from k8snetlint.model.environment import Environment, External
from k8snetlint.model.resource import Resource, resource_of
from k8snetlint.source.document import Source

if TYPE_CHECKING:
    from random import Random

KEYS = ("app", "name", "app.kubernetes.io/name", "tier", "teir", "component")
NAMESPACE_KEYS = ("team", "name", "kubernetes.io/metadata.name", "env", "example.com/ns")
VALUES = (
    *("web", "api", "redis", "rediss", "reddis", "payments", "paymnets", "payment", "backend", "backned", "frontend"),
    *("frontned", "worker-1", "worker-2", "checkout", "chekout", "Redis", "db", "dbs", "storefront", "storefornt"),
)
NAMESPACES = ("prod", "prdo", "data", "storefront", "kube-system", "payments", "{{ .ns }}")


class Parts(NamedTuple):
    """What a cluster is made of, and what stands in other scopes of the run."""

    resources: tuple[Resource, ...]
    present: tuple[Resource, ...]
    inner: tuple[Resource, ...]
    context: tuple[Resource, ...]
    others: tuple[Resource, ...]
    environment: Environment
    doubts: tuple[str, ...]
    applied_together: bool


class Maker:
    """Makes resources, many in few files and namespaces."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.number = 0
        self.defined: set[str] = set()
        self.values = random.sample(VALUES, random.choice((3, 6, 12)))
        self.namespaces = random.sample(NAMESPACES, random.choice((1, 2, 4)))
        self.written = random.choice((0.0, 0.5, 1.0))
        folders = ("", "a/", "b/")
        self.sources = [Source.of(f"{random.choice(folders)}{number}.yaml", "") for number in range(4)]

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def labels(self, keys: tuple[str, ...] = KEYS, least: int = 1) -> dict[str, str]:
        names = self.random.sample(keys, self.random.choice((least, 1, 1, 2, 3)))
        return {key: self.value() for key in names}

    def value(self) -> str:
        if self.chance(0.02):
            return "${VALUE}"
        return self.random.choice(self.namespaces) if self.chance(0.1) else self.random.choice(self.values)

    def selector(self, keys: tuple[str, ...] = KEYS, *, values: tuple[str, ...] = ()) -> dict[str, Any]:
        if self.chance(0.1):
            return {}
        pick = self.random.choice
        if self.chance(0.7):
            return {"matchLabels": {key: pick(values) if values else each for key, each in self.labels(keys).items()}}
        expressions: list[dict[str, Any]] = []
        for key in self.random.sample(keys, self.random.choice((1, 1, 2))):
            operator = pick(("In", "In", "In", "NotIn", "Exists", "DoesNotExist", "Is"))
            asked = {pick(values) if values else self.value() for _ in range(pick((1, 1, 2)))}
            has = {"values": sorted(asked)} if operator.endswith("In") else {}
            expressions.append({"key": key, "operator": operator, **has})
        return {"matchExpressions": expressions}

    def made(self, api_version: str, kind: str, **rest: Any) -> Resource:
        self.number += 1
        namespace = {"namespace": self.random.choice(self.namespaces)} if self.chance(self.written) else {}
        name = f"{self.value()}-{self.number}" if self.chance(0.4) else self.value()
        metadata = {"name": name, **(namespace if kind != "Namespace" else {}), **rest.pop("metadata", {})}
        value = {"apiVersion": api_version, "kind": kind, "metadata": metadata, **rest}
        made = resource_of(value, self.random.choice(self.sources), self.number)
        made.patched = ALL if self.chance(0.03) else frozenset()
        return made

    def workload(self) -> Resource:
        containers = [{"name": "a", "image": "b"}] if self.chance(0.97) else []
        template = {"metadata": {"labels": self.labels(least=0)}, "spec": {"containers": containers}}
        own = {"labels": self.labels()} if self.chance(0.3) else {}
        return self.made("apps/v1", "Deployment", metadata=own, spec={"template": template})

    def service(self) -> Resource:
        own = {"labels": self.labels()} if self.chance(0.3) else {}
        return self.made("v1", "Service", metadata=own, spec={"selector": self.labels(), "ports": [{"port": 80}]})

    def policy(self) -> Resource:
        return self.made(
            "networking.k8s.io/v1",
            "NetworkPolicy",
            spec={"podSelector": self.selector(), "ingress": [{"from": [self.peer() for _ in range(2)]}]},
        )

    def peer(self) -> dict[str, Any]:
        values = (*self.namespaces, *self.values[:3])
        by_namespace = {"namespaceSelector": self.selector(NAMESPACE_KEYS, values=values)} if self.chance(0.6) else {}
        return {**by_namespace, **({"podSelector": self.selector()} if self.chance(0.7) or not by_namespace else {})}

    def namespace(self) -> Resource:
        name = self.random.choice((*self.namespaces, *self.values[:3]))
        if name in self.defined:
            return self.workload()
        self.defined.add(name)
        labels = self.labels(("team", "name", "env", "example.com/ns"), least=0)
        return self.made("v1", "Namespace", metadata={"name": name, "labels": labels})

    def anything(self) -> Resource:
        draw = self.random.random()
        if draw < 0.35:
            return self.workload()
        if draw < 0.6:
            return self.service()
        if draw < 0.85:
            return self.policy()
        if draw < 0.96:
            return self.namespace()
        if draw < 0.98:
            return self.made("operators.example.com/v1", "Database")
        return self.made("apps/v1", "StatefulSet", spec="<spec>")

    def some(self, most: int) -> tuple[Resource, ...]:
        return tuple(self.anything() for _ in range(self.random.randrange(most + 1)))

    def environment(self) -> Environment:
        external = External(
            namespaces=("data",) if self.chance(0.05) else (),
            labels=(f"app={self.values[0]}",) if self.chance(0.05) else (),
        )
        namespace = "prod" if self.chance(0.1) else None
        return Environment(
            namespace=namespace, external=external, whole_cluster=self.chance(0.2), bare=self.chance(0.05)
        )


def parts(random: Random) -> Parts:
    """Return the parts of a random cluster."""
    maker = Maker(random)
    resources = maker.some(random.choice((6, 16, 30)))
    present = maker.some(6) if maker.chance(0.3) else ()
    context = tuple(each for each in present if maker.chance(0.5)) if maker.chance(0.5) else ()
    inner = maker.some(4) if maker.chance(0.15) else ()
    others = (*maker.some(5), *resources, *inner) if maker.chance(0.4) else ()
    doubts = ("a remote base is not here",) if maker.chance(0.2) else ()
    return Parts(resources, present, inner, context, others, maker.environment(), doubts, maker.chance(0.3))
