"""XML for reports: what is written has no line ends or control characters inside of values."""

from __future__ import annotations

from k8snetlint.source.escape import escape

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def text(value: object) -> str:
    """Return a value as the content of an element; XML 1.0 forbids some of the characters that `escape` replaces."""
    return escape(str(value)).translate(_ENTITIES)


def tag(name: str, attributes: dict[str, object], *, closed: bool = False) -> str:
    """Return a start tag, or an empty element; an attribute that is None is left out."""
    pairs = "".join(f' {key}="{text(value)}"' for key, value in attributes.items() if value is not None)
    return f"<{name}{pairs}{'/' if closed else ''}>"
