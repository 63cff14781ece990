"""What a user wants of a run, beyond what counts in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.cli.output import Color
from k8snetlint.cli.settings import CliSettings
from k8snetlint.finding import ConfigError
from k8snetlint.report.style import Format

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snetlint.render.rendered import Rendering


class Output(NamedTuple):
    """A report: its format, and its file; None is standard output."""

    format: Format
    path: str | None = None


class FixOptions(NamedTuple):
    """What is done with fixes: made, shown, the unsafe ones as well."""

    fix: bool = False
    diff: bool = False
    unsafe: bool = False


class CheckOptions(NamedTuple):
    """The options of `check`, see their help."""

    cli_settings: CliSettings = CliSettings()
    stdin_name: str = "<stdin>"
    outputs: tuple[Output, ...] = (Output(Format.FULL),)
    statistics: bool = False
    fix_options: FixOptions = FixOptions()
    changed: str | None = None
    trust: str | None = None
    baseline: str | None = None
    write_baseline: str | None = None
    force: bool = False
    add_ignore: str | None = None
    suppressions: bool = True
    server_exact: bool = False
    rendering: Rendering | None = None
    exit_zero: bool = False
    allow_empty: bool = False
    show_files: bool = False
    show_settings: bool = False
    color: Color = Color.AUTO
    quiet: bool = False
    verbose: bool = False

    @property
    def is_text(self) -> bool:
        """People read standard output, so words may stand beside it."""
        return all(each.format.is_text for each in self.outputs if each.path is None)


def outputs_of(formats: Sequence[str], output: str | None) -> tuple[Output, ...]:
    """Return the reports that `-f FORMAT[:FILE]` and `-o FILE` ask for.

    Raises:
        ConfigError: an unknown format, or two for one place.
    """
    outputs = [_output(text) for text in formats] or [Output(Format.FULL)]
    target = None if output in (None, "-") else output
    if target is not None:
        if all(each.path for each in outputs):
            raise ConfigError("-o needs a format without a file of its own")
        outputs = [each if each.path else each._replace(path=target) for each in outputs]
    places = [each.path for each in outputs]
    for place in places:
        if places.count(place) > 1:
            where = f"`{place}`" if place else "standard output; write -f FORMAT:FILE for the others"
            raise ConfigError(f"two formats for {where}")
    return tuple(outputs)


def _output(text: str) -> Output:
    name, colon, path = text.partition(":")
    known = [each.value for each in Format]
    if name not in known:
        from k8snetlint.source.similar import closest  # noqa: PLC0415 - only for an error

        near = closest(name, known)
        raise ConfigError(
            f"unknown format `{name}`" + (f"; did you mean `{near}`?" if near else f"; there are {', '.join(known)}")
        )
    if colon and not path:
        raise ConfigError(f"`{text}` names no file")
    return Output(Format(name), path if path and path != "-" else None)
