"""What the API server said of the golden documents is what we say.

Each document stands below a line `# ROW accepted`, `rejected` or `warned`; rows are checks of the server. A file may
begin with `# oracle: OPTIONS`, which the server had, and `# server: KEY=VALUE...`, which is the same to us.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from k8snetlint.model.environment import NodePorts, parse_node_ports, parse_version
from k8snetlint.source.document import Source
from k8snetlint.validation.exact import answers, read
from k8snetlint.validation.server import Server

if TYPE_CHECKING:
    from k8snetlint.validation.exact import Answer

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted(path.stem for path in GOLDEN.glob("*.yaml"))
AT_LEAST = {
    "containers": 49,
    "endpoints": 58,
    "env": 46,
    "ingress": 41,
    "ingressclass": 17,
    "job": 68,
    "metadata": 34,
    "mounts": 24,
    "networkpolicy": 43,
    "pod": 62,
    "pod-lenient": 7,
    "pod-spec": 54,
    "probes": 43,
    "resources": 24,
    "scheduling": 56,
    "security": 45,
    "service": 169,
    "service-dual": 20,
    "service-lenient": 11,
    "strategy": 45,
    "volumes": 58,
    "workload": 93,
}
"""So many objects there are in each file; fewer means that some were lost."""
_GENERATED = re.compile(r'("A_b)[a-z0-9]{5}"')
"""A name that the server makes of the golden documents' one `generateName`: its end is random."""
_ROW = re.compile(r"^# ([A-Z][A-Z0-9/-]+) (accepted|rejected|warned)", re.MULTILINE)


def text_of(name: str) -> str:
    return (GOLDEN / f"{name}.yaml").read_text(encoding="utf-8")


def server_of(text: str) -> Server:
    """Return the server that a file's first lines describe."""
    server = Server(service_cidrs=("10.96.0.0/12",), ip_families=("IPv4",), service_accounts=False)
    told = re.findall(r"^# server: (.*)", text, re.MULTILINE)
    for key, _, value in (each.partition("=") for each in (told[0].split() if told else ())):
        values: dict[str, Any] = {
            "version": parse_version,
            "node_ports": parse_node_ports,
            "service_cidrs": lambda text: tuple(text.split(",")),
            "ip_families": lambda text: tuple(text.split(",")),
            "strict_addresses": lambda text: text == "true",
            "relaxed_service_names": lambda text: text == "true",
        }
        server = server._replace(**{key: values[key](value)})
    return server


def recorded(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (GOLDEN / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def ours(name: str) -> list[Answer]:
    text = text_of(name)
    return list(answers(read(Source.of(f"{name}.yaml", text)), server_of(text)))


@pytest.mark.parametrize("name", FILES)
def test_the_same_causes(name: str) -> None:
    differences = []
    for number, (said, answer) in enumerate(zip(recorded(name), ours(name), strict=True)):
        theirs = sorted({(field, kind, _GENERATED.sub(r"\1", detail)) for field, kind, detail in said["errors"]})
        mine = sorted({(each.field, each.type, _GENERATED.sub(r"\1", each.detail)) for each in answer.causes})
        if theirs != mine:
            differences.append((number, theirs, mine))
    assert differences == []


@pytest.mark.parametrize("name", FILES)
def test_the_same_warnings(name: str) -> None:
    theirs = [sorted(said["warnings"]) for said in recorded(name)]
    assert [sorted(each.text for each in answer.warnings) for answer in ours(name)] == theirs


@pytest.mark.parametrize("name", FILES)
def test_each_row_is_what_it_says(name: str) -> None:
    """A document that is meant to be rejected was, so that none of them shows nothing."""
    rows = [row for part in re.split(r"^---$", text_of(name), flags=re.MULTILINE) for row in _ROW.findall(part)[-1:]]
    said = recorded(name)
    assert len(rows) == len(said)
    assert len(said) >= AT_LEAST[name]
    for (row, word), verdict in zip(rows, said, strict=True):
        assert verdict["accepted"] is (word != "rejected"), row
        assert bool(verdict["warnings"]) is (word == "warned") or word == "rejected", row
    rejected = {row for row, word in rows if word == "rejected"}
    assert {row for row, word in rows if word == "accepted"} >= rejected


def test_the_default_server_is_the_newest_one() -> None:
    assert Server() == Server(version=parse_version("1.37"), node_ports=NodePorts(30000, 32767))
