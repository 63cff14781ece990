"""The pipeline: sources in, a report out; nothing else is touched."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from k8snetlint.finding import Problem, Report, Severity, Skipped
from k8snetlint.locate import Locator, unreadable
from k8snetlint.selection import OUTSIDE_RULES, Selection, replaced_by_better
from k8snetlint.source.load import NOT_KUBERNETES, TEMPLATE, is_object, load
from k8snetlint.source.paths import Place
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from k8snetlint.config import Config
    from k8snetlint.finding import Finding
    from k8snetlint.model.resource import Resource
    from k8snetlint.rules import Rule
    from k8snetlint.source.document import Document, Source
    from k8snetlint.source.load import Loaded
    from k8snetlint.source.paths import FieldPath

PATCH = "patch: judged only with what it changes"
KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")


def lint(sources: Iterable[Source], config: Config, *, progress: Callable[[int], None] | None = None) -> Report:
    """Check sources and return everything that is to say about them.

    Args:
        sources: what to read; each is read once or twice, never changed.
        config: what to check, and facts about the cluster.
        progress: called with the number of sources done.

    Raises:
        ConfigError: the configuration asks for what cannot be.
    """
    every = list(sources)
    run = _Run(config, _listed_patches(every))
    for done, source in enumerate(every, 1):
        run.check(source)
        if progress:
            progress(done)
    return run.report(len(every))


def _listed_patches(sources: list[Source]) -> frozenset[str]:
    """Return the names of the sources that a kustomization among them lists as patches."""
    listed: set[str] = set()
    for source in sources:
        if posixpath.basename(source.name) not in KUSTOMIZATIONS:
            continue
        from k8snetlint.model.patches import listed_patches  # noqa: PLC0415 - only where there is a kustomization

        try:
            documents = load(source).documents
        except OSError:
            continue
        folder = posixpath.dirname(source.name)
        for document in documents:
            listed.update(posixpath.normpath(posixpath.join(folder, name)) for name in listed_patches(document.value))
    return frozenset(listed)


class _Run:
    """One run over many sources: what was found so far."""

    def __init__(self, config: Config, patches: frozenset[str]) -> None:
        self.environment = config.environment
        self.schemas = config.schemas
        self.selection = Selection(config)
        self.patches = patches
        self.findings: list[Finding] = []
        self.skipped: list[Skipped] = []
        self.documents = 0
        self.objects = 0

    def report(self, files: int) -> Report:
        """Return the findings in the order of a reader."""
        ordered = sorted(self.findings, key=lambda each: (each.path, each.start.offset, each.id, each.message))
        return Report(_numbered(ordered), tuple(self.skipped), files, self.documents, self.objects)

    def check(self, source: Source) -> None:
        """Check one source."""
        try:
            loaded = load(source)
        except OSError as error:
            self.findings.append(unreadable(source.name, error.strerror or str(error)))
            return
        if loaded.skipped:
            self.skipped.append(Skipped(source.name, None, loaded.skipped))
            return
        file = _File(self, source, loaded)
        file.check()
        self.documents += len(loaded.documents)


class _File:
    """One source while its documents live."""

    def __init__(self, run: _Run, source: Source, loaded: Loaded) -> None:
        self.run = run
        self.source = source
        self.loaded = loaded
        self.locator = Locator(source.name, loaded)
        self.resources: list[Resource] = []
        self.problems: list[tuple[str, Severity, Problem]] = []

    def check(self) -> None:
        """Check every document, then what they say together."""
        run, loaded = self.run, self.loaded
        for fault in loaded.faults:
            run.findings.append(self.locator.of_fault(fault, None, Severity.ERROR))
        listed = posixpath.normpath(self.source.name) in run.patches
        for document in loaded.documents:
            self._document(document, listed=listed)
        if loaded.action and run.selection.reports("template-skipped"):
            severity = run.selection.severity("template-skipped", Severity.INFO)
            message = "template not checked: render it first"
            run.findings.append(self.locator.of_span("template-skipped", message, loaded.action, severity))
        if self.resources:
            self._rules()
        if self.problems:
            self._report()

    def _document(self, document: Document, *, listed: bool) -> None:
        run = self.run
        for fault in document.faults:
            if run.selection.reports(fault.id):
                severity = run.selection.severity(fault.id, OUTSIDE_RULES[fault.id][0])
                run.findings.append(self.locator.of_fault(fault, document, severity))
        if document.skipped:
            run.skipped.append(Skipped(self.source.name, document.index, document.skipped))
            return
        text = self.loaded.text.text
        patch = listed or ("$patch" in text and text.find("$patch", *document.span) >= 0)
        for value, root in _objects(document.value):
            if patch and isinstance(value, dict):
                run.skipped.append(Skipped(self.source.name, document.index, PATCH))
            elif is_object(value):
                self._object(document, value, root)
            elif not self._incomplete(document, value, root) and not document.faults:
                run.skipped.append(Skipped(self.source.name, document.index, NOT_KUBERNETES))

    def _incomplete(self, document: Document, value: Any, root: FieldPath) -> bool:
        """Report an object that lacks its `apiVersion` or `kind`; False if it is none."""
        if not isinstance(value, dict) or not ("metadata" in value or "spec" in value):
            return False
        missing = "apiVersion" if isinstance(value.get("kind"), str) else "kind"
        if not isinstance(value.get("kind" if missing == "apiVersion" else "apiVersion"), str):
            return False
        place = Place(self.source, document.index, (missing,), root)
        self._add("api-required", Problem(f"{missing} must be specified", place))
        return True

    def _object(self, document: Document, value: dict[str, Any], root: FieldPath) -> None:
        run = self.run
        api_version, kind = value["apiVersion"], value["kind"]
        group, _, version = api_version.rpartition("/")
        from k8snetlint.validation.schemas import definition_of  # noqa: PLC0415 - when there is an object

        definition = definition_of(group, version, kind)
        if definition:
            from k8snetlint.model.patches import looks_like_patch  # noqa: PLC0415 - when there is an object

            if looks_like_patch(value):
                run.skipped.append(Skipped(self.source.name, document.index, PATCH))
                return
        run.objects += 1
        at = Place(self.source, document.index, (), root)
        unknown: tuple[FieldPath, ...] = ()
        typed = True
        if definition:
            unknown, typed = self._structure(value, definition, at)
        else:
            self._unmodelled(value, (group, version, kind), at)
        from k8snetlint.model.resource import resource_of  # noqa: PLC0415 - when there is an object

        self.resources.append(resource_of(value, self.source, document.index, root, unknown, typed=typed))

    def _structure(self, value: dict[str, Any], definition: str, at: Place) -> tuple[tuple[FieldPath, ...], bool]:
        """Report wrong types and unknown fields; return the unknown paths, and whether all types are right."""
        from k8snetlint.validation.structure import structure_problems  # noqa: PLC0415 - when there is an object

        versions = self.run.environment.versions
        found: dict[tuple[str, FieldPath, str], tuple[Problem, list[Any]]] = {}
        for version in versions:
            for finding_id, problem in structure_problems(
                value, definition, version, at=lambda path, key: at.to(*path, key=key), is_placeholder=is_placeholder
            ):
                key = (finding_id, problem.at.path, problem.message)
                found.setdefault(key, (problem, []))[1].append(version)
        for (finding_id, _, _), (problem, holds) in found.items():
            self._add(finding_id, _in_versions(problem, holds, versions))
        unknown = tuple(path for finding_id, path, _ in found if finding_id == "api-unknown-field")
        return unknown, len(unknown) == len(found)

    def _unmodelled(self, value: dict[str, Any], kind: tuple[str, str, str], at: Place) -> None:
        """Report a kind that no version serves, and what a user's own schema says of a custom resource."""
        schema = self.run.schemas.get(kind)
        if schema is not None:
            from k8snetlint.validation.custom import schema_problems  # noqa: PLC0415 - only with --schema-dir

            for finding_id, problem in schema_problems(value, schema, at):
                self._add(finding_id, problem)
            return
        from k8snetlint.validation.serving import serving_problems  # noqa: PLC0415 - when there is an object

        for finding_id, problem in serving_problems(value, self.run.environment.versions, at):
            self._add(finding_id, problem)

    def _rules(self) -> None:
        from k8snetlint.model.cluster import Cluster  # noqa: PLC0415 - when there is an object
        from k8snetlint.rules import all_rules  # noqa: PLC0415

        cluster = Cluster(tuple(self.resources), self.run.environment)
        for rule in all_rules():
            if rule.on is Cluster:
                self._run_rule(rule, self.resources[0], (cluster,))
                continue
            for resource in cluster.of(rule.on):
                self._run_rule(rule, resource, (resource, cluster))
        for resource in self.resources:
            resource.raw = None

    def _run_rule(self, rule: Rule, resource: Resource, arguments: tuple[Any, ...]) -> None:
        try:
            for problem in rule.check(*arguments):
                self._add(rule.id, problem, rule.severity)
        except Exception as error:  # noqa: BLE001 - our bug in one rule must not stop the others
            message = f"rule {rule.id} failed: {type(error).__name__}: {error}"
            self._add("internal-error", Problem(message, resource.at("metadata", "name")))

    def _add(self, finding_id: str, problem: Problem, own: Severity | None = None) -> None:
        selection = self.run.selection
        if not selection.reports(finding_id):
            return
        severity = problem.severity or own or OUTSIDE_RULES[finding_id][0]
        self.problems.append((finding_id, selection.severity(finding_id, severity), problem))

    def _report(self) -> None:
        """Turn problems into findings; one mistake is one finding."""
        replaced = replaced_by_better(self.problems) if self.resources else set()
        for finding_id, severity, problem in self.problems:
            if id(problem) not in replaced:
                self.run.findings.append(self.locator.of_problem(finding_id, problem, severity))


def _objects(value: Any) -> Iterator[tuple[Any, FieldPath]]:
    """Yield the objects of a document: itself, or the items of a List, which inherit the kind of a typed one."""
    items = value.get("items") if is_object(value) and value["kind"].endswith("List") else None
    if not isinstance(items, list):
        if value is not None:
            yield value, ()
        return
    inherited = value["kind"].removesuffix("List")
    for index, item in enumerate(items):
        if inherited and isinstance(item, dict) and "kind" not in item:
            typed = {"apiVersion": value["apiVersion"], "kind": inherited, **item}
            yield typed, ("items", index)
        elif item is not None:
            yield item, ("items", index)


def _in_versions(problem: Problem, holds: list[Any], versions: tuple[Any, ...]) -> Problem:
    """Let a problem name the Kubernetes versions that it holds for, if these are not all."""
    if len(holds) < len(versions):
        from k8snetlint.model.environment import format_version  # noqa: PLC0415 - findings only

        problem.message += f" (Kubernetes {', '.join(format_version(version) for version in holds)})"
    return problem


def _numbered(findings: list[Finding]) -> tuple[Finding, ...]:
    """Let equal fingerprints differ: `-2`, `-3` in the order of the output."""
    seen: dict[str, int] = {}
    numbered: list[Finding] = []
    for finding in findings:
        count = seen[finding.fingerprint] = seen.get(finding.fingerprint, 0) + 1
        if count > 1:
            numbered.append(finding._replace(fingerprint=f"{finding.fingerprint}-{count}"))
        else:
            numbered.append(finding)
    return tuple(numbered)


__all__ = ["NOT_KUBERNETES", "PATCH", "TEMPLATE", "lint"]
