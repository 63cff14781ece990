"""Rules about Services."""

KINDS = frozenset({"Service", "Workload"})
