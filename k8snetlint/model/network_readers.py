"""Reads what objects say about the network of their cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.network_daemon_set import daemon_set_facts, deployment_facts, old_facts, pod_facts
from k8snetlint.model.network_facts import NOTHING
from k8snetlint.model.network_settings import delivery_facts, kustomization_facts, policy_facts, settings_facts
from k8snetlint.model.tables.network_kinds import (
    CONFIG_MAP,
    DAEMON_SETS,
    DELIVERIES,
    DEPLOYMENTS,
    KUSTOMIZATION,
    OLD_KINDS,
    SETTINGS,
)

if TYPE_CHECKING:
    from k8snetlint.model.network_facts import NetworkFacts


def read_network_facts(value: dict[str, object], group: str, kind: str) -> NetworkFacts | None:
    """Return what an object says that `may_say_something`; None if it says nothing."""
    facts = _facts(value, group, kind)
    return None if facts == NOTHING else facts


def _facts(value: dict[str, object], group: str, kind: str) -> NetworkFacts:
    key = (group, kind)
    if key == CONFIG_MAP:
        from k8snetlint.model.network_config_map import config_map_facts  # noqa: PLC0415 - reads JSON

        return config_map_facts(value)
    if key in DAEMON_SETS:
        return daemon_set_facts(value)
    if key in DEPLOYMENTS:
        return deployment_facts(value)
    if key in SETTINGS:
        return settings_facts(value, group, kind)
    if key in DELIVERIES:
        return delivery_facts(value, kind)
    if key == KUSTOMIZATION:
        return kustomization_facts(value)
    return old_facts(value) if key in OLD_KINDS else pod_facts(value) if not group else policy_facts(value, group, kind)
