"""Which controller serves an Ingress: its IngressClass says so, or the name of its class, or its annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.aspects import EVERYTHING, NAME
from k8snetlint.model.ingress import IngressClass
from k8snetlint.model.tables.ingress_controllers import (
    ANNOTATIONS,
    CLASS_NAMES,
    INGRESS_NGINX,
    NGINX_INC,
    controller_named,
)

if TYPE_CHECKING:
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.ingress import Ingress

NGINX_PREFIX = "nginx.ingress.kubernetes.io/"
"""How the annotations begin that ingress-nginx reads."""


def ingress_classes(cluster: Cluster) -> dict[str, list[IngressClass]]:
    """Return the IngressClasses of the manifests by their names."""
    answers = cluster.index.answers
    found: dict[str, list[IngressClass]] | None = answers.get("ingress classes")
    if found is None:
        found = answers["ingress classes"] = {}
        for each in cluster.known(IngressClass):
            found.setdefault(each.name or "", []).append(each)
    return found


def controller_of(ingress: Ingress, cluster: Cluster) -> str:
    """Return the controller that serves an Ingress, a name of `tables.ingress_controllers`; empty if not known.

    An IngressClass of the manifests decides, then the name of the class. Where both controllers of NGINX may be behind
    a name, the annotations tell which one is.
    """
    name = ingress.class_name
    defined = ingress_classes(cluster)
    classes = defined.get(name, []) if name else _default_classes(defined)
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


def nginx_annotation(ingress: Ingress, name: str) -> str | None:
    """Return the value of an annotation of ingress-nginx, None if it is missing."""
    return ingress.annotations.get(NGINX_PREFIX + name)


def is_true(value: str | None) -> bool:
    """Tell whether ingress-nginx reads an annotation as true.

    Source: https://pkg.go.dev/strconv#ParseBool
    """
    return value in ("1", "t", "T", "true", "TRUE", "True")


def _default_classes(defined: dict[str, list[IngressClass]]) -> list[IngressClass]:
    return [each for classes in defined.values() for each in classes if each.is_default]
