"""Types and unknown fields: the errors of the API server's strict decoding, without decoding.

Only a document that does not conform to its schema is walked by the decoder, slowly, to find what is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.validation.conformance import conforms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from k8snetlint.finding import Problem
    from k8snetlint.model.environment import Version
    from k8snetlint.source.document import Place
    from k8snetlint.source.paths import FieldPath


def structure_problems(
    value: Any,
    name: str,
    version: Version,
    *,
    at: Callable[[FieldPath, bool], Place],
    is_placeholder: Callable[[str], bool],
    unsure: set[FieldPath],
) -> Iterable[tuple[str, Problem]]:
    """Return what has a wrong type or is no field, with the ids `api-type` and `api-unknown-field`.

    Args:
        value: an object.
        name: its definition, from `schemas.definition_of`.
        version: the Kubernetes version to judge by.
        at: gives the place of a field path, with True that of its key.
        is_placeholder: tells whether a string will be replaced before it is applied.
        unsure: takes the paths of all values that have a wrong type, or are such a string in the place of another type.
    """
    if conforms(name, version)(value):
        return ()
    from k8snetlint.validation.decoding import Decoder  # noqa: PLC0415 - not on the path of a clean document

    decoder = Decoder(version, at=at, is_placeholder=is_placeholder)
    found = list(decoder.problems(value, name))
    unsure.update(decoder.unsure)
    return found
