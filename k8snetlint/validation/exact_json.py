"""JSON as the API server decodes it: the first value of a key that is defined twice is decoded, too.

Decoding into a struct, the server names the repeated field, and looks into both values. What is in an unknown field is
not looked at. Also which kind the server takes an object for: to Go's own decoder, `Kind` is `kind`.

Source: https://github.com/kubernetes-sigs/json, encoding/json
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from k8snetlint.source import fast_json
from k8snetlint.source.marked_json import HALF_PAIR
from k8snetlint.source.paths import MapKey
from k8snetlint.source.scalars import resolve
from k8snetlint.validation.decoding import Decoder
from k8snetlint.validation.schemas import field_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.source.document import Document
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.decoding import FieldContext, Found
    from k8snetlint.validation.schemas import Schema

_FOLDED = str.maketrans({"\u212a": "k", "\u017f": "s"})
"""The sign for Kelvin and the long s: to Go, letters of ASCII in another case."""


class Repeated(dict[str, Any]):
    """A mapping with repeated keys: `items()` has all of them, in the order of the text.

    Attributes:
        repeated: the keys that stand more than once.
    """

    __slots__ = ("_pairs", "repeated")

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self._pairs = pairs
        self.repeated = [key for key, times in Counter(key for key, _ in pairs).items() if times > 1]

    def items(self) -> Any:
        """Return all entries."""
        return self._pairs


class StrictDecoder(Decoder):
    """A decoder that notes repeated fields.

    Attributes:
        repeated: their paths.
    """

    repeated: list[FieldPath]

    def problems(self, value: Any, name: str) -> Iterator[Found]:
        """Yield all problems of an object, in the text's order."""
        self.repeated = []
        return super().problems(value, name)

    def _struct(self, value: Any, name: str, context: FieldContext, names: tuple[str, ...]) -> Iterator[Found]:
        if isinstance(value, Repeated):
            known = (key for key in value.repeated if field_of(name, key, self.version) is not None)
            self.repeated += [(*context.path, key) for key in known]
        return super()._struct(value, name, context, names)

    def _map(self, value: Any, schema: Schema, context: FieldContext, names: tuple[str, ...]) -> Iterator[Found]:
        if isinstance(value, Repeated):
            self.repeated += [(*context.path, MapKey(key)) for key in value.repeated]
        return super()._map(value, schema, context, names)


def is_json(document: Document) -> bool:
    """Tell whether a document is sent as JSON."""
    return document.text[:1] == "{" and fast_json.is_json(document.text)


def with_repeated(text: str) -> Any:
    """Return the value of a JSON text, with `Repeated` mappings."""
    return _without_half_pairs(_DECODER.decode(text))


def type_meta(entries: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return the `kind` and the `apiVersion` that Go finds in an object's entries: the last ones, in any case.

    What is missing, or null, is empty.
    """
    meta: dict[str, Any] = {"kind": "", "apiVersion": ""}
    for key, value in entries:
        field = {"kind": "kind", "apiversion": "apiVersion"}.get(key.translate(_FOLDED).lower())
        if field and value is not None and isinstance(meta[field], str):
            meta[field] = value
    return meta


def _without_half_pairs(value: Any) -> Any:
    """Return a value as it is read: half of a surrogate pair is U+FFFD."""
    if isinstance(value, str):
        return value if value.isprintable() else HALF_PAIR.sub("\ufffd", value)
    return list(map(_without_half_pairs, value)) if isinstance(value, list) else value


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    pairs = [(_without_half_pairs(key), _without_half_pairs(each)) for key, each in pairs]
    value = dict(pairs)
    return value if len(value) == len(pairs) else Repeated(pairs)


_DECODER = json.JSONDecoder(object_pairs_hook=_mapping, parse_int=resolve, parse_float=resolve)
