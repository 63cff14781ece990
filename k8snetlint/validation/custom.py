"""Custom resources for which the user gives a JSON Schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.finding import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snetlint.source.document import Place

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
