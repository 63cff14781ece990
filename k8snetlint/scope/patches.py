"""Which documents are patches: parts of objects, to be laid over others, and nothing to judge by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from k8snetlint.model.tables.kinds import POD_KINDS, SELECTING_KINDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from k8snetlint.scope.kustomization import Kustomization

DIRECTIVE = "$patch"
"""The key by which a strategic merge patch says what to do."""
_ACTIONS = ("delete", "merge", "replace")
_NAMED = ("patch", "overlay", "merge", "assert", "expect", "chainsaw", "kuttl")
"""What is in the path of a patch, or of what a test expects to be there, which is a part of an object as well."""


class Listed(NamedTuple):
    """What kustomizations list.

    Attributes:
        change_files: the files of patches and transformers.
        resources: what they take in; it may be a patch as well.
        transformers: those of transformers alone.
    """

    change_files: frozenset[str]
    resources: frozenset[str]
    transformers: frozenset[str] = frozenset()


def listed_by(kustomizations: Iterable[Kustomization]) -> Listed:
    """Return what kustomizations list."""
    every = tuple(kustomizations)
    patches = (patch.path for each in every for patch in each.patches if patch.path)
    transformers = frozenset(path for each in every for path in each.transformers)
    return Listed(transformers.union(patches), frozenset(part for each in every for part in each.parts), transformers)


class TrustedTree(Protocol):
    """The tree before a change that is not trusted."""

    @property
    def listed(self) -> Listed:
        """What its kustomizations list."""
        ...

    @property
    def linked(self) -> frozenset[str]:
        """The files to which the change brings a link: it takes them in."""
        ...

    def differs(self, path: str) -> bool:
        """Tell whether the change touches a file."""
        ...


class PatchFiles:
    """Which files are patches: a kustomization says so, and about the others what they look like decides.

    Transformers are among them: they are no objects either, and change others.

    Where a change is not trusted, a file that it touches is a patch only if the tree before it lists it as one, too,
    and neither tree takes it in. Of other files, the change can only say that they are no patches.
    """

    def __init__(self, listed: Listed, base: TrustedTree | None = None) -> None:
        self.listed = listed if base is None else listed._replace(resources=listed.resources | base.linked)
        self._base = base

    def lists(self, path: str) -> bool:
        """Tell whether a file is a patch whatever it looks like."""
        base = self._base
        if path not in self.listed.change_files or base is None:
            return path in self.listed.change_files
        is_taken_in, was_taken_in = path in self.listed.resources, path in base.listed.resources
        if path not in base.listed.change_files or (is_taken_in and not was_taken_in):
            return False
        return not (is_taken_in or was_taken_in) or not base.differs(path)

    def may_guess(self, path: str) -> bool:
        """Tell whether a file is a patch if it looks like one."""
        if path in self.listed.resources:
            return False
        base = self._base
        return base is None or not (path in base.listed.resources or base.differs(path))


def looks_like_patch(value: dict[str, Any], fields: Collection[str] | None, path: str, *, directives: bool) -> bool:
    """Tell whether what a document holds looks like a patch.

    It has a name, and no field that its kind does not have. And it says what to do (`$patch`), or it lacks what no
    whole object of its kind lacks: a Service its ports and selector; a workload its selector and the labels of its
    pods, or its selector and all images; a Pod its `spec`. Images alone are forgotten, too: where all are missing and
    nothing else is, a workload is a patch if its file says so.

    Args:
        value: what the document holds.
        fields: those of its kind, None for a kind whose fields are not known.
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
        # A headless Service needs neither: somebody writes its EndpointSlices.
        complete = (
            spec.get("ports") or spec.get("selector") or spec.get("externalName") or spec.get("clusterIP") == "None"
        )
        return not complete
    if kind not in POD_KINDS:
        return False
    if kind == "Pod" and "spec" not in value:
        # What says nothing of a Pod but its metadata is added to one, or expected of one.
        return True
    job = _mapping(_mapping(spec.get("jobTemplate")).get("spec")) if kind == "CronJob" else spec
    template = value if kind == "Pod" else _mapping(job.get("template"))
    containers = _containers(_mapping(template.get("spec")))
    if not containers:
        # Nobody can tell it from an object that is wrong.
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
