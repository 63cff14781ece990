"""The parser's events: libyaml's through ruamel's C extension, or those of ruamel's parser in Python.

The only module that imports ruamel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from ruamel.yaml.reader import ReaderError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

try:
    from _ruamel_yaml import CParser  # type: ignore[import-not-found]  # the C extension has no types
except ImportError:  # no C extension for this interpreter
    CParser = None

__all__ = [
    "AliasEvent",
    "CParser",
    "MappingEndEvent",
    "MappingStartEvent",
    "MarkedYAMLError",
    "ScalarEvent",
    "SequenceEndEvent",
    "SequenceStartEvent",
    "StreamEndEvent",
    "YAMLError",
    "events_of",
    "explain",
]


def events_of(text: str, *, pure: bool = False) -> Callable[[], Any]:
    """Return a function that returns the next event of `text` at each call."""
    if CParser is not None and not pure:
        return CParser(text).get_event  # type: ignore[no-any-return]  # as above
    from ruamel.yaml import YAML  # noqa: PLC0415 - only where there is no C extension

    loader = YAML(typ="safe", pure=True)
    loader.version = (1, 1)
    events: Iterator[Any] = loader.parse(text)
    return events.__next__


def explain(error: YAMLError, text: str) -> tuple[str, int, int]:
    """Return why the parser failed, and the start and the end of the place in `text`."""
    if isinstance(error, ReaderError):
        # libyaml counts bytes, the Python reader characters: the character itself is looked for.
        code = error.character if isinstance(error.character, int) else ord(str(error.character)[:1] or "\0")
        at = max(text.find(chr(code)), 0)
        return f"{error.reason}: #x{code:04x}", at, at + 1
    if isinstance(error, MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        at = min(mark.index, len(text)) if mark else 0
        return ", ".join(str(part) for part in (error.context, error.problem) if part), at, at + 1
    return " ".join(str(error).split()), 0, 1
