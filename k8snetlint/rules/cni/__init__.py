"""Rules about CNI plugins, and the networks of clusters."""

from k8snetlint.model.tables.network_kinds import CLUSTER_NETWORK

KINDS = frozenset({CLUSTER_NETWORK})
