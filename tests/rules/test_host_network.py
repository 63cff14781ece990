"""Pods on the host network that policies select: one finding for a workload, with the policies as further places."""

from __future__ import annotations

from manifests import pod, policy, sources, together

from k8snetlint import Config, Finding, lint

SELECTED, AS_PEER = "netpol-selects-host-network-pods", "netpol-peer-selects-host-network-pods"
AGENT = pod("agent", "app: agent", pod="hostNetwork: true")
AGENT_AS_PEER = "podSelector: {matchLabels: {app: agent}}"


def findings(*, ignore: str = "", context: str = "", **files: str) -> list[Finding]:
    named = sources({f"{name}.yaml": text for name, text in files.items()})
    beside = sources({"context.yaml": context} if context else {})
    config = Config(ignore=(ignore,)) if ignore else Config()
    report = lint(named, config, context=beside)
    return [each for each in report.findings if each.id in (SELECTED, AS_PEER)]


def related(found: list[Finding]) -> list[list[str]]:
    return [[each.message for each in finding.related] for finding in found]


def test_a_selection_and_a_peer_are_one_mistake() -> None:
    itself = policy("app: agent", name="itself")
    other = policy("app: web", name="other", peer=AGENT_AS_PEER)
    files = {"policies": together(itself, other), "agent": AGENT}

    found = findings(**files)

    assert [(each.id, each.path, each.field) for each in found] == [(SELECTED, "agent.yaml", "spec.hostNetwork")]
    assert related(found) == [["policy itself selects these pods", "policy other selects these pods as a peer"]]
    assert [each.id for each in findings(**files, ignore=SELECTED)] == [AS_PEER]


def test_many_policies_are_one_mistake() -> None:
    found = findings(agent=AGENT, policies=together(*(policy("app: agent", name=f"p{each}") for each in range(5))))

    assert [each.id for each in found] == [SELECTED]
    assert related(found) == [[f"policy p{each} selects these pods" for each in range(3)]], "three places are enough"


def test_many_peers_are_one_mistake() -> None:
    peers = [policy("app: web", name=f"p{each}", peer=AGENT_AS_PEER) for each in range(2)]

    found = findings(agent=AGENT, policies=together(*peers))

    assert [each.id for each in found] == [AS_PEER]
    assert related(found) == [[f"policy p{each} selects these pods as a peer" for each in range(2)]]


def test_each_workload_is_a_mistake_of_its_own() -> None:
    second = pod("proxy", "app: agent", pod="hostNetwork: true")
    usual = pod("web", "app: agent")

    found = findings(pods=together(AGENT, second, usual), policy=policy("app: agent"))

    assert [each.object.name for each in found if each.object] == ["agent", "proxy"]


def test_pods_of_the_context_are_reported_at_the_policy() -> None:
    itself, other = policy("app: agent", name="itself"), policy("app: web", name="other", peer=AGENT_AS_PEER)

    found = findings(itself=itself, other=other, context=AGENT)

    assert [(each.id, each.path, each.field) for each in found] == [(SELECTED, "itself.yaml", "spec.podSelector")]


def test_a_peer_that_selects_others_as_well_is_no_mistake() -> None:
    usual = pod("web", "app: agent")

    assert not findings(pods=together(AGENT, usual), policy=policy("app: web", peer=AGENT_AS_PEER))
    assert not findings(agent=AGENT, policy=policy("", peer=AGENT_AS_PEER + "}, {ipBlock: {cidr: 10.0.0.0/8}"))
