"""Ingresses, IngressClasses and owners, whose answer depends on the server's version, and what is on its way out.

The expectations are read from the sources of each release: `release-1.27` stands for
https://github.com/kubernetes/kubernetes/tree/release-1.27, and so on.
"""

from __future__ import annotations

from typing import Any

import pytest

from k8snetlint.model.environment import Environment, format_version, parse_version
from k8snetlint.source.document import Source
from k8snetlint.validation.admission import causes_of, validation_of
from k8snetlint.validation.deprecated import DEPRECATED, deprecation_warnings
from k8snetlint.validation.exact import answers, read
from k8snetlint.validation.schemas import Serving, serving_of
from k8snetlint.validation.server import Server, servers_of

VERSIONS = [f"1.{minor}" for minor in range(25, 38)]
FLOW = "flowcontrol.apiserver.k8s.io"
CLASS = "kubernetes.io/ingress.class"
OWNERS = "metadata.ownerReferences"
EVENT = {"apiVersion": "v1", "kind": "Event", "name": "a", "uid": "b"}
CONTROLLER = EVENT | {"kind": "Pod", "controller": True}


def server(version: str) -> Server:
    return servers_of(Environment(versions=(parse_version(version),)))[0]


def causes(value: dict[str, Any], version: str) -> list[tuple[str, str]]:
    validation = validation_of("networking.k8s.io", value["kind"])
    assert validation
    return [(each.field, each.type) for each in causes_of(value, validation, server(version))]


def warnings(value: dict[str, Any], version: str) -> list[str]:
    validation = validation_of("networking.k8s.io", value["kind"])
    assert validation
    return [each.text for each in validation.warnings(value, server(version))]


def ingress(name: str = "web", *, written: str | None = None, annotation: str | None = None) -> dict[str, Any]:
    annotations = {} if annotation is None else {CLASS: annotation}
    backend = {"service": {"name": name, "port": {"number": 80}}}
    return {
        "kind": "Ingress",
        "metadata": {"name": "a", "annotations": annotations},
        "spec": {"defaultBackend": backend, "ingressClassName": written},
    }


def owned(*owners: dict[str, Any]) -> dict[str, Any]:
    value = ingress()
    value["metadata"]["ownerReferences"] = list(owners)
    return value


@pytest.mark.parametrize(
    ("value", "since", "expected"),
    [
        # release-1.26, release-1.27: ValidateIngressCreate in pkg/apis/networking/validation/validation.go
        pytest.param(
            ingress(written="nginx", annotation="nginx"),
            "1.27",
            ([(f"annotations.{CLASS}", "Invalid")], []),
            id="the annotation of the class may say what the field says since 1.27",
        ),
        pytest.param(
            ingress(written="nginx", annotation="other"),
            "1.27",
            ([(f"annotations.{CLASS}", "Invalid")],) * 2,
            id="it never may say something else",
        ),
        # release-1.35, release-1.36: RelaxedServiceNameValidation in pkg/features/kube_features.go, and
        # validateIngressBackend in pkg/apis/networking/validation/validation.go
        pytest.param(
            ingress("1web"),
            "1.36",
            ([("spec.defaultBackend.service.name", "Invalid")], []),
            id="the name of a Service may begin with a digit since 1.36",
        ),
        pytest.param(
            ingress("a.b"),
            "1.36",
            ([("spec.defaultBackend.service.name", "Invalid")],) * 2,
            id="it never has dots",
        ),
        # release-1.36, release-1.37: validateOwnerReference in
        # staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go
        pytest.param(
            owned({}),
            "1.37",
            (
                [(f"{OWNERS}.{field}", "Invalid") for field in ("apiVersion", "kind", "name", "uid")],
                [(f"{OWNERS}[0].{field}", "Required") for field in ("apiVersion", "kind", "name", "uid")],
            ),
            id="what an owner lacks is required, and told by its index, since 1.37",
        ),
        pytest.param(
            owned(EVENT | {"kind": "Pod"}, EVENT | {"kind": "Pod", "apiVersion": "a/b/c"}),
            "1.37",
            ([(f"{OWNERS}.apiVersion", "Invalid")], [(f"{OWNERS}[1].apiVersion", "Invalid")]),
            id="so is a wrong apiVersion",
        ),
        pytest.param(
            owned(EVENT),
            "1.37",
            ([(OWNERS, "Invalid")], [(f"{OWNERS}[0]", "Invalid")]),
            id="so is an Event",
        ),
        pytest.param(
            owned(CONTROLLER, CONTROLLER | {"controller": False}, CONTROLLER),
            "1.37",
            ([(OWNERS, "Invalid")],) * 2,
            id="two controllers are two in every version",
        ),
    ],
)
def test_the_first_version_that_differs(
    value: dict[str, Any], since: str, expected: tuple[list[tuple[str, str]], list[tuple[str, str]]]
) -> None:
    at = VERSIONS.index(since)
    assert [causes(value, each) for each in VERSIONS[:at]] == [expected[0]] * at
    assert [causes(value, each) for each in VERSIONS[at:]] == [expected[1]] * (len(VERSIONS) - at)


# release-1.33, release-1.34: validateOwnerReference, as above
@pytest.mark.parametrize(
    ("version", "detail"),
    [
        ("1.33", 'Invalid value: "": uid must not be empty'),
        ("1.34", 'Invalid value: "": must not be empty'),
        ("1.36", 'Invalid value: "": must not be empty'),
        ("1.37", "Required value: must not be empty"),
    ],
)
def test_the_words_for_an_owner_without_a_uid(version: str, detail: str) -> None:
    validation = validation_of("networking.k8s.io", "Ingress")
    assert validation
    found = causes_of(owned(EVENT | {"kind": "Pod", "uid": ""}), validation, server(version))
    assert [(each.path, each.detail) for each in found] == [(("metadata", "ownerReferences", 0, "uid"), detail)]


@pytest.mark.parametrize("version", VERSIONS)
def test_an_ingress_class_is_the_same_in_all_versions(version: str) -> None:
    # release-1.27 looks at the scope only where one of scope and namespace is set, but SetDefaults_IngressClass in
    # pkg/apis/networking/v1/defaults.go sets it.
    parameters = {"apiGroup": "", "kind": "A", "name": "b", "namespace": "c"}
    value = {
        "kind": "IngressClass",
        "metadata": {"name": "a"},
        "spec": {"controller": "a/" + "b" * 250, "parameters": parameters},
    }
    assert causes(value, version) == [
        ("spec.controller", "TooLong"),
        ("spec.parameters.apiGroup", "Invalid"),
        ("spec.parameters.namespace", "Forbidden"),
    ]


# release-1.26, release-1.27: WarningsOnCreate in pkg/registry/networking/ingress/strategy.go
@pytest.mark.parametrize(("version", "warned"), [("1.26", False), ("1.27", True), ("1.37", True)])
def test_the_annotation_of_the_class_is_warned_of_since_1_27(version: str, warned: bool) -> None:  # noqa: FBT001 - a parameter
    text = f"annotation \"{CLASS}\" is deprecated, please use 'spec.ingressClassName' instead"
    assert warnings(ingress(annotation="nginx"), version) == ([text] if warned else [])
    assert warnings(ingress(annotation="nginx", written="nginx"), version) == []


def test_managed_fields_are_the_servers_own() -> None:
    value = ingress()
    value["metadata"]["managedFields"] = [{"operation": "None", "fieldsType": "A", "manager": "\a" * 200}, None]
    assert causes(value, "1.37") == []


# release-1.32, release-1.33: staging/src/k8s.io/api/core/v1/lifecycle.go; release-1.29, release-1.33, release-1.37:
# zz_generated.prerelease-lifecycle.go of flowcontrol/v1beta3; what is off by default is not warned of
@pytest.mark.parametrize(
    ("api_version", "kind", "version", "warned"),
    [
        ("v1", "Endpoints", "1.32", ""),
        (*("v1", "Endpoints", "1.33"), "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"),
        (f"{FLOW}/v1beta3", "FlowSchema", "1.28", ""),
        (
            *(f"{FLOW}/v1beta3", "FlowSchema", "1.29"),
            f"{FLOW}/v1beta3 FlowSchema is deprecated in v1.29+, unavailable in v1.32+; use {FLOW}/v1 FlowSchema",
        ),
        ("networking.k8s.io/v1beta1", "ServiceCIDR", "1.34", ""),
        ("v1", "Pod", "1.37", ""),
        ("networking.k8s.io/v1", "ServiceCIDR", "1.37", ""),
    ],
)
def test_kinds_that_are_on_their_way_out(api_version: str, kind: str, version: str, warned: str) -> None:
    found = [each.text for each in deprecation_warnings(api_version, kind, parse_version(version))]
    assert found == ([warned] if warned else [])


def test_a_kind_that_is_warned_of_is_still_served_and_gone_when_it_says_so() -> None:
    """The table agrees with that of the kinds that are served."""
    for each in DEPRECATED:
        for kind in each.kinds:
            served_in = [
                parse_version(version)
                for version in VERSIONS
                if serving_of(each.api_version, kind, parse_version(version)).serving is Serving.SERVED
            ]
            assert any(version >= each.since for version in served_in), f"{kind} is never warned of"
            if each.gone and each.gone <= parse_version(VERSIONS[-1]):
                gone = f"{each.gone[0]}.{each.gone[1] - 1}"
                assert format_version(served_in[-1]) == gone, kind


@pytest.mark.parametrize(
    ("version", "text", "warning", "judged"),
    [
        pytest.param(
            (1, 37),
            "apiVersion: v1\nkind: Endpoints\nmetadata: {name: A_b}\n",
            "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
            True,
            id="of a kind that is validated, whatever is wrong with the object",
        ),
        pytest.param(
            (1, 25),
            "apiVersion: autoscaling/v2beta2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\n",
            "autoscaling/v2beta2 HorizontalPodAutoscaler is deprecated in v1.23+, unavailable in v1.26+; "
            "use autoscaling/v2 HorizontalPodAutoscaler",
            False,
            id="of a kind that is not",
        ),
    ],
)
def test_the_server_warns_of_a_kind(
    version: tuple[int, int],
    text: str,
    warning: str,
    judged: bool,  # noqa: FBT001 - a column
) -> None:
    (answer,) = answers(read(Source.of("a.yaml", text)), Server(version))
    assert [each.text for each in answer.warnings] == [warning]
    assert answer.judged is judged
