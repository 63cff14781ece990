"""Rules about NetworkPolicies."""

KINDS = frozenset({"NetworkPolicy", "Namespace"})
