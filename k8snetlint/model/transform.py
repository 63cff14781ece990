"""Objects as a kustomization changes them: its plain transformers, by kustomize's own field lists.

Patches are not applied: an object that a patch may change in what matters here is marked as `patched`.

Source: https://github.com/kubernetes-sigs/kustomize/tree/master/api/internal/konfig/builtinpluginconsts
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING

from k8snetlint.model.cluster import is_cluster_scoped
from k8snetlint.model.namespace import Namespace
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.model.service import Service
from k8snetlint.model.tables.kinds import SELECTING_KINDS, TEMPLATE_KINDS
from k8snetlint.model.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from k8snetlint.model.kustomization import Kustomization, Labels, Patch
    from k8snetlint.model.networkpolicy import PolicyRule
    from k8snetlint.model.resource import Resource
    from k8snetlint.model.selectors import LabelSelector

_NAMES_STAY = frozenset({"APIService", "CustomResourceDefinition", "Namespace"})
_TELLING = ("abel", "elector", "ort", "amespace", "hostNetwork", "$patch", "op: remove", "/spec/template\n")
"""What a patch says that changes who is selected, and by which port."""


def transformed(resource: Resource, kustomization: Kustomization, patched: Iterable[Target]) -> Resource:
    """Return a resource as it leaves a kustomization; the resource itself if nothing changes."""
    touched = kustomization.transforms or any(
        kind in (None, resource.kind) and name in (None, resource.name) for kind, name in patched
    )
    if not (kustomization.changes or touched):
        return resource
    changed = copy.copy(resource)
    changed.origin = resource.origin or resource
    changed.patched = resource.patched or touched
    for labels in kustomization.labels:
        _label(changed, labels)
    if kustomization.namespace:
        if isinstance(changed, Namespace):
            changed.name = kustomization.namespace
        elif not is_cluster_scoped(changed.kind):
            changed.namespace = kustomization.namespace
    if changed.name and changed.kind not in _NAMES_STAY:
        changed.name = _renamed(changed.name, kustomization)
    if isinstance(changed, Workload) and changed.service_name:
        changed.service_name = _renamed(changed.service_name, kustomization)
    return changed


def _renamed(name: str, kustomization: Kustomization) -> str:
    return f"{kustomization.name_prefix}{name}{kustomization.name_suffix}"


Target = tuple["str | None", "str | None"]
"""Kind and name of what a patch changes, None for any."""


def targets(patches: Iterable[Patch], texts: Mapping[str, str]) -> list[Target]:
    """Return what patches change in a way that matters; `texts` holds the patch files that are known."""
    found: list[Target] = []
    for patch in patches:
        text = patch.text if patch.path is None else texts.get(patch.path)
        if text is None:
            found.append((patch.kind, patch.name))
        elif any(word in text for word in _TELLING):
            if patch.kind:
                found.append((patch.kind, patch.name))
                continue
            for part in re.split("(?m)^---", text):
                kind = re.search(r"""(?m)^kind:\s*["']?(\w+)""", part)
                name = re.search(r"""(?m)^metadata:\s*\n(?:[ #].*\n|\n)*?\s+name:\s*["']?([\w.-]+)""", part)
                if kind:
                    found.append((kind[1], name[1] if name else None))
    return found


def _label(resource: Resource, added: Labels) -> None:
    labels = added.labels
    if isinstance(resource, Namespace | Service | Workload):
        resource.labels = {**resource.labels, **labels}
    if isinstance(resource, Workload):
        if resource.kind == "Pod" or (added.templates and resource.kind in TEMPLATE_KINDS):
            resource.pod_labels = {**resource.pod_labels, **labels}
        if added.selectors and resource.kind in SELECTING_KINDS:
            resource.selector = resource.selector and resource.selector.with_labels(labels)
    elif added.selectors and isinstance(resource, Service):
        if resource.selector is not None:
            resource.ask_for(labels)
    elif added.selectors and isinstance(resource, NetworkPolicy):
        # Only where `matchLabels` is written; the empty selector stays empty.
        resource.pod_selector = _extended(resource.pod_selector, labels)
        resource.ingress = _with_peers(resource.ingress, labels)
        resource.egress = _with_peers(resource.egress, labels)


def _extended(selector: LabelSelector | None, labels: Mapping[str, str]) -> LabelSelector | None:
    if selector is None or selector.match_labels is None:
        return selector
    return selector.with_labels(labels)


def _with_peers(rules: tuple[PolicyRule, ...] | None, labels: Mapping[str, str]) -> tuple[PolicyRule, ...] | None:
    if rules is None:
        return None
    changed: list[PolicyRule] = []
    for rule in rules:
        new = copy.copy(rule)
        if rule.peers is not None:
            new.peers = tuple(copy.copy(peer) for peer in rule.peers)
            for peer in new.peers:
                peer.pod_selector = _extended(peer.pod_selector, labels)
        changed.append(new)
    return tuple(changed)
