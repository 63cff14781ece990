from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from k8snetlint.validation.schemas import (
    Answer,
    Serving,
    definition_of,
    fields_of,
    folder,
    kinds_of,
    materialise,
    serving_of,
)

REPOSITORY = Path(__file__).parent.parent.parent
SCRIPT = REPOSITORY / "scripts" / "make_schemas.py"
KINDS = [
    *(("", "v1", kind) for kind in ("Namespace", "Pod", "ReplicationController", "Service")),
    *(("apps", "v1", kind) for kind in ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet")),
    *(("batch", "v1", kind) for kind in ("CronJob", "Job")),
    *(("networking.k8s.io", "v1", kind) for kind in ("Ingress", "IngressClass", "NetworkPolicy")),
]


@pytest.mark.skipif(not SCRIPT.exists(), reason="the script is not shipped")
@pytest.mark.skipif(not importlib.util.find_spec("kubernetes_validate"), reason="kubernetes-validate is not installed")
def test_the_shipped_file_is_what_the_script_makes() -> None:
    check = subprocess.run([sys.executable, SCRIPT, "--check"], capture_output=True, text=True, check=False)
    assert (check.returncode, check.stderr) == (0, "")


def test_the_schemas_are_found() -> None:
    assert (folder() / "kubernetes.json").is_file()


@pytest.mark.parametrize(
    ("api_version", "kind", "version", "answer"),
    [
        pytest.param("v1", "Service", (1, 37), Answer(Serving.SERVED), id="the core group has no name"),
        pytest.param("apps/v1", "Deployment", (1, 25), Answer(Serving.SERVED), id="a kind of a named group"),
        pytest.param("v1", "ConfigMap", (1, 37), Answer(Serving.SERVED), id="a kind without a schema of ours"),
        pytest.param(
            "extensions/v1beta1",
            "NetworkPolicy",
            (1, 25),
            Answer(Serving.REMOVED, (1, 16), "networking.k8s.io/v1"),
            id="a removal that another group replaces",
        ),
        pytest.param(
            "networking.k8s.io/v1beta1",
            "Ingress",
            (1, 37),
            Answer(Serving.REMOVED, (1, 22), "networking.k8s.io/v1"),
            id="a removal that the same group replaces",
        ),
        pytest.param(
            "policy/v1beta1",
            "PodSecurityPolicy",
            (1, 25),
            Answer(Serving.REMOVED, (1, 25)),
            id="a removal that nothing replaces",
        ),
        pytest.param(
            "autoscaling/v2beta2", "HorizontalPodAutoscaler", (1, 25), Answer(Serving.SERVED), id="not removed yet"
        ),
        pytest.param(
            "autoscaling/v2beta2",
            "HorizontalPodAutoscaler",
            (1, 26),
            Answer(Serving.REMOVED, (1, 26), "autoscaling/v2"),
            id="removed in this very version",
        ),
        pytest.param(
            "networking.k8s.io/v1alpha1",
            "IPAddress",
            (1, 32),
            Answer(Serving.REMOVED, (1, 31), "networking.k8s.io/v1beta1"),
            id="the replacement is one that this version serves",
        ),
        pytest.param(
            "networking.k8s.io/v1",
            "ServiceCIDR",
            (1, 32),
            Answer(Serving.NOT_YET, (1, 33), "networking.k8s.io/v1beta1"),
            id="not there yet, but its beta is",
        ),
        pytest.param("networking.k8s.io/v1", "ServiceCIDR", (1, 33), Answer(Serving.SERVED), id="there since now"),
        pytest.param(
            "resource.k8s.io/v1alpha3",
            "DeviceTaintRule",
            (1, 37),
            Answer(Serving.OFF, None, "resource.k8s.io/v1"),
            id="alpha versions are off by default",
        ),
        pytest.param(
            "networking.k8s.io/v1beta1",
            "ServiceCIDR",
            (1, 31),
            Answer(Serving.OFF),
            id="so are beta versions since 1.24, and nothing else may serve the kind",
        ),
        pytest.param(
            "storage.k8s.io/v1beta1",
            "CSIStorageCapacity",
            (1, 26),
            Answer(Serving.SERVED),
            id="older beta versions are on",
        ),
        pytest.param(
            "storage.k8s.io/v1beta1",
            "VolumeAttributesClass",
            (1, 34),
            Answer(Serving.OFF, None, "storage.k8s.io/v1"),
            id="for their kinds only",
        ),
        pytest.param("v1", "Deployment", (1, 37), Answer(Serving.UNKNOWN, None, "apps/v1"), id="wrong group"),
        pytest.param("v1beta1", "Service", (1, 37), Answer(Serving.UNKNOWN, None, "v1"), id="wrong version"),
        pytest.param("apps/v1", "deployment", (1, 37), Answer(Serving.UNKNOWN), id="kinds are case sensitive"),
        pytest.param("autoscaling/v1", "Scale", (1, 37), Answer(Serving.UNKNOWN), id="a subresource is no object"),
        pytest.param("cilium.io/v2", "CiliumNetworkPolicy", (1, 37), Answer(Serving.CUSTOM), id="a custom resource"),
        pytest.param("gateway.networking.k8s.io/v1", "Gateway", (1, 37), Answer(Serving.CUSTOM), id="a k8s.io group"),
        pytest.param("v1", "Config", (1, 37), Answer(Serving.CUSTOM), id="a kubeconfig"),
        pytest.param("v1", "List", (1, 37), Answer(Serving.UNKNOWN), id="a list"),
        pytest.param("apps/v1", "DeploymentList", (1, 37), Answer(Serving.UNKNOWN), id="a list of one kind"),
        pytest.param("v1", "Template", (1, 37), Answer(Serving.CUSTOM), id="an OpenShift template"),
        pytest.param("builtin", "PatchTransformer", (1, 37), Answer(Serving.CUSTOM), id="a kustomize plugin"),
    ],
)
def test_served(api_version: str, kind: str, version: tuple[int, int], answer: Answer) -> None:
    assert serving_of(api_version, kind, version) == answer


def test_kinds_of_an_api_version_are_those_of_the_kubernetes_version() -> None:
    assert kinds_of("networking.k8s.io/v1", (1, 32)) == ["Ingress", "IngressClass", "NetworkPolicy"]
    assert "ServiceCIDR" in kinds_of("networking.k8s.io/v1", (1, 33))
    assert kinds_of("example.org/v1", (1, 37)) == []


@pytest.mark.parametrize(("group", "version", "kind"), KINDS)
def test_every_kind_we_read_has_a_definition(group: str, version: str, kind: str) -> None:
    assert definition_of(group, version, kind) == kind
    assert {"apiVersion", "kind", "metadata"} < fields_of(kind, (1, 37)).keys()


def test_other_kinds_have_no_definition() -> None:
    assert definition_of("", "v1", "ConfigMap") is None
    assert definition_of("extensions", "v1beta1", "Deployment") is None


@pytest.mark.parametrize(
    ("definition", "field", "first", "last"),
    [
        pytest.param("ServiceSpec", "trafficDistribution", 30, 37, id="a new field"),
        pytest.param("NetworkPolicy", "status", 25, 27, id="a removed field"),
        pytest.param("PodSpec", "workloadRef", 35, 35, id="a field of one version"),
        pytest.param("PodSpec", "initContainers", 25, 37, id="a field of all versions"),
    ],
)
def test_fields_by_version(definition: str, field: str, first: int, last: int) -> None:
    having = [minor for minor in range(25, 38) if field in fields_of(definition, (1, minor))]
    assert having == list(range(first, last + 1))


def test_a_field_that_changed_its_type() -> None:
    before, after = (fields_of("PersistentVolumeClaimSpec", (1, minor))["resources"]["$ref"] for minor in (28, 29))
    assert (before, after) == ("#/$defs/ResourceRequirements", "#/$defs/VolumeResourceRequirements")


def errors(kind: str, value: Any, version: tuple[int, int] = (1, 37)) -> list[str]:
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(materialise(kind, version))
    return [error.json_path for error in validator.iter_errors(value)]


@pytest.mark.parametrize(("group", "version", "kind"), KINDS)
@pytest.mark.parametrize("minor", [25, 37])
def test_materialised_schemas_are_schemas_and_know_their_references(
    group: str, version: str, kind: str, minor: int
) -> None:
    from jsonschema import Draft202012Validator

    schema = materialise(kind, (1, minor))
    Draft202012Validator.check_schema(schema)
    api = f"{group}/{version}" if group else version
    assert errors(kind, {"apiVersion": api, "kind": kind, "metadata": {"labels": {"a": "b"}}}) == []
    assert errors(kind, {"apiVersion": api, "kind": kind, "metadata": {"labels": {"a": 1}}}) == ["$.metadata.labels.a"]


@pytest.mark.parametrize(
    ("spec", "paths"),
    [
        pytest.param({}, [], id="nothing is required"),
        pytest.param({"ports": [None, {"port": None}], "selector": {"a": None}}, [], id="null is allowed everywhere"),
        pytest.param({"port": 80}, ["$.spec"], id="unknown fields are forbidden"),
        pytest.param({"ports": [{"port": 2**31}]}, ["$.spec.ports[0].port"], id="int32 has an end"),
        pytest.param({"ports": [{"targetPort": 2**31}]}, ["$.spec.ports[0].targetPort"], id="so has int-or-string"),
        pytest.param({"ports": [{"targetPort": "web"}]}, [], id="int-or-string takes a string"),
    ],
)
def test_materialised_service(spec: Any, paths: list[str]) -> None:
    assert errors("Service", {"spec": spec}) == paths


def test_a_materialised_schema_has_the_fields_of_its_version() -> None:
    value = {"spec": {"trafficDistribution": "PreferClose"}}
    assert errors("Service", value, (1, 29)) == ["$.spec"]
    assert errors("Service", value, (1, 30)) == []
