"""JSON with marks: the values that kubectl reads in it, and where they are written.

Of a key that is defined twice kubectl keeps the last value, as in YAML. Half of a surrogate pair is read as U+FFFD.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

from k8snetlint.source.fast_json import is_json
from k8snetlint.source.fast_parser import DEPTH_LIMIT
from k8snetlint.source.faults import Faults
from k8snetlint.source.marks import Mapping, Offset, Sequence
from k8snetlint.source.scalars import resolve

if TYPE_CHECKING:
    from k8snetlint.source.scalars import Scalar
    from k8snetlint.source.text import Fault

_TOKEN = re.compile(r"""[{}\[\]]|"(?:[^"\\]++|\\.)*"|[^\s{}\[\],:"]+""")
_WORDS: dict[str, Scalar] = {"true": True, "false": False, "null": None}
HALF_PAIR = re.compile("[\ud800-\udfff]")


class JsonScalar:
    """Where a scalar or a key is written; as in ruamel's events, `style` tells that it is no block scalar."""

    __slots__ = ("end_mark", "start_mark")
    style = '"'

    def __init__(self, start: int, end: int) -> None:
        self.start_mark = Offset(start)
        self.end_mark = Offset(end)


def parse_json(text: str, base: int = 0) -> tuple[Any, list[Fault]] | None:
    """Return the value of a JSON text with its marks, and its faults; None if it is not JSON.

    Args:
        text: the document.
        base: the offset of the text in its source, in which faults are located.
    """
    if not is_json(text):
        return None
    faults = Faults(base)
    root = Sequence()
    root.items_at = []
    stack: list[Mapping | Sequence] = []
    collection: Mapping | Sequence = root
    key: str | None = None
    for token in _TOKEN.finditer(text):
        written = token[0]
        first = written[0]
        if first in "}]":
            collection.end_mark = Offset(token.end())
            if isinstance(collection, Mapping):
                faults.complete(collection)
            collection = stack.pop()
            continue
        at: Any = JsonScalar(token.start(), token.end())
        value: Any
        if isinstance(collection, Mapping) and key is None:
            key = _text(written)
            if key in collection:
                faults.repeated(stack[1:], collection, key, at)
            collection.keys_at.append(at)
            continue
        if first in "{[":
            value = at = _opened(token.start(), first)
        elif first == '"':
            value = _text(written)
        else:
            value = _number(written, at, faults)
        if isinstance(collection, Mapping):
            collection[key] = value  # type: ignore[index]  # a value stands behind its key
            collection.values_at.append(at)
            key = None
        else:
            collection.append(value)
            collection.items_at.append(at)
        if first in "{[":
            stack.append(collection)
            collection = value
            if len(stack) > DEPTH_LIMIT:
                faults.add(f"nested deeper than {DEPTH_LIMIT} levels", token.start())
                return None, faults.found
    return root[0], faults.found


def _opened(start: int, bracket: str) -> Mapping | Sequence:
    """Return the empty collection that begins with a bracket."""
    opened: Mapping | Sequence
    if bracket == "{":
        opened = Mapping()
        opened.keys_at = []
        opened.values_at = []
    else:
        opened = Sequence()
        opened.items_at = []
    opened.start_mark = Offset(start)
    opened.flow = True
    return opened


def _text(written: str) -> str:
    return HALF_PAIR.sub("\ufffd", json.loads(written)) if "\\" in written else written[1:-1]


def _number(written: str, at: JsonScalar, faults: Faults) -> Scalar:
    if written in _WORDS:
        return _WORDS[written]
    value = resolve(written)
    if isinstance(value, str) or (isinstance(value, float) and not math.isfinite(value)):
        faults.add_at(f"json: cannot unmarshal number {written} into Go value of type float64", at)
        return None
    return value
