"""What the API server said of texts in many spellings is what we say: whether it takes each object, fields and types.

Kubernetes 1.37; `scripts/record_golden.py spellings` records it. The rows `NetworkPolicy 7` and so on are texts of
`bench/fuzz_spelling.py`.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from k8snetlint import Config, lint
from k8snetlint.linting.server_exact import lint_exactly
from k8snetlint.source.document import Source
from k8snetlint.source.load import load
from k8snetlint.validation.exact import answers, read
from k8snetlint.validation.server import Server

SPELLINGS = Path(__file__).parent / "golden" / "spellings.jsonl"
SERVER = Server(service_cidrs=("10.96.0.0/12",), ip_families=("IPv4",))


def rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in SPELLINGS.read_text(encoding="utf-8").splitlines()]


def test_the_same_causes() -> None:
    differences = []
    recorded = rows()
    for row in recorded:
        loaded = read(Source.of("text.yaml", row["text"].encode()))
        said = [sorted({(each.field, each.type) for each in answer.causes}) for answer in answers(loaded, SERVER)]
        if [list(map(list, each)) for each in said] != row["said"]:
            differences.append((row["name"], row["said"], said))

    assert differences == []
    assert len(recorded) > 400
    assert {len(row["said"]) for row in recorded} >= {0, 1, 2}


SERVICE = (
    "apiVersion: v1\nkind: Service\nmetadata: {{name: a, {}}}\nspec: {{selector: {{a: b}}, ports: [{{port: 80}}]}}\n"
)
MERGED: list[tuple[str, str, int, int]] = [
    # The name, what is in the metadata, the number of repeated keys to kubectl, and to the server.
    ("a key that overrides a merged one", "labels: {<<: {a: b}, a: c}", 0, 1),
    ("a merged key that overrides one", "labels: {a: c, <<: {a: b}}", 0, 1),
    ("overlapping mappings", "labels: {<<: [{a: b}, {a: d, c: e}]}", 0, 1),
    ("an alias and a mapping", "labels: &x {a: b}, annotations: {<<: [*x, {a: d}]}", 0, 1),
    ("mappings without a common key", "labels: {<<: [{a: b}, {c: d}], e: f}", 0, 0),
    ("a duplicate in what is merged", "labels: {<<: {b: x, b: z}}", 1, 1),
    ("numbers that are one number", "labels: {1: b, 0x1: c}", 1, 1),
    ("a number and a string", "labels: {1: b, '1': c}", 1, 0),
    ("a duplicate", "labels: {a: b, a: c}", 1, 1),
]


@pytest.mark.parametrize(("metadata", "kubectl", "server"), [row[1:] for row in MERGED], ids=[row[0] for row in MERGED])
def test_keys_that_are_repeated(metadata: str, kubectl: int, server: int) -> None:
    source = Source.of("a.yaml", SERVICE.format(metadata))

    assert [each.id for each in lint([source], Config()).findings if "duplicate" in each.id] == [
        "api-duplicate-key"
    ] * kubectl
    exactly = [each.detail for answer in answers(read(source), SERVER) for each in answer.causes]
    assert len(exactly) == server
    assert all("already set in map" in each for each in exactly)


def test_server_exact_names_the_merged_key_where_it_is_written() -> None:
    text = SERVICE.format("labels: {<<: {a: b}, a: c}")
    (finding,) = lint_exactly([Source.of("a.yaml", text)], Config()).findings

    assert (finding.id, finding.message) == ("api-duplicate-key", 'key "a" already set in map')
    assert finding.start[:2] == (3, text.splitlines()[2].index("c}") + 1)


PIECES = [
    *(
        "<<: *x, ",
        "<<: {b: c}, ",
        "<<: [*x, {b: d}], ",
        "&x ",
        "*x",
        "b: ",
        "b: 1, ",
        "{",
        "}",
        "[",
        "]",
        ", ",
        "~",
        "? ",
    ),
    *("!!binary Yg==: x, ", "! ", ".nan", "<<", "'b': 2, ", "&b b: *b, ", "*b : ", "1: a, ", "\n  "),
]


def merged_texts() -> list[str]:
    """Return texts around the one that once ended a run, many of them with repeated keys, merge keys and aliases."""
    random = Random(15)  # noqa: S311 - no secret
    texts = []
    for _ in range(500):
        text = random.choice(('data: {<<: &x {b: "1", b: "2"}, c: *x}', 'data: {<<: &x {b: "1"}, c: "2"}'))
        for _ in range(random.randrange(4)):
            at = random.randrange(6, len(text) + 1)
            text = text[:at] + random.choice(PIECES) + text[at + random.randrange(4) :]
        texts.append(f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\n{text}\n")
    return texts


def test_merge_keys_aliases_and_duplicates_end_no_run() -> None:
    texts = merged_texts()
    sources = [Source.of(f"{number}.yaml", text) for number, text in enumerate(texts)]
    found = [each.id for each in lint(sources, Config()).findings]
    exactly = [each.id for each in lint_exactly(sources, Config()).findings]

    assert not {"internal-error"} & {*found, *exactly}
    assert {"yaml-syntax", "api-duplicate-key"} <= {*found}
    assert sum(not load(source).documents[0].faults for source in sources) > 50


def test_an_unknown_field_below_a_repeated_one_is_only_named() -> None:
    text = (
        '{"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "a"}, "spec": '
        '{"defaultBackend": {"service": ".nan", "service": {"defaultBackend": {}}}, "defaultBackend": {}}}'
    )
    (answer,) = answers(read(Source.of("a.json", text)), SERVER)

    assert [(each.type, each.field) for each in answer.causes] == [("TypeError", "spec.defaultBackend.service")]


@pytest.mark.parametrize("text", ["egress: {cidr:'::ffff'\n}\n", 'egress: [web:80, a:":b"]\n'])
def test_a_colon_in_a_plain_word_is_a_letter(text: str) -> None:
    (answer,) = answers(read(Source.of("a.yaml", text)), SERVER)

    assert [(each.type, each.field) for each in answer.causes] == [("Required", "kind")]
