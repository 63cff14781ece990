"""The lines `# given: …` of examples, and the objects that they stand for."""

from __future__ import annotations

import re
from typing import Any

import pytest

from k8snetlint import Config, Severity, Source, lint
from k8snetlint.rules.catalog import Example
from k8snetlint.rules.given import given_in, legend, parse
from k8snetlint.source.load import load


def value_of(line: str) -> Any:
    """Return the object that a line stands for; the API server takes it."""
    source = Source.of("given.yaml", parse(f"# given: {line}").manifest())
    assert not [each for each in lint([source], Config()).findings if each.severity is Severity.ERROR]
    (document,) = load(source).documents
    return document.value


def pods(labels: dict[str, str], *ports: dict[str, object]) -> dict[str, Any]:
    container = {"name": "web", "image": "example.com/web:1", **({"ports": list(ports)} if ports else {})}
    return {"metadata": {"labels": labels}, "spec": {"containers": [container]}}


WEB = {"app": "web"}
UDP = {"name": "dns", "containerPort": 53, "protocol": "UDP"}


@pytest.mark.parametrize(
    ("line", "metadata", "template"),
    [
        pytest.param("deployment web", {"name": "web"}, pods(WEB), id="labels by default"),
        pytest.param("daemonset prod/web", {"name": "web", "namespace": "prod"}, pods(WEB), id="a namespace"),
        pytest.param("deployment web a.b/c=true d=1", {"name": "web"}, pods({"a.b/c": "true", "d": "1"}), id="labels"),
        pytest.param("deployment web 80", {"name": "web"}, pods(WEB, {"containerPort": 80}), id="a port"),
        pytest.param("deployment web dns:53/UDP", {"name": "web"}, pods(WEB, UDP), id="a port with all that it has"),
    ],
)
def test_workloads(line: str, metadata: dict[str, str], template: dict[str, Any]) -> None:
    value = value_of(line)

    assert (value["apiVersion"], value["metadata"]) == ("apps/v1", metadata)
    assert value["kind"].lower() == line.partition(" ")[0]
    assert value["spec"] == {"selector": {"matchLabels": template["metadata"]["labels"]}, "template": template}


def test_a_stateful_set_has_a_service() -> None:
    assert value_of("statefulset web")["spec"]["serviceName"] == "web"


def test_a_pod_has_the_labels_itself() -> None:
    assert value_of("pod web tier=front")["metadata"] == {"name": "web", "labels": {"tier": "front"}}
    assert value_of("pod web 80")["spec"] == pods({}, {"containerPort": 80})["spec"]


@pytest.mark.parametrize(
    ("line", "spec"),
    [
        pytest.param("service web 80", {"selector": WEB, "ports": [{"port": 80}]}, id="a port"),
        pytest.param("service web headless", {"clusterIP": "None", "selector": WEB}, id="headless"),
        pytest.param(
            "service web tier=front http:80->8080 dns:53->dns/UDP",
            {
                "selector": {"tier": "front"},
                "ports": [
                    {"name": "http", "port": 80, "targetPort": 8080},
                    {"name": "dns", "port": 53, "targetPort": "dns", "protocol": "UDP"},
                ],
            },
            id="several ports",
        ),
    ],
)
def test_services(line: str, spec: dict[str, Any]) -> None:
    assert value_of(line)["spec"] == spec


def test_namespaces() -> None:
    assert value_of("namespace prod")["metadata"] == {"name": "prod"}
    assert value_of("namespace prod team=web")["metadata"] == {"name": "prod", "labels": {"team": "web"}}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        pytest.param("# given: deploymnet web\n", 20, "KIND one of deployment, statefulset,", id="no such kind"),
        pytest.param("# given: deployment\n", 20, "expected `# given: KIND [NAMESPACE/]NAME", id="no name"),
        pytest.param("# given: namespace a/b\n", 20, "expected `# given: KIND", id="a namespace of a Namespace"),
        pytest.param("# given: pod web http\n", 20, "'http' is neither a label nor a port of a Pod", id="no number"),
        pytest.param("# given: pod web 80->81\n", 20, "'80->81' is neither", id="a target of a Pod"),
        pytest.param("# given: pod web headless\n", 20, "'headless' is neither", id="a headless Pod"),
        pytest.param("# given: namespace a 80\n", 20, "'80' is neither", id="a port of a Namespace"),
        pytest.param("# given: pod a\n#Given: pod web\n", 21, "expected `# given: KIND", id="written otherwise"),
        pytest.param("kind: Pod\n# given: pod web\n", 21, "not at the top of its file", id="below others"),
    ],
)
def test_a_malformed_line_is_an_error_with_its_place(text: str, line: int, message: str) -> None:
    with pytest.raises(ValueError, match=rf"^rules/netpol/a\.py:{line}: .*{re.escape(message)}"):
        given_in(text, "rules/netpol/a.py", 20)


def test_the_objects_follow_what_is_written() -> None:
    first, second, third = "# given: namespace a\nkind: A\n", "# given: pod b\n# given: pod c\n", "kind: C\n"
    text = f"{first}# file: b.yaml\n{second}# file: c.yaml\n{third}"
    a, b, c = (parse(f"# given: {line}").manifest() for line in ("namespace a", "pod b", "pod c"))

    assert Example("good", {}, text, (), "rules/netpol/a.py", 20).files() == [
        ("example.yaml", 0, f"{first}---\n{a}"),
        ("b.yaml", 3, f"{second}---\n{b}---\n{c}"),
        ("c.yaml", 6, third),
    ]


def test_the_place_of_a_malformed_line_of_an_example() -> None:
    example = Example("good", {}, "kind: Pod\n# file: b.yaml\n# given: pod\n", (), "rules/netpol/a.py", 20)

    with pytest.raises(ValueError, match=r"^rules/netpol/a\.py:22: "):
        example.files()


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("deployment prod/web", "Deployment web in namespace prod whose pods are labelled `app: web`"),
        ("pod web a=b c=d 80 dns:53/UDP", "Pod web labelled `a: b` and `c: d`, with port 80 and port 53/UDP named dns"),
        ("service web headless 80->http", "headless Service web that selects `app: web`, with port 80 sent to http"),
        ("namespace prod team=web", "Namespace prod labelled `team: web`"),
        ("namespace prod", "Namespace prod without labels"),
    ],
)
def test_meaning(line: str, meaning: str) -> None:
    assert str(parse(f"# given: {line}")) == meaning


def test_a_page_says_what_its_lines_stand_for() -> None:
    lines = ["pod a", "namespace b", "pod a tier=front", "pod c"]

    assert legend([parse(f"# given: {line}") for line in lines]) == (
        "A line `# given:` stands for an object that is not written out: "
        "`pod a tier=front` means Pod a labelled `tier: front`; `namespace b` means Namespace b without labels."
    )
