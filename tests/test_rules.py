"""Every example on every rule's page is a test."""

from __future__ import annotations

import re

import pytest

from k8snetlint import Config, Source, lint
from k8snetlint.catalog import ROLES, Example, page_of
from k8snetlint.model.environment import Environment, parse_node_ports, parse_version
from k8snetlint.rules import Rule, all_rules

EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.id}-{number}-{example.role}")
    for rule in all_rules()
    for number, example in enumerate(page_of(rule).examples, 1)
]


def environment(words: dict[str, str]) -> Environment:
    """Return the facts that an example's words state; a word that says nothing to us yet is an error."""
    assert not words.keys() - {"kubernetes", "node-port-range", "namespace", "whole-cluster"}
    plain = Environment()
    return Environment(
        versions=(parse_version(words["kubernetes"]),) if "kubernetes" in words else plain.versions,
        node_ports=parse_node_ports(words["node-port-range"]) if "node-port-range" in words else plain.node_ports,
        namespace=words.get("namespace"),
        whole_cluster="whole-cluster" in words,
    )


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_example(rule: Rule, example: Example) -> None:
    files = example.files()
    before = {name: lines for name, lines, _ in files}
    sources = [Source.of(name, text) for name, _, text in files]
    report = lint(sources, Config(environment=environment(example.words)))

    found = sorted(
        (before[each.path] + each.start.line, each.message) for each in report.findings if each.id == rule.id
    )
    assert found == sorted(example.expected)
    others = [finding for finding in report.findings if finding.id.startswith(("api-", "yaml-", "internal-"))]
    assert others == []
    assert all(each.path.endswith("kustomization.yaml") for each in report.skipped)


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


def test_titles_differ() -> None:
    titles = [rule.title for rule in all_rules()]

    assert len(set(titles)) == len(titles)


def test_rules_replace_ids_that_exist() -> None:
    from k8snetlint.selection import OUTSIDE_RULES

    known = {*OUTSIDE_RULES, *(rule.id for rule in all_rules())}
    for rule in all_rules():
        assert set(rule.instead_of) <= known - {rule.id}
