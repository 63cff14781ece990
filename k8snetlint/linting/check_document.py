"""One file while its documents live: what it holds, and what is wrong with its objects by themselves."""

from __future__ import annotations

import posixpath
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.finding import Problem, Skipped
from k8snetlint.linting.problems import RawProblem
from k8snetlint.model.resource import resource_of
from k8snetlint.scope.patches import DIRECTIVE, looks_like_patch
from k8snetlint.source.document import Place
from k8snetlint.source.load import NOT_KUBERNETES, is_object, objects_of
from k8snetlint.source.names import BUILTIN
from k8snetlint.source.templates import is_placeholder
from k8snetlint.validation.admission import validation_of
from k8snetlint.validation.conformance import conforms
from k8snetlint.validation.rejections import deprecations, rejections
from k8snetlint.validation.schemas import definition as schema_of
from k8snetlint.validation.schemas import definition_of
from k8snetlint.validation.server import servers_of
from k8snetlint.validation.structure import structure_problems

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from k8snetlint.model.environment import Environment
    from k8snetlint.model.resource import Resource
    from k8snetlint.scope.patches import PatchFiles
    from k8snetlint.scope.transform import Transform
    from k8snetlint.source.document import Document, Source
    from k8snetlint.source.load import Loaded
    from k8snetlint.source.paths import FieldPath

CONFIGURATION = "configuration of kustomize: not applied by itself"
PATCH = "patch: checked only with the objects that it changes"
TRANSFORMER = "transformer of a kustomization: checked only with the objects that it changes"
REMOVED = "removed by a patch in every kustomization that includes it"


class _Structure(NamedTuple):
    """What is wrong with an object's types and fields.

    Attributes:
        problems: all of it.
        unknown: the paths of unknown fields.
        unsure: the paths at which a placeholder stands for what has a structure.
    """

    problems: list[RawProblem]
    unknown: tuple[FieldPath, ...]
    unsure: tuple[FieldPath, ...]


_SOUND = _Structure([], (), ())


class CheckedDocuments:
    """What one file holds.

    Slots:
        resources: its objects, in order.
        made: the same as kustomizations change them, by what becomes of them.
        problems: what is wrong with them.
        skipped: what was not checked.
    """

    __slots__ = (
        "_environment",
        "_schemas",
        "_servers",
        "_source",
        "_transforms",
        "made",
        "problems",
        "resources",
        "skipped",
    )

    def __init__(
        self,
        source: Source,
        environment: Environment,
        schemas: Mapping[tuple[str, str, str], Mapping[str, object]],
        *,
        transforms: Iterable[Transform] = (),
    ) -> None:
        self._transforms = tuple(transforms)
        self._source = source
        self._environment = environment
        self._servers = servers_of(environment)
        self._schemas = schemas
        self.resources: list[Resource] = []
        self.made: dict[Transform, list[Resource]] = {}
        self.problems: list[RawProblem] = []
        self.skipped: list[Skipped] = []

    def read(self, loaded: Loaded, patches: PatchFiles) -> None:
        """Look at every document."""
        path = posixpath.normpath(self._source.name)
        listed = patches.lists(path)
        reason = TRANSFORMER if path in patches.listed.transformers else PATCH
        directives = DIRECTIVE in loaded.text.text
        for document in loaded.documents:
            if document.skipped:
                self._skip(document, document.skipped)
                continue
            for value, root in objects_of(document.value):
                definition = _definition(value)
                if isinstance(value, dict) and (
                    listed
                    or (
                        looks_like_patch(value, _fields(definition), path, directives=directives)
                        and patches.may_guess(path)
                    )
                ):
                    self._skip(document, reason)
                elif isinstance(value, dict) and value.get("apiVersion") == BUILTIN:
                    self._skip(document, CONFIGURATION)
                elif is_object(value):
                    self._object(document, value, root, definition)
                elif not self._incomplete(document, value, root) and not document.faults:
                    self._skip(document, NOT_KUBERNETES)

    def _skip(self, document: Document, reason: str) -> None:
        self.skipped.append(Skipped(self._source.name, document.index, reason))

    def _incomplete(self, document: Document, value: Any, root: FieldPath) -> bool:
        """Report an object that lacks its `apiVersion` or `kind`; False if it is none."""
        if not isinstance(value, dict) or not ("metadata" in value or "spec" in value):
            return False
        missing = "apiVersion" if isinstance(value.get("kind"), str) else "kind"
        if not isinstance(value.get("kind" if missing == "apiVersion" else "apiVersion"), str):
            return False
        place = Place(self._source, document.index, (missing,), root)
        self.problems.append(RawProblem("api-required", None, Problem(f"{missing} must be specified", place)))
        return True

    def _object(self, document: Document, value: dict[str, Any], root: FieldPath, definition: str | None) -> None:
        at = Place(self._source, document.index, (), root)
        structure = self._structure(value, definition, at)
        written = self._view(value, at, structure)
        self.resources.append(written)
        # What is applied is judged: an object as it leaves the kustomizations that take it in.
        results = {transform: transform.applied_to(value) for transform in self._transforms}
        if not results or any(result is value for result in results.values()):
            self.problems += self._problems_of(value, definition, at, structure)
        for transform, result in results.items():
            made = written
            if result is not value:
                # Names and labels that kustomizations add have the right types.
                its = self._structure(result, definition, at) if structure.problems else structure
                made = written.moved(result) if transform.only_moves else self._view(result, at, its)
                made.origin = written
                self.problems += self._problems_of(result, definition, at, its)
            self.made.setdefault(transform, []).append(made)

    def _view(self, value: dict[str, Any], at: Place, structure: _Structure) -> Resource:
        typed = len(structure.problems) == len(structure.unknown)
        return resource_of(value, self._source, at.document, at.root, structure.unknown, typed=typed)

    def _problems_of(
        self, value: dict[str, Any], definition: str | None, at: Place, structure: _Structure
    ) -> Iterator[RawProblem]:
        """Yield what the API server says of an object."""
        yield from structure.problems
        group, version, kind = _kind_of(value)
        if definition:
            found = self._validated(value, (group, kind), at, structure)
        else:
            found = self._unmodelled(value, (group, version, kind), at)
        yield from (RawProblem(finding_id, None, problem) for finding_id, problem in found)

    def _structure(self, value: dict[str, Any], definition: str | None, at: Place) -> _Structure:
        """Return what is wrong with types and fields."""
        versions = self._environment.versions
        if not definition or all(conforms(definition, version)(value) for version in versions):
            return _SOUND
        unsure: set[FieldPath] = set()
        found: dict[tuple[str, FieldPath, str], tuple[Problem, list[Any]]] = {}
        for version in versions:
            for finding_id, problem in structure_problems(
                value,
                definition,
                version,
                at=lambda path, key: at.to(*path, key=key),
                is_placeholder=is_placeholder,
                unsure=unsure,
            ):
                key = (finding_id, problem.at.path, problem.message)
                found.setdefault(key, (problem, []))[1].append(version)
        problems: list[RawProblem] = []
        for (finding_id, _, _), (problem, holds) in found.items():
            some = problem if len(holds) == len(versions) else problem.in_versions(tuple(holds))
            problems.append(RawProblem(finding_id, None, some))
        unknown = tuple(path for finding_id, path, _ in found if finding_id == "api-unknown-field")
        return _Structure(problems, unknown, tuple(unsure))

    def _validated(
        self, value: dict[str, Any], kind: tuple[str, str], at: Place, structure: _Structure
    ) -> Iterable[tuple[str, Problem]]:
        """Return what the API server says of fields whose types are right."""
        validation = validation_of(*kind)
        if validation is None:
            return deprecations(value, self._servers, at)
        found = rejections(value, validation, self._servers, at, unsure=structure.unsure, unknown=structure.unknown)
        return chain(found, deprecations(value, self._servers, at)) if validation.deprecated else found

    def _unmodelled(
        self, value: dict[str, Any], kind: tuple[str, str, str], at: Place
    ) -> Iterable[tuple[str, Problem]]:
        """Return that no version serves a kind, and what a user's own schema says of a custom resource."""
        schema = self._schemas.get(kind)
        if schema is not None:
            from k8snetlint.validation.custom import schema_problems  # noqa: PLC0415 - only with --schema-dir

            return schema_problems(value, schema, at)
        from k8snetlint.validation.serving import serving_problems  # noqa: PLC0415 - most objects are validated

        problems = serving_problems(value, self._environment.versions, at)
        return chain(problems, deprecations(value, self._servers, at))


def _kind_of(value: dict[str, Any]) -> tuple[str, str, str]:
    group, _, version = value["apiVersion"].rpartition("/")
    return group, version, value["kind"]


def _definition(value: Any) -> str | None:
    """Return the name of the definition of an object, None if its schema is not known or it is no object."""
    return definition_of(*_kind_of(value)) if is_object(value) else None


def _fields(definition: str | None) -> Collection[str] | None:
    """Return the names of a definition's fields."""
    return None if definition is None else schema_of(definition)["properties"]
