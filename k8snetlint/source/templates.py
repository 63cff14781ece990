"""Template actions and placeholders, which are replaced by values later."""

from __future__ import annotations

import functools
import re

_STYLES = (
    r"\$\{[^{}]+\}",
    r"\$\([A-Za-z_][\w.-]*\)",
    r"\(\$[A-Za-z_]\w*\)",
    r"\$[A-Z_][A-Z0-9_]+\b",
    r"__[A-Z][A-Z0-9_]*__",
    r"<[A-Za-z][^<>]*>",
    r"<%[^%]*%>",
    r"\#\{[^{}]+\}",
    r"@[A-Za-z_][\w.-]*@",
    r"%[A-Za-z_]\w{2,}%",
    r"\(\([A-Za-z_][\w./-]*\)\)",
    r"\[\[[^\[\]]+\]\]",
    r"^\{[A-Z_][A-Z0-9_]*\}$",
    r"^\([a-z_]\w*\(.*\)\)$",
)
_PLACEHOLDER = "|".join(_STYLES)
_MARKS = re.compile(r"[{<$@%\[(]|__")
"""What every placeholder has one of."""
_ACTIONS = (("{{", "}}"), ("{%", "%}"))
_PIECE = r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')|(?:^|(?<=\s))\#.*|(\{\{|\{%)"""
_BLOCK_SCALAR = r"(?:^|[:\-?]\s++|(?<!\S)[^\s!&]*+[!&]\S++\s++)[|>][-+0-9]*\s*+(?:(?<=\s)#.*)?$"


@functools.lru_cache(maxsize=8192)
def is_placeholder(text: str) -> bool:
    """Tell whether `text`, or a part of it, will be replaced before it is applied.

    `{{ .Values.port }}`, `${PORT}`, `$PORT`, `$(PORT)`, `__HOST__`, `<your domain>`, `<%= port %>` (ERB), `#{PORT}#`
    (Azure, Octopus), `@PORT@` and `@@PORT@@` (Maven, autoconf), `%PORT%`, `((port))` (Concourse), `[[PORT]]`, `{PORT}`,
    `($namespace)` and `(join('-', [@, 'a']))` (Chainsaw).
    """
    # This is called for every name, many times; most have none of these characters.
    possible = _MARKS.search(text) is not None
    return possible and (
        any(_is_between(text, *marks) for marks in _ACTIONS) or re.search(_PLACEHOLDER, text) is not None
    )


def has_placeholder(value: object) -> bool:
    """Tell whether a placeholder stands anywhere in a value."""
    if isinstance(value, str):
        return is_placeholder(value)
    inner = (*value, *value.values()) if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(map(has_placeholder, inner))


def _is_between(text: str, opening: str, closing: str) -> bool:
    """Tell whether a text has an opening mark and a closing one after it."""
    at = text.find(opening)
    return at >= 0 and text.find(closing, at + len(opening)) >= 0


def first_action(text: str) -> int | None:
    """Return where the first template action of a text is, outside of quotes, comments and block scalars.

    It reads lines, because such a text is not valid YAML.
    """
    at = 0
    block: int | None = None
    for line in text.splitlines(keepends=True):
        body = line.strip()
        indent = len(line) - len(line.lstrip(" "))
        if block is not None and (not body or indent > block):
            at += len(line)
            continue
        block = None
        for token in re.finditer(_PIECE, line):
            if token[2]:
                return at + token.start(2)
        if body and re.search(_BLOCK_SCALAR, line.rstrip()):
            block = indent
        at += len(line)
    return None
