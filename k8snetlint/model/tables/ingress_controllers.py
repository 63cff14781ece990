"""Ingress controllers: which IngressClasses they serve, and which annotations they read.

Sources: the documentation of each controller, from
https://kubernetes.io/docs/concepts/services-networking/ingress-controllers/
"""

from __future__ import annotations

INGRESS_NGINX = "ingress-nginx"
"""https://kubernetes.github.io/ingress-nginx/, the controller of the Kubernetes project."""
NGINX_INC = "the controller of F5 NGINX"
"""https://docs.nginx.com/nginx-ingress-controller/"""
ALB, GCE, TRAEFIK = "the AWS Load Balancer Controller", "GKE Ingress", "Traefik"
"""https://kubernetes-sigs.github.io/aws-load-balancer-controller/, https://cloud.google.com/kubernetes-engine/docs/,
https://doc.traefik.io/traefik/reference/install-configuration/providers/kubernetes/kubernetes-ingress/"""
HAPROXY_TECH, HAPROXY = "the controller of HAProxy Technologies", "HAProxy Ingress"
"""https://www.haproxy.com/documentation/kubernetes-ingress/, https://haproxy-ingress.github.io/"""
KONG, CONTOUR, AGIC = "Kong", "Contour", "Azure Application Gateway"
"""https://developer.konghq.com/kubernetes-ingress-controller/, https://projectcontour.io/docs/,
https://azure.github.io/application-gateway-kubernetes-ingress/"""
CILIUM, ISTIO, TAILSCALE = "Cilium", "Istio", "Tailscale"
"""https://docs.cilium.io/, https://istio.io/latest/docs/tasks/traffic-management/ingress/kubernetes-ingress/,
https://tailscale.com/kb/1439/kubernetes-operator-cluster-ingress"""

CONTROLLERS = {
    "k8s.io/ingress-nginx": INGRESS_NGINX,
    # https://learn.microsoft.com/azure/aks/app-routing
    "webapprouting.kubernetes.azure.com/nginx": INGRESS_NGINX,
    "nginx.org/ingress-controller": NGINX_INC,
    "ingress.k8s.aws/alb": ALB,
    "eks.amazonaws.com/alb": ALB,
    "traefik.io/ingress-controller": TRAEFIK,
    "haproxy.org/ingress-controller": HAPROXY_TECH,
    "haproxy-ingress.github.io/controller": HAPROXY,
    "ingress-controllers.konghq.com/kong": KONG,
    "projectcontour.io/ingress-controller": CONTOUR,
    "azure/application-gateway": AGIC,
    "cilium.io/ingress-controller": CILIUM,
    "istio.io/ingress-controller": ISTIO,
    "tailscale.com/ts-ingress": TAILSCALE,
}
"""Controllers by the `spec.controller` of their IngressClasses."""

CLASS_NAMES = {
    "nginx": INGRESS_NGINX,
    "alb": ALB,
    "gce": GCE,
    "gce-internal": GCE,
    "traefik": TRAEFIK,
    "haproxy": "",
    "kong": KONG,
    "contour": CONTOUR,
    "azure-application-gateway": AGIC,
    "azure/application-gateway": AGIC,
    "cilium": CILIUM,
    "istio": ISTIO,
    "tailscale": TAILSCALE,
    "webapprouting.kubernetes.azure.com": INGRESS_NGINX,
}
"""Controllers by the class names that their documentation and charts use; empty where two controllers use one.

The controller of F5 NGINX calls its class `nginx`, too: annotations tell which of the two serves it.
"""

ANNOTATIONS = {
    "nginx.ingress.kubernetes.io/": INGRESS_NGINX,
    "nginx.org/": NGINX_INC,
    "nginx.com/": NGINX_INC,
    "alb.ingress.kubernetes.io/": ALB,
    "networking.gke.io/": GCE,
    "traefik.ingress.kubernetes.io/": TRAEFIK,
    "haproxy.org/": HAPROXY_TECH,
    "haproxy-ingress.github.io/": HAPROXY,
    "konghq.com/": KONG,
    "projectcontour.io/": CONTOUR,
    "appgw.ingress.kubernetes.io/": AGIC,
    "ingress.cilium.io/": CILIUM,
}
"""Which controller reads annotations that begin so."""

ALSO_READ = {
    # Since 3.5, with the provider kubernetesIngressNGINX:
    # https://doc.traefik.io/traefik/reference/install-configuration/providers/kubernetes/kubernetes-ingress-nginx/
    TRAEFIK: ("nginx.ingress.kubernetes.io/",),
    # It reads annotations of several prefixes, which its operator chooses (`--annotations-prefix`).
    HAPROXY: ("ingress.kubernetes.io/", "nginx.ingress.kubernetes.io/", "haproxy.org/"),
}
"""What a controller reads, or may read, beside its own annotations."""

IGNORES_WITHOUT_CLASS = frozenset({INGRESS_NGINX, NGINX_INC, ALB, HAPROXY, KONG, AGIC, CILIUM, ISTIO, TAILSCALE})
"""Controllers that serve no Ingress without a class, unless theirs is the default one.

Traefik serves it, if no class is configured: pkg/provider/kubernetes/ingress/kubernetes.go, shouldProcessIngress.
"""

SEPARATE = frozenset({ALB, GCE, TAILSCALE})
"""Controllers that make a load balancer or a proxy for each Ingress, so that two may have the same path."""

REFUSES_EXTERNAL_NAME = {
    ALB: "because it only knows pods and nodes",
    GCE: "because it only knows pods and nodes",
    TRAEFIK: "unless its option allowExternalNameServices is set",
    CONTOUR: "unless its option enableExternalNameService is set",
}
"""Controllers that send no requests to Services of type ExternalName, and why.

Sources: https://github.com/kubernetes/ingress-gce/issues/1169,
https://doc.traefik.io/traefik/reference/install-configuration/providers/kubernetes/kubernetes-ingress/,
https://projectcontour.io/docs/main/configuration/
"""


def controller_named(controller: str) -> str:
    """Return the controller of an IngressClass, empty if it is not known."""
    known = CONTROLLERS.get(controller, "")
    # A second controller of a cluster is called `k8s.io/internal-ingress-nginx`:
    # https://kubernetes.github.io/ingress-nginx/user-guide/multiple-ingress/
    host, _, name = controller.partition("/")
    if not known and host == "k8s.io" and "ingress-nginx" in name:
        return INGRESS_NGINX
    # `haproxy.org/ingress-controller/NAME` is that of one controller of several.
    if not known and controller.startswith("haproxy.org/ingress-controller/"):
        return HAPROXY_TECH
    return known
