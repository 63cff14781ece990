"""Rules about what kustomizations make of manifests."""

KINDS = frozenset({"Kustomization"})
