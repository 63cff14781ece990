"""Ranges of lines, against looking at each of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from k8snetlint.suppress.intervals import Intervals

LINES = st.integers(1, 12)
RANGES = st.tuples(LINES, LINES).map(lambda lines: (min(lines), max(lines)))


@given(st.lists(RANGES, max_size=20), RANGES)
def test_all_that_meet_some_lines_are_found(ranges: list[tuple[int, int]], lines: tuple[int, int]) -> None:
    found = Intervals((each, number) for number, each in enumerate(ranges)).on(*lines)
    meeting = [number for number, (first, last) in enumerate(ranges) if first <= lines[1] and lines[0] <= last]
    assert sorted(found) == meeting
