"""The commands beside `check`."""

import enum
import sys
from typing import Annotated

import typer

from k8snetlint.cli import OK
from k8snetlint.cli.app import COMPLETION, app, call, many, option
from k8snetlint.cli.complete import ids as complete_ids
from k8snetlint.cli.output import Color, say, show_markdown, terminal_width, wants_colour, write


class ListFormat(enum.StrEnum):
    """How to list rules."""

    TEXT = "text"
    JSON = "json"


class Document(enum.StrEnum):
    """What there is a JSON Schema of."""

    CONFIG = "config"
    REPORT = "report"
    CONNECTIONS = "connections"
    EXPLAIN = "explain"
    DIFF = "diff"
    TEST = "test"
    TEST_REPORT = "test-report"


class Shell(enum.StrEnum):
    """What completes commands."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"
    POWERSHELL = "powershell"


@app.command()
def rules(
    *,
    list_format: Annotated[ListFormat, option("-f", "--format", help="Output format. [text]")] = ListFormat.TEXT,
    group: Annotated[list[str], many("--group", "GROUP", "List ids of this group only: netpol, api, …")],
    color: Annotated[Color, option("--color", help="When to use colours. [auto]")] = Color.AUTO,
) -> int:
    """List all rules, and the ids of findings outside of rules."""
    from k8snetlint.cli.options import split  # noqa: PLC0415 - other commands do not need it
    from k8snetlint.cli.pages import listed_in, rules_as_json, rules_as_table  # noqa: PLC0415 - as above

    listed = listed_in(split(group))
    if list_format is ListFormat.JSON:
        write(rules_as_json(listed), utf8=True)
    else:
        columns = terminal_width(sys.stdout)
        write(rules_as_table(listed, colour=wants_colour(color, sys.stdout), columns=columns))
    return OK


@app.command()
def rule(
    ids: Annotated[
        list[str],
        typer.Argument(
            metavar="ID...", show_default=False, help="Ids of rules or of other findings.", autocompletion=complete_ids
        ),
    ],
    color: Annotated[Color, option("--color", help="When to use colours. [auto]")] = Color.AUTO,
) -> int:
    """Explain ids of findings: what they mean, what to do, and examples."""
    from k8snetlint.cli.pages import page  # noqa: PLC0415 - other commands do not need it

    pages = [page(each) for each in ids]
    if wants_colour(color, sys.stdout):
        show_markdown("\n".join(pages))
    else:
        write(pages)
    return OK


config = typer.Typer(help="Show the effective settings, or validate a configuration file.", add_completion=False)
app.add_typer(config, name="config")


@config.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def show(asked: typer.Context) -> int:
    """Show all settings and where they are from.

    Takes the paths and options of `check`: what they change is shown.
    """
    return call(["check", "--show-settings", *asked.args])


@config.command()
def validate(
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", show_default=False, help="Default: the file that applies here.")
    ] = None,
) -> int:
    """Check a configuration file; all that is wrong with it is said at once."""
    from k8snetlint.cli.settings import CliSettings, resolve  # noqa: PLC0415 - other commands do not need it

    effective = resolve(CliSettings(config=file))
    if effective.file is None:
        say("no configuration file applies here", "note")
    else:
        say(f"`{effective.file}` is valid", "note")
    return OK


@app.command()
def schema(
    document: Annotated[Document, typer.Argument(metavar="DOCUMENT", show_default=False, help="Of what.")],
) -> int:
    """Print a JSON Schema: of configuration or test files, or of reports and answers in JSON."""
    from pathlib import Path  # noqa: PLC0415 - other commands do not need it

    from k8snetlint.validation.schemas import folder  # noqa: PLC0415 - as above

    write([(Path(folder()) / f"{document}.json").read_text(encoding="utf-8")], utf8=True)
    return OK


@app.command()
def init(
    *,
    github: Annotated[bool, option("--github", help="Write also a GitHub Actions workflow.")] = False,
    gitlab: Annotated[bool, option("--gitlab", help="Write also a GitLab pipeline.")] = False,
    pre_commit: Annotated[bool, option("--pre-commit", help="Write also a pre-commit configuration.")] = False,
) -> int:
    """Write commented starter files; existing files are not changed."""
    from k8snetlint.cli import init as init_files  # noqa: PLC0415 - other commands do not need it

    return init_files.init(github=github, gitlab=gitlab, pre_commit=pre_commit)


@app.command()
def completion(
    shell: Annotated[Shell, typer.Argument(metavar="SHELL", show_default=False, help="bash, zsh, fish, powershell.")],
) -> int:
    """Print what a shell needs to complete commands and options.

    For example: eval "$(k8snetlint completion bash)"
    """
    from typer._completion_shared import get_completion_script  # noqa: PLC0415 - other commands do not need it

    write([get_completion_script(prog_name="k8snetlint", complete_var=COMPLETION, shell=shell.value), "\n"])
    return OK
