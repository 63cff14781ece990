"""Writes a tree of manifests as a monorepo holds them: the same bytes for the same options.

    python bench/generate.py DIR --files 2000 --documents 5000 --megabytes 18 --seed 1
    python bench/generate.py DIR --tree dangling    and `--tree crowded`: selecting.py says what they hold

Of 5,000 documents in 18 MB, by documents and by bytes:

    Deployments, StatefulSets, DaemonSets   21 %   26 %
    Services                                16 %    3 %
    NetworkPolicies                         16 %    5 %
    ConfigMaps                              13 %   29 %   half of them with one long file in a block scalar
    Ingresses                                5 %    2 %
    CustomResourceDefinitions                1 %   31 %
    custom resources                         7 %    1 %
    ServiceAccounts, budgets, autoscalers   15 %    2 %
    Namespaces, kustomization.yaml files     7 %    1 %

ConfigMaps and CRDs are elastic: they take what `--megabytes` leaves over. About one file in seventy is JSON. Every
document is what an API server accepts, but for the mistakes (`--mistakes N`, by default in one file of a hundred).
`DIR.mistakes.json` lists them: path, document, line, whether the API server rejects it, and the rules of which one
has to report it.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from random import Random

from layout import Elastic, File, definitions, folders, laid_out, namespaces
from mistakes import MISTAKES
from selecting import crowded, dangling
from tree import Planted, Size, Tree, write
from words import NOUNS, STAGES

SHARES = {"CustomResourceDefinition": 0.45, "ConfigMap": 0.55}
"""Of the bytes that the other kinds leave over."""
CONFIG_MAP_LIMIT = 900_000
"""Bytes; the API server takes 1 MiB of data."""


def owners_of(documents: int) -> dict[str, str]:
    """Return the team of each namespace."""
    teams = max(2, documents // 200)
    names = [f"{noun}{stage}" for stage in STAGES for noun in NOUNS][: max(1, documents // 60)]
    owners = {name: f"team-{number % teams + 1:02}" for number, name in enumerate(names)}
    return {**owners, "ingress-nginx": "team-01", "monitoring": "team-01"}


def plan(rng: Random, size: Size) -> list[File]:
    """Return the files, exactly as many with exactly as many documents as asked for.

    Raises:
        SystemExit: so many documents cannot lie in so few files, or so few in so many.
    """
    owners = owners_of(size.documents)
    files = [*definitions(rng, max(1, round(size.documents * 0.012))), *namespaces(owners)]
    apps = folders(rng, size.documents - sum(len(file.documents) for file in files), owners)
    return files + laid_out(rng, apps, size.files - len(files))


def fill(files: list[File], size: Size) -> None:
    """Decide the texts of the elastic documents so that all files together are as large as asked for."""
    documents = [document for file in files for document in file.documents]
    left = size.megabytes * 1e6 - sum(len(document.text.encode()) + 4 for document in documents)
    for kind, share in SHARES.items():
        elastic = [each for each in documents if isinstance(each, Elastic) and each.kind == kind]
        weights = sum(each.weight for each in elastic)
        for each in elastic:
            own = int(left * share * each.weight / weights)
            each.text = each.make(min(own, CONFIG_MAP_LIMIT) if kind == "ConfigMap" else own)


def plant(rng: Random, files: list[File], number: int) -> list[Planted]:
    """Put mistakes into as many files, each kind of mistake in turn.

    Raises:
        SystemExit: there are not enough files which have a place for a mistake.
    """
    places = [file for file in files if file.path.startswith("apps/") and file.path.endswith(".yaml")]
    rng.shuffle(places)
    planted: list[Planted] = []
    for file in places:
        if len(planted) == number:
            break
        found = planted_in(file, len(planted))
        planted += [found] if found else []
    if len(planted) < number:
        raise SystemExit(f"only {len(planted)} files have a place for a mistake")
    return sorted(planted, key=lambda each: each.path)


def planted_in(file: File, turn: int) -> Planted | None:
    """Put the mistake whose turn it is into a file, or return `None` if it has no place for it."""
    mistake = MISTAKES[turn % len(MISTAKES)]
    for place, document in enumerate(file.documents):
        if isinstance(document, Elastic) or (wrong := mistake.planted(document)) is None:
            continue
        file.documents[place], line = wrong
        where = file.path, place, file.lines_before(place) + line
        return Planted(*where, document.kind, document.name, mistake.what, mistake.rejected, mistake.rules)
    return None


def generate(size: Size, seed: int, mistakes: int | None = None) -> Tree:
    """Return a tree; without a number of mistakes, one file of a hundred has one."""
    rng = Random(seed)
    files = sorted(plan(rng, size), key=lambda file: file.path)
    fill(files, size)
    planted = plant(rng, files, size.files // 100 if mistakes is None else mistakes)
    return Tree({file.path: file.text() for file in files}, planted)


def main() -> None:
    """Write the tree the command line asks for and say what it is."""
    parser = argparse.ArgumentParser(description="Write a tree of manifests, the same bytes for the same options.")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--tree", choices=("ordinary", "dangling", "crowded"), default="ordinary")
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--documents", type=int, default=5000)
    parser.add_argument("--megabytes", type=float, help="of the ordinary tree, default 18")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mistakes", type=int, help="in the ordinary tree; default: one for a hundred files")
    options = parser.parse_args()
    if options.tree != "ordinary" and (options.megabytes, options.mistakes) != (None, None):
        parser.error("--megabytes and --mistakes are for the ordinary tree")
    size = Size(options.files, options.documents, 18.0 if options.megabytes is None else options.megabytes)
    match options.tree:
        case "dangling":
            tree = dangling(size, options.seed)
        case "crowded":
            tree = crowded(size, options.seed)
        case _:
            tree = generate(size, options.seed, options.mistakes)
    write(tree, options.directory)
    bytes_ = sum(len(text.encode()) for text in tree.texts.values())
    row = {"files": size.files, "documents": size.documents, "bytes": bytes_, "digest": tree.digest()}
    print(json.dumps({**row, "mistakes": len(tree.planted)}))


if __name__ == "__main__":
    main()
