"""Finds host names in a text: in URLs, with `svc` or `pod`, as the value of a variable, and before a port."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.dns_uses import DnsUse
from k8snetlint.model.tables.domains import may_be_public

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.source.paths import FieldPath

_HOST = r"[A-Za-z0-9_][A-Za-z0-9_.-]*+"
_PORT = r"(?::(?P<port>\d{1,5})(?![\w-]))?"
# After a placeholder, or before one, a name is not complete.
_COMPLETE = r"(?![A-Za-z0-9_${<%*(\[\\-])(?!:\d)"
_BEFORE = frozenset("}$)>%*]\\")
_URL = re.compile(rf"://(?P<host>{_HOST}){_PORT}{_COMPLETE}(?P<open>:(?!//))?")
_URL_OF_USER = re.compile(_URL.pattern.replace("://", "://(?:[^\\s/@\"'<>]{0,200}+@)?", 1))
_NEXT = re.compile(rf",(?![A-Za-z][A-Za-z0-9+.-]*://)(?P<host>{_HOST}){_PORT}{_COMPLETE}(?P<open>:)?")
BEFORE_PORT = re.compile(r":(\d{2,5})(?![\w.:@{(%-])")
"""What stands behind a host, before the end of a word."""
_WORD_BACKWARDS = re.compile(r"(?:[a-z0-9-]++\.)?[a-z0-9-]*+(?<=[a-z])(?![A-Za-z0-9_./@:$})>%*\]\\-])")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*\Z")
_DOMAIN = r"(?![A-Za-z0-9_-])(?P<rest>(?:\.[A-Za-z0-9-]+)*+\.?+)"
_MARKED = re.compile(rf"\.(?:svc|pod){_DOMAIN}{_PORT}{_COMPLETE}(?P<open>:)?")
_LEFT_BACKWARDS = re.compile(r"[A-Za-z0-9_.-]*")
_VALUE = re.compile(rf"\s*{_HOST}(?::\d{{1,5}})?(?:\s*,\s*{_HOST}(?::\d{{1,5}})?)*\s*")
_IN_VALUE = re.compile(rf"(?P<host>{_HOST})(?::(?P<port>\d{{1,5}}))?(?P<open>)")
_COMMENTS = ("#", "//", ";")
_COMMENT = re.compile(r"\s#\s")
_WIDEST = 300
_SHORT = 400
_USUAL = {"http": 80, "https": 443, "ws": 80, "wss": 443}
"""The ports of URLs without one."""


class _Host(NamedTuple):
    start: int
    host: str
    port: int | None
    scheme: str
    written: bool
    named: bool = False


def uses_in(path: FieldPath, text: str, named: bool) -> list[DnsUse]:  # noqa: FBT001 - a field of the text
    """Return the host names in the text of a field, but for those that are evidently hosts of the internet.

    Args:
        path: the field.
        text: its value.
        named: the field is called after a host: a name may be its value.
    """
    is_short = len(text) <= _SHORT
    hosts = (_known_hosts if is_short else _hosts)(text, named)
    value = text if is_short and "\n" not in text else ""
    return [
        DnsUse(path, host, start, port, written, scheme, is_value, value)
        for start, host, port, scheme, written, is_value in hosts
    ]


def _hosts(text: str, named: bool) -> tuple[_Host, ...]:  # noqa: FBT001 - as above
    """Return the names in a text, in order; they do not overlap."""
    found, ports = _urls(text)
    _add_marked(text, found)
    if named or text[:1] == "-":
        found += _values(text, named=named)
    _add_words(text, found, ports)
    if len(found) > 1:
        # Several ways may find the same name: that of the URL comes first.
        found.sort(key=_start)
    taken = 0
    is_long = "\n" in text
    names = []
    for each in found:
        if each.start >= taken and not (is_long and _is_in_comment(text, each.start)):
            taken = each.start + len(each.host)
            names.append(each)
    return tuple(names)


_known_hosts = functools.lru_cache(4096)(_hosts)
"""The same for short texts: the workloads of a cluster have the same arguments and variables."""


def _start(host: _Host) -> int:
    return host.start


def _urls(text: str) -> tuple[list[_Host], set[int]]:
    """Return the hosts of URLs, several for `kafka://a:9092,b:9092`, and where the ports of all URLs are."""
    found: list[_Host] = []
    ports: set[int] = set()
    at = text.find("://")
    pattern = _URL_OF_USER if "@" in text else _URL
    while at >= 0:
        match = pattern.match(text, at)
        scheme = ""
        while match:
            ports.add(match.start("port"))
            if not _is_public(match["host"]):
                scheme = scheme or _scheme(text, at)
                found.append(_host(match, scheme))
            match = _NEXT.match(text, match.end()) if text[match.end() : match.end() + 1] == "," else None
        at = text.find("://", at + 3)
    return found, ports


def _scheme(text: str, end: int) -> str:
    if text.startswith("http", end - 4):
        return "http"
    found = _SCHEME.search(text, max(0, end - 30), end)
    return found[0].lower() if found else ""


def _add_marked(text: str, found: list[_Host]) -> None:
    """Add the names with `svc` or `pod` that are in no URL."""
    ends = {each.start + each.host.find(".svc") for each in found}
    for mark in (".svc", ".pod."):
        at = text.find(mark)
        while at >= 0:
            match = _MARKED.match(text, at) if at not in ends else None
            left = _LEFT_BACKWARDS.match(_backwards(text, at)) if match else None
            start = at - left.end() if left else at
            if match and start != at and text[start] != "." and text[start - 1 : start] not in _BEFORE:
                host, port = text[start : match.end("rest")].rstrip("."), match["port"]
                found.append(_Host(start, host, int(port) if port else None, "", bool(port or match["open"])))
            at = text.find(mark, at + 4)


def _add_words(text: str, found: list[_Host], ports: set[int]) -> None:
    """Add the words with a port that may be names, `server api:8080;`, but for the ports of URLs."""
    for mark in BEFORE_PORT.finditer(text):
        end = mark.start()
        if end + 1 in ports:
            continue
        word = _WORD_BACKWARDS.match(_backwards(text, end))
        if word:
            found.append(_Host(end - word.end(), word[0][::-1], int(mark[1]), "", written=True))


def _backwards(text: str, end: int) -> str:
    """Return what stands before an offset, from its end: a name is short, and the text before it is long."""
    return text[max(0, end - _WIDEST) : end][::-1]


def _values(text: str, *, named: bool) -> Iterator[_Host]:
    """Yield the hosts that are a value as a whole, or that of an argument `--db-host=db`."""
    begin = 0 if named else text.find("=") + 1
    if not (named or begin) or "://" in text:
        return
    if _VALUE.fullmatch(text, begin):
        for match in _IN_VALUE.finditer(text, begin):
            yield _host(match, "")._replace(named=True)


def _host(match: re.Match[str], scheme: str) -> _Host:
    written = bool(match["port"] or match["open"])
    port = int(match["port"]) if match["port"] else None if written else _USUAL.get(scheme)
    return _Host(match.start("host"), match["host"].rstrip(".-"), port, scheme, written)


def _is_in_comment(text: str, at: int) -> bool:
    begin = text.rfind("\n", 0, at) + 1
    before = text[begin:at].lstrip()
    return before.startswith(_COMMENTS) or ("#" in before and _COMMENT.search(before) is not None)


def _is_public(host: str) -> bool:
    """Tell whether a host is evidently one of the internet; two labels are more often a Service and its namespace."""
    last = host.rfind(".")
    if host.find(".") == last or ".svc" in host or ".pod." in host:
        return False
    label = host[last + 1 :]
    return not label.isdigit() and may_be_public(label.lower())
