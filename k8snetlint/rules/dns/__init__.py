"""Rules about names in the DNS of a cluster."""

KINDS = frozenset({"DnsFacts"})
ONLY_WITH = {
    "dns-corefile-suspicious": frozenset({"Corefile"}),
    "dns-host-network-policy": frozenset({"Workload", "HostName"}),
    "dns-kube-dns-service-broken": frozenset({"Service"}),
    "dns-policy-default": frozenset({"Workload", "HostName"}),
    "dns-subdomain-without-headless": frozenset({"Workload", "Subdomain"}),
}
"""The rules that have nothing to look at without objects that say so about DNS."""
