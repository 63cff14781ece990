"""What the rules about Ingresses say beyond their pages: how sure they are, and where they keep silent."""

from __future__ import annotations

import pytest
from manifests import KUSTOMIZATION, NETWORKING, manifest, service, sources, together

from k8snetlint import Config, Finding, Severity, Source, lint
from k8snetlint.edit.editor import apply_edits
from k8snetlint.model.environment import Environment, External
from k8snetlint.source.load import load

NGINX = "nginx.ingress.kubernetes.io"
WHOLE = Environment(whole_cluster=True)
CLASS = "apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: NAME}\nspec: {controller: CONTROLLER}\n"
NGINX_CLASS = "ingressClassName: nginx"
DIFFERENT = "ingressClassName: alb"
MISSING, PORT = "ingress-backend-service-missing", "ingress-backend-port-missing"


def backend(name: str = "web", port: str = "number: 80") -> str:
    return f"{{service: {{name: {name}, port: {{{port}}}}}}}"


def ingress(
    name: str = "site",
    *,
    namespace: str = "prod",
    annotations: str = "",
    spec: str = "",
    host: str = "",
    path: str = "/",
    path_type: str = "Prefix",
    to: str = "",
) -> str:
    where = f", namespace: {namespace}" if namespace else ""
    host = f"host: {host}, " if host else ""
    paths = f"[{{path: '{path}', pathType: {path_type}, backend: {to or backend()}}}]"
    return (
        f"apiVersion: networking.k8s.io/v1\nkind: Ingress\n"
        f"metadata: {{name: {name}{where}, annotations: {{{annotations}}}}}\n"
        f"spec: {{{spec}{', ' if spec else ''}rules: [{{{host}http: {{paths: {paths}}}}}]}}\n"
    )


def ingress_class(name: str, controller: str) -> str:
    return CLASS.replace("NAME", name).replace("CONTROLLER", controller)


def findings(rule: str, *environments: Environment, **files: str) -> list[Finding]:
    named = sources({f"{name}.yaml": text for name, text in files.items()})
    report = lint(named, Config(environment=environments[0] if environments else Environment()))
    assert not [each for each in report.findings if each.id.startswith(("yaml-", "internal-"))]
    return [each for each in report.findings if each.id == rule]


def severities(rule: str, *environments: Environment, **files: str) -> list[Severity]:
    return [each.severity for each in findings(rule, *environments, **files)]


WEBSHOP = ingress(to=backend("webshop"))


def test_how_sure_it_is_that_a_service_is_missing() -> None:
    near, other = service("wbeshop"), service("other")

    assert severities(MISSING, a=WEBSHOP, b=near) == [Severity.WARNING], "a near name"
    assert severities(MISSING, a=together(WEBSHOP, other)) == [Severity.INFO], "its file has Services"
    assert severities(MISSING, WHOLE, a=WEBSHOP) == [Severity.WARNING], "nothing else exists"
    assert severities(MISSING, a=WEBSHOP, b=other) == [], "Services may be defined elsewhere"
    assert severities(MISSING, a=WEBSHOP) == []


@pytest.mark.parametrize(
    "more",
    [
        pytest.param(manifest("helm.toolkit.fluxcd.io/v2", "HelmRelease", "webshop"), id="a chart"),
        pytest.param(manifest("acme.io/v1", "Shop", "webshop"), id="an operator"),
        pytest.param("apiVersion: v1\nkind: Service\nmetadata:\n  {{- labels }}\n", id="a template"),
        pytest.param(service("'{{ .name }}'"), id="a placeholder"),
    ],
)
def test_a_service_that_something_else_may_make(more: str) -> None:
    assert not findings(MISSING, a=together(WEBSHOP, service("other")), b=more)


def test_a_near_name_outranks_a_chart() -> None:
    chart = manifest("helm.toolkit.fluxcd.io/v2", "HelmRelease", "webshop")

    assert severities(MISSING, a=WEBSHOP, b=service("wbeshop"), c=chart) == [Severity.WARNING]


def test_a_service_that_is_declared_external_exists() -> None:
    files = {"a": together(WEBSHOP, service("wbeshop"))}

    assert findings(MISSING, **files)
    assert not findings(MISSING, Environment(external=External(services=("prod/webshop",))), **files)
    assert not findings(MISSING, Environment(external=External(namespaces=("prod",))), **files)


@pytest.mark.parametrize(
    ("subject", "of"),
    [
        pytest.param(ingress(), service("web"), id="namespaces written"),
        pytest.param(ingress(namespace=""), service("web", namespace=""), id="namespaces left out"),
        pytest.param(ingress(), service("web", namespace=""), id="the Service's left out"),
        pytest.param(ingress(namespace=""), service("web"), id="the Ingress's left out"),
        pytest.param(
            ingress(),
            "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: prod}\nspec: {ports: [{port: 80}]}\n",
            id="a Service without a selector",
        ),
        pytest.param(ingress(to="{resource: {kind: Bucket, name: wbe}}"), service("web"), id="a resource"),
        pytest.param(
            ingress(spec="defaultBackend: {resource: {kind: Bucket, name: wbe}}"),
            service("web"),
            id="a default resource",
        ),
        pytest.param(ingress(spec=f"defaultBackend: {backend()}"), service("web"), id="a default backend"),
        pytest.param(
            ingress(to=backend(port="name: http")), service(ports="{name: http, port: 80}"), id="a named port"
        ),
        pytest.param(ingress(annotations=f"{NGINX}/canary: 'true'"), service("web"), id="a canary"),
    ],
)
def test_backends_that_are_right(subject: str, of: str) -> None:
    in_one_file = lint(sources({"a.yaml": together(subject, of)}), Config()).findings
    apart = lint(sources({"a.yaml": subject, "b.yaml": of}), Config()).findings
    whole = lint(sources({"a.yaml": subject, "b.yaml": of}), Config(environment=WHOLE)).findings

    about_backends = [each for each in (*in_one_file, *apart, *whole) if each.id.startswith("ingress-backend")]
    assert about_backends == []


def test_kustomizations_rename_backends_with_their_services() -> None:
    files = {
        "kustomization": f"{KUSTOMIZATION}namePrefix: dev-\nresources: [web.yaml]\n",
        "web": together(ingress(), service("web")),
    }

    assert not findings(MISSING, **files)
    assert findings(MISSING, **{**files, "web": together(WEBSHOP, service("wbeshop"))})


def test_a_port_of_a_patched_service_is_not_known() -> None:
    files = {
        "web": together(ingress(to=backend(port="number: 8080")), service("web")),
        "kustomization": f"{KUSTOMIZATION}resources: [web.yaml]\n",
    }
    patch = "patches: [{path: patch.yaml}]\n"
    ports = service("web", ports="{port: 8080}")

    assert findings(PORT, **files)
    assert not findings(PORT, **{**files, "kustomization": files["kustomization"] + patch}, patch=ports)


@pytest.mark.parametrize(
    ("subject", "severity"),
    [
        pytest.param(ingress(to=backend(port="number: 443")), Severity.ERROR, id="no such number"),
        pytest.param(ingress(to=backend(port="name: grpc")), Severity.ERROR, id="no such name"),
        pytest.param(ingress(to=backend(port="number: 8080")), Severity.WARNING, id="the targetPort"),
        pytest.param(
            ingress(to=backend(port="number: 8080"), spec="ingressClassName: nginx"),
            Severity.INFO,
            id="the targetPort, with ingress-nginx",
        ),
        pytest.param(
            ingress(to=backend(port="number: 8080"), spec="ingressClassName: alb"),
            Severity.ERROR,
            id="the targetPort, with another controller",
        ),
    ],
)
def test_how_sure_it_is_that_a_port_is_missing(subject: str, severity: Severity) -> None:
    of = service(ports="{name: http, port: 80, targetPort: 8080}")

    assert severities(PORT, a=together(subject, of)) == [severity]
    assert severities(PORT, a=subject, b=of) == [min(severity, Severity.WARNING)], "it may be another Service"
    assert severities(PORT, WHOLE, a=subject, b=of) == [min(severity, Severity.WARNING)]


def test_a_variant_of_the_service_may_have_the_port() -> None:
    of, other = service(ports="{port: 80}"), service(ports="{port: 8080}")
    files = {"base/web": together(ingress(to=backend(port="number: 8080")), of), "other/web": other}

    assert not findings(PORT, **{"web": ingress(to=backend(port="number: 8080")), "a/web": of, "b/web": other})
    assert findings(PORT, **files), "what is in one file belongs together"


def test_the_annotation_of_gke_is_not_deprecated() -> None:
    subject = ingress(annotations="kubernetes.io/ingress.class: gce")

    assert not findings("ingress-class-annotation-deprecated", a=subject)
    assert not findings("ingress-class-missing", a=subject)
    assert findings("ingress-class-annotation-deprecated", a=subject.replace("gce", "nginx"))
    assert findings("api-warning", a=subject), "the API server warns of it nevertheless"


def test_a_conflict_of_classes_takes_the_place_of_the_rejection() -> None:
    subject = ingress(annotations="kubernetes.io/ingress.class: nginx", spec="ingressClassName: alb")

    assert severities("ingress-class-conflict", a=subject) == [Severity.ERROR]
    assert not findings("api-invalid", a=subject)
    assert not findings("ingress-class-conflict", a=subject.replace("alb", "nginx"))


def test_a_class_that_no_ingress_class_has() -> None:
    subject = ingress(spec="ingressClassName: dmz")
    other = ingress_class("internal", "example.com/own")
    rule = "ingress-class-unknown"

    assert severities(rule, a=subject, b=other) == [Severity.INFO]
    assert severities(rule, WHOLE, a=subject) == [Severity.WARNING]
    assert severities(rule, a=subject) == []
    assert severities(rule, WHOLE, a=ingress(annotations="kubernetes.io/ingress.class: dmz")) == [], "any word may be"
    chart = manifest("helm.toolkit.fluxcd.io/v2", "HelmRelease", "controller")
    assert severities(rule, a=subject, b=other, c=chart) == [], "a chart may bring the class"


def test_classes_in_a_folder_of_examples_have_nothing_to_do_with_its_ingresses() -> None:
    own = ingress_class("internal", "ingress-controllers.konghq.com/kong")
    rule = "ingress-class-missing"

    assert severities(rule, a=ingress(namespace=""), b=own) == []
    assert severities(rule, a=ingress(), b=own) == [Severity.WARNING], "its namespace is written"
    assert severities(rule, a=together(ingress(namespace=""), own)) == [Severity.WARNING], "they are in one file"
    gke = ingress(annotations="kubernetes.io/ingress.global-static-ip-name: web")
    assert severities(rule, a=together(gke, own)) == []


@pytest.mark.parametrize("controller", ["traefik.io/ingress-controller", "example.com/own"])
def test_controllers_that_may_serve_ingresses_without_a_class(controller: str) -> None:
    assert severities("ingress-class-missing", a=together(ingress(), ingress_class("own", controller))) == []


def test_snippets_that_the_administrator_allows() -> None:
    subject = ingress(annotations=f"{NGINX}/server-snippet: return 410;")
    config = manifest("v1", "ConfigMap", "ingress-nginx-controller")
    own = ingress_class("nginx", "k8s.io/ingress-nginx")
    rule = "ingress-snippet-annotation"

    assert severities(rule, a=subject) == [Severity.INFO], "its configuration is not known"
    assert severities(rule, a=together(subject, own, config)) == [Severity.WARNING]
    allowed = f"{config}data: {{allow-snippet-annotations: 'true'}}\n"
    assert severities(rule, a=together(subject, own, allowed)) == []


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(ingress("b", host="a.example", annotations=f"{NGINX}/canary: 'true'"), id="a canary"),
        pytest.param(ingress("b", host="a.example", path_type="Exact"), id="another pathType"),
        pytest.param(ingress("b", host="b.example"), id="another host"),
        pytest.param(ingress("b", host="a.example", spec="ingressClassName: other"), id="another class"),
        pytest.param(
            ingress("b", host="a.example", annotations="alb.ingress.kubernetes.io/group.name: a"), id="a group"
        ),
        pytest.param(
            ingress("b", host="a.example", annotations="nginx.org/mergeable-ingress-type: minion"), id="a minion"
        ),
    ],
)
def test_paths_that_are_not_the_same(other: str) -> None:
    own = "spec: {ingressClassName: nginx, "
    other = other if "Class" in other else other.replace("spec: {", own)

    assert not findings("ingress-duplicate-host-path", a=together(ingress(host="a.example", spec=NGINX_CLASS), other))


@pytest.mark.parametrize(
    ("own", "times"),
    [
        pytest.param("ingressClassName: nginx", 1, id="one proxy for all Ingresses"),
        pytest.param("ingressClassName: internal", 1, id="a class of any name"),
        pytest.param("ingressClassName: alb", 0, id="a load balancer for each Ingress"),
        pytest.param("", 0, id="without a class, which GKE serves"),
    ],
)
def test_controllers_that_serve_all_ingresses_at_one_address(own: str, times: int) -> None:
    text = together(ingress(host="a.example", spec=own), ingress("b", host="a.example", spec=own))

    assert len(findings("ingress-duplicate-host-path", a=text)) == times


def test_the_same_path_in_files() -> None:
    rule, own = "ingress-duplicate-host-path", NGINX_CLASS
    one, two = (ingress(name, host="a.example", spec=own) for name in ("site", "b"))
    alone, other = (ingress(name, host="a.example", namespace="", spec=own) for name in ("site", "b"))

    assert findings(rule, **{"a/a": one, "b/b": two}), "their namespaces are written"
    assert findings(rule, **{"a/a": alone, "a/b": other}), "one folder"
    assert not findings(rule, **{"a/a": alone, "b/b": other}), "two folders may be alternatives"
    bare = {"a/a": ingress(spec=own), "a/b": ingress("b", spec=own)}
    assert not findings(rule, **bare), "examples often have no host"
    assert not findings(rule, **{"a/a": one, "b/b": one}), "two definitions of one Ingress"


def test_a_regular_expression_that_another_ingress_enables() -> None:
    own = "ingressClassName: nginx"
    subject = ingress(host="a.example", path="/a/.*", path_type="ImplementationSpecific", spec=own)
    other = ingress("b", host="a.example", annotations=f"{NGINX}/use-regex: 'true'", spec=own)
    rule = "ingress-regex-not-enabled"

    assert findings(rule, a=subject)
    assert not findings(rule, a=subject, b=other)
    assert findings(rule, a=subject, b=other.replace("a.example", "b.example"))
    assert findings(rule, a=subject, b=other.replace("'true'", "'false'"))
    assert not findings(rule, a=subject.replace(own, DIFFERENT))
    assert not findings(rule, a=subject.replace("/a/.*", "/a/$metadata"))


def test_an_exact_path_beside_the_annotation_is_worth_knowing() -> None:
    subject = ingress(path="/a", path_type="Exact", annotations=f"{NGINX}/rewrite-target: /b")

    assert severities("ingress-use-regex-bleeds-to-host", a=subject) == [Severity.INFO]
    assert not findings("ingress-use-regex-bleeds-to-host", a=subject.replace("/b", "/a")), "it rewrites nothing"


def test_rewriting_needs_a_group_whatever_the_class() -> None:
    subject = ingress(path="/a", annotations=f"{NGINX}/rewrite-target: /$1")
    rule = "ingress-rewrite-group-missing"

    assert severities(rule, a=subject) == [Severity.WARNING], "only its annotations say that it is for ingress-nginx"
    known = subject.replace("spec: {", "spec: {ingressClassName: nginx, ")
    assert severities(rule, a=known) == [Severity.ERROR]
    assert severities(rule, a=known.replace(": nginx,", ": traefik,")) == []


@pytest.mark.parametrize(
    ("path", "missing"),
    [
        ("/a(.*)", False),
        ("/a(?:b)(.*)", False),
        ("/a(?P<rest>.*)", False),
        ("/a(?<rest>.*)", False),
        ("/a(?:.*)", True),
        (r"/a\(.*\)", True),
        ("/a[(]b", True),
        ("/a(?=b)", True),
    ],
)
def test_groups_that_capture(path: str, *, missing: bool) -> None:
    annotations = f"{NGINX}/rewrite-target: /$1"
    subject = ingress(path=path, path_type="ImplementationSpecific", annotations=annotations)

    assert bool(findings("ingress-rewrite-group-missing", a=subject)) is missing


def test_annotations_for_two_controllers_are_worth_knowing() -> None:
    subject = ingress(annotations=f"{NGINX}/ssl-redirect: 'true'", spec="ingressClassName: alb")
    both = subject.replace("annotations: {", "annotations: {alb.ingress.kubernetes.io/scheme: internal, ")
    rule = "ingress-annotation-for-other-controller"

    assert severities(rule, a=subject) == [Severity.WARNING]
    assert severities(rule, a=both) == [Severity.INFO]
    assert severities(rule, a=subject.replace(": alb", ": own")) == [], "the controller is not known"


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("proxy-boddy-size", Severity.WARNING),
        ("proxy-body-size", None),
        ("whitelist-source-range", None),
        ("add-response-headers", Severity.INFO),
        ("enable-opentracing", Severity.INFO),
    ],
)
def test_names_of_annotations(name: str, severity: Severity | None) -> None:
    subject = ingress(annotations=f"{NGINX}/{name}: 'true'", spec="ingressClassName: nginx")

    assert severities("ingress-annotation-unknown", a=subject) == ([severity] if severity else [])
    assert severities("ingress-annotation-unknown", a=subject.replace("ingressClassName: nginx", DIFFERENT)) == []


def test_hosts_of_certificates_with_placeholders() -> None:
    subject = ingress(host="a.example", spec="tls: [{hosts: ['${HOST}']}]")

    assert not findings("ingress-tls-host-mismatch", a=subject)
    assert findings("ingress-tls-host-mismatch", a=subject.replace("${HOST}", "b.example"))


@pytest.mark.parametrize(
    "subject",
    [
        pytest.param(ingress(host="a.example", spec="tls: [{secretName: a}]"), id="a certificate for all hosts"),
        pytest.param(ingress(host="a.b.example", spec="tls: [{hosts: ['*.b.example']}]"), id="a wildcard"),
        pytest.param(ingress(spec="tls: [{hosts: [a.example]}]"), id="a rule for all hosts"),
        pytest.param(
            ingress(host="a.example", spec=f"defaultBackend: {backend()}, tls: [{{hosts: [a.example, b.example]}}]"),
            id="a default backend",
        ),
        pytest.param(
            ingress(
                host="a.example",
                annotations=f"{NGINX}/from-to-www-redirect: 'true'",
                spec="tls: [{hosts: [a.example, www.a.example]}]",
            ),
            id="a redirect from another host",
        ),
    ],
)
def test_certificates_that_are_right(subject: str) -> None:
    assert not findings("ingress-tls-host-mismatch", a=subject)


def test_a_wildcard_covers_one_label() -> None:
    assert findings(
        "ingress-tls-host-mismatch", a=ingress(host="a.b.c.example", spec="tls: [{hosts: ['*.c.example']}]")
    )


def secret(name: str, data: str, *, namespace: str = "prod") -> str:
    return f"{manifest('v1', 'Secret', name, namespace=namespace)}data: {{{data}}}\n"


CERTIFIED = ingress(spec="tls: [{secretName: storefront}]")
PEM = "cert.pem: YQ=="


@pytest.mark.parametrize(
    ("of", "severity"),
    [
        pytest.param(secret("storefront", PEM), Severity.ERROR, id="other keys"),
        pytest.param(secret("storefront", "tls.crt: YQ=="), Severity.ERROR, id="no private key"),
        pytest.param(secret("storefront", "tls.crt: YQ==, tls.key: YQ==, ca.crt: YQ=="), None, id="both keys"),
        pytest.param(secret("storefront", ""), None, id="no key at all"),
        pytest.param(secret("storefront", PEM, namespace="dev"), None, id="of another namespace"),
        pytest.param(manifest("bitnami.com/v1alpha1", "SealedSecret", "storefront"), None, id="a sealed one"),
    ],
)
def test_keys_of_secrets(of: str, severity: Severity | None) -> None:
    rule = "ingress-tls-secret-wrong"

    assert severities(rule, a=together(CERTIFIED, of)) == ([severity] if severity else [])
    assert severities(rule, a=CERTIFIED, b=of) == ([Severity.WARNING] if severity else [])


def test_secrets_that_something_else_makes() -> None:
    rule, near = "ingress-tls-secret-missing", secret("storefornt", "tls.crt: YQ==, tls.key: YQ==")

    assert severities(rule, a=CERTIFIED, b=near) == [Severity.WARNING]
    assert not findings(rule, a=CERTIFIED, b=near.replace("prod", "dev"))
    assert not findings(rule, a=CERTIFIED, b=near, c=manifest("bitnami.com/v1alpha1", "SealedSecret", "storefront"))
    assert not findings(rule, a=CERTIFIED, b=near, c=manifest("cert-manager.io/v1", "Certificate", "any"))
    assert not findings(rule, a=CERTIFIED.replace("annotations: {", "annotations: {cert-manager.io/issuer: a"), b=near)


EXACT = "        pathType: Exact\n"


def old_backend(backend: str, more: str = "") -> str:
    return f"""\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: web, namespace: prod}}
spec:
  rules:
  - host: web.example.com
    http:
      paths:
      - path: /
{more}        backend: {backend}
"""


@pytest.mark.parametrize(
    ("backend", "more", "expected"),
    [
        pytest.param("{serviceName: web, servicePort: 80}", "", {"number": 80}, id="a number"),
        pytest.param("{serviceName: web, servicePort: '80'}", "", {"number": 80}, id="a number in quotes"),
        pytest.param("{serviceName: web, servicePort: http}", "", {"name": "http"}, id="a name"),
        pytest.param(
            "{serviceName: web, servicePort: 80}", "        pathType: Exact\n", {"number": 80}, id="a pathType"
        ),
        pytest.param("{serviceName: web}", "", None, id="no port"),
        pytest.param("{servicePort: 80}", "", None, id="no name"),
        pytest.param(
            "{serviceName: web, servicePort: 80, resource: {kind: A, name: b}}", "", None, id="another backend besides"
        ),
    ],
)
def test_backends_of_the_old_version(backend: str, more: str, expected: dict[str, object] | None) -> None:
    report = lint([Source.of("a.yaml", old_backend(backend, more))], Config())

    assert [each.id for each in report.findings if each.severity > Severity.INFO] == ["ingress-backend-malformed"]
    fix = report.findings[0].fix
    assert (fix is not None) == (expected is not None)
    if fix:
        fixed = load(Source.of("a.yaml", apply_edits(old_backend(backend, more), fix.edits)))
        path = fixed.documents[0].value["spec"]["rules"][0]["http"]["paths"][0]
        assert path["backend"] == {"service": {"name": "web", "port": expected}}
        assert path["pathType"] == ("Exact" if more else "ImplementationSpecific")
        assert fix.safe


@pytest.mark.parametrize(
    ("field", "backend", "finding", "expected"),
    [
        pytest.param(
            "defaultBackend",
            "    # all\n    serviceName: web # it\n    servicePort: 80\n",
            "ingress-backend-malformed",
            {"service": {"name": "web", "port": {"number": 80}}},
            id="the field of v1, once",
        ),
        pytest.param(
            "backend",
            "    # all\n    serviceName: web # it\n    servicePort: http\n",
            "api-unknown-field",
            {"service": {"name": "web", "port": {"name": "http"}}},
            id="the field of v1beta1",
        ),
        pytest.param(
            "backend",
            "    # all\n    service: # it\n      name: web\n      port: {number: 80}\n",
            "api-unknown-field",
            {"service": {"name": "web", "port": {"number": 80}}},
            id="the field of v1beta1 with a backend of v1",
        ),
        pytest.param("defaultBackend", "    serviceName: web\n", "ingress-backend-malformed", None, id="no port"),
        pytest.param(
            "defaultBackend",
            "    serviceName: web\n    servicePort: 80\n    resource: {kind: A, name: b}\n",
            "ingress-backend-malformed",
            None,
            id="another backend besides",
        ),
    ],
)
def test_default_backends_of_the_old_version(
    field: str, backend: str, finding: str, expected: dict[str, object] | None
) -> None:
    head = manifest(NETWORKING, "Ingress", "web") + f"spec:\n  {field}:\n"
    report = lint([Source.of("a.yaml", head + backend)], Config())

    assert [each.id for each in report.findings if each.severity > Severity.INFO] == [finding]
    fix = report.findings[0].fix
    assert (fix is not None) == (expected is not None)
    if fix:
        text = apply_edits(head + backend, fix.edits)
        assert load(Source.of("a.yaml", text)).documents[0].value["spec"] == {"defaultBackend": expected}
        assert "# all" in text
        assert "# it" in text
        assert fix.safe


def default_class(name: str, value: str = "true") -> str:
    annotation = f"ingressclass.kubernetes.io/is-default-class: '{value}'"
    return CLASS.replace("{name: NAME}", f"{{name: {name}, annotations: {{{annotation}}}}}").replace(
        "CONTROLLER", "x/y"
    )


@pytest.mark.parametrize(
    ("files", "environment", "found"),
    [
        pytest.param({"a": together(default_class("a"), default_class("b"))}, None, 1, id="in one file"),
        pytest.param(
            {"a": together(default_class("a"), default_class("b"), default_class("c"))}, None, 2, id="three of them"
        ),
        pytest.param({"a": default_class("a"), "b": default_class("b")}, None, 0, id="files that may be alternatives"),
        pytest.param({"a": default_class("a"), "b": default_class("b")}, WHOLE, 1, id="all files are one cluster"),
        pytest.param(
            {
                "a": default_class("a"),
                "b": default_class("b"),
                "kustomization": KUSTOMIZATION + "resources: [a.yaml, b.yaml]\n",
            },
            None,
            1,
            id="in one kustomization",
        ),
        pytest.param({"a": together(default_class("a"), default_class("b", "false"))}, None, 0, id="only one"),
        pytest.param({"a": together(default_class("a"), default_class("${NAME}"))}, None, 0, id="a placeholder"),
    ],
)
def test_several_default_classes(files: dict[str, str], environment: Environment | None, found: int) -> None:
    named = sources({f"{name}.yaml": text for name, text in files.items()})
    report = lint(named, Config(environment=environment or Environment()))

    assert [each.id for each in report.findings].count("ingress-several-default-classes") == found
