"""Leave out one workload of correct projects at a time, and see whether the linter accuses what is left.

What selected the workload then selects nothing, as where it is deployed from elsewhere: nobody can tell, and no warning
may say so. Each new warning or error is printed. A project is read once; only the rules run again for each workload.

    python bench/leave_one_out.py $K8SNETLINT_CORPUS/*/
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from k8snetlint import Config
from k8snetlint.finding import Severity
from k8snetlint.git import tracked_files
from k8snetlint.linting.build_report import build_report
from k8snetlint.linting.inventory import KustomizationFiles
from k8snetlint.linting.judging import judge
from k8snetlint.linting.reading import read
from k8snetlint.model.tables.kinds import POD_KINDS
from k8snetlint.source.files import find

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.finding import Finding
    from k8snetlint.linting.reading import Reading
    from k8snetlint.model.resource import Resource


def accusations(reading: Reading) -> dict[tuple[str, str, str], Finding]:
    """Return what is said of a project, infos left out, by what it is the same by if others go."""
    found = [each for each in build_report(reading, judge(reading)).findings if each.severity >= Severity.WARNING]
    # Equal ones are told apart by a number, which moves when one of them goes.
    return {(each.id, each.path, each.fingerprint.partition("-")[0]): each for each in found}


def without(reading: Reading, workload: Resource) -> Reading:
    """Return a project without one object, as it is and as kustomizations change it."""
    place = (workload.source, workload.document, workload.root)

    def others(resources: Iterable[Resource]) -> list[Resource]:
        return [each for each in resources if (each.source, each.document, each.root) != place]

    files = reading.files
    made = {key: others(resources) for key, resources in files.made.items()}
    problems = {**files.problems}
    problems[workload.source] = [
        each
        for each in problems.get(workload.source, ())
        if (each.problem.at.source, each.problem.at.document, each.problem.at.root) != place
    ]
    return reading._replace(files=files._replace(resources=others(files.resources), made=made, problems=problems))


def projects(roots: Iterable[Path]) -> Iterator[Reading]:
    """Read projects, each once."""
    for root in roots:
        sources = find([str(root)], tracked_files=tracked_files).sources
        yield read(list(sources), Config(), (), KustomizationFiles(), None)


def main() -> int:
    """Leave out workloads and print what is said of the rest."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("roots", nargs="+", type=Path)
    tried = accused = 0
    for reading in projects(parser.parse_args().roots):
        before = accusations(reading)
        for workload in reading.files.resources:
            if workload.kind not in POD_KINDS:
                continue
            tried += 1
            after = accusations(without(reading, workload))
            for key in after.keys() - before.keys():
                accused += 1
                name = f"{workload.kind} {workload.name} of {workload.source.name}"
                print(f"without {name}: {key[1]}: {key[0]}: {after[key].message}", flush=True)
    print(f"{tried} workloads left out: {accused} new warnings and errors")
    return 1 if accused else 0


if __name__ == "__main__":
    sys.exit(main())
