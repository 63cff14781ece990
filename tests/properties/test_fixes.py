"""`--fix` on every rule's own mistakes, however they are written: the same values come out, nothing else changes."""

from __future__ import annotations

import contextlib
import functools
import io
import json
import re
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from test_edits import Writer

from k8snetlint import Config, Source, lint
from k8snetlint.cli import FINDINGS, OK, run
from k8snetlint.edit.text import Style, lines_of
from k8snetlint.rules import all_rules
from k8snetlint.rules.catalog import Example, page_of
from k8snetlint.source.load import load

NOT_READ = "# first\nbroken: [\n"
OTHER = "# other\nlast: {a: 1} # one\n"
EXAMPLES = settings.get_profile("k8snetlint").max_examples // 2
"""Each is checked four times."""
ENCODINGS = ["utf-8", "utf-8", "utf-8-sig", "utf-16"]


class Case(NamedTuple):
    """A mistake that a fix mends, and whether the fix takes something away."""

    rule: str
    example: Example
    deletes: bool


@functools.cache
def cases() -> list[Case]:
    """Return what the pages of all rules show and mend."""
    found: list[Case] = []
    for rule in all_rules():
        for example in page_of(rule).examples:
            if example.role != "bad" or example.words:
                continue
            report = lint([Source.of(name, text) for name, _, text in example.files()], Config())
            titles = [each.fix.title for each in report.findings if each.fix]
            deletes = any(re.match(r"delete|remove (?!the quotes)", each) for each in titles)
            if any(each.fix and each.id == rule.id for each in report.findings):
                found.append(Case(rule.id, example, deletes))
    return found


class Layout(Writer):
    """Writes documents in a style that is drawn, and scalars that come again as aliases."""

    def __init__(self, draw: st.DrawFn) -> None:
        super().__init__(draw)
        self.anchored = draw(st.integers(0, 3)) == 0
        self.anchors: dict[str, str] = {}

    def scalar(self, value: Any, *, flow: bool) -> str:
        """Return a scalar."""
        text = super().scalar(value, flow=flow)
        if not self.anchored or self.draw(st.booleans()):
            return text
        said = json.dumps(value)
        if said in self.anchors:
            # The colon behind a key would belong to the name.
            return f"*{self.anchors[said]} "
        self.anchors[said] = f"a{len(self.anchors)}"
        return f"&{self.anchors[said]} {text}"

    def document(self, value: Any) -> str:
        """Return the text of a document."""
        self.anchors = {}
        style = self.draw(st.sampled_from(["block", "block", "block", "flow", "json"]))
        if style == "block":
            return "\n".join([*self.lines(value, 0), ""])
        if style == "flow":
            return f"{self.comment().strip()}\n{self.flow(value)}\n".lstrip("\n")
        return json.dumps(value, indent=self.draw(st.sampled_from([None, 2, 4]))) + "\n"


def plain(value: Any) -> str:
    """Return the text of a document as most people write it."""
    return "\n".join([*lines_of(value, Style()), ""])


def joined(draw: st.DrawFn, documents: list[str]) -> bytes:
    """Return a file with some documents."""
    text = draw(st.sampled_from(["---\n", "---\n", "--- # c0\n"])).join(documents)
    # A first `{` lets kubectl read the whole file as JSON.
    if len(documents) > 1 and text.startswith("{"):
        text = "---\n" + text
    if draw(st.integers(0, 4)) == 0:
        text = text.removesuffix("\n")
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return text.encode(draw(st.sampled_from(ENCODINGS)))


@st.composite
def projects(draw: st.DrawFn, example: Example) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Return an example's files written plainly, and written in another way with the same values."""
    one: dict[str, bytes] = {}
    other: dict[str, bytes] = {}
    layout = Layout(draw)
    for name, _, text in example.files():
        held = values(text.encode())
        before = [NOT_READ] if draw(st.integers(0, 3)) == 0 and "kustomization" not in name else []
        after = [OTHER] if draw(st.booleans()) and "kustomization" not in name else []
        one[name] = "---\n".join([*before, *map(plain, held), *after]).encode()
        other[name] = joined(draw, [*before, *map(layout.document, held), *after])
    return one, other


def texts(content: bytes) -> list[str]:
    """Return the texts of a file's documents."""
    return [each.text for each in load(Source.of("a.yaml", content), every=True).documents]


def values(content: bytes) -> list[Any]:
    """Return the values of a file's documents, None for those that cannot be read."""
    documents = load(Source.of("a.yaml", content), every=True).documents
    return [None if each.faults else json.loads(json.dumps(each.value)) for each in documents]


def comments(content: bytes) -> Counter[str]:
    """Return the comments of a file."""
    return Counter(re.findall(r"# (c\d+|first|one|other)\b", "\n".join(texts(content))))


def line_ends(content: bytes) -> set[str]:
    """Return the line ends of a file."""
    return set(re.findall(r"\r?\n", content.decode("utf-16" if content[:2] == b"\xff\xfe" else "utf-8")))


def facts(found: list[dict[str, Any]]) -> set[tuple[str, ...]]:
    """Return what findings say, without lines."""
    return {(each["id"], each["path"], str(each["field"]), re.sub(r":\d+", "", each["message"])) for each in found}


def checked(*options: str) -> list[dict[str, Any]]:
    """Run `check` in the working directory; return what it finds."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        assert run(["check", ".", "-f", "json", "--exit-zero", "--show", "info", *options]) in (OK, FINDINGS)
    found: list[dict[str, Any]] = json.loads(out.getvalue())["findings"]
    return [each for each in found if each["id"] != "yaml-syntax"]


def mended(contents: dict[str, bytes], *options: str) -> tuple[dict[str, bytes], list[dict[str, Any]]]:
    """Return what `--fix` makes of files and what is left to say, after doing it twice."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for name, content in contents.items():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_bytes(content)
        found = checked("--fix", "--unsafe-fixes", *options)
        after = {name: Path(name).read_bytes() for name in contents}
        assert checked("--fix", "--unsafe-fixes", *options) == found
        assert {name: Path(name).read_bytes() for name in contents} == after
        assert not [each for each in found if each["fixes"]], "what can be mended is mended"
    return after, found


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.deferred(lambda: st.sampled_from(cases())), st.booleans(), st.data())
def test_fixes_do_not_depend_on_the_layout(case: Case, alone: bool, data: st.DataObject) -> None:  # noqa: FBT001 - drawn
    one, other = data.draw(projects(case.example))
    assert {name: values(each) for name, each in one.items()} == {name: values(each) for name, each in other.items()}
    options = ("--select", case.rule) if alone else ()
    meant, left = mended(one, *options)
    done, found = mended(other, *options)

    refused = facts(found) - facts(left)
    event("refused" if refused else "mended")
    if refused:
        hard = "".join(text for each in other.values() for text in texts(each))
        assert "# c" in hard or "&a" in hard, "only comments and anchors are in the way"
    else:
        assert facts(found) == facts(left)
        assert {name: values(each) for name, each in done.items()} == {
            name: values(each) for name, each in meant.items()
        }
    for name, old in other.items():
        new = done[name]
        for before, after, value, changed in zip(texts(old), texts(new), values(old), values(new), strict=True):
            assert (before == after) == (value == changed), "what keeps its value keeps its text"
        assert old[:2] == new[:2] or not old.startswith((b"\xef\xbb", b"\xff\xfe"))
        assert line_ends(new) <= (line_ends(old) or {"\n"})
        assert old.endswith(b"\n") == new.endswith(b"\n") or b"\0" in old
        assert comments(new) <= comments(old)
        assert case.deletes or comments(new) == comments(old)
