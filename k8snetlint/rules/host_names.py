"""How rules report a host name in a field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import replace, set_to
from k8snetlint.finding import Fix, Problem

if TYPE_CHECKING:
    from k8snetlint.evidence.dns_names import UsedName
    from k8snetlint.finding import Severity

_LONGEST_TITLE = 90


def name_problem(
    used: UsedName,
    message: str,
    *,
    near: str = "",
    old: str = "",
    severity: Severity | None = None,
    advice: str = "",
) -> Problem:
    """Return the problem of a host name: at its letters, with a fix that writes another name.

    Args:
        used: the name.
        message: what is wrong.
        near: what to write instead; empty if it is not known.
        old: the text that it replaces; empty for the host name.
        severity: unless it is that of the rule.
        advice: what to do if there is no other name.
    """
    service = used.services[0] if used.services else None
    label = f"Service {service.name} is defined here" if service else ""
    return Problem(
        message,
        used.at,
        within=used.within,
        severity=severity,
        near=near or None,
        advice=advice,
        related=((service.at("metadata", "name"), label),) if service else (),
        fix=_fix(used, old or used.use.host, near) if near else None,
    )


def _fix(used: UsedName, old: str, new: str) -> Fix | None:
    """Return the fix that replaces a part of a value; None if several kustomizations share it."""
    value, at = used.use.value, used.use.start
    if used.resource.patches or (value and not value.startswith(old, at)):
        return None
    title = f"write {new}" if len(new) <= _LONGEST_TITLE else "write the other name"
    if value:
        return Fix(title, (set_to(used.at, value[:at] + new + value[at + len(old) :]),), safe=False)
    return Fix(title, (replace(used.at, at, old, new),), safe=False)
