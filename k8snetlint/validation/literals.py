"""Quantities and times, which decode themselves from strings: what Go accepts, and its errors for the rest."""

from __future__ import annotations

import functools
import re

_LAYOUT = "2006-01-02T15:04:05Z07:00"
_QUANTITY = re.compile(r"[+-]?[0-9]*(?:\.[0-9]*)?([eEinumkKMGTP]*[-+]?[0-9]*)")
_SUFFIX = re.compile(r"[numkMGTPE]?|[KMGTPE]i|[eE][+-]?[0-9]{1,18}")
_TIME = (
    # The text before the part, the part in Go's layout, the part, its first value, its last one, its name.
    ("", "2006", re.compile(r"[0-9]{4}"), 0, 9999, "year"),
    ("-", "01", re.compile(r"[0-9]{2}"), 1, 12, "month"),
    ("-", "02", re.compile(r"[0-9]{2}"), 0, 99, "day"),
    ("T", "15", re.compile(r"[0-9]{1,2}"), 0, 23, "hour"),
    (":", "04", re.compile(r"[0-9]{2}"), 0, 59, "minute"),
    (":", "05", re.compile(r"[0-9]{2}"), 0, 59, "second"),
)
_FRACTION = re.compile(r"[.,][0-9]+")
_ZONE = re.compile(r"Z|[+-]([0-9]{2}):([0-9]{2})")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

NO_QUANTITY = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"


@functools.lru_cache(maxsize=1024)
def quantity_error(text: str) -> str:
    """Return the error of `resource.ParseQuantity`, empty if a text is a quantity.

    Source: https://github.com/kubernetes/apimachinery/blob/master/pkg/api/resource/quantity.go
    """
    # Of the blanks, those that Go escapes in JSON are not taken off.
    text = text if re.search(r"[\x00-\x1f\u2028\u2029]", text) else text.strip()
    match = _QUANTITY.fullmatch(text)
    if not text or not match:
        return NO_QUANTITY
    return "" if _SUFFIX.fullmatch(match[1]) else "unable to parse quantity's suffix"


@functools.lru_cache(maxsize=128)
def time_error(text: str) -> str:
    """Return the error of `time.Parse(time.RFC3339, text)`, empty if a text is a time.

    Source: https://github.com/golang/go/blob/master/src/time/format.go
    """
    rest = text
    numbers: list[int] = []
    for before, layout, form, first, last, name in _TIME:
        if not rest.startswith(before):
            return _parse_error(text, rest, before)
        rest = rest.removeprefix(before)
        match = form.match(rest)
        if not match:
            return _parse_error(text, rest, layout)
        numbers.append(int(match[0]))
        rest = rest[match.end() :]
        if not first <= numbers[-1] <= last:
            return f"parsing time {_quote(text)}: {name} out of range"
    match = _FRACTION.match(rest)
    rest = rest[match.end() :] if match else rest
    match = _ZONE.match(rest)
    if not match:
        return _parse_error(text, rest, "Z07:00")
    if match[1] and (int(match[1]) > 24 or int(match[2]) > 60):
        part = "hour" if int(match[1]) > 24 else "minute"
        return f"parsing time {_quote(text)}: time zone offset {part} out of range"
    rest = rest[match.end() :]
    if rest:
        return f"parsing time {_quote(text)}: extra text: {_quote(rest)}"
    year, month, day = numbers[:3]
    days = _DAYS[month - 1] - (month == 2 and (year % 4 != 0 or (year % 100 == 0 and year % 400 != 0)))
    return "" if 1 <= day <= days else f"parsing time {_quote(text)}: day out of range"


def _parse_error(text: str, rest: str, layout: str) -> str:
    return f'parsing time {_quote(text)} as "{_LAYOUT}": cannot parse {_quote(rest)} as "{layout}"'


def _quote(text: str) -> str:
    """Return a text as the time package quotes it: byte by byte what is not ASCII."""
    parts = []
    for byte in text.encode(errors="replace"):
        letter = chr(byte)
        if letter in '"\\':
            parts.append("\\" + letter)
        else:
            parts.append(letter if 0x20 <= byte < 0x80 else f"\\x{byte:02x}")
    return '"' + "".join(parts) + '"'


def number(value: float) -> str:
    """Return a number as JSON written by Go has it: exponents below 1e-6 and from 1e21 on."""
    mantissa, _, exponent = repr(value).partition("e")
    if not exponent:
        return mantissa.removesuffix(".0")
    if not 1e-6 <= abs(value) < 1e21:
        return f"{mantissa}e{int(exponent):+d}"
    if value.is_integer():
        return str(int(value))
    sign = "-" if value < 0 else ""
    return f"{sign}0.{'0' * (-int(exponent) - 1)}{mantissa.removeprefix('-').replace('.', '')}"
