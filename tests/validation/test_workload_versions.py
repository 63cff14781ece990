"""Pods and workloads whose answer depends on the server's version, and what no golden document can show.

The expectations are read from the sources of each release: `release-1.27` stands for
https://github.com/kubernetes/kubernetes/tree/release-1.27, and so on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from k8snetlint.model.environment import Environment, parse_version
from k8snetlint.validation.admission import Validation, causes_of, first_causes, validation_of
from k8snetlint.validation.server import Server, servers_of

if TYPE_CHECKING:
    from k8snetlint.validation.causes import Cause

GROUPS = {"Pod": "", "Job": "batch", "CronJob": "batch"}
LABELS = {"app": "web"}
UID = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
"""What stands for the UID that the server makes up."""


def server(version: str) -> Server:
    return servers_of(Environment(versions=(parse_version(version),)))[0]


def validation(value: dict[str, Any]) -> Validation:
    found = validation_of(GROUPS.get(value["kind"], "apps"), value["kind"])
    assert found
    return found


def causes(value: dict[str, Any], version: str = "1.37") -> list[Cause]:
    """Return what the server names: the causes of the first stage that finds any."""
    return list(first_causes(value, validation(value), server(version)))


def fields(value: dict[str, Any], version: str) -> list[tuple[str, str]]:
    return [(each.field, each.type) for each in causes(value, version)]


def warnings(value: dict[str, Any], version: str) -> list[str]:
    return [each.text for each in validation(value).warnings(value, server(version))]


def pod(ports: list[dict[str, Any]] | None = None, name: str = "a", **spec: Any) -> dict[str, Any]:
    containers = [{"name": "a", "image": "a", "ports": ports or []}]
    return {"kind": "Pod", "metadata": {"name": name}, "spec": {"containers": containers, **spec}}


def workload(kind: str, ports: list[dict[str, Any]] | None = None, name: str = "a", **spec: Any) -> dict[str, Any]:
    inner = {**pod(ports)["spec"], **spec}
    template = {"metadata": {"labels": LABELS}, "spec": inner}
    return {
        "kind": kind,
        "metadata": {"name": name},
        "spec": {"selector": {"matchLabels": LABELS}, "template": template},
    }


def stateful_set(**spec: Any) -> dict[str, Any]:
    value = workload("StatefulSet")
    value["spec"].update(spec)
    return value


def job(labels: dict[str, str] | None = None, **spec: Any) -> dict[str, Any]:
    template = {"metadata": {"labels": labels}, "spec": pod(restartPolicy="Never")["spec"]}
    return {"kind": "Job", "metadata": {"name": "a"}, "spec": {"template": template, **spec}}


LONG = ["a" * 50] * 7
HOST = [{"containerPort": 80, "hostPort": 81}]
TWICE: list[dict[str, Any]] = [{"containerPort": 80}, {"containerPort": 80, "protocol": "TCP"}]
SAME_NAME = [{"name": "a", "image": "a", "ports": [{"containerPort": 80, "name": "web"}]}]
SIDECAR = [{"name": "b", "image": "a", "ports": [{"containerPort": 81, "name": "web"}]}]
PORT = "spec.containers[0].ports[0]"
IN_TEMPLATE = f"spec.template.{PORT}"


@pytest.mark.parametrize(
    ("value", "versions", "expected"),
    [
        # release-1.25, release-1.26: ExpandedDNSConfig in pkg/features/kube_features.go, and validatePodDNSConfig in
        # pkg/apis/core/validation/validation.go
        pytest.param(
            pod(dnsConfig={"searches": LONG}),
            ("1.25", "1.26"),
            ([("spec.dnsConfig.searches", "Invalid")] * 2, []),
            id="seven search paths, and more than 256 letters, since 1.26",
        ),
        # release-1.26, release-1.27: ValidateStatefulSetName in pkg/apis/apps/validation/validation.go
        pytest.param(
            workload("StatefulSet", name="a.b"),
            ("1.26", "1.27"),
            ([], [("metadata.name", "Invalid")]),
            id="the name of a StatefulSet is a label since 1.27",
        ),
        # release-1.27: validateHostNetwork, release-1.28: validatePodHostNetworkDeps in
        # pkg/apis/core/validation/validation.go
        pytest.param(
            pod(HOST, hostNetwork=True),
            ("1.27", "1.28"),
            ([(f"{PORT}.containerPort", "Invalid")], [(f"{PORT}.hostPort", "Invalid")]),
            id="the field of a wrong port of the host changed in 1.28",
        ),
        pytest.param(
            workload("DaemonSet", HOST, hostNetwork=True),
            ("1.27", "1.28"),
            ([(f"{IN_TEMPLATE}.containerPort", "Invalid")], [(f"{IN_TEMPLATE}.hostPort", "Invalid")]),
            id="in a template as well",
        ),
        # release-1.27, release-1.28: SetDefaults_PodSpec and SetDefaults_Pod in pkg/apis/core/v1/defaults.go
        pytest.param(
            workload("Deployment", TWICE, hostNetwork=True),
            ("1.27", "1.28"),
            ([("spec.template.spec.containers[0].ports[1].hostPort", "Duplicate")], []),
            id="a template does not get the ports of the host since 1.28",
        ),
        pytest.param(
            pod(TWICE, hostNetwork=True),
            ("1.27", "1.28"),
            ([("spec.containers[0].ports[1].hostPort", "Duplicate")],) * 2,
            id="a Pod still does",
        ),
        # release-1.29, release-1.30: ValidateHostAliases in pkg/apis/core/validation/validation.go
        pytest.param(
            pod(hostAliases=[{"ip": "10.0.0.1"}, {"ip": "a", "hostnames": ["b", "C"]}]),
            ("1.29", "1.30"),
            (
                [("spec.hostAliases.ip", "Invalid"), ("spec.hostAliases.hostnames", "Invalid")],
                [("spec.hostAliases[1].ip", "Invalid"), ("spec.hostAliases[1].hostnames[1]", "Invalid")],
            ),
            id="the index of an alias is told since 1.30",
        ),
        # release-1.32, release-1.33: RelaxedDNSSearchValidation in pkg/features/kube_features.go
        pytest.param(
            pod(dnsConfig={"searches": ["_a.b", "."]}),
            ("1.32", "1.33"),
            ([("spec.dnsConfig.searches[0]", "Invalid"), ("spec.dnsConfig.searches[1]", "Invalid")], []),
            id="a search path may hold underscores, or be a dot, since 1.33",
        ),
        # release-1.32, release-1.33: ValidateStatefulSetSpec in pkg/apis/apps/validation/validation.go
        pytest.param(
            stateful_set(serviceName="a.b"),
            ("1.32", "1.33"),
            ([], [("spec.serviceName", "Invalid")]),
            id="the serviceName of a StatefulSet is checked since 1.33",
        ),
        # release-1.33, release-1.34: ValidatePodTemplateSpecForStatefulSet in pkg/apis/apps/validation/validation.go
        pytest.param(
            workload("StatefulSet", [{}]),
            ("1.33", "1.34"),
            ([], [(f"{IN_TEMPLATE}.containerPort", "Required")]),
            id="the template of a StatefulSet is checked since 1.34",
        ),
        pytest.param(
            workload("StatefulSet", hostname="A", subdomain="B"),
            ("1.33", "1.34"),
            ([], []),
            id="its hostname and subdomain are overwritten, and never checked",
        ),
        # release-1.35, release-1.36: StrictIPCIDRValidation in pkg/features/kube_features.go
        pytest.param(
            pod(dnsConfig={"nameservers": ["010.0.0.1"]}, hostAliases=[{"ip": "::ffff:1.2.3.4"}]),
            ("1.35", "1.36"),
            ([], [("spec.dnsConfig.nameservers[0]", "Invalid"), ("spec.hostAliases[0].ip", "Invalid")]),
            id="addresses are read strictly since 1.36",
        ),
        # release-1.26, release-1.27: ValidateGeneratedSelector in pkg/apis/batch/validation/validation.go
        pytest.param(
            job({"batch.kubernetes.io/job-name": "b"}),
            ("1.26", "1.27"),
            ([], [("spec.template.metadata.labels[batch.kubernetes.io/job-name]", "Invalid")]),
            id="the labels of a Job have a prefix since 1.27",
        ),
        pytest.param(
            job(selector={"matchLabels": {"batch.kubernetes.io/job-name": "a"}}),
            ("1.26", "1.27"),
            ([("spec.selector", "Invalid"), ("spec.template.metadata.labels", "Invalid")], []),
            id="its selector may ask for them",
        ),
        # release-1.30, release-1.31: RetryGenerateName in pkg/features/kube_features.go
        pytest.param(
            job({"a": "b"}) | {"metadata": {"generateName": "a b"}},
            ("1.30", "1.31"),
            tuple(
                [(f"metadata.{each}", "Invalid") for each in ("generateName", "name", *more)]
                + [("spec.template.labels", "Invalid")]
                for more in (("labels",), ())
            ),
            id="an object with generateName is copied since 1.31",
        ),
    ],
)
def test_causes_by_version(
    value: dict[str, Any], versions: tuple[str, ...], expected: tuple[list[tuple[str, str]], ...]
) -> None:
    assert tuple(fields(value, version) for version in versions) == expected


@pytest.mark.parametrize(
    ("value", "versions", "expected"),
    [
        # release-1.26, release-1.27: WarningsOnCreate in pkg/registry/*/*/strategy.go
        pytest.param(pod(name="a.b"), ("1.26", "1.27"), (0, 1), id="a name that is no label"),
        pytest.param(workload("Deployment", name="a.b"), ("1.26", "1.27"), (0, 1), id="that of a Deployment"),
        # release-1.27, release-1.28: warningsForPodSpecAndMeta in pkg/api/pod/warnings.go
        pytest.param(pod(TWICE), ("1.27", "1.28"), (0, 1), id="a port that stands twice"),
        pytest.param(
            pod([{"containerPort": 80, "hostIP": "10.0.0.1"}]), ("1.27", "1.28"), (0, 1), id="hostIP without hostPort"
        ),
        # release-1.32, release-1.33: the same
        pytest.param(
            pod(containers=[*SAME_NAME, *SIDECAR]), ("1.32", "1.33"), (0, 1), id="a name of two containers' ports"
        ),
        pytest.param(
            pod(dnsConfig={"nameservers": ["010.0.0.1"]}, hostAliases=[{"ip": "1:0::1"}]),
            ("1.32", "1.33"),
            (0, 2),
            id="addresses in an unusual form",
        ),
        pytest.param(
            pod(hostAliases=[{"ip": "10.0.0.1"}, {"ip": "10.0.0.1"}]), ("1.25", "1.37"), (1, 1), id="an alias twice"
        ),
    ],
)
def test_warnings_by_version(value: dict[str, Any], versions: tuple[str, ...], expected: tuple[int, ...]) -> None:
    assert tuple(len(warnings(value, version)) for version in versions) == expected


# release-1.29, release-1.30: validatePodDNSConfig in pkg/apis/core/validation/validation.go
@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("1.29", 'Invalid value: "a": must be valid IP address'),
        ("1.30", 'Invalid value: "a": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'),
    ],
)
def test_the_words_about_addresses_changed(version: str, words: str) -> None:
    value = pod(dnsConfig={"nameservers": ["a"]}, hostAliases=[{"ip": "a"}])
    assert [each.detail for each in causes(value, version)] == [words] * 2


@pytest.mark.parametrize(
    ("labels", "selector", "expected"),
    [
        # What kube-apiserver 1.37.2 said of these, but for the UID, which is another one each time.
        pytest.param(
            {"controller-uid": "a"},
            None,
            [
                (
                    "spec.template.metadata.labels[controller-uid]",
                    (
                        'Invalid value: {"batch.kubernetes.io/controller-uid":"UID","batch.kubernetes.io/job-name":"a",'
                        '"controller-uid":"a","job-name":"a"}: must be \'UID\''
                    ),
                )
            ],
            id="a label that the server sets",
        ),
        pytest.param(
            {"batch.kubernetes.io/controller-uid": "a"},
            None,
            [
                (
                    "spec.template.metadata.labels[batch.kubernetes.io/controller-uid]",
                    (
                        'Invalid value: {"batch.kubernetes.io/controller-uid":"a","batch.kubernetes.io/job-name":"a",'
                        '"controller-uid":"UID","job-name":"a"}: must be \'UID\''
                    ),
                ),
                (
                    "spec.template.metadata.labels",
                    (
                        'Invalid value: {"batch.kubernetes.io/controller-uid":"a","batch.kubernetes.io/job-name":"a",'
                        '"controller-uid":"UID","job-name":"a"}: `selector` does not match template `labels`'
                    ),
                ),
            ],
            id="the label that is selected",
        ),
        pytest.param(
            {"a": "b"},
            {"matchLabels": {"a": "b"}},
            [
                (
                    "spec.selector",
                    (
                        'Invalid value: {"matchLabels":{"a":"b","batch.kubernetes.io/controller-uid":"UID"}}: '
                        "`selector` not auto-generated"
                    ),
                )
            ],
            id="a selector of one's own",
        ),
    ],
)
def test_what_the_server_makes_up_for_a_job(
    labels: dict[str, str], selector: dict[str, Any] | None, expected: list[tuple[str, str]]
) -> None:
    found = causes(job(labels, selector=selector))
    assert [(each.field, each.detail.replace(UID, "UID")) for each in found] == expected


def test_a_template_behind_a_broken_selector_is_looked_at_but_not_exactly() -> None:
    value = workload("Deployment", [{}])
    value["spec"]["selector"] = {"matchLabels": {"a b": "c"}}
    exact = [each.field for each in causes(value)]
    every = [each.field for each in causes_of(value, validation(value), server("1.37"))]
    assert exact == ["spec.selector.matchLabels", "spec.selector"]
    assert every == [*exact, f"{IN_TEMPLATE}.containerPort"]


def test_paths_are_those_that_are_written() -> None:
    value = pod([{"containerPort": 80}, {"containerPort": 80}], hostNetwork=True)
    assert [(each.field, each.path[-1]) for each in causes(value)] == [
        ("spec.containers[0].ports[1].hostPort", "containerPort")
    ]
    labelled = workload("Deployment")
    labelled["spec"]["template"]["metadata"]["labels"] = {**LABELS, "a": "b c"}
    assert [(each.field, each.path) for each in causes(labelled)] == [
        ("spec.template.labels", ("spec", "template", "metadata", "labels", "a"))
    ]
