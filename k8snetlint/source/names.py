"""Names with a meaning for a tool: of files, and of what configures kustomize."""

from __future__ import annotations

KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
"""The file that kustomize reads in a folder; the usual name comes first."""
BUILTIN = "builtin"
"""The apiVersion of what configures kustomize's own transformers and generators; no API server has it."""
