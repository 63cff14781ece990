"""Kinds of Kubernetes itself: those that make pods, and those that are in no namespace.

Sources: https://kubernetes.io/docs/concepts/workloads/,
https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#not-all-objects-are-in-a-namespace
"""

from __future__ import annotations

POD_GROUPS = frozenset({"", "apps", "batch", "extensions"})
"""The API groups of these kinds; `extensions` is that of old versions."""
SELECTING_KINDS = frozenset({"DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"})
"""Those that find their pods by a label selector, which must be written."""
TEMPLATE_KINDS = SELECTING_KINDS | {"CronJob", "Job", "ReplicationController"}
"""Those with a pod template."""
POD_KINDS = TEMPLATE_KINDS | {"Pod"}
CLUSTER_SCOPED = frozenset(
    {
        *("APIService", "CSIDriver", "CSINode", "CertificateSigningRequest", "ClusterRole", "ClusterRoleBinding"),
        *("CustomResourceDefinition", "FlowSchema", "IngressClass", "MutatingWebhookConfiguration", "Namespace"),
        *("Node", "PersistentVolume", "PriorityClass", "PriorityLevelConfiguration", "RuntimeClass", "StorageClass"),
        *("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration"),
        *("VolumeAttachment",),
    }
)
"""Those that are in no namespace."""


def is_cluster_scoped(kind: str) -> bool:
    """Tell whether objects of a kind are in no namespace."""
    return kind in CLUSTER_SCOPED
