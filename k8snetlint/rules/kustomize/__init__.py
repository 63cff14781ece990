"""Rules about what kustomize makes of manifests."""
