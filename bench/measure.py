"""Paired, interleaved runs of several commands (A B C A B C …), and what may be said about them."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

LAUNCH = Path(__file__).resolve().parent / "launch.py"


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some numbers, the smallest and the largest of them."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, numbers: Sequence[float]) -> Spread:
        """Return the spread of at least one number."""
        return cls(statistics.median(numbers), min(numbers), max(numbers))


def ratios(over: Sequence[float], under: Sequence[float]) -> Spread:
    """Return the spread of the ratios pair by pair: what disturbs one round disturbs both sides of its pair.

    Raises:
        ValueError: the numbers do not come in pairs.
    """
    return Spread.of([first / second for first, second in zip(over, under, strict=True)])


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command."""

    cpu: float
    """Seconds, user and system."""
    wall: float
    """Seconds."""
    peak: float
    """Megabytes (10^6 bytes)."""
    exit_code: int


@dataclass(frozen=True, slots=True)
class Subject:
    """A command that is measured."""

    name: str
    version: str
    command: tuple[str, ...]
    shown: str
    """The command as a page shows it, without paths."""
    directory: Path
    """Where it runs."""
    findings: Callable[[str], str]
    """What its output found, in a few words."""
    accepted: frozenset[int] = frozenset({0, 1})
    """Exit codes of a run that did its work."""
    inner: Callable[[str], float] | None = None
    """A figure that the command measures itself and prints."""
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A command that could not be measured."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Measured:
    """What the runs of a command gave."""

    subject: Subject
    findings: str
    runs: list[Run] = field(default_factory=list)
    inner: list[float] = field(default_factory=list)

    @property
    def cpu(self) -> list[float]:
        """The CPU seconds of each run."""
        return [run.cpu for run in self.runs]

    @property
    def wall(self) -> list[float]:
        """The wall seconds of each run."""
        return [run.wall for run in self.runs]

    @property
    def peak(self) -> list[float]:
        """The peak memory of each run."""
        return [run.peak for run in self.runs]


Outcome = Measured | Skipped


class Bench:
    """Runs commands one at a time; their output and their empty caches lie in a folder of its own."""

    def __init__(self, folder: Path, say: Callable[[str], None]) -> None:
        self.folder = folder
        self.say = say
        self.count = 0

    def run(self, command: Sequence[str], directory: Path, environment: Mapping[str, str]) -> tuple[Run, str, str]:
        """Run a command with an empty cache; return its figures, standard output and standard error."""
        self.count += 1
        out, err, cache = (self.folder / name for name in ("stdout", "stderr", f"cache-{self.count}"))
        cache.mkdir()
        # The warm-up writes the bytecode, as an installation does: without it each run compiles the package anew.
        # Variables that say where tests find their manifests are no options of a user.
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name != "PYTHONDONTWRITEBYTECODE" and not name.startswith("K8SNETLINT_")
        }
        finished = subprocess.run(
            [sys.executable, "-I", "-S", str(LAUNCH), str(out), str(err), *command],
            cwd=directory,
            env={**inherited, "XDG_CACHE_HOME": str(cache), "NO_COLOR": "1", **environment},
            check=True,
            capture_output=True,
            text=True,
        )
        cpu, wall, kibibytes, code = finished.stdout.split()
        run = Run(float(cpu), float(wall), int(kibibytes) * 1024 / 1e6, int(code))
        return run, out.read_text(encoding="utf-8", errors="replace"), err.read_text(encoding="utf-8", errors="replace")

    def warm(self, subject: Subject) -> Outcome:
        """Run a subject once, unmeasured: fills bytecode and page caches, counts the findings."""
        run, out, err = self.run(subject.command, subject.directory, subject.environment)
        if run.exit_code not in subject.accepted:
            last = (err.strip() or out.strip() or "no output").splitlines()[-1].replace(f"{self.folder}/", "")[:200]
            return Skipped(subject.name, f"exit code {run.exit_code}: {last}")
        return Measured(subject, subject.findings(out))

    def interleaved(self, subjects: Sequence[Subject | Skipped], rounds: int) -> list[Outcome]:
        """Run all subjects in turn, `rounds` times after a warm-up; who fails once is skipped from then on."""
        outcomes: list[Outcome] = [each if isinstance(each, Skipped) else self.warm(each) for each in subjects]
        for number in range(rounds):
            self.say(f"round {number + 1} of {rounds}")
            for place, outcome in enumerate(outcomes):
                if isinstance(outcome, Measured):
                    outcomes[place] = self.measure(outcome)
        return outcomes

    def measure(self, measured: Measured) -> Outcome:
        """Add one run to what was measured."""
        subject = measured.subject
        run, out, _ = self.run(subject.command, subject.directory, subject.environment)
        if run.exit_code not in subject.accepted:
            return Skipped(subject.name, f"exit code {run.exit_code} in a later run")
        measured.runs.append(run)
        if subject.inner is not None:
            measured.inner.append(subject.inner(out))
        return measured
