"""What a run reads beside the objects: kustomizations, patches, and definitions once more to compare them."""

from __future__ import annotations

import json
import posixpath
from typing import TYPE_CHECKING, Any

from k8snetlint.scope.test_steps import TESTS, expected_files
from k8snetlint.source.document import Place
from k8snetlint.source.load import load, objects_in
from k8snetlint.source.names import KUSTOMIZATIONS
from k8snetlint.source.objects import objects_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from k8snetlint.model.resource import Resource
    from k8snetlint.scope.build import Builds
    from k8snetlint.scope.kustomization import Kustomization
    from k8snetlint.source.document import Document, Source
    from k8snetlint.source.load import Loaded
    from k8snetlint.source.paths import FieldPath

_KEPT = 8
"""How many sources are kept whose definitions are read again."""


class ObjectsRead:
    """What files hold that kustomizations name; each is read once.

    Args:
        find: returns a file by its path, None without one.
    """

    def __init__(self, find: Callable[[str], Source | None]) -> None:
        self._find = find
        self._known: dict[str, list[object] | None] = {}

    def __call__(self, path: str) -> list[object] | None:
        """Return the objects of a file, None if it is not here or cannot be read."""
        if path not in self._known:
            source = self._find(path)
            try:
                self._known[path] = None if source is None else objects_in(source)
            except Exception:  # noqa: BLE001 - if it is a bug, whoever checks the file says so
                self._known[path] = None
        return self._known[path]


class KustomizationFiles:
    """The kustomization files of a run, each parsed once, by whoever asks first.

    Attributes:
        failed: the files at which we failed ourselves, and how.
    """

    def __init__(self) -> None:
        self.failed: dict[Source, Exception] = {}
        self._loaded: dict[Source, Loaded | None] = {}

    def loaded(self, source: Source) -> Loaded | None:
        """Return a file with all its documents; None if nobody has asked for them, or it cannot be read."""
        return self._loaded.get(source)

    def documents(self, source: Source) -> list[Document]:
        """Return the documents of a file, none if it cannot be read."""
        if source not in self._loaded:
            try:
                self._loaded[source] = load(source, every=True)
            except Exception:  # noqa: BLE001 - if it is a bug, whoever checks the file says so
                self._loaded[source] = None
        loaded = self._loaded[source]
        return loaded.documents if loaded else []

    def kustomizations(
        self, source: Source, read: Callable[[str], list[object] | None]
    ) -> Iterator[tuple[str, Kustomization]]:
        """Yield the kustomizations of a file, with their folder; `read` is as for `Kustomization`."""
        from k8snetlint.scope.kustomization import Kustomization  # noqa: PLC0415 - only where there is one

        folder = posixpath.normpath(posixpath.dirname(source.name))
        for document in self.documents(source):
            try:
                yield folder, Kustomization(document.value, folder, read, place=Place(source, document.index, ()))
            except Exception as error:  # noqa: BLE001 - our bug at one file must not hide the others
                self.failed[source] = error


def kustomizations_of(sources: list[Source], files: KustomizationFiles) -> dict[str, Kustomization]:
    """Return the kustomizations among the sources, by their folders."""
    written = [source for source in sources if source.file in KUSTOMIZATIONS]
    if not written:
        return {}
    read = ObjectsRead({source.path: source for source in sources}.get)
    return dict(each for source in written for each in files.kustomizations(source, read))


def builds_of(sources: list[Source], files: KustomizationFiles) -> Builds | None:
    """Return what the kustomizations among the sources put together; None without any."""
    found = kustomizations_of(sources, files)
    if not found:
        return None
    from k8snetlint.scope.build import Builds  # noqa: PLC0415 - only where there is a kustomization

    try:
        return Builds(found)
    except Exception as error:  # noqa: BLE001 - our bug must not hide what is wrong with objects by themselves
        first = next(source for source in sources if source.file in KUSTOMIZATIONS)
        files.failed[first] = error
        return None


def expected_by_tests(
    sources: list[Source], files: KustomizationFiles, is_changed: Callable[[str], bool]
) -> frozenset[str]:
    """Return the files that say what tests expect; tests that an untrusted change touches do not count."""
    tests = [source for source in sources if source.file in TESTS]
    if not tests:
        return frozenset()
    documents = (
        (posixpath.normpath(posixpath.dirname(source.name)), document.value)
        for source in tests
        if not is_changed(source.path)
        for document in files.documents(source)
    )
    return expected_files(documents, (source.path for source in sources))


def _documents_of(source: Source) -> list[Document]:
    """Return the documents of a source, none if it cannot be read."""
    try:
        return load(source, every=True).documents
    except Exception:  # noqa: BLE001 - if it is a bug, whoever checks the file says so
        return []


class Definitions:
    """The definitions of objects, read again.

    A file whose objects are compared is read once, whatever number of others define them; of values, only the files
    that were read last are kept.
    """

    def __init__(self) -> None:
        self._opened: dict[Source, list[Document]] = {}
        self._digests: dict[Source, dict[tuple[int, FieldPath], int]] = {}

    def same(self, one: Resource, other: Resource) -> bool:
        """Tell whether two objects are defined equally."""
        return self._digest(one) == self._digest(other)

    def value(self, resource: Resource) -> Any:
        """Return the plain value of an object as it is written, None if it cannot be read any more."""
        documents = self._documents(resource.source)
        value: Any = documents[resource.document].value if resource.document < len(documents) else None
        for step in resource.root:
            value = value[step]
        return value

    def _documents(self, source: Source) -> list[Document]:
        if source not in self._opened:
            if len(self._opened) >= _KEPT:
                self._opened.pop(next(iter(self._opened)))
            self._opened[source] = _documents_of(source)
        return self._opened[source]

    def _digest(self, resource: Resource) -> int | None:
        source = resource.source
        if source not in self._digests:
            self._digests[source] = {
                (document.index, root): _digest_of(value)
                for document in self._documents(source)
                for value, root in objects_of(document.value)
            }
        return self._digests[source].get((resource.document, resource.root))


def _digest_of(value: Any) -> int:
    """Return a number that equal values share."""
    return hash(json.dumps(value, sort_keys=True))


def text_of(source: Source) -> str:
    """Return the text of a source, empty if it cannot be read."""
    try:
        return source.read().decode("utf-8", "replace")
    except OSError:
        return ""
