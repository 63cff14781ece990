"""The loader reads whatever it is given: both parsers see the same, and nothing makes it raise."""

from __future__ import annotations

import json
import random

from hypothesis import given
from hypothesis import strategies as st

from k8snetlint.source.document import Document, Source
from k8snetlint.source.fast_line import Unusual
from k8snetlint.source.fast_parser import plain_value
from k8snetlint.source.load import load
from k8snetlint.source.marked_parser import parse
from k8snetlint.source.marks import Mapping, Sequence

MANIFEST = """\
# a shop
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: &app web
  labels: {app: *app, "tier": 'front', on: yes}
spec:
  podSelector:
    matchLabels: &labels
      app: web
  ingress:
  - from:
    - podSelector: {matchLabels: {<<: *labels, role: "a\\tb"}}
    - ipBlock:
        cidr: 10.0.0.0/8
        except: [10.1.0.0/16,]
    ports:
    - port: 0x50
      protocol: TCP
    -
      port: 8e3
  note: |+
    two lines
      and one

  folded: >-
    one
    two
"""
ORDINARY = """\
# why
metadata:
  name: app
  labels: {app: app, "tier": 'front', on: yes} # more
spec:
  podSelector:
    matchLabels:
      app: web
  ingress:
  - from:
    - podSelector: {}
    - ipBlock:
        cidr: "10.0.0.0/8"
        except: [10.1.0.0/16, '10.2.0.0/16']
    ports:
      - port: 0x50
        protocol: TCP
      -
        port: 8e3
  note: |

    two lines
      and one

  folded: >-
    one
    two
  long: one, and
    two -- 'three'

    and four
  quoted: 'one: # it''s

    two'
  escaped: "one \\"two\\"
    \\ three\\n \\
    four"
  below:
    one
    two
  last:
"""
PIECES = [
    "- ",
    "  ",
    ": ",
    "'",
    '"',
    "{",
    "}",
    "[",
    "]",
    " #",
    "&a ",
    "*a",
    "!!int ",
    "|\n",
    ">-\n",
    "\t",
    "\n",
    "\r\n",
]
PIECES += [
    "<<: ",
    "? ",
    ", ",
    "~",
    "yes",
    "0x1F",
    ".inf",
    "!foo ",
    "%",
    "@",
    "`",
    "\\",
    "é",
    "---\n",
    "...\n",
    "\0",
    "{{",
    "\n      ",
    "\\\n",
    '\\"',
    "''",
]


@st.composite
def mutants(draw: st.DrawFn, text: str = MANIFEST) -> str:
    """Return a manifest with some pieces put in, taken out or doubled."""
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(text)))
        end = min(len(text), at + draw(st.integers(0, 12)))
        text = text[:at] + draw(st.sampled_from([*PIECES, "", text[at:end] * 2])) + text[end:]
    return text


def read(text: str, *, pure: bool) -> Document:
    document = Document(Source.of("test.yaml", text), 0, text)
    document.value, document.faults = parse(text, pure=pure)
    return document


@given(mutants(ORDINARY))
def test_the_fast_reading_sees_the_same_values_or_steps_back(text: str) -> None:
    document = read(text, pure=False)
    try:
        value = plain_value(text)
    except Unusual:
        return
    assert document.faults == []
    assert value == document.value
    assert json.dumps(value) == json.dumps(document.value)


def is_empty(mark: object) -> bool:
    start, end = getattr(mark, "start_mark", None), getattr(mark, "end_mark", None)
    return not isinstance(mark, Mapping | Sequence) and start is not None and start.index == getattr(end, "index", None)


def starts(value: object) -> list[int]:
    """Return where everything below a value begins."""
    found: list[int] = []
    pending = [value]
    seen: set[int] = set()
    while pending:
        node = pending.pop()
        if not isinstance(node, Mapping | Sequence) or id(node) in seen:
            continue
        seen.add(id(node))
        marks = [*node.keys_at, *node.values_at] if isinstance(node, Mapping) else node.items_at
        # The parsers differ about the place of a value that is not written.
        found += [mark.start_mark.index for mark in marks if not is_empty(mark)]
        pending += node.values() if isinstance(node, Mapping) else node
    return sorted(found)


@given(mutants())
def test_both_parsers_build_the_same_trees(text: str) -> None:
    native, pure = read(text, pure=False), read(text, pure=True)
    if native.faults or pure.faults:
        # The two parsers word errors differently, and the C one is stricter about a few characters.
        return
    assert native.value == pure.value
    if "!" not in text:
        # Of a tag and an anchor before a collection, the Python parser takes the second for its beginning.
        assert starts(native.value) == starts(pure.value)


def test_both_parsers_build_the_same_tree_of_the_manifest_itself() -> None:
    native, pure = read(MANIFEST, pure=False), read(MANIFEST, pure=True)

    assert native.faults == pure.faults == []
    assert native.value == pure.value
    assert starts(native.value) == starts(pure.value)


@given(st.one_of(mutants().map(str.encode), st.binary(max_size=300)), st.integers())
def test_loading_never_raises_and_loses_nothing(content: bytes, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    for _ in range(chance.randint(0, 3)):
        at = chance.randint(0, len(content))
        content = content[:at] + bytes([chance.randint(0, 255)]) + content[at + chance.randint(0, 2) :]
    loaded = load(Source.of("test.yaml", content))

    for document in loaded.documents:
        start, end = document.span
        assert 0 <= start <= end <= len(loaded.text.text)
        for fault in document.faults:
            assert 0 <= fault.span[0] <= len(loaded.text.text)
    if not loaded.documents:
        text = loaded.text.text
        lines = text.splitlines()
        empty = all(not line.strip() or line.lstrip().startswith("#") or line.startswith("---") for line in lines)
        assert loaded.skipped or loaded.faults or empty
