"""Which files say what a test expects of a cluster: objects and parts of them, which nobody applies.

Chainsaw lists them in the steps of a test, the Kyverno CLI in its results; KUTTL, and Chainsaw without a list, know
them by their names.

Source: https://kyverno.github.io/chainsaw/latest/test/explicit/,
https://kuttl.dev/docs/testing/steps.html#format, https://kyverno.io/docs/subprojects/kyverno-cli/reference/kyverno_test/
"""

from __future__ import annotations

import fnmatch
import posixpath
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TESTS = ("chainsaw-test.yaml", "chainsaw-test.yml", "kyverno-test.yaml", "kyverno-test.yml")
"""The file with the steps of a test, by the default of Chainsaw and of the Kyverno CLI."""
TEST_GROUPS = frozenset({"chainsaw.kyverno.io", "cli.kyverno.io", "kuttl.dev"})
"""The API groups of what the tools themselves read; no API server gets it."""
_CHAINSAW = "chainsaw.kyverno.io/"
_KYVERNO = "cli.kyverno.io/"
_RESULTS = ("generatedResource", "patchedResource", "patchedResources")
_EXPECTING = ("assert", "error")
_APPLYING = ("apply", "create", "update")
_NAMED = re.compile(r"[0-9]+-(?:assert|errors?)\.ya?ml")


def is_named_as_expected(path: str) -> bool:
    """Tell whether the name of a file says that a step of a test expects what it holds: `01-assert.yaml`."""
    return _NAMED.fullmatch(path.rpartition("/")[2]) is not None


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
    version = str(document.get("apiVersion"))
    if version.startswith(_CHAINSAW):
        yield from _steps(document)
    elif version.startswith(_KYVERNO) or ("policies" in document and "apiVersion" not in document):
        for result in map(_mapping, _list(document.get("results"))):
            yield from (("assert", name) for key in _RESULTS if isinstance(name := result.get(key), str))


def _steps(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
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
