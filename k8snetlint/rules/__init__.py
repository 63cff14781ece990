"""Rules: one file is one rule, registered by being there.

A group is a folder. `KINDS` in its `__init__.py` names the kinds that its rules are about, as classes of the model, or
`Kustomization` for the files of that name, or `DnsFacts` for what any object says about DNS; a rule's module is
imported when one of these kinds occurs and the rule is reported. `ONLY_WITH` lists, by the ids of some rules, kinds
that must all occur.
"""

from __future__ import annotations

import functools
import importlib
import sys
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from k8snetlint.source.files import names_in

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from k8snetlint.connectivity.engine import Connectivity
    from k8snetlint.finding import OpenQuestion, Problem, Severity
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.environment import Environment
    from k8snetlint.model.resource import Resource

    T = TypeVar("T", bound=Resource | Cluster)
    Found = Iterator[Problem | OpenQuestion]
    Check = (
        Callable[[T], Found]
        | Callable[[T, Cluster], Found]
        | Callable[[T, Environment], Found]
        | Callable[[T, Connectivity], Found]
    )

_CLUSTER, _CONNECTIVITY = "Cluster", "Connectivity"


class _Later:
    """What the policies of a cluster allow, computed once a cluster, when a rule first asks."""

    __slots__ = ("cluster",)

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def __getattr__(self, name: str) -> Any:
        answers = self.cluster.index.answers
        if _CONNECTIVITY not in answers:
            from k8snetlint.connectivity.engine import Connectivity  # noqa: PLC0415 - only if a rule asks

            answers[_CONNECTIVITY] = Connectivity.of(self.cluster)
        return getattr(answers[_CONNECTIVITY], name)


_FILLS: dict[str, Callable[[Cluster], Any]] = {
    _CLUSTER: lambda cluster: cluster,
    "Environment": lambda cluster: cluster.environment,
    _CONNECTIVITY: _Later,
}
"""What fills a parameter of a check, by the name of the class that it is annotated with."""

EVERY_KIND = frozenset({"*"})
"""`KINDS` of a group whose rules look at all objects."""


class Rule(NamedTuple):
    """One mistake, and how to find it.

    Attributes:
        id: the folder's and the file's name: `netpol-missing-policy-types`.
        group: the part of the id before the first dash.
        severity: unless a problem has its own.
        on: the class of the resources that it looks at, or `Cluster`.
        asks: the names of the classes of the check's other parameters.
        supersedes: ids whose findings at or below its own are the same mistake, explained less well.
        follows_from: ids of mistakes of which its own is the consequence: next to a warning of one of them, in the same
            field of the same object's spec, what it finds is not reported.
        requires_all_scopes: it concludes from absence: all scopes that hold a document must agree.
        relies_on: aspects of its object (`model.aspects`) that must be known: what it finds is dropped where a patch or
            a placeholder changes one of them.
        security: how bad it is that its mistake allows more than intended, as a CVSS score; 0 if it does not. 7: an
            apparent limit has no effect; 5 to 6: pods lose their protection; 3 to 5: traffic is allowed, possibly
            intended, or only if the API server drops unknown fields.
        title: the mistake as a sentence.
        docstring: the whole page, see `k8snetlint.rules.catalog`.
        check: yields the problems of one resource in a cluster, or of a cluster, and open questions.
    """

    id: str
    group: str
    severity: Severity
    on: type[Any]  # T of `rule`, which has checked it against the first parameter of `check`
    asks: tuple[str, ...]
    supersedes: tuple[str, ...]
    follows_from: tuple[str, ...]
    requires_all_scopes: bool
    relies_on: tuple[str, ...]
    security: float
    title: str
    docstring: str
    check: Callable[..., Iterator[Problem | OpenQuestion]]

    @property
    def is_about_cluster(self) -> bool:
        """Whether it looks at a cluster as a whole, and not at one resource after the other."""
        return self.on.__name__ == _CLUSTER

    @property
    def asks_others(self) -> bool:
        """Whether other objects count, so that its findings are uncertain if some are missing."""
        return self.requires_all_scopes or self.is_about_cluster or not {_CLUSTER, _CONNECTIVITY}.isdisjoint(self.asks)

    def arguments(self, cluster: Cluster) -> tuple[Any, ...]:
        """Return what fills the parameters of the check behind the first one."""
        return tuple([_FILLS[each](cluster) for each in self.asks])


def rule(
    *,
    on: type[T],
    severity: Severity,
    supersedes: tuple[str, ...] = (),
    follows_from: tuple[str, ...] = (),
    requires_all_scopes: bool = False,
    relies_on: tuple[str, ...] = (),
    security: float = 0,
) -> Callable[[Check[T]], Rule]:
    """Make a rule of the module that holds the decorated check; its docstring is the rule's page.

    The check's signature says what it asks: `check(policy)` looks at its object alone, `check(policy, environment)` at
    facts about the cluster too, `check(policy, cluster)` at other objects, `check(policy, connectivity)` at what
    policies allow; a rule on `Cluster` has `check(cluster)`.

    Raises:
        TypeError: the check's first parameter is not annotated with the class in `on`, or another one is annotated
            with an unknown class.
    """

    def decorate(check: Check[T]) -> Rule:
        _, _, group, name = check.__module__.split(".")
        docstring = sys.modules[check.__module__].__doc__ or ""
        return Rule(
            id=_id_of(group, name),
            group=group,
            severity=severity,
            on=on,
            asks=_asks(check, on.__name__),
            supersedes=supersedes,
            follows_from=follows_from,
            requires_all_scopes=requires_all_scopes,
            relies_on=relies_on,
            security=security,
            title=docstring.partition("\n")[0].strip(),
            docstring=docstring,
            check=check,
        )

    return decorate


def _asks(check: Callable[..., Any], on: str) -> tuple[str, ...]:
    """Return the annotations of a check's parameters behind the first one, which must be annotated with `on`."""
    code = check.__code__
    parameters = code.co_varnames[: code.co_argcount]
    first, *others = (str(check.__annotations__.get(each, "")) for each in parameters or ("",))
    if first != on:
        found = f"annotated with {first}" if first else "not annotated"
        raise TypeError(f"{check.__module__}: the rule is on {on}, but the first parameter of its check is {found}")
    for each in others:
        if each not in _FILLS:
            known = ", ".join(_FILLS)
            raise TypeError(f"{check.__module__}: a check cannot ask for {each or 'nothing'}; there are {known}")
    return tuple(others)


def all_rules() -> tuple[Rule, ...]:
    """Return every rule, by id."""
    return tuple(map(_rule, _every_module().values()))


def rule_ids() -> tuple[str, ...]:
    """Return the ids of all rules, in order; no rule is imported."""
    return tuple(_every_module())


def rule_of(rule_id: str) -> Rule | None:
    """Return the rule of an id, None if no rule has it."""
    module = _every_module().get(rule_id)
    return _rule(module) if module else None


def rules_about(
    kinds: Collection[str], is_wanted: Callable[[str], bool], all_kinds: Collection[str] = ()
) -> tuple[Rule, ...]:
    """Return the rules of all groups that are about some kinds, by id; only these are imported.

    Args:
        kinds: what is judged, as in `KINDS`.
        is_wanted: tells of an id whether its rule is reported.
        all_kinds: what occurs, judged or not.
    """
    about = (group for group in groups() if (its := kinds_of(group)) is EVERY_KIND or not its.isdisjoint(kinds))
    modules = (each for group in about for each in _modules_with(group, {*kinds, *all_kinds}).items())
    return tuple(_rule(module) for rule_id, module in modules if is_wanted(rule_id))


@functools.cache
def groups() -> tuple[str, ...]:
    """Return the names of all groups, in order."""
    return tuple(sorted(each for path in __path__ for each in _entries(path) if "." not in each))


def kinds_of(group: str) -> frozenset[str]:
    """Return the kinds that a group's rules are about."""
    kinds: frozenset[str] = importlib.import_module(f"{__name__}.{group}").KINDS
    return kinds


def _modules_with(group: str, kinds: Collection[str]) -> dict[str, str]:
    """Return the modules of those rules of a group that have something to look at, by their ids."""
    only_with: dict[str, frozenset[str]] = getattr(importlib.import_module(f"{__name__}.{group}"), "ONLY_WITH", {})
    return {
        rule_id: module
        for rule_id, module in _modules(group).items()
        if rule_id not in only_with or only_with[rule_id].issubset(kinds)
    }


@functools.cache
def _modules(group: str) -> dict[str, str]:
    """Return the modules of a group's rules by their ids, in the order of the ids."""
    entries = (each for path in __path__ for each in _entries(f"{path}/{group}"))
    names = (each.removesuffix(".py") for each in entries if each.endswith(".py"))
    return dict(sorted((_id_of(group, name), f"{__name__}.{group}.{name}") for name in names))


def _entries(folder: str) -> list[str]:
    """Return the names of the packages in a folder, and of its modules with `.py`."""
    # Not by pkgutil: to import it takes longer than to check a file.
    return [each for each in names_in(folder) if not each.startswith("__")]


@functools.cache
def _every_module() -> dict[str, str]:
    return {rule_id: module for group in groups() for rule_id, module in _modules(group).items()}


def _rule(module: str) -> Rule:
    check: Rule = importlib.import_module(module).check
    return check


def _id_of(group: str, module: str) -> str:
    return f"{group}-{module}".replace("_", "-")
