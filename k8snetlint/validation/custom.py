"""Custom resources: by their CustomResourceDefinition, or by a JSON Schema of the user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.finding import Problem
from k8snetlint.validation import rejections
from k8snetlint.validation.causes import Cause, Causes
from k8snetlint.validation.structural_values import TYPE, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snetlint.source.document import Place
    from k8snetlint.validation.definitions import Definition

_IDS = {
    "additionalProperties": "api-unknown-field",
    "unevaluatedProperties": "api-unknown-field",
    "type": "api-type",
    "required": "api-required",
    "enum": "api-not-supported",
    "const": "api-not-supported",
    "maxLength": "api-too-long",
    "maxItems": "api-too-many",
    "uniqueItems": "api-duplicate",
}


def schema_problems(value: dict[str, Any], schema: Mapping[str, object], at: Place) -> Iterator[tuple[str, Problem]]:
    """Yield where an object does not conform to a JSON Schema, which decides about unknown fields itself."""
    from jsonschema.validators import validator_for  # noqa: PLC0415 - 80 ms, only with --schema-dir

    validator = validator_for(schema)(schema)
    for error in sorted(validator.iter_errors(value), key=lambda each: [str(step) for step in each.absolute_path]):
        path = tuple(error.absolute_path)
        yield _IDS.get(str(error.validator), "api-invalid"), Problem(error.message, at.to(*path))


_NO_MATCH = "NoMatch"
_TYPES = {
    "array": "a list",
    "boolean": "a boolean",
    "integer": "an integer",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "a string",
}


def causes_of(value: dict[str, Any], version: str, definition: Definition) -> list[Cause] | None:
    """Return why the server rejects an object of a defined kind; None if the definition does not tell.

    Args:
        value: the object.
        version: that of its apiVersion.
        definition: the one of its kind.
    """
    known = definition.versions.get(version)
    if known is None or not known.served:
        message = f'no matches for kind "{definition.kind}" in version "{definition.group}/{version}"'
        served = tuple(f"{definition.group}/{name}" for name, each in definition.versions.items() if each.served)
        instead = f"; its CustomResourceDefinition serves {', '.join(served)}" if served else ""
        return [Cause(_NO_MATCH, ("apiVersion",), message + instead, "", None, served)]
    if known.check is None:
        return None
    causes = Causes()
    known.check(value, (), causes)
    # The server drops the status when an object is created, after it has looked for unknown fields.
    dropped = ("status",) if known.resets_status else None
    return [each for each in causes if each.path[:1] != dropped or each.type == UNKNOWN]


def problem_of(cause: Cause, at: Place) -> tuple[str, None, Problem]:
    """Return a cause as a problem, under its id."""
    if cause.type == _NO_MATCH:
        near = cause.known[0] if len(cause.known) == 1 else None
        return "api-no-match", None, Problem(cause.detail, at.to(*cause.path), near=near)
    if cause.type == UNKNOWN:
        from k8snetlint.source.similar import closest  # noqa: PLC0415 - findings only

        near = closest(str(cause.value), cause.known)
        return "api-unknown-field", None, Problem(cause.detail, at.to(*cause.path, key=True), near=near)
    if cause.type == TYPE:
        wanted = " or ".join(_TYPES[each] for each in cause.known)
        message = f"expected {wanted}, found {_TYPES[cause.value]} ({cause.field}: {cause.detail})"
        return "api-type", None, Problem(message, at.to(*cause.path))
    return rejections.IDS[cause.type], None, rejections.problem_of(cause, at)
