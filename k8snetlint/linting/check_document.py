"""One file while its documents live: what it holds, and what is wrong with its objects by themselves."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.finding import Problem, Skipped
from k8snetlint.linting.problems import RawProblem
from k8snetlint.model.dns_facts import dns_facts
from k8snetlint.model.resource import resource_of
from k8snetlint.scope.patch_files import DIRECTIVE, looks_like_patch
from k8snetlint.source.document import Place
from k8snetlint.source.load import NOT_KUBERNETES
from k8snetlint.source.names import BUILTIN
from k8snetlint.source.objects import is_object, objects_of
from k8snetlint.validation.admission import validation_of
from k8snetlint.validation.conformance import conforms
from k8snetlint.validation.rejections import deprecations, rejections
from k8snetlint.validation.schemas import Serving, definition_of, is_custom
from k8snetlint.validation.schemas import definition as schema_of
from k8snetlint.validation.served import common_serving
from k8snetlint.validation.server import servers_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from k8snetlint.model.environment import Environment
    from k8snetlint.model.resource import Resource
    from k8snetlint.scope.patch_files import PatchFiles
    from k8snetlint.scope.transform import Transform
    from k8snetlint.source.document import Document, Source
    from k8snetlint.source.load import Loaded
    from k8snetlint.source.paths import FieldPath

CONFIGURATION = "configuration of kustomize: not applied by itself"
EXPECTED = "expected by a test: not applied"
PATCH = "patch: checked only with the objects that it changes"
TRANSFORMER = "transformer of a kustomization: checked only with the objects that it changes"
REMOVED = "removed by a patch in every kustomization that includes it"
SOPS = "sops"
"""The field that SOPS adds to what it encrypts."""


class _EncryptedError(Exception):
    """An object is not checked, because its values are encrypted."""


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
        custom: those of kinds that only a CustomResourceDefinition can define, and no schema of the user does.
        definitions: the CustomResourceDefinitions, with the group and the kind that each defines.
    """

    __slots__ = (
        "_environment",
        "_is_judged",
        "_is_pasted",
        "_patches",
        "_schemas",
        "_servers",
        "_source",
        "_transforms",
        "custom",
        "definitions",
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
        is_pasted: Callable[[Document], bool],
        *,
        transforms: Iterable[Transform] = (),
        is_judged: bool = True,
    ) -> None:
        self._transforms = tuple(transforms)
        self._is_judged = is_judged
        self._source = source
        self._environment = environment
        self._servers = servers_of(environment)
        self._schemas = schemas
        self._is_pasted = is_pasted
        self.resources: list[Resource] = []
        self.made: dict[Transform, list[Resource]] = {}
        self.problems: list[RawProblem] = []
        self.skipped: list[Skipped] = []
        self.custom: list[Resource] = []
        self.definitions: list[tuple[Resource, tuple[str, str]]] = []

    def read(self, loaded: Loaded, patches: PatchFiles) -> None:
        """Look at every document."""
        self._patches = patches
        path = self._source.path
        is_expected = patches.is_expected(path)
        listed = is_expected or patches.is_patch(path)
        reason = EXPECTED if is_expected else TRANSFORMER if path in patches.listed.transformers else PATCH
        # A single character is found much faster than a word.
        directives = loaded.mentions("$") and loaded.mentions(DIRECTIVE)
        for document in loaded.documents:
            if document.skipped:
                self._skip(document, document.skipped)
                continue
            for value, root in objects_of(document.value):
                if not isinstance(value, dict):
                    self._no_object(document, value, root)
                    continue
                kind = _kind_of(value) if is_object(value) else None
                if listed or (
                    looks_like_patch(value, _fields(kind), path, directives=directives) and patches.may_guess(path)
                ):
                    self._skip(document, reason)
                elif value.get("apiVersion") == BUILTIN:
                    self._skip(document, CONFIGURATION)
                elif kind:
                    try:
                        self._object(document, value, root, kind)
                    except _EncryptedError as error:
                        self._skip(document, str(error))
                else:
                    self._no_object(document, value, root)

    def _skip(self, document: Document, reason: str) -> None:
        self.skipped.append(Skipped(self._source.name, document.index, reason))

    def _no_object(self, document: Document, value: Any, root: FieldPath) -> None:
        from k8snetlint.linting.incomplete import incomplete_problem  # noqa: PLC0415 - most documents are objects

        at = Place(self._source, document.index, (), root)
        problem = incomplete_problem(value, at, self._environment.versions)
        if problem:
            self.problems.append(problem)
        elif not document.faults:
            self._skip(document, NOT_KUBERNETES)

    def _object(self, document: Document, value: dict[str, Any], root: FieldPath, kind: tuple[str, str, str]) -> None:
        definition = definition_of(*kind)
        at = Place(self._source, document.index, (), root)
        structure = self._structure(value, definition, at)
        if structure is not _SOUND and not root and _has_unknown_at_top(structure) and self._is_pasted(document):
            return
        written = self._view(document, value, at, structure)
        written.dns = dns_facts(written, value) if self._is_judged else None
        self.resources.append(written)
        if definition is None:
            self._note_unmodelled(value, written)
        # What is applied is judged: an object as it leaves the kustomizations that take it in.
        results = {transform: transform.apply(value) for transform in self._transforms}
        if not results or any(result is value for result in results.values()):
            self.problems += self._problems_of(value, kind, at, structure)
        for transform, result in results.items():
            made = written
            if result is not value:
                # Names and labels that kustomizations add have the right types.
                its = self._structure(result, definition, at) if structure.problems else structure
                made = written.moved(result) if transform.only_sets_namespace else self._view(document, result, at, its)
                made.origin = written
                made.dns = written.dns
                self.problems += self._problems_of(result, kind, at, its)
            self.made.setdefault(transform, []).append(made)

    def _note_unmodelled(self, value: dict[str, Any], written: Resource) -> None:
        """Note an object that only a CustomResourceDefinition can describe, and one that is such a definition."""
        if written.kind == "CustomResourceDefinition":
            from k8snetlint.validation.definitions import defined_kind  # noqa: PLC0415 - few files have one

            defined = defined_kind(value)
            if defined:
                self.definitions.append((written, defined))
            return
        group, version, kind = written.group, written.version, written.kind
        if "." in group and is_custom(group, kind) and not self._schema_of(group, version, kind):
            self.custom.append(written)

    def _schema_of(self, group: str, version: str, kind: str) -> Mapping[str, object] | None:
        """Return the user's own schema of a kind; files may be named after its names in lower case."""
        if not self._schemas:
            return None
        lower = kind.lower()
        keys = ((group, version, kind), (group, version, lower), (group.partition(".")[0], version, lower))
        return next((self._schemas[key] for key in keys if key in self._schemas), None)

    def _view(self, document: Document, value: dict[str, Any], at: Place, structure: _Structure) -> Resource:
        typed = structure is _SOUND or len(structure.problems) == len(structure.unknown)
        view = resource_of(value, self._source, at.document, at.root, structure.unknown, typed=typed)
        if view.kind == "NetworkPolicy" and getattr(view, "pod_selector", view) is None:
            from k8snetlint.linting.nulls import note_null  # noqa: PLC0415 - only where the kind occurs

            note_null(view, document)
        return view

    def _problems_of(
        self, value: dict[str, Any], kind: tuple[str, str, str], at: Place, structure: _Structure
    ) -> Iterator[RawProblem]:
        """Yield what the API server says of an object."""
        if not self._is_judged:
            return
        yield from structure.problems
        if definition_of(*kind):
            found = self._validated(value, kind, at, structure)
        else:
            found = self._unmodelled(value, kind, at)
        yield from (RawProblem(finding_id, None, problem) for finding_id, problem in found)

    def _structure(self, value: dict[str, Any], definition: str | None, at: Place) -> _Structure:
        """Return what is wrong with types and fields."""
        versions = self._environment.versions
        if not definition or all(conforms(definition, version)(value) for version in versions):
            return _SOUND
        if SOPS in value:
            self._refuse_encrypted(value)
        from k8snetlint.linting.misfits import misfits  # noqa: PLC0415 - not on the path of a clean document

        return _Structure(*misfits(value, definition, versions, at))

    def _refuse_encrypted(self, value: dict[str, Any]) -> None:
        from k8snetlint.source.encrypted import ENCRYPTED_VALUES, has_encrypted_values  # noqa: PLC0415 - few objects are

        if has_encrypted_values(value) and not self._patches.is_changed(self._source.path):
            raise _EncryptedError(ENCRYPTED_VALUES)

    def _validated(
        self, value: dict[str, Any], kind: tuple[str, str, str], at: Place, structure: _Structure
    ) -> Iterable[tuple[str, Problem]]:
        """Return what the API server says of fields whose types are right."""
        validation = validation_of(kind[0], kind[2])
        if validation is None:
            return deprecations(value, self._servers, at)
        found = rejections(value, validation, self._servers, at, unsure=structure.unsure, unknown=structure.unknown)
        return chain(found, deprecations(value, self._servers, at)) if validation.deprecated else found

    def _unmodelled(
        self, value: dict[str, Any], kind: tuple[str, str, str], at: Place
    ) -> Iterable[tuple[str, Problem]]:
        """Return that a version does not serve a kind, and what a user's own schema says of a custom resource."""
        schema = self._schema_of(*kind)
        if schema is not None:
            from k8snetlint.validation.custom import schema_problems  # noqa: PLC0415 - only with --schema-dir

            return schema_problems(value, schema, at)
        api_version, name, versions = value["apiVersion"], value["kind"], self._environment.versions
        serving = common_serving(api_version, name, versions)
        if serving is Serving.CUSTOM:
            return ()
        if serving is Serving.SERVED:
            return deprecations(value, self._servers, at)
        from k8snetlint.validation.serving import serving_problems  # noqa: PLC0415 - few are not served

        return chain(serving_problems(value, versions, at), deprecations(value, self._servers, at))


def _has_unknown_at_top(structure: _Structure) -> bool:
    return any(len(path) == 1 for path in structure.unknown)


def _kind_of(value: dict[str, Any]) -> tuple[str, str, str]:
    group, _, version = value["apiVersion"].rpartition("/")
    return group, version, value["kind"]


def _fields(kind: tuple[str, str, str] | None) -> Collection[str] | None:
    """Return the names of a kind's fields, None if they are not known."""
    definition = definition_of(*kind) if kind else None
    return schema_of(definition)["properties"] if definition else None
