"""What `--help` prints: options in groups, words never broken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

GROUPS = {
    "Files": (
        *("--context", "--exclude", "--force-exclude", "--stdin-filename", "--schema-dir", "--config", "--isolated"),
        *("--show-files", "--show-settings"),
    ),
    "The cluster": (
        *("--kubernetes-version", "--namespace", "--whole-cluster", "--cni", "--pod-cidr", "--service-cidr"),
        *("--ip-family", "--node-port-range", "--cluster-domain"),
    ),
    "Charts and kustomizations": (
        *("--render", "--values", "--set", "--release", "--include-crds", "--render-network"),
        "--fail-on-skipped",
    ),
    "What is reported": (
        *("--select", "--extend-select", "--ignore", "--severity", "--fail-on", "--exit-zero", "--allow-empty"),
        "--server-exact",
    ),
    "Fixes": ("--fix", "--diff", "--unsafe-fixes"),
    "Changes and accepted findings": (
        *("--changed", "--baseline", "--write-baseline", "--force", "--add-ignore", "--no-suppressions", "--trust"),
    ),
    "Output": ("--format", "--output", "--show", "--statistics", "--color", "--quiet", "--verbose", "--help"),
}
"""The options of commands with many, by what they are about."""
_OTHERS = "Options"
_FIRST_COLUMN = 31
_INDENT = 2
_DEEPER = 8
_NARROW = 70
"""Columns from which on a meaning fits beside an option."""


def group_of(names: Iterable[str]) -> str:
    """Return the title of the group that an option belongs to, which has these names."""
    return next((title for title, options in GROUPS.items() if any(name in options for name in names)), _OTHERS)


class Command(TyperCommand):
    """A command whose help has its options in groups."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments and options to a help text."""
        groups: dict[str, list[tuple[str, str]]] = {title: [] for title in ("Arguments", _OTHERS, *GROUPS)}
        for each in self.get_params(ctx):
            record = each.get_help_record(ctx)
            if record:
                title = "Arguments" if each.param_type_name == "argument" else group_of(each.opts)
                groups[title].append(record)
        for title, records in groups.items():
            if records:
                formatter.write(f"\n{title}:\n")
                formatter.write("".join(_rows(_sorted(title, records), formatter.width)))


def _sorted(title: str, records: list[tuple[str, str]]) -> list[tuple[str, str]]:
    order = GROUPS.get(title, ())

    def place(record: tuple[str, str]) -> int:
        names = record[0].replace(",", " ").split()
        return next((order.index(name) for name in names if name in order), len(order))

    return sorted(records, key=place)


def _rows(records: Iterable[tuple[str, str]], width: int) -> Iterator[str]:
    """Yield the lines of a list of options with their meanings."""
    import textwrap  # noqa: PLC0415 - help only

    for spelling, meaning in records:
        fits = width >= _NARROW and len(spelling) < _FIRST_COLUMN
        column = _INDENT + _FIRST_COLUMN if width >= _NARROW else _DEEPER
        wrapped = textwrap.wrap(meaning, max(width - column, 20), break_long_words=False, break_on_hyphens=False)
        first = f"{spelling:{_FIRST_COLUMN}}{wrapped.pop(0)}" if fits and wrapped else spelling
        yield f"{'':{_INDENT}}{first}\n"
        yield from (f"{'':{column}}{line}\n" for line in wrapped)
