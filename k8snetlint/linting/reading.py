"""The first step of a run: each file is read, checked by itself, and let go."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.codes import LOST_INDENTATION, OUTSIDE_RULES
from k8snetlint.finding import Severity, Skipped
from k8snetlint.linting.check_document import CheckedDocuments
from k8snetlint.linting.inventory import KustomizationFiles, builds_of, expected_by_tests
from k8snetlint.linting.selection import Selection
from k8snetlint.scope.patch_files import PatchFiles, listed_files
from k8snetlint.source.load import load
from k8snetlint.source.names import KUSTOMIZATIONS
from k8snetlint.suppress import MARK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from k8snetlint.config import Config
    from k8snetlint.finding import Finding
    from k8snetlint.linting.problems import RawProblem
    from k8snetlint.model.environment import Environment
    from k8snetlint.model.resource import Resource
    from k8snetlint.scope.build import Builds
    from k8snetlint.scope.contents import TransformedResources
    from k8snetlint.source.document import Document, Source
    from k8snetlint.source.load import Loaded
    from k8snetlint.suppress.apply import FileSuppressions


class Files(NamedTuple):
    """What files hold.

    Attributes:
        documents: how many there are.
        resources: their objects, in order.
        made: the same as kustomizations change them.
        problems: what is wrong with objects by themselves, by file.
        findings: what is wrong with the texts.
        skipped: what was not checked.
        unread: why parts of a file are not known, by the file's path.
        unusual: the documents that the fast parser cannot read, by file.
        suppressions: comments and annotations that accept findings, by the file's name.
        custom: the custom resources that no schema of the user describes.
        definitions: the CustomResourceDefinitions, with the group and the kind that each defines.
    """

    documents: int
    resources: Sequence[Resource]
    made: TransformedResources
    problems: Mapping[Source, Sequence[RawProblem]]
    findings: Sequence[Finding]
    skipped: Sequence[Skipped]
    unread: Mapping[str, str]
    unusual: Mapping[Source, Sequence[int]]
    suppressions: Mapping[str, FileSuppressions]
    custom: Sequence[Resource]
    definitions: Sequence[tuple[Resource, tuple[str, str]]]


class Reading(NamedTuple):
    """What a run has read.

    Attributes:
        config: what is checked, and facts about the cluster.
        selection: which findings are reported.
        sources: the files by their paths, those of the context as well.
        builds: what kustomizations put together; None without any.
        patches: which files hold patches.
        files: what the files hold that are checked.
        context: what is there as well, but neither judged nor reported.
        kustomizations: the kustomization files, parsed.
        number: how many files are checked.
    """

    config: Config
    selection: Selection
    sources: Mapping[str, Source]
    builds: Builds | None
    patches: PatchFiles
    files: Files
    context: Sequence[Source]
    kustomizations: KustomizationFiles
    number: int

    def trusts_patches(self) -> bool:
        """Tell whether patches may hide what is wrong: not where an untrusted change writes kustomizations."""
        base = self.config.base
        if base is None or self.builds is None:
            return True
        kustomizations = (name for name in self.sources if posixpath.basename(name) in KUSTOMIZATIONS)
        return not any(base.differs(name) for name in (*kustomizations, *self.patches.listed.patch_files))


def read(
    sources: Sequence[Source],
    config: Config,
    context: Iterable[Source],
    kustomizations: KustomizationFiles,
    progress: Callable[[int], None] | None,
    *,
    is_judged: bool = True,
) -> Reading:
    """Read files, and check each by itself; the context is only noted.

    Unless files are judged, they are not validated, and no names are looked for in them: connections need neither.
    """
    names = {source.path for source in sources}
    more = [source for source in context if source.path not in names]
    every = [*sources, *more]
    builds = builds_of(every, kustomizations)
    base = config.base
    expected = expected_by_tests(every, kustomizations, base.differs if base else lambda _: False)
    listed = listed_files(builds.kustomizations.values() if builds else ())
    patches = PatchFiles(listed, base, expected)
    selection = Selection(config)
    reader = _Reader(config, selection, builds, patches, kustomizations, is_judged=is_judged)
    for done, source in enumerate(sources, 1):
        reader.read(source)
        if progress:
            progress(done)
    for source, error in kustomizations.failed.items():
        reader.fail(source, error)
    by_path = {source.path: source for source in every}
    return Reading(config, selection, by_path, builds, patches, reader.files(), more, kustomizations, len(sources))


def read_context(reading: Reading) -> Files:
    """Read what is there as well; what is wrong with it is not told."""
    reader = _Reader(reading.config, None, reading.builds, reading.patches, reading.kustomizations)
    for source in reading.context:
        reader.read(source)
    return reader.files()


class _Reader:
    """Reads files; without a selection it reports nothing."""

    def __init__(
        self,
        config: Config,
        selection: Selection | None,
        builds: Builds | None,
        patches: PatchFiles,
        kustomizations: KustomizationFiles,
        *,
        is_judged: bool = True,
    ) -> None:
        self._config = config
        self._is_judged = is_judged
        self._environment = environment_of_all(config)
        self._selection = selection
        self._builds = builds
        self._patches = patches
        self._kustomizations = kustomizations
        self._documents = 0
        self._resources: list[Resource] = []
        self._made: TransformedResources = {}
        self._problems: dict[Source, list[RawProblem]] = {}
        self._findings: list[Finding] = []
        self._skipped: list[Skipped] = []
        self._unread: dict[str, str] = {}
        self._unusual: dict[Source, list[int]] = {}
        self._suppressions: dict[str, FileSuppressions] = {}
        self._custom: list[Resource] = []
        self._definitions: list[tuple[Resource, tuple[str, str]]] = []

    def files(self) -> Files:
        """Return what was read so far."""
        return Files(
            self._documents,
            self._resources,
            self._made,
            self._problems,
            self._findings,
            self._skipped,
            self._unread,
            self._unusual,
            self._suppressions,
            self._custom,
            self._definitions,
        )

    def read(self, source: Source) -> None:
        """Read a file, note what it holds, and let it go."""
        try:
            self._read(source)
        except Exception as error:  # noqa: BLE001 - our bug at one file must not hide the others
            self.fail(source, error)

    def fail(self, source: Source, error: Exception) -> None:
        """Note that we failed at a file."""
        from k8snetlint.linting.failures import failure  # noqa: PLC0415 - only for a bug

        self._findings.append(failure(source.name, error))
        self._unread[source.path] = "cannot be read"

    def _read(self, source: Source) -> None:
        try:
            loaded = self._kustomizations.loaded(source) or load(source)
        except OSError as error:
            from k8snetlint.linting.locate import unreadable  # noqa: PLC0415 - only for an error

            self._findings.append(unreadable(source.name, error.strerror or str(error)))
            return
        if loaded.skipped:
            self._skipped.append(Skipped(source.name, None, loaded.skipped))
            return
        self._check(source, loaded)
        # A document that lost its indentation has no other faults: that is only known when its object was checked.
        self._note_unread(source, loaded)
        if self._selection:
            self._note_suppressions(source, loaded)
            self._report_faults(source, loaded, self._selection)

    def _check(self, source: Source, loaded: Loaded) -> None:
        unusual = [each.index for each in loaded.documents if type(each.value) is not dict]
        if unusual:
            self._unusual[source] = unusual
            for index in unusual:
                if loaded.documents[index].faults:
                    self._is_pasted(loaded.documents[index])
        name = source.path
        transforms = self._builds.transforms_by_file.get(name, ()) if self._builds and not source.stream else ()
        checked = CheckedDocuments(
            source,
            self._environment,
            self._config.schemas,
            self._is_pasted,
            transforms=transforms,
            is_judged=self._is_judged,
        )
        checked.read(loaded, self._patches)
        self._made.update(((name, transform), changed) for transform, changed in checked.made.items())
        self._documents += len(loaded.documents)
        self._resources += checked.resources
        self._skipped += checked.skipped
        self._custom += checked.custom
        self._definitions += checked.definitions
        if checked.problems:
            self._problems[source] = checked.problems

    def _is_pasted(self, document: Document) -> bool:
        """Tell whether a document lost its indentation and that is reported; see `is_pasted`."""
        if self._selection and not self._selection.reports(LOST_INDENTATION):
            return False
        if self._config.accepts(LOST_INDENTATION, document.source.name) is not None:
            return False
        from k8snetlint.linting.pasted import is_pasted  # noqa: PLC0415 - few documents are suspected
        from k8snetlint.validation.server import servers_of  # noqa: PLC0415 - as above

        return is_pasted(document, servers_of(self._environment)[-1])

    def _note_suppressions(self, source: Source, loaded: Loaded) -> None:
        if not self._config.suppressions:
            return
        if not (loaded.mentions(MARK) or (loaded.mentions("[") and loaded.mentions("ignore["))):
            return
        from k8snetlint.suppress.apply import FileSuppressions  # noqa: PLC0415 - few files have any
        from k8snetlint.suppress.directive import directives_of  # noqa: PLC0415 - as above

        found = directives_of(source.name, loaded)
        if any(found):
            self._suppressions[source.name] = FileSuppressions(source.name, loaded.text, found, self._config.trusted)

    def _report_faults(self, source: Source, loaded: Loaded, selection: Selection) -> None:
        """Report what is wrong with the text itself."""
        faults = [(fault, None) for fault in loaded.faults]
        faults += [(fault, each) for each in loaded.documents for fault in each.faults]  # type: ignore[misc]  # of one list
        if not faults and loaded.action is None:
            return
        from k8snetlint.linting.locate import Locator  # noqa: PLC0415 - only with problems

        locator = Locator(source, loaded)
        for fault, document in faults:
            if selection.reports(fault.id):
                severity = selection.severity(fault.id, OUTSIDE_RULES[fault.id][0])
                self._findings.append(locator.of_fault(fault, document, severity))
        if loaded.action and selection.reports("template-skipped"):
            severity = selection.severity("template-skipped", Severity.INFO)
            message = "template not checked: render it first"
            self._findings.append(locator.of_span("template-skipped", message, loaded.action, severity))

    def _note_unread(self, source: Source, loaded: Loaded) -> None:
        """Note that parts of a file are not known."""
        if loaded.action is not None:
            self._unread[source.path] = "a template that is not rendered"
        elif loaded.faults or any(each.faults and each.value is None for each in loaded.documents):
            self._unread[source.path] = "cannot be read"


def environment_of_all(config: Config) -> Environment:
    """Return what holds for every cluster that a configuration names."""
    environment = config.environment.common(block.environment for block in config.clusters)
    return environment._replace(versions=config.all_versions())
