"""Kubernetes objects as typed values, and the facts about a cluster that are not in manifests."""
