"""Several clusters in one run: each scope is judged by the facts about its own."""

from __future__ import annotations

import pytest
from manifests import service, sources

from k8snetlint import Config, lint
from k8snetlint.config import ClusterBlock
from k8snetlint.model.environment import Environment, NodePorts

PROD = ClusterBlock(
    ("clusters/prod/**",), Environment(versions=((1, 33),), node_ports=NodePorts(20000, 20100), name="prod")
)
TEST = ClusterBlock(("clusters/test/**",), Environment(versions=((1, 37),), name="test"))
CONFIG = Config(clusters=(PROD, TEST))
SERVICE = service(ports="{port: 80, nodePort: 20080}", spec="type: NodePort")
KUSTOMIZATION = "resources: [../../base]\n"
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers: [{name: web, image: web}]
  workloadRef: {name: a, podGroup: b}
"""


def run(files: dict[str, str], config: Config = CONFIG) -> list[tuple[str, str]]:
    report = lint(sources(files), config)
    return [(finding.path, finding.message) for finding in report.findings]


def overlays(*names: str, base: str) -> dict[str, str]:
    files = {f"clusters/{name}/kustomization.yaml": KUSTOMIZATION for name in names}
    return {**files, "base/kustomization.yaml": "resources: [web.yaml]\n", "base/web.yaml": base}


def test_the_first_block_whose_paths_match_counts() -> None:
    assert CONFIG.environment_of("clusters/prod/a.yaml").name == "prod"
    assert CONFIG.environment_of("./clusters/test/deep/a.yaml").name == "test"
    assert CONFIG.environment_of("other/a.yaml") == Config().environment
    assert CONFIG.all_versions() == ((1, 33), (1, 37))


def test_files_are_judged_by_the_facts_about_their_cluster() -> None:
    files = {f"clusters/{name}/web.yaml": SERVICE for name in ("prod", "test")}

    assert run(files) == [("clusters/test/web.yaml", "nodePort 20080 is outside 30000-32767")]


@pytest.mark.parametrize(
    ("names", "messages"),
    [
        pytest.param(["prod"], [], id="it is right there"),
        pytest.param(["test"], ["nodePort 20080 is outside 30000-32767"], id="the only cluster is not named"),
        pytest.param(["prod", "test"], ["nodePort 20080 is outside 30000-32767 (cluster test)"], id="one of two"),
    ],
)
def test_a_base_of_several_clusters_says_for_which_it_is_wrong(names: list[str], messages: list[str]) -> None:
    assert run(overlays(*names, base=SERVICE)) == [("base/web.yaml", message) for message in messages]


@pytest.mark.parametrize(
    ("names", "says"),
    [(["prod"], [""]), (["test"], []), (["prod", "test"], [" (Kubernetes 1.33)"])],
    ids=["older", "newer", "both"],
)
def test_the_structure_is_judged_by_the_versions_of_the_clusters(names: list[str], says: list[str]) -> None:
    # The newest schema is asked what it has that the older one has not.
    from k8snetlint.validation.schemas import field_of

    newer = next(
        (name, field)
        for name, field in (("PodSpec", "schedulingGroup"), ("PodSpec", "workloadRef"), ("ServiceSpec", "x"))
        if field_of(name, field, (1, 37)) and not field_of(name, field, (1, 33))
    )
    pod = POD.replace("workloadRef: {name: a, podGroup: b}", f"{newer[1]}: {{}}")

    found = [message for _, message in run(overlays(*names, base=pod))]

    assert found == [
        f'unknown field "spec.{newer[1]}"; without strict validation the field is dropped{each}' for each in says
    ]
