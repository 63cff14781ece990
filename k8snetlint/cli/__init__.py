"""The command line: it reads options and the environment, prints, and ends with an exit code."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

OK, FINDINGS, USAGE, EMPTY, INTERNAL, INTERRUPTED = 0, 1, 2, 3, 4, 130
_PRECEDENCE = (INTERRUPTED, INTERNAL, USAGE, FINDINGS, EMPTY, OK)


def worst(*codes: int) -> int:
    """Return the exit code that counts among several."""
    return min(codes, key=_PRECEDENCE.index)


def main() -> NoReturn:
    """Run the command line and end the process."""
    # One process, one run: what is garbage goes with the process. Looking for it would take a seventh of the time.
    gc.disable()
    code = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            code = worst(code, FINDINGS)  # nobody listens
    # Taking every module apart first would be a tenth of a short run.
    os._exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit code."""
    try:
        # An interrupt while modules are imported is one, too.
        from k8snetlint.cli.few_options import check_with_few_options  # noqa: PLC0415 - see above

        code = check_with_few_options(arguments)
        if code is not None:
            return code
        from k8snetlint.cli.app import call  # noqa: PLC0415 - see above

        return call(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _mute()
        return FINDINGS
    except Exception as error:  # noqa: BLE001 - the last resort: a line instead of a traceback
        from k8snetlint.cli.output import say  # noqa: PLC0415 - only when something broke
        from k8snetlint.linting.failures import origin_of  # noqa: PLC0415 - as above

        say(f"{type(error).__name__}: {error} ({origin_of(error)}); report this bug", "internal error")
        return INTERNAL


def _mute() -> None:
    """Send standard output nowhere from now on."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
