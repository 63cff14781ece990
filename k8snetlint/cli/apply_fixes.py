"""`--fix` and `--diff`: fixes are made in memory, then written or shown."""

# ruff: noqa: PTH116, PTH118, PTH120 - strings, as everywhere

from __future__ import annotations

import contextlib
import os
import stat
import sys
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.baseline import print_of
from k8snetlint.cli.output import OutputError, say, sweep, wants_colour, write, write_bytes
from k8snetlint.finding import ConfigError
from k8snetlint.git.lines import hunks
from k8snetlint.linting.fixes import fix_sources
from k8snetlint.report.summary import count
from k8snetlint.source.escape import escape, escape_line
from k8snetlint.source.repository import is_within, project_root
from k8snetlint.source.split import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TextIO

    from k8snetlint.cli.check_options import CheckOptions
    from k8snetlint.cli.inputs import Inputs
    from k8snetlint.finding import Finding, Report
    from k8snetlint.linting.fixes import FixedSources
    from k8snetlint.source.document import Source

_COLOURS = {"---": "1", "+++": "1", "@": "36", "-": "31", "+": "32"}
_CONTEXT = 3
_HEAD = 2
"""Lines of a diff that name the file."""


class Done(NamedTuple):
    """What is left to report, and whether there was anything to mend."""

    report: Report
    differs: bool


def apply_fixes(
    inputs: Inputs, report: Report, again: Callable[[Sequence[Source]], Report], check_options: CheckOptions
) -> Done:
    """Make or show the fixes of a report.

    Raises:
        OutputError: a file could not be written; it is as it was.
        ConfigError: what is checked are no files that could be changed.
    """
    sources = inputs.found.sources
    if any(source.stream for source in sources):
        raise ConfigError("--fix and --diff work on files only, not on standard input or rendered output")
    left_alone: dict[str, str] = {}

    def wanted(finding: Finding) -> bool:
        if finding.fix is None or not (finding.fix.safe or check_options.fix_options.unsafe):
            return False
        if finding.path not in left_alone:
            left_alone[finding.path] = why_not(finding.path)
        return not left_alone[finding.path]

    if check_options.changed is not None and any(map(wanted, report.findings)):
        again = _of_change(report, again(sources), again)
    result = fix_sources(sources, report, again, wanted)
    if check_options.is_text and not check_options.quiet:
        for reason in sorted({reason for reason in left_alone.values() if reason}):
            paths = [path for path, each in left_alone.items() if each == reason]
            more = f" and {count(len(paths) - 1, 'more file')}" if len(paths) > 1 else ""
            say(f"`{paths[0]}`{more} not changed: {reason}", "note")
    if check_options.fix_options.diff:
        _show(sources, result, check_options)
        for finding in result.report.findings if not check_options.quiet else ():
            if finding.id == "internal-error":
                say(f"{finding.path}: {finding.message}", "internal error")
        return Done(result.report, bool(result.contents))
    _refuse_changed(result, check_options)
    for folder in {os.path.dirname(os.path.realpath(path)) for path in result.contents}:
        sweep(folder)
    for path, content in sorted(result.contents.items()):
        write_bytes(path, [content])
    if result.fixed and check_options.is_text and not check_options.quiet:
        files = count(len(result.contents), "file")
        say(f"fixed {count(len(result.fixed), 'finding')} in {files}", "note")
    # What was not made is not to be promised again.
    left = [each._replace(fix=None) if left_alone.get(each.path) else each for each in result.report.findings]
    return Done(result.report._replace(findings=tuple(left)), bool(result.contents))


def _of_change(
    report: Report, full: Report, again: Callable[[Sequence[Source]], Report]
) -> Callable[[Sequence[Source]], Report]:
    """Return a way to check again that leaves out what the first report of a change left out of the full one."""
    places = set(map(_place, full.findings)) - set(map(_place, report.findings))
    facts = set(map(_fact, full.findings)) - set(map(_fact, report.findings))

    def again_of_change(sources: Sequence[Source]) -> Report:
        now = again(sources)
        kept = [each for each in now.findings if _place(each) not in places and _fact(each) not in facts]
        return now._replace(findings=tuple(kept))

    return again_of_change


def _place(finding: Finding) -> tuple[object, ...]:
    return finding.path, finding.document, finding.field, finding.id, finding.message


def _fact(finding: Finding) -> tuple[str, str]:
    return finding.path, print_of(finding)


def why_not(path: str) -> str:
    """Return why a file is not ours to change, nothing if it is."""
    root, target = project_root(), os.path.realpath(path)
    written = os.path.normpath(os.path.join(os.path.realpath(os.curdir), path))
    if is_within(written, root) and not is_within(target, root):
        return "a symbolic link points outside the project"
    try:
        mode = os.stat(target).st_mode
    except OSError:
        return ""
    # The superuser may write whatever its owner protects.
    if not mode & 0o222 or not os.access(target, os.W_OK):
        return "read-only"
    return "" if os.access(os.path.dirname(target), os.W_OK) else "in a folder that is read-only"


def _refuse_changed(result: FixedSources, check_options: CheckOptions) -> None:
    """Refuse to write over what is not what was checked: the index instead of the file, or changed meanwhile."""
    from k8snetlint.source.read import read_file  # noqa: PLC0415 - only when something is written

    for path, before in result.before.items():
        try:
            same = read_file(path) == before
        except OSError:
            same = False
        if same:
            continue
        what = "the file changed since it was checked; nothing was written"
        if check_options.changed is None:
            todo = "run it again"
        elif check_options.changed:
            todo = f"--changed={check_options.changed.partition('..')[0] or 'HEAD'} checks the files themselves"
        else:
            todo = "--changed checks what is staged: `git add` the file, or use --changed=HEAD"
        raise OutputError(f"cannot fix `{path}`: {what} ({todo})")


def _show(sources: Sequence[Source], result: FixedSources, check_options: CheckOptions) -> None:
    colour = wants_colour(check_options.color, sys.stdout)
    raw = not colour and sys.stdout is not None and not _is_terminal(sys.stdout)
    for source in sources:
        if source.name in result.contents:
            old, new = result.before[source.name], result.contents[source.name]
            write(_diff(source.name, old, new, colour=colour, raw=raw), utf8=raw)
    if check_options.quiet:
        return
    if result.contents:
        say(f"would fix {count(len(result.fixed), 'finding')} in {count(len(result.contents), 'file')}", "note")
    else:
        say("nothing to fix", "note")


def _diff(path: str, old: bytes, new: bytes, *, colour: bool, raw: bool) -> Iterator[str]:
    """Yield the lines of a diff that `patch -p0` and `git apply -p0` take; for people without what a terminal obeys."""
    # The tab says that blanks are a part of the name.
    name = escape(path) + ("\t" if " " in path else "")
    for number, line in enumerate(_unified(_lines(old), _lines(new), name)):
        start = line[: 3 if number < _HEAD else 1]
        text = line.removesuffix("\n")
        if not raw and number >= _HEAD:
            end = "\r" if text.endswith("\r") else ""
            text = start + escape_line("\t".join(map(escape, text[1:].removesuffix("\r").split("\t")))) + end
        yield (f"\x1b[{_COLOURS[start]}m{text}\x1b[0m" if colour and start in _COLOURS else text) + "\n"
        if not line.endswith("\n"):
            yield "\\ No newline at end of file\n"


def _unified(old: list[str], new: list[str], name: str) -> Iterator[str]:
    """Yield the lines of a unified diff, three lines of context around each change."""
    yield f"--- {name}\n"
    yield f"+++ {name}\n"
    for group in _groups(list(hunks(old, new))):
        start, new_start = max(group[0][0] - _CONTEXT, 0), max(group[0][2] - _CONTEXT, 0)
        end, new_end = min(group[-1][1] + _CONTEXT, len(old)), min(group[-1][3] + _CONTEXT, len(new))
        yield f"@@ -{_range(start, end)} +{_range(new_start, new_end)} @@\n"
        at = start
        for first, behind, new_first, new_behind in group:
            yield from (f" {line}" for line in old[at:first])
            yield from (f"-{line}" for line in old[first:behind])
            yield from (f"+{line}" for line in new[new_first:new_behind])
            at = behind
        yield from (f" {line}" for line in old[at:end])


def _groups(changes: list[tuple[int, int, int, int]]) -> Iterator[list[tuple[int, int, int, int]]]:
    """Yield changes between which is not enough context for two parts of a diff."""
    group: list[tuple[int, int, int, int]] = []
    for change in changes:
        if group and change[0] - group[-1][1] > 2 * _CONTEXT:
            yield group
            group = []
        group.append(change)
    if group:
        yield group


def _range(start: int, end: int) -> str:
    """Return lines, counted from 1, as a diff has them; an empty range begins at the line before it."""
    length = end - start
    return f"{start + 1}" if length == 1 else f"{start + 1 if length else start},{length}"


def _lines(content: bytes) -> list[str]:
    """Return the lines as `patch` sees them, a byte order mark of UTF-8 with the first."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = decode(content)
    lines = text.split("\n")
    return [*(f"{line}\n" for line in lines[:-1]), *(lines[-1:] if lines[-1] else ())]


def _is_terminal(stream: TextIO) -> bool:
    """Tell whether people see what is written: on a terminal, or in a log, which may take commands."""
    if stream.isatty():
        return True
    with contextlib.suppress(OSError):
        if stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            return False
    return any(os.environ.get(name) for name in ("CI", "GITHUB_ACTIONS", "TF_BUILD"))
