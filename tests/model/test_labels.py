"""The label index and the sets that it answers with, against looking at each thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8snetlint.model.bitsets import Sets, bits_of, first, positions
from k8snetlint.model.labels import LabelIndex
from k8snetlint.model.selectors import LabelSelector
from k8snetlint.model.spelling import Spellings, typo_distance
from k8snetlint.source.similar import distance

if TYPE_CHECKING:
    from random import Random

keys = st.sampled_from(["app", "tier", "pod-template-hash"])
values = st.sampled_from(["web", "api", "db", ""])
labels = st.lists(st.dictionaries(keys, values, max_size=3), max_size=20)
expressions = st.builds(
    lambda key, operator, values: {"key": key, "operator": operator, "values": values},
    keys,
    st.sampled_from(["In", "NotIn", "Exists", "DoesNotExist", "Like"]),
    st.lists(values, max_size=3),
)
selectors = st.builds(
    lambda match, others: LabelSelector({"matchLabels": match, "matchExpressions": others}),
    st.dictionaries(keys, values, max_size=2),
    st.lists(expressions, max_size=2),
)


@given(st.sets(st.integers(0, 300)))
def test_sets_hold_what_was_put_in(there: set[int]) -> None:
    bits = bits_of(there)

    assert list(positions(bits)) == sorted(there)
    assert bits.bit_count() == len(there)
    if there:
        assert first(bits) == min(there)


def test_a_key_that_nothing_has_is_the_empty_set() -> None:
    sets: Sets[str] = Sets()
    sets.add("a", 3)

    assert (sets["a"], sets["b"], sets.size("a"), sets.size("b")) == (8, 0, 1, 0)
    assert "b" not in sets


@given(labels, selectors)
def test_matching(there: list[dict[str, str]], selector: LabelSelector) -> None:
    expected = [position for position, each in enumerate(there) if selector.matches(each)]

    assert list(positions(LabelIndex(there).matching(selector))) == expected


@given(labels, selectors)
def test_what_is_added_fulfils_every_requirement_for_it(there: list[dict[str, str]], selector: LabelSelector) -> None:
    index = LabelIndex(there, frozenset({"pod-template-hash"}))
    rest = [each for each in selector.requirements if each.key != "pod-template-hash"]
    expected = [position for position, each in enumerate(there) if all(one.matches(each) for one in rest)]

    assert list(positions(index.matching(selector))) == expected


@given(labels, selectors, st.sets(st.integers(0, 19)))
def test_all_but_one(there: list[dict[str, str]], selector: LabelSelector, within: set[int]) -> None:
    among = {position for position in within if position < len(there)}
    expected: dict[tuple[str, str], list[int]] = {}
    for position in sorted(among):
        wrong = [each for each in selector.requirements if not each.matches(there[position])]
        if len(wrong) == 1 and wrong[0].operator == "In" and len(wrong[0].values) == 1:
            expected.setdefault((wrong[0].key, wrong[0].values[0]), []).append(position)
    found = LabelIndex(there).all_but_one(selector, bits_of(among))

    assert {(key, value): list(positions(rest)) for key, value, rest in found} == expected


@given(labels, keys, values)
def test_keys_and_values(there: list[dict[str, str]], key: str, value: str) -> None:
    index = LabelIndex(there)

    assert list(positions(index.with_key(key))) == [position for position, each in enumerate(there) if key in each]
    assert set(index.keys_with(value)) == {name for each in there for name, has in each.items() if has == value}


def test_selectors_are_equal_by_what_they_ask_for() -> None:
    written = LabelSelector({"matchLabels": {"app": "web", "tier": "a"}})
    same = LabelSelector(
        {
            "matchLabels": {"tier": "a"},
            "matchExpressions": [{"key": "app", "operator": "In", "values": ["web", "web"]}],
        }
    )

    assert written == same
    assert len({written, same}) == 1
    assert written != LabelSelector({"matchLabels": {"app": "web"}})


words = st.text("abcAB-1", max_size=9)


@given(st.lists(words, max_size=30, unique=True), words)
def test_spellings_miss_no_word_that_is_near(there: list[str], word: str) -> None:
    near = Spellings(there).near(word, 2)

    assert {each for each in there if each != word and distance(word.lower(), each.lower(), 2) <= 2} <= set(near)
    assert word not in near


@given(st.lists(words, max_size=30, unique=True), words)
def test_spellings_miss_no_typo(there: list[str], word: str) -> None:
    assert {each for each in there if typo_distance(word, each) is not None} <= set(Spellings(there).near(word))


def struck(word: str, random: Random) -> str:
    """Return a word with a typo: two letters swapped, one lost, repeated or replaced."""
    at = random.randrange(len(word) - 1)
    one, other = word[at], word[at + 1]
    return word[:at] + random.choice((other + one, other, one + one + other, "x" + other)) + word[at + 2 :]


@given(st.text("abcdefgh-", min_size=4, max_size=30), st.randoms(), st.integers(1, 2))
def test_a_word_with_a_typo_is_near_its_own(word: str, random: Random, typos: int) -> None:
    typo = word
    for _ in range(typos):
        typo = struck(typo, random)

    if typo_distance(typo, word) is not None:
        assert word in Spellings([word, "other", "word"]).near(typo)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        pytest.param("paymnets", ["payments"], id="letters are swapped"),
        pytest.param("PAYMENTS", ["payments"], id="upper case is no difference"),
        pytest.param("payments", [], id="not itself"),
        pytest.param("pay", [], id="too short"),
        pytest.param("ledgre", ["ledger"], id="a short word"),
        pytest.param("p" * 64, [], id="longer than any value"),
    ],
)
def test_spellings(word: str, expected: list[str]) -> None:
    assert Spellings(["payments", "ledger", "x" * 64]).near(word) == expected


def test_of_numbered_names_none_is_near() -> None:
    assert Spellings(f"name-{number:03}" for number in range(100)).near("name-0x0") == []
