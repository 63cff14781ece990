"""Whether a text that is not valid YAML is meant as Kubernetes objects: CI configurations only mention them."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from k8snetlint.source.names import KUSTOMIZATIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snetlint.source.document import Document

_FIELDS = ("apiVersion", "kind", "items")
_KEY = re.compile(r"^([ \t]*)(?:apiVersion|kind|\"apiVersion\"|'apiVersion')[ \t]*:", re.MULTILINE)
_CONTENT = re.compile(r"^([ \t]*)(?!---|\.\.\.|%)[^\s#]", re.MULTILINE)


def may_hold_objects(documents: Sequence[Document]) -> bool:
    """Tell whether one of the documents of a file, some of which have faults, may be meant as an object."""
    return any(map(_may_be_object, documents))


def _may_be_object(document: Document) -> bool:
    if posixpath.basename(document.source.name) in KUSTOMIZATIONS:
        return True
    value = document.value
    if isinstance(value, dict):
        return any(field in value for field in _FIELDS)
    text = document.text
    first = _CONTENT.search(text)
    if first is None:
        return False
    if text[first.end() - 1] in "{[":
        return "apiVersion" in text
    # A line that is one column off is a usual mistake; what is deeper belongs to a field.
    depth = len(first[1]) + 1
    return any(len(found[1]) <= depth for found in _KEY.finditer(text))
