"""Reports are written, and what is no result is said on standard error."""

from __future__ import annotations

import functools
import os
from typing import TYPE_CHECKING

from k8snetlint.cli import EMPTY
from k8snetlint.cli.output import OutputError, append_file, say, terminal_width, wants_colour, write, write_file
from k8snetlint.configfile.settings import show_of
from k8snetlint.report import lines
from k8snetlint.report.style import Format, Style, Tree
from k8snetlint.report.summary import count
from k8snetlint.source.load import TEMPLATE
from k8snetlint.source.split import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.cli.check_options import CheckOptions
    from k8snetlint.cli.settings import EffectiveSettings
    from k8snetlint.finding import Report
    from k8snetlint.source.files import Found

_CHART = "Chart.yaml"


def write_reports(
    report: Report, found: Found, effective: EffectiveSettings, check_options: CheckOptions, *, empty: bool = False
) -> None:
    """Write all reports that are asked for, files first.

    Args:
        report: what was found.
        found: the files.
        effective: what counts.
        check_options: the options.
        empty: there was nothing to check, which `comment` says.

    Raises:
        OutputError, BrokenPipeError: one could not be written.
    """
    import sys  # noqa: PLC0415 - only here is a stream meant

    style = Style(
        show_of(effective.settings),
        quiet=check_options.quiet,
        verbose=check_options.verbose,
        unsafe_fixes=check_options.fix_options.unsafe,
        empty=empty,
    )
    if not all(each.format.is_text for each in check_options.outputs):
        style = style._replace(files=tuple(source.name for source in found.sources))
        if report.findings or report.suppressed:
            style = style._replace(tree=tree_of(found))
    broken: Exception | None = None
    for output in sorted(check_options.outputs, key=lambda each: each.path is None):
        stream = None if output.path else sys.stdout
        looks = style._replace(colour=wants_colour(check_options.color, stream), wrap=terminal_width(stream))
        if report.findings and stream:
            from k8snetlint.cli.hyperlinks import wants_links  # noqa: PLC0415 - only for findings

            looks = looks._replace(links=wants_links(check_options.color, stream))
        text = _lines(output.format, report, looks, check_options)
        try:
            if output.path:
                write_file(output.path, text)
            else:
                write(text, utf8=not output.format.is_text)
        except (OutputError, OSError):
            raise
        except Exception as error:  # noqa: BLE001 - our bug in one format must not cost the others
            broken = error
    if broken:
        raise broken
    step = os.environ.get("GITHUB_STEP_SUMMARY")
    if step and any(each.format is Format.GITHUB for each in check_options.outputs):
        append_file(step, lines(Format.MARKDOWN, report, style))


def _lines(output_format: Format, report: Report, style: Style, check_options: CheckOptions) -> Iterator[str]:
    if check_options.statistics and (output_format.is_text or output_format is Format.JSON):
        from k8snetlint.report.statistics import statistics, statistics_as_json  # noqa: PLC0415 - only if asked for

        yield from (statistics if output_format.is_text else statistics_as_json)(report, style)
    else:
        yield from lines(output_format, report, style)


def tree_of(found: Found) -> Tree:
    """Return what formats for machines ask about files: they name them from the repository's root."""
    from k8snetlint.render.files import tree_reader  # noqa: PLC0415 - only for machines
    from k8snetlint.source.repository import project_root  # noqa: PLC0415 - as above

    root = project_root()
    sources = {source.name: source for source in found.sources}
    other = tree_reader()

    def text(path: str) -> str | None:
        try:
            return sources[path].read().decode("utf-8", "replace") if path in sources else other(path)
        except Exception:  # noqa: BLE001 - why it cannot be read is in the report, a bug of ours as well
            return None

    def decoded(path: str) -> str | None:
        try:
            return decode(sources[path].read()) if path in sources else None
        except Exception:  # noqa: BLE001 - as above
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

    return Tree(text, functools.cache(relative), decoded)


def comment(report: Report, found: Found, check_options: CheckOptions, code: int) -> None:
    """Say on standard error what is no result."""
    where = ", ".join("standard input" if path == "-" else f"`{path}`" for path in found.searched)
    if code == EMPTY:
        say(f"no Kubernetes object in {where} (--allow-empty accepts that)")
    if not check_options.is_text or check_options.quiet:
        return
    for note in (*found.notes, *_charts(report, found)):
        say(note, "note")
    if not report.objects and not report.findings and not found.searched and check_options.changed is None:
        say("no Kubernetes object in the files that were given", "note")
    if check_options.verbose:
        from k8snetlint.report import verbose  # noqa: PLC0415 - only with -v

        for line in verbose.skipped_lines(report):
            say(line, "not checked")
        for line in verbose.suppressed_lines(report):
            say(line, "suppressed")
        for line in verbose.unvalidated_lines(report):
            say(line, "not validated")
        for line in verbose.scope_lines(report):
            say(line, "not checked")


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
        import shlex  # noqa: PLC0415 - only with charts

        number = sum(charts.values())
        options = " ".join(f"--render {shlex.quote(chart.rstrip('/') or '.')}" for chart in folders[:3])
        more = f" (and {len(folders) - 3} more charts)" if len(folders) > 3 else ""
        yield f"{count(number, 'template')} not checked; run: k8snetlint check {options}{more}"
