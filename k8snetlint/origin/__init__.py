"""Findings about rendered text, moved to the files that it was made from."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from k8snetlint.finding import Related
from k8snetlint.fingerprints import number_fingerprints, object_name, order_findings
from k8snetlint.linting.failures import failure, with_failures
from k8snetlint.origin.files import Files
from k8snetlint.origin.in_patches import RenderedField, patched_location
from k8snetlint.origin.objects import field_at
from k8snetlint.origin.template import Line, template_location
from k8snetlint.render.rendered import origin_path
from k8snetlint.source.load import load
from k8snetlint.source.objects import objects_of
from k8snetlint.source.paths import value_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from k8snetlint.finding import Finding, Report
    from k8snetlint.origin.files import SourceLocation
    from k8snetlint.render.rendered import Rendered
    from k8snetlint.source.document import Document
    from k8snetlint.source.load import Loaded
    from k8snetlint.source.paths import FieldPath

_ANNOTATION = ("metadata", "annotations", "config.kubernetes.io/origin")
_TRANSFORMATIONS = ("metadata", "annotations", "alpha.config.kubernetes.io/transformations")
_TEMPLATE = r"(.*/)?(templates|crds)/.*\.(ya?ml|json|tpl)"
_CHART_NAME = r"""(?m)^name:\s*["']?([^"'\s]+)"""


def map_to_sources(report: Report, rendered: Iterable[Rendered], read: Callable[[str], str | None]) -> Report:
    """Return a report whose findings are in source files instead of rendered text, as far as these are known.

    Equal findings, in a file and in text rendered from it, or in several rendered texts, become one finding with a
    related place in each rendered text. Fingerprints stay equal: they contain objects and values, no paths.

    Args:
        report: the result of `lint`.
        rendered: the sources of the report that were rendered.
        read: returns the text of a file of the tree, None for everything else.
    """
    files = Files(read)
    renders = {each.source.name: _Render(each, files) for each in rendered}
    findings = [each for each in report.findings if each.path not in renders]
    known = {_identity(finding): at for at, finding in enumerate(findings)}
    # A finding that is suppressed in a file is suppressed in text rendered from the file.
    suppressed = [each for each in report.suppressed if each.finding.path not in renders]
    accepted = {_identity(each.finding) for each in suppressed}
    suppressed += [
        each._replace(finding=renders[each.finding.path].move(each.finding))
        for each in report.suppressed
        if each.finding.path in renders
    ]
    for finding in report.findings:
        if finding.path not in renders:
            continue
        related = tuple(
            renders[each.path].move_related(each) if each.path in renders else each for each in finding.related
        )
        moved = renders[finding.path].move(finding._replace(related=related))
        if _identity(moved) in accepted:
            continue
        at = known.setdefault(_identity(moved), len(findings))
        if at == len(findings):
            findings.append(moved)
        else:
            more = tuple(each for each in moved.related if each not in findings[at].related)
            findings[at] = findings[at]._replace(related=findings[at].related + more)
    findings = [each._replace(fingerprint=each.fingerprint.partition("-")[0]) for each in findings]
    findings = order_findings(findings)
    # Files that findings were moved to have been read, too.
    files_read = max(report.files, len({each.path for each in findings}))
    mapped = report._replace(findings=number_fingerprints(findings), suppressed=tuple(suppressed), files=files_read)
    return with_failures(mapped, (failure(path, error) for path, error in files.failures.items()))


def _identity(finding: Finding) -> Finding:
    """Return a finding without the attributes that equal findings may differ in."""
    return finding._replace(related=(), fingerprint="", fix=None)


class _Render:
    """A rendered text, and where its parts come from."""

    __slots__ = ("_files", "_loaded", "_rendered")

    def __init__(self, rendered: Rendered, files: Files) -> None:
        self._rendered = rendered
        self._files = files
        self._loaded: Loaded | None = None

    def move(self, finding: Finding) -> Finding:
        """Return a finding at the place that its text comes from; its rendered place becomes a related one."""
        location, origin = self._location(finding)
        note = "as rendered" if location else f"comes from `{origin}`" if origin else ""
        as_rendered = (Related(finding.path, finding.start, finding.end, note, finding.lines),) if note else ()
        # Edits are those of the rendered text, which is not kept.
        moved = finding._replace(related=finding.related + as_rendered, fix=None)
        return moved._replace(**location._asdict()) if location else moved

    def move_related(self, related: Related) -> Related:
        """Return a related place of a finding where its text comes from."""
        location, _ = self._location(related)
        return (
            Related(location.path, location.start, location.end, related.message, location.lines)
            if location
            else related
        )

    def _location(self, place: Finding | Related) -> tuple[SourceLocation | None, str]:
        """Return where the text at a place comes from, None if it is not known; and the file that the tool names.

        Lines that are not quoted from the rendered text are not quoted from the file either.
        """
        origin = ""
        try:
            document = self._document(place)
            if document is None:
                return None, ""
            template = self._template(document)
            origin = template or self._origin(document)
            location = self._in_template(document, place, template) if template else self._in_object(document, place)
        except Exception as error:  # noqa: BLE001 - our bug at one file must not hide the others
            self._files.fail(posixpath.normpath(origin or self._rendered.source.name), error)
            return None, origin
        return (location and location._replace(lines=location.lines if place.lines else ())), origin

    def _document(self, place: Finding | Related) -> Document | None:
        """Return the document of the rendered text at a place."""
        if self._loaded is None:
            self._loaded = load(self._rendered.source)
        before = [each for each in self._loaded.documents if each.span[0] <= place.start.offset]
        return before[-1] if before else None

    def _template(self, document: Document) -> str:
        """Return the template that helm names in a comment before a document, "" if it names none."""
        if self._rendered.origins is not None:
            return ""
        for line in document.text.splitlines():
            text = line.strip()
            if text.startswith("# Source: "):
                return text.removeprefix("# Source: ")
            if text and not text.startswith("#"):
                break
        return ""

    def _in_template(self, document: Document, place: Finding | Related, template: str) -> SourceLocation | None:
        text = self._loaded.text.line(place.start.line) if self._loaded else ""
        indent = len(text) - len(text.lstrip())
        stripped = text.strip()
        first = min(max(place.start.column - 1 - indent, 0), len(stripped))
        last = place.end.column - 1 - indent if place.end.line == place.start.line else len(stripped)
        name = object_name(document.value)
        line = Line(stripped, first, min(max(last, first), len(stripped)), name.kind if name else None)
        for path in self._templates(template):
            file = self._files.get(path)
            location = template_location(line, file) if file else None
            if location:
                return location
        return None

    def _templates(self, template: str) -> list[str]:
        """Return the files that a template may be: its path begins with the name of the chart, not with its folder."""
        template = posixpath.normpath(template)
        if not re.fullmatch(_TEMPLATE, template) or posixpath.isabs(template):
            return []
        chart, _, rest = template.partition("/")
        if self._rendered.chart is not None:
            return [posixpath.normpath(posixpath.join(self._rendered.chart, rest))]
        file = self._files.get("Chart.yaml")
        name = re.search(_CHART_NAME, file.text) if file else None
        return [template, f"charts/{template}", *([rest] if name and name[1] == chart else [])]

    def _origin(self, document: Document) -> str:
        """Return the file that kustomize names for a document, "" if it names none."""
        if self._rendered.origins is not None:
            return self._rendered.origins[document.index] if document.index < len(self._rendered.origins) else ""
        annotation = value_at(document.value, _ANNOTATION)
        return origin_path(annotation) if isinstance(annotation, str) else ""

    def _in_object(self, document: Document, place: Finding | Related) -> SourceLocation | None:
        path, key = field_at(document, (place.start.offset, place.end.offset))
        value, root = _object_at(document, path)
        name = object_name(value)
        if name is None:
            return None
        rendered = RenderedField(value, name, path[len(root) :], key)
        origin = self._origin(document)
        kustomizations = self._rendered.kustomizations
        candidates = [posixpath.normpath(origin)] if origin else []
        if self._rendered.origins is None:
            candidates = _possible_paths(candidates)
            changes = value_at(document.value, _TRANSFORMATIONS)
            configured = re.findall(r"configuredIn: (.+)", changes) if isinstance(changes, str) else []
            kustomizations = tuple(_possible_paths(reversed(configured)))
        for candidate in candidates:
            file = self._files.get(candidate)
            location = patched_location(rendered, file, kustomizations, self._files) if file else None
            if location:
                return location
        return None


def _possible_paths(paths: Iterable[str]) -> list[str]:
    """Return the files that paths in a stream may mean, each once.

    They are relative to an unknown folder, which was most likely one below the working directory.
    """
    both = ((path, re.sub(r"^(\.\./)+", "", path)) for path in map(posixpath.normpath, paths))
    return list(dict.fromkeys(each for pair in both for each in pair))


def _object_at(document: Document, path: FieldPath) -> tuple[Any, FieldPath]:
    """Return the object that contains a path, and the path of the object in the document."""
    for value, root in objects_of(document.value):
        if path[: len(root)] == root:
            return value, root
    return None, ()
