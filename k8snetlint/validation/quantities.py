"""Quantities of resources: their values, and how Go prints them.

Source: https://github.com/kubernetes/apimachinery/blob/v0.37.2/pkg/api/resource/quantity.go
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

_PARTS = r"([+-]?)([0-9]*)(?:\.([0-9]*))?([numkMGTPE]?|[KMGTPE]i|[eE][+-]?[0-9]+)"
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_DECIMAL_SUFFIXES = {exponent: suffix for suffix, exponent in _DECIMAL.items()}
_LARGEST_EXPONENT = 2000
_NANO = 10**9
_MILLI = 10**6


class Quantity(NamedTuple):
    """A quantity: how many billionths it is, and the text that Go prints."""

    nanos: int
    text: str

    @property
    def is_whole(self) -> bool:
        """Whether it has no fraction, once the server has rounded it up to thousandths."""
        return _rounded(self.nanos) % _NANO == 0

    @property
    def units(self) -> int:
        """The whole number that it is rounded up to."""
        return -(-self.nanos // _NANO)


@functools.lru_cache(maxsize=1024)
def quantity(value: str | float) -> Quantity | None:
    """Read what the server decodes as a quantity; None if it is too large to compare."""
    return _read(value.strip() if isinstance(value, str) else _number(value))


@functools.lru_cache(maxsize=1024)
def resource(value: str | float | None) -> Quantity | None:
    """Read a quantity in a list of resources, whose values the server rounds up to thousandths."""
    if value is None:
        return Quantity(0, "0")
    found = quantity(value)
    if found is None or found.nanos % _MILLI == 0:
        return found
    nanos = _rounded(found.nanos)
    return Quantity(nanos, _decimal(nanos, exponent=False))


def _rounded(nanos: int) -> int:
    """Return a number of billionths, rounded away from zero to thousandths."""
    return nanos // _MILLI * _MILLI if nanos < 0 else -(-nanos // _MILLI) * _MILLI


def _number(value: float) -> str:
    """Return a number as the JSON that the server decodes has it."""
    from k8snetlint.validation.literals import number  # noqa: PLC0415 - most quantities are texts

    return str(value) if type(value) is int else number(value)


def _read(text: str) -> Quantity | None:
    whole = text.rstrip("numkMGTPEKi")
    sign, fraction, suffix = "", "", text[len(whole) :]
    if not (whole.isdecimal() and whole.isascii() and (suffix in _DECIMAL or suffix in _BINARY)):
        # Few quantities are more than digits and a suffix.
        match = re.fullmatch(_PARTS, text)
        if match is None:
            return None
        sign, whole, fraction, suffix = match[1], match[2], match[3] or "", match[4]
    whole = whole.lstrip("0")
    if suffix in _BINARY:
        scaled = int((whole + fraction) or "0") * (1 << _BINARY[suffix]) * _NANO
        nanos = -(-scaled // 10 ** len(fraction))
        nanos = min(nanos, ((1 << 63) - 1) * _NANO)
    else:
        exponent = _DECIMAL[suffix] if suffix in _DECIMAL else int(suffix[1:])
        if abs(exponent) > _LARGEST_EXPONENT:
            return None
        power = exponent + 9 - len(fraction)
        digits = int((whole + fraction) or "0")
        nanos = digits * 10**power if power >= 0 else -(-digits // 10**-power)
    nanos = -nanos if sign == "-" else nanos
    if not nanos:
        return Quantity(0, "0")
    return Quantity(nanos, text if _is_canonical(whole, fraction, suffix) else _printed(nanos, suffix))


def _is_canonical(whole: str, fraction: str, suffix: str) -> bool:
    """Tell whether Go keeps a text as it is written."""
    digits = (whole or "0") + fraction
    if suffix in _BINARY:
        precision = 15 - len(whole or "0") - int(_BINARY[suffix] * 3 / 10) - 1
        return not fraction and precision >= 0 and int(digits) & 7 != 0
    exponent = _DECIMAL[suffix] if suffix in _DECIMAL else int(suffix[1:])
    scale = exponent - len(fraction)
    is_small = 18 - len(digits) >= 0 and scale >= -9
    return is_small and scale % 3 == 0 and not digits.endswith("000") and digits[0] != "0"


def _printed(nanos: int, suffix: str) -> str:
    if suffix in _BINARY and abs(nanos) >= 1024 * _NANO and nanos % _NANO == 0:
        number, times = nanos // _NANO, 0
        while abs(number) >= 1024 and number % 1024 == 0:
            number, times = number // 1024, times + 1
        return f"{number}{('', *_BINARY)[times]}"
    return _decimal(nanos, exponent=suffix[:1] in ("e", "E") and suffix != "E" and suffix not in _BINARY)


def _decimal(nanos: int, *, exponent: bool) -> str:
    number, power = nanos, -9
    while number % 1000 == 0:
        number, power = number // 1000, power + 3
    if exponent:
        return f"{number}e{power}" if power else str(number)
    return f"{number}{_DECIMAL_SUFFIXES.get(power, '')}"
