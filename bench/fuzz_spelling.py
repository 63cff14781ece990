"""Writes objects as texts in all the ways to write them, for `fuzz_validation.py --spelling`.

YAML of `fuzz_yaml.py`: streams of documents with separators, comments, byte order marks and CRLF; Lists. JSON with
escapes and repeated keys.

What the program that we ask does unlike kubectl and the API server is not written, or not compared:

- JSON with whole numbers as `80.0`: kubectl sends 80, the program gets the text itself.
- a text that begins with `{` and is not JSON, or goes on behind it: kubectl reads the rest as YAML, the program does
  not.
- a kind that may be a custom resource: only a cluster knows whether it is served.
- a List without an apiVersion, in a List, with items that are null or no mappings, or with repeated keys in JSON: the
  program does not look at them as kubectl does.
- a document that is null: kubectl leaves it out. An indented `---`: the program leaves it out.
- text behind `---`: the program stops there, and loses the document before.
- a byte order mark before JSON, and two at the beginning: kubectl takes off the first one of a file.
- more than 200 nested collections, lines of more than 4 MiB, and aliases beyond our bounds: refused by us on purpose.
- a key that becomes the same text as another one (`1` and `"1"`): which value is kept is random.
- a text without a line end whose length is a multiple of 4,096: the program's reader loses it.
- `---` and `...` at the beginning: nothing to the program, since its first document has both lines; an error to us.
- numbers in JSON that no float64 can hold: kubectl cannot read them, the server names the field.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from fuzz_yaml import ODD, Speller

from k8snetlint.source.document import Source
from k8snetlint.source.load import load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from oracle import Verdict

_NULL = re.compile(
    r"^[ \t\ufeff]+---|^---[ \t]*#.*(?:\n(?:[ \t]*(?:#.*)?\n)*(?:---|\Z)|\Z)|\A---.*\n(?:#.*\n|\s)*\.\.\.", re.MULTILINE
)
"""A document that may be null, or an indented separator."""
_BEFORE = (
    "",
    "",
    "",
    "---\n",
    "--- # a\n",
    "# a\n",
    "\n\n",
    "\ufeff",
    "\ufeff---\n",
    "%YAML 1.1\n---\n",
    "# a\n---\n",
    "---\t\n",
)
_BEHIND = ("", "", "", "---\n", "---", "...\n", "# a\n", "\n\n", "--- # a", "   \n", "---\n---\n")


def spelt(values: Sequence[Any], pool: Sequence[Any], random: Random) -> str:
    """Return one text with some values: documents, or the items of a List."""
    speller = Speller(random, pool)
    if random.random() < 0.1:
        kind = values[0].get("kind") if isinstance(values[0], dict) else None
        listed: dict[str, Any] = {
            "apiVersion": "v1",
            "kind": "List",
            "items": [each for each in values if isinstance(each, dict)],
        }
        if isinstance(kind, str) and re.fullmatch("[A-Za-z]+", kind) and random.random() < 0.5:
            version = values[0].get("apiVersion")
            listed |= {"apiVersion": version if isinstance(version, str) else "v1", "kind": kind + "List"}
        values = [listed]
    texts = [speller.document(each) for each in values]
    text = random.choice(_BEFORE) + "---\n".join(text if text.endswith("\n") else text + "\n" for text in texts)
    return text + random.choice(_BEHIND)


def without_false_json(text: str) -> str:
    """Return a text with a comment before each document that begins like JSON, but is not, see above."""
    parts = re.split(r"(?m)^(---.*\n?)", text)
    return "".join(
        f"# not JSON\n{part}" if part.lstrip("\ufeff \t\r\n").startswith("{") and not _is_json(part) else part
        for part in parts
    )


def renamed(value: dict[str, Any], random: Random) -> dict[str, Any]:
    """Return an object whose apiVersion or kind is misspelt as people do it."""
    field = random.choice(("apiVersion", "kind"))
    text = str(value.get(field, ""))
    at = random.randrange(len(text) + 1)
    edits = (
        text[:at] + text[at + 1 :],
        text[:at] + random.choice("aks1./-") + text[at:],
        text[:at] + text[at : at + 1].swapcase() + text[at + 1 :],
        text[:at] + text[at : at + 2][::-1] + text[at + 2 :],
        text + random.choice(("s", "/", "/v1", ".k8s.io", "beta1")),
        random.choice(("core/", "k8s.io/", "v1/", "/", "networking.k8s.io/", "apps/")) + text,
        text.lower(),
        text.partition("/")[2] or text.partition(".")[2],
    )
    return {**value, field: random.choice(edits)}


def is_no_matter(text: str, answers: Sequence[Verdict], mine: Sequence[Verdict]) -> bool:
    """Tell whether answers to a text are not compared: it is one of those above, or may be a custom resource."""
    causes = {each for answer in answers for each in answer.causes}
    values = [each.value for each in load(Source.of("", text.encode("utf-8", "surrogatepass"))).documents]
    lists = [each for each in values if isinstance(each, dict) and str(each.get("kind")).endswith("List")]
    if not all(each.get("apiVersion") for each in lists):
        return True
    is_custom = ("apiVersion", "NoMatch") in causes and not all(each.judged for each in mine)
    return is_custom or _NULL.search(text) is not None


def _is_json(text: str) -> bool:
    try:
        json.loads(text.removeprefix("\ufeff"), parse_constant=float)
    except ValueError:
        return False
    return not re.search("NaN|Infinity", text)


def json_text(value: Any, pool: Sequence[Any], random: Random) -> str:
    """Return a value as JSON, some of its keys repeated."""
    wild = random.choice((0.0, 0.02, 0.1))
    is_list = isinstance(value, dict) and str(value.get("kind", "")).endswith("List")
    comma = random.choice((",", ", ", ",\n", "\t,\r\n "))
    colon = random.choice((":", ": ", " : ", ":\n\t", ":" + " " * 1100))

    def text_of(text: str) -> str:
        quoted = json.dumps(text, ensure_ascii=random.random() < 0.5)
        if random.random() < wild:
            put = random.choice((*ODD, "\\/", "\\u0041", "\\b", "\\\\", '\\"', "a" * 1100))
            return quoted[:-1] + put + '"'
        return quoted

    def written(each: Any) -> str:
        if isinstance(each, dict):
            entries = list(each.items())
            if entries and random.random() < wild and not is_list:
                key, old = random.choice(entries)
                new: Any = random.choice((old, old, random.choice(pool), None, {}))
                entries.insert(random.randrange(len(entries) + 1), (key, old if key in ("kind", "apiVersion") else new))
            return "{" + comma.join(text_of(key) + colon + written(inner) for key, inner in entries) + "}"
        if isinstance(each, list):
            return "[" + comma.join(map(written, each)) + "]"
        if isinstance(each, str):
            return text_of(each)
        return re.sub(r"\.0$", "", json.dumps(each))

    before = random.choice(("", "", "", "\n", " \t\r\n"))
    return before + written(value) + random.choice(("\n", "\n\n \t"))
