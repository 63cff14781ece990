"""The commands beside `check`."""

import enum
import sys
from typing import Annotated

import typer

from k8snetlint.cli import OK
from k8snetlint.cli.app import app, option
from k8snetlint.cli.output import Color, show_markdown, wants_colour, write


class ListFormat(enum.StrEnum):
    """How to list rules."""

    TEXT = "text"
    JSON = "json"


@app.command()
def rules(
    list_format: Annotated[ListFormat, option("-f", "--format", help="How to list. [text]")] = ListFormat.TEXT,
    color: Annotated[Color, option("--color", help="When to use colours. [auto]")] = Color.AUTO,
) -> int:
    """List all rules."""
    from k8snetlint.cli.pages import rules_as_json, rules_as_table  # noqa: PLC0415 - other commands do not need it

    if list_format is ListFormat.JSON:
        write(rules_as_json(), utf8=True)
    else:
        write(rules_as_table(colour=wants_colour(color, sys.stdout)))
    return OK


@app.command()
def rule(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", show_default=False, help="Rules, or other ids.")],
    color: Annotated[Color, option("--color", help="When to use colours. [auto]")] = Color.AUTO,
) -> int:
    """Explain rules: why, what is wrong, what is right."""
    from k8snetlint.cli.pages import page  # noqa: PLC0415 - other commands do not need it

    pages = [page(each) for each in ids]
    if wants_colour(color, sys.stdout):
        show_markdown("\n".join(pages))
    else:
        write(pages)
    return OK
