"""An automaton that reads a text letter by letter, in all states that are possible at once."""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import NamedTuple

_NODES = 5_000
"""What a pattern may expand to."""
WORD = frozenset(string.ascii_letters + string.digits + "_")

Letter = Callable[[str], bool]
"""Tells whether a letter matches."""


class UnsupportedPatternError(Exception):
    """A pattern that is no regular expression in Go, or that is not read here; or a text that is too long."""


class State(NamedTuple):
    """One state: a letter leads on, or an assertion, or nothing to one of several; the last state is the end."""

    letter: Letter | None
    assertion: str
    following: list[int]


Part = Callable[[list[State]], None]
"""A part of a pattern: adds its states, which lead to the one that is added next."""


def accepts(states: list[State], text: str) -> bool:
    """Tell whether the automaton accepts some part of a text."""
    end = len(states) - 1
    current: set[int] = set()
    for at in range(len(text) + 1):
        current = _closure(states, {*current, 0}, text, at)
        if end in current:
            return True
        letter = text[at : at + 1]
        reached = (states[number] for number in current)
        current = {state.following[0] for state in reached if letter and state.letter and state.letter(letter)}
    return False


def automaton(part: Part) -> list[State]:
    """Return the states of a whole pattern."""
    states: list[State] = []
    part(states)
    _add(states)
    return states


def _closure(states: list[State], first: set[int], text: str, at: int) -> set[int]:
    """Return all states that are reached without a letter."""
    seen = set(first)
    todo = list(first)
    while todo:
        state = states[todo.pop()]
        if state.letter or (state.assertion and not _holds(state.assertion, text, at)):
            continue
        for number in state.following:
            if number not in seen and number < len(states):
                seen.add(number)
                todo.append(number)
    return seen


def _holds(assertion: str, text: str, at: int) -> bool:
    if assertion == "begin":
        return at == 0
    if assertion == "end":
        return at == len(text)
    is_boundary = (at > 0 and text[at - 1] in WORD) != (at < len(text) and text[at] in WORD)
    return is_boundary == (assertion == "word")


def _add(states: list[State], letter: Letter | None = None, assertion: str = "") -> State:
    if len(states) >= _NODES:
        raise UnsupportedPatternError
    states.append(State(letter, assertion, [len(states) + 1]))
    return states[-1]


def letter_part(letter: Letter) -> Part:
    """Return the part that reads a letter."""

    def add(states: list[State]) -> None:
        _add(states, letter)

    return add


def assertion_part(assertion: str) -> Part:
    """Return the part that reads nothing: it demands a `begin`, an `end`, a boundary of a `word` or `no word`."""

    def add(states: list[State]) -> None:
        _add(states, assertion=assertion)

    return add


def sequence(parts: list[Part]) -> Part:
    """Return the part that reads one part after the other."""

    def add(states: list[State]) -> None:
        for part in parts:
            part(states)

    return add


def branches(parts: list[Part]) -> Part:
    """Return the part that reads one of several."""

    def add(states: list[State]) -> None:
        split, ends = _add(states), []
        split.following.clear()
        for part in parts:
            split.following.append(len(states))
            part(states)
            ends.append(_add(states))
        for end in ends:
            end.following[:] = [len(states)]

    return add


def repeated(part: Part, least: int, most: int | None) -> Part:
    """Return the part that reads a part so many times; `most` is None for any number."""

    def add(states: list[State]) -> None:
        for _ in range(least):
            part(states)
        if most is None:
            loop = len(states)
            split = _add(states)
            part(states)
            _add(states).following[:] = [loop]
            split.following.append(len(states))
            return
        skips = []
        for _ in range(most - least):
            skips.append(_add(states))
            part(states)
        for skip in skips:
            skip.following.append(len(states))

    return add
