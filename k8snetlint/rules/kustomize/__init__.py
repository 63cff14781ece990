"""Rules about what kustomize makes of manifests."""

KINDS = frozenset({"NetworkPolicy"})
