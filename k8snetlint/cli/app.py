"""The commands and their options.

Annotations are evaluated here once: as strings, Typer would evaluate each of them twice at every start.
"""

import enum
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from k8snetlint.cli import OK, USAGE
from k8snetlint.cli.options import Level
from k8snetlint.cli.output import Color, OutputError, say, show_markdown, wants_colour, write
from k8snetlint.finding import ConfigError
from k8snetlint.report import Format
from k8snetlint.source.files import MissingPathError
from k8snetlint.version import VERSION

app = typer.Typer(
    name="k8snetlint",
    help="Lint Kubernetes networking manifests.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _option(*names: str, **details: Any) -> Any:
    return typer.Option(*names, show_default=False, **details)


def _many(name: str, metavar: str, text: str) -> Any:
    return _option(name, metavar=metavar, help=text, default_factory=list)


Many = list[str]


class ListFormat(enum.StrEnum):
    """How to list rules."""

    TEXT = "text"
    JSON = "json"


def call(arguments: Sequence[str]) -> int:
    """Run a command; return its exit code."""
    try:
        code = app(args=list(arguments), prog_name="k8snetlint", standalone_mode=False)
    except typer.TyperException as error:
        say(error.format_message())
        context = getattr(error, "ctx", None)
        if context is not None:
            say(f"`{context.command_path} --help` lists commands and options", "help")
        return USAGE
    except typer.Abort:
        return USAGE
    except (ConfigError, MissingPathError, OutputError) as error:
        say(str(error))
        return USAGE
    return code if isinstance(code, int) else OK


def _version(value: bool) -> None:  # noqa: FBT001 - Typer's callback
    if value:
        typer.echo(f"k8snetlint {VERSION}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _start(
    context: typer.Context,
    *,
    version: Annotated[  # noqa: ARG001 - its callback has done all
        bool, _option("--version", is_eager=True, callback=_version, help="Show the version.")
    ] = False,
) -> int:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(USAGE)
    return OK


@app.command()
def check(
    *,
    paths: Annotated[
        Many,
        typer.Argument(
            metavar="[PATHS]...",
            show_default=False,
            default_factory=list,
            help="Files and folders; `-` is standard input. Without any: the working directory.",
        ),
    ],
    select: Annotated[Many, _many("--select", "ID", "Report only these ids, groups, or ALL.")],
    extend_select: Annotated[Many, _many("--extend-select", "ID", "Report these, too.")],
    ignore: Annotated[Many, _many("--ignore", "ID", "Do not report these ids or groups.")],
    severity: Annotated[Many, _many("--severity", "ID=LEVEL", "Give an id a level: error, warning, info, off.")],
    fail_on: Annotated[
        Level, _option("--fail-on", help="Exit with 1 for findings from this level on. [warning]")
    ] = Level.WARNING,
    show: Annotated[
        Level | None, _option("--show", help="Show findings from this level on one by one. [warning]")
    ] = None,
    output_format: Annotated[Format, _option("-f", "--format", help="How to report. [full]")] = Format.FULL,
    output: Annotated[str | None, _option("-o", "--output", metavar="FILE", help="Write the report to a file.")] = None,
    kubernetes_version: Annotated[
        Many, _many("--kubernetes-version", "VERSION", "What the manifests are for; several with commas. [newest]")
    ],
    namespace: Annotated[
        str | None, _option("--namespace", metavar="NAME", help="The namespace of objects that name none, and charts.")
    ] = None,
    node_port_range: Annotated[
        str | None, _option("--node-port-range", metavar="RANGE", help="The cluster's node ports. [30000-32767]")
    ] = None,
    whole_cluster: Annotated[
        bool, _option("--whole-cluster", help="Nothing else is in the cluster than these manifests.")
    ] = False,
    context: Annotated[Many, _many("--context", "PATH", "Manifests that are there, too, but not to be checked.")],
    schema_dir: Annotated[Many, _many("--schema-dir", "DIR", "JSON Schemas of custom resources.")],
    exclude: Annotated[Many, _many("--exclude", "GLOB", "Leave out in folders, as a line of a .gitignore does.")],
    stdin_filename: Annotated[
        str | None, _option("--stdin-filename", metavar="NAME", help="The name of standard input.")
    ] = None,
    render: Annotated[Many, _many("--render", "DIR", "Check what kustomize or helm makes of a folder.")],
    values: Annotated[Many, _many("--values", "FILE", "Values for charts that are rendered.")],
    release: Annotated[
        str | None, _option("--release", metavar="NAME", help="The release of rendered charts. [release-name]")
    ] = None,
    include_crds: Annotated[bool, _option("--include-crds", help="Render the CRDs of charts, too.")] = False,
    render_network: Annotated[
        bool, _option("--render-network", help="Let remote bases and missing charts be downloaded.")
    ] = False,
    exit_zero: Annotated[bool, _option("--exit-zero", help="Exit with 0 in spite of findings.")] = False,
    fail_on_skipped: Annotated[
        bool, _option("--fail-on-skipped", help="Exit with 1 if a template was not checked.")
    ] = False,
    allow_empty: Annotated[
        bool, _option("--allow-empty", help="Exit with 0 if there is no Kubernetes object.")
    ] = False,
    isolated: Annotated[  # noqa: ARG001 - there is no configuration file yet that could be read
        bool, _option("--isolated", help="Read no configuration file.")
    ] = False,
    color: Annotated[Color, _option("--color", help="When to use colours. [auto]")] = Color.AUTO,
    quiet: Annotated[bool, _option("-q", "--quiet", help="Print findings only.")] = False,
    verbose: Annotated[bool, _option("-v", "--verbose", help="List what was not checked, and why.")] = False,
) -> int:
    """Check manifests."""
    from k8snetlint.cli.checking import Wishes, checked  # noqa: PLC0415 - other commands do not need it
    from k8snetlint.cli.options import config_of  # noqa: PLC0415 - as above

    config = config_of(
        select=select,
        extend_select=extend_select,
        ignore=ignore,
        severity=severity,
        kubernetes_version=kubernetes_version,
        node_port_range=node_port_range,
        namespace=namespace,
        whole_cluster=whole_cluster,
        schema_dir=schema_dir,
    )
    wishes = Wishes(
        paths=tuple(paths),
        context=tuple(context),
        exclude=tuple(exclude),
        stdin_name=stdin_filename or "<stdin>",
        format=output_format,
        output=output,
        fail_on=fail_on.severity,
        show=show.severity if show else None,
        color=color,
        exit_zero=exit_zero,
        fail_on_skipped=fail_on_skipped,
        allow_empty=allow_empty,
        quiet=quiet,
        verbose=verbose,
    )
    if render or values or release or include_crds or render_network:
        from k8snetlint.cli.rendering import rendering_of  # noqa: PLC0415 - as above

        rendering = rendering_of(
            render,
            values=values,
            release=release,
            namespace=namespace,
            include_crds=include_crds,
            network=render_network,
        )
        wishes = wishes._replace(rendering=rendering)
    return checked(config, wishes)


@app.command()
def rules(
    list_format: Annotated[ListFormat, _option("-f", "--format", help="How to list. [text]")] = ListFormat.TEXT,
    color: Annotated[Color, _option("--color", help="When to use colours. [auto]")] = Color.AUTO,
) -> int:
    """List all rules."""
    from k8snetlint.cli.pages import rules_as_json, rules_as_table  # noqa: PLC0415 - `check` does not need it

    if list_format is ListFormat.JSON:
        write(rules_as_json(), utf8=True)
    else:
        write(rules_as_table(colour=wants_colour(color, sys.stdout)))
    return OK


@app.command()
def rule(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", show_default=False, help="Rules, or other ids.")],
    color: Annotated[Color, _option("--color", help="When to use colours. [auto]")] = Color.AUTO,
) -> int:
    """Explain rules: why, what is wrong, what is right."""
    from k8snetlint.cli.pages import page  # noqa: PLC0415 - `check` does not need it

    pages = [page(each) for each in ids]
    if wants_colour(color, sys.stdout):
        show_markdown("\n".join(pages))
    else:
        write(pages)
    return OK
