"""The command `diff`."""

import enum
from typing import TYPE_CHECKING, Annotated

import typer

from k8snetlint.cli.app import app, many, option
from k8snetlint.cli.help import Command
from k8snetlint.cli.reading_options import AllowEmpty, OutputFile, Quiet, reads_manifests

if TYPE_CHECKING:
    from k8snetlint.cli.clusters import ReadOptions


class DiffFormat(enum.StrEnum):
    """How to show differences."""

    TEXT = "text"
    MARKDOWN = "md"
    JSON = "json"
    SARIF = "sarif"


class FailOn(enum.StrEnum):
    """What is a failure."""

    NEVER = "never"
    WIDENED = "widened"
    ANY = "any"


@app.command(cls=Command)
@reads_manifests(paths=False)
def diff(
    reading: "ReadOptions",
    old: Annotated[
        str,
        typer.Argument(
            metavar="OLD",
            show_default=False,
            help="A folder or file; with --git a revision. `A..B` and `A...B` are two revisions.",
        ),
    ],
    new: Annotated[
        str | None,
        typer.Argument(metavar="[NEW]", show_default=False, help="The other one; with --git [the working tree]."),
    ] = None,
    *,
    git: Annotated[bool, option("--git", help="OLD and NEW are revisions of the repository.")] = False,
    path: Annotated[list[str], many("--path", "PATH", "What of revisions is compared. [the working directory]")],
    old_cni: Annotated[
        str | None, option("--old-cni", metavar="NAME[@VERSION]", help="The CNI plugin of the old state.")
    ] = None,
    new_cni: Annotated[
        str | None, option("--new-cni", metavar="NAME[@VERSION]", help="The CNI plugin of the new state.")
    ] = None,
    diff_format: Annotated[DiffFormat, option("-f", "--format", help="Output format. [text]")] = DiffFormat.TEXT,
    output: OutputFile = None,
    fail_on: Annotated[
        FailOn, option("--fail-on", help="Exit with 1 if more is open than before, or if anything differs. [never]")
    ] = FailOn.NEVER,
    allow_empty: AllowEmpty = False,
    quiet: Quiet = False,
) -> int:
    """Compare what may connect to what in two folders, two git revisions, or under two CNI plugins."""
    from k8snetlint.cli.run_diff import DiffOptions, run_diff  # noqa: PLC0415 - other commands do not need it

    return run_diff(
        reading,
        DiffOptions(
            old, new, git, tuple(path), old_cni, new_cni, diff_format.value, output, fail_on.value, allow_empty, quiet
        ),
    )
