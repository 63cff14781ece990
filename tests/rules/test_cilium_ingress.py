"""Which policies close the backend of an Ingress to the proxy of Cilium."""

from __future__ import annotations

import pytest
from manifests import deployment, manifest, policy, service

from k8snetlint import Config, Source, lint
from k8snetlint.model.environment import Environment

RULE = "netpol-cilium-ingress-identity"
WEB = deployment("web", ports="{containerPort: 8080}")
SERVICE = service("web", ports="{port: 80, targetPort: 8080}")
BACKEND = "defaultBackend: {service: {name: web, port: {number: 80}}}"
INGRESS = manifest("networking.k8s.io/v1", "Ingress", "shop", spec=f"{{ingressClassName: cilium, {BACKEND}}}")
CLASS = manifest(
    "networking.k8s.io/v1", "IngressClass", "edge", namespace="", spec="{controller: cilium.io/ingress-controller}"
)
ALLOWED = manifest(
    "cilium.io/v2", "CiliumNetworkPolicy", spec="{endpointSelector: {}, ingress: [{fromEntities: [ingress]}]}"
)
CLUSTERWIDE = ALLOWED.replace("CiliumN", "CiliumClusterwideN").replace(", namespace: prod", "")


def ids(*files: str, cni: str = "") -> set[str]:
    """Return the ids of what is found."""
    sources = [Source.of(f"{number}.yaml", text) for number, text in enumerate((WEB, SERVICE, *files))]
    return {each.id for each in lint(sources, Config(environment=Environment(cni=cni))).findings}


def lets_in(peer: str = "namespaceSelector: {}", ports: str = "") -> str:
    """Return the policy of the backend."""
    return policy("app: web", name="web", peer=peer, ports=ports)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param((lets_in(), INGRESS), id="all namespaces"),
        pytest.param((lets_in("podSelector: {}"), INGRESS), id="pods of the namespace"),
        pytest.param((lets_in(ports="{port: 8080}"), INGRESS), id="all namespaces on the port"),
        pytest.param((lets_in(""), INGRESS), id="nobody"),
        pytest.param((lets_in("", "{port: 9090}"), INGRESS), id="everybody on another port"),
        pytest.param((lets_in(), INGRESS.replace("Name: cilium", "Name: edge"), CLASS), id="an IngressClass"),
        pytest.param(
            (
                lets_in(),
                INGRESS.replace("ingressClassName: cilium, ", ""),
                CLASS.replace(
                    "name: edge", "name: edge, annotations: {ingressclass.kubernetes.io/is-default-class: 'true'}"
                ),
            ),
            id="the default class",
        ),
        pytest.param((lets_in(), INGRESS, ALLOWED.replace("prod", "test")), id="a policy of Cilium elsewhere"),
    ],
)
def test_the_proxy_is_denied(files: tuple[str, ...]) -> None:
    found = ids(*files)
    assert RULE in found
    assert "netpol-ingress-controller-blocked" not in found, "one mistake is one finding"


@pytest.mark.parametrize(
    "files",
    [
        pytest.param((lets_in("", "{port: 8080}"), INGRESS), id="everybody on the port"),
        pytest.param((lets_in("ipBlock: {cidr: 10.0.0.0/8}"), INGRESS), id="addresses"),
        pytest.param(
            (lets_in(), policy("app: web", name="all", peer="", ports="{port: 8080}"), INGRESS), id="another policy"
        ),
        pytest.param((INGRESS,), id="no policy"),
        pytest.param((lets_in(), INGRESS.replace("Name: cilium", "Name: nginx")), id="another controller"),
        pytest.param(
            (lets_in(), INGRESS, CLASS.replace("edge", "cilium").replace("cilium.io/", "k8s.io/")),
            id="a class of another controller",
        ),
        pytest.param((lets_in(), INGRESS, ALLOWED), id="a policy of Cilium"),
        pytest.param((lets_in(), INGRESS, CLUSTERWIDE), id="a policy of Cilium for the cluster"),
        pytest.param((lets_in().replace("[Ingress]", "[Egress]"), INGRESS), id="ingress is not isolated"),
    ],
)
def test_the_proxy_may_connect(files: tuple[str, ...]) -> None:
    assert RULE not in ids(*files)


@pytest.mark.parametrize(("cni", "is_reported"), [("", True), ("cilium@1.17", True), ("flannel@0.24.0", False)])
def test_plugins(cni: str, *, is_reported: bool) -> None:
    assert (RULE in ids(lets_in(), INGRESS, cni=cni)) == is_reported
