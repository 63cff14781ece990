"""The command `test`."""

import enum
from typing import TYPE_CHECKING, Annotated

import typer

from k8snetlint.cli.app import app, option
from k8snetlint.cli.help import Command
from k8snetlint.cli.reading_options import OutputFile, Quiet, reads_manifests

if TYPE_CHECKING:
    from k8snetlint.cli.clusters import ReadOptions


class TestFormat(enum.StrEnum):
    """How to show whether assertions hold."""

    TEXT = "text"
    JSON = "json"
    JUNIT = "junit"


@app.command("test", cls=Command)
@reads_manifests(paths=False)
def assert_connections(
    reading: "ReadOptions",
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="[FILES]...",
            show_default=False,
            default_factory=list,
            help="Test files [k8snetlint-test.yaml]; with --generate, manifests [the working directory].",
        ),
    ],
    *,
    generate: Annotated[bool, option("--generate", help="Write what holds today as a test file.")] = False,
    test_format: Annotated[TestFormat, option("-f", "--format", help="Output format. [text]")] = TestFormat.TEXT,
    output: OutputFile = None,
    quiet: Quiet = False,
) -> int:
    """Test assertions about what may connect to what; one holds if it does in every possible cluster."""
    from k8snetlint.cli.run_tests import generate_tests, run_tests  # noqa: PLC0415 - other commands do not need it

    if generate:
        return generate_tests(reading, files, output, quiet=quiet)
    return run_tests(reading, files, test_format.value, output)
