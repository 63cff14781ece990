"""Comments and annotations that accept findings, and what is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from ruamel.yaml import YAML

from k8snetlint import Config, Source, lint
from k8snetlint.cli import FINDINGS, OK, run
from k8snetlint.edit.editor import apply_edits
from k8snetlint.rules import all_rules

if TYPE_CHECKING:
    from k8snetlint.finding import Report

DENY = "netpol-deny-all"
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: prod
spec:
  podSelector: {}
  policyTypes: [Ingress]
"""
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n"
REJECTED = POLICY.replace("podSelector: {}", "podSelector: {app: web}")
JOB = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: webs}
      annotations: {}
    spec:
      containers: [{name: web, image: web}]
"""
EXAMPLES = Path(__file__).parents[2] / "examples"


class RawProblem(NamedTuple):
    """What is reported, and what is accepted, by what and why."""

    found: list[str]
    accepted: list[tuple[str, str, str]]


def report_of(text: str | bytes, config: Config | None = None) -> Report:
    return lint([Source.of("a.yaml", text)], config or Config(whole_tree=True))


def said(text: str | bytes, config: Config | None = None) -> RawProblem:
    report = report_of(text, config)
    return RawProblem(
        [f"{each.start.line}: {each.id}" for each in report.findings],
        [(each.finding.id, each.by, each.reason) for each in report.suppressed],
    )


def on(line: int, comment: str, text: str = POLICY) -> str:
    lines = text.splitlines()
    lines[line - 1] += f"  # k8snetlint: {comment}"
    return "\n".join(lines) + "\n"


def above(line: int, comment: str, text: str = POLICY) -> str:
    lines = text.splitlines()
    lines.insert(line - 1, f"# k8snetlint: {comment}")
    return "\n".join(lines) + "\n"


def annotated(*ids: str, text: str = POLICY) -> str:
    keys = "".join(f'    ignore.k8snetlint.dev/{each}: "we know"\n' for each in ids)
    return text.replace("metadata:\n", f"metadata:\n  annotations:\n{keys}", 1)


def test_the_policy_is_reported() -> None:
    assert said(POLICY) == RawProblem(["7: netpol-deny-all"], [])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(on(7, f"ignore[{DENY}] we know"), id="on its line"),
        pytest.param(on(7, "ignore[netpol] we know"), id="by its group"),
        pytest.param(on(7, "ignore[netpol-deny-all,] we know"), id="a comma at the end"),
        pytest.param(on(7, f"ignore [ {DENY} ]  we know  "), id="with blanks"),
        pytest.param(on(7, f"ignore[{DENY}] we know").replace("# k8s", "#k8s"), id="without a blank"),
        pytest.param(on(7, f"ignore[{DENY}] we know").replace("  # k8s", "\t# k8s"), id="behind a tab"),
        pytest.param(on(7, f"ignore[{DENY}] we know").replace("# k8s", "# keep # k8s"), id="in another comment"),
        pytest.param(on(7, f"ignore[{DENY}] we know # yamllint disable-line"), id="before another comment"),
        pytest.param(on(7, f"ignore[{DENY}] we know").replace("\n", "\r\n"), id="CRLF"),
        pytest.param("\ufeff" + on(7, f"ignore[{DENY}] we know"), id="a byte order mark"),
        pytest.param(on(7, f"ignore[{DENY}] we know").encode("utf-16"), id="UTF-16"),
        pytest.param(on(7, f"ignore[{DENY}] we know").rstrip("\n"), id="no line end"),
        pytest.param(above(7, f"ignore[{DENY}] we know"), id="above its key"),
        pytest.param(above(6, f"ignore[{DENY}] we know"), id="above a key around it"),
        pytest.param(above(7, f"ignore[{DENY}] we know\n\n# more"), id="above other comments"),
        pytest.param(above(1, f"ignore-document[{DENY}] we know"), id="at the document's begin"),
        pytest.param(POLICY + f"# k8snetlint: ignore-document[{DENY}] we know", id="at the document's end"),
        pytest.param(above(1, f"ignore-document[{DENY}] we know\n---"), id="before its separator"),
        pytest.param(f"--- # k8snetlint: ignore-document[{DENY}] we know\n" + POLICY, id="on its separator"),
        pytest.param(above(1, f"ignore-file[{DENY}] we know"), id="at the file's begin"),
        pytest.param(above(1, f"ignore-file[{DENY}] we know\n---"), id="before the first separator"),
    ],
)
def test_a_comment_accepts(text: str | bytes) -> None:
    assert said(text) == RawProblem([], [(DENY, "comment", "we know")])


def test_a_reason_may_be_in_any_language_or_missing() -> None:
    assert said(on(7, f"ignore[{DENY}] 我们知道, é")).accepted == [(DENY, "comment", "我们知道, é")]
    assert said(on(7, f"ignore[{DENY}]")).accepted == [(DENY, "comment", "")]
    assert said(on(7, f"ignore[{DENY}] see #12")).accepted == [(DENY, "comment", "see #12")]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param(on(6, f"ignore[{DENY}]"), 7, id="on the line before"),
        pytest.param(on(8, f"ignore[{DENY}]"), 7, id="on the line behind"),
        pytest.param(above(8, f"ignore[{DENY}]"), 7, id="above the next key"),
        pytest.param(above(4, f"ignore[{DENY}]"), 8, id="above a key elsewhere"),
        pytest.param(POLICY + f"# k8snetlint: ignore[{DENY}]\n", 7, id="behind everything"),
        pytest.param(on(7, "ignore[netpol-allow-all-rule]"), 7, id="for another id"),
        pytest.param(POLICY + f"---\n# k8snetlint: ignore-document[{DENY}]\n{CONFIG_MAP}", 7, id="in another document"),
        pytest.param(POLICY + f"---\n# k8snetlint: ignore-document[{DENY}]\n", 7, id="for no document"),
        pytest.param(POLICY + f"--- # k8snetlint: ignore[{DENY}]\n", 7, id="on the next separator"),
    ],
)
def test_a_comment_elsewhere_accepts_nothing(text: str, line: int) -> None:
    found = said(text)
    assert found.accepted == []
    assert sorted(each.partition(" ")[2] for each in found.found) == ["ignore-unused", DENY]
    assert f"{line}: {DENY}" in found.found


def test_ignore_document_covers_one_document_only() -> None:
    text = above(1, f"ignore-document[{DENY}]\n---") + "---\n" + POLICY.replace("name: web", "name: db")
    found = said(text)
    assert found.found == [f"18: {DENY}"]
    assert len(found.accepted) == 1


def test_ignore_file_covers_all_documents_and_stands_before_the_first() -> None:
    other = POLICY.replace("name: web", "name: db")
    assert said(above(1, f"ignore-file[{DENY}]") + "---\n" + other).found == []
    late = POLICY + f"---\n# k8snetlint: ignore-file[{DENY}]\n" + other
    assert said(late).found == [f"7: {DENY}", "10: ignore-malformed", f"17: {DENY}"]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(f"  a: |\n    # k8snetlint: ignore[{DENY}]", id="a literal"),
        pytest.param(f"  a: >-\n    text\n\n    # k8snetlint: ignore-document[{DENY}]\n", id="a folded one"),
        pytest.param(f'  a: "# k8snetlint: ignore[{DENY}]"', id="double quotes"),
        pytest.param(f"  a: '\n    # k8snetlint: ignore-document[{DENY}]\n    b'", id="single quotes of several lines"),
        pytest.param(f"  a: b# k8snetlint: ignore[{DENY}]", id="no blank before it"),
        pytest.param(f'  "a # k8snetlint: ignore[{DENY}]": b', id="a key"),
    ],
)
def test_text_is_no_comment(line: str) -> None:
    assert said(f"{CONFIG_MAP}{line}\n---\n{POLICY}").accepted == []
    assert not [each for each in said(CONFIG_MAP + line).found if "ignore" in each]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("  a: |  # MARK\n    text", id="on the line that begins a literal"),
        pytest.param("  a: |\n    text\n\n# MARK\n  b: c", id="behind a literal"),
        pytest.param("  a: [b,  # MARK\n    c]", id="in brackets"),
    ],
)
def test_a_comment_beside_text_is_one(line: str) -> None:
    text = CONFIG_MAP + line.replace("MARK", f"k8snetlint: ignore[{DENY}]") + "\n"
    assert [each.partition(" ")[2] for each in said(text).found] == ["ignore-unused"]


def test_any_line_of_a_finding_and_of_what_it_names_counts() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in (EXAMPLES / "silent").iterdir()}

    def checked(name: str = "", line: int = 0) -> Report:
        sources = [Source.of(each, on(line, f"ignore[{rule}]", text) if each == name else text)
                   for each, text in texts.items()]  # fmt: skip
        return lint(sources, Config())

    rule = "netpol-policy-uses-service-port"
    [finding] = [each for each in checked().findings if each.id == rule]
    assert finding.related
    for path, line in [
        (finding.path, finding.start.line),
        *((each.path, each.end.line) for each in finding.related),
    ]:
        report = checked(path, line)
        assert [each.finding.id for each in report.suppressed] == [rule]
        assert not [each for each in report.findings if each.id in (rule, "ignore-unused")]


def test_comments_in_two_files_are_both_in_use() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in (EXAMPLES / "silent").iterdir()}
    rule = "netpol-policy-uses-service-port"
    report = lint([Source.of(*each) for each in texts.items()], Config())
    [finding] = [each for each in report.findings if each.id == rule]
    other = next(each for each in finding.related if each.path != finding.path)
    texts[finding.path] = on(finding.start.line, f"ignore[{rule}]", texts[finding.path])
    texts[other.path] = on(other.start.line, f"ignore[{rule}]", texts[other.path])
    report = lint([Source.of(*each) for each in texts.items()], Config(whole_tree=True))
    assert not [each for each in report.findings if each.id in (rule, "ignore-unused")]


# Annotations


@pytest.mark.parametrize("word", [DENY, "netpol"])
def test_an_annotation_accepts(word: str) -> None:
    assert said(annotated(word)) == RawProblem([], [(DENY, "annotation", "we know")])
    assert said(json.dumps(_json(annotated(word)))) == RawProblem([], [(DENY, "annotation", "we know")])


def _json(text: str) -> Any:
    return YAML(typ="safe").load(text)


def test_an_annotation_on_a_pod_template_covers_the_workload() -> None:
    rule = "workload-selector-template-mismatch"
    assert [each.partition(" ")[2] for each in said(JOB).found] == [rule]
    with_key = JOB.replace("annotations: {}", f"annotations: {{ignore.k8snetlint.dev/{rule}: soon}}")
    # The API server rejects such a workload, which no annotation hides.
    found = report_of(with_key).findings
    assert [each.id for each in found] == [rule, "ignore-unused"]
    assert found[1].message == f"{rule} cannot be accepted here: the API server rejects the object"
    warned = JOB.replace("webs", "web").replace(
        "image: web}", "image: web, ports: [{containerPort: 1}, {containerPort: 1}]}"
    )
    assert [each.partition(" ")[2] for each in said(warned).found] == ["api-warning"]
    with_key = warned.replace("annotations: {}", "annotations: {ignore.k8snetlint.dev/api-warning: soon}")
    assert said(with_key) == RawProblem([], [("api-warning", "annotation", "soon")])


def test_an_annotation_covers_its_own_item_of_a_list() -> None:
    items = [_json(annotated(DENY)), _json(POLICY.replace("name: web", "name: db"))]
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
    assert "\n" not in text
    report = report_of(text)
    assert [(each.id, each.object and each.object.name) for each in report.findings] == [(DENY, "db")]
    assert [each.finding.object and each.finding.object.name for each in report.suppressed] == ["web"]


def test_keys_of_annotations_may_be_numbers_or_written_with_escapes() -> None:
    text = annotated(DENY).replace("annotations:\n", "annotations:\n    1: one\n")
    assert said(text).accepted == [(DENY, "annotation", "we know")]
    escaped = annotated(DENY, "netpol-nothing").replace(
        "ignore.k8snetlint.dev/netpol-n", '"ignore.k8snetlint.dev\\u002fnetpol-n'
    )
    escaped = escaped.replace("nothing:", 'nothing":')
    assert said(escaped).found == ["6: ignore-unknown-rule"]


# What is wrong with suppressions


@pytest.mark.parametrize(
    ("comment", "finding_id", "message", "near"),
    [
        pytest.param("ignore[netpol-deny-al]", "ignore-unknown-rule", "unknown id `netpol-deny-al`", DENY, id="an id"),
        pytest.param("ignore[nothing]", "ignore-unknown-rule", "unknown id `nothing`", "", id="like no other"),
        pytest.param(f"ingore[{DENY}]", "ignore-malformed", "`ingore` is not a suppression", "ignore", id="a word"),
        pytest.param(f"Ignore[{DENY}]", "ignore-malformed", "`Ignore` is not a suppression", "ignore", id="its case"),
        pytest.param("ignore-fil", "ignore-malformed", "`ignore-fil` is no", "ignore-file", id="no brackets"),
        pytest.param(
            f"disable[{DENY}]",
            "ignore-malformed",
            "`disable` is not a suppression",
            "ignore",
            id="another linter's word",
        ),
        pytest.param(f"hide[{DENY}]", "ignore-malformed", "`hide` is not a suppression", "", id="another word"),
        pytest.param(
            f"disable={DENY}",
            "ignore-malformed",
            "`disable` is not a suppression",
            f"ignore[{DENY}]",
            id="an equals sign",
        ),
        pytest.param(
            f"disable-file={DENY}, netpol",
            "ignore-malformed",
            "`disable-file` is not a suppression",
            f"ignore-file[{DENY}, netpol]",
            id="several ids",
        ),
        pytest.param(
            f"ignore={DENY}",
            "ignore-malformed",
            "`ignore` is not a suppression",
            f"ignore[{DENY}]",
            id="no brackets, =",
        ),
        pytest.param(
            f"ignore {DENY} why", "ignore-malformed", "`ignore` is not a suppression", f"ignore[{DENY}]", id="a bare id"
        ),
        pytest.param(DENY, "ignore-malformed", f"`{DENY}` is not a suppression", f"ignore[{DENY}]", id="an id alone"),
        pytest.param("noqa", "ignore-malformed", "`noqa` is not a suppression", "ignore", id="a word alone"),
        pytest.param(f"ignore[{DENY} x", "ignore-malformed", "has no closing bracket", "", id="an open bracket"),
        pytest.param("ignore", "ignore-blanket", "names no rule, so it hides", "", id="no id"),
        pytest.param("ignore[] why", "ignore-blanket", "names no rule, so it hides", "", id="empty brackets"),
        pytest.param("ignore[ALL]", "ignore-blanket", "names all rules, so it hides", "", id="all ids"),
        pytest.param("ignore-document", "ignore-blanket", "names no rule, so it hides", "", id="for a document"),
    ],
)
def test_complaints(comment: str, finding_id: str, message: str, near: str) -> None:
    [finding, *more] = [each for each in report_of(on(7, comment)).findings if each.id != DENY]
    assert not more
    assert finding.id == finding_id
    assert message in finding.message
    assert finding.help == (f"did you mean `{near}`?" if near else "")
    hidden = [each.finding.id for each in report_of(on(7, comment)).suppressed]
    assert hidden == ([DENY] if finding_id == "ignore-blanket" else [])


@pytest.mark.parametrize(
    "start", ["k8snetlnt: ", "k8snetlint ", "k8snetlint\uff1a", "K8sNetLint: ", "k8s-netlint:", "k8snetlint="]
)
def test_nearly_our_name_is_an_error_and_other_tools_are_not(start: str) -> None:
    # The good one tells that somebody knows us.
    text = on(8, f"ignore[{DENY}]")
    [one] = [each for each in report_of(f"{text}# {start}ignore[{DENY}]\n").findings if each.id == "ignore-malformed"]
    assert (one.start.line, one.help) == (9, "did you mean `k8snetlint: ignore`?")
    for other in (
        f"zizmor: ignore[{DENY}]",
        "k8snetlint: by the way",
        "k8snetlint ignores this",
        "see k8snetlint: ignore",
    ):
        assert not [each for each in said(f"{text}# {other}\n").found if "malformed" in each]


def test_unknown_annotations() -> None:
    [finding] = [each for each in report_of(annotated("netpol-deny-al")).findings if each.id != DENY]
    assert (finding.id, finding.help) == ("ignore-unknown-rule", f"did you mean `{DENY}`?")
    assert (finding.start.line, finding.start.column) == (5, 27)
    assert said(annotated("ALL")).accepted == [(DENY, "annotation", "we know")]
    assert [each.partition(" ")[2] for each in said(annotated("ALL")).found] == ["ignore-blanket"]


UNUSED = [
    pytest.param(on(8, f"ignore[{DENY}] why"), POLICY, id="a comment"),
    pytest.param(on(8, f"ignore[{DENY}] why").replace("\n", "\r\n"), POLICY.replace("\n", "\r\n"), id="CRLF"),
    pytest.param("\ufeff" + on(8, f"ignore[{DENY}] why"), "\ufeff" + POLICY, id="a byte order mark"),
    pytest.param(above(8, f"ignore[{DENY}] why"), POLICY, id="a line"),
    pytest.param(above(8, f"ignore[{DENY}] why  "), POLICY, id="a line with blanks at its end"),
    pytest.param(POLICY + f"# k8snetlint: ignore[{DENY}]", POLICY, id="the last line"),
    pytest.param(
        on(8, f"ignore[{DENY}] why # yamllint disable-line"),
        on(8, "").replace("# k8snetlint: ", "# yamllint disable-line"),
        id="beside another comment",
    ),
    pytest.param(on(8, "").replace("k8snetlint: ", f"keep # k8snetlint: ignore[{DENY}]"),
                 on(8, "").replace("k8snetlint: ", "keep"), id="behind another comment"),
    pytest.param(
        on(7, f"ignore[{DENY}, netpol-allow-all-rule] why"), on(7, f"ignore[{DENY}] why"), id="the second id"
    ),
    pytest.param(
        on(7, f"ignore[netpol-allow-all-rule, {DENY}] why"), on(7, f"ignore[{DENY}] why"), id="the first id"
    ),
    pytest.param(
        on(7, f"ignore[netpol-allow-all-rule,{DENY},manifest-duplicate-object]"), on(7, f"ignore[{DENY}]"), id="around"
    ),
    pytest.param(on(7, f"ignore[{DENY},netpol]"), on(7, f"ignore[{DENY}]"), id="a group beside its id"),
    pytest.param(annotated("manifest-duplicate-object"), POLICY, id="the only annotation"),
    pytest.param(annotated(DENY, "manifest-duplicate-object"), annotated(DENY), id="an annotation"),
    pytest.param(above(1, f"ignore-file[{DENY}] a\n# k8snetlint: ignore-file[{DENY}] b"),
                 above(1, f"ignore-file[{DENY}] a"), id="one that repeats another"),
    pytest.param(on(8, "ignore"), POLICY, id="one without ids"),
    pytest.param(on(8, "ignore[api-warning]"), POLICY, id="an id outside of the rules"),
    pytest.param(on(8, "ignore[api]"), POLICY, id="a group outside of the rules"),
    pytest.param(POLICY + "# k8snetlint: ignore[yaml-syntax]\n", POLICY, id="what always counts"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "without"), UNUSED)
def test_the_fix_takes_out_what_accepts_nothing(
    text: str, without: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    file = tmp_path / "a.yaml"
    file.write_bytes(text.encode())
    assert run(["check", ".", "-f", "concise"]) == FINDINGS
    assert "ignore-unused [*]" in capsys.readouterr().out
    assert run(["check", ".", "--fix"]) == OK
    assert file.read_bytes() == without.encode()
    capsys.readouterr()


@pytest.mark.parametrize(
    "config",
    [
        pytest.param(Config(whole_tree=True, ignore=(DENY,)), id="ignored"),
        pytest.param(Config(whole_tree=True, severity={DENY: None}), id="off"),
        pytest.param(Config(whole_tree=True, select=("netpol-allow-all-rule", "ignore")), id="not selected"),
        pytest.param(Config(whole_tree=True, per_file_ignores=(("*.yaml", (DENY,)),)), id="ignored in the file"),
    ],
)
@pytest.mark.parametrize("word", [f"[{DENY}]", "[netpol]", "", "[ALL]"])
def test_who_does_not_look_does_not_complain(config: Config, word: str) -> None:
    unused = said(on(8, f"ignore{word}"), Config(whole_tree=True)).found
    assert "8: ignore-unused" in unused
    found = said(on(8, f"ignore{word}"), config).found
    assert "8: ignore-unused" not in found


ABSENT = "netpol-selects-no-pod"


@pytest.mark.parametrize("word", [f"[{ABSENT}]", "[netpol-selects-host-network-pods]", "[netpol]", ""])
def test_what_missing_files_decide_is_not_called_unused(word: str) -> None:
    text = on(8, f"ignore{word}", POLICY.replace("podSelector: {}", "podSelector: {matchLabels: {app: web}}"))
    assert "8: ignore-unused" not in said(text, Config()).found


def test_what_the_file_alone_decides_is() -> None:
    assert "8: ignore-unused" in said(on(8, f"ignore[{DENY}]"), Config()).found


@pytest.mark.parametrize(
    "word", ["ignore-unused", "ignore-blanket", "ignore-malformed", "ignore-unknown-rule", "pr-adds-suppression"]
)
def test_complaints_cannot_be_accepted(word: str) -> None:
    text = f"# k8snetlint: ignore-file[{word}]\n{on(8, 'ignore')}"
    [first, *_] = report_of(text).findings
    assert first.message == f"{word} cannot be accepted in a manifest: it is about suppressions"
    assert len([each for each in report_of(text).findings if each.id == "ignore-blanket"]) == 1


def test_complaints_can_be_ignored() -> None:
    text = on(8, "ignore")
    assert said(text, Config(whole_tree=True, ignore=("ignore",))).found == [f"7: {DENY}"]
    accepted = said(text, Config(whole_tree=True, per_file_ignores=(("a.yaml", ("ignore",)),)))
    assert accepted == RawProblem([f"7: {DENY}"], [("ignore-blanket", "per-file-ignores", "a.yaml")])
    text = on(8, f"ignore[{DENY}]")
    accepted = said(text, Config(whole_tree=True, per_file_ignores=(("a.yaml", ("ignore-unused",)),)))
    assert accepted == RawProblem([f"7: {DENY}"], [("ignore-unused", "per-file-ignores", "a.yaml")])


# What no suppression hides


@pytest.mark.parametrize(
    ("text", "finding_id"),
    [
        pytest.param(REJECTED, "netpol-selector-missing-match-labels", id="what a rule says of a rejection"),
        pytest.param(POLICY.replace("Ingress", "Sideways"), "api-not-supported", id="a value"),
        pytest.param(POLICY.replace("  name: web", "  name: W"), "api-invalid", id="the API server's words"),
        pytest.param(POLICY.replace("  name: web", "  name: web\n  name: web"), "api-duplicate-key", id="a key twice"),
        pytest.param(POLICY + "  a: [\n", "yaml-syntax", id="no YAML"),
    ],
)
def test_rejections_stay(text: str, finding_id: str) -> None:
    assert finding_id in {each.id for each in report_of(text).findings}
    for word in ("", f"[{finding_id}]", "[ALL]"):
        report = report_of(f"# k8snetlint: ignore-file{word}\n{text}")
        assert finding_id in {each.id for each in report.findings}
        assert finding_id not in {each.finding.id for each in report.suppressed}
    [unused] = [each for each in report_of(f"# k8snetlint: ignore-file[{finding_id}]\n{text}").findings
                if each.id == "ignore-unused"]  # fmt: skip
    assert f"{finding_id} cannot be accepted" in unused.message


def test_ignore_hides_rejections() -> None:
    assert said(REJECTED, Config(ignore=("netpol", "api-unknown-field"))).found == []


def test_a_file_that_cannot_be_read_stays() -> None:
    def gone() -> bytes:
        raise OSError(2, "no such file or directory")

    report = lint([Source("a.yaml", gone)], Config(per_file_ignores=(("*", ("ALL",)),)))
    assert [each.id for each in report.findings] == ["file-unreadable"]
    assert report.suppressed == ()


def test_per_file_ignores_are_counted() -> None:
    found = said(POLICY, Config(per_file_ignores=(("a.*", (DENY,)),)))
    assert found == RawProblem([], [(DENY, "per-file-ignores", "a.*")])


# The command line


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(on(7, f"ignore[{DENY}] we know"), encoding="utf-8")
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_what_is_accepted_never_vanishes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--fail-on", "info", "-v"]) == OK
    printed = capsys.readouterr()
    assert printed.out == "No problems in 1 file (1 object, Kubernetes 1.37), 1 suppressed.\n"
    assert f"suppressed: a.yaml:7:16: {DENY} suppressed by comment: we know\n" in printed.err

    assert run(["check", "--statistics", "--show", "info"]) == OK
    assert DENY not in capsys.readouterr().out

    assert run(["check", "-f", "json"]) == OK
    printed = capsys.readouterr()
    read = json.loads(printed.out)
    assert printed.err == ""
    assert (read["findings"], read["summary"]["suppressed"]) == ([], 1)
    assert [(each["id"], each["by"], each["reason"]) for each in read["suppressed"]] == [(DENY, "comment", "we know")]

    assert run(["check", "-f", "sarif"]) == OK
    [result] = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    assert (result["ruleId"], result["suppressions"][0]["kind"]) == (DENY, "inSource")


@pytest.mark.parametrize("text", [on(7, f"ignore[{DENY}] we know"), annotated(DENY), on(8, "ignore[nothing]")])
def test_no_suppressions(text: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    assert run(["check", "--no-suppressions", "--fail-on", "info", "-f", "concise"]) == FINDINGS
    found = capsys.readouterr().out
    assert found.count("\n") == 2
    assert f" {DENY} " in found
    assert "suppressed" not in found


def test_every_rule_and_group_can_be_named() -> None:
    for word in {name for rule in all_rules() for name in (rule.id, rule.group)}:
        assert not [each for each in said(on(8, f"ignore[{word}]")).found if "malformed" in each]


def test_edits_of_one_comment_go_together() -> None:
    text = on(8, f"ignore[{DENY},manifest-duplicate-object]")
    fixes = [each.fix for each in report_of(text).findings if each.fix]
    assert len(fixes) == 2
    assert {apply_edits(text, each.edits) for each in fixes} == {POLICY}


def test_a_word_of_a_comment_is_no_pattern_that_takes_for_ever() -> None:
    # Tried at every blank behind the word, this line would take minutes.
    text = POLICY + f"# k8snetlint{' ' * 200_000}x\n"
    found = lint([Source.of("a.yaml", text)], Config()).findings
    assert not any(each.id.startswith("ignore") for each in found)
