"""Fixes of selectors change the least: where one label is wrong, one label is changed."""

from __future__ import annotations

import difflib

import pytest
from manifests import deployment, namespace, policy, service, together

from k8snetlint import Config, Source, lint
from k8snetlint.edit.editor import apply_edits

PODS = "app: shop, component: frontend, release: stable"
WEB = deployment("web", PODS, own="app: web, tier: front")
DB = deployment("db", "app: shop, component: database, release: stable", own="app: db")
WHOLE = Config().environment._replace(whole_cluster=True)
SHOP = namespace("shop", "team: payments, env: prod")


def peer_policy(*labels: str, field: str = "podSelector") -> str:
    """Return a policy with one peer, whose labels stand on lines of their own."""
    written = "".join(f"        {label}\n" for label in ("matchLabels:", *(f"  {each}" for each in labels)))
    return policy("component: database", peer="") + f"  ingress:\n  - from:\n    - {field}:\n{written}"


def changes(*documents: str) -> list[str]:
    """Return the lines that the only fix of a selector removes and adds; empty without one."""
    text = together(*documents)
    report = lint([Source.of("all.yaml", text)], Config(environment=WHOLE))
    fixes = [each.fix for each in report.findings if each.fix is not None and "elector" in each.message]
    if not fixes:
        return []
    assert len(fixes) == 1
    assert not fixes[0].safe
    after = apply_edits(text, fixes[0].edits)
    lines = difflib.unified_diff(text.splitlines(), after.splitlines(), n=0, lineterm="")
    return [f"{each[0]} {each[1:].strip()}" for each in lines if each[0] in "+-" and each[:3] not in ("+++", "---")]


@pytest.mark.parametrize(
    ("labels", "changed"),
    [
        pytest.param(
            ("app: shop", "component: frontnd"), ["- component: frontnd", "+ component: frontend"], id="a value of two"
        ),
        pytest.param(
            ("app: shop", "compnent: frontend", "release: stable"),
            ["- compnent: frontend", "+ component: frontend"],
            id="a key of three",
        ),
        pytest.param(
            ("app: web", "component: frontend"), ["- app: web", "+ app: shop"], id="a name in the place of a label"
        ),
        pytest.param(("app: shop", "component: frontnd", "release: stabel"), [], id="two of three: nobody knows"),
    ],
)
def test_a_misspelt_label_of_several(labels: tuple[str, ...], changed: list[str]) -> None:
    assert changes(WEB, DB, peer_policy(*labels)) == changed
    selected = policy("app: shop").replace("      app: shop\n", "".join(f"      {each}\n" for each in labels))
    assert changes(WEB, DB, selected) == changed


@pytest.mark.parametrize(
    ("labels", "changed"),
    [
        pytest.param(
            ("team: paymnets", "env: prod"), ["- team: paymnets", "+ team: payments"], id="a value of a Namespace"
        ),
        pytest.param(("taem: payments", "env: prod"), ["- taem: payments", "+ team: payments"], id="a key"),
    ],
)
def test_a_misspelt_label_of_a_namespace(labels: tuple[str, ...], changed: list[str]) -> None:
    assert changes(SHOP, WEB, DB, peer_policy(*labels, field="namespaceSelector")) == changed


@pytest.mark.parametrize(
    ("labels", "changed"),
    [
        pytest.param(
            ("app: web",), ["- app: web", "+ app: shop", "+ component: frontend"], id="no other pods are selected"
        ),
        pytest.param(
            ("app: web", "tier: front"),
            ["- app: web", "- tier: front", "+ app: shop", "+ component: frontend"],
            id="what no pod has is removed",
        ),
        pytest.param(("tier: front",), ["- tier: front", "+ app: shop", "+ component: frontend"], id="another key"),
    ],
)
def test_the_labels_of_the_deployment_itself(labels: tuple[str, ...], changed: list[str]) -> None:
    assert changes(WEB, DB, peer_policy(*labels)) == changed, "not all three labels of its selector"


def test_one_label_is_enough_where_no_other_pods_have_it() -> None:
    assert changes(WEB, peer_policy("app: web")) == ["- app: web", "+ app: shop"]


def test_what_the_pods_have_stays() -> None:
    front = service("front", PODS, own="app: shop, expose: outside")

    found = changes(WEB, DB, front, peer_policy("app: shop", "expose: outside"))

    assert found == ["- expose: outside", "+ component: frontend"]


def test_a_label_that_is_asked_for_already_is_not_suggested() -> None:
    text = together(WEB, DB, peer_policy("app: shop", "name: shop"))

    found = lint([Source.of("all.yaml", text)], Config(environment=WHOLE)).findings

    assert [(each.id, each.help, each.fix) for each in found] == [("netpol-peer-selects-nothing", "", None)]
