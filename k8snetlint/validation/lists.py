"""Lists that kubectl cannot read: then nothing of the document is applied.

Source: `decodeToList` in
https://github.com/kubernetes/apimachinery/blob/v0.37.2/pkg/apis/meta/v1/unstructured/helpers.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.finding import Problem
from k8snetlint.source.document import Place
from k8snetlint.source.templates import has_placeholder
from k8snetlint.validation.go_types import JSON_TYPES, json_type

if TYPE_CHECKING:
    from k8snetlint.source.paths import FieldPath

_ITEMS = "items"
_INTO_ITEMS = "Go struct field decodeList.items of type []json.RawMessage"
_INTO_ITEM = "Go value of type map[string]interface {}"


def unreadable_part(value: Any) -> tuple[FieldPath, str] | None:
    """Return what in a List kubectl cannot read, and its words; None if it can, or the value is no List.

    What is null is an empty List, or an empty object.
    """
    if not isinstance(value, dict) or not str(value.get("kind")).endswith("List") or value.get(_ITEMS) is None:
        return None
    items = value[_ITEMS]
    if not isinstance(items, list):
        return (_ITEMS,), _cannot_unmarshal(items, _INTO_ITEMS)
    wrong = (index for index, item in enumerate(items) if item is not None and not isinstance(item, dict))
    first = next(wrong, None)
    return None if first is None else ((_ITEMS, first), _cannot_unmarshal(items[first], _INTO_ITEM))


def items_problem(value: dict[str, Any], at: Place) -> Problem | None:
    """Return that a List's items are no list, None if they are missing, or something else will be in their place."""
    items = value.get(_ITEMS)
    return None if items is None else _problem("a list", items, at.to(_ITEMS), _INTO_ITEMS)


def item_problem(value: Any, at: Place) -> Problem | None:
    """Return that the item of a List at a place is no object, None if something else will be in its place."""
    return _problem("an object", value, Place(at.source, at.document, at.root), _INTO_ITEM)


def _problem(expected: str, value: Any, at: Place, target: str) -> Problem | None:
    if has_placeholder(value):
        return None
    found, error = JSON_TYPES[json_type(value)], _cannot_unmarshal(value, target)
    return Problem(f"expected {expected}, found {found}; kubectl applies nothing of the List ({error})", at)


def _cannot_unmarshal(value: Any, target: str) -> str:
    return f"json: cannot unmarshal {json_type(value)} into {target}"
