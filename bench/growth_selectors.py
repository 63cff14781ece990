"""Rows about selectors: what matches, what dangles and what nearly matches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from growth_manifests import SPACE, File, Names, misspelt, namespace, peer, policy, service, workload

if TYPE_CHECKING:
    from collections.abc import Callable

TEAM = "example.com/team"
NAME = "kubernetes.io/metadata.name"


def app(word: Names, *parts: object) -> dict[str, str]:
    """Return the label of an application."""
    return {"app": word(*parts)}


def workloads(word: Names, count: int, space: str = SPACE) -> list[File]:
    """Return workloads that differ in one label."""
    return [workload(word(space, number), app(word, space, number), space) for number in range(count)]


def documents(n: int, word: Names) -> list[File]:
    """Return n documents, near enough: applications of a workload, a Service and a policy that go together."""
    found = []
    for number in range(max(1, n // 3)):
        labels, name = app(word, SPACE, number), word(SPACE, number)
        found += [workload(name, labels), service(name, labels), policy(name, labels, peer(pods=labels))]
    return found


def policies(n: int, word: Names) -> list[File]:
    """Return n policies for five workloads."""
    found = workloads(word, 5)
    return found + [policy(word("policy", number), app(word, SPACE, number % 5)) for number in range(n)]


def many_workloads(n: int, word: Names) -> list[File]:
    """Return n workloads and five policies, each for one of them."""
    return workloads(word, n) + [policy(word("policy", number), app(word, SPACE, number % n)) for number in range(5)]


def services(n: int, word: Names) -> list[File]:
    """Return n Services of five workloads."""
    return workloads(word, 5) + [service(word("service", number), app(word, SPACE, number % 5)) for number in range(n)]


def namespaces(n: int, word: Names) -> list[File]:
    """Return n Namespaces with a workload and a policy each, which lets in the pods of another one."""
    spaces = [word("space", number) for number in range(n)]
    found = []
    for number, space in enumerate(spaces):
        found += [namespace(space, {TEAM: word("team", number)}), *workloads(word, 1, space)]
        peers = peer(spaces={NAME: spaces[number - 1]}) + peer(spaces={TEAM: word("team", (number + 1) % n)})
        found.append(policy("let-in", None, peers, space))
    return found


def labels_of_a_pod(n: int, word: Names) -> list[File]:
    """Return five workloads with n labels each, and a policy for each which asks for all of them."""
    found = []
    for number in range(5):
        labels = {"app": word("app", number)} | {word("key", each): word(each) for each in range(n)}
        found += [workload(word(number), labels), policy(word(number), labels)]
    return found


def dangling_pod_selectors(n: int, word: Names) -> list[File]:
    """Return n workloads, and n policies for others."""
    return workloads(word, n) + [policy(word("policy", each), app(word, "other", each)) for each in range(n)]


def dangling_peers(n: int, word: Names) -> list[File]:
    """Return n workloads, and n policies that let in others."""
    found = workloads(word, n)
    for number in range(n):
        found.append(policy(word("policy", number), app(word, SPACE, number), peer(pods=app(word, "other", number))))
    return found


def dangling_services(n: int, word: Names) -> list[File]:
    """Return n workloads, and n Services of others."""
    return workloads(word, n) + [service(word("service", each), app(word, "other", each)) for each in range(n)]


def near_misses(n: int, word: Names) -> list[File]:
    """Return n workloads, and n policies that misspell their label."""
    found = workloads(word, n)
    for number in range(n):
        found.append(policy(word("policy", number), {"app": misspelt(word(SPACE, number))}))
    return found


def near_services(n: int, word: Names) -> list[File]:
    """Return n workloads, and n Services that misspell their label."""
    found = workloads(word, n)
    for number in range(n):
        found.append(service(word(SPACE, number), {"app": misspelt(word(SPACE, number))}))
    return found


def one_dangling_namespace_selector(n: int, word: Names) -> list[File]:
    """Return n Namespaces with a policy each; all policies ask for the same namespace that is not there."""
    return asking_namespaces(word, n, lambda _: word("other"))


def dangling_namespace_selectors(n: int, word: Names) -> list[File]:
    """Return n Namespaces with a policy each, which ask for as many namespaces that are not there."""
    return asking_namespaces(word, n, lambda number: word("other", number))


def near_namespaces(n: int, word: Names) -> list[File]:
    """Return n Namespaces with a policy each, which misspells the label of another Namespace."""
    return asking_namespaces(word, n, lambda number: misspelt(word("team", number)))


def asking_namespaces(word: Names, n: int, value: Callable[[int], str]) -> list[File]:
    """Return n Namespaces with a workload and a policy each; the policy asks for a namespace by its team."""
    found = []
    for number in range(n):
        space = word("space", number)
        found += [namespace(space, {TEAM: word("team", number)}), *workloads(word, 1, space)]
        found.append(policy("let-in", None, peer(spaces={TEAM: value(number)}), space))
    return found


def matching_everywhere(n: int, word: Names) -> list[File]:
    """Return n workloads, Services and policies; every selector and peer matches all workloads."""
    both = {"part-of": word("shop")}
    found = [namespace(SPACE, {TEAM: word("team")})]
    for number in range(n):
        labels, name = app(word, SPACE, number) | both, word(number)
        peers = peer(pods=both) + peer(pods=both, spaces={TEAM: word("team")}) + peer(spaces={NAME: SPACE})
        found += [workload(name, labels), service(name, both), policy(name, both, peers)]
    return found


def labels_and_dangling_selectors(n: int, word: Names) -> list[File]:
    """Return a workload with n labels, and n policies that ask for another value of one label each."""
    labels = {word("key", number): word("value", number) for number in range(n)}
    found = [workload(word("app"), labels)]
    for number, key in enumerate(labels):
        found.append(policy(word("policy", number), {key: word("other", number)}))
    return found


def similar(word: Names, number: int) -> str:
    """Return one of n names that differ in a few letters in the middle of a long word."""
    return f"checkout{word(number, letters=4)}gateway"


def similar_values(n: int, word: Names) -> list[File]:
    """Return n workloads whose labels are spelt similarly, and n policies for others that are spelt so."""
    found = []
    for number in range(n):
        found += [workload(word(number), {"app": similar(word, number)})]
        found += [policy(word(number), {"app": similar(word, n + number)})]
    return found


def similar_namespaces(n: int, word: Names) -> list[File]:
    """Return n Namespaces with labels that are spelt similarly, and policies that ask for others spelt so."""
    found = []
    for number in range(n):
        space = word("space", number)
        peers = peer(spaces={TEAM: similar(word, n + number)})
        found += [namespace(space, {TEAM: similar(word, number)}), policy("let-in", None, peers, space)]
    return found


def policies_on_the_same_workloads(n: int, word: Names) -> list[File]:
    """Return n workloads and n policies which all select all of them and name ports that are there."""
    both = {"part-of": word("shop")}
    found = [workload(word(number), app(word, SPACE, number) | both) for number in range(n)]
    ports = ("8080", "http", "9090", "metrics")
    return found + [policy(word("policy", number), both, ports=ports) for number in range(n)]


def ports_that_nobody_declares(n: int, word: Names) -> list[File]:
    """Return n workloads, and as many policies for all of them that name a port which none of them declares."""
    both = {"part-of": word("shop")}
    found = [workload(word(number), app(word, SPACE, number) | both) for number in range(n)]
    return found + [policy(word("policy", number), both, ports=(f"p-{number:06}",)) for number in range(n)]


def ports_of_services(n: int, word: Names) -> list[File]:
    """Return n workloads with a Service each, and policies for the port of that Service, which the pods do not have."""
    found = []
    for number in range(n):
        labels = app(word, SPACE, number)
        own = service(word("service", number), labels, ports="  - port: 80\n    targetPort: 8080\n")
        found += [workload(word(number), labels), own, policy(word("policy", number), labels, ports=("80",))]
    return found


def ports_of_another_workload(n: int, word: Names) -> list[File]:
    """Return n workloads, and policies for a port that only one more workload declares, behind its Service."""
    labels = {"app": word("database")}
    name, text = workload(word("database"), labels)
    found = [(name, text.replace("containerPort: 8080", "containerPort: 5432"))]
    found.append(service(word("database"), labels, ports="  - port: 5432\n"))
    for number in range(n):
        own = app(word, SPACE, number)
        found += [workload(word(number), own), policy(word("policy", number), own, ports=("5432",))]
    return found


def services_on_the_same_workloads(n: int, word: Names) -> list[File]:
    """Return n workloads and n Services which all select all of them."""
    both = {"part-of": word("shop")}
    found = [workload(word(number), app(word, SPACE, number) | both) for number in range(n)]
    return found + [service(word("service", number), both) for number in range(n)]


def stateful_sets_and_services(n: int, word: Names) -> list[File]:
    """Return n StatefulSets, each with its headless Service."""
    found = []
    for number in range(n):
        labels, name = app(word, SPACE, number), word(number)
        ports = "  - name: http\n    port: 8080\n    targetPort: http\n"
        found += [workload(name, labels, service=name), service(name, labels, ports=ports, headless=True)]
    return found


def long_value(n: int, word: Names) -> list[File]:
    """Return a workload and a policy for it; the label is 10 n letters long, and two of them are swapped."""
    value = word("value", letters=10 * n)
    return [*workloads(word, 3), workload(word(), {"app": value}), policy(word(), {"app": misspelt(value)})]
