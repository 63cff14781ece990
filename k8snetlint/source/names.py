"""File names with a meaning for a tool."""

from __future__ import annotations

KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
"""The file that kustomize reads in a folder; the usual name comes first."""
