"""Which pods count as forgotten by the policies of a namespace."""

from __future__ import annotations

import pytest
from manifests import deployment, manifest, pod, policy, service, together

from k8snetlint import Config, Report, Source, lint
from k8snetlint.model.environment import Environment

RULE = "netpol-pod-not-isolated"
PORTS = "{containerPort: 8080}"
OTHERS = together(*(deployment(each, ports=PORTS) for each in ("web", "cart")))
POLICIES = together(*(policy(f"app: {each}", name=each) for each in ("web", "cart")))
REDIS = deployment("redis", ports=PORTS)
CILIUM = manifest("cilium.io/v2", "CiliumNetworkPolicy", spec="{endpointSelector: {}, ingress: []}")
JOB = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: redis, namespace: prod}\n" + REDIS.partition("prod}\n")[2]


def check(*files: str) -> Report:
    """Lint some files."""
    return lint([Source.of(f"{number}.yaml", text) for number, text in enumerate(files)], Config())


def reported(*files: str) -> list[str | None]:
    """Return the names of the workloads that are reported."""
    found = [each for each in check(*files).findings if each.id == RULE]
    return [each.object.name if each.object else None for each in found]


def test_a_forgotten_workload_is_reported() -> None:
    (found,) = (each for each in check(OTHERS, POLICIES, REDIS).findings if each.id == RULE)
    assert found.message == (
        "no policy isolates Deployment redis for ingress; policies isolate 2 other workloads of namespace prod"
    )
    assert [each.message for each in found.related] == ["policy web isolates Deployment web"]


@pytest.mark.parametrize(
    "forgotten",
    [
        pytest.param(pod("redis", ports=PORTS), id="a Pod"),
        pytest.param(together(deployment("redis"), service("redis")), id="no port is declared, but it has a Service"),
        pytest.param(
            together(REDIS, policy("app: redis", name="redis", direction="Egress")), id="a policy for egress only"
        ),
        pytest.param(together(REDIS, policy("app: redis", name="redis", namespace="test")), id="a policy elsewhere"),
        pytest.param(together(REDIS, CILIUM.replace("prod", "test")), id="a policy of another kind elsewhere"),
    ],
)
def test_not_isolated(forgotten: str) -> None:
    assert reported(OTHERS, POLICIES, forgotten) == ["redis"]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(deployment("redis"), id="nothing connects to it"),
        pytest.param(deployment("redis", ports=PORTS, pod="hostNetwork: true"), id="the network of the node"),
        pytest.param(JOB, id="a Job"),
        pytest.param(together(REDIS, service("redis", spec="type: LoadBalancer")), id="clients outside of the cluster"),
        pytest.param(together(REDIS, policy(name="default-deny", peer="")), id="a policy for every pod"),
        pytest.param(together(REDIS, policy("app: rediss", name="typo")), id="a policy that selects no pod"),
        pytest.param(together(REDIS, policy("app: ${APP}", name="any")), id="a policy with a placeholder"),
        pytest.param(together(REDIS, policy("app: redis", namespace="${NS}")), id="a policy for any namespace"),
        pytest.param(together(REDIS, CILIUM), id="a policy of another kind"),
        pytest.param(together(REDIS, deployment("db", ports=PORTS)), id="as many as are isolated"),
        pytest.param(deployment("redis", "app: '${APP}'", ports=PORTS), id="pods with a placeholder"),
        pytest.param(deployment("redis", namespace="test", ports=PORTS), id="another namespace"),
    ],
)
def test_isolated_or_not_known(other: str) -> None:
    assert reported(OTHERS, POLICIES, other) == []


def test_a_policy_for_one_pod_does_not_isolate_the_workload() -> None:
    first = policy("app: cart, statefulset.kubernetes.io/pod-name: cart-0", name="cart")
    assert reported(OTHERS, policy("app: web", name="web"), first, REDIS) == []


def test_an_application_is_reported_once() -> None:
    names = ("web", "cart", "search", "mail")
    others = together(*(deployment(each, ports=PORTS) for each in names))
    policies = together(*(policy(f"app: {each}", name=each) for each in names))
    redis = together(*(deployment(f"redis-{each}", f"app: redis, role: {each}", ports=PORTS) for each in "ab"))
    (found,) = (each for each in check(others, policies, redis).findings if each.id == RULE)
    assert found.message.startswith("no policy isolates Deployment redis-a and Deployment redis-b for ingress")


def test_system_namespaces_are_closed_by_the_platform() -> None:
    assert reported(*(each.replace("prod", "kube-system") for each in (OTHERS, POLICIES, REDIS))) == []


def test_files_of_another_folder_may_go_to_another_namespace() -> None:
    files = {"shop/a.yaml": OTHERS, "shop/b.yaml": POLICIES, "cache/a.yaml": REDIS}
    written = lint([Source.of(name, text) for name, text in files.items()], Config())
    unwritten = [
        Source.of(name, text.replace(", namespace: prod", "").replace("  namespace: prod\n", ""))
        for name, text in files.items()
    ]
    assert RULE in {each.id for each in written.findings}
    assert RULE not in {each.id for each in lint(unwritten, Config()).findings}


def test_a_cni_plugin_that_enforces_nothing() -> None:
    sources = [Source.of(f"{number}.yaml", text) for number, text in enumerate((OTHERS, POLICIES, REDIS))]
    found = lint(sources, Config(environment=Environment(cni="flannel@0.25.0"))).findings
    assert RULE not in {each.id for each in found}
