"""Whether assertions about connections hold, in the formats that people and machines read."""

from __future__ import annotations

from typing import NamedTuple


class Asserted(NamedTuple):
    """One assertion of a test file.

    Attributes:
        path, line: where it is written.
        name: what it is called.
        failures: why it does not hold; empty if it does.
        details: the lines that explain the first failure.
    """

    path: str
    line: int
    name: str
    failures: tuple[str, ...]
    details: tuple[str, ...] = ()


class AssertionRun(NamedTuple):
    """The assertions of all files, in order, and what the answers take for granted."""

    asserted: tuple[Asserted, ...]
    assumptions: tuple[str, ...]

    @property
    def failed(self) -> int:
        """How many do not hold."""
        return sum(bool(each.failures) for each in self.asserted)
