"""Counts how much Python does, in a way that no load on the machine changes: lines, and entries into functions.

A line counts each time it is reached, so each round of a loop counts, of a comprehension and of a generator expression
too, even where all stands on one line. What happens inside one call of C code counts as one line: a search in a text,
a sort, an operation on integers of many bits. The same call in the same state counts the same, but for the order of
sets of strings, which differs from process to process.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType


class LimitReachedError(BaseException):
    """The count passed its limit; no `except Exception` of the counted code holds it back."""


def count(function: Callable[[], object], limit: int | None = None) -> int:
    """Return the count of a call; with a limit, stop the call once it is passed.

    Raises:
        LimitReachedError: the count passed the limit.
    """
    total = 0
    most = sys.maxsize if limit is None else limit

    def trace(_frame: FrameType, _event: str, _argument: Any) -> Any:
        nonlocal total
        total += 1
        if total > most:
            raise LimitReachedError
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function()
    finally:
        sys.settrace(before)
    return total
