"""Which documents are patches: parts of objects, which are not checked by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from k8snetlint.model.tables.kinds import POD_KINDS, SELECTING_KINDS
from k8snetlint.scope.test_steps import is_named_as_expected

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from k8snetlint.scope.kustomization import Kustomization

DIRECTIVE = "$patch"
"""The key of a strategic-merge patch for deleting or replacing."""
_ACTIONS = ("delete", "merge", "replace")
_NAMED = ("patch", "overlay", "merge", "assert", "expect", "chainsaw", "kuttl")
"""Words in the paths of patches, and of files with what a test expects: these are parts of objects, too."""


class ListedFiles(NamedTuple):
    """The files that kustomizations list.

    Attributes:
        patch_files: the files of patches and transformers.
        included_paths: files and folders that they include; a file may be a patch as well.
        transformers: the files of transformers only.
    """

    patch_files: frozenset[str]
    included_paths: frozenset[str]
    transformers: frozenset[str] = frozenset()


def listed_files(kustomizations: Iterable[Kustomization]) -> ListedFiles:
    """Return the files that kustomizations list."""
    every = tuple(kustomizations)
    patches = (patch.path for each in every for patch in each.patches if patch.path)
    transformers = frozenset(path for each in every for path in each.transformers)
    included_paths = frozenset(path for each in every for path in each.included_paths)
    return ListedFiles(transformers.union(patches), included_paths, transformers)


class TrustedTree(Protocol):
    """The tree before a change that is not trusted."""

    @property
    def listed(self) -> ListedFiles:
        """The files that its kustomizations list."""
        ...

    @property
    def linked_files(self) -> frozenset[str]:
        """The files that the change adds a symbolic link to; they count as included."""
        ...

    def differs(self, path: str) -> bool:
        """Tell whether the change touches a file."""
        ...


class PatchFiles:
    """Decides which files are patches: those that a kustomization lists, and others by their content.

    Transformers count as patches: they are not objects of the cluster either.

    An untrusted change cannot hide a file by calling it a patch. A file that it touches is a patch only if the tree
    before the change lists it as one, and neither tree includes it. A file that it does not touch is a patch only if
    the tree before the change says so.

    Args:
        listed: the files that kustomizations list.
        base: the tree before a change that is not trusted.
        expected: the files with what tests expect.
    """

    def __init__(
        self, listed: ListedFiles, base: TrustedTree | None = None, expected: frozenset[str] = frozenset()
    ) -> None:
        self.listed = (
            listed if base is None else listed._replace(included_paths=listed.included_paths | base.linked_files)
        )
        self._base = base
        self._expected = expected

    def is_expected(self, path: str) -> bool:
        """Tell whether a file holds what a test expects of a cluster, so that nobody applies it."""
        if self.is_changed(path) or path in self.listed.included_paths:
            return False
        return path in self._expected or is_named_as_expected(path)

    def is_patch(self, path: str) -> bool:
        """Tell whether a file is a patch, whatever its content."""
        base = self._base
        if path not in self.listed.patch_files or base is None:
            return path in self.listed.patch_files
        is_included, was_included = path in self.listed.included_paths, path in base.listed.included_paths
        if path not in base.listed.patch_files or (is_included and not was_included):
            return False
        return not (is_included or was_included) or not base.differs(path)

    def may_guess(self, path: str) -> bool:
        """Tell whether the content of a file decides if it is a patch."""
        if path in self.listed.included_paths:
            return False
        base = self._base
        return base is None or not (path in base.listed.included_paths or base.differs(path))

    def is_changed(self, path: str) -> bool:
        """Tell whether a change that is not trusted touches a file: it cannot hide what it has."""
        return self._base is not None and self._base.differs(path)


def looks_like_patch(value: dict[str, Any], fields: Collection[str] | None, path: str, *, directives: bool) -> bool:
    """Tell whether the content of a document looks like a patch.

    It has a name, and only fields of its kind. And it has a directive (`$patch`), or it lacks what every complete
    object of its kind has: a Service has ports or a selector; a workload has a selector or labels of its pods, and its
    containers have images. Images are forgotten, too: a Pod, or a workload with a selector, that
    lacks only these is a patch if the path of its file says so.

    Args:
        value: the content of the document.
        fields: the fields of its kind, None if they are not known.
        path: the path of the file.
        directives: whether `$patch` occurs in the text.
    """
    if not ((directives and _has_directive(value)) or (fields is not None and _lacks_parts(value, path))):
        return False
    name = _mapping(value.get("metadata")).get("name")
    return isinstance(name, str) and name != "" and (fields is None or value.keys() <= {*fields, DIRECTIVE})


def _has_directive(value: Any) -> bool:
    if isinstance(value, dict):
        return value.get(DIRECTIVE) in _ACTIONS or any(map(_has_directive, value.values()))
    return isinstance(value, list) and any(map(_has_directive, value))


def _lacks_parts(value: dict[str, Any], path: str) -> bool:
    kind = value["kind"]
    spec = _mapping(value.get("spec"))
    if kind == "Service" and value["apiVersion"] == "v1":
        # A headless Service needs neither: its EndpointSlices may be written by hand.
        complete = (
            spec.get("ports") or spec.get("selector") or spec.get("externalName") or spec.get("clusterIP") == "None"
        )
        return not complete
    if kind not in POD_KINDS:
        return False
    job = _mapping(_mapping(spec.get("jobTemplate")).get("spec")) if kind == "CronJob" else spec
    template = value if kind == "Pod" else _mapping(job.get("template"))
    containers = _containers(_mapping(template.get("spec")))
    if not containers:
        # It may as well be an invalid object.
        return False
    selects, labels = spec.get("selector"), _mapping(template.get("metadata")).get("labels")
    if any(isinstance(each, dict) and each.get("image") for each in containers):
        return kind in SELECTING_KINDS and not selects and not labels
    is_whole = kind == "Pod" or (kind in SELECTING_KINDS and bool(selects))
    return not is_whole or any(each in path.lower() for each in _NAMED)


def _containers(pod_spec: dict[str, Any]) -> list[Any]:
    lists = (pod_spec.get(field) for field in ("containers", "initContainers"))
    return [each for containers in lists if isinstance(containers, list) for each in containers]


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
