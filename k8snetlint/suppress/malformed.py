"""Comments that are nearly suppressions: what their authors meant."""

from __future__ import annotations

import enum
import re

from k8snetlint.codes import OUTSIDE_RULES


class Kind(enum.Enum):
    """What a suppression covers; the value is how it is written."""

    LINE = "ignore"
    NODE = "ignore "
    DOCUMENT = "ignore-document"
    FILE = "ignore-file"
    OBJECT = "annotation"


_OTHER_WORDS = {
    "disable": Kind.LINE,
    "disable-document": Kind.DOCUMENT,
    "disable-file": Kind.FILE,
    "disable-line": Kind.LINE,
    "disable-next-line": Kind.LINE,
    "nolint": Kind.LINE,
    "noqa": Kind.LINE,
    "skip": Kind.LINE,
    "skip-file": Kind.FILE,
    "suppress": Kind.LINE,
}
"""The words of other linters."""
_WRITTEN = {kind.value for kind in (Kind.LINE, Kind.DOCUMENT, Kind.FILE)}
_IDS = re.compile(r"[=:][ \t]*([A-Za-z][A-Za-z-]*(?:,[ \t]*[A-Za-z][A-Za-z-]*)*)")
_FIRST = re.compile(r"[A-Za-z-]+")


def malformed(word: str, ids: str | None, rest: str) -> str | None:
    """Return what a comment to k8snetlint means that is not a suppression; None if it is one, or a remark.

    Args:
        word: what follows `k8snetlint:`.
        ids: what stands in brackets behind it, None without brackets.
        rest: what follows.
    """
    kind = word if word in _WRITTEN else _kind(word)
    listed = _IDS.match(rest) if ids is None else None
    if listed:
        return f"{kind or Kind.LINE.value}[{listed[1]}]"
    if ids is None:
        first = _FIRST.match(rest)
        if first and _is_id(first[0]):
            return f"{kind or Kind.LINE.value}[{first[0]}]"
        if _is_id(word):
            return f"{Kind.LINE.value}[{word}]"
    if word in _WRITTEN:
        return None
    return kind if kind or ids is not None else None


def _kind(word: str) -> str:
    other = _OTHER_WORDS.get(word.lower())
    if other:
        return other.value
    from k8snetlint.source.similar import closest  # noqa: PLC0415 - such comments are rare

    return closest(word, _WRITTEN) or ""


def _is_id(word: str) -> bool:
    from k8snetlint.rules import rule_ids  # noqa: PLC0415 - few runs meet such a comment

    return "-" in word and (word in OUTSIDE_RULES or word in rule_ids())


def nearly(match: re.Match[str]) -> str:
    """Return what a comment means that begins nearly as a suppression does, empty if it is another tool's."""
    from k8snetlint.source.similar import closest  # noqa: PLC0415 - such comments are rare

    name, colon, word = match.groups()
    if (name, colon) == ("k8snetlint", ":") or closest(name.replace("-", ""), ["k8snetlint"], limit=3) is None:
        return ""
    return f"k8snetlint: {word}"
