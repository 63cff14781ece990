"""Texts and their lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from k8snetlint.source.text import Text, end_of_content

LONG = "a" * 2_000


@given(st.text("ab \t\n\xa0\u2028", max_size=9), st.integers(0, 9), st.integers(0, 9))
def test_white_space_at_the_end_is_no_content(text: str, start: int, length: int) -> None:
    assert end_of_content(text, start, start + length) == start + len(text[start : start + length].rstrip())


def test_a_long_line_is_one_text_for_all_who_quote_it() -> None:
    text = Text(f"first\r\n{LONG}\nlast")
    assert [text.line(number) for number in (1, 2, 3)] == ["first", LONG, "last"]
    assert text.line(2) is text.line(2)


@given(st.text("ab\n\xe4\u2028", max_size=40), st.lists(st.integers(0, 40), min_size=1, max_size=40))
def test_a_text_says_the_same_whether_lines_are_counted_or_listed(written: str, offsets: list[int]) -> None:
    asked_often, whole = Text(written), written.split("\n")
    for offset in (min(each, len(written)) for each in offsets):
        before = written[:offset].split("\n")
        line, column = len(before), len(before[-1]) + 1
        assert asked_often.position(offset) == (line, column)
        assert asked_often.lines(offset - column + 1, line, 1) == (whole[line - 1],)
        assert asked_often.lines(offset - column + 1, line, len(whole) - line + 1) == tuple(whole[line - 1 :])
