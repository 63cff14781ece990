"""Which paths a `.gitignore`, or `--exclude`, leaves out.

pathspec decides, but its import costs more than linting a file, and nearly every repository has a `.gitignore` that
matches no manifest. So a pattern is only tried on names that its last part can match.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pathspec import GitIgnoreSpec

_STARS_LIMIT = 6
"""Stars of one pattern: each is a loop inside the others. A pattern with more stars is not used."""


class Patterns:
    """The lines of a `.gitignore`; the last one that matches decides."""

    __slots__ = ("_globs", "_names", "_specs")

    def __init__(self, lines: Iterable[str]) -> None:
        self._names: dict[str, list[tuple[int, str]]] = {}
        self._globs: list[tuple[int, str, str, str, str]] = []
        self._specs: dict[str, GitIgnoreSpec | None] = {}
        for number, raw in enumerate(lines):
            line = raw.rstrip("\r\n")
            name = line.rstrip().removeprefix("!").rstrip("/").rpartition("/")[2]
            if not name or line.startswith("#") or line.count("*") > _STARS_LIMIT:
                continue
            # Before a bracket or a backslash, letters match themselves.
            head = name.partition("[")[0].partition("\\")[0]
            parts = head.replace("?", "*").split("*")
            if parts == [name]:
                self._names.setdefault(name, []).append((number, line))
                continue
            end = parts[-1] if head == name else ""
            self._globs.append((number, line, parts[0], max(parts, key=len), end))

    def __bool__(self) -> bool:
        return bool(self._names or self._globs)

    def verdict(self, before: str, name: str, *, directory: bool) -> bool | None:
        """Return True if `name` in the folder `before` ("" or `a/b/`) is left out, False if it is included again.

        None: no pattern matches. The folders above were examined before.
        """
        lines = self._names.get(name, [])
        globs = [
            (number, line)
            for number, line, start, part, end in self._globs
            if part in name and name.startswith(start) and name.endswith(end)
        ]
        for _, line in sorted(lines + globs, reverse=True) if globs else reversed(lines):
            if _matches_itself(line, before, name, directory=directory, matches=self._matches):
                return not line.startswith("!")
        return None

    def _matches(self, line: str, path: str) -> bool:
        """Tell whether one line matches a path or a folder above it; a line that git cannot read matches nothing."""
        if line not in self._specs:
            from pathspec import GitIgnoreSpec  # noqa: PLC0415 - only if a name may be left out

            try:
                self._specs[line] = GitIgnoreSpec.from_lines([line])
            except ValueError:
                self._specs[line] = None
        spec = self._specs[line]
        return spec is not None and spec.match_file(path)


def _matches_itself(line: str, before: str, name: str, *, directory: bool, matches: Callable[[str, str], bool]) -> bool:
    """Tell whether a line matches `name` itself; `matches` is also true if it matches a folder above it."""
    pattern = line.removeprefix("!")
    body = pattern.rstrip().rstrip("/")
    if body != pattern.rstrip() and not directory:
        return False
    steps = body.removeprefix("/").split("/")
    if not any(letter in body for letter in "*?[\\"):
        return body == name or ("/" in body and body.removeprefix("/") == before + name)
    if "/" not in body:
        return matches(body, name)
    return _steps_match(steps, [*before.split("/")[:-1], name], matches)


def _steps_match(steps: list[str], names: list[str], matches: Callable[[str, str], bool]) -> bool:
    """Tell whether the steps of a pattern match a path's names; `**` matches any number, at the end at least one."""
    if not steps or not names:
        return steps == names
    if steps[0] == "**":
        rest = steps[1:]
        return not rest or any(_steps_match(rest, names[skipped:], matches) for skipped in range(len(names)))
    return matches(steps[0], names[0]) and _steps_match(steps[1:], names[1:], matches)
