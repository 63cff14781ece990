"""Text from manifests and file names, made harmless for terminals and for logs that execute commands."""

from __future__ import annotations

_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def escape(text: str) -> str:
    r"""Return `text` with characters that a terminal executes or does not show as escapes: `\x1b`, `\u{202e}`.

    These are control and format characters: C0, DEL, C1, bidirectional controls, invisible and unassigned ones, and
    bytes of a file name that are not UTF-8. `##[`, a command in the logs of two CI systems, is broken up.
    """
    if text.isprintable() and "##[" not in text:
        return text
    return "".join(each if each.isprintable() else _code(each) for each in text).replace("##[", r"##\x5b")


def escape_line(text: str) -> str:
    """Return an escaped line that does not begin like a workflow command of GitHub."""
    return text.replace("::", r"\x3a:", 1) if text.lstrip().startswith("::") else text


def escape_json(text: str) -> str:
    """Return equal JSON that is as harmless on a terminal or in a log as escaped text."""
    if not text.isprintable():
        text = "".join(each if each.isprintable() else _json_code(each) for each in text)
    return text.replace("##[", r"##\u005b")


def ascii_only(text: str) -> str:
    """Return `text` with other characters escaped, for a stream that cannot encode them."""
    return "".join(each if each.isascii() else _code(each) for each in text)


def _code(letter: str) -> str:
    number = ord(letter)
    if letter in _SHORT:
        return _SHORT[letter]
    if 0xDC80 <= number <= 0xDCFF:  # Python decodes a byte of a file name that is not UTF-8 so
        number -= 0xDC00
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{{{number:x}}}"


def _json_code(letter: str) -> str:
    number = ord(letter)
    if 0xDC80 <= number <= 0xDCFF:  # as above; half a surrogate pair is not valid JSON
        return rf"\\x{number - 0xDC00:02x}"
    if 0xD800 <= number <= 0xDFFF:
        return r"\ufffd"
    if number < 0x10000:
        return rf"\u{number:04x}"
    return rf"\u{0xD7C0 + (number >> 10):04x}\u{0xDC00 + (number & 0x3FF):04x}"
