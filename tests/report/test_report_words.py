"""What formats for machines say of a finding."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from k8snetlint.report.words import bytes_before

LINE = "name: grüße 🎉 " * 500


@given(st.sampled_from([LINE, LINE[:900], "name: web " * 500]), st.integers(0, 8000))
def test_bytes_are_counted_in_blocks_of_a_long_line(line: str, column: int) -> None:
    # Behind the line stands its end.
    assert bytes_before(line, column) == len((line + "\n" * 8000)[:column].encode())
