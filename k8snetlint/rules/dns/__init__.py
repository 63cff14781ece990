"""Rules about names in the DNS of a cluster."""

KINDS = frozenset({"DnsFacts"})
