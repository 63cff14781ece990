"""Writes workloads and the policies that isolate them: the same bytes for the same options.

    python bench/policy_tree.py DIR --workloads 1000 --policies 400 --seed 1
    python bench/policy_tree.py DIR --workloads 1000 --policies 400 --services    with Services and Ingresses

Each 40 workloads have a namespace. Its first two policies deny everything but DNS; all further ones are about one
component, as `networking.py` writes them: ingress from a controller, from monitoring and from other components, egress
to DNS, to other components, to the internet with excepts and to networks of databases. A namespace is a folder, an
application a file. With `--terse`, workloads have no more than policies ask for.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from layout import components
from networking import ingress, namespace, network_policy, service
from tree import Tree, write_texts
from words import NOUNS, ROLES, Manifest, pairs
from workloads import workload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from words import App

PER_NAMESPACE = 40
TEAMS = 12
INSTANCES = (*NOUNS, *(f"{noun}-{role}" for role in ROLES for noun in NOUNS))
EXPOSED = ("api", "web", "admin")
TERSE = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  namespace: {namespace}
spec:
  selector:
    matchLabels:
{selector}  template:
    metadata:
      labels:
{labels}    spec:
      containers:
        - name: {part}
          image: {image}
          ports:
            - name: http
              containerPort: {port}
            - name: metrics
              containerPort: 9090
"""


class Numbers(NamedTuple):
    """How many workloads and policies there are to be, and how they are written.

    Attributes:
        services: with Services and Ingresses.
        terse: workloads as Deployments without what no policy asks for.
    """

    workloads: int
    policies: int
    services: bool = False
    terse: bool = False


def generate(numbers: Numbers, seed: int) -> Tree:
    """Return a tree of exactly so many workloads and policies."""
    rng = Random(seed)
    applications = list(applications_of(rng, numbers.workloads))
    texts: dict[str, list[str]] = {}
    left = numbers.policies
    for owner in dict.fromkeys((group[0].namespace, group[0].team) for group in applications):
        head, *defaults = namespace(*owner)
        texts[f"{owner[0]}/namespace.yaml"] = [each.text for each in (head, *defaults[:left])]
        left -= len(defaults[:left])
    policies = policies_of(rng, applications, left)
    for group in applications:
        found = texts[f"{group[0].namespace}/{group[0].instance}.yaml"] = []
        for app in group:
            found += [each.text for each in documents_of(rng, app, numbers)]
            found += [each.text for each in policies.get((app.namespace, app.name), ())]
    return Tree({path: "---\n".join(each) for path, each in sorted(texts.items())}, [])


def applications_of(rng: Random, workloads: int) -> Iterator[list[App]]:
    """Yield applications with their components; no two of a namespace have the same name."""
    spaces = max(1, workloads // PER_NAMESPACE)
    unused: dict[str, list[str]] = {}
    number = 0
    while workloads > 0:
        turn = number % spaces
        name = NOUNS[turn % len(NOUNS)] + (f"-{turn // len(NOUNS) + 1}" if turn >= len(NOUNS) else "")
        instance = unused.setdefault(name, rng.sample(INSTANCES, len(INSTANCES))).pop()
        owner = name, f"team-{turn % TEAMS + 1:02}"
        group = components(rng, owner, instance, kustomized=False)[:workloads]
        yield group
        workloads -= len(group)
        number += 1


def documents_of(rng: Random, app: App, numbers: Numbers) -> Iterator[Manifest]:
    """Yield the workload of a component, and what leads to it."""
    yield terse(app) if numbers.terse else workload(rng, app)
    # A StatefulSet names its Service.
    if numbers.services or (not numbers.terse and app.part in {"db", "cache"}):
        yield service(rng, app)
        if numbers.services and app.part in EXPOSED:
            yield ingress(rng, app)


def terse(app: App) -> Manifest:
    """Return a Deployment with what policies ask for."""
    selector, labels = pairs(app.selector(), 6), pairs(app.labels(), 8)
    of = {"namespace": app.namespace, "part": app.part, "image": app.image, "port": app.port}
    return Manifest("Deployment", app.name, TERSE.format(name=app.name, selector=selector, labels=labels, **of))


def policies_of(rng: Random, applications: list[list[App]], number: int) -> dict[tuple[str, str], list[Manifest]]:
    """Return so many policies by the namespace and the name of their component, in rounds if there are more."""
    apps = [(app, group) for group in applications for app in group]
    rng.shuffle(apps)
    found: dict[tuple[str, str], list[Manifest]] = {}
    for place in range(number):
        turn, at = divmod(place, len(apps))
        app, group = apps[at]
        others = [each for each in group if each is not app]
        own = network_policy(rng, app, others, name=f"{app.name}-{turn + 1}" if turn else "")
        found.setdefault((app.namespace, app.name), []).append(own)
    return found


def main() -> None:
    """Write the tree that the command line asks for, and say what it is."""
    parser = argparse.ArgumentParser(description="Write workloads and policies, the same bytes for the same options.")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--workloads", type=int, default=1000)
    parser.add_argument("--policies", type=int, default=400)
    parser.add_argument("--services", action="store_true", help="with Services and Ingresses")
    parser.add_argument("--terse", action="store_true", help="workloads with no more than policies ask for")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    tree = generate(
        Numbers(options.workloads, options.policies, services=options.services, terse=options.terse), options.seed
    )
    write_texts(tree.texts, options.directory)
    bytes_ = sum(len(text.encode()) for text in tree.texts.values())
    print(json.dumps({"files": len(tree.texts), "bytes": bytes_, "digest": tree.digest()}))


if __name__ == "__main__":
    main()
