"""Rules about Services."""

KINDS = frozenset({"EndpointSlice", "Service", "Workload"})
