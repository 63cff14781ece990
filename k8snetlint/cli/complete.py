"""What a shell offers for the values of options."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def ids(incomplete: str) -> list[str]:
    """Return the ids that begin as a value does."""
    from k8snetlint.cli.options import known_ids  # noqa: PLC0415 - only when a shell asks

    return _after_comma(incomplete, known_ids())


def ids_and_groups(incomplete: str) -> list[str]:
    """Return the ids and groups that begin as a value does; `ALL`, too."""
    from k8snetlint.cli.options import known_ids  # noqa: PLC0415 - only when a shell asks

    known = known_ids()
    return _after_comma(incomplete, ["ALL", *dict.fromkeys(each.partition("-")[0] for each in known), *known])


def groups(incomplete: str) -> list[str]:
    """Return the groups of ids that begin as a value does."""
    from k8snetlint.cli.options import known_ids  # noqa: PLC0415 - only when a shell asks

    return _after_comma(incomplete, dict.fromkeys(each.partition("-")[0] for each in known_ids()))


def severities(incomplete: str) -> list[str]:
    """Return ids with the levels that they may get."""
    from k8snetlint.cli.options import Level, known_ids  # noqa: PLC0415 - only when a shell asks

    name, equals, _ = incomplete.rpartition(",")[2].partition("=")
    if not equals:
        return _after_comma(incomplete, [f"{each}=" for each in known_ids()])
    return _after_comma(incomplete, [f"{name}={level}" for level in (*(each.value for each in Level), "off")])


def formats(incomplete: str) -> list[str]:
    """Return the report formats that begin as a value does."""
    from k8snetlint.report.style import Format  # noqa: PLC0415 - only when a shell asks

    return [each.value for each in Format if each.startswith(incomplete)]


def versions(incomplete: str) -> list[str]:
    """Return the Kubernetes versions that begin as a value does, the newest first."""
    from k8snetlint.model.environment import NEWEST, OLDEST  # noqa: PLC0415 - only when a shell asks

    major = NEWEST[0]
    return _after_comma(incomplete, [f"{major}.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1)])


def plugins(incomplete: str) -> list[str]:
    """Return the CNI plugins that begin as a value does."""
    from k8snetlint.model.tables.cni_features import PLUGINS  # noqa: PLC0415 - only when a shell asks

    return [each for each in sorted(PLUGINS) if each.startswith(incomplete)]


def _after_comma(incomplete: str, values: Iterable[str]) -> list[str]:
    """Return the values for the last part of a list with commas, each with the parts before it."""
    before, comma, last = incomplete.rpartition(",")
    return [f"{before}{comma}{each}" for each in values if each.startswith(last)]


_COMPLETERS: dict[str, Callable[[str], list[str]]] = {
    "--select": ids_and_groups,
    "--extend-select": ids_and_groups,
    "--ignore": ids_and_groups,
    "--severity": severities,
    "--group": groups,
    "--format": formats,
    "--kubernetes-version": versions,
    "--cni": plugins,
}


def completer(option: str, *, is_text: bool) -> Callable[[str], list[str]] | None:
    """Return what completes an option's value.

    Args:
        option: its name.
        is_text: its value is any text; a choice completes itself.
    """
    return _COMPLETERS.get(option) if is_text else None
