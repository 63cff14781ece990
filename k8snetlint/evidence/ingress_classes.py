"""Which controller serves an Ingress: its IngressClass says so, or the name of its class, or its annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.namespaces import written_namespace
from k8snetlint.model.aspects import EVERYTHING, NAME
from k8snetlint.model.ingress import IngressClass
from k8snetlint.model.resource import Resource
from k8snetlint.model.spelling import Spellings, typo_distance
from k8snetlint.model.tables.ingress_controllers import (
    ANNOTATIONS,
    CLASS_NAMES,
    GCE,
    INGRESS_NGINX,
    NGINX_INC,
    controller_named,
)
from k8snetlint.model.values import mapping, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.ingress import Ingress
    from k8snetlint.source.document import Source

NGINX_PREFIX = "nginx.ingress.kubernetes.io/"
"""How the annotations begin that ingress-nginx reads."""
_GKE_ANNOTATIONS = frozenset(
    {
        "kubernetes.io/ingress.allow-http",
        "kubernetes.io/ingress.global-static-ip-name",
        "kubernetes.io/ingress.regional-static-ip-name",
        "ingress.gcp.kubernetes.io/pre-shared-cert",
    }
)
"""Source: https://cloud.google.com/kubernetes-engine/docs/how-to/load-balance-ingress"""


class IngressClasses:
    """The IngressClasses of the manifests.

    Slots:
        every: all of them.
        by_name: by their names.
        defaults: those that Ingresses without a class get.
        may_have_default: whether there is a default class, or a patch may make one.
    """

    __slots__ = ("by_name", "defaults", "every", "may_have_default")

    def __init__(self, every: Iterable[IngressClass]) -> None:
        self.every = tuple(every)
        self.by_name: dict[str, list[IngressClass]] = {}
        for each in self.every:
            self.by_name.setdefault(each.name or "", []).append(each)
        self.defaults = [each for each in self.every if each.is_default]
        self.may_have_default = bool(self.defaults) or any(each.patched for each in self.every)


def ingress_classes(cluster: Cluster) -> IngressClasses:
    """Return all IngressClasses."""
    answers = cluster.index.answers
    found: IngressClasses | None = answers.get("ingress classes")
    if found is None:
        found = answers["ingress classes"] = IngressClasses(cluster.known(IngressClass))
    return found


def classes_with(cluster: Cluster, ingress: Ingress) -> IngressClasses:
    """Return the IngressClasses that are evidently in one cluster with an Ingress.

    In a folder of examples, where no namespace is written, only those of one file are.
    """
    if cluster.applied_together or cluster.environment.whole_cluster or written_namespace(cluster, ingress):
        return ingress_classes(cluster)
    answers = cluster.index.answers
    by_source: dict[Source, IngressClasses] | None = answers.get("ingress classes of files")
    if by_source is None:
        in_files: dict[Source, list[IngressClass]] = {}
        for each in cluster.known(IngressClass):
            in_files.setdefault(each.source, []).append(each)
        by_source = {source: IngressClasses(each) for source, each in in_files.items()}
        answers["ingress classes of files"] = by_source
    return by_source.get(ingress.source) or IngressClasses(())


def controller_of(ingress: Ingress, cluster: Cluster) -> str:
    """Return the controller that serves an Ingress, a name of `tables.ingress_controllers`; empty if not known.

    An IngressClass of the manifests decides, then the name of the class. Where both controllers of NGINX may be behind
    a name, the annotations tell which one is.
    """
    name = ingress.class_name
    defined = ingress_classes(cluster)
    classes = defined.by_name.get(name, []) if name else defined.defaults
    if classes:
        found = {controller_named(each.controller) for each in classes}
        sure = len(found) == 1 and all(each.knows(NAME) and EVERYTHING not in each.patched for each in classes)
        return found.pop() if sure else ""
    controller = CLASS_NAMES.get(name or "", "")
    if controller == INGRESS_NGINX and NGINX_INC in annotated_for(ingress):
        return ""
    return controller


def annotated_for(ingress: Ingress) -> set[str]:
    """Return the controllers that read annotations of an Ingress."""
    prefixes = {f"{name.partition('/')[0]}/" for name in ingress.annotations}
    return {ANNOTATIONS[each] for each in prefixes & ANNOTATIONS.keys()}


def is_for_ingress_nginx(ingress: Ingress, cluster: Cluster) -> bool:
    """Tell whether ingress-nginx serves an Ingress, or is intended to.

    Where the class is not known, annotations that only this controller reads say what is intended.
    """
    controller = controller_of(ingress, cluster)
    if controller:
        return controller == INGRESS_NGINX
    return annotated_for(ingress) == {INGRESS_NGINX}


def is_read_by_gke(ingress: Ingress) -> bool:
    """Tell whether annotations of an Ingress are those of GKE, which also serves Ingresses without a class."""
    return GCE in annotated_for(ingress) or not _GKE_ANNOTATIONS.isdisjoint(ingress.annotations)


def similar_class(cluster: Cluster, name: str) -> str | None:
    """Return the only class of which a name may be a misspelling: an IngressClass, or that of a known controller."""
    answers = cluster.index.answers
    spellings: Spellings | None = answers.get("spellings of ingress classes")
    if spellings is None:
        spellings = Spellings(dict.fromkeys((*ingress_classes(cluster).by_name, *CLASS_NAMES)))
        answers["spellings of ingress classes"] = spellings
    found = [each for each in spellings.near(name) if typo_distance(name, each) is not None]
    return found[0] if len(found) == 1 else None


def unseen_classes(cluster: Cluster) -> str:
    """Return why there may be IngressClasses that no manifest shows, empty if there is no reason."""
    answers = cluster.index.answers
    why: str | None = answers.get("unseen ingress classes")
    if why is None:
        unseen = cluster.index.deliveries.unseen
        why = next(iter(cluster.doubts), "") or min(unseen.values(), default=(0, ""))[1]
        why = answers["unseen ingress classes"] = "" if cluster.environment.whole_cluster else why
    return why


def nginx_annotation(ingress: Ingress, name: str) -> str | None:
    """Return the value of an annotation of ingress-nginx, None if it is missing."""
    return ingress.annotations.get(NGINX_PREFIX + name)


def is_true(value: str | None) -> bool:
    """Tell whether ingress-nginx reads an annotation as true.

    Source: https://pkg.go.dev/strconv#ParseBool
    """
    return value in ("1", "t", "T", "true", "TRUE", "True")


def allows_snippets(cluster: Cluster) -> bool | None:
    """Tell whether ingress-nginx is configured to read snippets; None if its configuration is not known.

    It is known if the manifests contain an IngressClass of the controller, and a ConfigMap that is called like it.
    """
    answers = cluster.index.answers
    if "snippets" not in answers:
        answers["snippets"] = _allows_snippets(cluster)
    known: bool | None = answers["snippets"]
    return known


def _allows_snippets(cluster: Cluster) -> bool | None:
    classes = ingress_classes(cluster).every
    if cluster.definition_of is None or all(controller_named(each.controller) != INGRESS_NGINX for each in classes):
        return None
    named = (each for each in cluster.known(Resource) if each.kind == "ConfigMap" and "ingress-nginx" in str(each.name))
    found = [mapping(mapping(cluster.definition_of(each)).get("data")) for each in named if not each.patches]
    return any(is_true(text(each.get("allow-snippet-annotations"))) for each in found) if found else None
