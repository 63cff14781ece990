"""The commands that are measured against each other, how each is called and how its findings are counted."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from measure import Skipped, Subject

from schemas import source, write_schemas

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds the programs: named on the command line, on the PATH, beside this Python, or where Go installs."""

    named: Mapping[str, str]

    def find(self, name: str) -> str | None:
        """Return the path of a program, or `None` if there is none."""
        if name in self.named:
            return shutil.which(self.named[name])
        go = os.environ.get("GOBIN") or str(Path(os.environ.get("GOPATH") or Path.home() / "go") / "bin")
        path = os.pathsep.join((os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent), go))
        return shutil.which(name, path=path)


def go_version(program: str) -> str:
    """Return the module version that the Go linker wrote into a program, `unknown` if it has none."""
    found = re.search(rb"\nmod\t\S+\t(v[^\s]+)", Path(program).read_bytes())
    return found[1].decode() if found else "unknown"


def said_version(program: str) -> str:
    """Return the number in what `--version` prints."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\d+\.\d+[.\w]*", said.stdout + said.stderr)
    return found[0] if found else "unknown"


def finding_count(output: str, planted: list[dict[str, Any]], target: Path) -> str:
    """Return how many findings the JSON of k8snetlint holds, and how many planted mistakes are among them."""
    found = json.loads(output)["findings"]
    ids: dict[tuple[str, int], set[str]] = {}
    for each in found:
        ids.setdefault((each["path"], each["document"]), set()).add(each["id"])
    said = (ids.get((str(target / row["path"]), row["document"]), set()) for row in planted)
    hit = sum(not each.isdisjoint(row["rules"]) for each, row in zip(said, planted, strict=True))
    return f"{len(found)}; {hit} of {len(planted)} planted" if planted else str(len(found))


def nothing(_: str) -> str:
    """Say nothing of a command that has no findings."""
    return ""


def k8snetlint(command: str, target: Path, planted: list[dict[str, Any]]) -> Subject:
    """Return our own command; its findings are held against the planted mistakes."""
    words = tuple(shlex.split(command))
    said = subprocess.run([*words, "--version"], cwd=ROOT, capture_output=True, text=True, check=False)
    version = re.search(r"\d+\.\d+[.\w]*", said.stdout) if said.returncode == 0 else None
    call = (*words, "check", str(target), "-f", "json")

    def findings(output: str) -> str:
        return finding_count(output, planted, target)

    shown = "k8snetlint check DIR -f json"
    return Subject("k8snetlint", version[0] if version else "unknown", call, shown, ROOT, findings)


def floor(target: Path) -> Subject:
    """Return the bare parser."""
    version = f"ruamel.yaml.clib {importlib.metadata.version('ruamel.yaml.clib')}"
    command = (sys.executable, "-I", str(HERE / "floor.py"), str(target))

    def parse_cpu(output: str) -> float:
        return float(json.loads(output)["parse_cpu"])

    return Subject(
        "libyaml",
        version,
        command,
        "CParser(text).raw_parse() of every file, three times",
        ROOT,
        nothing,
        inner=parse_cpu,
    )


def bare_python() -> Subject:
    """Return an interpreter that does nothing."""
    command = (sys.executable, "-I", "-c", "pass")
    return Subject("python", platform.python_version(), command, "python -I -c pass", ROOT, nothing)


def kubeconform(finder: Finder, target: Path, folder: Path) -> list[Subject | Skipped]:
    """Return kubeconform as it runs by default, and on one core; its schemas are written to `folder`."""
    program, schemas = finder.find("kubeconform"), source()
    if program is None or schemas is None:
        missing = "kubeconform" if program is None else "the PyPI package kubernetes-validate"
        return [Skipped("kubeconform", f"{missing} was not found")]
    if not folder.exists():
        folder.mkdir()
        write_schemas(schemas, folder)
    options = ["-strict", "-ignore-missing-schemas", "-summary", "-output", "json"]
    location = ["-schema-location", f"{folder}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json"]
    shown = f"kubeconform {' '.join(options)} -schema-location SCHEMAS DIR"

    def findings(output: str) -> str:
        summary = json.loads(output)["summary"]
        return str(summary["invalid"] + summary["errors"])

    version = go_version(program)
    usual = (program, *options, *location, str(target))
    one = (program, "-n", "1", *usual[1:])
    return [
        Subject("kubeconform", version, usual, shown, ROOT, findings),
        Subject(
            "kubeconform, one core",
            version,
            one,
            shown.replace("kubeconform", "GOMAXPROCS=1 kubeconform -n 1"),
            ROOT,
            findings,
            environment={"GOMAXPROCS": "1"},
        ),
    ]


def kube_score(finder: Finder, target: Path, planted: list[dict[str, Any]]) -> Subject | Skipped:
    """Return kube-score on the files it can read: it stops at the first file that it cannot decode."""
    program = finder.find("kube-score")
    if program is None:
        return Skipped("kube-score", "kube-score was not found")
    wrong = {row["path"] for row in planted if row["rejected"]}
    paths = sorted(str(path.relative_to(target)) for path in target.rglob("*") if path.is_file())
    files = [path for path in paths if path not in wrong]

    def findings(output: str) -> str:
        checks = [check for each in json.loads(output) for check in each["checks"] or ()]
        return str(sum(not check["skipped"] and check["grade"] <= 5 for check in checks))

    shown = "kube-score score --output-format json FILES"
    command = (program, "score", "--output-format", "json", *files)
    return Subject("kube-score", go_version(program), command, shown, target, findings)


def yamllint(finder: Finder, target: Path) -> Subject | Skipped:
    """Return yamllint with its default configuration."""
    program = finder.find("yamllint")
    if program is None:
        return Skipped("yamllint", "yamllint was not found")
    command = (program, "-f", "parsable", str(target))

    def findings(output: str) -> str:
        return str(len(output.splitlines()))

    return Subject("yamllint", said_version(program), command, "yamllint -f parsable DIR", ROOT, findings)


def checkov(finder: Finder, target: Path) -> Subject | Skipped:
    """Return checkov with its checks for Kubernetes, off line."""
    program = finder.find("checkov")
    if program is None:
        return Skipped("checkov", "checkov was not found")
    options = ("--framework", "kubernetes", "-o", "json", "--compact", "--quiet", "--skip-download")

    def findings(output: str) -> str:
        said = json.loads(output)
        reports = said if isinstance(said, list) else [said]
        return str(sum(len(each["results"]["failed_checks"]) for each in reports))

    shown = f"checkov -d DIR {' '.join(options)}"
    return Subject("checkov", said_version(program), (program, "-d", str(target), *options), shown, ROOT, findings)
