"""Writes objects as texts in all the ways to write them, for `fuzz_validation.py --spelling`.

YAML of `fuzz_yaml.py`: streams of documents with separators, comments, byte order marks and CRLF; Lists. JSON with
escapes and repeated keys.

What the program that we ask does unlike kubectl and the API server is not written, or not compared:

- a List in JSON whose keys are not sorted: kubectl sorts them, the program keeps the order in its items. So another one
  of several type errors is the first.
- JSON with whole numbers as `80.0`: kubectl sends 80, the program gets the text itself.
- a text that begins with `{` and is not JSON, or goes on behind it: kubectl reads the rest as YAML, the program does
  not.
- a kind that may be a custom resource, or one of Kubernetes that the program does not have (ConfigMap): the program
  serves neither, a cluster may. We must say that we cannot judge it (`may_be_served`).
- a List with an item that is no mapping, or whose items are no list: to the program, one object of a kind that is not
  served; kubectl cannot read it.
- an item of a typed List that has only one of apiVersion and kind, or an empty one: the program goes by the kind,
  kubectl gives it those of the List if it has neither.
- a List without an apiVersion that is a string, in a List, with items that are null, or with repeated keys in JSON: the
  program does not look at them as kubectl does.
- a document that is null: kubectl leaves it out. An indented `---`: the program leaves it out.
- text behind `---`: the program stops there, and loses the document before.
- a byte order mark before JSON, and two at the beginning: kubectl takes off the first one of a file.
- more than 200 nested collections, lines of more than 4 MiB, and aliases beyond our bounds: refused by us on purpose.
- a key that becomes the same text as another one (`1` and `"1"`): which value is kept is random.
- a text without a line end whose length is a multiple of 4,096: the program's reader loses it.
- `---` and `...` at the beginning: nothing to the program, since its first document has both lines; an error to us.
- U+2028 and U+2029 in JSON, and the escapes of other blanks: kubectl sends escapes of these two, and the others
  themselves; the program gets the text. What is escaped it does not take off a quantity.
- a control character behind the end of a document's value: go-yaml reads 512 bytes at a time, and no further than it
  must. We always say it.
- numbers in JSON that no float64 can hold: kubectl cannot read them, the server names the field.
"""

from __future__ import annotations

import json
import re
from ast import literal_eval
from typing import TYPE_CHECKING, Any

from fuzz_yaml import ODD, Speller
from oracle import SINGLE_STACK

from k8snetlint.source.document import Source
from k8snetlint.source.marked_parser import SECOND_DOCUMENT
from k8snetlint.source.similar import distance
from k8snetlint.validation.exact import read
from k8snetlint.validation.schemas import Serving, groups_by_kind, serving_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from oracle import Verdict

    from k8snetlint.source.document import Document

_NULL = re.compile(
    r"^[ \t\ufeff]+---|^---[ \t]*[^ \t\r\n#]"
    r"|^---[ \t]*#.*(?:\n(?:[ \t]*(?:#.*)?\n)*(?:---|\Z)|\Z)|\A---.*\n(?:#.*\n|\s)*\.\.\.",
    re.MULTILINE,
)
"""A document that may be null, an indented separator, or one with text behind it."""
_CONTROL = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\\ufffe\\uffff]")
"""What YAML does not allow."""
_NO_MATCH = re.compile(r'no matches for kind ("(?:[^"\\]|\\.)*") in version ("(?:[^"\\]|\\.)*")', re.DOTALL)
_LABEL = "(?!.{64})[a-z]([a-z0-9-]*[a-z0-9])?"
_GROUP = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"
"""What a version or a kind of a custom resource is, in lower case, and its group."""
_PROGRAM = {
    *("NetworkPolicy", "Ingress", "IngressClass", "IPAddress", "ServiceCIDR", "Service", "Endpoints", "EndpointSlice"),
    *("Namespace", "Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob"),
}
"""The kinds that the program serves."""
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
        values = [listed(values, random)]
    texts = [speller.document(each) for each in values]
    text = random.choice(_BEFORE) + "---\n".join(text if text.endswith("\n") else text + "\n" for text in texts)
    return text + random.choice(_BEHIND)


def listed(values: Sequence[Any], random: Random) -> dict[str, Any]:
    """Return a List of some values, or one of their kind."""
    found: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "List",
        "items": [each for each in values if isinstance(each, dict)],
    }
    first = values[0] if isinstance(values[0], dict) else {}
    kind, version = first.get("kind"), first.get("apiVersion")
    if isinstance(kind, str) and re.fullmatch("[A-Za-z]+", kind) and random.random() < 0.5:
        found |= {"apiVersion": version if isinstance(version, str) else "v1", "kind": kind + "List"}
        if random.random() < 0.3:
            found["items"] = [without_kind(each) for each in found["items"]]
    return found


def without_kind(value: dict[str, Any]) -> dict[str, Any]:
    """Return an object that inherits its kind from the List that it is in."""
    return {key: each for key, each in value.items() if key not in ("apiVersion", "kind")}


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


def is_no_matter(text: str) -> bool:
    """Tell whether answers to a text are not compared: it is one of those above."""
    lists = [each for each in _values(text) if isinstance(each, dict) and str(each.get("kind")).endswith("List")]
    is_listed = any(map(_is_read_in_another_way, lists)) or _NULL.search(text) is not None
    return is_listed or _has_unread_control(text)


def _has_unread_control(text: str) -> bool:
    """Tell whether a control character stands behind the end of a document's value."""
    found = list(_CONTROL.finditer(text))
    documents = _documents(_CONTROL.sub("x", text)) if found else []
    ends = [fault.span[0] for each in documents for fault in each.faults if fault.message == SECOND_DOCUMENT]
    return any(end <= found[-1].start() for end in ends)


def _is_read_in_another_way(value: dict[str, Any]) -> bool:
    """Tell whether the program reads a List unlike kubectl."""
    items = value.get("items") if value["kind"] != "List" else None
    objects = [each for each in items if isinstance(each, dict)] if isinstance(items, list) else []
    given = [[each[key] for key in ("kind", "apiVersion") if key in each] for each in objects]
    version = value.get("apiVersion")
    return not (version and isinstance(version, str)) or any(len(each) == 1 or not all(each) for each in given)


def expected(text: str, answers: Sequence[Verdict]) -> list[Verdict]:
    """Return what we have to say of a text of which the program says this, see above."""
    is_unread = any(map(_is_unreadable, _values(text)))
    return [_expected(each, is_unread=is_unread) for each in answers]


def _expected(answer: Verdict, *, is_unread: bool) -> Verdict:
    unserved = next((_NO_MATCH.fullmatch(detail) for _, kind, detail in answer.details if kind == "NoMatch"), None)
    kind, api_version = (literal_eval(each) for each in unserved.groups()) if unserved else ("", "")
    if is_unread and (kind.endswith("List") or answer.causes == {("apiVersion", "Invalid")}):
        return answer._replace(causes=frozenset({("", "ParseError")}))
    if unserved and may_be_served(api_version, kind):
        return answer._replace(accepted=True, causes=frozenset(), details=frozenset(), judged=False)
    return answer


def may_be_served(api_version: str, kind: str) -> bool:
    """Tell whether some cluster may have a kind that the program does not serve: docs/api-server-checks.md.

    Of Kubernetes' own groups, that is what the program leaves out. Of other groups, those that a custom resource can
    have, unless the kind is Kubernetes' own, or a typo of one, and the group can only be a typo.
    """
    group, _, version = api_version.rpartition("/")
    own = groups_by_kind()
    if group in {each for groups in own.values() for each in groups}:
        return kind not in _PROGRAM and serving_of(api_version, kind, SINGLE_STACK.version).serving is Serving.SERVED
    if not re.fullmatch(_GROUP, group) or not all(re.fullmatch(_LABEL, each) for each in (version, kind.lower())):
        return False
    meant = [each for each in own if distance(kind.lower(), each.lower(), 2) <= 2]
    groups = [group or "core" for each in meant for group in own[each]]
    # A short word may be similar to a kind by chance.
    can_be_another = "." in group or not meant or (kind not in own and len(kind) < 6)
    return can_be_another and not any(_is_near(group, each) for each in groups)


def _is_near(group: str, own: str) -> bool:
    """Tell whether a group can only be a typo of one: two edits, the first label missing or wrong, or `.k8s.io`."""
    first, _, rest = own.partition(".")
    tails = (group, group.partition(".")[2])
    return distance(group, own, 2) <= 2 or (rest in tails and rest != "") or group in ("k8s.io", f"{first}.k8s.io")


def _is_unreadable(value: Any) -> bool:
    """Tell whether kubectl cannot read a List."""
    items = value.get("items") if isinstance(value, dict) else None
    is_listed = isinstance(items, list) and all(each is None or isinstance(each, dict) for each in items)
    return items is not None and not is_listed and str(value.get("kind")).endswith("List")


def _values(text: str) -> list[Any]:
    return [each.value for each in _documents(text)]


def _documents(text: str) -> list[Document]:
    return read(Source.of("", text.encode("utf-8", "surrogatepass"))).documents


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
            entries = sorted(each.items()) if is_list else list(each.items())
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
    return (
        before
        + re.sub(
            r"\\u(00a0|2003)", _character, written(value).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
        )
        + random.choice(("\n", "\n\n \t"))
    )


def _character(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16))
