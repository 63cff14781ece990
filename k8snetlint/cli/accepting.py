"""What is accepted: baselines are read and written, comments are added."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from k8snetlint.baseline import apply, parse, written
from k8snetlint.cli import OK
from k8snetlint.cli.output import say, write_bytes, write_file
from k8snetlint.configfile.settings import show_of
from k8snetlint.finding import ConfigError
from k8snetlint.report.summary import count
from k8snetlint.source.read import read_file

if TYPE_CHECKING:
    from k8snetlint.cli.gathering import Inputs
    from k8snetlint.cli.settings import Resolved
    from k8snetlint.cli.trusting import Base
    from k8snetlint.cli.wishes import Wishes
    from k8snetlint.finding import Report


def without_accepted(report: Report, wishes: Wishes, base: Base | None) -> Report:
    """Return a report without what the baseline accepts.

    Raises:
        ConfigError: the baseline cannot be read, or is none.
    """
    name = str(wishes.baseline)
    text = base.read(os.path.abspath(name)) if base else None  # noqa: PTH100 - strings, as everywhere
    if base and text is None and base.holds(name):
        # The change brings the baseline: nothing is accepted yet.
        return report
    if text is None:
        try:
            text = read_file(name).decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"cannot read `{name}`: {error} (--write-baseline writes one)") from error
    report, gone = apply(report, parse(text, name))
    if gone and wishes.is_text and not wishes.quiet:
        first = f"{gone[0].finding_id} in {gone[0].path}"
        more = f" and {len(gone) - 1:,} more" if len(gone) > 1 else ""
        say(f"`{name}` accepts what is no longer there: {first}{more}; --write-baseline writes it anew", "note")
    return report


def write_baseline(report: Report, wishes: Wishes) -> int:
    """Write a baseline that accepts all findings.

    Raises:
        ConfigError: this is a CI run, which would accept whatever comes.
        OutputError: it cannot be written.
    """
    if os.environ.get("CI", "").lower() not in ("", "0", "false") and not wishes.force:
        raise ConfigError("--write-baseline would accept whatever a CI run meets; if that is meant, add --force")
    path = str(wishes.write_baseline)
    write_file(path, written(report.findings))
    if not wishes.quiet:
        say(f"`{path}` accepts {count(len(report.findings), 'finding')}", "note")
    return OK


def add_ignores(inputs: Inputs, report: Report, resolved: Resolved, wishes: Wishes) -> int:
    """Write a comment to each finding that is shown.

    Raises:
        OutputError: a file could not be written.
    """
    from k8snetlint.suppress.write import with_comments  # noqa: PLC0415 - only if asked for

    show = show_of(resolved.settings)
    wanted = [finding for finding in report.findings if finding.severity >= show and not finding.rejected]
    rejected = sum(finding.severity >= show and finding.rejected for finding in report.findings)
    added, files = 0, 0
    for source in inputs.found.sources:
        here = [finding for finding in wanted if finding.path == source.name]
        if not here or source.stream:
            continue
        content, number = with_comments(source.read(), here, str(wishes.add_ignore))
        if number:
            write_bytes(source.name, [content])
            added, files = added + number, files + 1
    left = len(wanted) - added
    say(f"accepted {count(added, 'finding')} in {count(files, 'file')}", "note")
    if left:
        say(f"{count(left, 'finding')} not accepted: no comment can stand there", "note")
    if rejected:
        say(f"{count(rejected, 'finding')} cannot be accepted: the API server rejects the objects", "note")
    return OK
