"""Compares what linters say of the mistakes that the generator plants, one mistake at a time.

    python bench/compare.py             print the table
    python bench/compare.py --write     and put it into docs/comparison.md

A tool reads a tree without mistakes, then the same tree with one. What it says only the second time is what it says of
the mistake, whatever it calls it, and wherever it says it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from generate import generate
from peers import ROOT, Finder, go_version, said_version
from tree import Size, Tree

from schemas import source, write_schemas

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = ROOT / "docs" / "comparison.md"
BEGIN, END = "<!-- compared: begin (bench/compare.py --write) -->", "<!-- compared: end -->"
SIZE = Size(files=200, documents=500, megabytes=1.8)
MISTAKES = 10
SEED = 1


class RawProblem(NamedTuple):
    """One thing that a tool says: in the words of the table, and all of it, which tells two apart."""

    words: str
    whole: str


class Tool(NamedTuple):
    """A linter: how it is called, and how its output is read."""

    name: str
    version: str
    shown: str
    command: Callable[[Path], list[str]]
    read: Callable[[str, str], list[RawProblem]]


def k8snetlint(output: str, _: str) -> list[RawProblem]:
    """Read the JSON of k8snetlint.

    Raises:
        SystemExit: a rule failed, which says nothing about the mistake.
    """
    found = json.loads(output)["findings"]
    for each in found:
        if each["id"] == "internal-error":
            raise SystemExit(f"{each['path']}: {each['message']}")
    return [RawProblem(f"`{each['id']}`", f"{each['path']} {each['message']}") for each in found]


def kubeconform(output: str, _: str) -> list[RawProblem]:
    """Read the JSON of kubeconform."""
    found = []
    for each in json.loads(output)["resources"]:
        _, at, reason = each["msg"].partition(" - at '")
        words = f"at {reason}" if at else each["msg"].rpartition("\n")[2].partition(": ")[2]
        found.append(RawProblem(f"invalid: {plain(words)}", f"{each['filename']} {each['msg']}"))
    return found


def kube_score(output: str, errors: str) -> list[RawProblem]:
    """Read the JSON of kube-score; where it cannot decode a file, it says nothing of the others."""
    if not output.startswith("["):
        return [RawProblem(f"stops reading: {plain(errors.strip().rpartition('err=')[2])}", errors)]
    return [
        RawProblem(f"{check['check']['name']}", f"{each['file_name']} {each['object_name']} {check['comments']}")
        for each in json.loads(output)
        for check in each["checks"] or ()
        if not check["skipped"] and check["grade"] <= 5
    ]


def yamllint(output: str, _: str) -> list[RawProblem]:
    """Read the lines of yamllint, without their numbers: a line more moves all that follow."""
    lines = (re.match(r"(.*?):\d+:\d+: (.*)", line) for line in output.splitlines())
    return [RawProblem(plain(line[2]), f"{line[1]} {line[2]}") for line in lines if line]


def checkov(output: str, _: str) -> list[RawProblem]:
    """Read the JSON of checkov."""
    said = json.loads(output)
    found = []
    for report in said if isinstance(said, list) else [said]:
        checks = report["results"]["failed_checks"]
        found += [RawProblem(each["check_id"], f"{each['file_path']} {each['resource']}") for each in checks]
        found += [RawProblem("cannot parse the file", path) for path in report["results"].get("parsing_errors", ())]
    return found


def plain(text: str) -> str:
    """Return a text that fits into a cell of a Markdown table."""
    return " ".join(re.sub(r"['`|<>]", "", text).split())


def tools(finder: Finder, schemas: Path) -> list[Tool]:
    """Return the tools that are there; the schemas of kubeconform are written to a folder."""
    found = [
        Tool(
            "k8snetlint",
            said_version(own := str(Path(sys.executable).with_name("k8snetlint"))),
            "k8snetlint check --isolated -f json DIR",
            lambda tree: [own, "check", "--isolated", "-f", "json", str(tree)],
            k8snetlint,
        )
    ]
    if (program := finder.find("kubeconform")) and (origin := source()):
        write_schemas(origin, schemas)
        options = ["-strict", "-ignore-missing-schemas", "-output", "json", "-schema-location"]
        location = f"{schemas}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json"
        shown = f"kubeconform {' '.join(options)} SCHEMAS DIR"
        call = [program, *options, location]
        found.append(Tool("kubeconform", go_version(program), shown, lambda tree: [*call, str(tree)], kubeconform))
    if score := finder.find("kube-score"):
        shown = "kube-score score --output-format json FILES"
        call_score = [score, "score", "--output-format", "json"]
        found.append(Tool("kube-score", go_version(score), shown, lambda tree: [*call_score, *files(tree)], kube_score))
    if lint := finder.find("yamllint"):
        version, call_lint = said_version(lint), [lint, "-f", "parsable"]
        shown = "yamllint -f parsable DIR"
        found.append(Tool("yamllint", version, shown, lambda tree: [*call_lint, str(tree)], yamllint))
    if check := finder.find("checkov"):
        options = ["--framework", "kubernetes", "-o", "json", "--compact", "--quiet", "--skip-download"]
        call_check = [check, *options, "-d"]
        shown = f"checkov {' '.join(options)} -d DIR"
        found.append(Tool("checkov", said_version(check), shown, lambda tree: [*call_check, str(tree)], checkov))
    return found


def files(tree: Path) -> list[str]:
    """Return the files of a tree."""
    return sorted(str(path) for path in tree.rglob("*") if path.is_file())


def heard(tool: Tool, tree: Path) -> Counter[RawProblem]:
    """Return what a tool says of a tree; its path is taken out."""
    environment = {**os.environ, "NO_COLOR": "1"}
    done = subprocess.run(
        tool.command(tree), capture_output=True, text=True, check=False, cwd=tree, env=environment, timeout=600
    )
    return Counter(tool.read(done.stdout, done.stderr))


def cell(before: Counter[RawProblem], after: Counter[RawProblem]) -> str:
    """Return what is said only afterwards, in a few words."""
    words = dict.fromkeys(each.words for each in after - before)
    return "<br>".join(words) or "-"


def rows(found: list[Tool], folder: Path) -> list[list[str]]:
    """Return a row for each mistake: what it is, whether the API server accepts it, and what each tool says."""
    clean, wrong = generate(SIZE, SEED, 0), generate(SIZE, SEED, MISTAKES)
    tree = folder / "tree"
    lay(clean, tree)
    before = [heard(tool, tree) for tool in found]
    lines = []
    for planted in sorted(wrong.planted, key=lambda each: (each.rejected, each.mistake)):
        path = tree / planted.path
        path.write_bytes(wrong.texts[planted.path].encode())
        cells = [cell(old, heard(tool, tree)) for tool, old in zip(found, before, strict=True)]
        path.write_bytes(clean.texts[planted.path].encode())
        lines.append([planted.mistake, "rejects it" if planted.rejected else "accepts it", *cells])
    return lines


def lay(tree: Tree, folder: Path) -> None:
    """Write a tree."""
    for name, text in tree.texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def page(found: list[Tool], lines: list[list[str]]) -> str:
    """Return the table, and how each tool was called."""
    head = ["mistake", "the API server", *(f"{tool.name} {tool.version}" for tool in found)]
    table = "".join(f"| {' | '.join(line)} |\n" for line in [head, ["---"] * len(head), *lines])
    calls = "".join(f"- {tool.name} {tool.version}: `{tool.shown}`\n" for tool in found)
    return f"{BEGIN}\n\n{table}\n{calls}\n{END}"


def main() -> int:
    """Compare, print, and write if that is asked for."""
    parser = argparse.ArgumentParser(description="Compare what linters say of planted mistakes.")
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=PATH", help="where a peer is")
    parser.add_argument("--write", action="store_true", help="write the table into docs/comparison.md")
    options = parser.parse_args()
    finder = Finder(dict(each.split("=", 1) for each in options.peer))
    with tempfile.TemporaryDirectory(prefix="compare-") as name:
        folder = Path(name)
        schemas = folder / "schemas"
        schemas.mkdir()
        found = tools(finder, schemas)
        made = page(found, rows(found, folder))
    print(made)
    if options.write:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        PAGE.write_text(before + made + rest.partition(END)[2], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
