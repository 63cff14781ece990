"""Which files say what a test expects of a cluster: parts of objects, which nobody applies.

Chainsaw lists them in the steps of a test; KUTTL, and Chainsaw without a list, know them by their names.

Source: https://kyverno.github.io/chainsaw/latest/test/explicit/,
https://kuttl.dev/docs/testing/steps.html#format
"""

from __future__ import annotations

import fnmatch
import posixpath
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TESTS = ("chainsaw-test.yaml", "chainsaw-test.yml")
"""The file with the steps of a test, by Chainsaw's default."""
_GROUP = "chainsaw.kyverno.io/"
_EXPECTING = ("assert", "error")
_APPLYING = ("apply", "create", "update")
_NAMED = re.compile(r"[0-9]+-(?:assert|errors?)\.ya?ml")


def is_named_as_expected(path: str) -> bool:
    """Tell whether the name of a file says that a step of a test expects what it holds: `01-assert.yaml`."""
    return _NAMED.fullmatch(posixpath.basename(path)) is not None


def expected_files(tests: Iterable[tuple[str, Any]], paths: Iterable[str]) -> frozenset[str]:
    """Return the files that tests expect or patch with, and never apply.

    Args:
        tests: the documents of files with tests, each with its folder.
        paths: all files; the steps may name several of them by a pattern.
    """
    expected: set[str] = set()
    applied: set[str] = set()
    by_folder: dict[str, list[str]] = {}
    for path in paths:
        by_folder.setdefault(posixpath.dirname(path), []).append(path)
    for folder, value in tests:
        for operation, name in _files(value):
            path = posixpath.normpath(posixpath.join(folder, name))
            found = applied if operation in _APPLYING else expected
            found.update(_matching(path, by_folder))
    return frozenset(expected - applied)


def _matching(path: str, by_folder: dict[str, list[str]]) -> list[str]:
    if not re.search(r"[*?\[]", path):
        return [path]
    return fnmatch.filter(by_folder.get(posixpath.dirname(path), ()), path)


def _files(value: Any) -> Iterator[tuple[str, str]]:
    """Yield the operations of a test on files, with the name of the file."""
    document = _mapping(value)
    if not str(document.get("apiVersion")).startswith(_GROUP):
        return
    for step in _list(_mapping(document.get("spec")).get("steps")):
        for block in ("try", "catch", "finally", "cleanup"):
            for each in _list(_mapping(step).get(block)):
                for operation in (*_EXPECTING, "patch", *_APPLYING):
                    name = _mapping(_mapping(each).get(operation)).get("file")
                    if isinstance(name, str):
                        yield operation, name


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
