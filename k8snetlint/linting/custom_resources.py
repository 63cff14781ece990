"""Custom resources are judged by the CustomResourceDefinitions of their scopes, after all files were read.

A definition is often larger than all else, and may stand in a file after its resources. So only its place is kept
while files are read; the definitions that resources need are read once more, and so are these resources.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.finding import Unvalidated
from k8snetlint.linting.failures import failure
from k8snetlint.linting.inventory import Definitions
from k8snetlint.linting.problems import NO_MATCH, RawProblem
from k8snetlint.validation.custom import causes_of, problem_of
from k8snetlint.validation.definitions import definition_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from k8snetlint.finding import Finding
    from k8snetlint.linting.reading import Reading
    from k8snetlint.linting.scoping import Scoping
    from k8snetlint.model.resource import Resource
    from k8snetlint.source.document import Source
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import Cause
    from k8snetlint.validation.definitions import Definition

    Written = tuple[Source, int, FieldPath]
    """Where an object is written, whatever becomes of it."""

NO_SCHEMA = "no schema: its CustomResourceDefinition is not applied together with it, and not in --schema-dir"
UNUSABLE = "its CustomResourceDefinition cannot be used: it is patched, a template, or not valid"
RULES = "the CEL rules of its schema (x-kubernetes-validations) are not evaluated"
_PATCHED = ("spec", "versions")


class CustomResources(NamedTuple):
    """What was found about custom resources.

    Attributes:
        problems: what is wrong with them.
        unvalidated: those of which not everything was validated.
        failures: the files at which we failed ourselves.
    """

    problems: list[RawProblem]
    unvalidated: list[Unvalidated]
    failures: list[Finding]


class _InScope(NamedTuple):
    """A resource as one scope has it, and the definitions of its kind there."""

    resource: Resource
    definitions: tuple[Resource, ...]


def judge_custom_resources(
    reading: Reading, scoping: Scoping, problems_by_file: Mapping[Source, Sequence[RawProblem]]
) -> CustomResources:
    """Return what is wrong with the custom resources of a run, and what could not be validated.

    What no server can serve, because its apiVersion or kind is misspelt, has no schema that anybody could give.
    """
    found = CustomResources([], [], [])
    not_served = (each.problem.at for every in problems_by_file.values() for each in every if each.id == NO_MATCH)
    misspelt = {(at.source, at.document, at.root) for at in not_served}
    judge = _Judge(reading, _scopes_of_resources(reading, scoping))
    removed = {_place_of(each) for each in scoping.scopes.removed} if reading.builds else ()
    failed: set[Source] = set()
    for resource in reading.files.custom:
        source = resource.source
        if source in failed or _place_of(resource) in removed:
            continue
        try:
            problems, reason = judge.judge(resource)
        except Exception as error:  # noqa: BLE001 - our bug at one file must not hide the others
            failed.add(source)
            found.failures.append(failure(source.name, error))
            continue
        found.problems.extend(problems)
        if reason and _place_of(resource) not in misspelt:
            found.unvalidated.append(Unvalidated(source.name, resource.document, resource.object_name(), reason))
    return found


def _scopes_of_resources(reading: Reading, scoping: Scoping) -> dict[Written, list[_InScope]]:
    """Return the definitions that custom resources meet, in each scope that has any."""
    defined = {_place_of(each): kind for each, kind in scoping.definitions}
    if not defined:
        return {}
    custom = {_place_of(each) for each in reading.files.custom}
    found: dict[Written, list[_InScope]] = {}
    for cluster in scoping.clusters:
        here: dict[tuple[str, str], list[Resource]] = {}
        for each in (*cluster.resources, *cluster.present):
            kind = defined.get(_place_of(each))
            if kind:
                here.setdefault(kind, []).append(each)
        for each in cluster.resources if here else ():
            definitions = here.get((each.group, each.kind))
            if definitions and _place_of(each) in custom:
                found.setdefault(_place_of(each), []).append(_InScope(each, tuple(definitions)))
    return found


class _Judge:
    """Judges resources; definitions are read when they are needed first."""

    def __init__(self, reading: Reading, scopes: Mapping[Written, list[_InScope]]) -> None:
        self._given = reading.config.definitions
        self._trusts_patches = reading.trusts_patches()
        self._scopes = scopes
        self._versions = frozenset(each.version for each in reading.files.custom)
        self._values = Definitions()
        self._needed: dict[Source, dict[Written, Resource]] = {}
        for each in (each for every in scopes.values() for here in every for each in here.definitions):
            self._needed.setdefault(each.source, {})[_place_of(each)] = each
        self._known: dict[Written, Definition | None] = {}

    def judge(self, resource: Resource) -> tuple[list[RawProblem], str]:
        """Return what is wrong with a resource, and why not everything was validated, nothing if it was."""
        given = self._given.get((resource.group, resource.kind))
        in_scopes = self._scopes.get(_place_of(resource), [])
        if given is None and not in_scopes:
            return [], NO_SCHEMA
        value = self._values.value(resource)
        problems: dict[Any, RawProblem] = {}
        reasons: list[str] = []
        for here in in_scopes if given is None else [_InScope(resource, ())]:
            definitions = [given] if given else [self._definition(each) for each in here.definitions]
            usable = [each for each in definitions if each]
            causes = [causes_of(value, resource.version, each) for each in usable]
            if len(usable) < len(definitions) or None in causes:
                reasons.append(UNUSABLE)
                continue
            if any(each.versions[resource.version].has_rules for each in usable if resource.version in each.versions):
                reasons.append(RULES)
            for cause in _common(each or [] for each in causes):
                if not self._may_be_patched(here.resource, cause):
                    raw = RawProblem(*problem_of(cause, resource.at()))
                    problems.setdefault(raw.key, raw)
        return list(problems.values()), min(reasons, key=(UNUSABLE, RULES).index, default="")

    def _definition(self, resource: Resource) -> Definition | None:
        if any(patch.decides(_PATCHED, resource.kind) for patch in resource.patches):
            return None
        place = _place_of(resource)
        if place not in self._known:
            # Each file is read once.
            values = Definitions()
            for written, each in self._needed[resource.source].items():
                self._known[written] = definition_in(values.value(each), self._versions)
        return self._known[place]

    def _may_be_patched(self, resource: Resource, cause: Cause) -> bool:
        patches = resource.patches if self._trusts_patches else ()
        return any(patch.decides(cause.path, resource.kind) for patch in patches)


def _common(found: Iterable[list[Cause]]) -> Iterator[Cause]:
    """Yield the causes that hold whichever of several definitions is applied."""
    first, *others = found
    keys = [{(each.type, each.path, each.detail) for each in other} for other in others]
    yield from (each for each in first if all((each.type, each.path, each.detail) in other for other in keys))


def _place_of(resource: Resource) -> Written:
    return resource.source, resource.document, resource.root
