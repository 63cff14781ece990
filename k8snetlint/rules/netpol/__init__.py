"""Rules about NetworkPolicies."""

KINDS = frozenset({"NetworkPolicy", "Namespace"})

ONLY_WITH = {
    "netpol-apiserver-egress-blocked": frozenset({"NetworkPolicy", "Workload", "Resource"}),
    "netpol-cilium-ingress-identity": frozenset({"NetworkPolicy", "Ingress"}),
    "netpol-declared-connection-blocked": frozenset({"NetworkPolicy", "Service", "DnsFacts"}),
    "netpol-external-service-blocked": frozenset({"NetworkPolicy", "Service"}),
    "netpol-ingress-controller-blocked": frozenset({"NetworkPolicy", "Ingress"}),
    "netpol-metrics-scrape-blocked": frozenset({"NetworkPolicy", "Workload"}),
    "netpol-mesh-port-blocked": frozenset({"NetworkPolicy", "Namespace"}),
    "netpol-pod-not-isolated": frozenset({"NetworkPolicy", "Workload"}),
    "netpol-secondary-network": frozenset({"NetworkPolicy", "Workload"}),
    "netpol-webhook-blocked": frozenset({"NetworkPolicy", "Extension"}),
}
