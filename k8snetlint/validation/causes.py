"""What the API server answers when it rejects an object: causes, in its words.

Source: https://github.com/kubernetes/apimachinery/blob/v0.37.2/pkg/util/validation/field/errors.go
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.source.paths import MapKey

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.source.paths import FieldPath

REQUIRED, INVALID, NOT_SUPPORTED = "Required", "Invalid", "NotSupported"
FORBIDDEN, DUPLICATE, TOO_LONG, TOO_MANY = "Forbidden", "Duplicate", "TooLong", "TooMany"
NOT_FOUND = "NotFound"
INTERNAL = "InternalError"
_WORDS = {
    REQUIRED: "Required value",
    INVALID: "Invalid value",
    NOT_SUPPORTED: "Unsupported value",
    FORBIDDEN: "Forbidden",
    DUPLICATE: "Duplicate value",
    TOO_LONG: "Too long",
    TOO_MANY: "Too many",
    NOT_FOUND: "Not found",
}
_GO = {"\a": r"\a", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\v": r"\v"}
_GO |= {"\\": r"\\", '"': r"\""}


OMITTED: Any = object()
"""What stands for a value that is not shown."""


class Cause(NamedTuple):
    """One reason why an object is rejected.

    Attributes:
        type: the `field.ErrorType`, without `FieldValue`.
        path: the field as the user writes it.
        detail: the message of the server, without the field.
        field: the field as the server names it.
        value: the value that is wrong.
        known: the values that it may have, if they are few.
        decided_by: the field in which the value was looked for; empty if the cause is about its own field alone.
    """

    type: str
    path: FieldPath
    detail: str
    field: str
    value: Any = None
    known: tuple[str, ...] = ()
    decided_by: FieldPath = ()


class Causes(list[Cause]):
    """The causes that a validation finds, in the server's order.

    The `field` of each method is how the server names the field, where it does not name it by its path.
    """

    def required(self, path: FieldPath, detail: str = "", *, field: str = "") -> None:
        """Add that a value is missing."""
        self._add(REQUIRED, path, _detail(REQUIRED, detail), field)

    def invalid(self, path: FieldPath, value: Any, detail: str, *, field: str = "", plain: bool = True) -> None:
        """Add that a value is wrong; `plain` as for `not_supported`."""
        if value is OMITTED:
            self._add(INVALID, path, _detail(INVALID, detail), field)
            return
        shown = go(value) if plain else go_json(value)
        self._add(INVALID, path, _detail(INVALID, shown, detail), field, value)

    def nonnegative(self, path: FieldPath, value: float | None) -> None:
        """Add that a number is negative, if it is."""
        if value is not None and value < 0:
            self.invalid(path, value, "must be greater than or equal to 0")

    def each_invalid(self, path: FieldPath, value: Any, details: Iterable[str], *, field: str = "") -> None:
        """Add all that is wrong with a value."""
        for detail in details:
            self.invalid(path, value, detail, field=field)

    def not_supported(
        self, path: FieldPath, value: Any, known: Iterable[str], *, field: str = "", plain: bool = False
    ) -> None:
        """Add that a value is not one of the known ones; `plain` if its type in Go is simply a string."""
        values = tuple(known)
        detail = _detail(
            NOT_SUPPORTED, go(value) if plain else go_json(value), "supported values: " + ", ".join(map(quoted, values))
        )
        self.append(Cause(NOT_SUPPORTED, path, detail, field or server_field(path), value, values))

    def forbidden(self, path: FieldPath, detail: str, *, field: str = "") -> None:
        """Add that a field may not be set."""
        self._add(FORBIDDEN, path, _detail(FORBIDDEN, detail), field)

    def duplicate(self, path: FieldPath, value: Any, *, field: str = "", plain: bool = True) -> None:
        """Add that a value is a duplicate; `plain` as for `not_supported`."""
        self._add(DUPLICATE, path, _detail(DUPLICATE, go(value) if plain else go_json(value)), field, value)

    def not_found(self, path: FieldPath, value: str, detail: str = "", *, among: FieldPath) -> None:
        """Add that a name is not one of those that a field, `among`, defines."""
        words = _detail(NOT_FOUND, quoted(value), detail)
        self.append(Cause(NOT_FOUND, path, words, server_field(path), value, decided_by=among))

    def too_long(self, path: FieldPath, limit: int, *, field: str = "") -> None:
        """Add that a text has more bytes than it may have."""
        self._add(TOO_LONG, path, _detail(TOO_LONG, f"may not be more than {limit} bytes"), field)

    def too_many(self, path: FieldPath, number: int, limit: int) -> None:
        """Add that a list has more items than it may have."""
        items = "item" if limit == 1 else "items"
        self._add(TOO_MANY, path, _detail(TOO_MANY, str(number), f"must have at most {limit} {items}"), "")

    def _add(self, kind: str, path: FieldPath, detail: str, field: str, value: Any = None) -> None:
        self.append(Cause(kind, path, detail, field or server_field(path), value))


def _detail(kind: str, *parts: str) -> str:
    return ": ".join(filter(None, (_WORDS[kind], *parts)))


class ApiWarning(NamedTuple):
    """A warning of the API server when it accepts an object: the field, and the whole text."""

    path: FieldPath
    text: str


def server_field(path: FieldPath) -> str:
    """Return a path as the server writes it: `spec.ports[0].port`, `metadata.annotations[a.b/c]`."""
    parts = (
        f"[{step}]" if isinstance(step, int) or isinstance(step, MapKey) else f".{step}"  # noqa: SIM101 - for mypy
        for step in path
    )
    return "".join(parts).removeprefix(".")


def go(value: Any) -> str:
    """Return a value as Go prints it in an error."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return go_json(value)


def go_json(value: Any) -> str:
    """Return a value as Go prints it if its type is not a basic one: as JSON."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def quoted(text: str) -> str:
    """Return a text as Go's `%q` does."""
    return '"' + "".join(map(_letter, text)) + '"'


def _letter(letter: str) -> str:
    if letter in _GO:
        return _GO[letter]
    if letter.isprintable():
        return letter
    code = ord(letter)
    return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
