"""The commonest command lines: `check` with paths, formats and a few flags, which need no parser of options.

They are those of pre-commit and of most CI steps. To import Typer would take a third of a run over one file, so these
are read without it; whatever is not known here is left to Typer, which also explains what is wrong.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snetlint.cli.check_options import CheckOptions

_FORMAT = ("-f", "--format")
_FLAGS: dict[str, tuple[str, Any]] = {
    "-q": ("quiet", True),
    "--quiet": ("quiet", True),
    "-v": ("verbose", True),
    "--verbose": ("verbose", True),
    "--changed": ("changed", ""),
    "--exit-zero": ("exit_zero", True),
}
_VARIABLES = ("K8SNETLINT_", "_K8SNETLINT_")
"""With a variable that is called so, options may have other values."""


def check_with_few_options(arguments: Sequence[str]) -> int | None:
    """Run `check` and return its exit code; None if the command line says anything else."""
    few = FewOptions.of(arguments)
    if few is None:
        return None
    from k8snetlint.cli.outcome import outcome  # noqa: PLC0415 - not for others
    from k8snetlint.cli.run_check import run_check  # noqa: PLC0415 - as above

    return outcome(lambda: run_check(few.options()))


class FewOptions:
    """What a command line says that has no other options."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.formats: list[str] = []
        self.flags: dict[str, Any] = {}

    @classmethod
    def of(cls, arguments: Sequence[str]) -> FewOptions | None:
        """Return what a command line says, None if Typer has to read it."""
        if arguments[:1] != ["check"] or any(name.startswith(_VARIABLES) for name in os.environ):
            return None
        few = cls()
        rest = iter(arguments[1:])
        for each in rest:
            if each in _FLAGS:
                name, value = _FLAGS[each]
                few.flags[name] = value
            elif each in _FORMAT:
                few.formats.append(next(rest, ""))
                if few.formats[-1][:1] in ("", "-"):
                    return None
            elif each == "-" or not each.startswith("-"):
                few.paths.append(each)
            else:
                return None
        return few

    def options(self) -> CheckOptions:
        """Return the options of `check`.

        Raises:
            ConfigError: a format does not exist, or there are two for one place.
        """
        from k8snetlint.cli.check_options import CheckOptions, outputs_of  # noqa: PLC0415 - not for others
        from k8snetlint.cli.settings import CliSettings  # noqa: PLC0415 - as above

        settings = CliSettings(paths=tuple(self.paths))
        return CheckOptions(settings, outputs=outputs_of(self.formats, None), **self.flags)
