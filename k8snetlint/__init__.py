"""A linter for Kubernetes networking manifests."""

from k8snetlint.version import VERSION as __version__

__all__ = ["__version__"]
