"""Which kustomization adds a label: the same as looking at each one from the inside out."""

from __future__ import annotations

import random

import pytest

from k8snetlint.scope.changes import Labels
from k8snetlint.scope.fieldspecs import METADATA, SELECTORS, TEMPLATES, FieldSpec, FieldSpecs, reaches_peers
from k8snetlint.scope.kustomization import Kustomization
from k8snetlint.scope.label_layers import LabelLayer, added_labels, label_layer_of


def kustomization(folder: str, pairs: dict[str, str]) -> Kustomization:
    return Kustomization({"commonLabels": pairs}, folder)


def naive(chain: list[Kustomization], key: str, value: str) -> str | None:
    """Return the folder of the innermost one that adds a label, else of the innermost one that adds its key."""
    pairs = [
        (each.folder, entry.pairs)
        for each in chain[::-1]
        for entry in each.applied_changes
        if isinstance(entry, Labels)
    ]
    exact = [folder for folder, found in pairs if found.get(key) == value]
    return next(iter([*exact, *(folder for folder, found in pairs if key in found)]), None)


@pytest.mark.parametrize("seed", range(50))
def test_the_innermost_that_adds_it(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test that can be repeated
    chains: list[tuple[list[Kustomization], LabelLayer | None]] = [([], None)]
    for number in range(12):
        outside, outer = chance.choice(chains)
        pairs = {chance.choice("abc"): chance.choice("xy") for _ in range(chance.randint(0, 2))}
        one = kustomization(str(number), pairs)
        chains.append(([*outside, one], label_layer_of(one, outer)))
    for chain, inner in chance.choices(chains, k=60):
        key, value = chance.choice("abcd"), chance.choice("xyz")
        found = [each.folder for each in added_labels([inner] if inner else [], {key: value})]
        assert found == [folder for folder in [naive(chain, key, value)] if folder]


@pytest.mark.parametrize(
    ("specs", "reach"),
    [
        (SELECTORS, True),
        (TEMPLATES, False),
        (METADATA, False),
        ((FieldSpec(("spec", "ingress", "from", "podSelector", "matchLabels")),), True),
        ((FieldSpec(("spec", "egress", "to"), kind="NetworkPolicy", group="networking.k8s.io"),), True),
        ((FieldSpec(("spec", "egress", "to"), kind="Other"),), False),
        ((FieldSpec(("spec", "podSelector", "matchLabels"), kind="NetworkPolicy"),), False),
    ],
)
def test_which_fields_are_in_peers(specs: FieldSpecs, reach: bool) -> None:  # noqa: FBT001 - a parameter
    assert reaches_peers(specs) is reach
