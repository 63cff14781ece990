"""The names that Go has for the types of fields, as the server's messages quote them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.validation.schemas import reference

if TYPE_CHECKING:
    from k8snetlint.validation.schemas import Schema

JSON_TYPES = {
    "bool": "a boolean",
    "number": "a number",
    "string": "a string",
    "array": "a list",
    "object": "an object",
}
"""What Go calls the types of JSON, in plain words."""


def go_name(name: str) -> str:
    """Return a definition's name in Go: `v1.ServicePort`."""
    version, _, last = name.rpartition(".")
    return name if version.startswith("v1") else f"v1.{last}"


def go_type(schema: Schema) -> str:
    """Return the type that Go has for a field."""
    target = reference(schema)
    if "x-go-type" in schema:
        return str(schema["x-go-type"])
    if target:
        return go_name(target)
    match schema["type"]:
        case "array":
            return "[]" + go_type(schema["items"])
        case "object":
            values = schema["additionalProperties"]
            return "v1.ResourceList" if reference(values) == "Quantity" else "map[string]" + go_type(values)
        case "boolean":
            return "bool"
        case plain:
            return str(schema.get("format", plain))


def json_type(value: Any) -> str:
    """Return what Go calls the type of a JSON value; a null has no type."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    return "string" if isinstance(value, str) else "array" if isinstance(value, list) else "object"
