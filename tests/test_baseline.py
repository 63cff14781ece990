"""What is accepted in bulk: baselines, and comments that `--add-ignore` writes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from k8snetlint import Config, Source, lint
from k8snetlint.baseline import apply, may_accept, parse, written
from k8snetlint.cli import EMPTY, FINDINGS, INTERNAL, OK, USAGE, run
from k8snetlint.finding import Finding, Location, Report, Severity
from k8snetlint.rules import all_rules
from k8snetlint.rules.catalog import page_of
from k8snetlint.source.load import load
from k8snetlint.suppress.apply import is_beyond
from k8snetlint.suppress.write import with_comments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import Problem
    from k8snetlint.rules.catalog import Example

EXAMPLES = Path(__file__).parent.parent / "examples"
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
OPEN = POLICY + "  ingress:\n  - from:\n    - ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/8]}\n"
BITS = "netpol-cidr-host-bits"
RULE = "netpol-except-not-strict-subset"
HERE = Location(1, 1, 0)
FOUND = Finding("netpol-x", Severity.WARNING, "no", "a.yaml", 0, None, None, HERE, HERE, fingerprint="ab" * 8)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CI", raising=False)
    write(POLICY)
    return tmp_path


def write(text: str | bytes, name: str = "a.yaml") -> None:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_bytes(text.encode() if isinstance(text, str) else text)


def check(*options: str) -> int:
    return run(["check", "--fail-on", "info", *options])


def baseline(*options: str) -> Any:
    assert check("--write-baseline", "b.json", *options) == OK
    return json.loads(Path("b.json").read_text(encoding="utf-8"))


# Baselines


def test_what_is_accepted_is_counted_and_not_reported(capsys: pytest.CaptureFixture[str]) -> None:
    assert check() == FINDINGS
    [entry] = baseline()["accepted"]
    assert entry.pop("fingerprint").isalnum()
    assert entry == {"count": 1, "id": DENY, "path": "a.yaml", "object": "NetworkPolicy prod/web"}
    capsys.readouterr()
    assert check("--baseline", "b.json", "-v", "a.yaml") == OK
    printed = capsys.readouterr()
    assert printed.out == "No problems in 1 file (1 object, Kubernetes 1.37), 1 suppressed.\n"
    assert printed.err.startswith(f"suppressed: a.yaml:7:16: {DENY} suppressed by baseline\n")
    assert check("--baseline", "b.json", "-f", "sarif", "a.yaml") == OK
    [result] = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    assert result["suppressions"][0]["kind"] == "external"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(OPEN, OK, id="nothing"),
        pytest.param("# more\n\n" + OPEN.replace("spec:", "spec:\n  # more"), OK, id="lines that move"),
        pytest.param(OPEN.replace("[Ingress]", "\n  - Ingress"), OK, id="another style"),
        pytest.param(OPEN.replace("  - from", "  - ports: [{port: 1}]\n    from"), OK, id="a field beside it"),
        pytest.param(OPEN.replace("11.0.0.0/8", "0.0.0.0/0"), FINDINGS, id="another value"),
        pytest.param(OPEN.replace("name: web", "name: db"), FINDINGS, id="another object"),
        pytest.param(OPEN.replace("namespace: prod", "namespace: dev"), FINDINGS, id="another namespace"),
        pytest.param(
            OPEN.replace("  ingress:", "  ingress:\n  - from: [{podSelector: {}}]"), FINDINGS, id="another item"
        ),
    ],
)
def test_a_fingerprint_is_of_one_fact(text: str, code: int) -> None:
    write(OPEN)
    assert {each["id"] for each in baseline()["accepted"]} == {RULE}
    write(text)
    assert check("--baseline", "b.json", "a.yaml") == code


def test_ports_are_known_by_their_names_and_not_by_their_places() -> None:
    ports = "  ingress:\n  - ports:\n    - {port: 80}\n    - {port: 8080, endPort: 8000}\n"
    write(POLICY + ports)
    assert baseline()["accepted"]
    write(POLICY + ports.replace("    - {port: 80}\n", ""))
    assert check("--baseline", "b.json", "a.yaml") == OK


def test_the_next_equal_one_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    twice = POLICY + "---\n" + POLICY
    write(twice)
    counts = {each["id"]: each["count"] for each in baseline()["accepted"]}
    assert counts[DENY] == 2
    write(twice + "---\n" + POLICY)
    capsys.readouterr()
    assert check("--baseline", "b.json", "--select", DENY, "a.yaml") == FINDINGS
    assert "Found 1 info in 1 file (3 objects, Kubernetes 1.37), 2 suppressed" in capsys.readouterr().out


def test_the_file_is_the_same_whatever_the_order_of_paths() -> None:
    write(POLICY.replace("web", "b"), "b.yaml")
    write(OPEN.replace("web", "c"), "c.yaml")
    assert check("a.yaml", "b.yaml", "c.yaml", "--write-baseline", "x.json") == OK
    assert check("c.yaml", "b.yaml", "a.yaml", "--write-baseline", "y.json") == OK
    text = Path("x.json").read_text(encoding="utf-8")
    assert text == Path("y.json").read_text(encoding="utf-8")
    entries = json.loads(text)["accepted"]
    assert entries == sorted(entries, key=lambda each: (each["path"], each["id"], each["fingerprint"]))
    assert text.count("\n") == len(entries) + 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("", "`b.json` is not a baseline: not JSON", id="empty"),
        pytest.param("{", "`b.json` is not a baseline: not JSON", id="no JSON"),
        pytest.param("[" * 100_000, "`b.json` is not a baseline: not JSON", id="too deep"),
        pytest.param(b"\xff\xfe\x00", "`b.json` is not a baseline: not UTF-8", id="no text"),
        pytest.param("[]", "not a baseline of this version; write it with --write-baseline", id="a list"),
        pytest.param('{"version": 2, "accepted": []}', "not a baseline of this version", id="another version"),
        pytest.param('{"version": 1}', "not a baseline of this version", id="nothing in it"),
        pytest.param('{"version": 1, "accepted": [1]}', "an entry has no fingerprint, or no count", id="a number"),
        pytest.param('{"version": 1, "accepted": [{"count": 1}]}', "an entry has no fingerprint", id="no print"),
        pytest.param('{"version": 1, "accepted": [{"fingerprint": "a", "count": 0}]}', "or no count", id="zero"),
        pytest.param('{"version": 1, "accepted": [{"fingerprint": "a", "count": true}]}', "or no count", id="a bool"),
        pytest.param(None, "cannot read `b.json`: no such file or directory (--write-baseline creates one)", id="none"),
    ],
)
@pytest.mark.parametrize("style", ["full", "json"])
def test_broken_baselines(
    content: str | bytes | None, message: str, style: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        write(content, "b.json")
    assert check("--baseline", "b.json", "-f", style, "a.yaml") == USAGE
    printed = capsys.readouterr()
    assert printed.out == ""
    assert message in printed.err
    assert printed.err.count("\n") == 1


def test_a_folder_is_no_baseline(capsys: pytest.CaptureFixture[str]) -> None:
    Path("b").mkdir()
    assert check("--baseline", "b", "a.yaml") == USAGE
    assert "cannot read `b`: " in capsys.readouterr().err


def test_a_byte_order_mark_is_none_of_its_business() -> None:
    baseline()
    write(b"\xef\xbb\xbf" + Path("b.json").read_bytes(), "b.json")
    assert check("--baseline", "b.json", "a.yaml") == OK


@pytest.mark.parametrize("value", ["true", "1", "yes", "TRUE"])
def test_ci_does_not_accept_what_comes(
    value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CI", value)
    assert check("--write-baseline", "b.json") == USAGE
    assert "would accept every finding of a CI run" in capsys.readouterr().err
    assert not Path("b.json").exists()
    assert check("--write-baseline", "b.json", "--force") == OK
    assert Path("b.json").exists()


@pytest.mark.parametrize("value", ["", "0", "false"])
def test_what_is_no_ci(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", value)
    assert check("--write-baseline", "b.json") == OK


@pytest.mark.parametrize("option", ["--fix", "--diff", "--changed"])
@pytest.mark.parametrize("act", ["--write-baseline=b.json", "--add-ignore"])
def test_one_thing_at_a_time(option: str, act: str, capsys: pytest.CaptureFixture[str]) -> None:
    git("init", "-q")
    git("add", "a.yaml")
    before = Path("a.yaml").read_bytes()
    if (option, act) == ("--changed", "--add-ignore"):
        assert check(option, act) == OK
        return
    assert check(option, act) == USAGE
    assert capsys.readouterr().err.startswith(f"error: {act.partition('=')[0]} ")
    assert Path("a.yaml").read_bytes() == before
    assert not Path("b.json").exists()


def git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], check=True, capture_output=True)  # noqa: S607 - the git of whoever tests


def accepted(document: Any) -> list[tuple[str, str]]:
    return [(each["path"], each["id"]) for each in document["accepted"]]


@pytest.mark.parametrize("options", [["deploy"], ["./deploy/"], ["deploy/b.yaml"], ["--exclude", "a.yaml"]])
def test_what_a_run_does_not_look_for_stays_accepted(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    write(OPEN.replace("web", "db"), "deploy/b.yaml")
    before = baseline("--select", f"{DENY},{RULE}", "--isolated")
    assert accepted(before) == [("a.yaml", DENY), ("deploy/b.yaml", RULE)]
    write(POLICY.replace("web", "db"), "deploy/b.yaml")
    capsys.readouterr()
    after = baseline(*options)
    assert ("a.yaml", DENY) in accepted(after)
    assert DENY in [found for path, found in accepted(after) if path.endswith("deploy/b.yaml")]
    assert before["accepted"][0] in after["accepted"]
    assert "that this run did not look for" in capsys.readouterr().err
    assert check("--baseline", "b.json") == OK


def test_what_a_run_looks_for_and_does_not_find_is_accepted_no_more(capsys: pytest.CaptureFixture[str]) -> None:
    write(OPEN.replace("web", "db"), "deploy/b.yaml")
    baseline()
    write(POLICY.replace("web", "db"), "deploy/b.yaml")
    assert accepted(baseline("deploy")) == [("a.yaml", DENY), ("deploy/b.yaml", DENY)]
    Path("deploy/b.yaml").unlink()
    assert accepted(baseline()) == [("a.yaml", DENY)]
    assert "did not look for" not in capsys.readouterr().err.splitlines()[-1]


def test_another_file_is_not_taken_for_a_baseline_of_other_folders(capsys: pytest.CaptureFixture[str]) -> None:
    write(POLICY, "deploy/b.yaml")
    write("{}", "b.json")
    assert check("--write-baseline", "b.json", "deploy") == USAGE
    assert "`b.json` is not a baseline" in capsys.readouterr().err
    assert Path("b.json").read_text(encoding="utf-8") == "{}"
    assert accepted(baseline()) == [("a.yaml", DENY)]


def test_what_is_gone_is_noted(capsys: pytest.CaptureFixture[str]) -> None:
    write(POLICY, "deploy/b.yaml")
    baseline()
    write(POLICY.replace("{}", "{matchLabels: {a: b}}"))
    write(POLICY.replace("{}", "{matchLabels: {a: b}}"), "deploy/b.yaml")
    write(POLICY.replace("web", "db"), "other/c.yaml")
    gone = "note: `b.json` lists findings that no longer exist: "

    def noted(*options: str) -> list[str]:
        capsys.readouterr()
        run(["check", "--baseline", "b.json", *options])
        return [line for line in capsys.readouterr().err.splitlines() if "no longer exist" in line]

    assert noted() == [f"{gone}{DENY} in a.yaml; --write-baseline updates it"]
    assert noted(".") == noted()
    for quiet in (["-q"], ["-f", "json"], ["-f", "sarif"]):
        assert noted(*quiet) == []
    # Who does not look does not know.
    assert noted("other") == []
    assert noted("--ignore", DENY) == []
    assert noted("--select", RULE) == []
    assert noted("--exclude", "a.yaml") == []


def test_half_of_what_is_accepted_is_gone(capsys: pytest.CaptureFixture[str]) -> None:
    write(POLICY + "---\n" + POLICY)
    baseline()
    write(POLICY)
    capsys.readouterr()
    check("--baseline", "b.json")
    assert "lists findings that no longer exist" in capsys.readouterr().err


def test_a_new_one_holds_what_the_old_one_accepts() -> None:
    before = baseline()
    write(POLICY.replace("web", "db"), "b.yaml")
    after = baseline("--baseline", "b.json")
    assert before["accepted"][0] in after["accepted"]
    assert len(after["accepted"]) == 2


def test_quiet_and_machines_get_no_words(capsys: pytest.CaptureFixture[str]) -> None:
    for options in (["-q"], ["-f", "json"]):
        for act in (["--write-baseline", "b.json"], ["--add-ignore"]):
            assert check(*options, *act) == OK
            assert capsys.readouterr() == ("", "")


def test_what_was_not_checked_is_never_accepted(capsys: pytest.CaptureFixture[str]) -> None:
    write(POLICY + "---\na: [\nkind: b\n")
    assert [each["id"] for each in baseline()["accepted"]] == [DENY]
    err = capsys.readouterr().err
    assert err.startswith("note: `b.json` accepts 1 finding\nnote: 1 finding (first yaml-syntax at a.yaml:")
    assert check("--baseline", "b.json", "a.yaml") == FINDINGS
    for finding_id in ("internal-error", "file-unreadable", "yaml-syntax", "pr-adds-suppression", "pr-changes-config"):
        finding = FOUND._replace(id=finding_id)
        assert not may_accept(finding)
        assert "".join(written([finding])) == '{"version": 1, "accepted": [\n]}\n'
        report = Report((finding,), (), 1, 1, 1)
        entry = {"fingerprint": finding.fingerprint, "id": finding_id}
        accepted = parse(json.dumps({"version": 1, "accepted": [entry]}), "b.json")
        assert apply(report, accepted)[0] == report


def test_a_merged_baseline_accepts_nothing_twice() -> None:
    entry = {"fingerprint": FOUND.fingerprint, "count": 2, "id": FOUND.id, "path": "a.yaml"}
    text = json.dumps({"version": 1, "accepted": [entry, {**entry, "count": 1}]})
    report = Report((FOUND, FOUND._replace(fingerprint=f"{FOUND.fingerprint}-2")) * 2, (), 1, 1, 1)
    kept, gone = apply(report, parse(text, "b.json"))
    assert (len(kept.findings), len(kept.suppressed), gone) == (2, 2, [])


def test_names_stay_data() -> None:
    hostile = FOUND._replace(path='a"\n\x1b[31m\udcff.yaml')
    text = "".join(written([hostile]))
    assert text.isascii()
    assert text.count("\n") == 3
    [accepted] = parse(text, "b.json").values()
    assert accepted.path == hostile.path


@pytest.mark.usefixtures("here")
def test_the_examples_are_clean_with_their_baseline() -> None:
    shutil.copytree(EXAMPLES, "examples")
    assert check("examples") == FINDINGS
    baseline("examples")
    assert check("--baseline", "b.json", "examples") == OK


def test_an_internal_error_is_no_success(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> Iterator[Problem]:
        raise RuntimeError

    broken = tuple(each._replace(check=fails) if each.id == DENY else each for each in all_rules())
    monkeypatch.setattr("k8snetlint.linting.judging.rules_about", lambda *_: broken)
    assert check("--write-baseline", "b.json") == INTERNAL
    assert check("--add-ignore") == INTERNAL


# Comments


def sources_of(example: Example) -> list[tuple[str, bytes]]:
    return [(name, re.sub("  # finding: .*", "", text).encode()) for name, _, text in example.files()]


BAD = [
    pytest.param(sources_of(example), id=f"{rule.id}-{number}")
    for rule in all_rules()
    for number, example in enumerate(page_of(rule).examples, 1)
    if example.role == "bad"
] + [
    pytest.param([(path.name, path.read_bytes()) for path in sorted(folder.iterdir())], id=folder.name)
    for folder in sorted(EXAMPLES.iterdir())
]


def lint_inputs(files: list[tuple[str, bytes]]) -> Report:
    return lint([Source.of(*each) for each in files], Config(whole_tree=True))


def values_of(content: bytes) -> list[Any]:
    return [each.value for each in load(Source.of("a.yaml", content), every=True).documents]


IN_TEXTS = {"dns-corefile-suspicious", "dns-service-not-found"}
"""What is found within block scalars, where no comment can stand; one above the key accepts it."""


def commented(files: list[tuple[str, bytes]], reason: str = "why") -> list[tuple[str, bytes]]:
    report = lint_inputs(files)
    new = []
    for name, content in files:
        wanted = [each for each in report.findings if each.path == name and not is_beyond(each)]
        text, left = with_comments(content, wanted, reason)
        assert {each.id for each in left} <= IN_TEXTS
        new.append((name, text))
    return new


def without(content: bytes) -> bytes:
    return re.sub(rb"  # k8snetlint: ignore\[[a-z, -]+\] why", b"", content)


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("files", BAD)
def test_comments_accept_what_can_be(files: list[tuple[str, bytes]], ends: bytes) -> None:
    files = [(name, content.replace(b"\n", ends)) for name, content in files]
    before = lint_inputs(files)
    after = commented(files)
    assert [values_of(content) for _, content in after] == [values_of(content) for _, content in files]
    assert [without(content) for _, content in after] == [content for _, content in files]
    report = lint_inputs(after)
    assert [each.fingerprint for each in report.findings if each.id not in IN_TEXTS] == [
        each.fingerprint for each in before.findings if is_beyond(each)
    ]
    assert len(report.suppressed) == len(before.findings) - len(report.findings)
    assert all(each.reason == "why" for each in report.suppressed)
    assert commented(after) == after


def test_a_comment_above_the_key_accepts_what_is_found_in_a_text() -> None:
    comment = "# k8snetlint: ignore[dns-corefile-suspicious] why\n  "
    head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: coredns, namespace: kube-system}\ndata:\n  "
    corefile = "Corefile: |\n    .:53 {\n        kubernets cluster.local\n        forward . 127.0.0.1\n    }\n"

    found = lint([Source.of("a.yaml", head + corefile)], Config())
    accepted = lint([Source.of("a.yaml", head + comment + corefile)], Config())

    assert {each.id for each in found.findings} == {"dns-corefile-suspicious"}
    assert not accepted.findings
    assert len(accepted.suppressed) == len(found.findings)


@pytest.mark.parametrize("files", BAD)
def test_alone_a_file_does_not_call_them_unused(files: list[tuple[str, bytes]]) -> None:
    for name, content in commented(files):
        for document in load(Source.of(name, content), every=True).documents:
            source = Source.of(name, document.text)
            found = lint([source], Config()).findings
            assert not [each.message for each in found if each.id == "ignore-unused"]


@pytest.mark.parametrize(
    ("text", "after"),
    [
        pytest.param("spec: {podSelector: {}, policyTypes: [Ingress]}", "", id="braces"),
        pytest.param("spec: {podSelector: {}, policyTypes: [Ingress]}  # keep", "", id="behind a comment"),
        pytest.param("spec: {podSelector: {}, policyTypes: [Ingress]} \t", " \t", id="before blanks"),
        pytest.param("spec: {podSelector: {},\n  policyTypes: [Ingress]}", "\n  policyTypes: [Ingress]}", id="lines"),
    ],
)
@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n---\n"])
def test_where_comments_stand(text: str, after: str, end: str) -> None:
    head = POLICY.partition("spec:")[0]
    new, left = added(head + text + end)
    assert left == []
    first = (head + text).removesuffix(after)
    assert new == f"{first}  # k8snetlint: ignore[{DENY}] why{after}{end}"


def added(text: str | bytes, reason: str = "why") -> tuple[str, list[Finding]]:
    content = text.encode() if isinstance(text, str) else text
    findings = [each for each in lint_inputs([("a.yaml", content)]).findings if not is_beyond(each)]
    assert findings
    new, left = with_comments(content, findings, reason)
    return new.decode(), left


def test_a_comment_that_is_there_gets_another_id() -> None:
    text = POLICY.replace("{}", "{}  # k8snetlint: ignore[manifest-duplicate-object] because")
    findings = [each for each in lint_inputs([("a.yaml", text.encode())]).findings if each.id == DENY]
    new, left = with_comments(text.encode(), findings, "why")
    assert (new.decode(), left) == (text.replace("object]", f"object, {DENY}]"), [])


def test_several_ids_of_a_line_share_a_comment() -> None:
    head = POLICY.partition("spec:")[0]
    text = head + "spec: {podSelector: {}, egress: [{}]}\n"
    found = {each.id for each in lint_inputs([("a.yaml", text.encode())]).findings}
    assert len(found) > 1
    new, left = added(text)
    assert left == []
    assert new.count("#") == 1
    assert f"ignore[{', '.join(sorted(found))}] why" in new


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        pytest.param('{cidr: "10.0.0.1\\\n      /8"}}', "accepted 1 finding in 1 file\n", id="its last line is free"),
        pytest.param(
            '{cidr: "10.0.0.1\\\n      /8"}}, {ipBlock: {cidr: "10.0.0.2\\\n      /8"}}',
            f"accepted 1 finding in 1 file\nnote: 1 finding (first {BITS} at a.yaml:10:29) not accepted: no comment",
            id="both lines end in a text",
        ),
    ],
)
def test_values_of_several_lines(rules: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = f"{POLICY}  ingress:\n  - from: [{{ipBlock: {rules}]\n"
    write(text)
    assert check("--add-ignore=why", "--kubernetes-version", "1.30") == OK
    assert message in capsys.readouterr().err
    lines = text.splitlines()
    lines[-1] += f"  # k8snetlint: ignore[{BITS}] why"
    assert Path("a.yaml").read_text(encoding="utf-8").splitlines() == lines


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_encodings_stay(encoding: str) -> None:
    content = POLICY.encode(encoding)
    findings = lint_inputs([("a.yaml", content)]).findings
    new, left = with_comments(content, findings, "我们知道")
    assert left == []
    assert new == POLICY.replace("{}", f"{{}}  # k8snetlint: ignore[{DENY}] 我们知道").encode(encoding)


def test_add_ignore(capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(EXAMPLES, "examples")
    assert check("--add-ignore=moves  in\tMarch", "examples", "a.yaml") == USAGE
    assert "cannot be printed" in capsys.readouterr().err
    assert check("--add-ignore=moves  in March", "examples", "a.yaml") == OK
    printed = capsys.readouterr()
    assert printed.out == ""
    assert re.fullmatch(
        r"note: accepted \d+ findings in 6 files\n"
        r"note: 3 findings \(first [a-z-]+ at examples/shop/mistakes.yaml:9:5\) cannot be accepted by a comment\n",
        printed.err,
    )
    assert f"podSelector: {{}}  # k8snetlint: ignore[{DENY}] moves in March\n" in Path("a.yaml").read_text("utf-8")
    before = {path: path.read_bytes() for path in Path().rglob("*.yaml")}
    assert check("--add-ignore", "examples", "a.yaml") == OK
    assert capsys.readouterr().err.startswith("note: accepted 0 findings in 0 files\n")
    assert {path: path.read_bytes() for path in Path().rglob("*.yaml")} == before


def test_only_what_is_shown_gets_a_comment() -> None:
    assert run(["check", "--add-ignore"]) == OK
    assert Path("a.yaml").read_text(encoding="utf-8") == POLICY
    assert run(["check", "--add-ignore", "--show", "info"]) == OK
    assert Path("a.yaml").read_text(encoding="utf-8") != POLICY


def test_complaints_get_no_comment(capsys: pytest.CaptureFixture[str]) -> None:
    text = POLICY + "# k8snetlint: ignore\n# k8snetlint: ignore[nothing]\n"
    write(text)
    assert run(["check", "--add-ignore"]) == OK
    assert Path("a.yaml").read_text(encoding="utf-8") == text
    assert "2 findings (first ignore-blanket at a.yaml:9:1) cannot be accepted" in capsys.readouterr().err


def test_json_is_left_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.yaml").unlink()
    spec = {"podSelector": {}, "policyTypes": ["Ingress"]}
    names = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "x"}}
    text = json.dumps({**names, "spec": spec}, indent=1)
    write(text, "a.json")
    assert check("--add-ignore") == OK
    assert Path("a.json").read_text(encoding="utf-8") == text
    assert (
        f"1 finding (first {DENY} at a.json:8:18) not accepted: no comment is possible there" in capsys.readouterr().err
    )


def test_standard_input_cannot_be_changed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with Path("a.yaml").open(encoding="utf-8") as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        assert check("-", "--add-ignore") == USAGE
    assert "--add-ignore works on files only" in capsys.readouterr().err


def test_what_is_not_staged_is_not_written_over(capsys: pytest.CaptureFixture[str]) -> None:
    git("init", "-q")
    git("add", "a.yaml")
    unstaged = POLICY + "  # not staged\n"
    write(unstaged)
    assert check("--changed", "--add-ignore") == USAGE
    assert "the file changed since it was checked; nothing was written" in capsys.readouterr().err
    assert Path("a.yaml").read_text(encoding="utf-8") == unstaged
    git("add", "a.yaml")
    assert check("--changed", "--add-ignore") == OK
    assert Path("a.yaml").read_text(encoding="utf-8") == unstaged.replace("{}", f"{{}}  # k8snetlint: ignore[{DENY}]")


def test_a_file_that_is_read_only_gets_no_comment(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec:\n  podSelector: {}\n"
    write(policy)
    (here / "a.yaml").chmod(0o444)
    run(["check", ".", "--add-ignore"])

    assert (here / "a.yaml").read_text(encoding="utf-8") == policy
    assert "`a.yaml` not changed: read-only" in capsys.readouterr().err


def test_links_that_lead_out_are_not_followed(tmp_path_factory: pytest.TempPathFactory) -> None:
    git("init", "-q")
    outside = tmp_path_factory.mktemp("outside") / "b.yaml"
    outside.write_text(POLICY, encoding="utf-8")
    Path("b.yaml").symlink_to(outside)
    assert check("--add-ignore", "b.yaml") == OK
    assert outside.read_text(encoding="utf-8") == POLICY


def test_an_empty_folder_gets_no_comments() -> None:
    Path("empty").mkdir()
    assert check("empty") == EMPTY
    assert check("empty", "--add-ignore") == OK
