"""Metadata whose checks need no golden document: sizes."""

from __future__ import annotations

from typing import Any

import pytest

from k8snetlint.validation.admission import causes_of, validation_of
from k8snetlint.validation.server import Server


def causes(metadata: dict[str, Any]) -> list[tuple[str, str, str]]:
    validation = validation_of("networking.k8s.io", "NetworkPolicy")
    assert validation
    value = {"metadata": metadata, "spec": {"podSelector": {}}}
    return [(each.field, each.type, each.detail) for each in causes_of(value, validation, Server())]


@pytest.mark.parametrize(
    ("annotations", "too_long"),
    [
        ({"a": "x" * (256 * 1024 - 1)}, False),
        ({"a": "x" * (256 * 1024)}, True),
        ({"a": "é" * (128 * 1024)}, True),
        ({"a": "é" * (128 * 1024 - 1), "b": None}, False),
        ({str(number): "x" * 1023 for number in range(256)}, True),
    ],
)
def test_annotations_have_so_many_bytes_together(annotations: dict[str, str | None], too_long: bool) -> None:  # noqa: FBT001 - a parameter
    said = ("metadata.annotations", "TooLong", "Too long: may not be more than 262144 bytes")
    assert causes({"name": "a", "annotations": annotations}) == ([said] if too_long else [])
