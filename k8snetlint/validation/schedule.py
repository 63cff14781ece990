"""When CronJobs run: their schedule and their time zone, as the API server takes them.

Sources: `validateScheduleFormat` and `validateTimeZone` of
https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/batch/validation/validation.go, and
https://github.com/robfig/cron/blob/v3.0.1/parser.go
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.validation.causes import quoted
from k8snetlint.validation.names import BLANK, trimmed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snetlint.model.environment import Version

_NO_ZONE_IN_SCHEDULE = (1, 29)
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_NAMES = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_DAYS = {name: number for number, name in enumerate(_DAY_NAMES)}
_DESCRIPTORS = frozenset({"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"})
_EVERY = "@every "
_DURATION = r"[-+]?(?:0|(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+)"
_UNIT = r"[-+]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))*(?:[0-9]+\.?[0-9]*|\.[0-9]+)([^0-9.]*)"
_PART_OF_ZONE = r"[A-Za-z\.\-_0-9+]{1,14}"
_LARGEST = 2**63 - 1


class _Bounds(NamedTuple):
    """The numbers that a field of a schedule may have, and the names for some."""

    first: int
    last: int
    names: Mapping[str, int]


_FIELDS = (
    _Bounds(0, 59, {}),
    _Bounds(0, 23, {}),
    _Bounds(1, 31, {}),
    _Bounds(1, 12, _MONTHS),
    _Bounds(0, 6, _DAYS),
)


class _ScheduleError(ValueError):
    """What is wrong with a schedule, in the server's words."""


def schedule_faults(text: str, version: Version, *, has_zone: bool) -> list[str]:
    """Return what is wrong with a schedule."""
    wrong = []
    try:
        _parse(text)
    except _ScheduleError as error:
        wrong.append(str(error))
    if "TZ" in text:
        if version >= _NO_ZONE_IN_SCHEDULE:
            wrong.append("cannot use TZ or CRON_TZ in schedule, use timeZone field instead")
        elif has_zone:
            wrong.append("cannot use both timeZone field and TZ or CRON_TZ in schedule")
    return wrong


def zone_faults(text: str) -> list[str]:
    """Return what is wrong with the name of a time zone."""
    if not text:
        return ["timeZone must be nil or non-empty string"]
    for part in text.split("/"):
        if part in (".", "..") or part.startswith("-") or not re.fullmatch(_PART_OF_ZONE, part):
            return [f"unknown time zone {text}"]
    if text.lower() == "local":
        wrong = ["timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"]
        return wrong if text == "Local" else [*wrong, f"unknown time zone {text}"]
    from k8snetlint.model.tables.time_zones import TIME_ZONES  # noqa: PLC0415 - few CronJobs have a time zone

    return [] if text in TIME_ZONES else [f"unknown time zone {text}"]


def _parse(text: str) -> None:
    if text.startswith(("TZ=", "CRON_TZ=")):
        zone, blank, rest = text.partition("=")[2].partition(" ")
        if not blank:
            raise _ScheduleError("invalid schedule format")
        if zone not in ("", "Local") and zone_faults(zone):
            raise _ScheduleError(f"provided bad location {zone}: unknown time zone {zone}")
        text = trimmed(rest)
    if text.startswith("@"):
        _descriptor(text)
        return
    fields = [each for each in re.split(f"{BLANK}+", text) if each]
    if len(fields) != len(_FIELDS):
        raise _ScheduleError(f"expected exactly {len(_FIELDS)} fields, found {len(fields)}: [{' '.join(fields)}]")
    for field, bounds in zip(fields, _FIELDS, strict=True):
        for each in filter(None, field.split(",")):
            _range(each, bounds)


def _range(text: str, bounds: _Bounds) -> None:
    """Check `number`, `number-number`, `*`, each with an optional `/step`."""
    span, *steps = text.split("/")
    low, *highs = span.split("-")
    if low in ("*", "?"):
        start, end = bounds.first, bounds.last
    else:
        start = end = _number(low, bounds.names)
        if len(highs) == 1:
            end = _number(highs[0], bounds.names)
        elif highs:
            raise _ScheduleError(f"too many hyphens: {text}")
    step = 1
    if len(steps) == 1:
        step = _number(steps[0], {})
        end = end if highs else bounds.last
    elif steps:
        raise _ScheduleError(f"too many slashes: {text}")
    if start < bounds.first:
        raise _ScheduleError(f"beginning of range ({start}) below minimum ({bounds.first}): {text}")
    if end > bounds.last:
        raise _ScheduleError(f"end of range ({end}) above maximum ({bounds.last}): {text}")
    if start > end:
        raise _ScheduleError(f"beginning of range ({start}) beyond end of range ({end}): {text}")
    if not step:
        raise _ScheduleError(f"step of range should be a positive number: {text}")


def _number(text: str, names: Mapping[str, int]) -> int:
    if text.lower() in names:
        return names[text.lower()]
    if not re.fullmatch("[+-]?[0-9]+", text):
        raise _ScheduleError(f"failed to parse int from {text}: strconv.Atoi: parsing {quoted(text)}: invalid syntax")
    number = int(text) if len(text) < 30 else _LARGEST + 1
    if abs(number) > _LARGEST:
        raise _ScheduleError(
            f"failed to parse int from {text}: strconv.Atoi: parsing {quoted(text)}: value out of range"
        )
    if number < 0:
        raise _ScheduleError(f"negative number ({number}) not allowed: {text}")
    return number


def _descriptor(text: str) -> None:
    if text in _DESCRIPTORS:
        return
    if not text.startswith(_EVERY):
        raise _ScheduleError(f"unrecognized descriptor: {text}")
    duration = text.removeprefix(_EVERY)
    if re.fullmatch(_DURATION, duration):
        return
    unit = re.match(_UNIT, duration)
    if unit is None:
        raise _ScheduleError(f"failed to parse duration {text}: time: invalid duration {quoted(duration)}")
    what = f"unknown unit {quoted(unit[1])}" if unit[1] else "missing unit"
    raise _ScheduleError(f"failed to parse duration {text}: time: {what} in duration {quoted(duration)}")
