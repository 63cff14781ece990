"""Random clusters as plain values of manifests, the same for the same seed."""

from __future__ import annotations

import random
from typing import Any

from k8snetlint import Source
from k8snetlint.model.resource import Resource, resource_of

Value = dict[str, Any]

_KEYS = {"app": ["web", "db", "api"], "tier": ["front", "back"], "env": ["prod", "dev"]}
_NUMBERS = [53, 80, 443, 5432, 8080]
_NAMES = ["http", "dns", "metrics"]
_PROTOCOLS = ["TCP", "UDP", "SCTP"]
_BLOCKS = [
    ("0.0.0.0/0", ["10.0.0.0/8", "192.168.0.0/16", "10.1.2.0/24"]),
    ("10.0.0.0/8", ["10.1.0.0/16", "10.1.2.0/24", "10.255.0.0/16"]),
    ("10.1.0.0/16", ["10.1.2.0/24"]),
    ("192.168.7.0/24", ["192.168.7.128/25"]),
    ("::/0", ["fd00::/8", "fd00:1::/32"]),
    ("fd00::/8", ["fd00:1::/32"]),
    ("2001:db8::/32", ["2001:db8:1::/48"]),
]
ADDRESSES = (
    *("0.0.0.1", "9.255.255.255", "10.0.0.1", "10.1.0.1", "10.1.2.3", "10.255.0.9", "192.168.7.1", "192.168.7.200"),
    *("255.255.255.255", "::1", "fcff::1", "fd00::1", "fd00:1::1", "2001:db8::1", "2001:db8:1::1"),
)
"""At least one address in each part of the world that the blocks cut out."""
PORTS = tuple((protocol, number) for protocol in _PROTOCOLS for number in (1, *_NUMBERS, 81, 8081, 9000, 65535))


class Generator:
    """Makes one cluster."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - the same clusters for the same seed
        self.namespaces = self._random.sample(["alpha", "beta", "gamma"], self._random.randint(1, 3))

    def manifests(self) -> list[Value]:
        """Return all objects: namespaces, workloads, policies."""
        chance = self._random
        found = [self._namespace(each) for each in self.namespaces]
        found += [self._workload(number) for number in range(chance.randint(1, 7))]
        found += [self._policy(number) for number in range(chance.randint(0, 7))]
        return found

    def _labels(self, few: float = 0.6) -> dict[str, str]:
        return {key: self._random.choice(values) for key, values in _KEYS.items() if self._random.random() < few}

    def _namespace(self, name: str) -> Value:
        labels = {**self._labels(), "kubernetes.io/metadata.name": name}
        return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}

    def _workload(self, number: int) -> Value:
        chance = self._random
        ports = []
        for name in chance.sample(_NAMES, chance.randint(0, 3)):
            port: Value = {"containerPort": chance.choice(_NUMBERS), "name": name}
            if chance.random() < 0.5:
                port["protocol"] = chance.choice(_PROTOCOLS)
            ports.append(port)
        spec: Value = {"containers": [{"name": "c", "image": "i", "ports": ports}]}
        if chance.random() < 0.15:
            spec["hostNetwork"] = True
        metadata = {"name": f"w{number}", "namespace": chance.choice(self.namespaces)}
        labels = self._labels()
        if chance.random() < 0.3:
            return {"apiVersion": "v1", "kind": "Pod", "metadata": {**metadata, "labels": labels}, "spec": spec}
        template = {"metadata": {"labels": labels}, "spec": spec}
        return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": {"template": template}}

    def _selector(self) -> Value:
        chance = self._random
        selector: Value = {}
        if chance.random() < 0.6:
            selector["matchLabels"] = self._labels(0.4)
        if chance.random() < 0.3:
            key = chance.choice(list(_KEYS))
            operator = chance.choice(["In", "NotIn", "Exists", "DoesNotExist"])
            expression: Value = {"key": key, "operator": operator}
            if operator in ("In", "NotIn"):
                expression["values"] = chance.sample(_KEYS[key], chance.randint(1, len(_KEYS[key])))
            selector["matchExpressions"] = [expression]
        return selector

    def _peer(self) -> Value:
        chance = self._random
        if chance.random() < 0.3:
            cidr, inside = chance.choice(_BLOCKS)
            block: Value = {"cidr": cidr}
            if chance.random() < 0.5:
                block["except"] = chance.sample(inside, chance.randint(1, len(inside)))
            return {"ipBlock": block}
        if chance.random() < 0.2:
            name = {"kubernetes.io/metadata.name": chance.choice(self.namespaces)}
            return {"namespaceSelector": {"matchLabels": name}}
        peer = {}
        if chance.random() < 0.6:
            peer["podSelector"] = self._selector()
        if not peer or chance.random() < 0.4:
            peer["namespaceSelector"] = self._selector()
        return peer

    def _port(self) -> Value:
        chance = self._random
        port: Value = {}
        if chance.random() < 0.7:
            port["protocol"] = chance.choice(_PROTOCOLS)
        match chance.randrange(4):
            case 0:
                port["port"] = chance.choice(_NAMES)
            case 1:
                port["port"] = chance.choice(_NUMBERS)
            case 2:
                port["port"] = chance.choice(_NUMBERS)
                port["endPort"] = port["port"] + chance.choice([0, 1, 400, 9000])
            case _:
                pass
        return port

    def _rule(self, peer_field: str) -> Value:
        chance = self._random
        rule: Value = {}
        if chance.random() < 0.8:
            rule[peer_field] = [self._peer() for _ in range(chance.randint(0, 3))]
        if chance.random() < 0.6:
            rule["ports"] = [self._port() for _ in range(chance.randint(0, 3))]
        return rule

    def _policy(self, number: int) -> Value:
        chance = self._random
        spec: Value = {}
        if chance.random() < 0.9:
            spec["podSelector"] = self._selector()
        if chance.random() < 0.7:
            spec["policyTypes"] = chance.sample(["Ingress", "Egress"], chance.randint(0, 2))
        if chance.random() < 0.7:
            spec["ingress"] = [self._rule("from") for _ in range(chance.randint(0, 3))]
        if chance.random() < 0.7:
            spec["egress"] = [self._rule("to") for _ in range(chance.randint(0, 3))]
        metadata = {"name": f"p{number}", "namespace": chance.choice(self.namespaces)}
        return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


def _other_policy(chance: random.Random, number: int, namespaces: list[str]) -> Value:
    """Return a policy of another kind: it may deny and allow, or is a baseline that decides where nothing isolates."""
    name = f"other{number}"
    selector = {"matchLabels": {"app": chance.choice(_KEYS["app"])}}
    rules: Value = {direction: [{}] for direction in chance.sample(["ingress", "egress"], chance.randint(1, 2))}
    if chance.random() < 0.5:
        metadata = {"name": name, "namespace": chance.choice(namespaces)}
        spec: Value = {"endpointSelector": selector, **rules}
        return {"apiVersion": "cilium.io/v2", "kind": "CiliumNetworkPolicy", "metadata": metadata, "spec": spec}
    return {
        "apiVersion": "policy.networking.k8s.io/v1alpha1",
        "kind": chance.choice(["AdminNetworkPolicy", "BaselineAdminNetworkPolicy"]),
        "metadata": {"name": name},
        "spec": {"subject": {"pods": {"namespaceSelector": {}, "podSelector": selector}}, **rules},
    }


def mixed_resources(seed: int) -> tuple[Resource, ...]:
    """Return a random cluster; some have objects without a namespace, a mesh, or policies of other kinds."""
    cluster = OpenCluster(seed, share=0.4 if seed % 3 == 0 else 0)
    chance = random.Random(seed)  # noqa: S311 - the same clusters for the same seed
    for each in cluster.manifests:
        if seed % 4 == 1 and each["kind"] == "Namespace" and chance.random() < 0.7:
            each["metadata"]["labels"]["istio.io/dataplane-mode"] = "ambient"
    if seed % 5 < 2:
        names = [each["metadata"]["name"] for each in cluster.manifests if each["kind"] == "Namespace"]
        others = [_other_policy(chance, number, names) for number in range(chance.randint(1, 2))]
        cluster.manifests += others
        cluster.folders += [""] * len(others)
    return cluster.resources()


class OpenCluster:
    """A random cluster of which some objects have no namespace; those in one folder go to the same one.

    Args:
        seed: the same cluster for the same seed.
        share: how many of the objects have none.

    Attributes:
        manifests: all objects.
        folders: where each is written; empty for those with a namespace.
    """

    def __init__(self, seed: int, share: float = 0.4) -> None:
        chance = random.Random(seed)  # noqa: S311 - the same clusters for the same seed
        self.manifests = Generator(seed).manifests()
        self.folders: list[str] = []
        for each in self.manifests:
            is_open = each["kind"] != "Namespace" and chance.random() < share
            self.folders.append(chance.choice("ab") if is_open else "")
            if is_open:
                del each["metadata"]["namespace"]

    @property
    def is_open(self) -> bool:
        """Whether objects without a namespace may go to several ones."""
        return len({each["metadata"].get("namespace") for each in self.manifests} - {None}) > 1

    def resources(self) -> tuple[Resource, ...]:
        """Return the objects of the model."""
        return tuple(
            resource_of(each, Source.of(f"{folder or 'named'}/all.yaml", ""), number)
            for number, (each, folder) in enumerate(zip(self.manifests, self.folders, strict=True))
        )
