"""The API server's create path as a program, and our answers to the same documents.

The program is named by the variable K8SNETLINT_ORACLE. It prints one JSON line for each object of the files that it is
given: `accepted`, `errors` with `field`, `type` and `detail`, and `warnings`.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.source.document import Source
from k8snetlint.validation.exact import answers, read
from k8snetlint.validation.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from k8snetlint.source.paths import FieldPath

SINGLE_STACK = Server(service_cidrs=("10.96.0.0/12",), ip_families=("IPv4",), service_accounts=False)
"""The cluster that the program has, which has no admission plugins; with `-dual` it has IPv6 as well."""
DUAL_STACK = Server(
    service_cidrs=("10.96.0.0/12", "fd00:10:96::/108"), ip_families=("IPv4", "IPv6"), service_accounts=False
)


class Verdict(NamedTuple):
    """An answer in a form to compare: whether it is accepted, the causes as (field, type), and the words of both."""

    accepted: bool
    causes: frozenset[tuple[str, str]]
    details: frozenset[tuple[str, str, str]]
    warnings: tuple[str, ...]
    kind: str = ""
    judged: bool = True
    unjudged: tuple[FieldPath, ...] = ()


def oracle() -> str | None:
    """Return the program, None if none is named."""
    return os.environ.get("K8SNETLINT_ORACLE")


def ask(texts: Sequence[str], options: Iterable[str] = ()) -> list[list[Verdict]]:
    """Return what the program says of each text, object by object.

    Raises:
        OSError, subprocess.CalledProcessError: it cannot be run, or fails.
    """
    program = oracle()
    if program is None:
        raise OSError("K8SNETLINT_ORACLE names no program")
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for index, text in enumerate(texts):
            path = Path(folder, f"{index}.yaml")
            path.write_bytes(text.encode("utf-8", "surrogatepass"))
            files.append(str(path))
        listed = Path(folder, "list")
        listed.write_text("\n".join(files), encoding="utf-8")
        done = subprocess.run([program, "-f", *options, "-list", str(listed)], capture_output=True, check=True)
    answered: list[list[Verdict]] = [[] for _ in texts]
    for line in done.stdout.splitlines():
        said = json.loads(line)
        answered[int(Path(said["file"]).stem)].append(verdict(said))
    return answered


def verdict(said: dict[str, Any]) -> Verdict:
    """Return one line of the program."""
    # A failure of the server itself has no type.
    details = frozenset((each["field"], each["type"] or "InternalError", each["detail"]) for each in said["errors"])
    causes = frozenset(each[:2] for each in details)
    return Verdict(said["accepted"], causes, details, tuple(sorted(said["warnings"])), said.get("kind", ""))


def ours(text: str, server: Server = SINGLE_STACK) -> list[Verdict]:
    """Return what we say of a text, object by object."""
    verdicts = []
    for answer in answers(read(Source.of("text.yaml", text.encode("utf-8", "surrogatepass"))), server):
        details = frozenset((each.field, each.type, each.detail) for each in answer.causes)
        causes = frozenset(each[:2] for each in details)
        warnings = tuple(sorted(each.text for each in answer.warnings))
        judged = (answer.judged, answer.unjudged)
        verdicts.append(Verdict(answer.accepted, causes, details, warnings, answer.kind, *judged))
    return verdicts
