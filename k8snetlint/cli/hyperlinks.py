"""Whether a terminal shows links (OSC 8)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from k8snetlint.cli.output import Color, wants_colour

if TYPE_CHECKING:
    from typing import TextIO

_PROGRAMS = frozenset({"Hyper", "WezTerm", "ghostty", "iTerm.app", "terminology", "vscode", "zed"})
_TERMINALS = frozenset({"alacritty", "alacritty-direct", "foot", "xterm-ghostty", "xterm-kitty"})
_VARIABLES = ("DOMTERM", "KONSOLE_VERSION", "WT_SESSION")
_VTE = 5000
"""Since 0.50 the widget behind GNOME Terminal and others shows links."""


def wants_links(color: Color, stream: TextIO | None) -> bool:
    """Tell whether to write links: as `FORCE_HYPERLINK` says, else where they are shown; without colours never.

    Source: https://github.com/zkat/supports-hyperlinks
    """
    if color is Color.NEVER or (color is Color.AUTO and os.environ.get("NO_COLOR")):
        return False
    forced = os.environ.get("FORCE_HYPERLINK")
    if forced is not None:
        return forced.strip() != "0"
    if stream is None or not stream.isatty() or not wants_colour(color, stream):
        return False
    return _shows_links()


def _shows_links() -> bool:
    version = os.environ.get("VTE_VERSION", "")
    return (
        (version.isdecimal() and int(version) >= _VTE)
        or os.environ.get("TERM_PROGRAM") in _PROGRAMS
        or os.environ.get("TERM") in _TERMINALS
        or any(name in os.environ for name in _VARIABLES)
    )
