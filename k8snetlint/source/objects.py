"""The objects of a document: itself, or those of a List or a Template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.source.paths import FieldPath

_TEMPLATES = ("template.openshift.io/v1", "v1")
"""The apiVersions of OpenShift's Templates, whose parameters `${X}` and `${{X}}` are placeholders."""


def is_object(value: object) -> bool:
    """Tell whether a value is a Kubernetes object: a mapping with a string `apiVersion` and a string `kind`."""
    return isinstance(value, dict) and isinstance(value.get("apiVersion"), str) and isinstance(value.get("kind"), str)


def objects_of(value: Any, *, templates: bool = True) -> Iterator[tuple[Any, FieldPath]]:
    """Yield the objects of a document: itself, or those of a List or an OpenShift Template, also of one inside another.

    The items of a typed List inherit its kind. Without `templates`, a Template is an object like others.
    """
    if _members_of(value, templates=templates)[1] is not None:
        yield from _flattened(value, (), set(), templates=templates)
    elif value is not None:
        yield value, ()


def _flattened(value: Any, root: FieldPath, seen: set[int], *, templates: bool) -> Iterator[tuple[Any, FieldPath]]:
    field, members = _members_of(value, templates=templates)
    if members is None:
        yield value, root
        return
    # Lists that hold others several times by aliases would hold a million objects.
    if id(members) in seen:
        return
    seen.add(id(members))
    for index, item in enumerate(members):
        if item is not None:
            yield from _flattened(_with_inherited_kind(item, value), (*root, field, index), seen, templates=templates)


def object_at(value: Any, root: FieldPath) -> Any:
    """Return the object of a document at a path that `objects_of` yields, None if it does not exist any more."""
    for field, index in zip(root[::2], root[1::2], strict=True):
        found, members = _members_of(value, templates=True)
        if found != field or members is None or not isinstance(index, int) or index >= len(members):
            return None
        value = _with_inherited_kind(members[index], value)
    return value


def split_root(value: Any, path: FieldPath) -> tuple[FieldPath, FieldPath]:
    """Split a path in a document into the root of the object that it is in, and the path in that object."""
    root: FieldPath = ()
    while len(path) > 2:
        field, members = _members_of(value, templates=True)
        index = path[1]
        if path[0] != field or members is None or not isinstance(index, int) or index >= len(members):
            break
        value = _with_inherited_kind(members[index], value)
        root, path = (*root, field, index), path[2:]
    return root, path


def _members_of(value: Any, *, templates: bool) -> tuple[str, list[Any] | None]:
    """Return the field that holds the objects of a List or a Template, and these objects; None without any."""
    if not is_object(value):
        return "", None
    if value["kind"].endswith("List"):
        field = "items"
    elif templates and value["kind"] == "Template" and value["apiVersion"] in _TEMPLATES:
        field = "objects"
    else:
        return "", None
    members = value.get(field)
    if members is None and field in value:
        return field, []
    return field, members if isinstance(members, list) else None


def _with_inherited_kind(item: Any, owner: Any) -> Any:
    """Return an item of a List, with the apiVersion and the kind that it inherits if it has neither."""
    kind = owner["kind"]
    inherited = kind.removesuffix("List")
    is_typed = inherited and inherited != kind
    if is_typed and isinstance(item, dict) and not item.get("kind") and not item.get("apiVersion"):
        return item | {"apiVersion": owner["apiVersion"], "kind": inherited}
    return item
