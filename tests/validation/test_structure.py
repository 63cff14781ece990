"""What the messages say was recorded from Kubernetes 1.37.2."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest

from k8snetlint.source.document import Place, Source
from k8snetlint.source.marks import Mapping, Sequence
from k8snetlint.source.paths import MapKey
from k8snetlint.validation.conformance import conforms
from k8snetlint.validation.literals import number, quantity_error, time_error
from k8snetlint.validation.structure import structure_problems

SOURCE = Source.of("a.yaml", "")
QUANTITIES = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"


def problems(value: Any, kind: str, minor: int = 37) -> list[tuple[str, Any]]:
    return list(
        structure_problems(
            value,
            kind,
            (1, minor),
            at=lambda path, key: Place(SOURCE, 0, path, key=key),
            is_placeholder=lambda text: text.startswith("{{"),
            unsure=set(),
        )
    )


_TYPE = re.compile(r"expected an? [-\w ]+, found an? \w+ \((.*)\)", re.DOTALL)


def said(value: Any, kind: str, minor: int = 37) -> list[tuple[str, str]]:
    """Return the fields that are reported and the messages, of type errors the server's words."""
    return [(problem.at.field, _TYPE.sub(r"\1", problem.message)) for _, problem in problems(value, kind, minor)]


def pod(**container: Any) -> dict[str, Any]:
    return {"spec": {"containers": [container]}}


def not_type(found: str, field: str, wanted: str) -> str:
    return f"json: cannot unmarshal {found} into Go struct field {field} of type {wanted}"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        pytest.param("Service", {"spec": {"ports": [{"port": 80, "targetPort": "web"}]}}, id="a string for a port"),
        pytest.param("Service", {"spec": None, "metadata": {"labels": None}}, id="null is as if it were missing"),
        pytest.param("Service", {"spec": {"ports": [None], "externalIPs": [None]}}, id="null in a list"),
        pytest.param("Service", {"spec": {"selector": {"app": None}}}, id="null in a map"),
        pytest.param("Service", {"spec": {"ports": [{"port": 2**31 - 1}, {"port": -(2**31)}]}}, id="the ends of int32"),
        pytest.param("Service", {"spec": {"ports": [{"port": 80.0}]}}, id="a whole float is a number of port"),
        pytest.param("Pod", {"spec": {"terminationGracePeriodSeconds": 2**63 - 1}}, id="the end of int64"),
        pytest.param("Pod", pod(resources={"limits": {"cpu": 1, "memory": 1.5, "x": "1Gi"}}), id="quantities"),
        pytest.param("Pod", {"metadata": {"creationTimestamp": "2024-05-01T10:00:00.5+02:00"}}, id="a time"),
        pytest.param("Pod", {"metadata": {"managedFields": [{"fieldsV1": [1]}]}}, id="fieldsV1 takes any JSON"),
        pytest.param("Pod", {"status": {"phase": "Running"}}, id="status is decoded"),
        pytest.param("Deployment", {"spec": {"template": {"metadata": {"annotations": {}}}}}, id="a template"),
        pytest.param("StatefulSet", {"spec": {"volumeClaimTemplates": [{"kind": "x"}]}}, id="a template with a kind"),
        pytest.param("ReplicationController", {"spec": {"selector": {"app": "web"}}}, id="a map as a selector"),
    ],
)
def test_no_problems(kind: str, value: Any) -> None:
    assert conforms(kind, (1, 37))(value)
    assert said(value, kind) == []


def test_the_loaders_values_are_taken_like_plain_ones() -> None:
    port, ports, service = Mapping({"port": 80}), Sequence(), Mapping()
    ports.append(port)
    service["spec"] = Mapping({"ports": ports})
    assert said(service, "Service") == []
    port["port"] = "80"
    assert said(service, "Service") == [
        ("spec.ports[0].port", not_type("string", "ServicePort.spec.ports.port", "int32"))
    ]


@pytest.mark.parametrize(
    ("kind", "value", "field", "message"),
    [
        pytest.param(
            "Service",
            {"spec": {"ports": [{"port": 80.5}]}},
            "spec.ports[0].port",
            not_type("number 80.5", "ServicePort.spec.ports.port", "int32"),
            id="a fraction where an integer is wanted is quoted",
        ),
        pytest.param(
            "Service",
            {"spec": {"ports": [{"nodePort": 2**31}]}},
            "spec.ports[0].nodePort",
            not_type("number 2147483648", "ServicePort.spec.ports.nodePort", "int32"),
            id="out of int32",
        ),
        pytest.param(
            "Pod",
            {"spec": {"terminationGracePeriodSeconds": 1e25}},
            "spec.terminationGracePeriodSeconds",
            not_type("number 1e+25", "PodSpec.spec.terminationGracePeriodSeconds", "int64"),
            id="out of int64",
        ),
        pytest.param(
            "Service",
            {"spec": {"ports": [{"targetPort": True}]}},
            "spec.ports[0].targetPort",
            not_type("bool", "ServicePort.spec.ports.targetPort", "int32"),
            id="a bool is no int-or-string",
        ),
        pytest.param(
            "Service",
            {"spec": {"ports": [{"targetPort": 80.5}]}},
            "spec.ports[0].targetPort",
            not_type("number 80.5", "ServicePort.spec.ports.targetPort", "int32"),
            id="neither is a fraction",
        ),
        pytest.param(
            "Service",
            {"spec": {"ports": {"port": 80}}},
            "spec.ports",
            not_type("object", "ServiceSpec.spec.ports", "[]v1.ServicePort"),
            id="an object where a list is wanted",
        ),
        pytest.param(
            "Service",
            {"spec": {"ports": [80]}},
            "spec.ports[0]",
            not_type("number", "ServiceSpec.spec.ports", "v1.ServicePort"),
            id="a number where a list of objects is wanted",
        ),
        pytest.param(
            "Service",
            {"spec": [1]},
            "spec",
            not_type("array", "Service.spec", "v1.ServiceSpec"),
            id="a list where an object is wanted",
        ),
        pytest.param(
            "Service",
            {"spec": {"type": 5}},
            "spec.type",
            not_type("number", "ServiceSpec.spec.type", "v1.ServiceType"),
            id="a string with a type of its own",
        ),
        pytest.param(
            "Service",
            {"spec": {"ipFamilies": "IPv4"}},
            "spec.ipFamilies",
            not_type("string", "ServiceSpec.spec.ipFamilies", "[]v1.IPFamily"),
            id="a list of such strings",
        ),
        pytest.param(
            "Service",
            {"spec": {"allocateLoadBalancerNodePorts": "true"}},
            "spec.allocateLoadBalancerNodePorts",
            not_type("string", "ServiceSpec.spec.allocateLoadBalancerNodePorts", "bool"),
            id="a string where a bool is wanted",
        ),
        pytest.param(
            "Service",
            {"metadata": {"labels": {"app.kubernetes.io/version": 1.5}}},
            "metadata.labels[app.kubernetes.io/version]",
            not_type("number", "ObjectMeta.metadata.labels", "string"),
            id="the value of a map: the server names the map, we the value",
        ),
        pytest.param(
            "Service",
            {"spec": {"selector": "app"}},
            "spec.selector",
            not_type("string", "ServiceSpec.spec.selector", "map[string]string"),
            id="a string where a map is wanted",
        ),
        pytest.param(
            "Pod",
            pod(resources={"limits": [1]}),
            "spec.containers[0].resources.limits",
            not_type("array", "ResourceRequirements.spec.containers.resources.limits", "v1.ResourceList"),
            id="a list where quantities are wanted",
        ),
        pytest.param(
            "Pod",
            pod(resources={"limits": {"cpu": True}}),
            "spec.containers[0].resources.limits[cpu]",
            QUANTITIES,
            id="a bool is no quantity",
        ),
        pytest.param(
            "Pod",
            pod(resources={"limits": {"memory": "1mm"}}),
            "spec.containers[0].resources.limits[memory]",
            "unable to parse quantity's suffix",
            id="a quantity with a wrong suffix",
        ),
        pytest.param(
            "Service",
            {"metadata": {"creationTimestamp": 5}},
            "metadata.creationTimestamp",
            not_type("number", "ObjectMeta.metadata.creationTimestamp", "string"),
            id="a number is no time",
        ),
        pytest.param(
            "Service",
            {"metadata": {"creationTimestamp": "foo"}},
            "metadata.creationTimestamp",
            'parsing time "foo" as "2006-01-02T15:04:05Z07:00": cannot parse "foo" as "2006"',
            id="a text that is no time",
        ),
        pytest.param(
            "Pod",
            {"spec": {"volumes": [{"configMap": {"name": 1}}]}},
            "spec.volumes[0].configMap.name",
            not_type(
                "number",
                "ConfigMapVolumeSource.spec.volumes.VolumeSource.configMap.LocalObjectReference.name",
                "string",
            ),
            id="embedded structs are named",
        ),
        pytest.param(
            "CronJob",
            {"spec": {"jobTemplate": {"spec": {"template": {"spec": {"containers": [{"env": [{"value": 1}]}]}}}}}},
            "spec.jobTemplate.spec.template.spec.containers[0].env[0].value",
            not_type("number", "EnvVar.spec.jobTemplate.spec.template.spec.containers.env.value", "string"),
            id="a pod template inside a job template",
        ),
        pytest.param(
            "Job",
            {"spec": {"scheduling": {"disruptionMode": 5}}},
            "spec.scheduling.disruptionMode",
            not_type(
                "number",
                "JobSchedulingConfiguration.spec.scheduling.disruptionMode",
                "v1alpha3.WorkloadPodGroupDisruptionMode",
            ),
            id="a type of an alpha version",
        ),
    ],
)
def test_types(kind: str, value: Any, field: str, message: str) -> None:
    assert said(value, kind) == [(field, message)]
    assert [name for name, _ in problems(value, kind)] == ["api-type"]


def test_embedded_structs_are_not_named_before_1_35() -> None:
    value = {"spec": {"rules": [{"http": 5}]}}
    assert said(value, "Ingress", 34)[0][1] == not_type(
        "number", "IngressRule.spec.rules.http", "v1.HTTPIngressRuleValue"
    )
    assert "IngressRule.spec.rules.IngressRuleValue.http" in said(value, "Ingress", 35)[0][1]


@pytest.mark.parametrize(
    ("value", "start", "label"),
    [
        pytest.param(
            {"spec": {"ports": [{"port": "80"}]}},
            "expected a 32-bit integer, found a string",
            'the string "80"',
            id="a string",
        ),
        pytest.param({"spec": {"type": 1.5}}, "expected a string, found a number", "the number 1.5", id="a number"),
        pytest.param(
            {"spec": {"type": False}}, "expected a string, found a boolean", "the boolean false", id="a boolean"
        ),
        pytest.param({"spec": "x"}, "expected an object, found a string", 'the string "x"', id="an object"),
        pytest.param({"spec": {"ports": {}}}, "expected a list, found an object", "an object", id="a list"),
        pytest.param(
            {"spec": {"ports": [{"targetPort": []}]}},
            "expected a 32-bit integer or a string, found a list",
            "a list",
            id="int-or-string",
        ),
        pytest.param(
            {"spec": {"healthCheckNodePort": "x\n" * 40}},
            "expected a 32-bit integer, found a string",
            f'the string "{"x " * 19}x…"',
            id="long strings are cut",
        ),
    ],
)
def test_messages_say_what_was_expected_and_found(value: Any, start: str, label: str) -> None:
    ((_, problem),) = problems(value, "Service")

    assert problem.message.startswith(f"{start} (json: cannot unmarshal ")
    assert problem.label == label


def test_all_type_errors_and_unknown_fields_are_told() -> None:
    value = {"spec": {"ports": [{"port": "80", "x": 1}, {"port": True}], "y": 1}}
    assert [(name, problem.at.field) for name, problem in problems(value, "Service")] == [
        ("api-type", "spec.ports[0].port"),
        ("api-unknown-field", "spec.ports[0].x"),
        ("api-type", "spec.ports[1].port"),
        ("api-unknown-field", "spec.y"),
    ]


def test_keys_of_free_maps_are_told_from_fields() -> None:
    ((_, problem),) = problems({"spec": {"selector": {"ports": 1}}}, "Service")
    assert [step for step in problem.at.path if isinstance(step, MapKey)] == ["ports"]


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        pytest.param({"spec": {"ports": [{"port": "{{ port }}"}]}}, [], id="for a number"),
        pytest.param({"spec": {"ports": "{{ ports }}"}}, [], id="for a list"),
        pytest.param({"metadata": "{{ metadata }}"}, [], id="for an object"),
        pytest.param({"metadata": {"creationTimestamp": "{{ now }}"}}, [], id="for a time"),
        pytest.param({"{{ include": 1}, [], id="for a field"),
        pytest.param({"spec": {"ports": [{"port": "{{ port }}", "x": 1}]}}, ["spec.ports[0].x"], id="not for the rest"),
    ],
)
def test_a_placeholder_stands_for_any_value(value: Any, fields: list[str]) -> None:
    assert [field for field, _ in said(value, "Service")] == fields


@pytest.mark.parametrize(
    ("kind", "value", "path", "near"),
    [
        pytest.param("Service", {"spec": {"port": 80}}, "spec.port", "ports", id="a letter is missing"),
        pytest.param("Service", {"Spec": {}}, "Spec", "spec", id="upper case"),
        pytest.param("Service", {"spec": {"clusterIp": ""}}, "spec.clusterIp", "clusterIP", id="case inside a name"),
        pytest.param("Service", {"spec": {"slector": {}}}, "spec.slector", "selector", id="a misspelling"),
        pytest.param(
            "Service", {"spec": {"selector": {}, "selctor": 1}}, "spec.selctor", None, id="the near one is there"
        ),
        pytest.param(
            "Service", {"spec": {"ports": [], "port": 1}}, "spec.port", "spec.ports[].port", id="below the near one"
        ),
        pytest.param(
            "NetworkPolicy",
            {"spec": {"ingress": [{"from": [{"ports": []}]}]}},
            "spec.ingress[0].from[0].ports",
            "spec.ingress[0].ports",
            id="a field of the struct around",
        ),
        pytest.param(
            "NetworkPolicy",
            {"spec": {"matchLabels": {}}},
            "spec.matchLabels",
            "spec.podSelector.matchLabels",
            id="a field of a struct below",
        ),
        pytest.param(
            "Deployment",
            {"spec": {"template": {"spec": {"ports": [], "containers": [{}]}}}},
            "spec.template.spec.ports",
            "spec.template.spec.containers[0].ports",
            id="of the one below that is written",
        ),
        pytest.param(
            "Deployment",
            {"spec": {"template": {"spec": {"ports": [], "containers": [{}, {}]}}}},
            "spec.template.spec.ports",
            "spec.template.spec.containers[].ports",
            id="of a list with several items",
        ),
        pytest.param(
            "Deployment",
            {"spec": {"template": {"spec": {"ports": []}}}},
            "spec.template.spec.ports",
            None,
            id="of several structs below: nobody can tell",
        ),
        pytest.param("Service", {"spec": {"name": "a"}}, "spec.name", None, id="a name could be anywhere"),
        pytest.param("Pod", {"spec": {"ip": "a"}}, "spec.ip", None, id="short names are not guessed"),
        pytest.param("Service", {"spec": {"x.y": 1}}, "spec.x.y", None, id="no field's name at all"),
        pytest.param("Service", {"spec": {'a"b\\': 1}}, 'spec.a\\"b\\\\', None, id="quotes are escaped"),
    ],
)
def test_unknown_fields(kind: str, value: Any, path: str, near: str | None) -> None:
    ((name, problem),) = problems(value, kind)
    assert name == "api-unknown-field"
    assert problem.message == f'unknown field "{path}"; without strict validation the field is dropped'
    assert problem.near == near
    assert problem.at.key
    assert problem.label == ""


@pytest.mark.parametrize(
    ("kind", "value", "minor", "label"),
    [
        pytest.param(
            "Service",
            {"spec": {"trafficDistribution": "PreferClose"}},
            29,
            "available since Kubernetes 1.30",
            id="a field of a newer version",
        ),
        pytest.param("Service", {"spec": {"trafficDistribution": "PreferClose"}}, 30, None, id="known since now"),
        pytest.param("NetworkPolicy", {"status": {}}, 27, None, id="known to the last"),
        pytest.param("NetworkPolicy", {"status": {}}, 28, "removed in Kubernetes 1.28", id="a field of an older one"),
    ],
)
def test_fields_of_other_versions(kind: str, value: Any, minor: int, label: str | None) -> None:
    assert [problem.label for _, problem in problems(value, kind, minor)] == ([] if label is None else [label])


@pytest.mark.parametrize(
    ("text", "error"),
    [
        pytest.param("1", "", id="a number"),
        pytest.param("-1.5Gi", "", id="signed, a fraction, binary"),
        pytest.param("1e3", "", id="an exponent"),
        pytest.param("1E", "", id="exa"),
        pytest.param(".", "", id="the server reads a lone dot as zero"),
        pytest.param("Ki", "", id="and a lone suffix"),
        pytest.param(" 1m ", "", id="blanks around"),
        pytest.param("", QUANTITIES, id="empty"),
        pytest.param("foo", QUANTITIES, id="letters"),
        pytest.param("1 Gi", QUANTITIES, id="a blank inside"),
        pytest.param("1mm", "unable to parse quantity's suffix", id="two suffixes"),
        pytest.param("1e", "unable to parse quantity's suffix", id="an exponent without digits"),
    ],
)
def test_quantities(text: str, error: str) -> None:
    assert quantity_error(text) == error


LAYOUT = 'as "2006-01-02T15:04:05Z07:00": cannot parse'


@pytest.mark.parametrize(
    ("text", "error"),
    [
        pytest.param("2024-02-29T00:00:00Z", "", id="a leap day"),
        pytest.param("2024-02-20T0:00:00,5-24:60", "", id="what only Go takes"),
        pytest.param("2023-02-29T00:00:00Z", 'parsing time "2023-02-29T00:00:00Z": day out of range', id="no leap day"),
        pytest.param("2024-13-01T00:00:00Z", 'parsing time "2024-13-01T00:00:00Z": month out of range', id="month 13"),
        pytest.param(
            "2024-01-01T00:00:00+25:00",
            'parsing time "2024-01-01T00:00:00+25:00": time zone offset hour out of range',
            id="a zone beyond a day",
        ),
        pytest.param("2024-01-20", f'parsing time "2024-01-20" {LAYOUT} "" as "T"', id="a date only"),
        pytest.param("2024-01-20T1:2", f'parsing time "2024-01-20T1:2" {LAYOUT} "2" as "04"', id="one digit"),
        pytest.param(
            "2024-01-20T00:00:00", f'parsing time "2024-01-20T00:00:00" {LAYOUT} "" as "Z07:00"', id="no zone"
        ),
        pytest.param(
            "2024-01-20T00:00:00Zx", 'parsing time "2024-01-20T00:00:00Zx": extra text: "x"', id="something behind"
        ),
        pytest.param('2"ü', f'parsing time "2\\"\\xc3\\xbc" {LAYOUT} "2\\"\\xc3\\xbc" as "2006"', id="odd letters"),
    ],
)
def test_times(text: str, error: str) -> None:
    assert time_error(text) == error


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(80, "80", id="an integer"),
        pytest.param(80.0, "80", id="a whole float"),
        pytest.param(1e20, "100000000000000000000", id="a large one"),
        pytest.param(1e21, "1e+21", id="a larger one"),
        pytest.param(-0.000015, "-0.000015", id="a small one"),
        pytest.param(1.2e-07, "1.2e-7", id="a smaller one"),
    ],
)
def test_numbers_are_written_as_go_does(value: float, text: str) -> None:
    assert number(value) == text


def test_a_clean_document_loads_no_more_than_it_needs() -> None:
    code = (
        "import sys; from k8snetlint.validation.structure import structure_problems as check;"
        "value = {'spec': {'ports': [{'port': 80}]}};"
        "assert not check(value, 'Service', (1, 37), at=None, is_placeholder=None, unsure=None);"
        "print(*{'jsonschema', 'difflib', 'k8snetlint.validation.decoding'} & sys.modules.keys())"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""
