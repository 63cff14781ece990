"""Rules about workloads."""

KINDS = frozenset({"Workload"})
