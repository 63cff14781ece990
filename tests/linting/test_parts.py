"""A finding may point at a part of a value."""

from __future__ import annotations

import pytest

from k8snetlint.finding import Part, Problem, Severity
from k8snetlint.linting.locate import Locator
from k8snetlint.source.document import Place, Source
from k8snetlint.source.load import Reopened


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        pytest.param("a: http://web:80", 7, (1, 11, 1, 14), id="plain"),
        pytest.param("a: 'http://web:80'", 7, (1, 12, 1, 15), id="quoted"),
        pytest.param("a: |\n  x web\n  y web\n", 8, (3, 5, 3, 8), id="the second one of a block scalar"),
        pytest.param("a: >-\n  x web\n  y web\n", 8, (3, 5, 3, 8), id="a folded scalar"),
        pytest.param('a: "http://w\\x65b"', 7, (1, 4, 1, 19), id="with an escape: all of the value"),
    ],
)
def test_a_part_of_a_value(text: str, start: int, expected: tuple[int, int, int, int]) -> None:
    source = Source.of("a.yaml", text)
    problem = Problem("message", Place(source, 0, ("a",)), within=Part("web", start))

    found = Locator(source, Reopened(source, ())).of_problem("some-id", problem, Severity.INFO)

    assert (found.start.line, found.start.column, found.end.line, found.end.column) == expected
