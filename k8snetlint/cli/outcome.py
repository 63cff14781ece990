"""What errors of users mean: a line that says what is wrong, and an exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.cli import USAGE
from k8snetlint.cli.output import OutputError, say
from k8snetlint.finding import ConfigError
from k8snetlint.source.files import MissingPathError

if TYPE_CHECKING:
    from collections.abc import Callable


def outcome(command: Callable[[], int]) -> int:
    """Run a command; return its exit code."""
    try:
        return command()
    except ConfigError as error:
        for line in getattr(error, "errors", (str(error),)):
            say(line)
    except (MissingPathError, OutputError) as error:
        say(str(error))
    return USAGE
