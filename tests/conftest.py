"""One hypothesis profile for all property tests: `K8SNETLINT_EXAMPLES=10000 pytest` looks longer."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile(
    "k8snetlint",
    max_examples=int(os.environ.get("K8SNETLINT_EXAMPLES", "200")),
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("k8snetlint")
