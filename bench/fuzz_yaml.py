"""Writes a value as YAML in one of the many ways in which it can be written, and in some in which it cannot.

Merge keys, anchors, aliases, tags, flow and block style, block scalars, explicit keys, comments, repeated keys,
escapes.
"""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

_PLAIN = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./ *-]*(?<! )")
_COMMENTS = ("", "", "", "", " # why", " #", "  # a: b", ' # "', "\t# tab")
ODD = (
    "\u00e9",
    "\x7f",
    "\ufffe",
    "\ufeff",
    "\u2028",
    "\x85",
    "\u00a0",
    "\\ud800",
    "\\udc00x",
    "\\ud83d\\ude00",
    "\U0001f600",
)


class Speller:
    """Writes the documents of one text."""

    def __init__(self, random: Random, pool: Sequence[Any]) -> None:
        self._random = random
        self._pool = pool
        self._anchors: list[tuple[str, Any]] = []
        self._wild = random.choice((0.0, 0.02, 0.1, 0.3))
        self._flows = random.choice((0.05, 0.3, 1.0))

    def document(self, value: Any) -> str:
        """Return a document."""
        self._anchors = []
        text = self._flow(value, 1) + "\n" if self._chance(self._flows / 3) else self._node(value, -1).lstrip("\n ")
        return text.replace("\n", "\r\n") if self._chance(0.03) else text

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _node(self, value: Any, indent: int) -> str:
        """Return what follows a colon or a dash in block style, with the line's end; `indent` is that of the parent."""
        prefix = self._properties(value)
        if prefix.startswith("*"):
            return f" {prefix}{self._comment()}\n"
        inner = indent + self._random.choice((1, 2, 2, 2, 4)) if indent >= 0 else 0
        if isinstance(value, dict | list) and value and not self._chance(self._flows * 0.3):
            lines = (
                self._mapping(value, inner) if isinstance(value, dict) else self._list(value, max(indent, inner - 2, 0))
            )
            return f" {prefix}{self._comment()}\n{lines}" if prefix else f"{self._comment()}\n{lines}"
        if isinstance(value, str) and self._chance(0.1 if indent >= 0 else 0):
            return f" {prefix}{self._block(value, inner)}"
        if isinstance(value, dict | list):
            return f" {prefix}{self._flow(value, inner)}{self._comment()}\n"
        return f" {prefix}{self._scalar(value)}{self._comment()}\n"

    def _mapping(self, value: dict[str, Any], indent: int) -> str:
        pad = " " * indent
        lines = []
        for key, each in self._entries(value):
            if self._chance(0.02):
                lines.append(self._random.choice(("\n", f"{pad}# x\n", "# y: z\n", f"{pad}\t\n")))
            if self._chance(self._wild / 5):
                lines.append(f"{pad}? {self._key(key)}\n{pad}:{self._plain_keys(key, each, indent)}")
            else:
                lines.append(f"{pad}{self._key(key)}:{self._plain_keys(key, each, indent)}")
        return "".join(lines)

    def _plain_keys(self, key: str, value: Any, indent: int) -> str:
        """Return a value in block style; that of what says which kind it is, simply."""
        return f" {value}\n" if key in ("kind", "apiVersion") and indent == 0 else self._node(value, indent)

    def _list(self, value: list[Any], indent: int) -> str:
        pad = " " * indent
        lines = []
        for each in value:
            text = self._node(each, indent)
            # A collection may begin on the line of the dash.
            begins = re.match(r"\n( +)(?=[^ #])", text)
            if begins and len(begins[1]) >= indent + 2 and self._chance(0.9):
                text = " " * (len(begins[1]) - indent - 1) + text[begins.end() :]
            lines.append(f"{pad}-{text}")
        return "".join(lines)

    def _entries(self, value: dict[str, Any]) -> list[tuple[str, Any]]:
        """Return the entries of a mapping, some of them merged, and some of them twice."""
        entries = list(value.items())
        if self._chance(self._wild / 2) and len(entries) > 1:
            moved = self._random.sample(entries, self._random.randrange(1, len(entries)))
            if not {"kind", "apiVersion"} & {key for key, _ in moved}:
                left = [each for each in entries if each not in moved or self._chance(0.1)]
                merged: Any = dict(moved)
                if self._chance(0.3):
                    half = len(moved) // 2
                    again = moved[half - 1 : half] if self._chance(0.3) else []
                    merged = [dict(moved[:half]), dict(moved[half:] + again)]
                left.insert(self._random.randrange(len(left) + 1), ("<<", merged))
                entries = left
        if self._chance(self._wild / 4) and entries:
            key, old = self._random.choice(entries)
            if key != "<<":
                new: Any = self._random.choice((old, self._random.choice(self._pool), None, {}))
                new = old if key in ("kind", "apiVersion") else new
                entries.insert(self._random.randrange(len(entries) + 1), (key, new))
        if self._chance(self._wild / 8):
            known = [(name, value) for name, value in self._anchors if isinstance(value, dict)]
            if known:
                entries.insert(self._random.randrange(len(entries) + 1), ("<<", Alias(self._random.choice(known)[0])))
        return entries

    def _key(self, key: str) -> str:
        if key == "<<":
            return self._random.choice(("<<", "<<", "<<", "!!merge <<", "! <<")) if self._chance(self._wild) else "<<"
        is_plain = _PLAIN.fullmatch(key) is not None
        if self._chance(self._wild):
            known = [name for name, value in self._anchors if value == key]
            if known and self._chance(0.5):
                return f"*{self._random.choice(known)} "
            encoded = base64.b64encode(key.encode("utf-8", "replace")).decode()
            anchor = self._anchor(key) if self._chance(0.3) else ""
            ways = [
                json.dumps(key),
                f"'{key}'",
                f"!!binary {encoded}",
                f"!!str {json.dumps(key)}",
                f"! {json.dumps(key)}",
            ]
            return anchor + self._random.choice(ways)
        return key if is_plain and not self._chance(0.05) else json.dumps(key)

    def _anchor(self, value: Any) -> str:
        name = f"a{len(self._anchors) % 5}"
        self._anchors = [each for each in self._anchors if each[0] != name]
        # A collection can be used when it is complete; where it is too early, both say so.
        self._anchors.append((name, value))
        return f"&{name} "

    def _properties(self, value: Any) -> str:
        """Return an alias instead of a value, or its anchor and its tag."""
        if isinstance(value, Alias):
            return f"*{value}"
        if not self._chance(self._wild):
            return ""
        same = [name for name, each in self._anchors if each == value and type(each) is type(value)]
        if same and self._chance(0.7):
            return f"*{self._random.choice(same)}"
        if self._anchors and self._chance(0.05):
            return f"*{self._random.choice(self._anchors)[0]}"
        tags: dict[type, tuple[str, ...]] = {
            dict: ("!!map ", "!foo ", "! "),
            list: ("!!seq ", "!x/y "),
            str: ("!!str ", "! ", "!foo "),
            int: ("!!int ", "!!float ", "!!str ", "! "),
            bool: ("!!bool ", "! "),
            float: ("!!float ",),
        }
        tag = self._random.choice(tags.get(type(value), ("!!null ", "!!str ")))
        if self._chance(0.05):
            tag = self._random.choice(
                ("!!int ", "!!bool ", "!!float ", "!!null ", "!!binary ", "!!timestamp ", "!!set ", "!e!x ")
            )
        anchor = self._anchor(value)
        return self._random.choice((anchor, anchor, tag, anchor + tag, tag + anchor))

    def _comment(self) -> str:
        return self._random.choice(_COMMENTS) if self._chance(0.1) else ""

    def _block(self, value: str, indent: int) -> str:
        """Return a block scalar."""
        pad = " " * indent
        mark = self._random.choice("|>") + self._random.choice(("", "-", "-", "-", "+"))
        if self._chance(0.1):
            mark += str(self._random.choice((1, 2, 3)))
        lines = "\n".join(pad + line if line else "" for line in value.split("\n"))
        return f"{mark}{self._comment()}\n{lines}\n" + "\n" * self._random.choice((0, 0, 0, 1))

    def _flow(self, value: Any, indent: int) -> str:
        if isinstance(value, dict | list):
            space = self._random.choice(("", "", " ", "\n" + " " * (indent + 1)))
            if isinstance(value, dict):
                each = [self._flow_entry(key, inner, indent) for key, inner in self._entries(value)]
            else:
                each = [self._flow_item(inner, indent) for inner in value]
            opening, closing = "{}" if isinstance(value, dict) else "[]"
            comma = self._random.choice((", ", ", ", ",", ",\n" + " " * (indent + 1), " , "))
            last = "," if each and self._chance(0.05) else ""
            return opening + space + comma.join(each) + last + space + closing
        return self._scalar(value)

    def _flow_item(self, value: Any, indent: int) -> str:
        prefix = self._properties(value)
        return prefix if prefix.startswith("*") else prefix + self._flow(value, indent)

    def _flow_entry(self, key: str, value: Any, indent: int) -> str:
        written = self._key(key)
        colon = ": "
        if written.endswith('"') and self._chance(0.2):
            colon = self._random.choice((":", " : ", ":\n" + " " * (indent + 2)))
        question = "? " if self._chance(self._wild / 10) else ""
        return f"{question}{written}{colon}{self._flow_item(value, indent)}"

    def _scalar(self, value: Any) -> str:
        """Return a scalar on one line."""
        choose = self._random.choice
        if isinstance(value, str) and type(value) is not str:
            return str(value)
        if isinstance(value, bool):
            return choose(("true", "true", "yes", "on", "True", "y")) if value else choose(("false", "no", "off", "N"))
        if value is None:
            return choose(("null", "~", "", "Null"))
        if isinstance(value, int) and self._chance(0.1):
            return choose(
                (
                    hex(value),
                    f"0{value:o}" if value >= 0 else "-1",
                    f"{value}.0",
                    f"{value}_",
                    f"+{value}",
                    f'"{value}"',
                )
            )
        if not isinstance(value, str):
            return json.dumps(value)
        if self._chance(0.5) and _PLAIN.fullmatch(value):
            return value
        if self._chance(self._wild / 2):
            return self._odd(value)
        quoted = json.dumps(value, ensure_ascii=self._chance(0.5))
        return quoted if self._chance(0.6) else "'" + value.replace("'", "''").replace("\n", "\n\n") + "'"

    def _odd(self, value: str) -> str:
        """Return a string in double quotes, with escapes."""
        at = self._random.randrange(len(value) + 1)
        put = self._random.choice(
            (
                "",
                "\\/",
                "\\x41",
                "\\u0041",
                "\\U00000041",
                "\\\n   ",
                "\\ ",
                "\\e",
                "\\q",
                "\\ud800",
                "\\N",
                "\\_",
                "\\P",
                "\ufeff",
                "\\t",
                "\t",
                *ODD,
            )
        )
        return json.dumps(value[:at])[:-1] + put + json.dumps(value[at:])[1:]


class Alias(str):
    """The name of an anchor."""

    __slots__ = ()
