"""Measures k8snetlint against bare libyaml and against its peers, in paired, interleaved runs.

    python bench/run.py --write              everything; writes bench/RESULTS.md
    python bench/run.py --json out.json      the same as JSON
    python bench/run.py --gate               what CI judges, in less than a minute; exit 1 if a limit does not hold

Scenes: `whole` (the whole tree), `tenth` (a tenth of it, for tools that are slow), `small` (one small file), `dangling`
(a tree in which half of the selectors match nothing) and `crowded` (one namespace in which they match many pods).
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import peers
from limits import HEAVY, Imports, Results, Scene, broken
from measure import Bench, Skipped, Subject
from report import NEW_PAGE, as_json, page, replaced

PAGE = peers.HERE / "RESULTS.md"
SMALL = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes:
    - Ingress
  ingress:
    - from:
        - podSelector:
            matchLabels:
              app: frontend
      ports:
        - protocol: TCP
          port: 8080
"""
SCENES = ("whole", "tenth", "small", "dangling", "crowded")


def say(text: str) -> None:
    """Report progress."""
    print(text, file=sys.stderr, flush=True)


def generated(folder: Path, seed: int, part: int = 1, tree: str = "ordinary") -> dict[str, Any]:
    """Write a tree, or a part of it, in a process of its own; return what the generator says of it."""
    size = [f"--files={2000 // part}", f"--documents={5000 // part}", f"--seed={seed}", f"--tree={tree}"]
    size += [f"--megabytes={18 / part}"] if tree == "ordinary" else []
    command = [sys.executable, str(peers.HERE / "generate.py"), str(folder), *size]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    mistakes = json.loads(Path(f"{folder}.mistakes.json").read_text(encoding="utf-8"))
    return {**json.loads(done.stdout), "seed": seed, "planted": mistakes}


def imports(bench: Bench, ours: Subject) -> Imports | Skipped:
    """Return what a clean check imports."""
    listing = {"PYTHONPROFILEIMPORTTIME": "1"}
    names = []
    for command in (ours.command, (sys.executable, "-c", "pass")):
        run, _, err = bench.run(command, ours.directory, listing)
        if run.exit_code not in ours.accepted:
            return Skipped("imports", f"exit code {run.exit_code}")
        lines = (line.rsplit("|", 1)[1].strip() for line in err.splitlines() if line.startswith("import time:"))
        names.append(set(lines))
    own = names[0] - names[1]
    if not own:
        return Skipped("imports", "the command does not tell its imports")
    return Imports(len(own), tuple(name for name in HEAVY if name in own))


class Scenes:
    """Prepares and runs the scenes in a folder."""

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        self.options = options
        self.folder = folder
        self.finder = peers.Finder(dict(each.split("=", 1) for each in options.peer))
        self.bench = Bench(folder, say)
        self.schemas = folder / "schemas"
        self.small_file = folder / "small" / "policy.yaml"
        self.small_file.parent.mkdir()
        self.small_file.write_text(SMALL, encoding="utf-8")

    def whole(self, corpus: dict[str, Any]) -> Scene:
        """Run the scene of the whole tree; the gate leaves the peers out."""
        tree = self.folder / "tree"
        subjects: list[Subject | Skipped] = [
            peers.k8snetlint(self.options.k8snetlint, tree, corpus["planted"]),
            peers.floor(tree),
        ]
        if not self.options.gate:
            subjects += peers.kubeconform(self.finder, tree, self.schemas)
            subjects.append(peers.kube_score(self.finder, tree, corpus["planted"]))
        return self.scene("whole", "The whole tree", subjects, self.options.runs)

    def tenth(self) -> Scene:
        """Run the scene of a tenth of the tree."""
        tree = self.folder / "tenth"
        corpus = generated(tree, self.options.seed, part=10)
        subjects = [
            peers.k8snetlint(self.options.k8snetlint, tree, corpus["planted"]),
            peers.yamllint(self.finder, tree),
            peers.checkov(self.finder, tree),
        ]
        return self.scene("tenth", "A tenth of the tree", subjects, self.options.runs)

    def small(self) -> Scene:
        """Run the scene of one small file."""
        subjects: list[Subject | Skipped] = [self.small_check(), peers.bare_python()]
        if not self.options.gate:
            subjects += peers.kubeconform(self.finder, self.small_file, self.schemas)[:1]
        return self.scene("small", "One small file", subjects, self.options.small_runs)

    def dangling(self) -> Scene:
        """Run the scene of the tree in which half of the selectors match nothing."""
        return self.of_selectors("dangling", "The tree in which half of the selectors match nothing")

    def crowded(self) -> Scene:
        """Run the scene of the tree in which selectors match many pods of one namespace."""
        return self.of_selectors("crowded", "The tree of one crowded namespace")

    def of_selectors(self, name: str, title: str) -> Scene:
        """Run the scene of a tree that is about selectors."""
        tree = self.folder / name
        corpus = generated(tree, self.options.seed, tree=name)
        subjects: list[Subject | Skipped] = [
            peers.k8snetlint(self.options.k8snetlint, tree, corpus["planted"]),
            *peers.kubeconform(self.finder, tree, self.schemas),
        ]
        return self.scene(name, title, subjects, self.options.runs, corpus)

    def small_check(self) -> Subject:
        """Return our check of the small file."""
        return peers.k8snetlint(self.options.k8snetlint, self.small_file, [])

    def scene(
        self,
        name: str,
        title: str,
        subjects: list[Subject | Skipped],
        rounds: int,
        corpus: dict[str, Any] | None = None,
    ) -> Scene:
        """Run a scene; `corpus` is what the generator says of a tree of its own."""
        say(f"{name}: {', '.join(each.name for each in subjects)}")
        own = {key: value for key, value in corpus.items() if key != "planted"} if corpus else {}
        return Scene(name, title, rounds, self.bench.interleaved(subjects, rounds), own)


def results(options: argparse.Namespace, folder: Path) -> Results:
    """Run the scenes asked for."""
    scenes = Scenes(options, folder)
    corpus = generated(folder / "tree", options.seed)
    run = {
        "whole": lambda: scenes.whole(corpus),
        "tenth": scenes.tenth,
        "small": scenes.small,
        "dangling": scenes.dangling,
        "crowded": scenes.crowded,
    }
    return Results(
        date=dt.datetime.now(tz=dt.UTC).date().isoformat(),
        python=platform.python_version(),
        system=f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        corpus={key: value for key, value in corpus.items() if key != "planted"},
        scenes={name: run[name]() for name in options.scene},
        imports=imports(scenes.bench, scenes.small_check()),
    )


def arguments() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description="Measure k8snetlint against libyaml and its peers.")
    parser.add_argument("--k8snetlint", default=f"{sys.executable} -m k8snetlint", metavar="COMMAND")
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=PATH", help="a peer off the PATH")
    parser.add_argument("--scene", action="append", choices=SCENES, help="only this one (repeatable)")
    parser.add_argument("--runs", type=int, help="rounds of a tree (5; 4 in the gate)")
    parser.add_argument("--small-runs", type=int, default=15, help="rounds of the small file (15)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--gate", action="store_true", help="only what CI judges; exit 1 if a limit does not hold")
    parser.add_argument("--write", action="store_true", help="write RESULTS.md")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    if options.gate and (options.write or options.scene):
        parser.error("--gate goes with neither --write nor --scene")
    options.scene = ("whole", "small") if options.gate else options.scene or SCENES
    options.runs = options.runs or (4 if options.gate else 5)
    return options


def main() -> int:
    """Measure, report, and in the gate judge."""
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        found = results(options, Path(folder))
    if options.json:
        options.json.write_text(json.dumps(as_json(found), indent=1) + "\n", encoding="utf-8")
    if options.write:
        old = PAGE.read_text(encoding="utf-8") if PAGE.exists() else NEW_PAGE
        PAGE.write_text(replaced(old, page(found)), encoding="utf-8")
    print(page(found))
    sentences = broken(found) if options.gate else []
    for sentence in sentences:
        say(sentence)
    return 1 if sentences else 0


if __name__ == "__main__":
    sys.exit(main())
