"""Rules about Ingresses."""

KINDS = frozenset({"Ingress"})
