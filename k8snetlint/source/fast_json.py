"""Values of JSON documents, fast.

What needs more than a JSON parser (keys that are defined twice, halves of surrogate pairs, what is nested deep) is
left to `k8snetlint.source.marked_json`, and what is not JSON to `k8snetlint.source.marked_parser`.
"""

from __future__ import annotations

import json
from typing import Any

from k8snetlint.source.fast_line import Unusual
from k8snetlint.source.fast_parser import DEPTH_LIMIT
from k8snetlint.source.scalars import resolve


def json_value(text: str) -> Any:
    """Return the value of a JSON text.

    Raises:
        Unusual: the text has to be read in another way.
    """
    # Halves of surrogate pairs begin so.
    if "\\ud" in text or "\\uD" in text:
        raise Unusual
    try:
        value = _DECODER.decode(text)
        is_deep = text.count("{") + text.count("[") >= DEPTH_LIMIT and _depth(value) >= DEPTH_LIMIT
    except (ValueError, RecursionError):
        raise Unusual from None
    if is_deep:
        raise Unusual
    return value


def is_json(text: str) -> bool:
    """Tell whether a text is JSON to kubectl; one that is nested too deep is not looked at to its end."""
    try:
        _CHECKER.decode(text)
    except RecursionError:
        return True
    except ValueError:
        return False
    return True


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise Unusual
    return value


def _number(text: str) -> Any:
    value = resolve(text)
    if isinstance(value, str):  # beyond a float64
        raise Unusual
    return value


def _no_number(text: str) -> Any:
    raise ValueError(text)


def _depth(value: Any) -> int:
    """Return how many collections stand in one another."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(_depth, inner), default=0)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_mapping, parse_int=_number, parse_float=_number, parse_constant=_no_number
)
_CHECKER = json.JSONDecoder(parse_int=len, parse_float=len, parse_constant=_no_number)
