"""How the versions of a run serve a kind that has no schema of ours."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from k8snetlint.validation.schemas import Serving, serving_of

if TYPE_CHECKING:
    from k8snetlint.model.environment import Version


@functools.lru_cache(1024)
def common_serving(api_version: str, kind: str, versions: tuple[Version, ...]) -> Serving | None:
    """Return how all versions serve a kind; None if they differ, and for a typo of a kind."""
    servings = {serving_of(api_version, kind, version).serving for version in versions}
    if servings == {Serving.CUSTOM}:
        from k8snetlint.validation.misspelt import typo_of  # noqa: PLC0415 - custom resources only

        return Serving.CUSTOM if typo_of(api_version, kind, versions[-1]) is None else None
    return servings.pop() if len(servings) == 1 else None
