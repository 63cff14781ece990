"""A platform repository: a folder for each namespace, policies which let in other namespaces, and no workload.

Teams name the namespaces that they let in by a label. Nearly all of these labels are there. Thirty are mistakes, ten of
each kind in `KINDS`. What looks like them and is none: five namespaces that many policies ask for and that are defined
in another repository, and a scaffold for new teams with placeholders in its names.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from tree import Planted, Tree
from words import NOUNS, ROLES

if TYPE_CHECKING:
    from collections.abc import Iterator

ALIASES = {"dev": "test", "staging": "preview", "prod": "live"}
"""The stages, and what teams call them besides."""
NAME_KEY = "kubernetes.io/metadata.name"
TEAM_KEY = "example.com/team-space"
SERVICE_KEY = "example.com/service-space"
NAMING_KEYS = ("name", "namespace", "ns", "example.com/ns")
"""Keys that nobody sets, and under which people ask for a namespace by its name."""
MISSING, OTHER_KEY, NOWHERE = KINDS = (
    "the Namespace lacks the label",
    "the Namespace's name stands under a key that it lacks",
    "no such namespace exists",
)
PLATFORM = {
    "ingress-controllers": (TEAM_KEY, 0.9),
    "monitoring": (NAME_KEY, 0.7),
    "logging": (TEAM_KEY, 0.4),
    "certificates": (NAME_KEY, 0.3),
    "backup": (TEAM_KEY, 0.3),
}
"""Namespaces of the platform, defined elsewhere: the key by which policies ask for them, and how many folders do."""
SCAFFOLD = ("<team>", "${TEAM}")


@dataclass(frozen=True, slots=True)
class Plan:
    """How large a repository is to be.

    Of the namespaces that are asked for by the team's label, `team` are asked for by one or two policies, and `popular`
    by three; `service` are asked for by another label, and `mistakes` is the number of mistakes of each kind.
    """

    folders: int = 900
    team: int = 95
    popular: int = 8
    service: int = 37
    mistakes: int = 10


class Ask(NamedTuple):
    """A policy that lets in a namespace by a label; `mistake` is its kind, empty if the label is there."""

    asker: str
    key: str
    value: str
    mistake: str = ""


def names_of(rng: Random, count: int) -> list[str]:
    """Return the names of namespaces: a service in each of its stages."""
    services = [*NOUNS, *(f"{noun}-{role}" for noun, role in product(NOUNS, ROLES))]
    chosen = rng.sample(services, -(-count // len(ALIASES)))
    return [f"{service}-{stage}" for service in chosen for stage in ALIASES][:count]


class Repository:
    """Decides which labels the Namespaces carry, and who asks for which."""

    def __init__(self, rng: Random, plan: Plan) -> None:
        self.rng = rng
        self.names = names_of(rng, plan.folders)
        self.labels: dict[str, dict[str, str]] = {
            name: {TEAM_KEY: name} if rng.random() < 0.9 else {} for name in self.names
        }
        for name in rng.sample(self.names, plan.folders // 9):
            self.labels[name][SERVICE_KEY] = name
        self.asks: list[Ask] = []
        self.unused = rng.sample(self.names, len(self.names))
        """Names that no policy asks for yet."""
        for number in range(plan.team + plan.popular):
            self.ask_for_one_that_is_there(TEAM_KEY, 3 if number < plan.popular else rng.choice((1, 1, 2)))
        for _ in range(plan.service):
            self.ask_for_one_that_is_there(SERVICE_KEY, rng.choice((1, 1, 2)))
        missing = {f"{service}-{stage}" for service, stage in product(NOUNS, ALIASES)} - set(self.names)
        nowhere = iter(rng.sample(sorted(missing), plan.mistakes))
        for number in range(plan.mistakes):
            name = self.unused.pop()
            key = SERVICE_KEY if number % 3 == 2 else TEAM_KEY
            self.labels[name].pop(key, None)
            self.ask(name, key, name, MISSING)
            name = self.unused.pop()
            self.ask(name, NAMING_KEYS[number % len(NAMING_KEYS)], name, OTHER_KEY)
            self.ask("", TEAM_KEY, next(nowhere), NOWHERE)

    def ask_for_one_that_is_there(self, key: str, times: int) -> None:
        """Let policies ask for a Namespace that carries the label; now and then its value is not the name."""
        name = self.unused.pop()
        service, _, stage = name.rpartition("-")
        value = f"{service}-{ALIASES[stage]}" if self.rng.random() < 0.15 else name
        self.labels[name][key] = value
        for _ in range(times):
            self.ask(name, key, value)

    def ask(self, name: str, key: str, value: str, mistake: str = "") -> None:
        """Let a policy of another namespace than `name` ask for a label."""
        others = [each for each in self.rng.sample(self.names, 10) if each != name]
        taken = {(each.asker, each.value) for each in self.asks}
        asker = next(each for each in others if (each, value) not in taken)
        self.asks.append(Ask(asker, key, value, mistake))


def metadata(name: str, space: str, labels: dict[str, str] | None = None) -> str:
    """Return the `metadata` of an object; a Namespace is in none."""
    text = f"metadata:\n  name: {name}\n" + (f"  namespace: {space}\n" if space else "")
    return text + ("  labels:\n" + "".join(f"    {key}: {value}\n" for key, value in labels.items()) if labels else "")


def namespace(rng: Random, name: str, labels: dict[str, str]) -> str:
    """Return a Namespace."""
    usual = {"example.com/environment": name.rpartition("-")[2], "pod-security.kubernetes.io/enforce": "restricted"}
    text = f"apiVersion: v1\nkind: Namespace\n{metadata(name, '', {**usual, **labels})}  annotations:\n"
    text += f"    example.com/owner: {name.partition('-')[0]}-team@example.com\n"
    return text + f'    example.com/cost-center: "{rng.randint(100, 999)}"\n'


def policy(name: str, space: str, peer: str) -> str:
    """Return a policy that lets in one peer."""
    text = f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n{metadata(name, space)}spec:\n"
    return f"{text}  podSelector: {{}}\n  policyTypes:\n    - Ingress\n  ingress:\n    - from:\n{peer}"


def asking(key: str, value: str) -> str:
    """Return a peer that asks for a namespace by a label."""
    return f"        - namespaceSelector:\n            matchLabels:\n              {key}: {value}\n"


def policies(rng: Random, name: str, asks: list[Ask]) -> Iterator[tuple[str, str, Ask | None]]:
    """Yield the policies of a folder: the name, the text, and what it asks for if not for the platform."""
    yield "default", policy("default", name, "        - podSelector: {}\n"), None
    for space, (key, share) in PLATFORM.items():
        if rng.random() < share:
            yield f"allow-{space}", policy(f"allow-{space}", name, asking(key, space)), None
    for ask in asks:
        own = f"allow-{ask.value}"
        yield own, policy(own, name, asking(ask.key, ask.value)), ask


def folder(rng: Random, name: str, labels: dict[str, str], asks: list[Ask]) -> tuple[dict[str, str], list[Planted]]:
    """Return the files of a folder and the mistakes in them; most folders hold all policies in one file."""
    path = f"namespaces/{name}"
    files = {f"{path}/namespace.yaml": namespace(rng, name, labels)}
    planted = []
    together = rng.random() < 0.7
    documents: dict[str, list[str]] = {}
    for own, text, ask in policies(rng, name, asks):
        file = f"{path}/network-policies.yaml" if together else f"{path}/{own}.yaml"
        before = documents.setdefault(file, [])
        if ask and ask.mistake:
            line = text.splitlines().index(f"              {ask.key}: {ask.value}") + 1
            line += sum(each.count("\n") + 1 for each in before)
            planted.append(
                Planted(file, len(before), line, "NetworkPolicy", own, ask.mistake, rejected=False, rules=())
            )
        before.append(text)
    return files | {file: "---\n".join(texts) for file, texts in documents.items()}, planted


def scaffold(rng: Random) -> dict[str, str]:
    """Return the folders that are copied for a new team."""
    found = {}
    for number, name in enumerate(SCAFFOLD, 1):
        found[f"scaffold/{number}/namespace.yaml"] = namespace(rng, f"{name}-dev", {TEAM_KEY: f"{name}-dev"})
        peers = [asking(TEAM_KEY, f"{name}-staging"), asking(TEAM_KEY, "ingress-controllers")]
        texts = [policy(f"allow-{place}", f"{name}-dev", peer) for place, peer in enumerate(peers)]
        found[f"scaffold/{number}/network-policies.yaml"] = "---\n".join(texts)
    return found


def repository(seed: int, plan: Plan | None = None) -> Tree:
    """Return a repository with its mistakes."""
    rng = Random(seed)
    decided = Repository(rng, plan or Plan())
    asks: dict[str, list[Ask]] = {}
    for ask in decided.asks:
        asks.setdefault(ask.asker, []).append(ask)
    texts = scaffold(rng)
    planted: list[Planted] = []
    for name in decided.names:
        files, mistakes = folder(rng, name, decided.labels[name], asks.get(name, []))
        texts |= files
        planted += mistakes
    return Tree(dict(sorted(texts.items())), sorted(planted, key=lambda each: (each.path, each.line)))


def without(tree: Tree, percent: float, seed: int) -> Tree:
    """Return a repository without some of its folders, and without the mistakes that their policies made."""
    folders = sorted({path.rpartition("/")[0] for path in tree.texts if path.startswith("namespaces/")})
    gone = set(Random(f"{seed} {percent}").sample(folders, round(len(folders) * percent / 100)))
    texts = {path: text for path, text in tree.texts.items() if path.rpartition("/")[0] not in gone}
    return replace(tree, texts=texts, planted=[each for each in tree.planted if each.path in texts])
