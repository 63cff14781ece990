"""What the API server warns of in containers that it takes: amounts with fractions, variables that hide others.

Source: https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/api/pod/warnings.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.source.paths import MapKey
from k8snetlint.validation.causes import ApiWarning, quoted, server_field

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snetlint.source.paths import FieldPath

_BYTES = ("memory", "ephemeral-storage")


def container_warnings(
    value: Mapping[str, Any], path: FieldPath, *, defaulted: bool, ephemeral: bool = False
) -> Iterator[ApiWarning]:
    """Yield what the server warns of in a container; `defaulted` if limits are requests as well."""
    if value.get("resources"):
        yield from _fractions(value["resources"], (*path, "resources"), defaulted=defaulted and not ephemeral)
    if len(value.get("env") or ()) > 1:
        yield from _hidden(value["env"], (*path, "env"))


def _fractions(value: Mapping[str, Any], path: FieldPath, *, defaulted: bool) -> Iterator[ApiWarning]:
    limits, requests = value.get("limits") or {}, value.get("requests") or {}
    lists = {"limits": limits, "requests": {**limits, **requests} if defaulted else requests}
    for field, amounts in lists.items():
        for each in _BYTES:
            if each in amounts:
                named = server_field((*path, field, MapKey(each)))
                written = field if each in (value.get(field) or {}) else "limits"
                yield from fraction(amounts[each], (*path, written, MapKey(each)), named)


def fraction(written: str | float | None, path: FieldPath, field: str) -> Iterator[ApiWarning]:
    """Yield that a number of bytes is no whole number."""
    # Most amounts of bytes have no fraction, and no sign of one.
    if written is None or (isinstance(written, str) and written[-1:] in ("i", "G", "M", "k") and "." not in written):
        return
    from k8snetlint.validation.quantities import resource  # noqa: PLC0415 - see above

    amount = resource(written)
    if amount is not None and not amount.is_whole:
        text = f"{field}: fractional byte value {quoted(amount.text)} is invalid, must be an integer"
        yield ApiWarning(path, text)


def _hidden(value: list[Any], path: FieldPath) -> Iterator[ApiWarning]:
    """Yield the variables that are defined twice, but for those that add to the former value."""
    if len({(each or {}).get("name") or "" for each in value}) == len(value):
        return
    seen: set[str] = set()
    for index, each in enumerate(value):
        name, text = (each or {}).get("name") or "", (each or {}).get("value") or ""
        former = f"$({name})"
        if name in seen and ((each or {}).get("valueFrom") is not None or text == former or former not in text):
            at = (*path, index)
            words = f"hides previous definition of {quoted(name)}, which may be dropped when using apply"
            yield ApiWarning(at, f"{server_field(at)}: {words}")
        seen.add(name)
