"""From bytes to text, and from a text to the documents that kubectl sees in it.

kubectl splits a stream into lines before any YAML is parsed: each line that begins with `---` ends a document.
Sources: k8s.io/apimachinery/pkg/util/yaml/decoder.go; what YAML allows in a byte stream: YAML 1.1, 5.2.
"""

from __future__ import annotations

import codecs
import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.source.text import Span

    Part = tuple[Span, Span | None]
    """The span of a document, and that of an invalid `---` line before it."""

LINE_LIMIT = 4 * 1024 * 1024
"""Characters of one line; the API server accepts no object of more than 3 MiB."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OTHER_BOMS = tuple(bom for bom, name in _BOMS if name != "utf-8")
BYTE_ORDER_MARK = "\ufeff"
_BLANKS = " \t\r\f\v"
"""The blanks of YAML and kubectl; Python's `\\s` has more."""
_LONG_LINE = rf"[^\n]{{{LINE_LIMIT}}}"
_WHITE_SPACE = re.compile(r"\s*")
_TO_NEXT_LINE = re.compile(r"[^\S\n]*\n?")


class NotText(ValueError):  # noqa: N818 - a fact about bytes
    """The bytes are not in an encoding of YAML.

    Attributes:
        offset: the first byte that cannot be decoded.
    """

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.offset = offset


def decode(content: bytes) -> str:
    """Return the text of a file, without its byte order mark.

    Raises:
        NotText: neither UTF-8 nor UTF-16 or UTF-32 with a byte order mark.
    """
    encoding = "utf-8"
    for bom, name in _BOMS:
        if content.startswith(bom):
            content, encoding = content[len(bom) :], name
            break
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        if content.startswith(b"\x1f\x8b"):
            raise NotText("not a text: the file is compressed with gzip") from None
        if b"\0" in content[:8000]:
            raise NotText("not a text: the file is binary") from None
        raise NotText(f"not {encoding.upper()}: byte 0x{content[error.start]:02x}", error.start) from None


def is_utf8(content: bytes) -> bool:
    """Tell whether bytes that can be decoded are in UTF-8."""
    return not content.startswith(_OTHER_BOMS)


def encode(text: str, like: bytes) -> bytes:
    """Return the bytes of a text in the encoding of other bytes, with their byte order mark."""
    for bom, name in _BOMS:
        if like.startswith(bom):
            return bom + text.encode(name)
    return text.encode()


def overlong_line(text: str) -> Span | None:
    """Return the first line that is longer than `LINE_LIMIT`; parsers would be slow on it."""
    if len(text) < LINE_LIMIT:
        return None
    match = re.search(_LONG_LINE, text)
    return match.span() if match else None


def documents(text: str) -> Iterator[Part]:
    """Yield the parts of a text that are documents.

    Only a comment may follow `---`. Documents with nothing but comments are left out, as kubectl does; in a stream of
    JSON values each value is a document.
    """
    if text[:1] == "{" or text.lstrip()[:1] == "{":
        yield from _json_values(text)
    else:
        yield from _yaml_documents(text, 0)


def _yaml_documents(text: str, start: int) -> Iterator[Part]:
    refused: Span | None = None
    while True:
        end = _separator(text, start)
        if refused or _has_content(text, start, end):
            yield (start, end), refused
        if end == len(text):
            return
        line_end = text.find("\n", end)
        line_end = len(text) if line_end < 0 else line_end
        after = text[end + 3 : line_end].strip()
        refused = (end, line_end) if after and not after.startswith("#") else None
        start = min(line_end + 1, len(text))


def _has_content(text: str, start: int, end: int) -> bool:
    """Tell whether a part has anything but blank lines and comments."""
    while start < end:
        line_end = text.find("\n", start, end)
        line_end = end if line_end < 0 else line_end
        line = text[start:line_end].strip(_BLANKS)
        if line and line[0] != "#":
            return True
        start = line_end + 1
    return False


def _separator(text: str, start: int) -> int:
    """Return where the next line that starts with `---` begins, the end of the text if no line does."""
    if text.startswith("---", start):
        return start
    at = text.find("\n---", start)
    return at + 1 if at >= 0 else len(text)


def _json_values(text: str) -> Iterator[Part]:
    """Yield the JSON values of a text; what is not JSON is read as YAML, unless two values stand before it."""
    decoder = json.JSONDecoder()
    at = len(text) - len(text.lstrip())
    count = behind = 0
    while at < len(text):
        try:
            _, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            if count > 1:
                yield (at, len(text)), None
            else:
                yield from _yaml_documents(text, _TO_NEXT_LINE.match(text, behind).end())  # type: ignore[union-attr]  # it matches everywhere
            return
        yield (at, end), None
        count += 1
        behind = end
        at = _WHITE_SPACE.match(text, end).end()  # type: ignore[union-attr]  # as above
