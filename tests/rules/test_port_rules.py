"""What the rules about declared ports say beyond their pages: how sure they are, and where they keep silent."""

from __future__ import annotations

import pytest
from manifests import deployment, pod, policy, service, sources, stateful_set, together

from k8snetlint import Config, Finding, Severity, lint

POLICY = policy("app: web", name="web", peer="", ports="{port: PORT}")
SERVICE = service(ports="{port: 80, targetPort: PORT}")
PODS = pod(ports="{name: http, containerPort: 8080}")
TEMPLATE = "apiVersion: v1\nkind: Pod\nmetadata:\n  {{- labels }}\n"


def findings(rule: str, **files: str) -> list[Finding]:
    named = sources({f"{name}.yaml": text for name, text in files.items()})
    return [each for each in lint(named, Config()).findings if each.id == rule]


@pytest.mark.parametrize(
    ("rule", "asker"),
    [
        pytest.param("netpol-named-port-unresolved", POLICY, id="a policy"),
        pytest.param("service-named-target-port-missing", SERVICE, id="a Service"),
    ],
)
def test_a_name_that_nobody_declares(rule: str, asker: str) -> None:
    asker = asker.replace("PORT", "htttp")

    in_one_file = findings(rule, all=together(asker, PODS))
    apart = findings(rule, asker=asker, pods=PODS)

    assert [each.severity for each in in_one_file] == [Severity.ERROR], "all pods are in its own file"
    assert [each.severity for each in apart] == [Severity.WARNING], "other files may bring others"
    assert in_one_file[0].help == "did you mean `http`?"
    assert not findings(rule, asker=asker, pods=PODS, more=TEMPLATE), "a template may bring others"
    assert findings(rule, all=together(asker, PODS), more=TEMPLATE), "what is in one file belongs together"


@pytest.mark.parametrize(
    "pods",
    [
        pytest.param(PODS.replace("http,", "${NAME},"), id="a name is a placeholder"),
        pytest.param(PODS.replace("8080", "'${PORT}'"), id="a number is a placeholder"),
        pytest.param(PODS.replace("app: web", "app: other"), id="no pod is selected"),
    ],
)
def test_silent_where_ports_are_not_known(pods: str) -> None:
    assert not findings("service-named-target-port-missing", all=together(SERVICE.replace("PORT", "htttp"), pods))


def test_service_port_is_replaced_by_the_target_port() -> None:
    named = SERVICE.replace("PORT", "http")

    found = findings("netpol-policy-uses-service-port", a=POLICY.replace("PORT", "80"), b=named, c=PODS)

    assert [each.help for each in found] == ["did you mean `8080`?"]
    assert [each.path for each in found[0].related] == ["b.yaml"]


def test_service_port_of_two_services_that_disagree_may_be_the_pods_own() -> None:
    other = service("b", "app: web", ports="{port: 80, targetPort: 80}")
    services = together(SERVICE.replace("PORT", "http"), other)

    assert not findings("netpol-policy-uses-service-port", a=POLICY.replace("PORT", "80"), b=services, c=PODS)


def test_two_examples_with_the_same_labels_are_not_one_application() -> None:
    agent = pod("agent", "app: web", namespace="", pod="hostNetwork: true")
    asker = policy("app: web", namespace="", peer="", ports="{port: 8080}")

    assert findings("netpol-selects-host-network-pods", **{"a/policy": asker, "a/agent": agent})
    assert not findings("netpol-selects-host-network-pods", **{"a/policy": asker, "b/agent": agent})


def test_a_service_that_is_not_headless_is_worth_knowing() -> None:
    found = findings("service-statefulset-service", a=stateful_set(), b=SERVICE.replace("PORT", "80"))

    assert [each.severity for each in found] == [Severity.INFO]


def test_a_port_for_the_wrong_protocol_says_it_better_than_dns() -> None:
    asker = policy(direction="Egress", peer="podSelector: {matchLabels: {app: web}}", ports="{port: 53}")
    pods = pod(ports="{containerPort: 53, protocol: UDP}")

    assert not findings("netpol-dns-port-without-protocol", a=asker, b=pods)
    assert [each.help for each in findings("netpol-protocol-mismatch", a=asker, b=pods)] == ["did you mean `UDP`?"]


NOT_EXPOSED = "netpol-port-not-exposed"
OTHER = POLICY.replace("PORT", "8443")
CLIENT = policy("app: client", name="client", direction="Egress", peer="podSelector: {matchLabels: {app: web}}")
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: prod}\ndata: {a.conf: 'listen PORT;'}\n"


@pytest.mark.parametrize(
    "files",
    [
        pytest.param((OTHER, PODS), id="the only port is another one"),
        pytest.param((OTHER, PODS, SERVICE.replace("PORT", "http")), id="behind a Service"),
        pytest.param((OTHER, pod(ports="{containerPort: 84430}")), id="a longer number"),
        pytest.param((OTHER, PODS, CONFIG_MAP.replace("PORT", "8443")), id="a ConfigMap of other pods"),
        pytest.param(
            (
                CLIENT.replace("]}]\n", "], ports: [{port: 8443}]}]\n"),
                PODS,
                pod("client", ports="{containerPort: 8443}"),
            ),
            id="egress: the pods of the peer count",
        ),
    ],
)
def test_a_port_that_nothing_mentions(files: tuple[str, ...]) -> None:
    found = findings(NOT_EXPOSED, **{f"f{number}": text for number, text in enumerate(files)})

    assert [each.severity for each in found] == [Severity.INFO]


MOUNTED = "volumes: [{name: a, configMap: {name: web}}]"


@pytest.mark.parametrize(
    "files",
    [
        pytest.param((OTHER, pod()), id="the pods declare no port"),
        pytest.param((OTHER, PODS, pod("b", "app: web")), id="some of the pods declare no port"),
        pytest.param((OTHER, pod(ports="{containerPort: 8443, protocol: UDP}")), id="another protocol"),
        pytest.param((OTHER, PODS, SERVICE.replace("PORT", "8443")), id="a Service sends to it"),
        pytest.param((OTHER, PODS, service(ports="{port: 8443, targetPort: http}")), id="the port of a Service"),
        pytest.param(
            (OTHER, PODS, deployment("db", ports="{containerPort: 8443}"), service("db", ports="{port: 8443}")),
            id="that of another workload",
        ),
        pytest.param((OTHER, pod(ports="{containerPort: 8080}", annotations="a/port: '8443'")), id="an annotation"),
        pytest.param(
            (OTHER, pod(ports="{containerPort: 8080}", container="env: [{name: A, value: ':8443'}]")), id="a variable"
        ),
        pytest.param(
            (OTHER, pod(ports="{containerPort: 8080}", pod=MOUNTED), CONFIG_MAP.replace("PORT", "8443")),
            id="a ConfigMap",
        ),
        pytest.param((OTHER, pod(ports="{containerPort: 8080}", pod=MOUNTED)), id="a ConfigMap that is not shown"),
        pytest.param((POLICY.replace("PORT", "15020"), PODS), id="a port of a sidecar"),
        pytest.param((POLICY.replace("PORT", "9187"), PODS), id="a port for metrics"),
        pytest.param((POLICY.replace("PORT", "8443, endPort: 8500"), PODS), id="a range"),
        pytest.param((POLICY.replace("PORT", "0"), PODS), id="a port that the API server rejects"),
        pytest.param((OTHER, PODS, TEMPLATE), id="pods may be missing"),
        pytest.param((OTHER.replace("[Ingress]", "[Egress]"), PODS), id="a rule without effect"),
    ],
)
def test_a_port_that_may_be_open(files: tuple[str, ...]) -> None:
    assert not findings(NOT_EXPOSED, **{f"f{number}": text for number, text in enumerate(files)})


def test_a_port_of_another_workload_is_one_finding() -> None:
    other = together(deployment("db", ports="{containerPort: 8443}"), service("db", ports="{port: 8443}"))
    named = sources({"a.yaml": OTHER, "b.yaml": PODS, "c.yaml": other})

    assert {each.id for each in lint(named, Config()).findings} & {NOT_EXPOSED, "netpol-port-of-another-workload"} == {
        "netpol-port-of-another-workload"
    }
