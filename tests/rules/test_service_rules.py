"""What the rules about Services and workloads say beyond their pages, and what stays clean because it is correct."""

from __future__ import annotations

import pytest
from manifests import (
    KUSTOMIZATION,
    deployment,
    manifest,
    namespace,
    pod,
    policy,
    service,
    sources,
    stateful_set,
    together,
)

from k8snetlint import Config, Finding, Severity, lint
from k8snetlint.model.environment import Environment, External
from k8snetlint.model.tables.link_variables import READ_VARIABLES, read_by, variable_of
from k8snetlint.rules import usual_objects

JOB = """\
apiVersion: batch/v1
kind: Job
metadata: {name: migrate, namespace: prod}
spec:
  template:
    metadata: {labels: {LABELS}}
    spec:
      restartPolicy: Never
      containers: [{name: migrate, image: "example.com/migrate:1", PORTS}]
"""
SHOP = deployment("shop", ports="{name: http, containerPort: 8080}")
SLICE = """\
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: db-1, namespace: prod, labels: {LABELS}}
addressType: IPv4
ports: [{name: PORT, port: 5432}]
endpoints: [{addresses: [10.1.2.3]}]
"""
NO_SELECTOR = "apiVersion: v1\nkind: Service\nmetadata: {name: db, namespace: prod}\nspec: {ports: [{port: 5432}]}\n"
ROLLOUT = """\
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop, namespace: prod}
spec:
  workloadRef: {apiVersion: apps/v1, kind: Deployment, name: NAME}
  strategy: {STRATEGY}
"""


def job(labels: str = "app: shop", ports: str = "ports: []") -> str:
    return JOB.replace("LABELS", labels).replace("PORTS", ports)


def findings(*documents: str, rule: str = "", config: Config | None = None, **files: str) -> list[Finding]:
    """Return the findings of a rule in one file, or in several ones."""
    found = of_files(files or {"all": together(*documents)}, config)
    return [each for each in found if each.id == rule or not rule]


def of_files(texts: dict[str, str], config: Config | None = None) -> tuple[Finding, ...]:
    return lint(sources({f"{name}.yaml": text for name, text in texts.items()}), config or Config()).findings


def endpoint_slice(labels: str = "kubernetes.io/service-name: db", port: str = '""') -> str:
    return SLICE.replace("LABELS", labels).replace("PORT", port)


def external_name(name: str, more: str = "", *, of: str = "web") -> str:
    spec = f"{{type: ExternalName, externalName: {name}{more}}}"
    return f"apiVersion: v1\nkind: Service\nmetadata: {{name: {of}, namespace: prod}}\nspec: {spec}\n"


@pytest.mark.parametrize(
    "documents",
    [
        pytest.param((SHOP, service("shop", ports="{port: 80, targetPort: http}"), job()), id="a Job behind a name"),
        pytest.param(
            (SHOP, service("shop", ports="{port: 8080}"), job("app: other"), policy("app: shop")),
            id="a Job with labels of its own, behind a policy",
        ),
        pytest.param(
            (SHOP, service("shop", ports="{port: 8080}"), job(ports="ports: [{containerPort: 8080}]")),
            id="a Job that serves the port",
        ),
        pytest.param((service("shop"), job()), id="a Service for the pods of a Job only"),
        pytest.param((NO_SELECTOR, endpoint_slice()), id="a Service without selector, with a slice"),
        pytest.param((usual_objects.service("shop"), usual_objects.workload("Deployment", "shop")), id="no namespace"),
        pytest.param(
            (usual_objects.service("shop", ports="{port: 8080}"), SHOP), id="a namespace that only one of two writes"
        ),
        pytest.param(
            (
                service("shop"),
                manifest("example.com/v1", "Platform", spec="{template: {metadata: {labels: {app: shop}}}}"),
                deployment("other"),
                service("other"),
            ),
            id="pods of a custom owner",
        ),
        pytest.param(
            (
                service("shop", ports="{port: 80}"),
                manifest(
                    "apps.kruise.io/v1alpha1",
                    "CloneSet",
                    "shop",
                    spec="{selector: {matchLabels: {app: shop}}, template: {metadata: {labels: {app: shop}}, "
                    "spec: {containers: [{name: shop, image: 'example.com/shop:1'}]}}}",
                ),
            ),
            id="pods of another kind of workload",
        ),
        pytest.param((external_name("api.example.com"), external_name("api.example.com.", of="b")), id="ExternalName"),
        pytest.param(
            (service(spec="type: NodePort", ports="{port: 80, nodePort: 30080}"), deployment()), id="a node port"
        ),
        pytest.param((service(spec="type: LoadBalancer", ports="{port: 443}"), deployment()), id="a load balancer"),
    ],
)
def test_what_is_correct_stays_clean(documents: tuple[str, ...]) -> None:
    found = findings(*documents)

    assert [each.id for each in found if each.severity > Severity.INFO] == []
    assert [each.id for each in found if each.id.startswith(("service-", "workload-"))] == []


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param(external_name("10.1.2.3"), Severity.WARNING, id="an address"),
        pytest.param(external_name("db.data.svc.cluster.local"), Severity.INFO, id="a Service of the cluster"),
        pytest.param(external_name("db.data.svc"), Severity.INFO, id="without the domain"),
        pytest.param(external_name("web.prod.svc"), Severity.ERROR, id="the Service itself"),
        pytest.param(external_name("HTTPS://Example.com:443"), Severity.ERROR, id="a URL"),
        pytest.param(external_name("'2001:db8::1'"), Severity.ERROR, id="an address of IPv6"),
        pytest.param(
            external_name("a.example.com", ", ports: [{port: 80, targetPort: 81}]"), Severity.INFO, id="a port"
        ),
    ],
)
def test_how_sure_what_is_wrong_with_an_external_name_is(document: str, expected: Severity) -> None:
    assert [each.severity for each in findings(document)] == [expected]


def test_another_domain_of_the_cluster() -> None:
    document = external_name("db.data.svc.example.org")

    assert not findings(document)
    config = Config(environment=Environment(cluster_domain="example.org"))
    assert [each.id for each in findings(document, config=config)] == ["service-external-name-to-cluster-service"]


def test_what_exists_elsewhere_is_not_missing() -> None:
    rule = "service-selectorless-without-endpoints"

    assert findings(NO_SELECTOR, rule=rule)
    for external in (External(services=("prod/db",)), External(namespaces=("prod",))):
        assert not findings(NO_SELECTOR, rule=rule, config=Config(environment=Environment(external=external)))
    assert not findings(NO_SELECTOR, manifest("example.com/v1", "Database"), rule=rule), "an operator may make them"
    assert not findings(NO_SELECTOR, stateful_set("db"), rule=rule), "a StatefulSet names it"
    labels = External(labels=("app=shop",))
    selects = service("shop-active", "app: shop"), ROLLOUT.replace("NAME", "shop"), deployment("shop", "app: store")
    assert not findings(*selects, config=Config(environment=Environment(external=labels)))


@pytest.mark.parametrize(
    "strategy",
    [
        "canary: {stableService: shop-active}",
        "canary: {canaryService: shop-active}",
        "canary: {pingPong: {pingService: shop-active, pongService: other}}",
        "blueGreen: {activeService: shop-active}",
        "blueGreen: {previewService: shop-active}",
    ],
)
def test_a_rollout_says_whose_service_it_is(strategy: str) -> None:
    rollout = ROLLOUT.replace("NAME", "shop").replace("STRATEGY", strategy)
    wrong, right = service("shop-active", "app: active"), service("shop-active", "app: store")
    pods = deployment("shop", "app: store")

    found = findings(rollout, wrong, pods)
    assert [(each.id, each.severity, each.help) for each in found] == [
        ("service-selector-matches-nothing", Severity.WARNING, "did you mean `store`?")
    ]
    assert [each.message for each in found[0].related] == [
        "Rollout shop names this Service, and its pods have app=store"
    ]
    assert not findings(rollout, right, pods)
    assert not findings(
        rollout.replace("name: shop,", "name: elsewhere,").replace("name: shop}", "name: elsewhere}"), wrong
    )


def test_what_only_the_rollout_adds_is_not_missing() -> None:
    rollout = ROLLOUT.replace("NAME", "shop").replace("STRATEGY", "canary: {stableService: shop-active}")
    stable = service("shop-active", "app: shop, rollouts-pod-template-hash: 7bf84f9696")

    assert not findings(rollout, stable, deployment("shop"))


@pytest.mark.parametrize(
    ("selector", "labels", "help_", "fixed"),
    [
        pytest.param("app: book", "app: x", "did you mean `x`?", "write app: x in selector", id="a value"),
        pytest.param("app: x, tier: z", "app: x", "", "", id="a label that the pods lack"),
        pytest.param("app: b, tier: a", "app: x, tier: z", "", "write app: x, tier: z in selector", id="all labels"),
    ],
)
def test_a_stateful_set_says_whose_service_it_is(selector: str, labels: str, help_: str, fixed: str) -> None:
    found = findings(
        service("db", selector, spec="clusterIP: None", ports="{port: 80}"),
        stateful_set("db", labels),
        rule="service-selector-matches-nothing",
    )

    assert [(each.severity, each.help, each.fix.title if each.fix else "") for each in found] == [
        (Severity.WARNING, help_, fixed)
    ]


def test_a_job_beside_an_application() -> None:
    beside = service("shop", ports="{port: 80, targetPort: 8080}")
    rule = "service-selector-too-broad"

    assert [each.fix for each in findings(SHOP, beside, job(), rule=rule)] == [None], "nothing distinguishes them"
    told_apart = findings(deployment("shop", "app: shop, part: web"), beside, job("app: shop, part: job"), rule=rule)
    assert [each.fix.title for each in told_apart if each.fix] == ["add part: web to the selector"]
    mixed = service("shop", ports="{name: a, port: 80, targetPort: http}, {name: b, port: 8080}")
    assert findings(SHOP, mixed, job(), rule=rule), "the number reaches the Job"
    assert not findings(rule=rule, a=beside, b=together(SHOP), c=job("app: '{{ name }}'"))


def test_another_application_and_a_job_are_one_selector_that_is_too_broad() -> None:
    beside = service("shop", ports="{port: 80, targetPort: 8080}")
    db = deployment("db", "app: shop", ports="{containerPort: 5432}")
    messages = [each.message for each in findings(SHOP, db, beside, job())]
    assert messages == ["the selector matches Deployment shop, but also Deployment db, which has no port 8080"]


@pytest.mark.parametrize(
    "pods",
    [
        pytest.param(pod(ports="{containerPort: 8080}, {containerPort: 9090}"), id="two ports"),
        pytest.param(pod(ports="{name: http-metrics, containerPort: 8080}"), id="metrics"),
        pytest.param(pod(ports="{containerPort: 8080}", container="args: ['--port=80']"), id="an argument"),
        pytest.param(pod(ports="{containerPort: 8080}", container="env: [{name: PORT, value: '80'}]"), id="a variable"),
        pytest.param(
            pod(ports="{containerPort: 8080}", container="envFrom: [{configMapRef: {name: x}}]"), id="a ConfigMap"
        ),
        pytest.param(pod(ports="{containerPort: 8080, protocol: UDP}"), id="another protocol"),
        pytest.param(pod(), id="no port"),
        pytest.param(pod(ports="{containerPort: 80}"), id="the port itself"),
    ],
)
def test_a_number_that_may_be_served(pods: str) -> None:
    rule = "service-target-port-is-service-port"

    assert findings(service(), pod(ports="{containerPort: 8080, hostPort: 80}"), rule=rule), "a port of the node"
    assert not findings(service(), pods, rule=rule)


def test_a_number_that_another_service_sends_to_is_served() -> None:
    rule = "service-target-port-is-service-port"
    pods = pod(ports="{containerPort: 8080}")

    assert len(findings(service("a", "app: web"), pods, rule=rule)) == 1
    assert not findings(service("a", "app: web"), service("b", "app: web"), pods, rule=rule)
    assert not findings(
        service("a", ports="{name: x, port: 80}, {name: y, port: 81, targetPort: 8080}"), pods, rule=rule
    )


@pytest.mark.parametrize(
    ("spec", "ports", "note", "expected"),
    [
        pytest.param("type: NodePort", "{port: 6379}", "", [Severity.WARNING], id="Redis"),
        pytest.param("type: LoadBalancer", "{port: 5432}", "", [Severity.INFO], id="PostgreSQL asks for a password"),
        pytest.param("type: LoadBalancer", "{port: 80, targetPort: 2379}", "", [Severity.WARNING], id="etcd behind 80"),
        pytest.param(
            "type: LoadBalancer", "{port: 22, targetPort: 2222}", "", [], id="22 is mapped to another program"
        ),
        pytest.param("type: LoadBalancer", "{port: 6379, protocol: UDP}", "", [], id="another protocol"),
        pytest.param("", "{port: 6379}", "", [], id="within the cluster"),
        pytest.param(
            "type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/8]", "{port: 6379}", "", [], id="limited"
        ),
        pytest.param("type: LoadBalancer, loadBalancerIP: 192.168.1.9", "{port: 6379}", "", [], id="a private address"),
        pytest.param("type: LoadBalancer", "{port: 6379}", "lbipam.cilium.io/ips: 10.9.9.9", [], id="so in a note"),
        pytest.param(
            "type: LoadBalancer", "{port: 6379}", "example.com/scheme: internet-facing", [Severity.WARNING], id="public"
        ),
        pytest.param("type: LoadBalancer", "{port: 6379}", "example.com/lb-internal: 'true'", [], id="internal"),
    ],
)
def test_published_ports(spec: str, ports: str, note: str, expected: list[Severity]) -> None:
    text = service("web", ports=ports, spec=spec).replace(
        "metadata: {", f"metadata: {{annotations: {{{note}}}, " if note else "metadata: {"
    )

    assert [each.severity for each in findings(text, rule="service-sensitive-port-published")] == expected


@pytest.mark.parametrize(
    ("container", "expected"),
    [
        pytest.param("image: confluentinc/cp-kafka:7.6.0", True, id="the image"),
        pytest.param("image: mirror.example.com:5000/confluentinc/cp-kafka@sha256:abc", True, id="of a mirror"),
        pytest.param("image: example.com/cp-kafka:7.6.0", False, id="another image"),
        pytest.param("image: confluentinc/cp-kafka:7.6.0, env: [{name: KAFKA_PORT, value: ''}]", False, id="set"),
        pytest.param(
            "image: confluentinc/cp-kafka:7.6.0, envFrom: [{secretRef: {name: x}}]", False, id="from a Secret"
        ),
        pytest.param("image: confluentinc/cp-kafka:7.6.0, command: [sh, -c, unset KAFKA_PORT; run]", False, id="unset"),
    ],
)
def test_variables_of_services(container: str, *, expected: bool) -> None:
    pods = "apiVersion: v1\nkind: Pod\nmetadata: {name: k, namespace: NS}\n"
    pods += f"spec: {{containers: [{{name: k, {container}}}]}}\n"
    rule = "service-link-env-collision"

    found = findings(service("kafka"), pods.replace("NS", "prod"), rule=rule)
    assert bool(found) is expected
    assert not findings(service("kafka"), pods.replace("NS", "other"), rule=rule), "another namespace"
    assert not findings(service("kafka", spec="clusterIP: None"), pods.replace("NS", "prod"), rule=rule), "headless"


def test_images_and_their_variables() -> None:
    assert variable_of("schema-registry") == "SCHEMA_REGISTRY_PORT"
    assert read_by("docker.elastic.co/kibana/kibana") == ("SERVER_PORT",)
    assert read_by("kibana") == ()
    assert all(name.endswith("_PORT") for names in READ_VARIABLES.values() for name in names)
    assert all(image.count("/") == 1 for image in READ_VARIABLES)


@pytest.mark.parametrize(
    ("labels", "port", "expected"),
    [
        pytest.param("kubernetes.io/service-name: db", '""', [], id="a port without a name"),
        pytest.param("kubernetes.io/service-name: db", "sql", [Severity.ERROR], id="a name that the Service lacks"),
        pytest.param("kubernetes.io/service-name: elsewhere", "sql", [], id="a Service that is not shown"),
        pytest.param("app: db", "sql", [Severity.WARNING], id="no Service"),
        pytest.param("endpointslice.kubernetes.io/managed-by: mesh", "sql", [], id="of another controller"),
    ],
)
def test_endpoint_slices(labels: str, port: str, expected: list[Severity]) -> None:
    found = findings(NO_SELECTOR, endpoint_slice(labels, port), rule="service-endpointslice-unbound")
    assert [each.severity for each in found] == expected


def daemon_set(name: str, port: str, *, pods: str = "") -> str:
    return usual_objects.workload("DaemonSet", name, namespace=name, ports=port, pod=pods)


@pytest.mark.parametrize(
    ("port", "pods", "expected"),
    [
        pytest.param("{containerPort: 9100}", "hostNetwork: true", 1, id="on the host network"),
        pytest.param("{containerPort: 9100}", "", 0, id="no host port"),
        pytest.param("{containerPort: 1, hostPort: 9100, protocol: UDP}", "", 0, id="another protocol"),
        pytest.param("{containerPort: 1, hostPort: 9100, hostIP: 10.0.0.2}", "", 0, id="another address"),
        pytest.param("{containerPort: 1, hostPort: 9100, hostIP: 0.0.0.0}", "", 1, id="all addresses"),
        pytest.param("{containerPort: 1, hostPort: 9100}", "", 1, id="a host port"),
        pytest.param("{containerPort: 1, hostPort: 9100}", "nodeSelector: {gpu: 'yes'}", 0, id="some nodes"),
    ],
)
def test_host_ports(port: str, pods: str, expected: int) -> None:
    rule = "workload-host-port-conflict"
    one = daemon_set("a", "{containerPort: 1, hostPort: 9100, hostIP: 10.0.0.1}")
    other = daemon_set("b", port, pods=pods)

    assert len(findings(one, other, rule=rule)) == expected
    assert not findings(one, other.replace("DaemonSet", "Deployment"), rule=rule), "not on every node"
    assert not findings(rule=rule, one=one, other=other), "files may be alternatives"


@pytest.mark.parametrize(
    ("field", "consequence"),
    [
        ("startupProbe: {tcpSocket: {port: x-y}}", "the container never counts as started"),
        ("readinessProbe: {httpGet: {port: x-y}}", "the pod never becomes ready"),
        ("livenessProbe: {httpGet: {port: x-y}}", "the probe never restarts the container"),
        ("lifecycle: {preStop: {httpGet: {port: x-y}}}", "the hook fails"),
    ],
)
def test_probes(field: str, consequence: str) -> None:
    rule = "workload-probe-port-undefined"

    found = findings(deployment(container=field), rule=rule)
    assert [each.message for each in found] == [f"container web declares no port named x-y, so {consequence}"]
    assert not findings(deployment(container=field.replace("x-y", "8080")), rule=rule), "a number"
    assert not findings(deployment(container=field.replace("x-y", "'${PORT}'")), rule=rule), "a placeholder"
    assert not findings(deployment(container=field, ports="{name: x-y, containerPort: 1}"), rule=rule)
    assert not findings(rule=rule, kustomization=PATCHED, web=deployment(container=field)), "a patch adds the port"


PATCHED = f"""\
{KUSTOMIZATION}resources: [web.yaml]
patches:
- target: {{kind: Deployment}}
  patch: '[{{op: add, path: /spec/template/spec/containers/0/ports, value: [{{name: x-y, containerPort: 1}}]}}]'
"""


def test_the_host_network_in_a_closed_namespace() -> None:
    agent = usual_objects.workload("DaemonSet", "agent", namespace="prod", pod="hostNetwork: true")
    rule = "workload-host-network-escapes-policy"

    assert [each.severity for each in findings(agent, policy(), rule=rule)] == [Severity.INFO]
    assert not findings(agent, policy("app: web"), rule=rule), "only some pods"
    assert not findings(agent, policy(namespace="other"), rule=rule)
    assert not findings(agent, policy(direction="Egress"), rule=rule)
    assert not findings(agent, policy(), rule=rule, config=Config(environment=Environment(cni="flannel")))


def test_host_aliases_of_other_namespaces() -> None:
    rule = "workload-host-alias-shadows-service"
    services = together(service("db"), namespace("prod"))

    for name, expected in (("db", 1), ("db.prod", 1), ("db.prod.svc.cluster.local", 1), ("db.other", 0), ("db2", 0)):
        pods = deployment(pod=f"hostAliases: [{{ip: 10.1.2.3, hostnames: [{name}]}}]")
        assert len(findings(services, pods, rule=rule)) == expected, name


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        ("externalIPs: [203.0.113.1], ports: [{port: 80}]", "externalIPs"),
        ("type: LoadBalancer, loadBalancerIP: 203.0.113.1, ports: [{port: 80}]", "loadBalancerIP"),
        ("type: LoadBalancer, ports: [{port: 6379}]", "loadBalancerSourceRanges"),
        ("clusterIP: None, sessionAffinity: ClientIP, ports: [{port: 80}]", "sessionAffinity"),
        ("externalTrafficPolicy: Local, ports: [{port: 80}]", "type"),
        ("type: ExternalName, externalName: 10.1.2.3", "externalName"),
        ("externalName: a.example.com, ports: [{port: 80}]", "type"),
    ],
)
def test_what_a_patch_changes_is_not_judged(spec: str, path: str) -> None:
    head = "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: prod}\n"
    service_ = f"{head}spec: {{selector: {{app: web}}, {spec}}}\n"
    patch = f"[{{op: add, path: /spec/{path}, value: [10.0.0.0/8]}}]"
    kustomization = f"{KUSTOMIZATION}resources: [web.yaml]\npatches:\n- target: {{kind: Service}}\n  patch: '{patch}'\n"

    assert findings(service_)
    assert not findings(kustomization=kustomization, web=service_)


def test_equal_names_in_other_folders_are_other_applications() -> None:
    """Without a namespace, files of two folders need not be applied together."""
    statsd = usual_objects.workload("Deployment", "statsd", ports="{containerPort: 8125, protocol: UDP}")
    apart = {
        "a/statsd": usual_objects.service("statsd", ports="{port: 8125}"),
        "b/statsd": statsd,
        "a/db": NO_SELECTOR.replace(", namespace: prod", ""),
        "b/slice": endpoint_slice(port="sql").replace(", namespace: prod", ""),
        "a/kafka": usual_objects.service("kafka"),
        "b/kafka": usual_objects.workload("Pod", "k", pod="hostAliases: [{ip: 10.1.2.3, hostnames: [kafka]}]").replace(
            "example.com/k", "confluentinc/cp-kafka"
        ),
    }
    here = {name.replace("b/", "a/") + name[0]: text for name, text in apart.items()}

    assert {each.id for each in of_files(here) if each.id.startswith(("service-", "workload-"))} == {
        "service-target-port-protocol-mismatch",
        "service-endpointslice-unbound",
        "service-link-env-collision",
        "workload-host-alias-shadows-service",
    }
    assert [each.id for each in of_files(apart) if each.id.startswith(("service-", "workload-"))] == []


def service_with_address(address: str = "10.43.7.7", name: str = "web") -> str:
    return service(name).replace("spec: {", f"spec: {{clusterIP: '{address}', ")


def service_cidr(*cidrs: str, name: str = "more") -> str:
    head = f"apiVersion: networking.k8s.io/v1\nkind: ServiceCIDR\nmetadata: {{name: {name}}}\n"
    return f"{head}spec: {{cidrs: [{', '.join(cidrs)}]}}\n"


CIDRS = Environment(service_cidrs=("10.96.0.0/12", "fd00::/108"))
LAST_APPLIED = "annotations: {kubectl.kubernetes.io/last-applied-configuration: '{}'}"
OUTSIDE = "service-cluster-ip-outside-service-cidr"


@pytest.mark.parametrize(
    ("documents", "environment", "severities"),
    [
        pytest.param((service_with_address(),), CIDRS, [Severity.ERROR], id="outside"),
        pytest.param((service_with_address("fd01::7"),), CIDRS, [Severity.ERROR], id="outside of the IPv6 network"),
        pytest.param((service_with_address("10.97.7.7"),), CIDRS, [], id="inside"),
        pytest.param((service_with_address("fd00::7"),), CIDRS, [], id="inside of the IPv6 network"),
        pytest.param((service_with_address("None"),), CIDRS, [], id="headless"),
        pytest.param((service_with_address(),), Environment(), [], id="the range is not known"),
        pytest.param(
            (service_with_address("fd01::7"),), Environment(service_cidrs=("10.96.0.0/12",)), [], id="another family"
        ),
        pytest.param(
            (service_with_address(), service_cidr("10.43.0.0/16", "fd01::/108")), CIDRS, [Severity.INFO], id="extended"
        ),
        pytest.param(
            (service_with_address(), service_cidr("10.44.0.0/16")), CIDRS, [Severity.ERROR], id="extended by another"
        ),
        pytest.param((service_with_address(), service_cidr("'${CIDR}'")), CIDRS, [], id="extended by a placeholder"),
        pytest.param((service_with_address(), service_cidr("10.44.0.0/16")), Environment(), [], id="without an option"),
        pytest.param(
            (service_with_address(), service_cidr("10.44.0.0/16")),
            Environment(whole_cluster=True),
            [],
            id="the default one is not known",
        ),
        pytest.param(
            (service_with_address(), service_cidr("10.44.0.0/16", name="kubernetes")),
            Environment(whole_cluster=True),
            [Severity.ERROR],
            id="outside of the default one",
        ),
        pytest.param(
            (service_with_address("10.44.7.7"), service_cidr("10.44.0.0/16", name="kubernetes")),
            Environment(whole_cluster=True),
            [],
            id="inside of the default one",
        ),
    ],
)
def test_cluster_ips_outside_of_the_service_cidrs(
    documents: tuple[str, ...], environment: Environment, severities: list[Severity]
) -> None:
    report = lint(sources({"all.yaml": together(*documents)}), Config(environment=environment))
    found = [each for each in report.findings if each.field == "spec.clusterIP"]

    assert [each.severity for each in found if each.id == OUTSIDE] == severities
    assert not severities or len(found) == 1, "one mistake, one finding"


@pytest.mark.parametrize(
    ("metadata", "ports", "found"),
    [
        pytest.param(
            "annotations: {kubectl.kubernetes.io/last-applied-configuration: '{}'}", "", True, id="annotation"
        ),
        pytest.param("managedFields: [{manager: kubectl-client-side-apply}]", "", True, id="managed fields"),
        pytest.param("managedFields: [{manager: kubectl, operation: Apply}]", "", False, id="server-side apply"),
        pytest.param("annotations: {a: b}", "", False, id="no evidence"),
        pytest.param(
            LAST_APPLIED,
            "{name: tcp, port: 53}, {name: udp, port: 54, protocol: UDP}",
            False,
            id="other numbers",
        ),
    ],
)
def test_one_number_for_two_protocols(metadata: str, ports: str, *, found: bool) -> None:
    both = ports or "{name: tcp, port: 53}, {name: udp, port: 53, protocol: UDP}"
    text = f"apiVersion: v1\nkind: Service\nmetadata: {{name: dns, {metadata}}}\n"
    text += f"spec: {{selector: {{app: dns}}, ports: [{both}]}}\n"

    report = lint(sources({"all.yaml": text}), Config())

    assert ("service-same-port-two-protocols" in {each.id for each in report.findings}) == found


@pytest.mark.parametrize(
    ("labels", "volatile"),
    [
        pytest.param("app: web, chart: web-1.4.2", ["chart"], id="a version"),
        pytest.param("app: web, helm.sh/chart: web-v2", ["helm.sh/chart"], id="a version with a letter"),
        pytest.param("app: web, chart: web, heritage: Helm", [], id="a chart without its version"),
    ],
)
def test_the_label_of_a_chart_is_volatile_with_its_version(labels: str, volatile: list[str]) -> None:
    head = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n"
    found = findings(f"{head}spec: {{selector: {{{labels}}}, ports: [{{port: 80}}]}}\n")
    messages = [each.message for each in found if each.id == "service-selector-volatile-label"]
    assert messages == [f"the label {label} changes with every release" for label in volatile]


@pytest.mark.parametrize(
    ("number", "rule"),
    [
        pytest.param(80, "service-node-port-out-of-range", id="outside of the range: not allocated at all"),
        pytest.param(30080, "service-node-port-conflict", id="in the range"),
    ],
)
def test_a_node_port_that_two_services_ask_for(number: int, rule: str) -> None:
    head = "apiVersion: v1\nkind: Service\nmetadata: {name: %s}\n"
    spec = f"spec: {{type: NodePort, selector: {{app: a}}, ports: [{{port: 80, nodePort: {number}}}]}}\n"
    assert {each.id for each in findings(head % "a" + spec, head % "b" + spec) if "node-port" in each.id} == {rule}
