"""Values of JSON documents, fast, where YAML, which is what the API server's clients read, says the same.

What YAML sees differently (rare escapes, tabs, what is nested deep or named long, duplicate keys, `NaN`) is left to
`k8snetlint.source.marked_parser`.
"""

from __future__ import annotations

import json
import re
from typing import Any

from k8snetlint.source.fast_line import Unusual, is_ordinary
from k8snetlint.source.fast_parser import DEPTH_LIMIT
from k8snetlint.source.scalars import resolve

_FAR_COLON = re.compile(r'"(?: {700}| *\n)[ \n]*:')
"""A key and its colon, so far from each other that YAML does not see a key; strings have no line breaks."""
_LONG_KEY = 250
"""Characters; of one with more than 1,024, YAML does not see that it is a key."""


def json_value(text: str) -> Any:
    """Return the value of a JSON text.

    Raises:
        Unusual: the text has to be read by `k8snetlint.source.marked_parser.parse`.
    """
    if "\t" in text or _FAR_COLON.search(text) or _has_rare_escapes(text) or not is_ordinary(text):
        raise Unusual
    try:
        value = _DECODER.decode(text)
        is_deep = text.count("{") + text.count("[") >= DEPTH_LIMIT and _depth(value) >= DEPTH_LIMIT
    except (ValueError, RecursionError):
        raise Unusual from None
    if is_deep:
        raise Unusual
    return value


def _has_rare_escapes(text: str) -> bool:
    r"""Tell whether a text has other escapes than `\\`, `\"` and `\n`."""
    for escape in ("\\\\", '\\"', "\\n") if "\\" in text else ():
        text = text.replace(escape, "")
    return "\\" in text


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs) or any(len(key) > _LONG_KEY for key in value):
        raise Unusual
    return value


def _no_number(text: str) -> Any:  # noqa: ARG001 - it is asked for each of them
    raise Unusual


def _depth(value: Any) -> int:
    """Return how many collections stand in one another."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(_depth, inner), default=0)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_mapping, parse_int=resolve, parse_float=resolve, parse_constant=_no_number
)
