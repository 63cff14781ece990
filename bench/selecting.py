"""Trees that are about selectors: one in which half of them match nothing, one in which many match many pods.

Both hold only Namespaces, workloads, Services and NetworkPolicies, in as many files as asked for, and every document
writes its namespace. Of five documents two are workloads, two are policies and one is a Service.

- `dangling`: 11 namespaces. Half of the selectors of Services, policies and peers match nothing: all of them in four
  of the namespaces, a fifth or more in the others. One in five of those has a typo in the name of an application or of
  a namespace that is there: these are the mistakes of the tree.
- `crowded`: one namespace. Every selector matches; half of those for pods match a tenth of all pods, or more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Protocol

from layout import File, Folder, components, laid_out
from networking import EXPOSED, namespace, service
from tree import Planted, Size, Tree
from words import NOUNS, ROLES, App, Manifest, comment, metadata, pairs
from workloads import workload

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMESPACES = ("shop", *NOUNS[:10])
TEAMS = 40
TYPO, SHORT, BROAD = 0.2, 0.5, 0.5
"""Of the selectors of the dangling tree that match nothing: how many have a typo. Of all selectors there: how many name
only the application and not its part. Of the selectors of the crowded tree: how many match many pods."""
DANGLING = (1.0,) * 4 + (0.2,) * 6 + (0.3,)
"""By namespace, how many selectors match nothing: half of all."""
LONG = 6
"""Letters of a word in which a typo cannot be another word."""
INSTANCES = (*NOUNS, *(f"{noun}-{role}" for role in ROLES for noun in NOUNS))
NAME = "kubernetes.io/metadata.name"
DNS = "    - ports:\n        - {protocol: UDP, port: 53}\n        - {protocol: TCP, port: 53}\n"
RULES = ("netpol-selects-no-pod", "netpol-peer-selects-nothing", "service-selector-matches-nothing")


@dataclass(frozen=True, slots=True)
class Selector:
    """A selector: labels, or one expression in flow style; `typo` is the value that is misspelt in it."""

    labels: dict[str, str]
    expression: str = ""
    typo: str = ""

    def text(self, indent: int) -> str:
        """Return the lines below `podSelector:` or `namespaceSelector:`."""
        space = " " * indent
        if self.expression:
            return f"{space}matchExpressions:\n{space}  - {{{self.expression}}}\n"
        return f"{space}matchLabels:\n{pairs(self.labels, indent + 2)}"


class Choice(Protocol):
    """Decides what a selector asks for."""

    def pods(self, app: App) -> Selector:
        """Return the selector that is to stand where the pods of an application are meant."""

    def labels(self, app: App) -> Selector:
        """Return the same for a Service, which has labels only."""

    def namespace(self, app: App) -> Selector:
        """Return a selector of namespaces for a policy of an application."""


class Dangling:
    """Half of the selectors match nothing."""

    def __init__(self, rng: Random, owners: dict[str, str], apps: list[App]) -> None:
        self.rng = rng
        self.owners = owners
        there = {(app.namespace, app.instance) for app in apps}
        self.missing = {name: [each for each in INSTANCES if (name, each) not in there] for name in owners}

    def pods(self, app: App) -> Selector:
        """Return the selector of an application that is there, that is misspelt, or that is not in the namespace."""
        typo, instance = "", app.instance
        if self.rng.random() < self.share(app):
            typo = with_typo(self.rng, instance) if self.rng.random() < TYPO else ""
            instance = typo or self.rng.choice(self.missing[app.namespace])
        labels = replace(app, instance=instance).selector()
        if self.rng.random() < SHORT:
            del labels["app.kubernetes.io/name"]
        return Selector(labels, typo=typo)

    labels = pods

    def share(self, app: App) -> float:
        """Return how many of the selectors in the namespace of an application match nothing."""
        return DANGLING[NAMESPACES.index(app.namespace)]

    def namespace(self, app: App) -> Selector:
        """Return a selector by name or by team."""
        name, team = self.rng.choice(tuple(self.owners.items()))
        if self.rng.random() >= self.share(app):
            return Selector(self.rng.choice(({NAME: name}, {"example.com/team": team})))
        if self.rng.random() < TYPO and (typo := with_typo(self.rng, name)):
            return Selector({NAME: typo}, typo=typo)
        key = self.rng.choice((NAME, "example.com/team"))
        return Selector({key: f"{self.rng.choice(NOUNS)}-{self.rng.choice(ROLES)}"})


class Crowded:
    """Every selector matches, and half of them match many pods."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng

    def labels(self, app: App) -> Selector:
        """Return a selector of one application, of all with the same part, of a team or of all."""
        if self.rng.random() >= BROAD:
            return Selector(app.selector())
        part = {"app.kubernetes.io/component": app.part}
        helm = {"app.kubernetes.io/managed-by": "Helm"}
        return Selector(self.rng.choice((part, part, {**part, **helm}, helm)))

    def pods(self, app: App) -> Selector:
        """Return a selector as `labels` does, or an expression."""
        if self.rng.random() < 1 - BROAD / 2:
            return self.labels(app)
        one = f"key: app.kubernetes.io/component, operator: In, values: [{app.part}, api, web]"
        other = f"key: app.kubernetes.io/instance, operator: NotIn, values: [{app.instance}]"
        return Selector({}, self.rng.choice((one, other, "key: example.com/team, operator: Exists")))

    def namespace(self, app: App) -> Selector:
        """Return a selector of the only namespace."""
        return Selector({NAME: app.namespace})


def with_typo(rng: Random, word: str) -> str:
    """Return a word with two neighbours swapped or a letter lost, neither first nor last; empty if it is too short."""
    longest = max(word.split("-"), key=len)
    if len(longest) < LONG:
        return ""
    first = word.index(longest) + 1
    places = [at for at in range(first, first + len(longest) - 3) if word[at] != word[at + 1]]
    at = rng.choice(places)
    kept = word[at + 1] + word[at] if rng.random() < 0.5 else word[at + 1]
    return word[:at] + kept + word[at + 2 :]


def dangling(size: Size, seed: int) -> Tree:
    """Return the tree in which half of the selectors match nothing."""
    rng = Random(seed)
    owners = {name: f"team-{number + 1:02}" for number, name in enumerate(NAMESPACES)}
    groups = groups_of(rng, size, list(owners.items()))
    apps = [app for group in groups for app in group]
    return tree_of(rng, size, owners, groups, Dangling(rng, owners, apps))


def crowded(size: Size, seed: int) -> Tree:
    """Return the tree in which all selectors match in one namespace."""
    rng = Random(seed)
    owners = {NAMESPACES[0]: "team-01"}
    groups = groups_of(rng, size, [(NAMESPACES[0], f"team-{number + 1:02}") for number in range(TEAMS)])
    return tree_of(rng, size, owners, groups, Crowded(rng))


def groups_of(rng: Random, size: Size, owners: list[tuple[str, str]]) -> list[list[App]]:
    """Return the applications with their parts, evenly over the owners; two parts for five documents.

    An owner is a namespace and a team. No two applications of a namespace have the same name.
    """
    spaces = len({name for name, _ in owners})
    wanted = (size.documents - spaces) * 2 // 5
    unused = {name: rng.sample(INSTANCES, len(INSTANCES)) for name, _ in owners}
    for names in unused.values():
        names[:0] = [f"{each}-eu" for each in names]  # taken when all others are
    found: list[list[App]] = []
    while wanted > 0:
        owner = owners[len(found) % len(owners)]
        instance = unused[owner[0]].pop()
        apps = components(rng, owner, instance, kustomized=False)[:wanted]
        found.append(apps)
        wanted -= len(apps)
    return found


def tree_of(rng: Random, size: Size, owners: dict[str, str], groups: list[list[App]], choice: Choice) -> Tree:
    """Return a tree of exactly so many files and documents."""
    apps = [app for group in groups for app in group]
    services = size.documents - len(owners) - 2 * len(apps)
    # A StatefulSet names its Service.
    with_service = set(sorted(apps, key=lambda app: app.part not in {"db", "cache"})[:services])
    typos: dict[str, list[str]] = {}
    folders = []
    for group in groups:
        space, instance = group[0].namespace, group[0].instance
        own, policies = (Folder(f"{top}/{space}/{instance}", space) for top in ("apps", "policies"))
        for app in group:
            for document, selectors in documents_of(rng, app, group, choice, with_service):
                folder = policies if document.kind == "NetworkPolicy" else own
                folder.documents.append(document)
                typos.setdefault(document.text, []).extend(each.typo for each in selectors if each.typo)
        folders += [own, policies]
    files = [File(f"namespaces/{name}.yaml", [namespace(name, team)[0]]) for name, team in owners.items()]
    files += laid_out(rng, folders, size.files - len(files))
    files.sort(key=lambda file: file.path)
    return Tree({file.path: file.text() for file in files}, [each for file in files for each in planted(file, typos)])


def documents_of(
    rng: Random, app: App, siblings: list[App], choice: Choice, with_service: set[App]
) -> Iterator[tuple[Manifest, list[Selector]]]:
    """Yield the documents of one part of an application, each with its selectors."""
    yield workload(rng, app), []
    if app in with_service:
        selector = choice.labels(app)
        manifest = service(rng, app)
        own, wanted = ("  selector:\n" + pairs(labels, 4) for labels in (app.selector(), selector.labels))
        # The policies let only pods in, so no Service is for clients outside of the cluster.
        yield replace(manifest, text=manifest.text.replace(EXPOSED, "").replace(own, wanted)), [selector]
    yield policy(rng, app, siblings, choice)


def policy(rng: Random, app: App, siblings: list[App], choice: Choice) -> tuple[Manifest, list[Selector]]:
    """Return a policy that isolates an application, lets some in, and lets it reach some and the DNS."""
    selectors = [choice.pods(app)]
    text = (
        comment(rng, 0.3) + f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n{metadata(app, app.name)}spec:\n"
    )
    text += f"  podSelector:\n{selectors[0].text(4)}  policyTypes:\n    - Ingress\n    - Egress\n"
    for direction, side, count in (("ingress", "from", rng.randint(1, 3)), ("egress", "to", rng.randint(0, 2))):
        text += f"  {direction}:\n{DNS if direction == 'egress' else ''}"
        for _ in range(count):
            by_namespace = rng.random() < 0.3
            peer = choice.namespace(app) if by_namespace else choice.pods(rng.choice(siblings))
            selectors.append(peer)
            field = "namespaceSelector" if by_namespace else "podSelector"
            text += f"    - {side}:\n        - {field}:\n{peer.text(12)}"
            text += (
                f"      ports:\n        - protocol: TCP\n          port: {rng.choice(('http', 'metrics', '9090'))}\n"
            )
    return Manifest("NetworkPolicy", app.name, text), selectors


def planted(file: File, typos: dict[str, list[str]]) -> Iterator[Planted]:
    """Yield the typos in a file as its mistakes."""
    for place, document in enumerate(file.documents):
        in_json = file.path.endswith(".json")
        text, above = (file.text(), 0) if in_json else (document.text, file.lines_before(place))
        for typo in dict.fromkeys(typos.get(document.text, ())):
            lines = (number for number, line in enumerate(text.splitlines(), 1) if typo in line.split(": ")[-1])
            where = file.path, place, above + next(lines)
            yield Planted(*where, document.kind, document.name, "a typo in a selector", rejected=False, rules=RULES)
