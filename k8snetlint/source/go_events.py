r"""The parser's events where go-yaml reads a text differently: byte order marks within it, and escapes.

libyaml skips a mark at the start of a line, and the Python parser does not; to go-yaml it is a letter. The escape `\/`
was added to YAML after go-yaml v2.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from k8snetlint.source.events import AliasEvent, MarkedYAMLError, ScalarEvent, events_of
from k8snetlint.source.marks import Offset

if TYPE_CHECKING:
    from collections.abc import Callable

UNEXPECTED_COLON = "found unexpected ':'"
"""The end of libyaml's message; see `go_events`."""
_MARK = "\ufeff"
_ESCAPED_SLASH = re.compile(r'"(?:[^"\\]|\\[^/])*(\\/)', re.DOTALL)
_COLON = re.compile(r"""(?<![^\s,\[{])[*&!][^\s,]*|(?<=[^\s"'{}\[\],:]):+(?:["']:+)*(?=\S)""")
"""An alias, anchor or tag; or a colon within other words."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_NO_CHARACTER = "found invalid Unicode character escape code"
_LETTERS = range(0xE000, 0xF8FF)
"""The private use area: letters to all parsers, and seldom in a text."""


def go_events(text: str, *, pure: bool = False, colons: bool = False) -> Callable[[], Any]:
    """Return a function that returns the next event of `text` at each call.

    With `colons`, those that libyaml finds unexpected in a plain scalar are letters, as in go-yaml: `[web:80]`.
    """
    get = _with_letters(text, pure=pure, colons=colons) if colons or _MARK in text else events_of(text, pure=pure)
    if "\\/" in text or (pure and "\\" in text):
        return _without_unknown_escapes(get, text)
    return get


def _with_letters(text: str, *, pure: bool, colons: bool) -> Callable[[], Any]:
    """Let letters that the text does not have stand for characters that are letters to go-yaml only."""
    used = set(text)
    free = (chr(code) for code in _LETTERS if chr(code) not in used)
    mark, colon = next(free, _MARK), next(free, ":")
    written = text.replace(_MARK, mark)
    if colons:
        written = _COLON.sub(lambda found: found[0].replace(":", colon) if found[0][0] == ":" else found[0], written)
    get = events_of(written, pure=pure)
    back = str.maketrans({mark: _MARK, colon: ":"})

    def get_with_letters() -> Any:
        event = get()
        if event.__class__ is ScalarEvent:
            event.value = event.value.translate(back)
        if event.__class__ in (ScalarEvent, AliasEvent) and event.anchor:
            event.anchor = event.anchor.translate(back)
        return event

    return get_with_letters


def _without_unknown_escapes(get: Callable[[], Any], text: str) -> Callable[[], Any]:
    r"""Refuse the escapes that go-yaml refuses: `\/`, and of the Python parser also those of no character."""

    def get_without_unknown_escapes() -> Any:
        try:
            event = get()
        except ValueError:  # of chr(); ruamel's own errors are others
            raise MarkedYAMLError(problem=_NO_CHARACTER) from None
        if event.__class__ is ScalarEvent and event.style == '"':
            start, end = event.start_mark.index, event.end_mark.index
            found = _ESCAPED_SLASH.match(text, text.index('"', start), end)
            if found:
                raise MarkedYAMLError(problem="found unknown escape character", problem_mark=Offset(found.start(1)))
            if not event.value.isprintable() and _SURROGATE.search(event.value):
                raise MarkedYAMLError(problem=_NO_CHARACTER, problem_mark=event.start_mark)
        return event

    return get_without_unknown_escapes
