"""The program: its commands, and what their errors mean."""

import os
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from k8snetlint.cli import OK, USAGE
from k8snetlint.cli.outcome import outcome
from k8snetlint.cli.output import say
from k8snetlint.finding import ConfigError
from k8snetlint.version import VERSION

app = typer.Typer(
    name="k8snetlint",
    help="Lint Kubernetes networking manifests.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
WITHOUT_VALUE = {"--changed": "", "--add-ignore": ""}
"""Options whose value is given with `=` only, and what they mean without."""
COMPLETION = "_K8SNETLINT_COMPLETE"
"""The variable by which a shell asks for completions."""


def option(*names: str, **details: Any) -> Any:
    """Return an option; its help says what it is without."""
    if os.environ.get(COMPLETION):
        from k8snetlint.cli.complete import completer  # noqa: PLC0415 - only when a shell asks

        details["autocompletion"] = completer(names[-1], is_text="metavar" in details)
    return typer.Option(*names, show_default=False, show_envvar=False, **details)


def fact(name: str, metavar: str, text: str) -> Any:
    """Return an option for a fact about the cluster, which a variable of its name tells as well."""
    return option(name, metavar=metavar, help=text, envvar=f"K8SNETLINT_{name[2:].replace('-', '_').upper()}")


def many(name: str, metavar: str, text: str, **details: Any) -> Any:
    """Return an option that may be repeated."""
    return option(name, metavar=metavar, help=text, default_factory=list, **details)


def call(arguments: Sequence[str]) -> int:
    """Run a command; return its exit code."""
    if os.environ.get(COMPLETION):
        from typer._completion_classes import completion_init  # noqa: PLC0415 - only when a shell asks

        completion_init()
    if arguments[:1] == ["check"]:
        import k8snetlint.cli.check  # noqa: PLC0415 - the command registers itself; the others are not needed
    else:
        import k8snetlint.cli.assert_connections  # noqa: PLC0415 - as above
        import k8snetlint.cli.check  # noqa: PLC0415 - as above
        import k8snetlint.cli.commands  # noqa: PLC0415 - as above
        import k8snetlint.cli.connections  # noqa: PLC0415 - as above
        import k8snetlint.cli.diff  # noqa: PLC0415 - as above
        import k8snetlint.cli.explain  # noqa: F401, PLC0415 - as above
    return outcome(lambda: _called(arguments))


def _called(arguments: Sequence[str]) -> int:
    try:
        code = app(args=_with_values(arguments), prog_name="k8snetlint", standalone_mode=False)
    except typer.TyperException as error:
        say(error.format_message())
        context = getattr(error, "ctx", None)
        if context is not None:
            say(f"`{context.command_path} --help` lists commands and options", "help")
        return USAGE
    except typer.Abort:
        return USAGE
    return code if isinstance(code, int) else OK


def _with_values(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with a value for each option that may stand without one."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    for name in WITHOUT_VALUE:
        if f"{name}=" in arguments[:end]:
            # Most often a variable that is empty, and not what was meant.
            raise ConfigError(f"{name}= has no value; write {name} alone, or a value after the =")
    cli_settings = [f"{each}={WITHOUT_VALUE[each]}" if each in WITHOUT_VALUE else each for each in arguments[:end]]
    return [*cli_settings, *arguments[end:]]


def _version(value: bool) -> None:  # noqa: FBT001 - Typer's callback
    if value:
        typer.echo(f"k8snetlint {VERSION}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _start(
    context: typer.Context,
    *,
    version: Annotated[  # noqa: ARG001 - its callback has done all
        bool, option("-V", "--version", is_eager=True, callback=_version, help="Show the version.")
    ] = False,
) -> int:
    if context.invoked_subcommand is None:
        sys.stderr.write(context.get_help() + "\n")
        raise typer.Exit(USAGE)
    return OK
