"""Why the API server would reject an object, as findings; of every stage, not only of the first that fails."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.source.paths import MapKey, value_at
from k8snetlint.source.templates import has_placeholder
from k8snetlint.validation.admission import causes_of
from k8snetlint.validation.causes import REQUIRED
from k8snetlint.validation.mistakes import join_causes, missing_struct, without_further_clashes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from k8snetlint.model.environment import Version
    from k8snetlint.source.document import Place
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.admission import Validation
    from k8snetlint.validation.causes import ApiWarning, Cause
    from k8snetlint.validation.server import Server

IDS = {
    "Required": "api-required",
    "Invalid": "api-invalid",
    "NotSupported": "api-not-supported",
    "Forbidden": "api-forbidden",
    "Duplicate": "api-duplicate",
    "TooLong": "api-too-long",
    "TooMany": "api-too-many",
    "NotFound": "api-not-found",
    "InternalError": "api-invalid",
}
"""The ids of findings, by the server's `field.ErrorType`."""
_INFORMATIVE = re.compile(
    r'annotation "kubernetes\.io/ingress\.class" is deprecated|annotation service\.kubernetes\.io/topology-aware-hints'
    r"|v1 Endpoints is deprecated|.*PreferClose|.*duplicate port (?:name|definition) .*\binitContainers\["
)
"""Warnings of what still works, and will be removed, or of ports of containers that do not run at the same time."""

VALIDATED = frozenset({*IDS.values(), "api-warning"})
"""The ids of the findings after an object was decoded."""

Found = tuple[str, Problem]


def rejections(
    value: dict[str, Any],
    validation: Validation,
    servers: Sequence[Server],
    at: Place,
    *,
    unsure: Sequence[FieldPath] = (),
    unknown: Sequence[FieldPath] = (),
) -> Iterator[Found]:
    """Yield why an object is rejected, and the warnings if it is not.

    Args:
        value: an object.
        validation: how its kind is validated.
        servers: the API servers.
        at: the object's place.
        unsure: fields whose values have a wrong type, or are placeholders; they are not judged.
        unknown: fields that the kind does not have; each is probably a misspelling of a missing one.
    """
    if len(servers) == 1 and not unsure and not causes_of(value, validation, servers[0]):
        # Most objects are accepted as they are.
        given = {(each.path, each.text): [servers[0].version] for each in validation.warnings(value, servers[0])}
        if given:
            yield from _warnings(given, servers, at)
        return
    known = _without(value, unsure) if unsure else value
    causes: dict[tuple[FieldPath, str], tuple[Cause, list[Version]]] = {}
    texts: dict[tuple[FieldPath, str], list[Version]] = {}
    for server in servers:
        found = causes_of(known, validation, server)
        for each in found:
            if not _depends(each, value, unsure) and not (unknown and _may_be_misspelt(each, value, unknown)):
                causes.setdefault((each.path, each.detail), (each, []))[1].append(server.version)
        if not found and not unsure:
            for warning in validation.warnings(known, server):
                texts.setdefault((warning.path, warning.text), []).append(server.version)
    for cause, versions in join_causes(causes.values(), value) if len(causes) > 1 else causes.values():
        severity = Severity.INFO if _is_left_out(cause, value) else None
        yield IDS[cause.type], problem_of(cause, at, _unless_all(versions, servers), severity=severity)
    yield from _warnings(texts, servers, at)


def _is_left_out(cause: Cause, value: dict[str, Any]) -> bool:
    """Tell whether a cause is about an empty uid of an owner: whoever kept the output of a tool left it out."""
    match cause.path:
        case ("metadata", "ownerReferences", _, "uid"):
            return bool(value_at(value, cause.path) == "")
        case _:
            return False


def deprecations(value: dict[str, Any], servers: Sequence[Server], at: Place) -> Iterator[Found]:
    """Yield the warnings of an object that the server gives whatever is wrong with it: its kind will be removed."""
    deprecation_warnings = _deprecation_warnings()
    texts: dict[tuple[FieldPath, str], list[Version]] = {}
    for server in servers:
        for warning in deprecation_warnings(value["apiVersion"], value["kind"], server.version):
            texts.setdefault((warning.path, warning.text), []).append(server.version)
    yield from _warnings(texts, servers, at)


@functools.cache
def _deprecation_warnings() -> Callable[[str, str, Version], Iterator[ApiWarning]]:
    from k8snetlint.validation.deprecated import deprecation_warnings  # noqa: PLC0415 - policies are not deprecated

    return deprecation_warnings


def _warnings(
    texts: dict[tuple[FieldPath, str], list[Version]], servers: Sequence[Server], at: Place
) -> Iterator[Found]:
    # What is more than worth knowing comes first.
    ordered = sorted(texts, key=lambda each: _INFORMATIVE.match(each[1]) is not None)
    for path, text in without_further_clashes(ordered):
        severity = Severity.INFO if _INFORMATIVE.match(text) else None
        yield (
            "api-warning",
            Problem(text, at.to(*path), severity=severity, versions=_unless_all(texts[path, text], servers)),
        )


def problem_of(
    cause: Cause, at: Place, versions: tuple[Version, ...] | None = None, *, severity: Severity | None = None
) -> Problem:
    """Return a cause as a problem; that of a misspelt value has a suggestion."""
    message = f"{cause.field}: {cause.detail}" if cause.field else cause.detail
    place = at.to(*cause.path, key=is_key(cause))
    if not (cause.known and isinstance(cause.value, str)):
        return Problem(message, place, versions=versions, severity=severity)
    from k8snetlint.edit.change import set_to  # noqa: PLC0415 - findings only
    from k8snetlint.source.similar import closest  # noqa: PLC0415 - as above

    near = closest(cause.value, cause.known)
    fix = Fix(f"write {near}", (set_to(place, near),), safe=near.lower() == cause.value.lower()) if near else None
    return Problem(message, place, versions=versions, near=near, fix=fix)


def is_key(cause: Cause) -> bool:
    """Tell whether it is the key of a label or annotation that is wrong, not its value."""
    return bool(cause.path) and isinstance(cause.path[-1], MapKey) and cause.value == cause.path[-1]


def _unless_all(versions: list[Version], servers: Sequence[Server]) -> tuple[Version, ...] | None:
    """Return the versions for which something holds, None if it holds for all."""
    return tuple(versions) if len(versions) < len(servers) else None


def _depends(cause: Cause, value: dict[str, Any], unsure: Sequence[FieldPath]) -> bool:
    """Tell whether a cause depends on what is not known yet: on its own value, or on a field that it names."""
    path = cause.path
    if any(path[: len(each)] == each[: len(path)] for each in unsure):
        return True
    if cause.value is not None and has_placeholder(cause.value):
        return True
    looked_in = cause.decided_by
    if looked_in:
        is_unsure = any(looked_in[: len(each)] == each[: len(looked_in)] for each in unsure)
        if is_unsure or has_placeholder(_at(value, looked_in)):
            return True
    names = re.findall(r"`([A-Za-z]+)`", cause.detail)
    here: Any = value
    for depth in range(len(path)) if names else ():
        for name in names:
            written = here.get(name) if isinstance(here, dict) else None
            if (*path[:depth], name) in unsure or (written is not None and has_placeholder(written)):
                return True
        step = path[depth]
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            break
    return False


def _may_be_misspelt(cause: Cause, value: dict[str, Any], unknown: Sequence[FieldPath]) -> bool:
    """Tell whether a cause is that something is missing in a struct that has an unknown field."""
    if cause.decided_by and any(each[:-1] == cause.decided_by[:-1] for each in unknown):
        return True
    missing = cause.type == REQUIRED or re.search("is not specified|must be specified|is required", cause.detail)
    if not missing and _is_written(value, cause.path):
        return False
    outer = missing_struct(cause.path, value) or cause.path
    return any(each[:-1] in (cause.path, cause.path[:-1], outer[:-1]) for each in unknown)


def _is_written(value: Any, path: FieldPath) -> bool:
    """Tell whether a field is written; the server says of one that is not written that it is 0."""
    return _at(value, path) is not None


def _at(value: Any, path: FieldPath) -> Any:
    """Return the value of a field, None if it is not written."""
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _without(value: Any, paths: Iterable[FieldPath]) -> Any:
    """Return a value without some fields, and with null in the place of some items."""
    first: dict[str | int, list[FieldPath]] = {}
    for path in paths:
        if not path:
            return None
        first.setdefault(path[0], []).append(path[1:])
    if isinstance(value, list):
        return [_without(each, first[index]) if index in first else each for index, each in enumerate(value)]
    if not isinstance(value, dict):
        return None
    kept = {key: _without(each, first[key]) if key in first else each for key, each in value.items()}
    return {key: each for key, each in kept.items() if each is not None or key not in first}
