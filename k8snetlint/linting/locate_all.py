"""Problems of all files become findings, file by file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.codes import OUTSIDE_RULES
from k8snetlint.linting.failures import failure
from k8snetlint.linting.locate import Locator, unreadable
from k8snetlint.source.load import Reopened

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from k8snetlint.finding import Finding, Related
    from k8snetlint.linting.problems import Reported
    from k8snetlint.source.document import Source

_ITSELF = -1
"""The number of a problem's own place among its further ones."""


def locate_all(reported: Sequence[Reported], unusual: Mapping[Source, Collection[int]]) -> Iterator[Finding]:
    """Yield the findings for problems, in their order; each file is read once, and let go before the next one.

    Args:
        reported: the problems.
        unusual: the documents of sources that the fast parser cannot read.
    """
    asked: dict[Source, list[tuple[int, int]]] = {}
    for number, each in enumerate(reported):
        asked.setdefault(each.problem.at.source, []).append((number, _ITSELF))
        for count, (place, _) in enumerate(each.problem.related):
            asked.setdefault(place.source, []).append((number, count))
    located = _Located(reported)
    for source, places in asked.items():
        located.read(source, unusual.get(source, ()), places)
    yield from located.findings()
    yield from (failure(source.name, error) for source, error in located.failures.items())


class _Located:
    """What was located so far.

    Attributes:
        failures: the files at which we failed ourselves, and how.
    """

    def __init__(self, reported: Sequence[Reported]) -> None:
        self._reported = reported
        self._findings: dict[int, Finding] = {}
        self._related: dict[tuple[int, int], Related] = {}
        self._unreadable: dict[int, str] = {}
        self.failures: dict[Source, Exception] = {}

    def read(self, source: Source, unusual: Collection[int], places: Iterable[tuple[int, int]]) -> None:
        """Locate the places of problems that are in one file."""
        try:
            locator = Locator(source, Reopened(source, unusual))
        except OSError as error:
            self._unreadable.update((number, error.strerror or str(error)) for number, _ in places)
            return
        except Exception as error:  # noqa: BLE001 - our bug at one file must not hide the others
            self.failures[source] = error
            return
        for number, count in places:
            try:
                self._locate(locator, number, count)
            except IndexError:
                self._unreadable[number] = "changed while it was checked"
            except Exception as error:  # noqa: BLE001 - as above
                self.failures[source] = error

    def _locate(self, locator: Locator, number: int, count: int) -> None:
        finding_id, severity, problem, message, _ = self._reported[number]
        if count != _ITSELF:
            self._related[number, count] = locator.of_related(*problem.related[count])
        elif finding_id in OUTSIDE_RULES or problem.within is not None or not locator.has_placeholder(problem.at):
            try:
                finding = locator.of_problem(finding_id, problem, severity, message=message)
            except Exception as error:
                if problem.fix is None or isinstance(error, IndexError):
                    raise
                # What fails may be the fix alone.
                finding = locator.of_problem(finding_id, problem.without_fix(), severity, message=message)
                self.failures[problem.at.source] = error
            self._findings[number] = finding

    def findings(self) -> Iterator[Finding]:
        """Yield the findings in the order of the problems; what a placeholder may change is left out."""
        for number, each in enumerate(self._reported):
            if number in self._unreadable:
                yield unreadable(each.problem.at.source.name, self._unreadable[number])._replace(rejected=True)
            elif number in self._findings:
                finding, counts = self._findings[number], range(len(each.problem.related))
                related = tuple([self._related[number, count] for count in counts if (number, count) in self._related])
                is_whole = not related and not each.rejected
                yield finding if is_whole else finding._replace(related=related, rejected=each.rejected)
