"""A typed view of one Kubernetes object; one module per kind has the classes."""

from __future__ import annotations

import functools
import importlib
from typing import TYPE_CHECKING

from k8snetlint.finding import ObjectName
from k8snetlint.model.aspects import NAME, overlap
from k8snetlint.model.tables.network_kinds import may_say_something
from k8snetlint.model.values import Unknown, items, mapping, text
from k8snetlint.source.document import Place
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from k8snetlint.model.dns_uses import DnsFacts
    from k8snetlint.model.network_facts import NetworkFacts
    from k8snetlint.model.patched_fields import PatchedFields
    from k8snetlint.source.document import Source
    from k8snetlint.source.paths import FieldPath

_WORKLOAD = ("workload", "Workload")
_DELIVERY = ("delivery", "Delivery")
_ROLLOUT = ("rollout", "Rollout")
_EXTENSION = ("extension", "Extension")
_MONITOR = ("monitor", "Monitor")
_OTHER_POLICY = ("otherpolicy", "OtherPolicy")
_CLASSES = {
    ("", "Endpoints"): ("endpoints", "Endpoints"),
    ("", "Namespace"): ("namespace", "Namespace"),
    ("", "Pod"): _WORKLOAD,
    ("", "ReplicationController"): _WORKLOAD,
    ("", "Service"): ("service", "Service"),
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"): _EXTENSION,
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"): _EXTENSION,
    ("apiextensions.k8s.io", "CustomResourceDefinition"): _EXTENSION,
    ("apiregistration.k8s.io", "APIService"): _EXTENSION,
    ("argoproj.io", "Application"): _DELIVERY,
    ("argoproj.io", "ApplicationSet"): _DELIVERY,
    ("argoproj.io", "Rollout"): _ROLLOUT,
    ("helm.cattle.io", "HelmChart"): _DELIVERY,
    ("helm.fluxcd.io", "HelmRelease"): _DELIVERY,
    ("helm.toolkit.fluxcd.io", "HelmRelease"): _DELIVERY,
    ("kustomize.toolkit.fluxcd.io", "Kustomization"): _DELIVERY,
    ("monitoring.coreos.com", "PodMonitor"): _MONITOR,
    ("monitoring.coreos.com", "ServiceMonitor"): _MONITOR,
    ("cilium.io", "CiliumClusterwideNetworkPolicy"): _OTHER_POLICY,
    ("cilium.io", "CiliumNetworkPolicy"): _OTHER_POLICY,
    ("crd.antrea.io", "ClusterNetworkPolicy"): _OTHER_POLICY,
    ("crd.antrea.io", "NetworkPolicy"): _OTHER_POLICY,
    ("crd.projectcalico.org", "GlobalNetworkPolicy"): _OTHER_POLICY,
    ("crd.projectcalico.org", "NetworkPolicy"): _OTHER_POLICY,
    ("kyverno.io", "ClusterPolicy"): _OTHER_POLICY,
    ("kyverno.io", "Policy"): _OTHER_POLICY,
    ("networking.k8s.aws", "ApplicationNetworkPolicy"): _OTHER_POLICY,
    ("networking.k8s.aws", "ClusterNetworkPolicy"): _OTHER_POLICY,
    ("policy.networking.k8s.io", "AdminNetworkPolicy"): _OTHER_POLICY,
    ("policy.networking.k8s.io", "BaselineAdminNetworkPolicy"): _OTHER_POLICY,
    ("policy.networking.k8s.io", "ClusterNetworkPolicy"): _OTHER_POLICY,
    ("projectcalico.org", "GlobalNetworkPolicy"): _OTHER_POLICY,
    ("projectcalico.org", "NetworkPolicy"): _OTHER_POLICY,
    ("apps", "DaemonSet"): _WORKLOAD,
    ("apps", "Deployment"): _WORKLOAD,
    ("apps", "ReplicaSet"): _WORKLOAD,
    ("apps", "StatefulSet"): _WORKLOAD,
    ("batch", "CronJob"): _WORKLOAD,
    ("batch", "Job"): _WORKLOAD,
    ("discovery.k8s.io", "EndpointSlice"): ("endpoints", "EndpointSlice"),
    ("networking.k8s.io", "Ingress"): ("ingress", "Ingress"),
    ("networking.k8s.io", "IngressClass"): ("ingress", "IngressClass"),
    ("networking.k8s.io", "NetworkPolicy"): ("networkpolicy", "NetworkPolicy"),
}
"""Module and class by API group and kind: a kind's module is imported when the kind occurs."""


class Resource:
    """One object as written, nothing defaulted; it outlives its document, and has plain values only.

    A view never raises: what is missing or does not parse is None.

    Slots:
        source, document: where it is written.
        root: `()`, or `("items", 3)` for an item of a List.
        api_version, group, version, kind: what it is; the core group is empty.
        name, namespace: as written; None if not written or no string.
        network: what it says about the network of its cluster; None if nothing.
        unknown_fields: paths of fields that the kind does not have.
        origin: the object as it is written, if a kustomization changes it; None otherwise.
        patched: the aspects (`model.aspects`) that are not known, because a kustomization patches it; empty if all
            aspects are known.
        patches: what patches touch of it.
        dns: what it says about names of the cluster's DNS; None if nothing.
        raw: the plain value of an object with unknown fields; None for all others, whose documents are not kept.
    """

    __slots__ = (
        "_written",
        "api_version",
        "dns",
        "document",
        "group",
        "kind",
        "name",
        "namespace",
        "network",
        "origin",
        "patched",
        "patches",
        "raw",
        "root",
        "source",
        "unknown_fields",
        "version",
    )

    def __init__(
        self,
        value: dict[str, object],
        source: Source,
        document: int,
        root: FieldPath = (),
        unknown_fields: Iterable[FieldPath] = (),
    ) -> None:
        # Whether an aspect is written without placeholders: rules ask it again and again.
        self._written: dict[str, bool] = {}
        self.source = source
        self.document = document
        self.root = root
        self.dns: DnsFacts | None = None
        self.origin: Resource | None = None
        self.patched: frozenset[str] = frozenset()
        self.patches: tuple[PatchedFields, ...] = ()
        self.unknown_fields = tuple(unknown_fields)
        self.raw = value if self.unknown_fields else None
        self.api_version = text(value.get("apiVersion")) or ""
        self.group, _, self.version = self.api_version.rpartition("/")
        self.kind = text(value.get("kind")) or ""
        metadata = mapping(value.get("metadata"))
        self.name = text(metadata.get("name"))
        self.namespace = text(metadata.get("namespace"))
        self.network: NetworkFacts | None = None

    def at(self, *path: str | int, key: bool = False) -> Place:
        """Return the place of a field, with `key` that of its key."""
        return Place(self.source, self.document, path, self.root, key)

    @property
    def folder(self) -> str:
        """The folder of its file, empty for the one at the top."""
        return self.source.name.rpartition("/")[0]

    def object_name(self) -> ObjectName:
        """Return which object it is, as written."""
        return ObjectName(self.api_version, self.kind, self.namespace, self.name)

    def copy(self) -> Self:
        """Return another view of the same object."""
        copied = object.__new__(type(self))
        for name in _slots_of(*type(self).__mro__):
            setattr(copied, name, getattr(self, name))
        return copied

    def moved(self, value: dict[str, object]) -> Resource:
        """Return the view of an object of which only the name or the namespace is another one."""
        moved = self.copy()
        moved._written = {}  # noqa: SLF001 - of the same class
        metadata = mapping(value.get("metadata"))
        moved.name, moved.namespace = text(metadata.get("name")), text(metadata.get("namespace"))
        return moved

    def knows(self, *aspects: str) -> bool:
        """Tell whether some aspects of it are known: no patch touches them, and no placeholder stands in them."""
        if not self.patched.isdisjoint(aspects):
            return False
        for each in aspects:
            if each not in self._written:
                self._written[each] = not any(map(is_placeholder, self.texts_of(each)))
            if not self._written[each]:
                return False
        return True

    def is_patched_at(self, *path: str) -> bool:
        """Tell whether a patch touches a field, something in it or something around it; `*` is an entry of a list."""
        return any(overlap(touched, path) for patch in self.patches for touched in patch.touched)

    def is_set_by_patch(self, *path: str | int) -> bool:
        """Tell whether a patch sets or removes a field, or something that it is in; not if it may touch anything."""
        steps = tuple("*" if isinstance(step, int) else str(step) for step in path)
        every = (touched for patch in self.patches for touched in patch.touched if touched)
        return any(steps[: len(touched)] == touched for touched in every)

    def texts_of(self, aspect: str) -> Iterable[str]:
        """Return what is written of an aspect."""
        return (self.name or "", self.namespace or "") if aspect == NAME else ()

    def misplaces(self, field: str) -> bool:
        """Tell whether an unknown field was probably meant to be `field`: it is misspelt, or in the wrong place."""
        if not self.unknown_fields:
            return False
        from k8snetlint.source.similar import closest  # noqa: PLC0415 - unknown fields are rare

        names = (path[-1] for path in self.unknown_fields)
        return any(isinstance(name, str) and closest(name, (field,)) == field for name in names)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.object_name()})"


def resource_of(
    value: dict[str, object],
    source: Source,
    document: int,
    root: FieldPath = (),
    unknown_fields: Iterable[FieldPath] = (),
    *,
    typed: bool = True,
) -> Resource:
    """Return the view of an object in the class of its kind.

    It is a plain `Resource` where only the name is known: the kind has no class, the API server cannot decode the
    object, or a placeholder replaces a part that has a structure.

    Args:
        value: the object, a mapping with `apiVersion` and `kind`.
        source: its text.
        document: kubectl's count of the document.
        root: its path in the document.
        unknown_fields: the paths that the structure check does not know.
        typed: False for an object that the API server cannot decode.
    """
    unknown_fields = tuple(unknown_fields)
    try:
        view = _class_of(value) if typed else Resource
        made = view(value, source, document, root, unknown_fields)
    except Unknown:
        made = Resource(value, source, document, root, unknown_fields)
    if may_say_something(value, made.group, made.kind):
        from k8snetlint.model.network_readers import read_network_facts  # noqa: PLC0415 - few objects say anything

        made.network = read_network_facts(value, made.group, made.kind)
    return made


@functools.cache
def _slots_of(*classes: type) -> tuple[str, ...]:
    return tuple(name for each in classes for name in getattr(each, "__slots__", ()))


def _class_of(value: dict[str, object]) -> type[Resource]:
    api_version, kind = value.get("apiVersion"), value.get("kind")
    if not isinstance(api_version, str) or not isinstance(kind, str):
        return Resource
    known = _CLASSES.get((api_version.rpartition("/")[0], kind))
    if known in (None, _ROLLOUT) and _has_pod_template(value):
        known = _WORKLOAD
    if known is None:
        return Resource
    return _class(*known)


@functools.cache
def _class(module: str, name: str) -> type[Resource]:
    view: type[Resource] = getattr(importlib.import_module(f"k8snetlint.model.{module}"), name)
    return view


def _has_pod_template(value: dict[str, object]) -> bool:
    """Tell whether a custom resource makes pods, as an Argo Rollout does."""
    template = mapping(mapping(value.get("spec")).get("template"))
    return bool(items(mapping(template.get("spec")).get("containers")))
