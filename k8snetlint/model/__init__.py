"""Kubernetes objects as typed values, and the facts about a cluster that manifests do not tell."""
