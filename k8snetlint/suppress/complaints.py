"""What is wrong with suppressions: unknown ids, nothing to accept, no id at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Finding, Position, TextFix
from k8snetlint.selection import OUTSIDE_RULES, group_of, is_rejection
from k8snetlint.source.change import Edit, delete
from k8snetlint.source.document import Source
from k8snetlint.source.paths import Place
from k8snetlint.suppress.apply import BEYOND, OURS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from k8snetlint.source.document import Span
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.suppress.apply import Sheet
    from k8snetlint.suppress.directive import Directive, Misspelt


_WHY = "the API server rejects the object, or it was not checked"


def complaints(
    sheets: Iterable[Sheet],
    known: Iterable[str],
    unjudged: Callable[[Directive, str], bool],
    reference: str,
) -> list[Finding]:
    """Return what is wrong with suppressions.

    Args:
        sheets: all of them, after `divide`.
        known: the ids of all rules.
        unjudged: tells whether nobody knows if there is anything to accept for an id.
        reference: the revision whose suppressions count.
    """
    found: list[Finding] = []
    ids = {*known, *OUTSIDE_RULES}
    for sheet in sheets:
        for each in sheet.untrusted:
            message = f"{reference} has no such suppression here, so it has no effect"
            found.append(_finding("pr-adds-suppression", message, sheet, each.span))
        found += [_misspelt(sheet, word) for word in sheet.misspelt]
        for number in range(len(sheet.directives)):
            found += _of_directive(sheet, number, ids, unjudged)
    return found


def _misspelt(sheet: Sheet, word: Misspelt) -> Finding:
    message = f"`{word.words}` {word.why}, so it has no effect"
    return _finding("ignore-unknown-rule", message, sheet, word.span, near=word.near)


def _of_directive(
    sheet: Sheet, number: int, ids: set[str], unjudged: Callable[[Directive, str], bool]
) -> Iterator[Finding]:
    each = sheet.directives[number]
    if not each.ids or "ALL" in each.ids:
        names = "all rules" if each.ids else "no rule"
        message = f"the suppression names {names}, so it hides whatever comes"
        yield _finding("ignore-blanket", message, sheet, each.span)
        if all(used != number for used, _ in sheet.used) and not unjudged(each, "ALL"):
            yield _finding(
                "ignore-unused", "the suppression accepts nothing", sheet, each.span, fix=_without(sheet, each)
            )
        return
    unused = []
    for word, span in zip(each.ids, each.id_spans, strict=True):
        if word not in ids and word not in {group_of(name) for name in ids}:
            from k8snetlint.source.similar import closest  # noqa: PLC0415 - such ids are rare

            yield _finding(
                "ignore-unknown-rule",
                f"unknown id `{word}`, so it has no effect",
                sheet,
                span,
                near=closest(word, ids, limit=4) or "",
            )
        elif (number, word) not in sheet.used and (_is_refused(sheet, number, word) or not unjudged(each, word)):
            unused.append((word, span))
    for word, span in unused:
        fix = _without(sheet, each) if len(unused) == len(each.ids) else _without_id(sheet, each, span)
        yield _finding("ignore-unused", _unused(sheet, number, word), sheet, span, fix=fix)


def _is_refused(sheet: Sheet, number: int, word: str) -> bool:
    return is_rejection(word) or word in BEYOND or (number, word) in sheet.refused


def _unused(sheet: Sheet, number: int, word: str) -> str:
    if word in OURS or word in BEYOND:
        return f"{word} cannot be accepted in a manifest: it is about what is said there"
    if is_rejection(word):
        return f"{word} cannot be accepted in a manifest: {_WHY}"
    if (number, word) in sheet.refused:
        return f"{word} cannot be accepted here: the API server rejects the object"
    return f"the suppression of {word} accepts nothing"


def _without(sheet: Sheet, each: Directive) -> TextFix | None:
    """Return the fix that takes a suppression out: a comment with its line, if nothing else is on it."""
    if each.place:
        return _without_annotation(sheet, *each.place)
    text = sheet.text.text
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


def _without_annotation(sheet: Sheet, index: int, path: FieldPath) -> TextFix | None:
    from k8snetlint.source.edit import edits_of  # noqa: PLC0415 - fixes only
    from k8snetlint.source.load import load  # noqa: PLC0415 - as above

    source = Source.of(sheet.path, sheet.text.text.encode("utf-8", "surrogatepass"))
    document = load(source).documents[index]
    holder = document.value
    for step in path[:-1]:
        holder = holder[step]
    # `annotations:` with nothing below it is what nobody wants to see.
    gone = path if len(holder) > 1 else path[:-1]
    edits = edits_of(document, (delete(Place(source, index, gone)),))
    return TextFix("remove the annotation", safe=True, edits=edits) if edits else None


def _without_id(sheet: Sheet, each: Directive, span: Span) -> TextFix:
    """Return the fix that takes one id out of several, with a comma beside it."""
    text = sheet.text.text
    start, end = span
    if span == each.id_spans[0]:
        end = each.id_spans[1][0]
    else:
        start = each.id_spans[each.id_spans.index(span) - 1][1]
    return TextFix(f"remove {text[span[0] : span[1]]}", safe=True, edits=(Edit(start, end, ""),))


def _finding(
    finding_id: str, message: str, sheet: Sheet, span: Span, *, near: str = "", fix: TextFix | None = None
) -> Finding:
    from k8snetlint.locate import fingerprint  # noqa: PLC0415 - complaints only

    start = Position(*sheet.text.position(span[0]), span[0])
    end = Position(*sheet.text.position(span[1]), span[1])
    severity = OUTSIDE_RULES[finding_id][0]
    said = sheet.text.text[span[0] : span[1]]
    return Finding(
        finding_id,
        severity,
        message,
        sheet.path,
        None,
        None,
        None,
        start,
        end,
        lines=(sheet.text.line(start.line),),
        help=f"did you mean `{near}`?" if near else "",
        fingerprint=fingerprint(finding_id, f"{sheet.path}\0{said}", None, ()),
        fix=fix,
    )
