"""`test`: test files are read, their assertions judged; or what holds today is written as one."""
# ruff: noqa: PTH118, PTH120 - strings, as everywhere

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.cli import EMPTY, FINDINGS, OK
from k8snetlint.cli.clusters import read_manifests
from k8snetlint.cli.output import say, write, write_file
from k8snetlint.configfile.assertion_file import parse_assertions
from k8snetlint.connectivity.answers import Answer
from k8snetlint.connectivity.assertions import failures
from k8snetlint.connectivity.assumptions import Assumptions, assumptions_of
from k8snetlint.connectivity.engine import Connectivity
from k8snetlint.connectivity.explain import explain
from k8snetlint.connectivity.peers import peers_of
from k8snetlint.connectivity.today import today
from k8snetlint.finding import ConfigError
from k8snetlint.linting.citations import Citations
from k8snetlint.report.asserted import Asserted, AssertionRun
from k8snetlint.report.asserted.formats import as_json, junit, text
from k8snetlint.report.explained import Explained
from k8snetlint.report.explained_text import explained_text
from k8snetlint.report.style import Style
from k8snetlint.report.summary import count
from k8snetlint.source.read import file_source
from k8snetlint.source.split import NotText, decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snetlint.cli.clusters import Manifests, ReadOptions
    from k8snetlint.configfile.assertion_file import AssertionFile, NamedAssertion
    from k8snetlint.connectivity.answers import End
    from k8snetlint.connectivity.assertions import Failure

DEFAULT = "k8snetlint-test.yaml"
_PLAIN = re.compile(r"[A-Za-z.][A-Za-z0-9./-]*|[0-9.]+/[0-9]+|[0-9-]+/[A-Z]+")


def run_tests(reading: ReadOptions, files: Sequence[str], wanted: str, output: str | None) -> int:
    """Judge the assertions of some files, write which do not hold, and return the exit code.

    Raises:
        ConfigError: a test file, or an option, is wrong.
        MissingPathError, OutputError: a path does not exist, or the result could not be written.
    """
    asserted: list[Asserted] = []
    assumptions: dict[str, None] = {}
    unread = False
    for path in files or (DEFAULT,):
        file = parse_assertions(_text(path), path)
        manifests = read_manifests(_reading(reading, file, path))
        unread = unread or any(
            each.id in ("file-unreadable", "yaml-syntax") for each in manifests.reading.files.findings
        )
        judge = _Judge(manifests)
        asserted += [judge.judge(path, each) for each in file.tests]
        assumptions |= dict.fromkeys(judge.assumptions())
    run = AssertionRun(tuple(asserted), tuple(assumptions))
    lines = (line + "\n" for line in {"text": text, "json": as_json, "junit": junit}[wanted](run))
    _write(lines, output, utf8=wanted != "text")
    return FINDINGS if run.failed or unread else OK


def _write(lines: Iterator[str], output: str | None, *, utf8: bool) -> None:
    if output is None:
        write(lines, utf8=utf8)
    else:
        write_file(output, lines)


def _text(path: str) -> str:
    try:
        return decode(file_source(path).read())
    except NotText as error:
        raise ConfigError(f"cannot read `{path}`: {error}") from error
    except OSError as error:
        raise ConfigError(f"cannot read `{path}`: {error.strerror or error}") from error


def _reading(reading: ReadOptions, file: AssertionFile, path: str) -> ReadOptions:
    """Return how the manifests of a test file are read; options count more than the file."""
    folder = os.path.dirname(path)
    paths = tuple(os.path.join(folder, each) for each in file.manifests)
    return reading._replace(
        paths=() if reading.rendering and not paths else paths or (".",),
        namespace=reading.namespace or file.namespace,
        whole_cluster=reading.whole_cluster or bool(file.whole_cluster),
        cni=reading.cni or file.cni,
    )


class _Scope(NamedTuple):
    """One cluster that is asked."""

    name: str
    connectivity: Connectivity


class _Judge:
    """Judges assertions about some manifests."""

    def __init__(self, manifests: Manifests) -> None:
        self._manifests = manifests
        self._scopes = [_Scope(each.name, Connectivity.of(each)) for each in manifests.clusters]
        self._citations = Citations(manifests.reading.files.unusual)

    def assumptions(self) -> Iterator[str]:
        """Yield what is taken for granted."""
        not_read = list(self._manifests.not_read())
        for scope in self._scopes:
            yield from assumptions_of(scope.connectivity, not_read).texts

    def judge(self, path: str, test: NamedAssertion) -> Asserted:
        """Return whether an assertion holds in all scopes that have what it names; one must."""
        texts: list[str] = []
        details: tuple[str, ...] = ()
        errors: list[str] = []
        for scope in self._scopes:
            try:
                found = list(failures(scope.connectivity, test.assertion))
            except ConfigError as error:
                errors.append(str(error))
                continue
            where = f"{scope.name}: " if scope.name and len(self._scopes) > 1 else ""
            texts += [where + each.text for each in found]
            if found and not details:
                details = tuple(self._details(scope.connectivity, found[0]))
        if len(errors) == len(self._scopes):
            texts = errors[:1] or ["no Kubernetes object was found"]
        return Asserted(path, test.line, test.name, tuple(texts), details)

    def _details(self, connectivity: Connectivity, failure: Failure) -> Iterator[str]:
        """Yield the lines that explain a failure: those of `explain`, or where the policies are."""
        if failure.pair is not None:
            source, destination, ports = failure.pair
            explanation = explain(connectivity, source, destination, ports)
            answer = Answer((_end(connectivity, source),), (_end(connectivity, destination),), explanation)
            explained = Explained("", Assumptions(complete=True, texts=()), (), (answer,))
            yield from explained_text([explained], None, self._citations, Style())
        for place, name in failure.places:
            at = self._citations.find(place)
            yield f"{name}: {at.path}:{at.start.line}:{at.start.column}" if at else name


def _end(connectivity: Connectivity, number: int) -> End:
    if number < connectivity.offset:
        return next(peers_of(connectivity, number))
    return connectivity.space.ranges[number - connectivity.offset]


def generate_tests(reading: ReadOptions, paths: Sequence[str], output: str | None, *, quiet: bool) -> int:
    """Write what holds today as a test file.

    Raises:
        ConfigError: the manifests are several clusters.
    """
    manifests = read_manifests(reading._replace(paths=tuple(paths)))
    if not manifests.clusters:
        say("no Kubernetes object was found")
        return FINDINGS if manifests.is_unread else EMPTY
    if len(manifests.clusters) > 1:
        names = dict.fromkeys(each.name or "the tree of all files" for each in manifests.clusters)
        hint = "" if reading.whole_cluster else ", or add --whole-cluster"
        listed = ", ".join(names)
        raise ConfigError(f"the manifests are {len(manifests.clusters)} scopes ({listed}); name the files of one{hint}")
    found = today(Connectivity.of(manifests.clusters[0]))
    folder = os.path.dirname(output or "")
    named = [os.path.relpath(each, folder or os.curdir) for each in paths]
    head: dict[str, Any] = {"manifests": named} if named else {}
    head |= {"namespace": reading.namespace} if reading.namespace else {}
    head |= {"whole-cluster": True} if reading.whole_cluster else {}
    head |= {"cni": reading.cni} if reading.cni else {}
    _write(_file(head, found.tests), output, utf8=True)
    if found.uncertain and not quiet:
        say(f"{count(found.uncertain, 'group')} of connections left out in part: they are not certain", "note")
    return FINDINGS if manifests.is_unread else OK


def _file(head: dict[str, Any], tests: Sequence[dict[str, Any]]) -> Iterator[str]:
    yield "# What may connect to what, written by `k8snetlint test --generate`; `k8snetlint test` checks it.\n"
    yield from (f"{key}: {_flow(value)}\n" for key, value in head.items())
    yield "tests:\n" if tests else "tests: []\n"
    for each in tests:
        marks = ("- ", *("  " for _ in each))
        for mark, (key, value) in zip(marks, each.items(), strict=False):
            yield f"{mark}{key}: {_flow(value)}\n"


def _flow(value: Any) -> str:
    if isinstance(value, list):
        return _flow(value[0]) if len(value) == 1 else f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, str) and not (_PLAIN.fullmatch(value) and value not in ("null", "true", "false")):
        return json.dumps(value)
    return value if isinstance(value, str) else json.dumps(value)
