"""Which Service a backend means, and which controller serves an Ingress."""

from __future__ import annotations

import pytest
from manifests import cluster_of, service

from k8snetlint.evidence.answers import CannotKnow, Match, NoMatch
from k8snetlint.evidence.backends import backend_service, is_used
from k8snetlint.evidence.ingress_classes import controller_of, is_for_ingress_nginx
from k8snetlint.model.environment import Environment, External
from k8snetlint.model.ingress import Ingress, IngressClass
from k8snetlint.model.tables.ingress_controllers import CONTOUR, HAPROXY_TECH, INGRESS_NGINX, TRAEFIK

NGINX_REWRITE = "nginx.ingress.kubernetes.io/rewrite-target: /"
OPERATOR = "apiVersion: ceph.rook.io/v1\nkind: CephCluster\nmetadata: {name: store, namespace: prod}\n"


def ingress(
    name: str = "web", *, namespace: str = "prod", annotations: str = "", spec: str = "", port: str = ""
) -> str:
    where = f"  namespace: {namespace}\n" if namespace else ""
    port = port or "number: 80"
    backend = f"defaultBackend: {{service: {{name: {name}, port: {{{port}}}}}}}"
    return (
        f"apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: site\n{where}"
        f"  annotations: {{{annotations}}}\nspec: {{{spec}{', ' if spec else ''}{backend}}}\n"
    )


def ingress_class(name: str, controller: str, *, default: bool = False) -> str:
    annotations = "  annotations: {ingressclass.kubernetes.io/is-default-class: 'true'}\n" if default else ""
    return (
        f"apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata:\n  name: {name}\n{annotations}"
        f"spec: {{controller: {controller}}}\n"
    )


def answer(*documents: str, name: str = "web", environment: Environment | None = None, **more: object) -> object:
    cluster = cluster_of(*documents, environment=environment, **more)
    return backend_service(cluster, cluster.of(Ingress)[0], name)


@pytest.mark.parametrize(
    "of_service",
    [
        pytest.param(service("web"), id="in its namespace"),
        pytest.param(service("web", namespace=""), id="a Service whose namespace is not written"),
        pytest.param(
            "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: prod}\n", id="without a selector"
        ),
    ],
)
def test_a_service_that_exists(of_service: str) -> None:
    assert isinstance(answer(ingress(), of_service), Match)


@pytest.mark.parametrize(
    ("documents", "near"),
    [
        pytest.param((ingress("wbeshop"), service("webshop")), "webshop", id="letters are swapped"),
        pytest.param((ingress("web-svc"), service("web")), "web", id="a suffix is added"),
        pytest.param((ingress("web"), service("web-service")), "web-service", id="a suffix is missing"),
        pytest.param((ingress("webshop"), service("webshop", namespace="dev")), "", id="it is in another namespace"),
    ],
)
def test_a_service_that_nearly_exists(documents: tuple[str, ...], near: str) -> None:
    cluster = cluster_of(*documents)
    subject = cluster.of(Ingress)[0]
    assert subject.default_backend is not None
    found = backend_service(cluster, subject, subject.default_backend.service_name or "")

    assert isinstance(found, NoMatch)
    assert found.near is not None
    assert found.near.replacement == near


@pytest.mark.parametrize(
    ("documents", "why"),
    [
        pytest.param((ingress(),), "contain no Service in namespace prod", id="no Service at all"),
        pytest.param((ingress(), service("other"), OPERATOR), "may create pods", id="an operator may make it"),
        pytest.param((ingress("'${NAME}'"), service("other")), "placeholder", id="the name is a placeholder"),
        pytest.param((ingress(), service("'${NAME}'")), "placeholder", id="a Service's name is a placeholder"),
    ],
)
def test_silent_where_it_is_not_known(documents: tuple[str, ...], why: str) -> None:
    cluster = cluster_of(*documents)
    subject = cluster.of(Ingress)[0]
    assert subject.default_backend is not None
    found = backend_service(cluster, subject, subject.default_backend.service_name or "")

    assert isinstance(found, CannotKnow)
    assert why in found.why


def test_what_is_declared_external_exists() -> None:
    external = Environment(external=External(services=("prod/web",)))

    assert isinstance(answer(ingress(), service("wbe"), environment=external), CannotKnow)
    assert isinstance(answer(ingress(namespace="default"), name="kubernetes"), CannotKnow)


def test_without_a_near_name_the_file_must_show_services() -> None:
    found = answer(ingress(), service("other"))
    whole = answer(ingress(), environment=Environment(whole_cluster=True))

    assert isinstance(found, NoMatch)
    assert found == NoMatch(None, 1)
    assert whole == NoMatch(None, 0)
    assert isinstance(answer(ingress(), service("other"), doubts=("a remote base",)), CannotKnow)


@pytest.mark.parametrize(
    ("text", "used"),
    [
        pytest.param(ingress(), True, id="a Service"),
        pytest.param(ingress(port="name: use-annotation"), False, id="an action of an AWS load balancer"),
        pytest.param(ingress(annotations="alb.ingress.kubernetes.io/actions.web: '{}'"), False, id="an action"),
        pytest.param(
            ingress(annotations="nginx.ingress.kubernetes.io/permanent-redirect: 'https://a.example'"),
            False,
            id="everything is redirected",
        ),
    ],
)
def test_whether_requests_are_sent_to_a_backend(text: str, *, used: bool) -> None:
    subject = cluster_of(text).of(Ingress)[0]
    assert subject.default_backend is not None

    assert is_used(subject, subject.default_backend) == used


@pytest.mark.parametrize(
    ("documents", "controller"),
    [
        pytest.param((ingress(spec="ingressClassName: traefik"),), TRAEFIK, id="a well-known name"),
        pytest.param((ingress(annotations="kubernetes.io/ingress.class: contour"),), CONTOUR, id="the annotation"),
        pytest.param((ingress(spec="ingressClassName: public"),), "", id="a name that anybody may use"),
        pytest.param((ingress(),), "", id="no class"),
        pytest.param(
            (ingress(spec="ingressClassName: public"), ingress_class("public", "k8s.io/internal-ingress-nginx")),
            INGRESS_NGINX,
            id="the IngressClass decides",
        ),
        pytest.param(
            (ingress(spec="ingressClassName: nginx"), ingress_class("nginx", "haproxy.org/ingress-controller/a")),
            HAPROXY_TECH,
            id="the IngressClass decides, not its name",
        ),
        pytest.param(
            (ingress(spec="ingressClassName: nginx"), ingress_class("nginx", "example.com/own")),
            "",
            id="a controller that nobody knows",
        ),
        pytest.param(
            (ingress(), ingress_class("a", "traefik.io/ingress-controller", default=True)), TRAEFIK, id="default"
        ),
        pytest.param((ingress(), ingress_class("a", "traefik.io/ingress-controller")), "", id="not the default"),
        pytest.param(
            (ingress(spec="ingressClassName: nginx", annotations="nginx.org/rewrites: a"),),
            "",
            id="the annotations are those of the other NGINX",
        ),
    ],
)
def test_controller(documents: tuple[str, ...], controller: str) -> None:
    cluster = cluster_of(*documents)

    assert controller_of(cluster.of(Ingress)[0], cluster) == controller


@pytest.mark.parametrize(
    ("text", "intended"),
    [
        pytest.param(ingress(spec="ingressClassName: nginx"), True, id="its class"),
        pytest.param(ingress(annotations=NGINX_REWRITE), True, id="its annotations, no class"),
        pytest.param(ingress(annotations=NGINX_REWRITE, spec="ingressClassName: public"), True, id="any class"),
        pytest.param(ingress(annotations=NGINX_REWRITE, spec="ingressClassName: traefik"), False, id="another class"),
        pytest.param(ingress(annotations=f"{NGINX_REWRITE}, haproxy.org/a: b"), False, id="annotations of two"),
        pytest.param(ingress(), False, id="nothing tells"),
    ],
)
def test_intended_for_ingress_nginx(text: str, *, intended: bool) -> None:
    cluster = cluster_of(text)

    assert is_for_ingress_nginx(cluster.of(Ingress)[0], cluster) is intended


def test_a_default_class() -> None:
    classes = cluster_of(ingress_class("a", "example.com/a", default=True), ingress_class("b", "example.com/b"))

    assert [(each.name, each.is_default) for each in classes.of(IngressClass)] == [("a", True), ("b", False)]


def test_a_service_without_a_name_is_no_backend() -> None:
    generated = (
        "apiVersion: v1\nkind: Service\nmetadata: {generateName: web-, namespace: prod}\nspec: {ports: [{port: 80}]}\n"
    )
    assert isinstance(answer(generated, service("other"), ingress()), NoMatch | CannotKnow)
