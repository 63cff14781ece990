"""What is accepted: baselines are read and written, comments are added."""

from __future__ import annotations

import os
import posixpath
from typing import TYPE_CHECKING

from k8snetlint.baseline import Accepted, apply, may_accept, parse, written
from k8snetlint.cli import INTERNAL, OK
from k8snetlint.cli.output import OutputError, say, write_bytes, write_file
from k8snetlint.configfile.settings import show_of
from k8snetlint.finding import ConfigError
from k8snetlint.report.summary import count, place
from k8snetlint.source.read import read_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from k8snetlint.cli.check_options import CheckOptions
    from k8snetlint.cli.inputs import Inputs
    from k8snetlint.cli.settings import EffectiveSettings
    from k8snetlint.cli.trust import Base
    from k8snetlint.finding import Finding, Report


def without_accepted(report: Report, check_options: CheckOptions, base: Base | None) -> Report:
    """Return a report without what the baseline accepts; with all of it if a new one is written.

    Raises:
        ConfigError: the baseline cannot be read, or is not valid.
    """
    if check_options.write_baseline is not None:
        return report
    name = str(check_options.baseline)
    text = base.read(os.path.abspath(name)) if base else None  # noqa: PTH100 - strings, as everywhere
    if base and text is None and base.holds(name):
        # The change brings the baseline: nothing is accepted yet.
        return report
    if text is None:
        try:
            text = read_file(name).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ConfigError(f"`{name}` is not a baseline: not UTF-8") from None
        except OSError as error:
            raise ConfigError(
                f"cannot read `{name}`: {error.strerror or error} (--write-baseline creates one)"
            ) from None
    report, gone = apply(report, parse(text, name))
    gone = [each for each in gone if _is_looked_for(each, check_options)]
    if gone and _speaks(check_options):
        first = f"{gone[0].finding_id} in {gone[0].path}"
        more = f" and {len(gone) - 1:,} more" if len(gone) > 1 else ""
        say(f"`{name}` lists findings that no longer exist: {first}{more}; --write-baseline updates it", "note")
    return report


def _is_looked_for(accepted: Accepted, check_options: CheckOptions) -> bool:
    """Tell whether a run that does not find a fact shows that it is gone: it looks at the file, for all ids."""
    cli_settings = check_options.cli_settings
    settings = cli_settings.settings
    if settings.select or settings.ignore or settings.severity or cli_settings.exclude:
        return False
    folders = [posixpath.normpath(path) for path in cli_settings.paths]
    path = posixpath.normpath(accepted.path)
    return not folders or any(each in (".", path) or path.startswith(f"{each}/") for each in folders)


def _speaks(check_options: CheckOptions) -> bool:
    return check_options.is_text and not check_options.quiet


def write_baseline(report: Report, check_options: CheckOptions) -> int:
    """Write a baseline that accepts all findings.

    Raises:
        ConfigError: this is a CI run, which would accept whatever comes; not all findings are looked for; or the file
            exists, and is not a baseline.
        OutputError: it cannot be written.
    """
    if os.environ.get("CI", "").lower() not in ("", "0", "false") and not check_options.force:
        raise ConfigError("--write-baseline would accept every finding of a CI run; add --force if this is intended")
    _refuse_others(check_options, "--write-baseline")
    if check_options.changed is not None:
        raise ConfigError("--write-baseline needs all findings; --changed leaves out most of them")
    path = str(check_options.write_baseline)
    left = [finding for finding in report.findings if not may_accept(finding)]
    kept = _not_looked_for(path, check_options)
    write_file(path, written(report.findings, kept))
    if _speaks(check_options):
        more = f", and keeps {count(len(kept), 'entry', 'entries')} that this run did not look for" if kept else ""
        say(f"`{path}` accepts {count(len(report.findings) - len(left), 'finding')}{more}", "note")
        if left:
            say(f"{_first(left)} cannot be accepted", "note")
    return _code(report)


def _not_looked_for(path: str, check_options: CheckOptions) -> dict[str, Accepted]:
    """Return what an existing baseline accepts and this run cannot find again: other files, other ids.

    Raises:
        ConfigError: there may be something to keep, and the file is not a baseline.
    """
    try:
        text = read_file(path).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return {}
    nowhere = Accepted(1, "", os.pardir)
    if _is_looked_for(nowhere, check_options):
        return {}
    return {print_: each for print_, each in parse(text, path).items() if not _is_looked_for(each, check_options)}


def add_ignores(inputs: Inputs, report: Report, effective: EffectiveSettings, check_options: CheckOptions) -> int:
    """Write a comment to each finding that is shown.

    Raises:
        OutputError: a file could not be written.
        ConfigError: what is checked are no files that could be changed, or the reason is no text of one line.
    """
    from k8snetlint.cli.apply_fixes import why_not  # noqa: PLC0415 - only if asked for
    from k8snetlint.suppress.apply import is_beyond  # noqa: PLC0415 - only if asked for
    from k8snetlint.suppress.write import with_comments  # noqa: PLC0415 - as above

    _refuse_others(check_options, "--add-ignore")
    reason = str(check_options.add_ignore)
    if not reason.isprintable():
        raise ConfigError("the reason of --add-ignore contains characters that cannot be printed")
    if any(source.stream for source in inputs.found.sources):
        raise ConfigError("--add-ignore works on files only, not on standard input or rendered output")
    show = show_of(effective.settings)
    shown = [finding for finding in report.findings if finding.severity >= show]
    beyond = [finding for finding in shown if is_beyond(finding)]
    wanted: dict[str, list[Finding]] = {}
    for finding in shown:
        if not is_beyond(finding):
            wanted.setdefault(finding.path, []).append(finding)
    left: list[Finding] = []
    kept: list[Finding] = []
    reasons: dict[str, str] = {}
    changed: list[tuple[str, bytes, bytes]] = []
    for source in inputs.found.sources:
        here = wanted.get(source.name)
        if not here:
            continue
        protected = why_not(source.name)
        if protected:
            kept += here
            reasons.setdefault(protected, source.name)
            continue
        content = source.read()
        new, others = with_comments(content, here, reason)
        left += others
        if new != content:
            changed.append((source.name, content, new))
    _refuse_changed(changed)
    for name, _, new in changed:
        write_bytes(name, [new])
    if _speaks(check_options):
        number = len(shown) - len(beyond) - len(left) - len(kept)
        say(f"accepted {count(number, 'finding')} in {count(len(changed), 'file')}", "note")
        if left:
            say(f"{_first(left)} not accepted: no comment is possible there", "note")
        for why, name in reasons.items():
            say(f"`{name}` not changed: {why}", "note")
        if kept:
            say(f"{_first(kept)} not accepted: the files were not changed", "note")
        if beyond:
            say(f"{_first(beyond)} cannot be accepted by a comment", "note")
    return _code(report)


def _refuse_others(check_options: CheckOptions, option: str) -> None:
    """Refuse what would have to look at the same findings, too.

    Raises:
        ConfigError: fixes are asked for.
    """
    if check_options.fix_options.fix or check_options.fix_options.diff:
        raise ConfigError(f"{option} cannot be combined with --fix or --diff; run one after the other")


def _refuse_changed(changed: Iterable[tuple[str, bytes, bytes]]) -> None:
    """Refuse to write over what is not what was checked: the index instead of the file, or changed meanwhile.

    Raises:
        OutputError: a file is another one.
    """
    for name, before, _ in changed:
        try:
            same = read_file(name) == before
        except OSError:
            same = False
        if not same:
            raise OutputError(f"cannot change `{name}`: the file changed since it was checked; nothing was written")


def _first(findings: Sequence[Finding]) -> str:
    """Return how many findings there are, and the first one."""
    return f"{count(len(findings), 'finding')} (first {findings[0].id} at {place(findings[0])})"


def _code(report: Report) -> int:
    return INTERNAL if any(finding.id == "internal-error" for finding in report.findings) else OK
