from __future__ import annotations

from typing import TypeVar

import pytest
from manifests import NETWORKING, cluster_of, manifest

from k8snetlint.model.aspects import LABELS, NAME, POD_LABELS, PORTS, SELECTORS
from k8snetlint.model.endpoints import EndpointSlice
from k8snetlint.model.environment import Environment
from k8snetlint.model.extension import Extension
from k8snetlint.model.namespace import Namespace
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.model.otherpolicy import OtherPolicy
from k8snetlint.model.resource import Resource, resource_of
from k8snetlint.model.service import Service
from k8snetlint.model.workload import Workload
from k8snetlint.source.document import Source

R = TypeVar("R", bound=Resource)


def the(kind: type[R], text: str) -> R:
    resource, *others = cluster_of(text).of(kind)
    assert not others
    return resource


def policy(spec: str) -> NetworkPolicy:
    return the(NetworkPolicy, manifest(NETWORKING, "NetworkPolicy", spec=spec))


@pytest.mark.parametrize(
    ("api_version", "kind", "rest", "expected"),
    [
        pytest.param("networking.k8s.io/v1", "NetworkPolicy", "", NetworkPolicy, id="NetworkPolicy"),
        pytest.param("projectcalico.org/v3", "NetworkPolicy", "", OtherPolicy, id="Calico's NetworkPolicy"),
        pytest.param("example.com/v1", "NetworkPolicy", "", Resource, id="another group's NetworkPolicy"),
        pytest.param("apiregistration.k8s.io/v1", "APIService", "", Extension, id="APIService"),
        pytest.param("discovery.k8s.io/v1", "EndpointSlice", "", EndpointSlice, id="EndpointSlice"),
        pytest.param("v1", "Endpoints", "subsets: ${S}", Resource, id="a placeholder as subsets"),
        pytest.param("cilium.io/v2", "CiliumNetworkPolicy", "spec: ${S}", OtherPolicy, id="a policy that is not read"),
        pytest.param("v1", "Service", "", Service, id="Service"),
        pytest.param("serving.knative.dev/v1", "Service", "", Resource, id="another group's Service"),
        pytest.param("v1", "Namespace", "", Namespace, id="Namespace"),
        pytest.param("apps/v1", "Deployment", "", Workload, id="Deployment"),
        pytest.param("v1", "ConfigMap", "", Resource, id="a kind without a view"),
        pytest.param(
            "argoproj.io/v1alpha1",
            "Rollout",
            "spec: {template: {spec: {containers: [{name: a}]}}}",
            Workload,
            id="a custom resource with a pod template",
        ),
        pytest.param("a.io/v1", "B", "spec: {template: {spec: {}}}", Resource, id="another sort of template"),
        pytest.param("networking.k8s.io/v1", "NetworkPolicy", "spec: ${SPEC}", Resource, id="a placeholder as spec"),
        pytest.param(
            "networking.k8s.io/v1", "NetworkPolicy", "spec: {ingress: [{from: $(P)}]}", Resource, id="as peers"
        ),
        pytest.param("v1", "Service", "spec: {selector: '{{ labels }}'}", Resource, id="as a Service's selector"),
    ],
)
def test_class(api_version: str, kind: str, rest: str, expected: type[Resource]) -> None:
    (resource,) = cluster_of(f"apiVersion: {api_version}\nkind: {kind}\n{rest}").resources

    assert type(resource) is expected


def test_an_object_that_cannot_be_decoded_has_a_name_only() -> None:
    source = Source.of("test.yaml", "")
    value: dict[str, object] = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {}}

    resource = resource_of(value, source, 0, typed=False)

    assert type(resource) is Resource
    assert str(resource.object_name()) == "Service web"


def test_metadata_as_written() -> None:
    namespace = the(
        Namespace,
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labels: {one: '1', two: 2, none: }, annotations: {b: c}}",
    )

    assert (namespace.name, namespace.namespace) == ("a", None)
    assert namespace.labels == {"one": "1", "none": ""}
    assert namespace.annotations == {"b": "c"}
    assert (namespace.group, namespace.version) == ("", "v1")


@pytest.mark.parametrize(
    ("spec", "computed", "isolated"),
    [
        pytest.param("{}", ("Ingress",), {Direction.INGRESS}, id="nothing written"),
        pytest.param("{egress: []}", ("Ingress",), {Direction.INGRESS}, id="no egress rule"),
        pytest.param("{egress: [{}]}", ("Ingress", "Egress"), set(Direction), id="an egress rule"),
        pytest.param("{policyTypes: [], egress: [{}]}", ("Ingress", "Egress"), set(Direction), id="an empty list"),
        pytest.param("{policyTypes: [Egress]}", ("Egress",), {Direction.EGRESS}, id="written"),
        pytest.param("{policyTypes: [~, egress]}", ("", "egress"), set(), id="neither of the two"),
    ],
)
def test_policy_types(spec: str, computed: tuple[str, ...], isolated: set[Direction]) -> None:
    written = policy(spec)

    assert written.computed_policy_types() == computed
    assert {direction for direction in Direction if written.isolates(direction)} == isolated


def test_absent_is_not_empty() -> None:
    written = policy("{podSelector: , ingress: [{from: , ports: []}, ~], egress: []}")

    assert written.pod_selector is None
    assert written.selects_every_pod
    assert written.policy_types is None
    assert written.ingress is not None
    assert [(each.peers, each.ports) for each in written.ingress] == [((), ()), (None, None)]
    assert written.egress == ()
    assert policy("{}").egress is None


def test_rules_peers_and_ports() -> None:
    written = policy(
        "{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {}, namespaceSelector: {}}]}],"
        " egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}, ~], ports: [{port: dns}, {port: 8e1}]}]}"
    )
    (ingress,), (egress,) = written.rules(Direction.INGRESS), written.rules(Direction.EGRESS)

    assert list(written.rules()) == [ingress, egress]
    assert (ingress.peer_field, egress.peer_field) == ("from", "to")
    assert egress.peers is not None
    block = egress.peers[0].ip_block
    assert block is not None
    assert (block.cidr, block.except_) == ("10.0.0.0/8", ("10.1.0.0/16",))
    assert block.at("except", 0).field == "spec.egress[0].to[0].ipBlock.except[0]"
    nothing = egress.peers[1]
    assert (nothing.pod_selector, nothing.namespace_selector, nothing.ip_block) == (None, None, None)
    assert [(port.port, port.protocol, port.effective_protocol) for port in egress.ports or ()] == [
        ("dns", None, "TCP"),
        (80, None, "TCP"),
    ]
    assert [place_of().field for _, place_of in written.selectors()] == [
        "spec.podSelector",
        "spec.ingress[0].from[0].namespaceSelector",
        "spec.ingress[0].from[0].podSelector",
    ]


@pytest.mark.parametrize(
    ("name", "allow", "deny"),
    [
        ("allow-all", True, False),
        ("web-allows-db", True, False),
        ("disallow", False, False),
        ("default-deny", False, True),
        ("Isolate_web", False, True),
        ("web", False, False),
    ],
)
def test_what_a_name_says(name: str, *, allow: bool, deny: bool) -> None:
    written = the(NetworkPolicy, f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: {name}}}")

    assert (written.says_allow, written.says_deny) == (allow, deny)


def test_service() -> None:
    service = the(
        Service,
        "apiVersion: v1\nkind: Service\nspec:\n  selector: {app: web}\n  clusterIP: None\n"
        "  ports: [{port: 80}, {port: 53, protocol: UDP, targetPort: dns, nodePort: 30053, name: dns}]",
    )

    assert (service.type, service.selector, service.cluster_ip) == ("ClusterIP", {"app": "web"}, "None")
    assert [
        (port.name, port.port, port.target_port, port.effective_target_port, port.node_port, port.protocol)
        for port in service.ports
    ] == [(None, 80, None, 80, None, "TCP"), ("dns", 53, "dns", "dns", 30053, "UDP")]
    assert service.ports[1].at("nodePort").field == "spec.ports[1].nodePort"
    assert the(Service, "apiVersion: v1\nkind: Service").selector is None


POD = """
metadata: {labels: {app: web}}
spec:
  hostNetwork: true
  dnsPolicy: Default
  initContainers:
  - {name: setup, ports: [{containerPort: 1}]}
  - {name: proxy, restartPolicy: Always, ports: [{containerPort: 15001, name: proxy}]}
  containers:
  - {name: web, ports: [{containerPort: 8080, protocol: UDP, hostPort: 80}]}
"""


@pytest.mark.parametrize(
    ("head", "indent", "path"),
    [
        pytest.param("apiVersion: v1\nkind: Pod", 0, "spec", id="Pod"),
        pytest.param(
            "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:", 4, "spec.template.spec", id="template"
        ),
        pytest.param(
            "apiVersion: batch/v1\nkind: CronJob\nspec:\n  jobTemplate:\n    spec:\n      template:",
            8,
            "spec.jobTemplate.spec.template.spec",
            id="CronJob",
        ),
    ],
)
def test_workload(head: str, indent: int, path: str) -> None:
    workload = the(Workload, head + POD.replace("\n", "\n" + " " * indent))

    assert workload.pod_labels == {"app": "web"}
    assert (workload.host_network, workload.dns_policy) == (True, "Default")
    assert [(each.name, each.init, each.sidecar) for each in workload.containers] == [
        ("setup", True, False),
        ("proxy", True, True),
        ("web", False, False),
    ]
    assert [(port.container_port, port.name, port.protocol, port.host_port) for port in workload.ports] == [
        (15001, "proxy", "TCP", None),
        (8080, None, "UDP", 80),
    ]
    assert workload.containers[2].ports[0].at("hostPort").field == f"{path}.containers[0].ports[0].hostPort"


@pytest.mark.parametrize(
    ("written", "told", "expected"),
    [
        pytest.param(["shop"], "cli", ["shop"], id="written"),
        pytest.param(["", "shop"], "cli", ["cli", "shop"], id="told, where none is written"),
        pytest.param(["", "shop"], None, ["shop", "shop"], id="the only one that is written"),
        pytest.param(["", "shop", "blog"], None, ["default", "shop", "blog"], id="default, where there are several"),
        pytest.param([""], None, ["default"], id="default, where there is none"),
    ],
)
def test_namespace_of(written: list[str], told: str | None, expected: list[str]) -> None:
    texts = [manifest("v1", "ConfigMap", namespace=each) for each in written]
    cluster = cluster_of(*texts, environment=Environment(namespace=told))

    assert [cluster.namespace_of(resource) for resource in cluster.resources] == expected


def test_places() -> None:
    source = Source.of("test.yaml", "")
    item = resource_of({"apiVersion": "v1", "kind": "Pod"}, source, 2, ("items", 3))

    place = item.at("spec", "containers", 0, key=True)

    assert (place.document, place.root, place.field, place.key) == (2, ("items", 3), "spec.containers[0]", True)


WORKLOAD = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"
    "spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}}}\n"
)
POLICY = (
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web}\n"
    "spec: {podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: web}]}]}\n"
)
SERVICE = (
    "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"
    "spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: web}]}\n"
)
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: web, labels: {app: web}, annotations: {a: b}}\n"


@pytest.mark.parametrize(
    ("text", "old", "unknown"),
    [
        pytest.param(WORKLOAD, "name: web", {NAME}, id="a workload's name"),
        pytest.param(WORKLOAD, "labels: {app: web", {POD_LABELS}, id="the labels of pods"),
        pytest.param(WORKLOAD, "matchLabels: {app: web", {SELECTORS}, id="a workload's selector"),
        pytest.param(POLICY, "matchLabels: {app: web", {SELECTORS}, id="a peer"),
        pytest.param(POLICY, "port: web", set(), id="the port of a policy, which is known by its place"),
        pytest.param(SERVICE, "selector: {app: web", {SELECTORS}, id="a Service's selector"),
        pytest.param(SERVICE, "targetPort: web", {PORTS}, id="a target port"),
        pytest.param(NAMESPACE, "labels: {app: web", {LABELS}, id="a namespace's labels"),
        pytest.param(NAMESPACE, "a: b", set(), id="an annotation"),
    ],
)
def test_what_is_known_of_an_object(text: str, old: str, unknown: set[str]) -> None:
    every = {LABELS, NAME, POD_LABELS, PORTS, SELECTORS}
    assert old in text
    (resource,) = cluster_of(text).resources
    (other,) = cluster_of(text.replace(old, f"{old.rpartition(' ')[0]} '${{WEB}}'")).resources

    assert resource.knows(*every)
    assert {each for each in every if not other.knows(each)} == unknown
    resource.patched = frozenset({NAME})
    assert {each for each in every if not resource.knows(each)} == {NAME}
    assert resource.knows()
