"""Where a key or a value of a TOML file stands: tomllib does not tell."""

from __future__ import annotations

import re
from typing import NamedTuple

Path = tuple[str | int, ...]
"""The keys and indexes that lead to a value."""

_GAP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(r"""[ \t]*("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+)[ \t]*""")
_SCALAR = re.compile(
    # Up to five quotes end a text of several lines: the first two are its own.
    r'"""(?:[^\\]|\\.)*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|[^,\]}#\n]+",
    re.DOTALL,
)


class LineColumn(NamedTuple):
    """A line and a column in code points, both from 1."""

    line: int
    column: int


class TomlLocations:
    """The places of all keys and values of a text that tomllib has read without an error."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._keys: dict[Path, int] = {}
        self._values: dict[Path, int] = {}
        self._tables: dict[Path, int] = {}
        self._document()

    def of(self, path: Path, *, value: bool = False) -> LineColumn:
        """Return where a key stands, or its value; if it is missing, the nearest table above."""
        first, second = (self._values, self._keys) if value else (self._keys, self._values)
        for length in range(len(path), 0, -1):
            at = first.get(path[:length], second.get(path[:length]))
            if at is not None:
                return self._position(at)
        return LineColumn(1, 1)

    def _position(self, at: int) -> LineColumn:
        start = self._text.rfind("\n", 0, at) + 1
        return LineColumn(self._text.count("\n", 0, at) + 1, at - start + 1)

    def _document(self) -> None:
        table: Path = ()
        self._skip()
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip()

    def _skip(self) -> None:
        self._at = self._after(_GAP)

    def _after(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self._text, self._at)
        # One letter further at least: an end is reached whatever the text is.
        return match.end() if match else self._at + 1

    def _header(self) -> Path:
        many = self._text.startswith("[[", self._at)
        self._at += 2 if many else 1
        path: Path = ()
        parts = self._dotted()
        for name, at in parts:
            if path in self._tables:
                path += (self._tables[path] - 1,)
            path += (name,)
            self._keys.setdefault(path, at)
        if many:
            self._tables[path] = self._tables.get(path, 0) + 1
            path += (self._tables[path] - 1,)
            self._keys[path] = parts[-1][1] if parts else self._at
        self._at += 2 if many else 1
        return path

    def _dotted(self) -> list[tuple[str, int]]:
        parts: list[tuple[str, int]] = []
        while match := _KEY.match(self._text, self._at):
            parts.append((_unquoted(match[1]), match.start(1)))
            self._at = match.end()
            if not self._text.startswith(".", self._at):
                break
            self._at += 1
        return parts

    def _pair(self, table: Path) -> None:
        path = table
        for name, at in self._dotted():
            path += (name,)
            self._keys.setdefault(path, at)
        self._at += 1
        self._skip()
        self._value(path)

    def _value(self, path: Path) -> None:
        self._values.setdefault(path, self._at)
        opening = self._text[self._at : self._at + 1]
        if opening not in ("[", "{"):
            self._at = self._after(_SCALAR)
            return
        self._at += 1
        self._skip()
        index = 0
        while self._at < len(self._text) and self._text[self._at] not in "]}":
            if opening == "{":
                self._pair(path)
            else:
                self._value((*path, index))
            index += 1
            self._skip()
            if self._text.startswith(",", self._at):
                self._at += 1
                self._skip()
        self._at += 1


def _unquoted(key: str) -> str:
    if key[0] not in "\"'":
        return key
    import tomllib  # noqa: PLC0415 - it is loaded by now: the text was read

    return str(tomllib.loads(f"key = {key}")["key"])
