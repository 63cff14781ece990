"""Reads what objects say about the network of their cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.network_facts import NOTHING
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
    if key in DAEMON_SETS or key in DEPLOYMENTS or key in OLD_KINDS or not group:
        from k8snetlint.model import network_daemon_set as pods  # noqa: PLC0415 - only where one of these occurs

        if key in DAEMON_SETS:
            return pods.daemon_set_facts(value)
        if key in DEPLOYMENTS:
            return pods.deployment_facts(value)
        return pods.old_facts(value) if group else pods.pod_facts(value)
    from k8snetlint.model import network_settings as others  # noqa: PLC0415 - as above

    if key in SETTINGS:
        return others.settings_facts(value, group, kind)
    if key in DELIVERIES:
        return others.delivery_facts(value, kind)
    return others.kustomization_facts(value) if key == KUSTOMIZATION else others.policy_facts(value, group, kind)
