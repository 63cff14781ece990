"""`--fix` and `--diff`: fixes are made in memory, then written or shown."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.cli.output import OutputError, say, wants_colour, write, write_bytes
from k8snetlint.finding import ConfigError
from k8snetlint.fix import mend
from k8snetlint.report.escape import escape
from k8snetlint.report.summary import count
from k8snetlint.source.git import repository_root
from k8snetlint.source.split import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from k8snetlint.cli.gathering import Inputs
    from k8snetlint.cli.wishes import Wishes
    from k8snetlint.finding import Finding, Report
    from k8snetlint.fix import Mended
    from k8snetlint.source.document import Source

_COLOURS = {"---": "1", "+++": "1", "@@": "36", "-": "31", "+": "32"}


class Done(NamedTuple):
    """What is left to report, and whether there was anything to mend."""

    report: Report
    differs: bool


def mended(inputs: Inputs, report: Report, again: Callable[[Sequence[Source]], Report], wishes: Wishes) -> Done:
    """Make or show the fixes of a report.

    Raises:
        OutputError: a file could not be written; it is as it was.
        ConfigError: what is checked are no files that could be changed.
    """
    sources = inputs.found.sources
    if any(source.stream for source in sources):
        raise ConfigError("--fix and --diff change files; what is rendered or comes from standard input is none")
    first = {(finding.path, finding.id, finding.fingerprint) for finding in report.findings}

    def wanted(finding: Finding) -> bool:
        return bool(finding.fix and (finding.fix.safe or wishes.mending.unsafe)) and _may_write(finding.path)

    result = mend(sources, report, again, wanted)
    # What the first report left out, because it is accepted or untouched, is left out of the last one, too.
    if wishes.changed is not None:
        left = [each for each in result.report.findings if (each.path, each.id, each.fingerprint) in first]
        result = result._replace(report=result.report._replace(findings=tuple(left)))
    if wishes.mending.diff:
        _show(sources, result, wishes)
        return Done(report, bool(result.contents))
    _refuse_changed(result)
    for path, content in sorted(result.contents.items()):
        write_bytes(path, [content])
    if result.fixed and wishes.is_text and not wishes.quiet:
        files = count(len(result.contents), "file")
        say(f"fixed {count(len(result.fixed), 'finding')} in {files}", "note")
    return Done(result.report, bool(result.contents))


def _may_write(path: str) -> bool:
    """Tell whether a file is one that is ours to change: not one that a link leads out to."""
    if not os.path.islink(path):  # noqa: PTH114 - strings, as everywhere
        return True
    root = repository_root(os.path.realpath(os.curdir)) or os.path.realpath(os.curdir)
    return os.path.realpath(path).startswith(root.rstrip(os.sep) + os.sep)


def _refuse_changed(result: Mended) -> None:
    """Refuse to write over what is not what was checked: the index instead of the file, or changed meanwhile."""
    from k8snetlint.source.read import read_file  # noqa: PLC0415 - only when something is written

    for path, before in result.before.items():
        try:
            same = read_file(path) == before
        except OSError:
            same = False
        if not same:
            raise OutputError(f"cannot mend `{path}`: the file is not what was checked; nothing was written")


def _show(sources: Sequence[Source], result: Mended, wishes: Wishes) -> None:
    colour = wants_colour(wishes.color, sys.stdout)
    for source in sources:
        if source.name in result.contents:
            write(_diff(source.name, result.before[source.name], result.contents[source.name], colour=colour))
    if wishes.quiet:
        return
    if result.contents:
        say(f"would fix {count(len(result.fixed), 'finding')} in {count(len(result.contents), 'file')}", "note")
    else:
        say("nothing to fix", "note")


def _diff(path: str, old: bytes, new: bytes, *, colour: bool) -> Iterator[str]:
    from difflib import unified_diff  # noqa: PLC0415 - only with --diff

    name = escape(path)
    for line in unified_diff(_lines(old), _lines(new), name, name):
        start = next((each for each in _COLOURS if line.startswith(each)), "")
        ends = line.endswith("\n")
        text = line.rstrip("\r\n")
        shown = "\t".join(map(escape, text.split("\t")))
        shown += line[len(text) :].removesuffix("\n")
        yield (f"\x1b[{_COLOURS[start]}m{shown}\x1b[0m" if colour and start else shown) + "\n"
        if not ends:
            yield "\\ No newline at end of file\n"


def _lines(content: bytes) -> list[str]:
    return decode(content).splitlines(keepends=True)
