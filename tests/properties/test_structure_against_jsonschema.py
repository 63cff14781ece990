"""The compiled check gives the verdict that jsonschema gives on the materialised schema, for any value and version."""

from __future__ import annotations

import copy
import functools
import json
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from k8snetlint.source.document import Place, Source
from k8snetlint.validation.conformance import conforms
from k8snetlint.validation.schemas import definition, fields_of, folder, materialise, reference
from k8snetlint.validation.structure import structure_problems

if TYPE_CHECKING:
    from k8snetlint.model.environment import Version
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.schemas import Schema

DEFINITIONS = sorted(json.loads((folder() / "kubernetes.json").read_bytes())["$defs"])
SOURCE = Source.of("a.yaml", "")
EXAMPLES: list[tuple[str, Any]] = [
    (
        "NetworkPolicy",
        {
            "metadata": {"name": "a", "labels": {"app": "web"}, "creationTimestamp": "2024-05-01T10:00:00Z"},
            "spec": {
                "podSelector": {"matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]},
                "ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}], "ports": [{"port": "web", "endPort": 90}]}],
                "policyTypes": ["Ingress"],
            },
        },
    ),
    (
        "Deployment",
        {
            "spec": {
                "replicas": 3,
                "strategy": {"rollingUpdate": {"maxSurge": "25%"}},
                "selector": {"matchLabels": {"app": "web"}},
                "template": {
                    "spec": {
                        "containers": [
                            {
                                "name": "web",
                                "ports": [{"containerPort": 80}],
                                "resources": {"limits": {"cpu": "500m", "memory": 1.5}},
                                "livenessProbe": {"httpGet": {"port": 80}},
                            }
                        ],
                        "securityContext": {"supplementalGroups": [1]},
                        "hostNetwork": True,
                    }
                },
            }
        },
    ),
    (
        "Service",
        {
            "spec": {
                "selector": {"app": "web"},
                "ports": [{"port": 80, "targetPort": "web", "nodePort": 30080}],
                "trafficDistribution": "PreferClose",
                "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 10}},
            }
        },
    ),
]
ODD: list[Any] = [
    *(
        None,
        True,
        False,
        0,
        80,
        -1,
        1.0,
        1.5,
        -1.5,
        1e25,
        [],
        [1],
        ["a"],
        [None],
        {},
        {"a": "b"},
        {"a": 1},
        {"a": None},
    ),
    *(2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1),
    *("", "80", "web", "1Gi", "1e3", "+", " 2 ", "1GB", "{{ x }}", "2024-05-01", "2024-05-01T1:00:00.5+01:00"),
]
odd = st.sampled_from(ODD).map(copy.deepcopy)
versions = st.integers(25, 37).map(lambda minor: (1, minor))


@st.composite
def fitting(draw: st.DrawFn, schema: Schema, version: Version, depth: int) -> Any:
    """Draw a value for a field that mostly fits."""
    if depth <= 0 or draw(st.integers(0, 14)) == 0:
        return draw(odd)
    target = reference(schema)
    if target:
        return draw(objects(target, version, depth))
    match schema.get("type"):
        case "string":
            return draw(st.sampled_from(["", "web", "10.0.0.0/8"]))
        case "boolean":
            return draw(st.booleans())
        case "integer":
            return draw(st.sampled_from([0, 80, 2**31 - 1]))
        case "array":
            return draw(st.lists(fitting(schema["items"], version, depth - 1), max_size=2))
        case _:
            values = fitting(schema["additionalProperties"], version, depth - 1)
            return draw(st.dictionaries(st.sampled_from(["app", "a.b/c", "cpu"]), values, max_size=2))


@st.composite
def objects(draw: st.DrawFn, name: str, version: Version, depth: int) -> Any:
    """Draw a value that mostly is an object of a definition."""
    match name:
        case "IntOrString":
            return draw(st.sampled_from([80, "web", "25%"]))
        case "Quantity":
            return draw(st.sampled_from([1, 1.5, "500m", "1Gi"]))
        case "Time":
            return draw(st.sampled_from(["2024-05-01T10:00:00Z", "2024-05-01T10:00:00.123456+02:00"]))
        case "FieldsV1":
            return draw(odd)
    fields = fields_of(name, version)
    # Fields of other versions are drawn as well: they are unknown in this one.
    known = sorted(definition(name)["properties"])
    keys = draw(st.lists(st.sampled_from(known), max_size=4, unique=True)) if known else []
    value = {key: draw(fitting(fields[key], version, depth - 1) if key in fields else odd) for key in keys}
    if draw(st.integers(0, 9)) == 0:
        value[draw(st.sampled_from(["ports", "name", "spec", "x", "a b"]))] = draw(odd)
    return value


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return every collection in a value with each of its keys or indexes."""
    steps: list[Any] = (
        list(value) if isinstance(value, dict) else [*range(len(value))] if isinstance(value, list) else []
    )
    return [(value, step) for step in steps] + [place for step in steps for place in places(value[step])]


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, Any]:
    """Draw an example and change up to three of its values or keys."""
    name, example = draw(st.sampled_from(EXAMPLES))
    value = json.loads(json.dumps(example))
    for _ in range(draw(st.integers(0, 3))):
        collection, step = draw(st.sampled_from(places(value)))
        match draw(st.sampled_from(["change", "rename", "add", "drop"])):
            case "rename" if isinstance(collection, dict):
                collection[draw(st.sampled_from([step.upper(), step + "s", step[1:]]))] = collection.pop(step)
            case "add" if isinstance(collection, dict):
                collection[draw(st.sampled_from(["ports", "name", "labels", "x"]))] = draw(odd)
            case "add":
                collection.append(draw(odd))
            case "drop" if len(places(value)) > 1:
                del collection[step]
            case _:
                collection[step] = draw(odd)
        if not places(value):
            break
    return name, value


@functools.lru_cache(maxsize=128)
def validator(name: str, version: Version) -> Draft202012Validator:
    return Draft202012Validator(materialise(name, version))


def compare(name: str, version: Version, value: Any) -> None:
    """Hold the three against each other: the closures, the slow walk and jsonschema."""

    def at(path: FieldPath, key: bool) -> Place:  # noqa: FBT001 - the signature of structure_problems
        return Place(SOURCE, 0, path, key=key)

    valid = validator(name, version).is_valid(value)
    assert conforms(name, version)(value) is valid
    problems = list(structure_problems(value, name, version, at=at, is_placeholder=lambda _: False, unsure=set()))
    assert (not problems) is valid
    for _, problem in problems:
        found = value
        for step in problem.at.path:
            found = found[step]


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_generated_objects_of_any_definition(data: st.DataObject) -> None:
    name, version = data.draw(st.sampled_from(DEFINITIONS)), data.draw(versions)
    compare(name, version, data.draw(objects(name, version, 6)))


@given(mutated(), versions)
def test_mutated_manifests(drawn: tuple[str, Any], version: Version) -> None:
    name, value = drawn
    compare(name, version, value)


def test_every_type_of_field_with_every_odd_value() -> None:
    seen = set()
    for name in DEFINITIONS:
        for field, schema in fields_of(name, (1, 37)).items():
            kind = json.dumps({key: value for key, value in schema.items() if not key.startswith("x-")}, sort_keys=True)
            if kind not in seen:
                seen.add(kind)
                for value in [*ODD, *([each] for each in ODD), *({"a": each} for each in ODD)]:
                    compare(name, (1, 37), {field: value})
    assert len(seen) > 100
