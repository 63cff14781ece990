r"""Regular expressions as Go matches them: in time linear to the text, whatever the pattern.

The author of a change may write both a CustomResourceDefinition and its resources. Python's `re` needs exponential
time for some patterns, and means something else by `$`, `\d` and `[[:alpha:]]`.

Source: https://github.com/google/re2/wiki/Syntax
"""

from __future__ import annotations

import functools
import re
import string

from k8snetlint.validation.automaton import (
    WORD,
    Letter,
    Part,
    State,
    UnsupportedPatternError,
    accepts,
    assertion_part,
    automaton,
    branches,
    letter_part,
    repeated,
    sequence,
)

_DEPTH, _LETTERS, _REPEATS = 50, 10_000, 1_000
"""How deeply a pattern may nest, how long a text may be, and how often Go repeats."""

_CLASSES = {"d": frozenset(string.digits), "w": WORD, "s": frozenset("\t\n\f\r ")}
_POSIX = {
    "alnum": WORD - {"_"},
    "alpha": frozenset(string.ascii_letters),
    "digit": frozenset(string.digits),
    "lower": frozenset(string.ascii_lowercase),
    "upper": frozenset(string.ascii_uppercase),
    "punct": frozenset(string.punctuation),
    "space": frozenset("\t\n\v\f\r "),
    "word": WORD,
    "xdigit": frozenset(string.hexdigits),
}
_ESCAPES = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_ASSERTIONS = {"A": "begin", "z": "end", "b": "word", "B": "no word"}
_QUANTIFIER = re.compile(r"(?:([*+?])|\{([0-9]+)(,([0-9]*))?\})\??")
_POSIX_CLASS = re.compile(r"\[:(\^?)([a-z]+):\]")
_GROUP = re.compile(r"P?<[A-Za-z0-9_]+>|([is]*)([:)])")
_HEX = re.compile(r"\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2})")


@functools.lru_cache(4096)
def matches(pattern: str, text: str) -> bool:
    """Tell whether a pattern matches somewhere in a text.

    Raises:
        UnsupportedPatternError: the pattern is not supported.
    """
    if len(text) > _LETTERS:
        raise UnsupportedPatternError
    return accepts(_compiled(pattern), text)


@functools.lru_cache(256)
def _compiled(pattern: str) -> list[State]:
    return automaton(_Parser(pattern).parse())


class _Parser:
    """Reads a pattern."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._depth = 0
        self._folds = False
        self._dot_is_all = False

    def parse(self) -> Part:
        """Return what adds the states of the pattern."""
        part = self._alternatives()
        if self._at < len(self._pattern):
            raise UnsupportedPatternError
        return part

    def _takes(self, text: str) -> bool:
        found = self._pattern.startswith(text, self._at)
        self._at += len(text) if found else 0
        return found

    def _match(self, wanted: re.Pattern[str]) -> re.Match[str] | None:
        found = wanted.match(self._pattern, self._at)
        self._at = found.end() if found else self._at
        return found

    def _next(self) -> str:
        if self._at >= len(self._pattern):
            raise UnsupportedPatternError
        self._at += 1
        return self._pattern[self._at - 1]

    def _alternatives(self) -> Part:
        self._depth += 1
        if self._depth > _DEPTH:
            raise UnsupportedPatternError
        flags = self._folds, self._dot_is_all
        alternatives = [self._one_after_the_other()]
        while self._takes("|"):
            alternatives.append(self._one_after_the_other())
        self._folds, self._dot_is_all = flags
        self._depth -= 1
        return alternatives[0] if len(alternatives) == 1 else branches(alternatives)

    def _one_after_the_other(self) -> Part:
        parts: list[Part] = []
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)":
            part = self._atom()
            found = self._match(_QUANTIFIER)
            if found and self._pattern[self._at : self._at + 1] in ("*", "+", "?"):
                raise UnsupportedPatternError
            parts.append(repeated(part, *_bounds(found)) if found else part)
        return sequence(parts)

    def _atom(self) -> Part:
        letter = self._next()
        match letter:
            case "(":
                return self._group()
            case "[":
                return letter_part(self._class())
            case "^" | "$":
                return assertion_part("begin" if letter == "^" else "end")
            case ".":
                return letter_part((lambda _: True) if self._dot_is_all else "\n".__ne__)
            case "*" | "+" | "?":
                raise UnsupportedPatternError
            case "\\" if self._pattern[self._at : self._at + 1] in _ASSERTIONS:
                return assertion_part(_ASSERTIONS[self._next()])
        found = self._escape() if letter == "\\" else letter
        return letter_part(self._one(found) if isinstance(found, str) else found)

    def _group(self) -> Part:
        flags = self._folds, self._dot_is_all
        if self._takes("?"):
            found = self._match(_GROUP)
            if not found:
                raise UnsupportedPatternError
            self._folds |= "i" in (found[1] or "")
            self._dot_is_all |= "s" in (found[1] or "")
            if found[2] == ")":
                # These flags hold for the rest of the group around.
                return sequence([])
        part = self._alternatives()
        self._folds, self._dot_is_all = flags
        if not self._takes(")"):
            raise UnsupportedPatternError
        return part

    def _class(self) -> Letter:
        is_negated = self._takes("^")
        items = [self._class_item()]
        while not self._takes("]"):
            items.append(self._class_item())
        return lambda letter: any(each(letter) for each in items) != is_negated

    def _class_item(self) -> Letter:
        posix = self._match(_POSIX_CLASS)
        if posix:
            if posix[2] not in _POSIX:
                raise UnsupportedPatternError
            return _members(_POSIX[posix[2]], negated=bool(posix[1]))
        first = self._class_letter()
        if not isinstance(first, str):
            return first
        if not self._pattern.startswith("-", self._at) or self._pattern.startswith("-]", self._at):
            return self._one(first)
        self._at += 1
        last = self._class_letter()
        if not isinstance(last, str) or last < first:
            raise UnsupportedPatternError
        if self._folds:
            return lambda letter: first <= letter.lower() <= last or first <= letter.upper() <= last
        return lambda letter: first <= letter <= last

    def _class_letter(self) -> str | Letter:
        letter = self._next()
        return self._escape() if letter == "\\" else letter

    def _escape(self) -> str | Letter:
        """Return the letter, or the letters, that stand behind a backslash."""
        letter = self._next()
        if letter.lower() in _CLASSES:
            return _members(_CLASSES[letter.lower()], negated=letter.isupper())
        if letter == "x":
            found = self._match(_HEX)
            if not found or int(found[1] or found[2], 16) > 0x10FFFF:
                raise UnsupportedPatternError
            return chr(int(found[1] or found[2], 16))
        if letter in _ESCAPES:
            return _ESCAPES[letter]
        if letter.isalnum() or not letter.isascii():
            raise UnsupportedPatternError
        return letter

    def _one(self, wanted: str) -> Letter:
        if self._folds and wanted.isascii():
            return {wanted.lower(), wanted.upper()}.__contains__
        return wanted.__eq__


def _bounds(quantifier: re.Match[str]) -> tuple[int, int | None]:
    if quantifier[1]:
        return {"*": (0, None), "+": (1, None), "?": (0, 1)}[quantifier[1]]
    least = int(quantifier[2])
    most = least if quantifier[3] is None else int(quantifier[4]) if quantifier[4] else None
    if max(least, most or 0) > _REPEATS or (most is not None and most < least):
        raise UnsupportedPatternError
    return least, most


def _members(letters: frozenset[str], *, negated: bool) -> Letter:
    return (lambda letter: letter not in letters) if negated else letters.__contains__
