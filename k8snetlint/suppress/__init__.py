"""Suppressions: what authors of manifests say about findings, and what is wrong with that."""

MARK = "k8snetlint"
"""A text without it holds no suppression."""
