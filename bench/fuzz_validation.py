"""Asks the API server and ourselves about mutants of manifests, and prints where we differ.

python bench/fuzz_validation.py KIND... [--seed N] [--mutants N] [--corpus FOLDER] [--dual] [--details] [--spelling]

Needs K8SNETLINT_ORACLE, see bench/oracle.py. The mutants are made of the golden documents, and of the manifests in a
folder, of the kinds that are named. Values, keys, types, indentation and the spelling of scalars are changed; with
`--spelling`, rather how they are written (`fuzz_spelling.py`). Each difference is shrunk. Of an object that we judge in
part, only what we say is compared.
"""

from __future__ import annotations

import argparse
import copy
import json
import re
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from fuzz_spelling import expected, is_no_matter, json_text, listed, renamed, spelt, without_false_json
from oracle import DUAL_STACK, SINGLE_STACK, Verdict, ask, ours

from k8snetlint.source.document import Source
from k8snetlint.source.load import load
from k8snetlint.source.objects import objects_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from k8snetlint.validation.server import Server

    Fields = Mapping[Any, Sequence[Any]]
    """What stands under each key anywhere."""

GOLDEN = Path(__file__).resolve().parent.parent / "tests" / "validation" / "golden"
BATCH = 2000
_BUFFER = 4096
"""A text without a line end that just fills the buffer of the server's reader is no document to it: a known quirk."""
_STRUCTURE = {"ParseError", "TypeError", "DecodeError", "UnknownField", "DuplicateKey", "DuplicateField", "NoMatch"}
_RANDOM = (
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"),
    (re.compile(r"[bcdfghjklmnpqrstvwxz2456789]{5}(?=[\"'-])|[bcdfghjklmnpqrstvwxz2456789]{5}$"), "xxxxx"),
)
"""What the server makes up: the UID of a Job, and the end of a name that it generates."""

_CLAIM = re.compile(r"volumes\[\d+\](?=\.(name|persistentVolumeClaim\.claimName)$)")
"""The server numbers the volumes of a StatefulSet's claims in the random order of a Go map."""

_LISTS = (Path(__file__).parent / "fuzz_words.txt").read_text(encoding="utf-8").split("\n\n")
SPELLINGS, WORDS = ([word for line in each.splitlines()[1:] for word in line.split()] for each in _LISTS)


class Raw(str):
    """A scalar as it is written, without quotes."""

    __slots__ = ()


def written(value: Any, indent: int = 0) -> Iterator[str]:
    """Yield the lines of a value in block style."""
    pad = " " * indent
    if isinstance(value, dict) and value:
        for key, each in value.items():
            name = key if isinstance(key, Raw) else json.dumps(key) if not re.fullmatch("[a-zA-Z]+", key) else key
            if isinstance(each, dict | list) and each:
                yield f"{pad}{name}:"
                yield from written(each, indent + 2)
            else:
                yield f"{pad}{name}: {scalar(each)}"
    elif isinstance(value, list) and value:
        for each in value:
            if isinstance(each, dict | list) and each:
                lines = list(written(each, indent + 2))
                yield f"{pad}- {lines[0].strip()}"
                yield from lines[1:]
            else:
                yield f"{pad}- {scalar(each)}"
    else:
        yield pad + scalar(value)


def scalar(value: Any) -> str:
    """Return a scalar, or what is empty, as YAML."""
    return str(value) if isinstance(value, Raw) else json.dumps(value)


def text_of(value: Any) -> str:
    """Return a manifest."""
    return "\n".join(written(value)) + "\n"


def as_json(value: Any) -> str:
    """Return a manifest in JSON, as kubectl sends it: whole numbers without a fraction."""
    return (
        re.sub(r"(?<=[0-9])\.0(?=[,}\]])", "", json.dumps(value, ensure_ascii=False))
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the paths of everything in a value, but of what says which kind it is."""
    for key, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if path or key not in ("apiVersion", "kind"):
            yield (*path, key)
        yield from places(each, (*path, key))


def mutant(value: Any, pool: Sequence[Any], random: Random, fields: Mapping[Any, Sequence[Any]]) -> Any:
    """Return a value with one to three changes: any, or such that it can most probably be decoded."""
    changed = copy.deepcopy(value)
    is_wild = random.randrange(3) == 0
    for _ in range(random.choice((1, 1, 1, 2, 2, 3))):
        there = list(places(changed))
        if there and is_wild:
            change(changed, random.choice(there), pool, random)
        elif there:
            change_gently(changed, random.choice(there), fields, random)
    return changed


def change_gently(value: Any, path: tuple[Any, ...], fields: Mapping[Any, Sequence[Any]], random: Random) -> None:
    """Make one change at a path that keeps the types: what stands under the same key elsewhere, another text."""
    holder = value
    for step in path[:-1]:
        holder = holder[step]
    key, old = path[-1], holder[path[-1]]
    what = random.randrange(6)
    if what == 0:
        del holder[key]
    elif what == 1 and isinstance(holder, list):
        holder.append(copy.deepcopy(old))
    elif what == 2 and isinstance(old, dict) and old:
        field = random.choice(list(old))
        old[field] = copy.deepcopy(random.choice(fields.get(field, [old[field]])))
    elif what == 3 and isinstance(old, str):
        holder[key] = random.choice(WORDS)
    elif what == 3 and isinstance(old, int) and not isinstance(old, bool):
        holder[key] = random.choice((old + 1, old - 1, -old, 0, 1, 65536, 2**31 - 1))
    elif isinstance(old, dict) and what == 4:
        name = random.choice(list(fields))
        old[name] = copy.deepcopy(random.choice(fields[name]))
    else:
        holder[key] = copy.deepcopy(random.choice(fields.get(key, [old])))


def change(value: Any, path: tuple[Any, ...], pool: Sequence[Any], random: Random) -> None:
    """Make one change at a path."""
    holder = value
    for step in path[:-1]:
        holder = holder[step]
    key, old = path[-1], holder[path[-1]]
    what = random.randrange(12)
    if what == 0:
        del holder[key]
    elif what == 1 and isinstance(holder, list):
        holder.insert(key, copy.deepcopy(old))
    elif what == 1 and isinstance(key, str) and not isinstance(key, Raw):
        holder[random.choice((key[:-1] or "x", key.lower(), key.upper(), key + "s", random.choice(WORDS)))] = old
        del holder[key]
    elif what == 2:
        holder[key] = random.choice((None, [], {}, "", [None], [old], {"a": old}, 0, True))
    elif what in (3, 4):
        holder[key] = Raw(random.choice(SPELLINGS))
    elif what == 5 and isinstance(old, str):
        at = random.randrange(len(old) + 1)
        holder[key] = old[:at] + random.choice("aA-_./:* é\n0") + old[at + random.randrange(2) :]
    elif what == 6 and isinstance(old, str):
        holder[key] = random.choice((old.lower(), old.upper(), old + " ", old * 20, "a" * 64, "a" * 254, old[1:]))
    elif what == 7 and isinstance(old, int | float):
        holder[key] = random.choice((old + 1, old - 1, -old, old * 1000, float(old), old + 0.5, str(old), 0, 2**31))
    elif what == 8 and isinstance(old, dict):
        other = random.choice(pool)
        if isinstance(other, dict):
            old.update(copy.deepcopy(other))
    elif what in (9, 10):
        holder[key] = random.choice(WORDS)
    else:
        holder[key] = copy.deepcopy(random.choice(pool))


def mangled(text: str, random: Random) -> str:
    """Return a text with one change to its lines."""
    lines = text.splitlines()
    at = random.randrange(len(lines))
    line = lines[at]
    lines[at : at + 1] = random.choice(
        ([], [line, line], [" " + line], [line[1:]], [line.replace("- ", "  ", 1)], [line.replace(": ", ":", 1)],
         ["- " + line], [line + " # x"], [line.replace('"', "'")], [line.replace('"', "")], ["\t" + line])
    )  # fmt: skip
    return "\n".join(lines) + "\n"


def seeds(kinds: set[str], folder: str | None) -> list[Any]:
    """Return the objects that mutants are made of."""
    paths = sorted(GOLDEN.glob("*.yaml"))
    if folder:
        paths += sorted(path for path in Path(folder).rglob("*.yaml") if path.is_file())
    found: dict[str, Any] = {}
    for path in paths:
        for document in load(Source.of(str(path), path.read_bytes())).documents:
            for value, _ in objects_of(document.value):
                if isinstance(value, dict) and value.get("kind") in kinds:
                    found[json.dumps(value)] = json.loads(json.dumps(value))
    return list(found.values())


def parts(value: Any) -> Iterator[Any]:
    """Yield everything in a value."""
    yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from parts(each)


def fields_of(values: Sequence[Any]) -> dict[Any, list[Any]]:
    """Return what stands under each key anywhere."""
    found: dict[Any, list[Any]] = {}
    for part in (part for value in values for part in parts(value) if isinstance(part, dict)):
        for key, each in part.items():
            found.setdefault(key, []).append(each)
    return found


def difference(theirs: Sequence[Verdict], mine: Sequence[Verdict], *, details: bool) -> str:
    """Return in what two answers to a text differ, empty if in nothing that is ours."""
    if len(theirs) != len(mine):
        return f"{len(theirs)} objects, not {len(mine)}"
    for one, other in zip(theirs, mine, strict=True):
        said, wanted = compared(other), compared(one)
        if said.judged != wanted.judged:
            return f"we say {'' if said.judged else 'not '}that it is judged"
        # What we do not judge may be wrong as well, or the one thing that is.
        alone = set() if other.unjudged else wanted.causes - said.causes
        if alone or said.causes - wanted.causes:
            return f"the server alone {sorted(alone)}, we alone {sorted(said.causes - wanted.causes)}"
        if wanted.warnings != said.warnings and not (one.causes or other.unjudged):
            return f"the server warns {wanted.warnings}, we {said.warnings}"
        if not details or other.unjudged or any(each[1] in _STRUCTURE for each in one.causes):
            continue
        if wanted.details != said.details:
            return (
                f"the server's words {sorted(wanted.details - said.details)}, "
                f"ours {sorted(said.details - wanted.details)}"
            )
    return ""


def compared(verdict: Verdict) -> Verdict:
    """Return what is compared of an answer: without what is random."""
    causes = verdict.causes
    if verdict.kind == "StatefulSet":
        causes = frozenset((_CLAIM.sub("volumes[n]", field), kind) for field, kind in causes)
    details = frozenset(
        (_CLAIM.sub("volumes[n]", field), kind, "a random port" if _is_random(field, kind) else without_random(words))
        for field, kind, words in verdict.details
    )
    return verdict._replace(
        causes=causes, details=details, warnings=tuple(each for each in verdict.warnings if not is_quirk(each))
    )


def is_quirk(warning: str) -> bool:
    """Tell whether a warning is one of those that the server gives for no reason.

    It counts thousandths in 64 bits: an amount of bytes from 2**63 / 1000 on may have a fraction, or have none.
    """
    return re.search(r'fractional byte value "([0-9]{16,}|[0-9]+([PE]i?|e[0-9]+))"', warning) is not None


def _is_random(field: str, kind: str) -> bool:
    """Tell whether the server names a node port that it has chosen itself."""
    return kind == "Duplicate" and field.endswith(".nodePort")


def without_random(words: str) -> str:
    """Return a text with x in the place of what is random."""
    for random, instead in _RANDOM:
        words = random.sub(instead, words)
    return words


def outcome(theirs: Sequence[Verdict], mine: Sequence[Verdict]) -> str:
    """Return what the server does with a text, and whether all of it is judged."""
    if any(cause[1] in _STRUCTURE for each in theirs for cause in each.causes):
        return "not decoded"
    rejected = "rejected" if any(each.causes for each in theirs) else "accepted"
    return f"{rejected}, judged in part" if any(each.unjudged for each in mine) else rejected


def mutants(
    values: Sequence[Any], pool: Sequence[Any], random: Random, fields: Mapping[Any, Sequence[Any]]
) -> Iterator[str]:
    """Yield texts with changed objects in block style, and some in JSON."""
    for _ in range(BATCH):
        text = text_of(mutant(random.choice(values), pool, random, fields))
        yield mangled(text, random) if random.randrange(8) == 0 else text
    for _ in range(BATCH // 10):
        yield as_json(mutant(random.choice(values), pool, random, fields))


def spellings(
    values: Sequence[Any], pool: Sequence[Any], random: Random, fields: Mapping[Any, Sequence[Any]]
) -> Iterator[str]:
    """Yield texts with objects, some of them changed, in all the ways to write them."""
    for _ in range(BATCH):
        some = [random.choice(values) for _ in range(random.choice((1, 1, 1, 1, 2, 3)))]
        some = [mutant(each, pool, random, fields) if random.randrange(4) == 0 else each for each in some]
        if random.randrange(10) == 0 and isinstance(some[0], dict):
            some[0] = renamed(some[0], random)
        if random.randrange(5):
            text = spelt(some, pool, random)
            yield mangled(text, random) if random.randrange(10) == 0 else text
        else:
            yield json_text(listed(some, random) if random.randrange(10) == 0 else some[0], pool, random)


def compare(
    texts: Sequence[str], settings: argparse.Namespace, server: Server, counts: Counter[str] | None = None
) -> Iterator[tuple[str, str]]:
    """Yield the texts about which we differ, and in what; count what the server does with each."""
    texts = [without_false_json(text) for text in texts]
    for text, answers in zip(texts, ask(texts, settings.options.split()), strict=True):
        if not answers and len(text.encode("utf-8", "surrogatepass")) % _BUFFER == 0:
            continue
        try:
            mine = ours(text, server)
        except Exception as error:  # noqa: BLE001 - a crash is a difference
            yield text, f"{type(error).__name__}: {error}"
            continue
        if counts is not None:
            counts[outcome(answers, mine)] += 1
        if settings.spelling and is_no_matter(text):
            continue
        is_shorter = settings.spelling and len(answers) > len(mine)
        theirs = [each for each in answers if not (is_shorter and each.causes == {("kind", "Required")})]
        found = difference(expected(text, theirs), mine, details=settings.details)
        if found:
            yield text, found


def shrunk(text: str, settings: argparse.Namespace, server: Server) -> tuple[str, str]:
    """Return a text as short as it gets by taking lines away, about which we still differ, and in what."""
    found = "".join(why for _, why in compare([text], settings, server))
    while True:
        lines = text.splitlines()
        shorter = [
            "\n".join(lines[:at] + lines[at + size :]) + "\n" for size in (8, 4, 2, 1) for at in range(len(lines))
        ]
        better = next((pair for pair in compare(shorter, settings, server) if pair[1]), None)
        if better is None or len(better[0]) >= len(text):
            return text, found
        text, found = better


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kinds", nargs="+")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mutants", type=int, default=10_000)
    parser.add_argument("--corpus")
    parser.add_argument("--spelling", action="store_true", help="change how manifests are written, rather than what")
    parser.add_argument("--options", default="")
    parser.add_argument("--dual", action="store_true")
    parser.add_argument("--strict-addresses", default="true", choices=("true", "false"))
    parser.add_argument("--details", action="store_true", help="compare the words, too")
    parser.add_argument("--show", type=int, default=10)
    settings = parser.parse_args()
    server = DUAL_STACK if settings.dual else SINGLE_STACK
    if settings.dual:
        settings.options += " -dual"
    if settings.strict_addresses == "false":
        settings.options += " -feature-gates StrictIPCIDRValidation=false"
        server = server._replace(strict_addresses=False)
    random = Random(settings.seed)
    values = seeds(set(settings.kinds), settings.corpus)
    pool, fields = [part for value in values for part in parts(value)], fields_of(values)
    counts: Counter[str] = Counter()
    begun = time.monotonic()
    while counts["mutants"] < settings.mutants and counts["differences"] < settings.show:
        texts = list((spellings if settings.spelling else mutants)(values, pool, random, fields))
        counts["mutants"] += len(texts)
        for text, _ in compare(texts, settings, server, counts):
            counts["differences"] += 1
            if counts["differences"] <= settings.show:
                short, why = shrunk(text, settings, server)
                print(f"--- {why}\n{short}")
    print(f"{dict(counts)} of {len(values)} seeds in {time.monotonic() - begun:.0f} s")
    return 1 if counts["differences"] else 0


if __name__ == "__main__":
    sys.exit(main())
