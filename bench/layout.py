"""Where the documents of a generated tree lie: folders of applications, files with one or several documents."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

from blocks import config_map, definition
from networking import custom_resource, ingress, kustomization, namespace, network_policy, service
from ruamel.yaml import YAML
from words import NOUNS, PARTS, REGISTRIES, ROLES, App, Manifest, camel, comment
from workloads import autoscaler, disruption_budget, service_account, workload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(slots=True)
class Elastic:
    """A ConfigMap or CRD: its size is decided last, its text is empty until then."""

    kind: str
    name: str
    weight: float
    """Its share of the bytes that are left over for its kind."""
    make: Callable[[int], str]
    text: str = ""


@dataclass(slots=True)
class File:
    """A file before it is written."""

    path: str
    documents: list[Manifest | Elastic]
    opening: str = ""
    """What stands before the first document."""

    def text(self) -> str:
        """Return what is written."""
        if self.path.endswith(".json"):
            value = YAML(typ="safe").load(io.StringIO(self.documents[0].text))
            return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
        return self.opening + "---\n".join(document.text for document in self.documents)

    def lines_before(self, document: int) -> int:
        """Return the number of lines before a document."""
        before = self.documents[:document]
        return self.opening.count("\n") + sum(each.text.count("\n") + 1 for each in before)


@dataclass(slots=True)
class Folder:
    """The folder of an application."""

    path: str
    namespace: str
    documents: list[Manifest | Elastic] = field(default_factory=list)
    kustomized: bool = False


def seeded(rng: Random) -> Random:
    """Return a generator of its own, so that the size of one document moves no other."""
    return Random(rng.getrandbits(64))


def components(rng: Random, owner: tuple[str, str], instance: str, *, kustomized: bool) -> list[App]:
    """Return the components of an application; `owner` is its namespace and team."""
    namespace_name, team = owner
    written = not kustomized or rng.random() < 0.5
    apps = []
    for part in rng.sample(PARTS, rng.choice((1, 2, 2, 3, 4))):
        version = f"{rng.randint(0, 9)}.{rng.randint(0, 30)}.{rng.randint(0, 9)}"
        image = f"{rng.choice(REGISTRIES)}/{instance}/{part}:{version}"
        port = rng.choice((3000, 5000, 8000, 8080, 8081, 8443))
        apps.append(App(team, namespace_name, instance, part, version, image, port, written))
    return apps


def documents_of(rng: Random, app: App, siblings: list[App]) -> Iterator[Manifest | Elastic]:
    """Yield the documents of one component; what others refer to comes first."""
    stateful = app.part in {"db", "cache"}
    yield workload(rng, app)
    if stateful or (app.part != "cron" and rng.random() < 0.85):
        yield service(rng, app)
        if app.part in {"api", "web", "admin"}:
            yield ingress(rng, app)
    if rng.random() < 0.62:
        yield network_policy(rng, app, rng.sample(siblings, rng.randint(0, len(siblings))))
    if rng.random() < 0.65:
        make = partial(config_map, seeded(rng), app)
        yield Elastic("ConfigMap", f"{app.name}-config", rng.lognormvariate(0, 1), make)
    if rng.random() < 0.4:
        yield service_account(rng, app)
    if not stateful and app.part != "exporter" and rng.random() < 0.2:
        yield autoscaler(rng, app)
    if rng.random() < 0.2:
        yield disruption_budget(rng, app)
    if rng.random() < 0.35:
        yield custom_resource(rng, app)


def folders(rng: Random, documents: int, owners: dict[str, str]) -> list[Folder]:
    """Return folders of applications that hold exactly so many documents, kustomization.yaml included."""
    names = [*NOUNS, *(f"{noun}-{role}" for role in ROLES for noun in NOUNS)]
    made: list[Folder] = []
    while documents > 0:
        round_, place = divmod(len(made), len(names))
        instance = names[place] + (f"-{round_ + 1}" if round_ else "")
        owner = rng.choice(tuple(owners.items()))
        folder = Folder(f"apps/{owner[1]}/{instance}", owner[0], kustomized=documents > 1 and rng.random() < 0.6)
        apps = components(rng, owner, instance, kustomized=folder.kustomized)
        for app in apps:
            folder.documents += documents_of(rng, app, [each for each in apps if each is not app])
        del folder.documents[documents - folder.kustomized :]
        documents -= len(folder.documents) + folder.kustomized
        made.append(folder)
    return made


def files_of(rng: Random, folder: Folder, cuts: list[int]) -> Iterator[File]:
    """Split the documents of a folder before the given positions into files with the names people give."""
    names: list[str] = []
    bounds = [0, *sorted(cuts), len(folder.documents)]
    for start, end in pairwise(bounds):
        group = folder.documents[start:end]
        kinds = {document.kind.lower() for document in group}
        stems = [*kinds] if len(kinds) == 1 else ["all", "manifests"]
        stems += [group[0].name, *(f"{stems[0]}-{number}" for number in range(2, 100))]
        taken = {name.split(".")[0] for name in names}
        stem = next(stem for stem in stems if stem not in taken)
        is_json = len(group) == 1 and rng.random() < 0.06
        opening = "---\n" if rng.random() < 0.3 else comment(rng, 0.2)
        names.append(f"{stem}.{'json' if is_json else 'yaml'}")
        yield File(f"{folder.path}/{names[-1]}", group, opening)
    if folder.kustomized:
        yield File(f"{folder.path}/kustomization.yaml", [kustomization(rng, names, folder.namespace)])


def laid_out(rng: Random, folders: list[Folder], files: int) -> list[File]:
    """Return the files of folders: exactly so many, kustomization.yaml files included.

    Raises:
        SystemExit: the documents do not lie in so many files.
    """
    least = len(folders) + sum(folder.kustomized for folder in folders)
    cuts = [(place, cut) for place, folder in enumerate(folders) for cut in range(1, len(folder.documents))]
    if not 0 <= files - least <= len(cuts):
        raise SystemExit(f"the folders of this seed lie in {least} to {least + len(cuts)} files, not in {files}")
    chosen: dict[int, list[int]] = {}
    for place, cut in rng.sample(cuts, files - least):
        chosen.setdefault(place, []).append(cut)
    return [file for place, folder in enumerate(folders) for file in files_of(rng, folder, chosen.get(place, []))]


def definitions(rng: Random, number: int) -> Iterator[File]:
    """Yield a file for each CustomResourceDefinition."""
    for place in range(number):
        kind = f"{camel(rng, 1).capitalize()}{rng.choice(NOUNS).capitalize()}{place}"
        make = partial(definition, seeded(rng), kind)
        elastic = Elastic("CustomResourceDefinition", kind, rng.lognormvariate(0, 0.6), make)
        yield File(f"platform/crds/{kind.lower()}.yaml", [elastic], "---\n")


def namespaces(owners: dict[str, str]) -> Iterator[File]:
    """Yield a file for each Namespace, with its default policies."""
    for name, team in owners.items():
        yield File(f"platform/namespaces/{name}.yaml", [*namespace(name, team)])
