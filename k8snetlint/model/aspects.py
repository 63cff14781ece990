"""Which aspects of an object a patch touches: an aspect is what a question about an object depends on."""

from __future__ import annotations

import functools

from k8snetlint.model.tables.kinds import SELECTING_KINDS, TEMPLATE_KINDS

LABELS = "labels"
"""The object's own labels."""
POD_LABELS = "pod labels"
"""The labels of the pods that it makes, or of the pod that it is."""
SELECTORS = "selectors"
"""What it selects: a selector of a Service or workload, the pods and peers of a policy."""
PORTS = "ports"
"""The ports of its containers, of a Service, of a policy."""
NAME = "name"
"""Its name or namespace, or the name of the Service that its pods get their DNS names from."""
CONTAINERS = "containers"
"""Which containers there are."""
NETWORK = "network"
"""Whether its pods share the node's network, how they resolve names, and whether they know Services by variables."""
CLASS = "class"
"""The class and the annotations of an Ingress."""
ROUTES = "routes"
"""The hosts, paths, backends and certificates of an Ingress."""
HOSTS = "hosts"
"""The hosts of an Ingress, of its rules and its certificates."""
EXPOSURE = "exposure"
"""Who reaches a Service, and at which address: its type, its addresses, what limits or routes its traffic."""
EVERYTHING = "everything"
"""It is not known what of it is touched."""

_POD = (POD_LABELS, PORTS, CONTAINERS, NETWORK)
ALL = frozenset({LABELS, SELECTORS, NAME, CLASS, ROUTES, HOSTS, EXPOSURE, EVERYTHING, *_POD})
"""The aspects of an object that may be patched anywhere."""

Touched = tuple[str, ...]
"""The keys to a field, `*` for an entry of a list; the empty one is the whole object."""

_ANY_KIND = (
    (("metadata", "labels"), {LABELS}),
    (("metadata", "name"), {NAME}),
    (("metadata", "generateName"), {NAME}),
    (("metadata", "namespace"), {NAME}),
)
_SERVICE = (
    (("spec", "selector"), {SELECTORS}),
    (("spec", "ports"), {PORTS}),
    (("spec", "type"), {SELECTORS, PORTS, EXPOSURE}),
    (("spec", "externalName"), {SELECTORS, EXPOSURE}),
    (("spec", "clusterIP"), {PORTS, EXPOSURE}),
    (("spec", "externalIPs"), {EXPOSURE}),
    (("spec", "externalTrafficPolicy"), {EXPOSURE}),
    (("spec", "internalTrafficPolicy"), {EXPOSURE}),
    (("spec", "loadBalancerIP"), {EXPOSURE}),
    (("spec", "loadBalancerSourceRanges"), {EXPOSURE}),
    (("spec", "sessionAffinity"), {EXPOSURE}),
    (("metadata", "annotations"), {EXPOSURE}),
)
_POLICY = (
    (("spec", "podSelector"), {SELECTORS}),
    (("spec", "policyTypes"), {SELECTORS, PORTS}),
    (("spec", "ingress", "*", "from"), {SELECTORS}),
    (("spec", "egress", "*", "to"), {SELECTORS}),
    (("spec", "ingress", "*", "ports"), {PORTS}),
    (("spec", "egress", "*", "ports"), {PORTS}),
)
_INGRESS = (
    (("metadata", "annotations"), {CLASS}),
    (("spec", "ingressClassName"), {CLASS}),
    (("spec", "rules"), {ROUTES, HOSTS}),
    (("spec", "defaultBackend"), {ROUTES, HOSTS}),
    (("spec", "tls"), {ROUTES, HOSTS}),
)
_WORKLOAD = ((("spec", "selector"), {SELECTORS}), (("spec", "serviceName"), {NAME}))


def aspects_of(touched: Touched, kind: str) -> frozenset[str]:
    """Return the aspects of an object of a kind that depend on a field that is changed, added or removed."""
    if not touched:
        return ALL
    found: set[str] = set()
    for path, aspects in _fields_of(kind):
        if overlap(touched, path):
            found |= aspects
    return frozenset(found)


def overlap(one: Touched, other: Touched) -> bool:
    """Tell whether one of two fields is the other, or contains it."""
    return all(a == b for a, b in zip(one, other, strict=False))


@functools.cache
def _fields_of(kind: str) -> tuple[tuple[Touched, set[str]], ...]:
    match kind:
        case "Service":
            return (*_ANY_KIND, *_SERVICE)
        case "Ingress":
            return (*_ANY_KIND, *_INGRESS)
        case "NetworkPolicy":
            return (*_ANY_KIND, *_POLICY)
        case "Pod":
            return (*_ANY_KIND, (("metadata", "labels"), {POD_LABELS}), *_fields_of_pod(()))
        case "CronJob":
            return (*_ANY_KIND, *_fields_of_template(("spec", "jobTemplate", "spec", "template")))
    known = kind in TEMPLATE_KINDS
    # A custom resource may have a pod template, too.
    selects = _WORKLOAD if kind in SELECTING_KINDS or not known else ()
    return (*_ANY_KIND, *selects, *_fields_of_template(("spec", "template")))


def _fields_of_template(template: Touched) -> tuple[tuple[Touched, set[str]], ...]:
    return (((*template, "metadata", "labels"), {POD_LABELS}), *_fields_of_pod(template))


def _fields_of_pod(template: Touched) -> tuple[tuple[Touched, set[str]], ...]:
    spec = (*template, "spec")
    return (
        *(((*spec, field, "*", "ports"), {PORTS}) for field in ("containers", "initContainers")),
        # Only a list of containers as a whole, or an entry of it as a whole, ends where the name does.
        *(((*spec, field, "*", "name"), {CONTAINERS}) for field in ("containers", "initContainers")),
        ((*spec, "hostNetwork"), {NETWORK}),
        ((*spec, "dnsPolicy"), {NETWORK}),
        ((*spec, "dnsConfig"), {NETWORK}),
        ((*spec, "enableServiceLinks"), {NETWORK}),
        ((*spec, "hostAliases"), {NETWORK}),
    )
