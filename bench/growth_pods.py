"""Rows about the pods that policies select, and those that they do not select."""

from __future__ import annotations

from typing import TYPE_CHECKING

from growth_manifests import SPACE, policy, service
from growth_policies import egress, ingresses_that_policies_close
from growth_selectors import app, workloads

if TYPE_CHECKING:
    from growth_manifests import File, Names


def forgotten(n: int, word: Names) -> list[File]:
    """Return 3 n workloads of a namespace, and a policy for each of 2 n of them."""
    policies = [policy(word("policy", number), app(word, SPACE, number)) for number in range(2 * n)]
    return [*workloads(word, 3 * n), *policies]


def unmentioned_ports(n: int, word: Names) -> list[File]:
    """Return n workloads with a policy each, for a port that nothing mentions."""
    policies = [policy(word("policy", number), app(word, SPACE, number), ports=("7001",)) for number in range(n)]
    return [*workloads(word, n), *policies]


def blocks_of_clients(n: int, word: Names) -> list[File]:
    """Return n workloads with a LoadBalancer each, and a policy for addresses of its clients."""
    found = workloads(word, n)
    for number in range(n):
        labels, name = app(word, SPACE, number), word(SPACE, number)
        path, text = service(name, labels)
        found.append((path, text.replace("spec:\n", "spec:\n  type: LoadBalancer\n")))
        found.append(policy(name, labels, "    - {ipBlock: {cidr: 203.0.113.0/24}}\n"))
    return found


def dns_on_another_port(n: int, word: Names) -> list[File]:
    """Return n policies that allow port 53 to the DNS of OpenShift, whose pods listen on another port."""
    name = "{kubernetes.io/metadata.name: openshift-dns}"
    rule = f"  - to: [{{namespaceSelector: {{matchLabels: {name}}}}}]\n    ports: [{{port: 53, protocol: UDP}}]\n"
    return [egress(word("policy", number), app(word, SPACE, number), rule) for number in range(n)]


def ingresses_of_cilium(n: int, word: Names) -> list[File]:
    """Return n workloads with an Ingress that Cilium serves, and a policy that lets only pods of the namespace in."""
    found = ingresses_that_policies_close(n, word)
    served = "spec:\n  ingressClassName: cilium\n"
    return [(name, text.replace("spec:\n", served) if "kind: Ingress\n" in text else text) for name, text in found]


def secondary_networks(n: int, word: Names) -> list[File]:
    """Return n workloads that are attached to another network, with a policy each."""
    annotation = "      annotations: {k8s.v1.cni.cncf.io/networks: storage}\n    spec:\n"
    attached = [(name, text.replace("    spec:\n", annotation)) for name, text in workloads(word, n)]
    return [*attached, *(policy(word("policy", number), app(word, SPACE, number)) for number in range(n))]
