"""Leave out one workload of correct projects at a time, and see whether the linter accuses what is left.

What selected the workload then selects nothing, as where it is deployed from elsewhere: nobody can tell, and no warning
may say so. Each new warning or error is printed.

    python bench/leave_one_out.py $K8SNETLINT_CORPUS/*/
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from k8snetlint import Config, Source, lint
from k8snetlint.finding import Severity
from k8snetlint.git import tracked_files
from k8snetlint.model.tables.kinds import POD_KINDS
from k8snetlint.source.files import find
from k8snetlint.source.load import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import Finding


def said(sources: list[Source]) -> dict[tuple[str, str, str], Finding]:
    """Return what is said of a project, infos left out, by what it is the same by if lines move."""
    found = [each for each in lint(sources, Config()).findings if each.severity >= Severity.WARNING]
    # Equal ones are told apart by a number, which moves when one of them goes.
    return {(each.id, each.path, each.fingerprint.partition("-")[0]): each for each in found}


def without_one(source: Source) -> Iterator[tuple[str, Source]]:
    """Yield a source without each of its workloads, which become comments, and the name of that one."""
    text = source.read().decode()
    for document in load(source).documents:
        value = document.value
        if isinstance(value, dict) and value.get("kind") in POD_KINDS and not document.faults:
            start, end = document.span
            rest = f"{text[:start]}# left out\n{text[end:]}"
            metadata = value.get("metadata")
            name = metadata.get("name") if isinstance(metadata, dict) else None
            yield f"{value['kind']} {name}", Source.of(source.name, rest)


def main() -> int:
    """Leave out workloads and print what is said of the rest."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("roots", nargs="+", type=Path)
    options = parser.parse_args()
    tried = accused = 0
    for root in options.roots:
        every = [
            Source.of(source.name, content)
            for source in find([str(root)], tracked_files=tracked_files).sources
            if (content := read(source))
        ]
        before = said(every)
        for number, source in enumerate(every):
            try:
                parts = list(without_one(source))
            except UnicodeDecodeError:
                continue
            for name, rest in parts:
                tried += 1
                after = said([*every[:number], rest, *every[number + 1 :]])
                for key in after.keys() - before.keys():
                    accused += 1
                    print(f"without {name} of {source.name}: {key[1]}: {key[0]}: {after[key].message}", flush=True)
    print(f"{tried} workloads left out: {accused} new warnings and errors")
    return 1 if accused else 0


def read(source: Source) -> bytes:
    """Return what a source holds, nothing if it cannot be read."""
    try:
        return source.read()
    except OSError:
        return b""


if __name__ == "__main__":
    sys.exit(main())
