"""What the API server says of an object, as findings: at the user's place, once, and not of what is still to come."""

from __future__ import annotations

import pytest

from k8snetlint import Config, Source, lint
from k8snetlint.model.environment import Environment, parse_version
from k8snetlint.validation.admission import causes_of, validation_of
from k8snetlint.validation.server import Server

POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingress:
"""


def said(text: str, *versions: str) -> list[tuple[str, str | None, str]]:
    known = tuple(map(parse_version, versions)) or Environment().versions
    report = lint([Source.of("a.yaml", text)], Config(environment=Environment(versions=known)))
    return [(each.id, each.field, each.message) for each in report.findings if each.severity.word != "info"]


def ids(text: str) -> list[tuple[str, str | None]]:
    return [(finding_id, field) for finding_id, field, _ in said(text)]


@pytest.mark.parametrize(
    "port",
    [
        "{port: '${PORT}', endPort: 9000}",
        "{port: 80, endPort: '${END}'}",
        "{port: '{{ port }}', protocol: '<protocol>'}",
        "{port: 80, protocol: '${PROTOCOL}'}",
    ],
)
def test_nothing_is_said_of_what_is_put_in_later(port: str) -> None:
    assert ids(f"{POLICY}  - ports: [{port}]\n") == []


def test_what_is_wrong_beside_a_wrong_type_is_said() -> None:
    found = ids(f"{POLICY}  - ports: [{{port: [80]}}, {{port: 70000}}, {{port: true, endPort: 80}}]\n")
    assert found == [
        ("api-type", "spec.ingress[0].ports[0].port"),
        ("api-invalid", "spec.ingress[0].ports[1].port"),
        ("api-type", "spec.ingress[0].ports[2].port"),
    ]


def test_a_misspelt_field_is_not_missing_as_well() -> None:
    assert ids(f"{POLICY}  - from: [{{podSelectors: {{}}}}]\n") == [
        ("netpol-misplaced-or-unknown-field", "spec.ingress[0].from[0].podSelectors")
    ]
    assert ids(f"{POLICY}  - ports: [{{prt: 80, endPort: 90}}]\n") == [
        ("netpol-misplaced-or-unknown-field", "spec.ingress[0].ports[0].prt")
    ]


def test_a_finding_names_the_versions_it_holds_for() -> None:
    (found,) = said(f"{POLICY}  - from: [{{ipBlock: {{cidr: '2001:db8::1/x'}}}}]\n", "1.35", "1.36")
    assert "Kubernetes" not in found[2]
    text = "apiVersion: v1\nkind: Service\nmetadata: {name: 1web}\nspec: {ports: [{port: 80}]}\n"
    (found,) = said(text, "1.35", "1.36")
    assert found[0] == "api-invalid"
    assert found[2].startswith('metadata.name: Invalid value: "1web": a DNS-1035 label must')
    assert found[2].endswith("(Kubernetes 1.35)")
    assert said(text, "1.36") == []


def test_up_to_1_29_the_server_stops_at_the_first_except_that_is_no_network() -> None:
    """Source: ValidateIPBlock of release-1.29, pkg/apis/networking/validation/validation.go."""
    block = {"cidr": "10.0.0.0/8", "except": ["10.0.0.0/x", "11.0.0.0/16"]}
    value = {"metadata": {"name": "a"}, "spec": {"ingress": [{"from": [{"ipBlock": block}]}]}}
    validation = validation_of("networking.k8s.io", "NetworkPolicy")
    assert validation
    server = Server(version=(1, 29), strict_addresses=False)
    at = "spec.ingress[0].from[0].ipBlock.except"
    old = causes_of(value, validation, server)
    assert [(each.field, each.detail) for each in old] == [
        (f"{at}[0]", 'Invalid value: "10.0.0.0/x": not a valid CIDR')
    ]
    new = causes_of(value, validation, server._replace(version=(1, 30)))
    assert [each.field for each in new] == [f"{at}[0]", f"{at}[1]"]


def test_a_kind_that_goes_some_day_is_warned_of() -> None:
    text = "apiVersion: autoscaling/v2beta2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\n"
    (found,) = said(text, "1.25")
    assert found[0] == "api-warning"
    assert found[2].startswith("autoscaling/v2beta2 HorizontalPodAutoscaler is deprecated in v1.23+")
    for version in ("v1", "/v1"):
        report = lint(
            [Source.of("a.yaml", f"apiVersion: {version}\nkind: Endpoints\nmetadata: {{name: a}}\n")], Config()
        )
        assert [(each.id, each.severity.word) for each in report.findings] == [("api-warning", "info")]


DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
"""
MOUNTS = "      containers: [{name: web, image: nginx, volumeMounts: [{name: data, mountPath: /data}]}]\n"
LIMIT = "resources: {requests: {cpu: 2}, limits: {cpu: '${CPU}'}}"
MOUNT = "spec.template.spec.containers[0].volumeMounts[0].name"


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        pytest.param(MOUNTS, [("api-not-found", MOUNT)], id="no volumes"),
        pytest.param(MOUNTS + "      volumes: [{name: date}]\n", [("api-not-found", MOUNT)], id="another volume"),
        pytest.param(MOUNTS + "      volumes: [{name: '${VOLUME}'}]\n", [], id="a volume whose name is put in later"),
        pytest.param(MOUNTS.replace("data,", "'${VOLUME}',"), [], id="a name that is put in later"),
        pytest.param(MOUNTS + "      volumes: '{{ volumes }}'\n", [], id="volumes that are put in later"),
        pytest.param(
            MOUNTS + "      volume: [{name: data}]\n",
            [("api-unknown-field", "spec.template.spec.volume")],
            id="volumes whose field is misspelt",
        ),
        pytest.param(
            MOUNTS + "      volumes: [{name: 5}]\n",
            [("api-type", "spec.template.spec.volumes[0].name")],
            id="a volume whose name is no text",
        ),
        pytest.param(
            MOUNTS.replace("volumeMounts: [{name: data, mountPath: /data}]", LIMIT),
            [],
            id="a limit that is put in later",
        ),
    ],
)
def test_a_name_is_not_missing_among_what_is_not_known(spec: str, expected: list[tuple[str, str]]) -> None:
    assert ids(DEPLOYMENT + spec) == expected


OWNED = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, ownerReferences: [{apiVersion: v1, kind: A, name: b%s}]}"
TWO_PORTS = """\
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  %s: [{name: a, image: a, ports: [{containerPort: 80}]}]
  containers: [{name: b, image: b, ports: [{containerPort: 80}]}%s]
"""


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        pytest.param(OWNED % ", uid: ''", "info", id="an uid that a tool left empty"),
        pytest.param(OWNED % "", "error", id="no uid"),
        pytest.param(TWO_PORTS % ("initContainers", ""), "info", id="one port of an init container and a container"),
        pytest.param(
            TWO_PORTS.replace("  %s: [{name: a, image: a, ports: [{containerPort: 80}]}]\n", "")
            % ", {name: c, image: c, ports: [{containerPort: 80}]}",
            "warning",
            id="one port of two containers",
        ),
    ],
)
def test_how_bad_it_is(text: str, severity: str) -> None:
    report = lint([Source.of("a.yaml", text)], Config())
    assert [each.severity.word for each in report.findings] == [severity]
