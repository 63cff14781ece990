"""Which known word was probably meant."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from k8snetlint.source.similar import closest, distance


def naive_distance(left: str, right: str) -> int:
    """Return the optimal string alignment distance by the whole table."""
    before: list[int] = []
    above = list(range(len(right) + 1))
    for row, letter in enumerate(left, 1):
        here = [row]
        for column, other in enumerate(right, 1):
            best = min(above[column] + 1, here[-1] + 1, above[column - 1] + (letter != other))
            if row > 1 < column and letter == right[column - 2] and other == left[row - 2]:
                best = min(best, before[column - 2] + 1)
            here.append(best)
        before, above = above, here
    return above[-1]


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        pytest.param("port", "port", 0, id="equal"),
        pytest.param("port", "ports", 1, id="one more"),
        pytest.param("selctor", "selector", 1, id="one less"),
        pytest.param("sepc", "spec", 1, id="two swapped"),
        pytest.param("ca", "abc", 3, id="no letter is touched twice"),
        pytest.param("", "abc", 3, id="empty"),
    ],
)
def test_distance(left: str, right: str, expected: int) -> None:
    assert distance(left, right, 3) == distance(right, left, 3) == expected


@pytest.mark.parametrize(
    ("word", "candidates", "expected"),
    [
        pytest.param("prot", ["port", "name"], "port", id="swapped letters"),
        pytest.param("NetworkPolcy", ["NetworkPolicy"], "NetworkPolicy", id="a kind"),
        pytest.param("clusterip", ["clusterIP", "clusterIPs"], "clusterIP", id="case does not count"),
        pytest.param("cat", ["car", "can"], None, id="two are equally near"),
        pytest.param("ip", ["os"], None, id="nothing is left of a short word"),
        pytest.param("selectors", ["ports"], None, id="too far"),
    ],
)
def test_closest(word: str, candidates: list[str], expected: str | None) -> None:
    assert closest(word, candidates) == expected


_words = st.text("abc", max_size=9)


@given(_words, _words, st.integers(0, 10))
@example("", "", 0)
@example("abab", "baba", 2)
@example("ca", "abc", 2)
def test_the_distance_is_that_of_the_whole_table_up_to_its_limit(left: str, right: str, limit: int) -> None:
    assert distance(left, right, limit) == min(naive_distance(left, right), limit + 1)


def test_long_words_are_compared_along_the_diagonal() -> None:
    # The whole table has ten thousand million cells.
    word = "ab" * 50_000
    assert distance(word, word[:-1], 2) == 1
    assert distance(word, word[::-1], 2) == 2
    assert distance(word, "c" * len(word), 2) == 3
    assert closest(f"{word}c", [word, "b" * len(word)]) == word
