"""What the API server says of pods depends on its version: fields of gates that are off are dropped, not validated.

Source: `kube_features.go` of https://github.com/kubernetes/kubernetes/tree/v1.37.2 has the version of each gate.
"""

from __future__ import annotations

from typing import Any

import pytest

from k8snetlint.model.environment import Environment, parse_version
from k8snetlint.validation.admission import first_causes, validation_of
from k8snetlint.validation.quantities import quantity, resource
from k8snetlint.validation.server import servers_of
from k8snetlint.validation.unjudged import unjudged


def fields(value: dict[str, Any], group: str, version: str) -> list[tuple[str, str]]:
    (server,) = servers_of(Environment(versions=(parse_version(version),)))
    validation = validation_of(group, value["kind"])
    assert validation
    return sorted({(each.field, each.type) for each in first_causes(value, validation, server)})


def pod(container: dict[str, Any] | None = None, **spec: Any) -> dict[str, Any]:
    containers = [{"name": "a", "image": "b", **(container or {})}]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "a"},
        "spec": {"containers": containers, **spec},
    }


def variable(**source: Any) -> dict[str, Any]:
    return pod({"env": [{"name": "A", "valueFrom": source}]})


SPREAD = {"maxSkew": 1, "topologyKey": "a", "whenUnsatisfiable": "ScheduleAnyway", "labelSelector": {}}
KEYS = {"labelSelector": {"matchLabels": {"a": "b"}}, "matchLabelKeys": ["a"]}
TERM = {"topologyKey": "a", "matchLabelKeys": ["a"]}
MOUNT = {"volumeMounts": [{"name": "v", "mountPath": "/v", "recursiveReadOnly": "Yes"}]}


@pytest.mark.parametrize(
    ("value", "since", "found"),
    [
        pytest.param(
            pod(hostUsers=False, hostNetwork=True), "1.33", [("spec.hostNetwork", "Forbidden")], id="hostUsers"
        ),
        pytest.param(
            pod(hostnameOverride="a", hostNetwork=True),
            "1.35",
            [("spec.hostnameOverride", "Forbidden")],
            id="hostnameOverride",
        ),
        pytest.param(
            pod(topologySpreadConstraints=[{**SPREAD, "minDomains": 0}]),
            "1.27",
            [("spec.topologySpreadConstraints[0].minDomains", "Invalid")],
            id="minDomains",
        ),
        pytest.param(
            pod(topologySpreadConstraints=[{**SPREAD, "nodeTaintsPolicy": "a"}]),
            "1.26",
            [("spec.topologySpreadConstraints[0].nodeTaintsPolicy", "NotSupported")],
            id="nodeTaintsPolicy",
        ),
        pytest.param(
            pod(affinity={"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [TERM]}}),
            "1.31",
            [
                (
                    "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].matchLabelKeys",
                    "Forbidden",
                )
            ],
            id="matchLabelKeys of an affinity",
        ),
        pytest.param(
            pod(MOUNT, volumes=[{"name": "v"}]),
            "1.31",
            [("spec.containers[0].volumeMounts.recursiveReadOnly", "NotSupported")],
            id="recursiveReadOnly",
        ),
        pytest.param(
            pod({"securityContext": {"procMount": "Unmasked"}}),
            "1.33",
            [("spec.containers[0].securityContext.procMount", "Invalid")],
            id="procMount",
        ),
        pytest.param(pod(schedulingGates=[{}]), "1.27", [("spec.schedulingGates[0]", "Invalid")], id="schedulingGates"),
        pytest.param(
            pod({"resizePolicy": [{"resourceName": "disk", "restartPolicy": "NotRequired"}]}),
            "1.33",
            [("spec.containers[0].resizePolicy", "NotSupported")],
            id="resizePolicy",
        ),
    ],
)
def test_a_field_is_validated_since(value: dict[str, Any], since: str, found: list[tuple[str, str]]) -> None:
    before = f"1.{int(since.partition('.')[2]) - 1}"
    assert fields(value, "", since) == found
    assert fields(value, "", before) == []
    assert fields(value, "", "1.37") == found


@pytest.mark.parametrize(
    ("value", "version", "found"),
    [
        pytest.param(
            pod({"env": [{"name": "A B"}]}),
            "1.31",
            [("spec.containers[0].env[0].name", "Invalid")],
            id="names of variables were strict",
        ),
        pytest.param(pod({"env": [{"name": "A B"}]}), "1.32", [], id="names of variables are relaxed"),
        pytest.param(
            pod({"restartPolicy": "Never"}),
            "1.34",
            [("spec.containers[0].restartPolicy", "Forbidden")],
            id="containers had no restartPolicy",
        ),
        pytest.param(pod({"restartPolicy": "Never"}), "1.35", [], id="containers have a restartPolicy"),
        pytest.param(pod({"restartPolicy": "Never"}), "1.28", [], id="the restartPolicy of a container was dropped"),
        pytest.param(
            pod({"lifecycle": {"preStop": {"sleep": {"seconds": 0}}}}),
            "1.32",
            [("spec.containers[0].lifecycle.preStop.sleep", "Invalid")],
            id="a sleep of no time was wrong",
        ),
        pytest.param(
            pod({"lifecycle": {"preStop": {"sleep": {"seconds": 1}}}}),
            "1.29",
            [("spec.containers[0].lifecycle.preStop", "Required")],
            id="a sleep was dropped",
        ),
        pytest.param(
            variable(fileKeyRef={"key": "k", "path": "p", "volumeName": "v"}),
            "1.34",
            [("spec.containers[0].env[0].valueFrom", "Invalid")],
            id="a key of a file was dropped",
        ),
        pytest.param(
            variable(fieldRef={"fieldPath": "status.hostIPs"}),
            "1.28",
            [("spec.containers[0].env[0].valueFrom.fieldRef.fieldPath", "Invalid")],
            id="a host had one address",
        ),
        pytest.param(pod(volumes=[{"name": "v", "image": {}}]), "1.34", [], id="an image was no volume"),
        pytest.param(
            pod(topologySpreadConstraints=[{**SPREAD, **KEYS}]),
            "1.33",
            [("spec.topologySpreadConstraints[0].matchLabelKeys[0]", "Invalid")],
            id="keys of a spread constraint were compared",
        ),
    ],
)
def test_what_a_version_says(value: dict[str, Any], version: str, found: list[tuple[str, str]]) -> None:
    assert fields(value, "", version) == found


def cron_job(**spec: Any) -> dict[str, Any]:
    template = {"spec": {**pod()["spec"], "restartPolicy": "Never"}}
    job = {"spec": {"template": template}}
    return {"kind": "CronJob", "metadata": {"name": "a"}, "spec": {"jobTemplate": job, "schedule": "@daily", **spec}}


@pytest.mark.parametrize(
    ("spec", "version", "found"),
    [
        ({"schedule": "TZ=UTC 0 0 * * *"}, "1.28", []),
        ({"schedule": "TZ=UTC 0 0 * * *", "timeZone": "UTC"}, "1.28", [("spec.schedule", "Invalid")]),
        ({"schedule": "TZ=UTC 0 0 * * *"}, "1.29", [("spec.schedule", "Invalid")]),
        ({"schedule": "CRON_TZ=Nowhere 0 0 * * *"}, "1.28", [("spec.schedule", "Invalid")]),
        ({"schedule": "TZ=0"}, "1.37", [("spec.schedule", "Invalid")]),
    ],
)
def test_a_time_zone_in_a_schedule(spec: dict[str, Any], version: str, found: list[tuple[str, str]]) -> None:
    assert fields(cron_job(**spec), "batch", version) == found


@pytest.mark.parametrize(
    ("written", "nanos", "text"),
    [
        ("1", 10**9, "1"),
        ("0.5", 5 * 10**8, "500m"),
        ("1000m", 10**9, "1"),
        ("1024Mi", 2**30 * 10**9, "1Gi"),
        ("1.5Gi", 3 * 2**29 * 10**9, "1536Mi"),
        ("1000", 10**12, "1k"),
        ("1e3", 10**12, "1e3"),
        ("1E", 10**27, "1E"),
        ("-100m", -(10**8), "-100m"),
        ("0Ki", 0, "0"),
        ("+2", 2 * 10**9, "+2"),
        (1.5, 15 * 10**8, "1500m"),
        ("0.1n", 1, "1n"),
    ],
)
def test_quantities(written: str | float, nanos: int, text: str) -> None:
    assert quantity(written) == (nanos, text)


def test_a_quantity_beyond_all_reason_is_not_compared() -> None:
    assert quantity("1e999999") is None


def test_a_resource_is_rounded_up_to_thousandths() -> None:
    assert resource("1.0001") == (1_001_000_000, "1001m")
    assert resource(None) == (0, "0")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (pod(), []),
        (pod(resources={}), [("spec", "resources")]),
        (pod({"resources": {"claims": []}}), [("spec", "containers", 0, "resources", "claims")]),
        (pod(volumes=[{"name": "v", "iscsi": {}}]), [("spec", "volumes", 0, "iscsi")]),
        (pod(os={"name": "windows"}), [("spec", "os")]),
    ],
)
def test_what_is_not_judged_of_a_pod(value: dict[str, Any], expected: list[Any]) -> None:
    assert list(unjudged(value)) == expected
