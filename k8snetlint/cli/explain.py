"""The command `explain`."""

import enum
from typing import TYPE_CHECKING, Annotated

import typer

from k8snetlint.cli.app import app, option
from k8snetlint.cli.help import Command
from k8snetlint.cli.output import Color
from k8snetlint.cli.reading_options import AllowEmpty, ColorOption, OutputFile, Quiet, reads_manifests

if TYPE_CHECKING:
    from k8snetlint.cli.clusters import ReadOptions


class ExplainFormat(enum.StrEnum):
    """How to show an answer."""

    TEXT = "text"
    JSON = "json"


class Expect(enum.StrEnum):
    """What is expected of a connection."""

    ALLOW = "allow"
    DENY = "deny"


@app.command(cls=Command)
@reads_manifests()
def explain(
    reading: "ReadOptions",
    source: Annotated[str, typer.Argument(metavar="SRC", show_default=False, help="Where it comes from, a peer.")],
    destination: Annotated[
        str,
        typer.Argument(
            metavar="DST[:PORT[/PROTO]]", show_default=False, help="Where it goes to, a peer or name.namespace.svc."
        ),
    ],
    *,
    explain_format: Annotated[
        ExplainFormat, option("-f", "--format", help="Output format. [text]")
    ] = ExplainFormat.TEXT,
    expect: Annotated[
        Expect | None, option("--expect", help="Exit with 1 if it is not so in every possible cluster.")
    ] = None,
    output: OutputFile = None,
    allow_empty: AllowEmpty = False,
    color: ColorOption = Color.AUTO,
    quiet: Quiet = False,
) -> int:
    """Explain whether a connection is allowed, and which rules of NetworkPolicies decide.

    Peers: namespace/name, namespace/kind/name, namespace?label=value, an IP address or CIDR, internet, any-namespace,
    ingress-controller. Without a port, all ports are explained.
    """
    from k8snetlint.cli.run_explain import ExplainOptions, run_explain  # noqa: PLC0415 - `--help` does not need it

    options = ExplainOptions(
        source,
        destination,
        as_json=explain_format is ExplainFormat.JSON,
        expect=expect,
        output=output,
        allow_empty=allow_empty,
        color=color,
        quiet=quiet,
    )
    return run_explain(reading, options)
