"""Which pods serve an Ingress: those that are configured, those of its class, those with known labels, or others."""

from __future__ import annotations

import pytest
from manifests import cluster_of

from k8snetlint.connectivity.engine import Connectivity
from k8snetlint.connectivity.ingress_paths import ingress_paths
from k8snetlint.connectivity.peers import peers_of
from k8snetlint.finding import ConfigError
from k8snetlint.model.bitsets import positions
from k8snetlint.model.environment import Environment, parse_ingress_controller
from k8snetlint.rules.usual_objects import service, workload

WEB = workload("Deployment", "web", namespace="shop", ports="{containerPort: 8080}")
SERVICE = service("web", namespace="shop", ports="{port: 80, targetPort: 8080}")
NGINX = workload("Deployment", "nginx", "app.kubernetes.io/name: ingress-nginx", namespace="edge")
TRAEFIK = workload("Deployment", "traefik", "app.kubernetes.io/name: traefik", namespace="proxies")
OWN = workload("Deployment", "own", "app: own-proxy", namespace="own")
CONFIGURED = ("own?app=own-proxy",)


def ingress(class_name: str = "", annotation: str = "") -> str:
    """Return an Ingress to the Service."""
    annotations = f", annotations: {{kubernetes.io/ingress.class: {annotation}}}" if annotation else ""
    of_class = f"ingressClassName: {class_name}, " if class_name else ""
    backend = "defaultBackend: {service: {name: web, port: {number: 80}}}"
    begin = "apiVersion: networking.k8s.io/v1\nkind: Ingress\n"
    return f"{begin}metadata: {{name: web, namespace: shop{annotations}}}\nspec: {{{of_class}{backend}}}\n"


def ingress_class(name: str, controller: str, *, default: bool = False) -> str:
    """Return an IngressClass."""
    annotations = ", annotations: {ingressclass.kubernetes.io/is-default-class: 'true'}" if default else ""
    begin = "apiVersion: networking.k8s.io/v1\nkind: IngressClass\n"
    return f"{begin}metadata: {{name: {name}{annotations}}}\nspec: {{controller: {controller}}}\n"


def admits(peer: str) -> str:
    """Return a policy that lets a peer in."""
    metadata = "metadata: {name: web, namespace: shop}"
    spec = f"podSelector: {{}}, policyTypes: [Ingress], ingress: [{{from: [{peer}]}}]"
    return f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n{metadata}\nspec: {{{spec}}}\n"


BOTH = (ingress_class("nginx", "k8s.io/ingress-nginx"), ingress_class("proxy", "traefik.io/ingress-controller"))


@pytest.mark.parametrize(
    ("manifests", "configured", "served_by"),
    [
        pytest.param((ingress(),), (), ["ingress-controller"], id="nothing is known"),
        pytest.param((ingress(), NGINX, TRAEFIK), (), ["edge/nginx", "proxies/traefik"], id="labels of charts"),
        pytest.param((ingress("nginx"), *BOTH, NGINX, TRAEFIK), (), ["edge/nginx"], id="the class"),
        pytest.param((ingress("", "proxy"), *BOTH, NGINX, TRAEFIK), (), ["proxies/traefik"], id="the annotation"),
        pytest.param((ingress("nginx"), *BOTH, TRAEFIK), (), ["ingress-controller"], id="pods of another class only"),
        pytest.param(
            (ingress(), ingress_class("a", "traefik.io/ingress-controller", default=True), NGINX, TRAEFIK),
            (),
            ["proxies/traefik"],
            id="the default class",
        ),
        pytest.param((ingress("x"), *BOTH, NGINX), (), ["edge/nginx"], id="a class that no manifest shows"),
        pytest.param(
            (ingress("x"), ingress_class("x", "example.com/x"), NGINX), (), ["ingress-controller"], id="a controller"
        ),
        pytest.param((ingress("nginx"), *BOTH, NGINX, OWN), CONFIGURED, ["own/own"], id="configured"),
        pytest.param((ingress(), NGINX), CONFIGURED, ["ingress-controller"], id="configured, but not shown"),
    ],
)
def test_what_serves_an_ingress(manifests: tuple[str, ...], configured: tuple[str, ...], served_by: list[str]) -> None:
    environment = Environment(ingress_controllers=configured)
    connectivity = Connectivity(cluster_of(WEB, SERVICE, *manifests, environment=environment))

    (path,) = ingress_paths(connectivity)

    assert [str(each) for number in positions(path.source) for each in peers_of(connectivity, number)] == served_by


def test_a_load_balancer_outside_connects_from_addresses() -> None:
    alb = ingress_class("alb", "ingress.k8s.aws/alb")
    connectivity = Connectivity(cluster_of(WEB, SERVICE, ingress("alb"), alb, NGINX))

    (path,) = ingress_paths(connectivity)

    assert path.source == connectivity.addresses


@pytest.mark.parametrize(
    ("peer", "configured", "verdict"),
    [
        pytest.param("{namespaceSelector: {matchLabels: {a: b}}}", (), "unknown", id="an unknown controller"),
        pytest.param("{namespaceSelector: {}}", CONFIGURED, "allowed", id="all namespaces"),
        pytest.param(
            "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: own}}, "
            "podSelector: {matchLabels: {app: own-proxy}}}",
            CONFIGURED,
            "allowed",
            id="its namespace and its label",
        ),
        pytest.param(
            "{namespaceSelector: {}, podSelector: {matchLabels: {app: other}}}",
            CONFIGURED,
            "denied",
            id="another label",
        ),
        pytest.param(
            "{namespaceSelector: {}, podSelector: {matchLabels: {tier: a}}}",
            CONFIGURED,
            "unknown",
            id="a further label",
        ),
        pytest.param("{podSelector: {}}", CONFIGURED, "denied", id="another namespace"),
    ],
)
def test_labels_that_are_configured_count(peer: str, configured: tuple[str, ...], verdict: str) -> None:
    environment = Environment(ingress_controllers=configured)
    connectivity = Connectivity(cluster_of(WEB, SERVICE, ingress(), admits(peer), environment=environment))

    (path,) = ingress_paths(connectivity)

    assert path.verdict == verdict


@pytest.mark.parametrize("text", ["", "edge", "edge?", "edge?app", "edge?=x", "Edge?app=x", "edge?app=x,y"])
def test_what_is_no_controller(text: str) -> None:
    with pytest.raises(ConfigError, match="is not namespace"):
        parse_ingress_controller(text)
