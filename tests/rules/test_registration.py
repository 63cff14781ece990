"""What a rule says of itself by its signature and its decorator."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import k8snetlint
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.environment import Environment
from k8snetlint.model.service import Service
from k8snetlint.rules import Rule, rule, rule_ids, rule_of
from k8snetlint.rules.service import node_port_conflict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.connectivity.engine import Connectivity

PACKAGE = Path(k8snetlint.__file__).parent
NOTHING: tuple[Problem, ...] = ()


def alone(service: Service) -> Iterator[Problem]:
    del service
    yield from NOTHING


def with_facts(service: Service, environment: Environment) -> Iterator[Problem]:
    del service, environment
    yield from NOTHING


def with_others(service: Service, cluster: Cluster, environment: Environment) -> Iterator[Problem]:
    del service, cluster, environment
    yield from NOTHING


def with_connectivity(service: Service, connectivity: Connectivity) -> Iterator[Problem]:
    del service, connectivity
    yield from NOTHING


def of_all(cluster: Cluster) -> Iterator[Problem]:
    del cluster
    yield from NOTHING


def with_text(service: Service, text: str) -> Iterator[Problem]:
    del service, text
    yield from NOTHING


def without_parameters() -> Iterator[Problem]:
    yield from NOTHING


def registered(check: Any, on: type[Any], **words: Any) -> Rule:
    """Return the rule of a check, as if it stood in a module of its own."""
    check.__module__ = node_port_conflict.__name__
    return rule(on=on, severity=Severity.INFO, **words)(check)


@pytest.mark.parametrize(
    ("check", "on", "asks", "asks_others"),
    [
        pytest.param(alone, Service, (), False, id="its object alone"),
        pytest.param(with_facts, Service, ("Environment",), False, id="facts about the cluster"),
        pytest.param(with_others, Service, ("Cluster", "Environment"), True, id="other objects"),
        pytest.param(of_all, Cluster, (), True, id="all objects"),
    ],
)
def test_the_signature_says_what_a_rule_asks(
    check: Any,
    on: type[Any],
    asks: tuple[str, ...],
    asks_others: bool,  # noqa: FBT001 - a parameter
) -> None:
    made = registered(check, on)

    assert made.id == "service-node-port-conflict"
    assert (made.asks, made.asks_others, made.is_about_cluster) == (asks, asks_others, on is Cluster)


def test_what_concludes_from_absence_asks_others() -> None:
    assert registered(alone, Service, requires_all_scopes=True).asks_others


def test_what_policies_allow_is_computed_when_it_is_used_and_once_a_cluster() -> None:
    cluster = Cluster((), Environment(cni="calico"))
    made = registered(with_connectivity, Service)
    (one,), (other,) = made.arguments(cluster), made.arguments(cluster)

    assert made.asks_others
    assert one.cluster is cluster
    assert "Connectivity" not in cluster.index.answers
    assert one.profile.name == "calico"
    assert one.classes is other.classes


def test_parameters_are_filled_by_their_annotations() -> None:
    cluster = Cluster((), Environment(name="prod"))

    assert registered(alone, Service).arguments(cluster) == ()
    assert registered(with_others, Service).arguments(cluster) == (cluster, cluster.environment)


@pytest.mark.parametrize(
    ("check", "on", "message"),
    [
        pytest.param(alone, Cluster, "is on Cluster, but the first parameter of its check is annotated with Service"),
        pytest.param(of_all, Service, "is on Service, but the first parameter of its check is annotated with Cluster"),
        pytest.param(without_parameters, Service, "the first parameter of its check is not annotated"),
        pytest.param(with_text, Service, "a check cannot ask for str; there are Cluster, Environment, Connectivity"),
    ],
)
def test_a_wrong_signature_is_an_error(check: Any, on: type[Any], message: str) -> None:
    with pytest.raises(TypeError, match=f"node_port_conflict: .*{message}"):
        registered(check, on)


@pytest.mark.parametrize(
    ("rule_id", "asks"),
    [
        ("netpol-deny-all", ()),
        ("service-node-port-out-of-range", ("Environment",)),
        ("netpol-selects-no-pod", ("Cluster",)),
        ("manifest-duplicate-object", ()),
    ],
)
def test_what_some_rules_ask(rule_id: str, asks: tuple[str, ...]) -> None:
    found = rule_of(rule_id)

    assert found
    assert found.asks == asks


NAMES_RULES = {
    "configfile/keys.py": "an example of a configuration",
    "pages/own.py": "examples of suppressions",
}
"""Modules outside of `rules` that may name a rule."""


def test_what_is_said_of_one_rule_is_said_in_its_file() -> None:
    names = re.compile(rf"\b(?:{'|'.join(map(re.escape, rule_ids()))})\b")
    naming = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if "rules" not in path.parts and names.search(path.read_text(encoding="utf-8"))
    }

    assert naming == set(NAMES_RULES)


def test_rules_look_for_no_patches_and_no_placeholders() -> None:
    """What is not known is the business of the model, and of who runs the rules."""
    for path in (PACKAGE / "rules").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "is_placeholder" not in text, path
        assert ".patched" not in text, path
