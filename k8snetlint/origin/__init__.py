"""Findings about what a tool rendered, moved to the files that it was made of."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from k8snetlint.finding import Related
from k8snetlint.fingerprints import number_fingerprints, object_name, order_findings
from k8snetlint.origin.files import Files
from k8snetlint.origin.in_patches import Wanted, patched_location
from k8snetlint.origin.objects import field_at, value_at
from k8snetlint.origin.template import Line, template_location
from k8snetlint.render.rendered import origin_path
from k8snetlint.source.load import load, objects_of

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


def mapped(report: Report, rendered: Iterable[Rendered], read: Callable[[str], str | None]) -> Report:
    """Return a report whose findings name files instead of what was rendered, as far as that can be told.

    What is found several times, in a file and in what is made of it, or in several renders, is one finding with a
    related place in each render. Fingerprints stay: they name objects and values, no paths.

    Args:
        report: what `lint` returned.
        rendered: what was rendered, among the sources of the report.
        read: gives the text of a file of the tree, None for everything else.
    """
    files = Files(read)
    renders = {each.source.name: _Render(each, files) for each in rendered}
    findings = [each for each in report.findings if each.path not in renders]
    known = {_same(finding): at for at, finding in enumerate(findings)}
    # Who accepts it in a file accepts it in what is made of the file.
    suppressed = [each for each in report.suppressed if each.finding.path not in renders]
    accepted = {_same(each.finding) for each in suppressed}
    suppressed += [
        each._replace(finding=renders[each.finding.path].moved(each.finding))
        for each in report.suppressed
        if each.finding.path in renders
    ]
    for finding in report.findings:
        if finding.path not in renders:
            continue
        related = tuple(
            renders[each.path].moved_related(each) if each.path in renders else each for each in finding.related
        )
        moved = renders[finding.path].moved(finding._replace(related=related))
        if _same(moved) in accepted:
            continue
        at = known.setdefault(_same(moved), len(findings))
        if at == len(findings):
            findings.append(moved)
        else:
            more = tuple(each for each in moved.related if each not in findings[at].related)
            findings[at] = findings[at]._replace(related=findings[at].related + more)
    findings = [each._replace(fingerprint=each.fingerprint.partition("-")[0]) for each in findings]
    # What findings were moved to was read as well.
    read_at_least = len({each.path for each in findings})
    files_read = max(report.files, read_at_least)
    return report._replace(
        findings=number_fingerprints(order_findings(findings)), suppressed=tuple(suppressed), files=files_read
    )


def _same(finding: Finding) -> Finding:
    """Return what tells a finding from others."""
    return finding._replace(related=(), fingerprint="", fix=None)


class _Render:
    """Something rendered, and where its parts come from."""

    __slots__ = ("_files", "_loaded", "_rendered")

    def __init__(self, rendered: Rendered, files: Files) -> None:
        self._rendered = rendered
        self._files = files
        self._loaded: Loaded | None = None

    def moved(self, finding: Finding) -> Finding:
        """Return a finding at the place that its text comes from, with the place in the render beside it."""
        location, said = self._location(finding)
        note = "as rendered" if location else f"comes from `{said}`" if said else ""
        beside = (Related(finding.path, finding.start, finding.end, note, finding.lines),) if note else ()
        # Edits count in the render, which nobody keeps.
        moved = finding._replace(related=finding.related + beside, fix=None)
        return moved._replace(**location._asdict()) if location else moved

    def moved_related(self, related: Related) -> Related:
        """Return a further place of a finding where its text comes from."""
        location, _ = self._location(related)
        return (
            Related(location.path, location.start, location.end, related.message, location.lines)
            if location
            else related
        )

    def _location(self, place: Finding | Related) -> tuple[SourceLocation | None, str]:
        """Return where the text at a place comes from, None if nobody knows; and the file as the render names it.

        What is not quoted in the render is not quoted in the file either.
        """
        if self._loaded is None:
            self._loaded = load(self._rendered.source)
        before = [each for each in self._loaded.documents if each.span[0] <= place.start.offset]
        if not before:
            return None, ""
        document = before[-1]
        template = self._template(document)
        location = self._in_template(document, place, template) if template else self._in_object(document, place)
        if location and not place.lines:
            location = location._replace(lines=())
        return location, template or self._origin(document)

    def _template(self, document: Document) -> str:
        """Return the template that helm names in a comment before a document, "" if there is none."""
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

    def _templates(self, said: str) -> list[str]:
        """Return the files that a template can be; helm begins with the chart's name, its folder may have another."""
        said = posixpath.normpath(said)
        if not re.fullmatch(_TEMPLATE, said) or posixpath.isabs(said):
            return []
        chart, _, rest = said.partition("/")
        if self._rendered.chart is not None:
            return [posixpath.normpath(posixpath.join(self._rendered.chart, rest))]
        here = self._files.get("Chart.yaml")
        name = re.search(_CHART_NAME, here.text) if here else None
        return [said, f"charts/{said}", *([rest] if name and name[1] == chart else [])]

    def _origin(self, document: Document) -> str:
        """Return the file that kustomize names for a document, "" if there is none."""
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
        wanted = Wanted(value, name, path[len(root) :], key)
        origin = self._origin(document)
        kustomizations = self._rendered.kustomizations
        candidates = [posixpath.normpath(origin)] if origin else []
        if self._rendered.origins is None:
            candidates = _perhaps(candidates)
            changes = value_at(document.value, _TRANSFORMATIONS)
            configured = re.findall(r"configuredIn: (.+)", changes) if isinstance(changes, str) else []
            kustomizations = tuple(_perhaps(reversed(configured)))
        for candidate in candidates:
            file = self._files.get(candidate)
            location = patched_location(wanted, file, kustomizations, self._files) if file else None
            if location:
                return location
        return None


def _perhaps(paths: Iterable[str]) -> list[str]:
    """Return the files that paths in a stream may mean, each once.

    Nobody knows from which folder they start; but it was most likely one below this.
    """
    both = ((path, re.sub(r"^(\.\./)+", "", path)) for path in map(posixpath.normpath, paths))
    return list(dict.fromkeys(each for pair in both for each in pair))


def _object_at(document: Document, path: FieldPath) -> tuple[Any, FieldPath]:
    """Return the object that a path leads into, and where it stands in the document."""
    for value, root in objects_of(document.value):
        if path[: len(root)] == root:
            return value, root
    return None, ()
