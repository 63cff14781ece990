"""Every example on every rule's page is a test."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

import pytest

from k8snetlint import Config, Source, lint
from k8snetlint.edit.editor import apply_edits
from k8snetlint.model.tables.network_kinds import CLUSTER_NETWORK
from k8snetlint.pages.examples import environment_of, report_of
from k8snetlint.rules import EVERY_KIND, Rule, all_rules, groups, kinds_of, rule_ids, rule_of
from k8snetlint.rules.catalog import ROLES, Example, page_of

if TYPE_CHECKING:
    from k8snetlint.finding import Finding

NUMBERED = [
    (rule, example, f"{rule.id}-{number}-{example.role}")
    for rule in all_rules()
    for number, example in enumerate(page_of(rule).examples, 1)
]
EXAMPLES = [pytest.param(rule, example, id=name) for rule, example, name in NUMBERED]
BAD = [pytest.param(rule, example, id=name) for rule, example, name in NUMBERED if example.role == "bad"]
PAIRS = [
    pytest.param(rule, bad, fixed, id=f"{rule.id}-{number}")
    for rule in all_rules()
    for number, (bad, fixed) in enumerate(itertools.pairwise(page_of(rule).examples), 1)
    if (bad.role, fixed.role) == ("bad", "fixed")
]
MENDED_ELSEWHERE = {
    "dns-corefile-suspicious": "only its author knows the upstream servers",
    "dns-kube-dns-service-broken": "only its author knows the target port",
    "dns-pod-ip-name": "only its author knows which Service has the pod",
    "kustomize-labels-rewrite-peers": "in the kustomization",
    "manifest-duplicate-object": "only its author knows the other name",
    "netpol-empty-ports-list-allows-all": "only its author knows the ports",
    "netpol-except-not-strict-subset": "only its author knows which of the two networks is wrong",
    "netpol-legacy-isolation-annotation": "by a policy, which is another object",
    "netpol-peer-selects-host-network-pods": "only its author knows the addresses of the nodes",
    "service-external-name-is-ip": "by an EndpointSlice, which is another object",
    "service-node-port-conflict": "only its author knows the port",
    "service-node-port-out-of-range": "only its author knows the port",
    "service-selectorless-without-endpoints": "by an EndpointSlice, which is another object",
    "service-sensitive-port-published": "only its author knows who has to reach it",
    "service-statefulset-service": "in the Service, which is another object",
}
"""Rules whose first fixed example is written by hand, and why."""


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_example(rule: Rule, example: Example) -> None:
    files = example.files()
    before = {name: lines for name, lines, _ in files}
    report = report_of(example)

    found = sorted(
        (before[each.path] + each.start.line, each.message) for each in report.findings if each.id == rule.id
    )
    assert found == sorted(example.expected)
    others = [finding for finding in report.findings if finding.id.startswith(("api-", "yaml-", "internal-"))]
    assert others == []
    assert all(each.path.endswith("kustomization.yaml") for each in report.skipped)


def findings_of(rule: Rule, example: Example, texts: dict[str, str]) -> list[Finding]:
    """Return a rule's findings; the texts are those of an example, or what became of them."""
    sources = [Source.of(name, text) for name, text in texts.items()]
    report = lint(sources, Config(environment=environment_of(example.words)))
    assert not [each for each in report.findings if each.id.startswith(("yaml-", "internal-"))]
    return [each for each in report.findings if each.id == rule.id]


def mended(rule: Rule, example: Example, texts: dict[str, str]) -> dict[str, str]:
    """Return the texts after the fixes of a rule's findings."""
    findings = findings_of(rule, example, texts)
    changed = dict(texts)
    for name, text in texts.items():
        fixes = [each.fix for each in findings if each.path == name and each.fix]
        changed[name] = apply_edits(text, tuple(sorted(edit for fix in fixes for edit in fix.edits)))
    return changed


@pytest.mark.parametrize(("rule", "bad", "fixed"), PAIRS)
def test_fixed_is_what_the_fix_writes(rule: Rule, bad: Example, fixed: Example) -> None:
    written = {name: re.sub("  # finding: .*", "", text) for name, _, text in bad.files()}
    after = mended(rule, bad, written)
    if rule.id in MENDED_ELSEWHERE:
        assert after == written, "there is a fix now"
        return
    assert after == {name: text for name, _, text in fixed.files()}
    assert mended(rule, bad, after) == after


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_each_fix_mends_its_finding(rule: Rule, example: Example) -> None:
    texts = {name: re.sub("  # finding: .*", "", text) for name, _, text in example.files()}
    before = findings_of(rule, example, texts)
    for finding in before:
        if finding.fix is None:
            continue
        changed = apply_edits(texts[finding.path], finding.fix.edits)
        after = findings_of(rule, example, {**texts, finding.path: changed})
        assert len(after) < len(before)
        assert finding.message not in {each.message for each in after}
        assert re.fullmatch(r"[a-z][^\n]{5,100}[^.\n]", finding.fix.title), "a title is one sentence without full stop"


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_page(rule: Rule) -> None:
    page = page_of(rule)

    assert re.fullmatch(r"[A-Z`].{10,110}\.", page.title), "a title is one sentence on one line"
    assert len(page.why) > 100, "a page says why"
    assert page.source.startswith("https://"), "a page names its source"
    roles = [example.role for example in page.examples]
    assert set(roles) <= set(ROLES)
    assert {"bad", "good"} <= set(roles)
    for example in page.examples:
        assert bool(example.expected) == (example.role == "bad"), "a bad example is reported, no other one is"


@pytest.mark.parametrize("group", groups())
def test_a_group_says_which_kinds_its_rules_are_about(group: str) -> None:
    kinds = kinds_of(group)
    looked_at = {rule.on.__name__ for rule in all_rules() if rule.group == group and not rule.is_about_cluster}

    # Without a kustomization nothing is changed by one, whatever the kind; names of the DNS are in many kinds.
    assert kinds is EVERY_KIND or kinds in (looked_at, {"Kustomization"}, {CLUSTER_NETWORK}, {"DnsFacts"})


def test_ids_are_the_names_of_files() -> None:
    assert rule_ids() == tuple(rule.id for rule in all_rules())
    assert list(rule_ids()) == sorted(set(rule_ids()))
    assert rule_of("netpol-deny-all") in all_rules()
    assert rule_of("netpol-nonsense") is None


def test_titles_differ() -> None:
    titles = [rule.title for rule in all_rules()]

    assert len(set(titles)) == len(titles)


def test_rules_replace_ids_that_exist() -> None:
    from k8snetlint.codes import OUTSIDE_RULES

    known = {*OUTSIDE_RULES, *(rule.id for rule in all_rules())}
    for rule in all_rules():
        assert set(rule.supersedes) <= known - {rule.id}
        assert set(rule.follows_from) <= known - {rule.id, *rule.supersedes}
