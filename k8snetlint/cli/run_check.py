"""`check`: find, lint, mend, report, and say how it went."""

from __future__ import annotations

from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from k8snetlint.cli import EMPTY, FINDINGS, INTERNAL, OK, USAGE, worst
from k8snetlint.cli.inputs import working_tree
from k8snetlint.cli.lint_inputs import lint_inputs
from k8snetlint.cli.output import OutputError, say
from k8snetlint.cli.settings import resolve
from k8snetlint.cli.write_reports import comment, write_reports
from k8snetlint.configfile.settings import fail_on_of
from k8snetlint.finding import ConfigError
from k8snetlint.source.load import TEMPLATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snetlint.cli.check_options import CheckOptions
    from k8snetlint.cli.inputs import Inputs
    from k8snetlint.cli.settings import EffectiveSettings
    from k8snetlint.cli.trust import Base
    from k8snetlint.finding import Report
    from k8snetlint.source.document import Source
    from k8snetlint.source.files import Found

_ALWAYS_FAIL = frozenset({"file-unreadable", "yaml-syntax", "manifest-lost-indentation"})
"""Something was not checked: a failure whatever level counts as one."""


def run_check(check_options: CheckOptions) -> int:
    """Check what `check_options` name, write the reports, and return the exit code.

    Raises:
        MissingPathError: a path does not exist.
        ConfigError: the configuration asks for what cannot be, or a tool or git cannot tell what they are asked.
    """
    try:
        with ExitStack() as until:
            return _run(check_options, until)
    except OSError as error:
        # Of all that is read outside of the pipeline, git only says what it cannot do by one of these.
        if type(error).__name__ != "GitError":
            raise
        raise ConfigError(str(error)) from error


def _run(check_options: CheckOptions, until: ExitStack) -> int:
    base = None
    if check_options.trust is not None:
        from k8snetlint.cli.trust import Base  # noqa: PLC0415 - only with --trust

        base = until.enter_context(closing(Base(check_options.trust, check_options.cli_settings)))
    effective = resolve(check_options.cli_settings, base.read if base else None)
    if check_options.show_settings:
        from k8snetlint.cli.show_settings import show_settings  # noqa: PLC0415 - only if asked for

        return show_settings(effective)
    if check_options.changed is not None:
        from k8snetlint.cli.changed_since import changed  # noqa: PLC0415 - only with --changed

        inputs, report = changed(effective, check_options, base, until)
    else:
        inputs = working_tree(effective, check_options)
        if check_options.show_files:
            from k8snetlint.cli.show_settings import show_files  # noqa: PLC0415 - only if asked for

            return show_files(inputs.found)
        report = lint_inputs(inputs, effective, check_options, base)
    if base:
        report = base.with_suppression_findings(report, effective, check_options)
    if check_options.write_baseline is not None:
        from k8snetlint.cli.baselines import write_baseline  # noqa: PLC0415 - only if asked for

        return write_baseline(report, check_options)
    if check_options.add_ignore is not None:
        from k8snetlint.cli.baselines import add_ignores  # noqa: PLC0415 - only if asked for

        return add_ignores(inputs, report, effective, check_options)
    return _finish(inputs, report, effective, check_options, base)


def _finish(
    inputs: Inputs, report: Report, effective: EffectiveSettings, check_options: CheckOptions, base: Base | None
) -> int:
    differs = False
    if check_options.fix_options.fix or check_options.fix_options.diff:
        from k8snetlint.cli.apply_fixes import apply_fixes  # noqa: PLC0415 - only with --fix or --diff

        def again(sources: Sequence[Source]) -> Report:
            made = lint_inputs(inputs, effective, check_options._replace(quiet=True), base, sources)
            return base.with_suppression_findings(made, effective, check_options) if base else made

        done = apply_fixes(inputs, report, again, check_options)
        report, differs = done.report, done.differs
        if check_options.fix_options.diff:
            failed = INTERNAL if _has_failed(report) else OK
            return worst(failed, FINDINGS if differs and not check_options.exit_zero else OK)
    code = exit_code(report, inputs.found, effective, check_options)
    try:
        write_reports(report, inputs.found, effective, check_options, empty=code == EMPTY)
    except BrokenPipeError:
        return worst(code, FINDINGS)
    except OutputError as error:
        say(str(error))
        return worst(code, USAGE)
    comment(report, inputs.found, check_options, code)
    return code


def _has_failed(report: Report) -> bool:
    """Tell whether we failed ourselves somewhere."""
    return any(finding.id == "internal-error" for finding in report.findings)


def exit_code(report: Report, found: Found, effective: EffectiveSettings, check_options: CheckOptions) -> int:
    """Return what a run's result means for the process."""
    codes = [OK]
    ids = {finding.id for finding in report.findings}
    if _has_failed(report):
        codes.append(INTERNAL)
    unread = not ids.isdisjoint(_ALWAYS_FAIL)
    fail_on = fail_on_of(effective.settings)
    failing = unread or any(finding.severity >= fail_on for finding in report.findings)
    if effective.settings.fail_on_skipped and any(each.reason == TEMPLATE for each in report.skipped):
        failing = True
    if failing and not check_options.exit_zero:
        codes.append(FINDINGS)
    # What could not be read may well be an object. A change need not bring any.
    if (
        found.searched
        and not report.objects
        and not unread
        and not check_options.allow_empty
        and check_options.changed is None
    ):
        codes.append(EMPTY)
    return worst(*codes)
