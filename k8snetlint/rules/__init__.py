"""Rules: one file is one rule, registered by being there."""

from __future__ import annotations

import functools
import importlib
import pkgutil
import sys
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from k8snetlint.finding import OpenQuestion, Problem, Severity
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.resource import Resource

    R = TypeVar("R", bound=Resource)


class Rule(NamedTuple):
    """One mistake, and how to find it.

    Attributes:
        id: the folder's and the file's name: `netpol-missing-policy-types`.
        group: what stands before the id's first dash.
        severity: unless a problem has its own.
        on: the class of the resources that it looks at, or `Cluster`.
        instead_of: ids whose findings at or below its own are the same mistake, said worse.
        from_absence: it concludes from what is not there: where a document stands in several scopes, all must agree.
        title: the mistake as a sentence.
        docstring: the whole page, see `k8snetlint.catalog`.
        check: yields the problems of one resource in a cluster, or of a cluster, and questions that stay open.
    """

    id: str
    group: str
    severity: Severity
    on: type[Any]  # R of `rule`, which has checked it against the parameter of `check`
    instead_of: tuple[str, ...]
    from_absence: bool
    title: str
    docstring: str
    check: Callable[..., Iterator[Problem | OpenQuestion]]


@overload
def rule(
    *, on: type[Cluster], severity: Severity, instead_of: tuple[str, ...] = (), from_absence: bool = False
) -> Callable[[Callable[[Cluster], Iterator[Problem | OpenQuestion]]], Rule]: ...


@overload
def rule(
    *, on: type[R], severity: Severity, instead_of: tuple[str, ...] = (), from_absence: bool = False
) -> Callable[[Callable[[R, Cluster], Iterator[Problem | OpenQuestion]]], Rule]: ...


def rule(
    *, on: type[Any], severity: Severity, instead_of: tuple[str, ...] = (), from_absence: bool = False
) -> Callable[[Callable[..., Iterator[Problem | OpenQuestion]]], Rule]:
    """Make a rule of the module that holds the decorated check; its docstring is the rule's page."""

    def decorate(check: Callable[..., Iterator[Problem | OpenQuestion]]) -> Rule:
        _, _, group, name = check.__module__.split(".")
        docstring = sys.modules[check.__module__].__doc__ or ""
        title = docstring.partition("\n")[0].strip()
        rule_id = f"{group}-{name}".replace("_", "-")
        return Rule(rule_id, group, severity, on, instead_of, from_absence, title, docstring, check)

    return decorate


@functools.cache
def all_rules() -> tuple[Rule, ...]:
    """Return every rule, by id: each module of each group's folder holds one, under the name `check`."""
    rules: list[Rule] = []
    for group in pkgutil.iter_modules(__path__, f"{__name__}."):
        if not group.ispkg:
            continue
        package = importlib.import_module(group.name)
        for module in pkgutil.iter_modules(package.__path__, f"{group.name}."):
            rules.append(importlib.import_module(module.name).check)  # noqa: PERF401 - two statements read better
    return tuple(sorted(rules, key=lambda each: each.id))
