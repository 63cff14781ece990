"""What is wrong with suppressions: unknown ids, nothing to accept, no id at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.codes import OUTSIDE_RULES, group_of, is_rejection
from k8snetlint.edit.change import Edit, delete
from k8snetlint.finding import Finding, Location, TextFix
from k8snetlint.source.document import Place, Source
from k8snetlint.suppress.apply import BEYOND, OURS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from k8snetlint.edit.editor import Editor
    from k8snetlint.source.load import Loaded
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.source.text import Span
    from k8snetlint.suppress.apply import FileSuppressions
    from k8snetlint.suppress.directive import Directive, Misspelt


_WHY = "the API server rejects the object, or it was not checked"


def suppression_findings(
    files: Iterable[FileSuppressions],
    known: Iterable[str],
    unjudged: Callable[[Directive, str], bool],
    reference: str,
) -> list[Finding]:
    """Return what is wrong with suppressions.

    Args:
        files: all of them, after `divide`.
        known: the ids of all rules.
        unjudged: tells whether nobody knows if there is anything to accept for an id.
        reference: the revision whose suppressions count.
    """
    found: list[Finding] = []
    names = _Names({*known, *OUTSIDE_RULES})
    for file in files:
        used = {number for number, _ in file.used}
        for each in file.untrusted:
            message = f"{reference} has no such suppression here, so it has no effect"
            found.append(_finding("pr-adds-suppression", message, file, each.span))
        found += [_misspelt(file, word) for word in file.misspelt]
        fixes = _Annotations(file)
        for number, each in enumerate(file.directives):
            if each.ids and "ALL" not in each.ids:
                found += _of_ids(file, number, names, unjudged, fixes)
            else:
                found += _of_blanket(file, each, fixes, used=number in used or unjudged(each, "ALL"))
    return found


class _Names:
    """The ids that exist, their groups, and what was meant by others; the same one may be misspelt often."""

    __slots__ = ("_ids", "_nearest", "_words")

    def __init__(self, ids: set[str]) -> None:
        self._ids = ids
        self._words = ids | {group_of(name) for name in ids}
        self._nearest: dict[str, str] = {}

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def nearest(self, word: str) -> str:
        """Return the id that is nearest to a word, empty if none is."""
        if word not in self._nearest:
            from k8snetlint.source.similar import closest  # noqa: PLC0415 - such ids are rare

            self._nearest[word] = closest(word, self._ids, limit=4) or ""
        return self._nearest[word]


def _misspelt(file: FileSuppressions, word: Misspelt) -> Finding:
    message = f"`{word.words}` {word.why}, so it has no effect"
    return _finding("ignore-malformed", message, file, word.span, near=word.near)


def _of_blanket(file: FileSuppressions, each: Directive, fixes: _Annotations, *, used: bool) -> Iterator[Finding]:
    names = "all rules" if each.ids else "no rule"
    message = f"the suppression names {names}, so it hides every finding"
    yield _finding("ignore-blanket", message, file, each.span)
    if not used:
        fix = _without(file, each, fixes)
        yield _finding("ignore-unused", "the suppression matches no finding", file, each.span, fix=fix)


def _of_ids(
    file: FileSuppressions, number: int, names: _Names, unjudged: Callable[[Directive, str], bool], fixes: _Annotations
) -> Iterator[Finding]:
    each = file.directives[number]
    unused = []
    for place, (word, span) in enumerate(zip(each.ids, each.id_spans, strict=True)):
        if word not in names:
            message = f"unknown id `{word}`, so it has no effect"
            yield _finding("ignore-unknown-rule", message, file, span, near=names.nearest(word))
        elif (number, word) not in file.used and (_is_refused(file, number, word) or not unjudged(each, word)):
            unused.append((place, word, span))
    for place, word, span in unused:
        fix = _without(file, each, fixes) if len(unused) == len(each.ids) else _without_id(file, each, place)
        yield _finding("ignore-unused", _unused(file, number, word), file, span, fix=fix)


def _is_refused(file: FileSuppressions, number: int, word: str) -> bool:
    return is_rejection(word) or word in BEYOND or (number, word) in file.refused


def _unused(file: FileSuppressions, number: int, word: str) -> str:
    if word in OURS or word in BEYOND:
        return f"{word} cannot be accepted in a manifest: it is about suppressions"
    if is_rejection(word):
        return f"{word} cannot be accepted in a manifest: {_WHY}"
    if (number, word) in file.refused:
        return f"{word} cannot be accepted here: the API server rejects the object"
    return f"the suppression of {word} accepts nothing"


def _without(file: FileSuppressions, each: Directive, annotations: _Annotations) -> TextFix | None:
    """Return the fix that takes a suppression out: a comment with its line, if nothing else is on it."""
    if each.place:
        return annotations.without(*each.place)
    text = file.text.text
    start, end = each.span
    while end < len(text) and text[end] in " \t":
        end += 1
    before = start
    while before and text[before - 1] in " \t":
        before -= 1
    if text[end : end + 1] not in ("", "\r", "\n"):
        # A comment of somebody else follows.
        return TextFix("remove the comment", safe=True, edits=(Edit(start, end, ""),))
    if before == 0 or text[before - 1] in "\r\n":
        for line_end in ("\r\n", "\n", "\r"):
            if text.startswith(line_end, end):
                return TextFix("remove the comment", safe=True, edits=(Edit(before, end + len(line_end), ""),))
    return TextFix("remove the comment", safe=True, edits=(Edit(before, end, ""),))


class _Annotations:
    """Fixes that take annotations out of a file, which is read once."""

    __slots__ = ("_editors", "_loaded", "_source")

    def __init__(self, file: FileSuppressions) -> None:
        self._source = Source.of(file.path, file.text.text.encode("utf-8", "surrogatepass"))
        self._loaded: Loaded | None = None
        self._editors: dict[int, Editor] = {}

    def without(self, index: int, path: FieldPath) -> TextFix | None:
        """Return the fix that takes an annotation out of a document."""
        from k8snetlint.edit.editor import Editor  # noqa: PLC0415 - fixes only
        from k8snetlint.source.load import load  # noqa: PLC0415 - as above

        if self._loaded is None:
            self._loaded = load(self._source)
        document = self._loaded.documents[index]
        holder = document.value
        for step in path[:-1]:
            holder = holder[step]
        # `annotations:` with nothing below it is what nobody wants to see.
        gone = path if len(holder) > 1 else path[:-1]
        if index not in self._editors:
            self._editors[index] = Editor(document)
        edits = self._editors[index].edits((delete(Place(self._source, index, gone)),))
        return TextFix("remove the annotation", safe=True, edits=edits) if edits else None


def _without_id(file: FileSuppressions, each: Directive, place: int) -> TextFix:
    """Return the fix that takes one id out of several, with a comma beside it."""
    start, end = each.id_spans[place]
    word = file.text.text[start:end]
    if place == 0:
        end = each.id_spans[1][0]
    else:
        start = each.id_spans[place - 1][1]
    return TextFix(f"remove {word}", safe=True, edits=(Edit(start, end, ""),))


def _finding(
    finding_id: str, message: str, file: FileSuppressions, span: Span, *, near: str = "", fix: TextFix | None = None
) -> Finding:
    from k8snetlint.fingerprints import fingerprint  # noqa: PLC0415 - complaints only

    start = Location(*file.text.position(span[0]), span[0])
    end = Location(*file.text.position(span[1]), span[1])
    severity = OUTSIDE_RULES[finding_id][0]
    written = file.text.text[span[0] : span[1]]
    return Finding(
        finding_id,
        severity,
        message,
        file.path,
        None,
        None,
        None,
        start,
        end,
        lines=(file.text.line(start.line),),
        help=f"did you mean `{near}`?" if near else "",
        fingerprint=fingerprint(finding_id, f"{file.path}\0{written}", None, ()),
        fix=fix,
    )
