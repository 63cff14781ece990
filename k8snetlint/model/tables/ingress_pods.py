"""What serves Ingresses, by `spec.controller` of IngressClasses, and how its pods are labelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMES = frozenset(
    {"ingress-nginx", "nginx-ingress", "traefik", "haproxy-ingress", "kubernetes-ingress", "contour", "envoy"}
    | {"kong", "ambassador", "emissary-ingress", "apisix", "voyager", "gloo", "istio-ingressgateway"}
)
"""What the charts of ingress controllers give their pods as `app.kubernetes.io/name`; older ones as `app`."""
_NO_CONTROLLER = frozenset({"admission-webhook", "default-backend", "defaultbackend", "certgen"})
"""Components of these charts that serve no requests."""
_BY_CONTROLLER = {
    "apisix.apache.org/apisix-ingress": {"apisix"},  # https://apisix.apache.org/docs/ingress-controller/
    "getambassador.io/ingress-controller": {"ambassador", "emissary-ingress"},  # https://www.getambassador.io/docs/
    "haproxy-ingress.github.io/controller": {"haproxy-ingress"},  # https://haproxy-ingress.github.io/
    "haproxy.org/ingress-controller": {
        "kubernetes-ingress",
        "haproxy-ingress",
    },  # https://www.haproxy.com/documentation/
    "ingress-controllers.konghq.com/kong": {"kong"},  # https://developer.konghq.com/kubernetes-ingress-controller/
    "istio.io/ingress-controller": {"istio-ingressgateway"},  # https://istio.io/latest/docs/tasks/traffic-management/
    "k8s.io/ingress-nginx": {"ingress-nginx"},  # https://kubernetes.github.io/ingress-nginx/
    "nginx.org/ingress-controller": {"nginx-ingress"},  # https://docs.nginx.com/nginx-ingress-controller/
    "projectcontour.io/ingress-controller": {"contour", "envoy"},  # https://projectcontour.io/docs/
    "traefik.io/ingress-controller": {"traefik"},  # https://doc.traefik.io/traefik/
}
OUTSIDE = frozenset({"ingress.k8s.aws/alb", "eks.amazonaws.com/alb"})
"""Load balancers outside of the cluster, which connect to pods from addresses.

Source: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/ingress_class/
"""


def serves_ingresses(labels: Mapping[str, str], controller: str | None = None) -> bool:
    """Tell whether pods with these labels serve Ingresses.

    Args:
        labels: those of the pods.
        controller: those of IngressClasses with this `spec.controller`; None for any Ingresses.
    """
    if labels.get("app.kubernetes.io/component") in _NO_CONTROLLER:
        return False
    names = _NAMES if controller is None else _BY_CONTROLLER.get(controller, ())
    return labels.get("app.kubernetes.io/name") in names or labels.get("app") in names
