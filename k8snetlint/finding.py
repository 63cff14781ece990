"""What a check says (`Problem`), and what a user reads (`Finding`)."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from k8snetlint.edit.change import Change, Edit
    from k8snetlint.source.document import Place


class ConfigError(Exception):
    """Wrong use of k8snetlint: an option, a configuration, a path. Ends with exit code 2."""


class Severity(enum.IntEnum):
    """How sure a mistake is; higher is worse.

    error: the API server rejects it, or it cannot work. warning: very likely a mistake. info: worth knowing.
    """

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        """The name as users write it."""
        return self.name.lower()


class Fix(NamedTuple):
    """What would mend a problem.

    Attributes:
        title: one sentence, lower case, no full stop: what it does.
        changes: of one document; their paths are those before any of them.
        safe: the API server stores the same object after it, or rejects the manifest today and only one can be meant.
    """

    title: str
    changes: tuple[Change, ...]
    safe: bool

    def does_as(self, other: Fix | None) -> bool:
        """Tell whether another fix makes the same changes."""
        return other is not None and [each.action for each in self.changes] == [each.action for each in other.changes]


class OpenQuestion(NamedTuple):
    """A question that a rule asked at a place, and why the manifests do not answer it."""

    at: Place
    why: str


class Part(NamedTuple):
    """A part of a value, and its offset there."""

    text: str
    start: int


class Problem:
    """What one check found at one place; the place becomes lines and columns only when it is reported.

    Slots:
        message: one sentence, lower case, no full stop: facts before advice.
        at: the field.
        within: the part of its value that is meant, None for all of it.
        severity: where evidence decides otherwise than the rule.
        related: further places with what they say.
        near: what was probably meant; shown as "did you mean".
        advice: the help where one thing to write instead does not say it, for example that there are two readings.
        versions: the Kubernetes versions that it holds for, None for all that are asked about.
        label: a few words under the marked text in a frame, for example `0 of 14 pods match`.
        fix: what would mend it, None if only its author can tell.
    """

    __slots__ = ("advice", "at", "fix", "label", "message", "near", "related", "severity", "versions", "within")

    def __init__(
        self,
        message: str,
        at: Place,
        *,
        severity: Severity | None = None,
        related: tuple[tuple[Place, str], ...] = (),
        near: str | None = None,
        advice: str = "",
        label: str = "",
        versions: tuple[tuple[int, int], ...] | None = None,
        fix: Fix | None = None,
        within: Part | None = None,
    ) -> None:
        self.fix = fix
        self.within = within
        self.versions = versions
        self.message = message
        self.at = at
        self.severity = severity
        self.related = related
        self.near = near
        self.advice = advice
        self.label = label

    def without_fix(self) -> Problem:
        """Return the problem without its fix."""
        return self._with(self.versions, None)

    def in_versions(self, versions: tuple[tuple[int, int], ...]) -> Problem:
        """Return the problem as one that holds for some Kubernetes versions only."""
        return self._with(versions, self.fix)

    def _with(self, versions: tuple[tuple[int, int], ...] | None, fix: Fix | None) -> Problem:
        return Problem(
            self.message,
            self.at,
            severity=self.severity,
            related=self.related,
            near=self.near,
            advice=self.advice,
            label=self.label,
            versions=versions,
            fix=fix,
            within=self.within,
        )

    def __repr__(self) -> str:
        return f"Problem({self.message!r}, {self.at!r})"


class Location(NamedTuple):
    """A point of a text: 1-based line and column, 0-based offset, all in code points."""

    line: int
    column: int
    offset: int


class ObjectName(NamedTuple):
    """Which Kubernetes object a finding is about, as written; `namespace` and `name` are None if not written."""

    api_version: str
    kind: str
    namespace: str | None
    name: str | None

    def __str__(self) -> str:
        name = self.name or "(no name)"
        return f"{self.kind} {self.namespace}/{name}" if self.namespace else f"{self.kind} {name}"


class Related(NamedTuple):
    """A further place of a finding and what stands there."""

    path: str
    start: Location
    end: Location
    message: str
    lines: tuple[str, ...] = ()


class TextFix(NamedTuple):
    """A fix as edits of the file that its finding is in, ordered, none in another; all or none are made."""

    title: str
    safe: bool
    edits: tuple[Edit, ...]


class Finding(NamedTuple):
    """A problem as it is reported.

    Attributes:
        id: the rule's id, or one outside the rules (`yaml-syntax`, `api-unknown-field`).
        path: the source's name as given.
        document: kubectl's count of the document in the source, from 0; None if the finding is about the file.
        object: the object, if the text is one.
        field: the field path, None without one (a syntax error).
        lines: the source lines from `start.line` to `end.line` that a frame shows, at most six.
        help: "did you mean" or what to do, empty if there is nothing to say.
        fingerprint: 16 hexadecimal digits that stay the same when lines move.
        fix: what would mend it, None if only its author can tell.
        rejected: the API server rejects the object because of it, or it was not checked: no suppression hides that.
    """

    id: str
    severity: Severity
    message: str
    path: str
    document: int | None
    object: ObjectName | None
    field: str | None
    start: Location
    end: Location
    related: tuple[Related, ...] = ()
    lines: tuple[str, ...] = ()
    label: str = ""
    help: str = ""
    fingerprint: str = ""
    fix: TextFix | None = None
    rejected: bool = False


IN_PART = "judged in part"
"""The beginning of the reason why a document is listed of which only some fields were not checked."""


class Skipped(NamedTuple):
    """A document, or a whole file (`document` is None), that was not checked, or in part only, and why."""

    path: str
    document: int | None
    reason: str


class Suppressed(NamedTuple):
    """A finding that somebody accepted.

    Attributes:
        finding: as it would have been reported.
        by: `comment`, `annotation`, `per-file-ignores` or `baseline`.
        reason: why, as written; empty if nobody said.
    """

    finding: Finding
    by: str
    reason: str


class Scope(NamedTuple):
    """What was judged together.

    Attributes:
        name: the folder or stream, empty for the tree of all files.
        objects: how many objects it holds.
        doubts: why something may be applied beside them that was not seen; empty if nothing says so.
    """

    name: str
    objects: int
    doubts: tuple[str, ...]


class Unanswered(NamedTuple):
    """A question that the manifests do not answer, so nothing was said: where it arose, and why."""

    path: str
    document: int
    object: ObjectName
    field: str
    reason: str


class Unvalidated(NamedTuple):
    """A custom resource of which the API server validates more than was validated, and why."""

    path: str
    document: int
    object: ObjectName
    reason: str


class Report(NamedTuple):
    """All that a run has to say.

    Attributes:
        findings: ordered by path, line, column and id.
        skipped: what was not checked, in the order of the sources.
        files: how many sources were read.
        documents: how many documents they held, comment-only ones not counted.
        objects: how many Kubernetes objects were checked.
        scopes: what was judged together.
        unanswered: what could not be judged, in the order of the scopes.
        suppressed: what was accepted, in the order of findings.
        kubernetes_versions: the versions that were checked for, `1.37`, the oldest first.
        unvalidated: the custom resources of which not everything was validated, in the order of the sources.
    """

    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]
    files: int
    documents: int
    objects: int
    scopes: tuple[Scope, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    kubernetes_versions: tuple[str, ...] = ()
    unvalidated: tuple[Unvalidated, ...] = ()

    def number_of(self, severity: Severity) -> int:
        """Return how many findings have this severity."""
        return sum(finding.severity is severity for finding in self.findings)
