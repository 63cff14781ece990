"""`--fix` and `--diff` on files: what is written, what is not, and what is said about it."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gitrepo import commit, stage, start
from manifests import deployment, policy, sources

from k8snetlint import Config, Source, lint
from k8snetlint.cli import FINDINGS, OK, USAGE, run
from k8snetlint.edit.change import Edit
from k8snetlint.edit.editor import apply_edits
from k8snetlint.finding import Finding, Location, Report, Severity, TextFix
from k8snetlint.linting.fixes import fix_sources

if TYPE_CHECKING:
    from collections.abc import Sequence

POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}  # keep
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingres: []  # why
"""
MENDED = POLICY.replace("ingres:", "ingress:")
UNSAFE = """\
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports:
  - port: 80
    nodePort: 30080
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(POLICY, encoding="utf-8")


def content(name: str = "a.yaml") -> str:
    return Path(name).read_bytes().decode()


def test_fixes_are_written_and_what_is_left_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    Path("b.yaml").write_text(UNSAFE, encoding="utf-8")
    assert run(["check", ".", "--fix"]) == FINDINGS
    printed = capsys.readouterr()
    assert content() == MENDED
    assert content("b.yaml") == UNSAFE
    assert printed.err == "note: fixed 1 finding in 1 file\n"
    assert "netpol-misplaced" not in printed.out
    assert "service-node-port-on-clusterip" in printed.out
    assert run(["check", "a.yaml", "--fix"]) == OK
    assert content() == MENDED


def test_unsafe_fixes_are_asked_for() -> None:
    Path("b.yaml").write_text(UNSAFE, encoding="utf-8")
    assert run(["check", "b.yaml", "--fix", "--unsafe-fixes"]) == OK
    assert content("b.yaml") == UNSAFE + "  type: NodePort\n"


def test_a_diff_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", ".", "--diff"]) == FINDINGS
    printed = capsys.readouterr()
    assert content() == POLICY
    assert printed.out.splitlines()[:3] == ["--- a.yaml", "+++ a.yaml", "@@ -4,4 +4,4 @@"]
    assert "-  ingres: []  # why\n+  ingress: []  # why\n" in printed.out
    assert printed.err == "note: would fix 1 finding in 1 file\n"
    assert run(["check", ".", "--diff", "--exit-zero"]) == OK
    Path("a.yaml").write_text(MENDED, encoding="utf-8")
    capsys.readouterr()
    assert run(["check", ".", "--diff"]) == OK
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "note: nothing to fix\n")


@pytest.mark.skipif(shutil.which("patch") is None, reason="no patch here")
@pytest.mark.parametrize("program", [["patch", "-p0", "--binary"], ["git", "apply", "-p0"]], ids=["patch", "git"])
@pytest.mark.parametrize(
    ("name", "before"),
    [
        pytest.param("a.yaml", POLICY, id="LF"),
        pytest.param("a.yaml", POLICY.replace("\n", "\r\n"), id="CRLF"),
        pytest.param("a.yaml", POLICY.rstrip("\n"), id="no line end"),
        pytest.param("with blanks.yaml", POLICY, id="a name with blanks"),
        pytest.param("é/ü.yaml", POLICY, id="a name that is not ASCII"),
        pytest.param(
            "a.yaml",
            "\ufeffspec: {podSelector: {}, policyTypes: [Ingress], ingres: []}\n" + POLICY[: POLICY.index("spec:")],
            id="BOM",
        ),
        pytest.param("a.yaml", POLICY.replace("# why", "# \u202e ##[a] \t é"), id="what a terminal obeys"),
        pytest.param("a.yaml", POLICY + "---\n# \x85 \u2028 \r \x0b\n", id="what only Python takes for line ends"),
    ],
)
def test_a_diff_can_be_applied(
    name: str,
    before: str,
    program: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    monkeypatch.delenv("CI", raising=False)
    Path("a.yaml").unlink()
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_bytes(before.encode())
    assert run(["check", name, "--diff"]) == FINDINGS
    diff = capfdbinary.readouterr().out
    done = subprocess.run(program, input=diff, capture_output=True, check=False)
    assert done.returncode == 0, (done.stdout, done.stderr, diff)
    assert content(name) == before.replace("ingres:", "ingress:")


HOSTILE = POLICY.replace("  ingres: []  # why\n", "  ingres: []  # \u202e\n  ::error::x: 1\n")


def test_a_diff_of_many_changes_is_that_of_difflib(capsys: pytest.CaptureFixture[str]) -> None:
    ports = "".join(f'  - name: p{number}\n    port: {number}\n    targetPort: "8080"\n' for number in range(1, 99))
    old = f"apiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec:\n  selector: {{app: web}}\n  ports:\n{ports}"
    new = old.replace('"8080"', "8080")
    Path("web.yaml").write_text(old, encoding="utf-8")
    assert run(["check", "web.yaml", "--diff"]) == FINDINGS
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    assert capsys.readouterr().out == "".join(unified_diff(before, after, "web.yaml", "web.yaml"))


def test_a_diff_is_harmless_on_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.yaml").write_text(HOSTILE, encoding="utf-8")
    assert run(["check", ".", "--diff", "--color", "always"]) == FINDINGS
    printed = capsys.readouterr().out
    assert "\x1b[31m-  ingres: []  # \\u{202e}\x1b[0m\n" in printed
    assert "\n   \\x3a:error::x: 1\n" in printed


def test_a_diff_is_harmless_in_a_log(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.yaml").write_text(HOSTILE, encoding="utf-8")
    monkeypatch.setenv("CI", "true")
    assert run(["check", ".", "--diff"]) == FINDINGS
    printed = capsys.readouterr().out
    assert "-  ingres: []  # \\u{202e}\n" in printed
    assert "\n   \\x3a:error::x: 1\n" in printed
    assert "\x1b" not in printed


def test_without_a_terminal_there_are_no_colours(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    assert run(["check", ".", "--diff"]) == FINDINGS
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize("mode", [0o644, 0o600, 0o755])
def test_mode_marks_and_links_stay(mode: int) -> None:
    Path("a.yaml").write_bytes("\ufeff".encode() + POLICY.replace("\n", "\r\n").encode())
    Path("a.yaml").chmod(mode)
    Path("b.yaml").symlink_to("a.yaml")
    assert run(["check", "b.yaml", "--fix"]) == OK
    assert Path("b.yaml").is_symlink()
    assert Path("a.yaml").read_bytes() == "\ufeff".encode() + MENDED.replace("\n", "\r\n").encode()
    assert stat.S_IMODE(Path("a.yaml").stat().st_mode) == mode


def test_a_link_out_of_the_project_is_not_followed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("project/.git").mkdir(parents=True)
    Path("outside.yaml").write_text(POLICY, encoding="utf-8")
    os.chdir("project")
    Path("in.yaml").symlink_to("../outside.yaml")
    assert run(["check", "in.yaml", "--fix"]) == FINDINGS
    printed = capsys.readouterr()
    assert "note: `in.yaml` not changed: a symbolic link points outside the project\n" in printed.err
    assert "[*]" not in printed.out
    assert (tmp_path / "outside.yaml").read_text(encoding="utf-8") == POLICY


@pytest.mark.parametrize("protected", ["a.yaml", "b.yaml"], ids=["the first", "the second"])
def test_a_file_that_is_read_only_is_left_alone(protected: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("b.yaml").write_text(POLICY.replace("name: web", "name: api"), encoding="utf-8")
    before = content(protected)
    Path(protected).chmod(0o444)
    assert run(["check", ".", "--fix"]) == FINDINGS
    printed = capsys.readouterr()
    assert content(protected) == before
    assert sum("ingress:" in content(name) for name in ("a.yaml", "b.yaml")) == 1
    assert f"note: `{protected}` not changed: read-only\n" in printed.err
    assert "[*]" not in printed.out
    assert protected in printed.out


def test_what_killed_runs_left_behind_goes() -> None:
    long_ago = Path("a.yaml").stat().st_mtime - 1000
    for name in (".k8snetlint-0.tmp", ".k8snetlint-1.tmp", "k8snetlint.tmp"):
        Path(name).touch()
        if "1" not in name:
            os.utime(name, (long_ago, long_ago))
    assert run(["check", ".", "--diff"]) == FINDINGS
    assert len(list(Path().iterdir())) == 4
    assert run(["check", ".", "--fix"]) == OK
    assert sorted(map(str, Path().iterdir())) == [".k8snetlint-1.tmp", "a.yaml", "k8snetlint.tmp"]


def test_a_comment_in_what_comes_elsewhere_keeps_a_fix_back(capsys: pytest.CaptureFixture[str]) -> None:
    text = POLICY.replace("  ingres: []  # why\n", "  ingress:\n  - from:\n    - podSelector: {}\n      ipBlock:\n")
    text += "        cidr: 10.1.0.0/16"
    Path("a.yaml").write_text(text + "  # the office\n", encoding="utf-8")
    assert run(["check", ".", "--fix", "--unsafe-fixes"]) == FINDINGS
    assert content() == text + "  # the office\n"
    printed = capsys.readouterr()
    assert "netpol-ipblock-with-selector" in printed.out
    assert "[*]" not in printed.out
    assert "fix:" not in printed.out
    Path("a.yaml").write_text(text + "\n", encoding="utf-8")
    assert run(["check", ".", "--fix", "--unsafe-fixes"]) == OK
    assert "    - ipBlock:\n        cidr: 10.1.0.0/16\n" in content()


def test_streams_are_no_files(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "-", "--fix"]) == USAGE
    assert "on standard input or rendered output" in capsys.readouterr().err


def test_a_file_that_is_changed_meanwhile_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import k8snetlint.cli.apply_fixes as module

    def changing(*arguments: object) -> object:
        result = fix_sources(*arguments)  # type: ignore[arg-type]  # passed on
        Path("a.yaml").write_text("something: else\n", encoding="utf-8")
        return result

    monkeypatch.setattr(module, "fix_sources", changing)
    assert run(["check", ".", "--fix"]) == USAGE
    assert content() == "something: else\n"
    assert "the file changed since it was checked; nothing was written" in capsys.readouterr().err


def test_what_a_baseline_accepts_is_not_mended(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.yaml").write_text(UNSAFE, encoding="utf-8")
    assert run(["check", ".", "--write-baseline", "base.json", "--force"]) == OK
    Path("b.yaml").write_text(UNSAFE.replace("name: web", "name: api"), encoding="utf-8")
    capsys.readouterr()
    assert run(["check", ".", "--diff", "--unsafe-fixes", "--baseline", "base.json"]) == FINDINGS
    printed = capsys.readouterr()
    assert "a.yaml" not in printed.out
    assert "b.yaml" in printed.out


def test_a_comment_is_unused_only_when_the_rest_is_mended() -> None:
    text = POLICY.replace("podSelector: {}", "podSelector: {}  # k8snetlint: ignore[netpol-deny-all] so be it")
    Path("a.yaml").write_text(text, encoding="utf-8")
    assert run(["check", ".", "--fix"]) == OK
    assert content() == text.replace("ingres:", "ingress:")
    Path("a.yaml").write_text(text.replace("ingres: []", "ingres: [{ports: [{port: 80}]}]"), encoding="utf-8")
    assert run(["check", ".", "--fix"]) == OK
    assert content() == MENDED.replace("[]", "[{ports: [{port: 80}]}]")


OLD = """\
apiVersion: v1
kind: Service
metadata: {name: old}
spec:
  selector: {app: web}
  ports:
  - port: 80
    targetPort: "8080"
"""


def test_what_the_configuration_accepts_is_not_mended() -> None:
    Path("b.yaml").write_text(OLD, encoding="utf-8")
    Path("k8snetlint.toml").write_text(
        '[lint.per-file-ignores]\n"b.yaml" = ["service-quoted-target-port"]\n', encoding="utf-8"
    )
    assert run(["check", ".", "--fix", "--unsafe-fixes"]) == OK
    assert content("b.yaml") == OLD
    assert content() == MENDED


def test_what_a_comment_accepts_is_not_mended() -> None:
    text = MENDED.replace("  policyTypes: [Ingress]\n", "")
    Path("a.yaml").write_text(text, encoding="utf-8")
    assert run(["check", ".", "--add-ignore=later", "--show", "info"]) == OK
    accepted = content()
    assert accepted != text
    assert run(["check", ".", "--fix"]) == OK
    assert content() == accepted
    assert run(["check", ".", "--fix", "--no-suppressions"]) == OK
    assert "policyTypes: [Ingress]\n" in content()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be in a repository whose last commit has a finding that a fix mends."""
    start(tmp_path / "r", monkeypatch)
    commit({"a.yaml": OLD})


@pytest.mark.usefixtures("repository")
def test_only_the_change_is_mended(capsys: pytest.CaptureFixture[str]) -> None:
    added = OLD + "---\n" + POLICY
    stage({"a.yaml": added, "b.yaml": POLICY.replace("name: web", "name: api")})
    for option in ("--changed", "--changed=HEAD"):
        stage({"a.yaml": added})
        assert run(["check", ".", "--fix", option]) == OK
        assert content() == OLD + "---\n" + MENDED
        assert "service-quoted-target-port" not in capsys.readouterr().out
    assert run(["check", ".", "--fix"]) == OK
    assert '"8080"' not in content()


@pytest.mark.usefixtures("repository")
def test_what_a_fix_brings_to_light_is_a_part_of_the_change(capsys: pytest.CaptureFixture[str]) -> None:
    stage({"b.yaml": POLICY.replace("ingres: []", "ingres: [{ports: [{port: 99999}]}]")})
    assert run(["check", ".", "--fix", "--changed"]) == FINDINGS
    assert "99999" in capsys.readouterr().out
    assert content() == OLD


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("option", "todo"),
    [
        ("--changed", "`git add` the file, or use --changed=HEAD"),
        ("--changed=HEAD~1..HEAD", "--changed=HEAD~1 checks the files themselves"),
        ("--changed=HEAD~1...", "--changed=HEAD~1 checks the files themselves"),
    ],
)
def test_files_that_are_not_what_was_checked_are_left_alone(
    option: str, todo: str, capsys: pytest.CaptureFixture[str]
) -> None:
    commit({"b.yaml": POLICY})
    stage({"b.yaml": POLICY + "# staged\n"})
    Path("b.yaml").write_text(POLICY + "# not staged\n", encoding="utf-8")
    assert run(["check", ".", "--fix", option]) == (OK if option == "--changed" else USAGE)
    assert content("b.yaml") == POLICY + "# not staged\n"
    assert (todo in capsys.readouterr().err) == (option != "--changed")
    stage({"c.yaml": POLICY})
    Path("c.yaml").write_text(POLICY + "# not staged\n", encoding="utf-8")
    assert run(["check", ".", "--fix", option]) == USAGE
    assert content("c.yaml") == POLICY + "# not staged\n"
    assert todo in capsys.readouterr().err


def test_a_broken_document_keeps_every_byte() -> None:
    broken = "a: [\n# é \t\n"
    Path("a.yaml").write_text(f"{broken}---\n{POLICY}---\n{broken}", encoding="utf-8")
    assert run(["check", ".", "--fix"]) == FINDINGS
    assert content() == f"{broken}---\n{MENDED}---\n{broken}"


def test_scopes_that_mean_different_things_give_no_fix() -> None:
    overlay = "resources: [../base, pod.yaml]\n"

    def fixes(one: str, other: str) -> list[bool]:
        files = {
            "base/kustomization.yaml": "resources: [policy.yaml]\n",
            "base/policy.yaml": policy("app: frontned"),
            "a/kustomization.yaml": overlay,
            "a/pod.yaml": deployment(labels=f"app: {one}"),
            "b/kustomization.yaml": overlay,
            "b/pod.yaml": deployment(labels=f"app: {other}"),
        }
        report = lint(sources(files), Config())
        return [bool(each.fix) for each in report.findings if each.id == "netpol-selects-no-pod"]

    assert fixes("frontend", "frontend") == [True]
    assert fixes("frontend", "frontneds") == [False]


TEXT = "kind: a\na: 1\nb: 2\n# between\nc: 3\napiVersion: b\n"


def of_texts(*edits: tuple[Edit, ...]) -> tuple[Source, Report]:
    """Return a source and a report with a finding for each of some fixes."""
    source = Source.of("a.yaml", TEXT)
    start = Location(1, 1, 0)
    found = [
        Finding(f"f{number}", Severity.ERROR, "", "a.yaml", 0, None, None, start, start)._replace(
            fix=TextFix("mend it", safe=True, edits=each)
        )
        for number, each in enumerate(edits)
    ]
    return source, Report(tuple(found), (), 1, 1, 0)


@pytest.mark.parametrize(
    ("edits", "after", "ids"),
    [
        pytest.param([(8, 12, "{"), (16, 17, "4")], TEXT.replace("b: 2", "b: 4"), ["f1"], id="the first one"),
        pytest.param(
            [(8, 9, "x"), (16, 17, "9"), (28, 29, "x"), (31, 32, "7")],
            TEXT.replace("a: 1", "x: 1").replace("b: 2", "b: 9").replace("c: 3", "c: 7"),
            ["f0", "f1", "f3"],
            id="one that only goes without another",
        ),
    ],
)
def test_a_fix_that_is_not_sure_does_not_keep_the_others(
    edits: list[tuple[int, int, str]], after: str, ids: list[str]
) -> None:
    source, report = of_texts(*[(Edit(*each),) for each in edits])
    nothing = report._replace(findings=())
    result = fix_sources([source], report, lambda _: nothing, lambda _: True)
    assert result.contents["a.yaml"].decode() == after
    assert [each.id for each in result.fixed] == ids


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param((13, 13, "x: 1\n"), (13, 13, "y: 1\n"), id="two inserts at one point"),
        pytest.param((8, 13, ""), (13, 18, ""), id="two neighbours"),
        pytest.param((13, 18, ""), (28, 33, ""), id="two with a comment in between"),
        pytest.param((28, 33, ""), (13, 18, ""), id="two with a comment in between, the second first"),
        pytest.param((8, 27, ""), (13, 18, ""), id="one in another"),
    ],
)
def test_of_two_fixes_that_touch_the_second_waits(one: tuple[int, int, str], other: tuple[int, int, str]) -> None:
    source, report = of_texts((Edit(*one),), (Edit(*other),))
    seen: list[bytes] = []

    def again(sources: Sequence[Source]) -> Report:
        seen.append(sources[0].read())
        return report._replace(findings=())

    result = fix_sources([source], report, again, lambda _: True)
    assert [each.id for each in result.fixed] == ["f0"]
    assert seen == [apply_edits(source.read().decode(), (Edit(*one),)).encode()]
