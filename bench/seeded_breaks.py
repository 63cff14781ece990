"""Break one name in each of many correct projects, and see whether the linter says which.

A name is a label value of a selector that matches, or a named target port of a Service. It is broken as people break
names: one or two letters are swapped, lost, doubled or replaced, or an object's name stands for its label. Found is
a break if a finding stands at its line, and of slips, if the finding says what was meant; nothing new may be said
elsewhere.

    python bench/seeded_breaks.py tests/projects $K8SNETLINT_CORPUS --seed 1
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint import Config, Source, lint
from k8snetlint.cli.context import context_of
from k8snetlint.finding import Severity
from k8snetlint.git import tracked_files
from k8snetlint.linting.inventory import KustomizationFiles
from k8snetlint.source.files import find
from k8snetlint.source.load import load
from k8snetlint.source.objects import objects_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import Finding

NAME_LABEL = "kubernetes.io/metadata.name"


class Name(NamedTuple):
    """A name in a project: file, span of code points in its text, its label's key, and what it is."""

    file: str
    start: int
    end: int
    text: str
    key: str
    what: str


def selectors(value: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any], str]]:
    """Yield the places of the labels that an object selects by, the labels, and what they are."""
    spec = value.get("spec") or {}
    if value.get("kind") == "Service":
        yield ("spec", "selector"), spec.get("selector") or {}, "Service selector"
    if value.get("kind") != "NetworkPolicy":
        return
    yield (
        ("spec", "podSelector", "matchLabels"),
        (spec.get("podSelector") or {}).get("matchLabels") or {},
        "podSelector",
    )
    for direction, side in (("ingress", "from"), ("egress", "to")):
        for index, rule in enumerate(spec.get(direction) or ()):
            for at, peer in enumerate((rule or {}).get(side) or ()):
                for field in ("podSelector", "namespaceSelector"):
                    labels = ((peer or {}).get(field) or {}).get("matchLabels") or {}
                    yield ("spec", direction, index, side, at, field, "matchLabels"), labels, f"peer's {field}"


def names_in(files: dict[str, str]) -> list[Name]:
    """Return the names that can be broken."""
    found: list[Name] = []
    for file, text in files.items():
        loaded = load(Source.of(file, text))
        for document in loaded.documents:
            if document.skipped or document.faults:
                continue
            for value, root in objects_of(document.value):
                if not isinstance(value, dict):
                    continue
                places = [
                    ((*path, key), label, what)
                    for path, labels, what in selectors(value)
                    for key, label in labels.items()
                ]
                if value.get("kind") == "Service":
                    for index, port in enumerate((value.get("spec") or {}).get("ports") or ()):
                        if isinstance(port.get("targetPort"), str):
                            places.append((("spec", "ports", index, "targetPort"), port["targetPort"], "targetPort"))
                for path, name, what in places:
                    if not isinstance(name, str) or len(name) < 3 or not name[0].isalpha():
                        continue
                    start, end = document.locate((*root, *path))
                    if text[start:end] == name:
                        found.append(Name(file, start, end, name, str(path[-1]), what))
    return found


def owners(files: dict[str, str], name: Name) -> set[str]:
    """Return the names of the objects that carry, or whose pods carry, a label."""
    found: set[str] = set()
    for file, text in files.items():
        for document in load(Source.of(file, text)).documents:
            for value, _ in objects_of(document.value) if not document.faults else ():
                if not isinstance(value, dict) or not isinstance(value.get("metadata"), dict):
                    continue
                pods = ((value.get("spec") or {}).get("template") or {}) if value.get("kind") != "Namespace" else value
                labels = (pods.get("metadata") or {}).get("labels") or {}
                if labels.get(name.key) == name.text and isinstance(value["metadata"].get("name"), str):
                    found.add(value["metadata"]["name"])
    return found


def broken(name: str, random: Random) -> str:
    """Return a name with a slip of one letter, of a long name of two."""
    word = list(name)
    for _ in range(random.choice((1, 1, 2)) if len(name) >= 9 else 1):
        at = random.randrange(1, len(word)) if len(word) > 3 else len(word) - 1
        match random.choice(("swap", "lose", "double", "replace") if len(word) > 3 else ("swap",)):
            case "swap":
                word[at - 1], word[at] = word[at], word[at - 1]
            case "lose":
                del word[at]
            case "double":
                word.insert(at, word[at])
            case _:
                word[at] = random.choice("abcdefghijklmnoprstuvwy")
    return "".join(word)


def said(files: dict[str, str]) -> list[Finding]:
    """Return what is said of a project, infos left out."""
    sources = [Source.of(file, text) for file, text in files.items()]
    report = lint(sources, Config())
    return [finding for finding in report.findings if finding.severity >= Severity.WARNING]


def key(finding: Finding) -> tuple[str, str, str]:
    """Return what a finding is the same by before and after a break."""
    return finding.id, finding.path, finding.fingerprint


def projects(roots: list[Path]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield folders with manifests, each with its texts and the bases that it takes in."""
    for root in roots:
        for folder in sorted(path for path in root.rglob("*") if path.is_dir()):
            inner = [path for path in folder.rglob("*") if path.suffix in {".yaml", ".yml"}]
            if not 1 <= len(inner) <= 60:
                continue
            sources = find([str(folder)], tracked_files=tracked_files).sources
            files: dict[str, str] = {}
            for source in (*sources, *context_of(sources, KustomizationFiles())):
                try:
                    files[source.name] = source.read().decode()
                except (OSError, UnicodeDecodeError):
                    continue
            yield str(folder), files


def main() -> int:
    """Break names and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("roots", nargs="+", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--projects", type=int, default=20)
    options = parser.parse_args()
    random = Random(options.seed)
    candidates = list(projects(options.roots))
    random.shuffle(candidates)
    done = found = hinted = noise = 0
    taken: set[str] = set()
    for _, files in candidates:
        if done == options.projects:
            break
        names = names_in(files)
        before = {key(finding) for finding in said(files)}
        random.shuffle(names)
        judged = [name for name in names if answered(files, name)]
        if not judged or any(name.file in taken for name in judged[:1]):
            continue
        name = judged[0]
        taken.add(name.file)
        others = sorted(owners(files, name) - {name.text, *(each.text for each in names)})
        new = random.choice(others) if others and random.random() < 0.5 else broken(name.text, random)
        if new == name.text:
            continue
        text = files[name.file]
        changed = {**files, name.file: text[: name.start] + new + text[name.end :]}
        line = text.count("\n", 0, name.start) + 1
        after = [finding for finding in said(changed) if key(finding) not in before]
        here = [each for each in after if each.path == name.file and each.start.line <= line <= each.end.line + 1]
        elsewhere = [each for each in after if each not in here]
        done += 1
        found += bool(here)
        hint = any(name.text in each.help for each in here)
        hinted += hint
        noise += len(elsewhere)
        mark = "found" if hint else "at the line" if here else "MISSED"
        print(f"{mark:12} {name.what:24} {name.text} -> {new}  {os.path.relpath(name.file)}:{line}")
        for each in elsewhere:
            print(f"    NEW {each.path}:{each.start.line} {each.id}: {each.message}")
    print(f"{done} breaks: {found} found, {hinted} with what was meant; {noise} new findings elsewhere")
    return 0


def answered(files: dict[str, str], name: Name) -> bool:
    """Tell whether the linter has an answer for the selector that a name stands in: it is no open question."""
    nonsense = {**files, name.file: files[name.file][: name.start] + "qzxqzxqzx" + files[name.file][name.end :]}
    report = lint([Source.of(file, text) for file, text in nonsense.items()], Config())
    line = files[name.file].count("\n", 0, name.start) + 1
    plain = lint([Source.of(file, text) for file, text in files.items()], Config())
    if any(each.path == name.file and abs(each.start.line - line) <= 1 for each in plain.findings):
        return False
    return any(each.path == name.file and abs(each.start.line - line) <= 1 for each in report.findings)


if __name__ == "__main__":
    sys.exit(main())
