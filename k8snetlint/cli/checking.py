"""`check`: find, lint, report, and say how it went."""

from __future__ import annotations

import functools
import os
import shlex
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.cli import EMPTY, FINDINGS, INTERNAL, OK, USAGE, worst
from k8snetlint.cli.output import Color, OutputError, Progress, say, wants_colour, write, write_file
from k8snetlint.finding import Severity
from k8snetlint.pipeline import lint
from k8snetlint.report import Format, Look, Tree, lines
from k8snetlint.report.summary import count
from k8snetlint.source.files import find
from k8snetlint.source.load import TEMPLATE
from k8snetlint.source.names import KUSTOMIZATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.config import Config
    from k8snetlint.finding import Report
    from k8snetlint.source.document import Source
    from k8snetlint.source.files import Found
    from k8snetlint.source.rendered import Rendered, Rendering

_ALWAYS_FAIL = frozenset({"file-unreadable", "yaml-syntax"})
"""Something was not checked: a failure whatever level counts as one."""


class Wishes(NamedTuple):
    """What a user wants of a run, beyond what is checked."""

    paths: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    stdin_name: str = "<stdin>"
    format: Format = Format.FULL
    output: str | None = None
    fail_on: Severity = Severity.WARNING
    show: Severity | None = None
    color: Color = Color.AUTO
    exit_zero: bool = False
    fail_on_skipped: bool = False
    allow_empty: bool = False
    quiet: bool = False
    verbose: bool = False
    rendering: Rendering | None = None


def checked(config: Config, wishes: Wishes) -> int:
    """Check what `wishes` name, write the report, and return the exit code.

    Raises:
        MissingPathError: a path does not exist.
        ConfigError: the configuration asks for what cannot be, or a tool cannot render what it is to.
    """
    paths = wishes.paths or (() if wishes.rendering else (".",))
    found = find(paths, exclude=wishes.exclude, stdin_name=wishes.stdin_name)
    rendered: list[Rendered] = []
    if wishes.rendering:
        from k8snetlint.cli.rendering import with_rendered  # noqa: PLC0415 - only with --render

        found, rendered = with_rendered(found, wishes.rendering)
    context: list[Source] = []
    if wishes.context or any(source.name.endswith(KUSTOMIZATIONS) for source in found.sources):
        from k8snetlint.cli.context import context_of  # noqa: PLC0415 - only where there is one

        context = context_of(found.sources, wishes.context, wishes.exclude)
    progress = Progress(len(found.sources))
    try:
        report = lint(found.sources, config, context=context, progress=progress)
    finally:
        progress.clear()
    if report.findings and any(source.stream for source in found.sources):
        from k8snetlint.cli.rendering import at_origins  # noqa: PLC0415 - a stream may be rendered

        report = at_origins(report, found, rendered)
    code = exit_code(report, found, wishes)
    try:
        _write(report, found, wishes)
    except BrokenPipeError:
        return worst(code, FINDINGS)
    except OutputError as error:
        say(str(error))
        return worst(code, USAGE)
    _comment(report, found, wishes, code)
    return code


def exit_code(report: Report, found: Found, wishes: Wishes) -> int:
    """Return what a run's result means for the process."""
    codes = [OK]
    ids = {finding.id for finding in report.findings}
    if "internal-error" in ids:
        codes.append(INTERNAL)
    unread = not ids.isdisjoint(_ALWAYS_FAIL)
    failing = unread or any(finding.severity >= wishes.fail_on for finding in report.findings)
    if wishes.fail_on_skipped and any(each.reason == TEMPLATE for each in report.skipped):
        failing = True
    if failing and not wishes.exit_zero:
        codes.append(FINDINGS)
    # What could not be read may well be an object.
    if found.searched and not report.objects and not unread and not wishes.allow_empty:
        codes.append(EMPTY)
    return worst(*codes)


def _write(report: Report, found: Found, wishes: Wishes) -> None:
    import sys  # noqa: PLC0415 - only here is a stream meant

    to_file = wishes.output not in (None, "-")
    colour = wants_colour(wishes.color, None if to_file else sys.stdout)
    # What fails a run is shown, not folded.
    show = wishes.show or min(Severity.WARNING, wishes.fail_on)
    look = Look(show, colour=colour, quiet=wishes.quiet, verbose=wishes.verbose)
    if report.findings and not wishes.format.is_text:
        look = look._replace(tree=_tree(found))
    text = lines(wishes.format, report, look)
    if to_file:
        write_file(str(wishes.output), text)
    else:
        write(text, utf8=not wishes.format.is_text)


def _tree(found: Found) -> Tree:
    """Return what formats for machines ask about files: they name them from the repository's root."""
    from k8snetlint.source.git import repository_root  # noqa: PLC0415 - only with findings, for machines
    from k8snetlint.source.render import tree_reader  # noqa: PLC0415 - as above

    here = os.path.realpath(os.curdir)
    root = repository_root(here) or here
    sources = {source.name: source for source in found.sources}
    other = tree_reader()

    def text(path: str) -> str | None:
        try:
            return sources[path].read().decode("utf-8", "replace") if path in sources else other(path)
        except OSError:
            return None

    def relative(path: str) -> str:
        if path == "<stdin>":
            return path
        folder, name = os.path.split(path)
        try:
            real = os.path.join(os.path.realpath(folder), name)  # noqa: PTH118 - strings, as everywhere
        except ValueError:  # a NUL in the path
            return path
        inside = os.path.relpath(real, root).replace(os.sep, "/")
        return real if inside.partition("/")[0] == ".." else inside

    return Tree(text, functools.cache(relative))


def _comment(report: Report, found: Found, wishes: Wishes, code: int) -> None:
    """Say on standard error what is no result."""
    where = ", ".join("standard input" if path == "-" else f"`{path}`" for path in found.searched)
    if code == EMPTY:
        say(f"no Kubernetes object in {where} (--allow-empty accepts that)")
    if not wishes.format.is_text or wishes.quiet:
        return
    for note in (*found.notes, *_charts(report, found)):
        say(note, "note")
    if not report.objects and not report.findings and not found.searched:
        say("no Kubernetes object in the files that were given", "note")
    if wishes.verbose:
        from k8snetlint.report.summary import scope_lines, skipped_lines  # noqa: PLC0415 - only with -v

        for line in skipped_lines(report):
            say(line, "not checked")
        for line in scope_lines(report):
            say(line, "not judged")


def _charts(report: Report, found: Found) -> Iterator[str]:
    """Yield how to have the charts checked whose templates were not."""
    templates = {each.path for each in report.skipped if each.reason == TEMPLATE}
    if not templates:
        return
    charts = {source.name.removesuffix(_CHART): 0 for source in found.sources if source.name.endswith(_CHART)}
    for path in templates:
        home = max((chart for chart in charts if path.startswith(chart + "templates/")), key=len, default=None)
        if home is not None:
            charts[home] += 1
    folders = [chart for chart, number in charts.items() if number]
    if folders:
        number = sum(charts.values())
        options = " ".join(f"--render {shlex.quote(chart.rstrip('/') or '.')}" for chart in folders[:3])
        more = f" (and {len(folders) - 3} more charts)" if len(folders) > 3 else ""
        yield f"{count(number, 'template')} not checked; run: k8snetlint check {options}{more}"


_CHART = "Chart.yaml"
