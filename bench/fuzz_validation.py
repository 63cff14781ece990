"""Asks the API server and ourselves about mutants of manifests, and prints where we differ.

python bench/fuzz_validation.py KIND... [--seed N] [--mutants N] [--corpus FOLDER] [--dual] [--details] [--spelling]

Needs K8SNETLINT_ORACLE, see bench/oracle.py. The mutants are made of the golden documents, and of the manifests in a
folder, of the kinds that are named. Values, keys, types, indentation and the spelling of scalars are changed; with
`--spelling`, rather how they are written (`fuzz_spelling.py`). Each difference is shrunk. Of workloads only the
structure and the fields that are ours are compared.
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

from fuzz_spelling import is_no_matter, json_text, spelt, without_false_json
from oracle import DUAL_STACK, SINGLE_STACK, Verdict, ask, ours

from k8snetlint.source.document import Source
from k8snetlint.source.load import load
from k8snetlint.source.objects import objects_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snetlint.validation.server import Server

GOLDEN = Path(__file__).resolve().parent.parent / "tests" / "validation" / "golden"
BATCH = 2000
WHOLE = {"NetworkPolicy", "Service", "Ingress", "IngressClass"}
_STRUCTURE = {"ParseError", "TypeError", "DecodeError", "UnknownField", "DuplicateKey", "DuplicateField", "NoMatch"}
_TEMPLATE = r"spec\.(jobTemplate\.spec\.)?template"
_POD = rf"({_TEMPLATE}\.)?spec"
_OUR_FIELDS = re.compile(
    r"metadata\.(name|generateName|namespace|labels|annotations|(ownerReferences|finalizers)\b.*)"
    rf"|{_TEMPLATE}\.(labels|annotations|metadata\.labels\b.*)"
    rf"|{_POD}\.(containers|initContainers|ephemeralContainers)\[\d+\]\.ports\b.*"
    rf"|{_POD}\.(dnsPolicy|hostname|subdomain|(dnsConfig|hostAliases)\b.*)"
    r"|spec\.(jobTemplate\.spec\.)?(selector\b.*|manualSelector)|spec\.serviceName|kind|apiVersion"
)
"""The causes of a workload that are compared.

The server finds whatever is wrong with a workload at once, so that a field that is not ours never hides one that is:
only a broken selector hides the template, and both are ours. Annotations that have a meaning for pods are named with
their key, and not compared: `metadata.annotations[...]`.
"""
_OUR_WARNINGS = re.compile(
    r"metadata\.name: .*|.*\.ports\[\d+\]: .*|.*: duplicate ip \".*|.*\.(nameservers\[\d+\]|ip): .*\bIP.*"
)
"""The warnings of a workload that are compared, where the server takes it."""
_RANDOM = (
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"),
    (re.compile(r"[bcdfghjklmnpqrstvwxz2456789]{5}(?=[\"'-])|[bcdfghjklmnpqrstvwxz2456789]{5}$"), "xxxxx"),
)
"""What the server makes up: the UID of a Job, and the end of a name that it generates."""

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
    return re.sub(r"(?<=[0-9])\.0(?=[,}\]])", "", json.dumps(value))


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the paths of everything in a value, but of what says which kind it is."""
    for key, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if path or key not in ("apiVersion", "kind"):
            yield (*path, key)
        yield from places(each, (*path, key))


def mutant(value: Any, pool: Sequence[Any], random: Random) -> Any:
    """Return a value with one to three changes."""
    changed = copy.deepcopy(value)
    for _ in range(random.choice((1, 1, 1, 2, 2, 3))):
        there = list(places(changed))
        if there:
            change(changed, random.choice(there), pool, random)
    return changed


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


def difference(theirs: Sequence[Verdict], mine: Sequence[Verdict], *, details: bool) -> str:
    """Return in what two answers to a text differ, empty if in nothing that is ours."""
    if len(theirs) != len(mine):
        return f"{len(theirs)} objects, not {len(mine)}"
    for one, other in zip(theirs, mine, strict=True):
        whole = is_whole(one)
        said, expected = compared(other, whole=whole), compared(one, whole=whole)
        if expected.causes != said.causes:
            return (
                f"the server alone {sorted(expected.causes - said.causes)}, "
                f"we alone {sorted(said.causes - expected.causes)}"
            )
        if expected.warnings != said.warnings and not one.causes:
            return f"the server warns {expected.warnings}, we {said.warnings}"
        if details and expected.details != said.details and not any(each[1] in _STRUCTURE for each in one.causes):
            return (
                f"the server's words {sorted(expected.details - said.details)}, "
                f"ours {sorted(said.details - expected.details)}"
            )
    return ""


def is_whole(verdict: Verdict) -> bool:
    """Tell whether all that is said of an object is compared: it is no workload."""
    return verdict.kind.partition(".")[0] in WHOLE or not verdict.kind


def compared(verdict: Verdict, *, whole: bool) -> Verdict:
    """Return what is compared of an answer: without what is not ours, unless `whole`, and without what is random."""
    return verdict._replace(
        causes=frozenset(each for each in verdict.causes if whole or is_ours(each)),
        details=frozenset(
            (field, kind, "a random port" if _is_random(field, kind) else without_random(words))
            for field, kind, words in verdict.details
            if whole or is_ours((field, kind))
        ),
        warnings=tuple(each for each in verdict.warnings if whole or _OUR_WARNINGS.fullmatch(each)),
    )


def _is_random(field: str, kind: str) -> bool:
    """Tell whether the server names a node port that it has chosen itself."""
    return kind == "Duplicate" and field.endswith(".nodePort")


def without_random(words: str) -> str:
    """Return a text with x in the place of what is random."""
    for random, instead in _RANDOM:
        words = random.sub(instead, words)
    return words


def is_ours(cause: tuple[str, str]) -> bool:
    """Tell whether a cause of a workload is compared."""
    return cause[1] in _STRUCTURE or _OUR_FIELDS.fullmatch(cause[0]) is not None


def outcome(theirs: Sequence[Verdict]) -> str:
    """Return what the server does with a text: of a workload it may reject it for what is not ours alone."""
    rejected = [each for each in theirs if each.causes]
    if not rejected:
        return "accepted"
    ours_too = (is_whole(each) or any(map(is_ours, each.causes)) for each in rejected)
    return "rejected" if any(ours_too) else "rejected for another reason"


def mutants(values: Sequence[Any], pool: Sequence[Any], random: Random) -> Iterator[str]:
    """Yield texts with changed objects in block style, and some in JSON."""
    for _ in range(BATCH):
        text = text_of(mutant(random.choice(values), pool, random))
        yield mangled(text, random) if random.randrange(8) == 0 else text
    for _ in range(BATCH // 10):
        yield as_json(mutant(random.choice(values), pool, random))


def spellings(values: Sequence[Any], pool: Sequence[Any], random: Random) -> Iterator[str]:
    """Yield texts with objects, some of them changed, in all the ways to write them."""
    for _ in range(BATCH):
        some = [random.choice(values) for _ in range(random.choice((1, 1, 1, 1, 2, 3)))]
        some = [mutant(each, pool, random) if random.randrange(4) == 0 else each for each in some]
        if random.randrange(5):
            text = spelt(some, pool, random)
            yield mangled(text, random) if random.randrange(10) == 0 else text
        else:
            yield json_text(some[0], pool, random)


def compare(
    texts: Sequence[str], settings: argparse.Namespace, server: Server, counts: Counter[str] | None = None
) -> Iterator[tuple[str, str]]:
    """Yield the texts about which we differ, and in what; count what the server does with each."""
    texts = [without_false_json(text) for text in texts]
    for text, answers in zip(texts, ask(texts, settings.options.split()), strict=True):
        if counts is not None:
            counts[outcome(answers)] += 1
        try:
            mine = ours(text, server)
        except Exception as error:  # noqa: BLE001 - a crash is a difference
            yield text, f"{type(error).__name__}: {error}"
            continue
        if settings.spelling and is_no_matter(text, answers):
            continue
        is_shorter = settings.spelling and len(answers) > len(mine)
        theirs = [each for each in answers if not (is_shorter and each.causes == {("kind", "Required")})]
        found = difference(theirs, mine, details=settings.details)
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
    pool = [part for value in values for part in parts(value)]
    counts: Counter[str] = Counter()
    begun = time.monotonic()
    while counts["mutants"] < settings.mutants and counts["differences"] < settings.show:
        texts = list(spellings(values, pool, random) if settings.spelling else mutants(values, pool, random))
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
