"""The configuration of CoreDNS: server blocks, their zones and ports, and their plugins.

Source: https://coredns.io/manual/configuration/
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TOKEN = re.compile(r'#[^\n]*|"(?:[^"\\]|\\.)*"?|`[^`]*`?|\n|[^\s"`]\S*')
_SCHEMES = {"dns": 53, "tls": 853, "https": 443, "grpc": 443, "quic": 853}
_DEEP = 20


class Token(NamedTuple):
    """A word of a Corefile, without its quotes, and the offset at which it begins."""

    text: str
    start: int


class Plugin(NamedTuple):
    """A plugin of a server block: its name, what stands behind it, and the lines of its own block."""

    name: Token
    arguments: tuple[Token, ...]
    lines: tuple[tuple[Token, ...], ...] = ()


class Zone(NamedTuple):
    """A zone that a server block answers: in lower case and without the last dot, empty for the root."""

    name: str
    port: int | None
    at: Token


class Server(NamedTuple):
    """A server block."""

    zones: tuple[Zone, ...]
    plugins: tuple[Plugin, ...]

    def plugins_named(self, name: str) -> Iterator[Plugin]:
        """Yield the plugins of a name."""
        return (each for each in self.plugins if each.name.text == name)


class Corefile(NamedTuple):
    """What a Corefile says.

    Attributes:
        servers: the server blocks; a snippet is part of those that import it.
        imports: what is imported, and is no snippet of the file.
        error: where it is not well formed, and why; None if it is.
    """

    servers: tuple[Server, ...]
    imports: tuple[Token, ...]
    error: tuple[Token, str] | None


class _BrokenError(Exception):
    def __init__(self, at: Token, why: str) -> None:
        super().__init__(why)
        self.at = at


def parse_corefile(text: str) -> Corefile:
    """Return what a Corefile says; up to the error if it is not well formed."""
    reader = _Reader(text)
    servers: list[Server] = []
    error = None
    try:
        for keys, plugins in reader.blocks():
            if len(keys) == 1 and keys[0].text[:1] == "(" and keys[0].text[-1:] == ")":
                reader.snippets[keys[0].text[1:-1]] = plugins
            else:
                zones = tuple(zone for key in keys for zone in _zones(key))
                servers.append(Server(zones, reader.expanded(plugins)))
    except _BrokenError as broken:
        error = broken.at, str(broken)
    return Corefile(tuple(servers), tuple(reader.imports), error)


def _zones(key: Token) -> Iterator[Zone]:
    """Yield the zones of a key of a server block: `.`, `example.org:1053`, `dns://.:53`; several with commas."""
    for part in filter(None, key.text.split(",")):
        scheme, _, rest = part.rpartition("://")
        zone, colon, port = rest.rpartition(":")
        if not colon:
            zone, port = rest, ""
        known = int(port) if port.isascii() and port.isdecimal() else None
        usual = _SCHEMES.get(scheme, 53) if not port else None
        yield Zone(zone.lower().removesuffix("."), known or usual, key)


class _Reader:
    """Reads the blocks of a Corefile line by line.

    Attributes:
        snippets: the plugins of each snippet so far.
        imports: what is imported from files.
    """

    def __init__(self, text: str) -> None:
        self._lines = [*_lines(text)]
        self._at = 0
        self.snippets: dict[str, tuple[Plugin, ...]] = {}
        self.imports: list[Token] = []

    def blocks(self) -> Iterator[tuple[list[Token], tuple[Plugin, ...]]]:
        """Yield the keys of each block, and its plugins.

        Raises:
            _BrokenError: a brace is missing, or there is one too many.
        """
        keys: list[Token] = []
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            if line[0].text == "import" and not keys:
                self.imports += line[1:]
                continue
            if line[0].text == "}":
                raise _BrokenError(line[0], "this brace closes no block")
            keys += [each for each in line if each.text != "{"]
            if line[-1].text == "{":
                yield keys, tuple(self._plugins(line[-1]))
                keys = []
            elif not line[-1].text.endswith(","):
                raise _BrokenError(line[-1], "a block begins with `{` at the end of its line")

    def _plugins(self, opening: Token) -> Iterator[Plugin]:
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            if line[0].text == "}":
                return
            if line[-1].text == "{":
                yield Plugin(line[0], tuple(line[1:-1]), tuple(self._block(line[-1])))
            else:
                yield Plugin(line[0], tuple(line[1:]))
        raise _BrokenError(opening, "the block that begins here has no closing brace")

    def _block(self, opening: Token) -> Iterator[tuple[Token, ...]]:
        open_braces = [opening]
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            if line[0].text == "}":
                open_braces.pop()
                if not open_braces:
                    return
                continue
            yield tuple(line)
            if line[-1].text == "{":
                open_braces.append(line[-1])
        raise _BrokenError(open_braces[-1], "the block that begins here has no closing brace")

    def expanded(self, plugins: tuple[Plugin, ...], depth: int = 0) -> tuple[Plugin, ...]:
        """Return plugins with those of the snippets that they import."""
        found: list[Plugin] = []
        for each in plugins:
            name = each.arguments[0].text if each.name.text == "import" and each.arguments else ""
            if each.name.text != "import":
                found.append(each)
            elif name in self.snippets and depth < _DEEP:
                found += self.expanded(self.snippets[name], depth + 1)
            else:
                self.imports += each.arguments[:1]
        return tuple(found)


def _lines(text: str) -> Iterator[list[Token]]:
    """Yield the words of each line that has any; comments are none."""
    line: list[Token] = []
    for match in _TOKEN.finditer(text):
        word = match[0]
        if word == "\n":
            if line:
                yield line
            line = []
        elif word[0] != "#":
            quoted = word[0] in '"`'
            line.append(Token(word[1:].removesuffix(word[0]) if quoted else word, match.start()))
    if line:
        yield line


def address_of(target: str) -> tuple[str, int] | None:
    """Return the address and port of a target of `forward`, None for a file or another protocol than DNS."""
    scheme, _, rest = target.rpartition("://")
    if scheme not in ("", "dns") or "/" in rest:
        return None
    if rest[:1] == "[":
        address, _, port = rest[1:].partition("]")
        port = port.removeprefix(":")
    elif rest.count(":") == 1:
        address, _, port = rest.partition(":")
    else:
        address, port = rest, ""
    if port and not (port.isascii() and port.isdecimal()):
        return None
    return address, int(port or 53)


def covers(zones: Iterable[str], domain: str) -> bool:
    """Tell whether a domain is in one of some zones; the empty one is the root."""
    return any(not zone or domain == zone or domain.endswith(f".{zone}") for zone in zones)
