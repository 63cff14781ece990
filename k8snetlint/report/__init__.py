"""Reports: one small module per format, each a function from a `Report` to lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from k8snetlint.report.style import Format

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import Report
    from k8snetlint.report.style import Style

_COUNTS_INFOS = (Format.FULL, Format.CONCISE, Format.GROUPED, Format.MARKDOWN)
"""These formats have one line for many infos anyway."""


def lines(output_format: Format, report: Report, style: Style) -> Iterator[str]:
    """Yield the lines of a report in a format, each with its line end; they contain no control characters."""
    match output_format:
        case Format.FULL:
            from k8snetlint.report.full import full as write  # noqa: PLC0415 - only what is asked for
        case Format.CONCISE:
            from k8snetlint.report.concise import concise as write  # noqa: PLC0415 - when it is needed
        case Format.JSON:
            from k8snetlint.report.as_json import as_json as write  # noqa: PLC0415 - when it is needed
        case Format.GROUPED:
            from k8snetlint.report.grouped import grouped as write  # noqa: PLC0415 - when it is needed
        case Format.JSON_LINES:
            from k8snetlint.report.json_lines import json_lines as write  # noqa: PLC0415 - when it is needed
        case Format.SARIF:
            from k8snetlint.report.sarif import sarif as write  # noqa: PLC0415 - when it is needed
        case Format.GITHUB:
            from k8snetlint.report.github import github as write  # noqa: PLC0415 - when it is needed
        case Format.GITLAB:
            from k8snetlint.report.gitlab import gitlab as write  # noqa: PLC0415 - when it is needed
        case Format.JUNIT:
            from k8snetlint.report.junit import junit as write  # noqa: PLC0415 - when it is needed
        case Format.CHECKSTYLE:
            from k8snetlint.report.checkstyle import checkstyle as write  # noqa: PLC0415 - when it is needed
        case Format.RDJSON:
            from k8snetlint.report.rdjson import rdjson as write  # noqa: PLC0415 - when it is needed
        case Format.MARKDOWN:
            from k8snetlint.report.markdown import markdown as write  # noqa: PLC0415 - when it is needed
        case _:
            assert_never(output_format)
    if output_format not in _COUNTS_INFOS:
        from k8snetlint.report.words import one_for_templates  # noqa: PLC0415 - only what is asked for

        report = one_for_templates(report)
    for line in write(report, style):
        yield line + "\n"
