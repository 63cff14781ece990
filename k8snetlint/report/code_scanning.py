"""The fingerprints by which GitHub code scanning recognizes a line."""

from __future__ import annotations

import re
from collections import Counter
from itertools import accumulate

_BLOCK = 100
_FACTOR = 37
_MASK = 2**64 - 1
_END_OF_FILE = 65535
_OLDEST = pow(_FACTOR, _BLOCK, 2**64)
_LINE_FEED = ord("\n")


def line_hashes(text: str) -> list[str]:
    """Return the `primaryLocationLineHash` of every line; what follows the last line end is a line as well.

    A line's hash is that of the 100 UTF-16 units from its start on, spaces and tabs not counted, zeros after the end
    of the file; equal ones are numbered.

    Source: https://github.com/github/codeql-action/blob/main/src/fingerprints.ts
    """
    kept = re.sub(r"\r\n?", "\n", text).replace(" ", "").replace("\t", "")
    units = [*memoryview(kept.encode("utf-16-le", "surrogatepass")).cast("H"), _END_OF_FILE]
    starts = [0, *(place for place, unit in enumerate(units, 1) if unit == _LINE_FEED)]
    # The hash of a window is the difference of the hashes of the text before its end and before its start.
    before = list(accumulate([*units, *[0] * _BLOCK], _next, initial=0))
    times: Counter[int] = Counter()
    found: list[str] = []
    for start in starts:
        value = (before[start + _BLOCK] - _OLDEST * before[start]) & _MASK
        times[value] += 1
        found.append(f"{value:x}:{times[value]}")
    return found


def _next(value: int, unit: int) -> int:
    return (value * _FACTOR + unit) & _MASK
