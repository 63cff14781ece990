"""Names of files that mean something to a tool."""

from __future__ import annotations

KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
"""What kustomize looks for in a folder, the usual name first."""
