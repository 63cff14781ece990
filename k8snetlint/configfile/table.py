"""Reading the keys of one table of a TOML file, and keeping all that is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from k8snetlint.configfile.keys import names
from k8snetlint.finding import ConfigError
from k8snetlint.source.similar import closest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from k8snetlint.configfile.positions import Path


_MEANT = {"complete": "whole-cluster", "whole-cluster": "complete"}
_PLACES = {"": "at the top level", "cluster": "in [[cluster]]", "external": "in [external]", "lint": "in [lint]"}

_Value = TypeVar("_Value")


class Fault(NamedTuple):
    """What is wrong with a key, or with its value."""

    path: Path
    message: str
    value: bool = True


class Table:
    """One table; reading a key returns None if it is missing, or wrong, which `faults` then tells."""

    __slots__ = ("faults", "path", "values")

    def __init__(self, path: Path, values: Mapping[str, object], faults: list[Fault]) -> None:
        self.path = path
        self.values = values
        self.faults = faults

    def fault(self, key: str | Path, message: str) -> None:
        """Keep what is wrong with the value of a key, or of what stands below it."""
        self.faults.append(Fault(self.path + ((key,) if isinstance(key, str) else key), message))

    def refuse_unknown(self, kind: str) -> None:
        """Keep a fault for each key that a table of this kind does not have."""
        for key in self.values:
            if key not in names(kind):
                self.faults.append(Fault((*self.path, key), _unknown_key(key, kind), value=False))

    def text(self, key: str) -> str | None:
        """Return a text."""
        value = self.values.get(key)
        if value is None or isinstance(value, str):
            return value
        self.fault(key, _other_type(key, value, "a string"))
        return None

    def flag(self, key: str) -> bool | None:
        """Return true or false."""
        value = self.values.get(key)
        if value is None or isinstance(value, bool):
            return value
        self.fault(key, _other_type(key, value, "true or false"))
        return None

    def items(self, key: str, *, single: bool = False) -> list[tuple[Path, str]] | None:
        """Return the texts of a list, or of one text where a `single` one may stand, each with its place."""
        value = self.values.get(key)
        if value is None:
            return None
        if single and isinstance(value, str):
            return [((key,), value)]
        if not isinstance(value, list):
            self.fault(key, _other_type(key, value, "a string or a list of strings" if single else "a list of strings"))
            return None
        texts: list[tuple[Path, str]] = []
        for index, each in enumerate(value):
            if isinstance(each, str):
                texts.append(((key, index), each))
            else:
                self.fault((key, index), _other_type(f"{key}[{index}]", each, "a string"))
        return texts

    def texts(self, key: str, check: Callable[[str], str | None] = lambda _: None) -> tuple[str, ...] | None:
        """Return the texts of a list; `check` says what is wrong with one."""
        items = self.items(key)
        for path, text in items or ():
            if message := check(text):
                self.fault(path, message)
        return None if items is None else tuple(text for _, text in items)

    def table(self, key: str, kind: str | None = None) -> Table:
        """Return a table, an empty one if it is missing; without a kind it may have any key."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.fault(key, _other_type(key, value, "a table"))
            value = {}
        table = Table((*self.path, key), value, self.faults)
        if kind is not None:
            table.refuse_unknown(kind)
        return table

    def tables(self, key: str, kind: str) -> Iterable[Table]:
        """Yield the tables of a list of tables."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            self.fault(key, _other_type(key, value, f"a list of tables, [[{key}]]"))
            return
        for index, each in enumerate(value):
            if not isinstance(each, dict):
                self.fault((key, index), _other_type(f"{key}[{index}]", each, "a table"))
                continue
            table = Table((*self.path, key, index), each, self.faults)
            table.refuse_unknown(kind)
            yield table

    def understood(self, at: str | Path, text: str, read: Callable[[str], _Value]) -> _Value | None:
        """Return what `read` makes of a text."""
        try:
            return read(text)
        except ConfigError as error:
            self.fault(at, str(error))
        return None


def near(word: str, known: Iterable[str], limit: int = 2) -> str:
    """Return which known word was probably meant, as the end of a sentence."""
    found = closest(word, known, limit=limit)
    return f"; did you mean `{found}`?" if found else ""


def _unknown_key(key: str, kind: str) -> str:
    unknown = f"unknown key `{key}`"
    if _MEANT.get(key) in names(kind):
        return f"{unknown}; did you mean `{_MEANT[key]}`?"
    elsewhere = [place for other, place in _PLACES.items() if key in names(other)]
    if elsewhere:
        return f"{unknown}; it belongs {' or '.join(elsewhere)}"
    return unknown + (near(key, names(kind)) or f"; known keys: {', '.join(names(kind))}")


def _other_type(key: str, value: object, wanted: str) -> str:
    kind = _type_of(value)
    quotes = ", in quotes" if kind == "a number" and wanted.startswith("a string") else ""
    return f"`{key}`: expected {wanted}{quotes}, got {kind}"


def _type_of(value: object) -> str:
    match value:
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "a date or time"
