"""Kinds of Kubernetes itself that make pods.

Source: https://kubernetes.io/docs/concepts/workloads/
"""

from __future__ import annotations

POD_GROUPS = frozenset({"", "apps", "batch", "extensions"})
"""The API groups of these kinds; `extensions` is that of old versions."""
SELECTING_KINDS = frozenset({"DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"})
"""Those that find their pods by a label selector, which must be written."""
TEMPLATE_KINDS = SELECTING_KINDS | {"CronJob", "Job", "ReplicationController"}
"""Those with a pod template."""
POD_KINDS = TEMPLATE_KINDS | {"Pod"}
