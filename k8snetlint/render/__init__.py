"""Kustomizations and charts, rendered by the tools that the user has installed."""
