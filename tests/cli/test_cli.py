from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import k8snetlint
from k8snetlint.cli import EMPTY, FINDINGS, INTERNAL, INTERRUPTED, USAGE, run, worst
from k8snetlint.cli.pages import listed_in, rules_as_table
from k8snetlint.codes import OUTSIDE_RULES
from k8snetlint.version import VERSION

GOOD = """\
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: prod
spec:
  selector:
    app: web
  ports:
  - port: 80
"""
BAD = GOOD.replace("port:", "prot:")
TEMPLATE = "apiVersion: v1\nkind: {{ .Values.kind }}\n"
BROKEN = "apiVersion: v1\nkind: [\n"
OTHER = "just: text\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "FORCE_HYPERLINK"):
        monkeypatch.delenv(name, raising=False)
    for name, text in {"good": GOOD, "bad": BAD, "template": TEMPLATE, "broken": BROKEN, "other": OTHER}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "empty").mkdir()
    return tmp_path


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "k8snetlint", *arguments]


def environment(**more: str) -> dict[str, str]:
    root = str(Path(k8snetlint.__file__).parent.parent)
    return {**os.environ, "PYTHONPATH": root, **more}


def spawn(*arguments: str, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        env=environment(**more),
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param("good", 0, id="no finding"),
        pytest.param("bad", 1, id="a finding"),
        pytest.param("bad --exit-zero", 0, id="a finding that does not count"),
        pytest.param("bad --severity api-unknown-field=warning --fail-on error", 0, id="below the level that fails"),
        pytest.param("bad --severity api-unknown-field=info", 0, id="infos do not fail"),
        pytest.param("bad --severity api-unknown-field=info --fail-on info", 1, id="unless they are to"),
        pytest.param("bad --severity api-unknown-field=off", 0, id="turned off"),
        pytest.param("bad --ignore api-unknown-field", 0, id="ignored"),
        pytest.param("bad --ignore api", 0, id="a group that is ignored"),
        pytest.param("bad --select api-type,api-invalid", 0, id="others are selected"),
        pytest.param("bad --select api-type --extend-select api-unknown-field", 1, id="selected, too"),
        pytest.param("bad --ignore api --extend-select api-unknown-field", 1, id="named, of a group that is ignored"),
        pytest.param("broken", 1, id="not YAML"),
        pytest.param("broken --exit-zero", 0, id="not YAML, which does not count"),
        pytest.param("good/missing.yaml", 2, id="a path that does not exist"),
        pytest.param("good bad nowhere", 2, id="one of the paths does not exist"),
        pytest.param("other", 3, id="no object"),
        pytest.param("empty", 3, id="no file"),
        pytest.param("other --allow-empty", 0, id="no object, which is expected"),
        pytest.param("empty good", 0, id="objects are found elsewhere"),
        pytest.param("template", 3, id="templates only"),
        pytest.param("template --fail-on info", 1, id="a finding counts more than no object"),
        pytest.param("other/a.yaml", 0, id="no object in a file that was named"),
        pytest.param("other/a.yaml empty", 3, id="no object in a file and a folder"),
        pytest.param("good --isolated -q -v --color never", 0, id="other options"),
        pytest.param("good --kubernetes-version 1.33,v1.34.2 --kubernetes-version 1.25", 0, id="versions"),
        pytest.param("good --namespace shop --node-port-range 30000+10", 0, id="facts"),
    ],
)
@pytest.mark.parametrize("style", ["full", "concise", "json"])
def test_exit_codes(arguments: str, code: int, style: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", *arguments.split(), "-f", style]) == code
    capsys.readouterr()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param("check good --slect api", "No such option: --slect", id="an option"),
        pytest.param("chek", "No such command 'chek'. Did you mean 'check'", id="a command"),
        pytest.param("check goood", "`goood` does not exist; did you mean `good`?", id="a path"),
        pytest.param("check --select netpol-selects-nopod", "unknown id `netpol-selects-nopod`", id="an id"),
        pytest.param("check --ignore api-unknwon-field", "did you mean `api-unknown-field`?", id="an id to ignore"),
        pytest.param("check --extend-select nothing-like-it", "`k8snetlint rules` lists all", id="an id like no other"),
        pytest.param("check --severity api-unknwon-field=off", "did you mean `api-unknown-field`?", id="of a level"),
        pytest.param("check --severity api=off", "unknown id `api`", id="a group has no level"),
        pytest.param("check --severity api-type=fatal", "a level is error, warning, info or off", id="a level"),
        pytest.param("check --severity api-type", "is not ID=LEVEL", id="no level"),
        pytest.param("check --ignore yaml-syntax", "yaml-syntax cannot be ignored", id="what always counts"),
        pytest.param("check --severity internal-error=off", "internal-error cannot be ignored", id="off, too"),
        pytest.param("check --fail-on never", "'never' is not one of 'error', 'warning', 'info'", id="what fails"),
        pytest.param("check --kubernetes-version 1.24", "supported is 1.25 to 1.37", id="an old version"),
        pytest.param("check --kubernetes-version new", "`new` is not a Kubernetes version", id="no version"),
        pytest.param("check --node-port-range 9-8", "`9-8` is not a port range", id="no range"),
        pytest.param("check --service-cidr 10.0.0.1/8", "`10.0.0.1/8` is not a CIDR", id="no network"),
        pytest.param("check --ip-family v4", "`v4` is not an IP family; use IPv4 or IPv6", id="no family"),
        pytest.param("check --namespace A_b", "`A_b` is not a namespace's name", id="no namespace"),
        pytest.param("check --schema-dir nowhere", "`nowhere` does not exist", id="no schemas"),
        pytest.param("check -f jsn", "unknown format `jsn`; did you mean `json`?", id="a format"),
        pytest.param("check -o nowhere/report", "cannot write `nowhere/report`", id="an output"),
        pytest.param("check -o good", "cannot write `good`", id="an output that is a folder"),
        pytest.param("rule api-unknwon-field", "did you mean `api-unknown-field`?", id="a rule"),
        pytest.param("check \x1b[31m", r"`\x1b[31m` does not exist", id="what a terminal would obey"),
    ],
)
def test_wrong_use(arguments: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = arguments.split(" ")
    assert run([*words, "good"] if words[0] == "check" else words) == USAGE
    printed = capsys.readouterr()
    assert message in printed.err
    assert "Traceback" not in printed.err


def test_nothing_to_do_prints_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == USAGE
    assert "check" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["-h"], ["--help"], ["check", "-h"], ["rules", "--help"], ["rule", "-h"]])
def test_help(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 0
    assert capsys.readouterr().out.startswith("Usage: k8snetlint")


@pytest.mark.parametrize("style", ["full", "concise", "grouped"])
@pytest.mark.parametrize("name", ["empty", "other"])
def test_nothing_to_check_is_said_once(name: str, style: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", name, "-f", style]) == EMPTY
    printed = capsys.readouterr()
    assert printed.err == f"error: no Kubernetes object in `{name}` (--allow-empty accepts that)\n"
    assert "No problems" not in printed.out
    assert run(["check", name, "-f", style, "--allow-empty"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out.startswith("No problems in ")


def test_the_help_of_check_has_every_option_in_a_group(capsys: pytest.CaptureFixture[str]) -> None:
    from typer.core import TyperGroup
    from typer.main import get_command

    from k8snetlint.cli.app import app
    from k8snetlint.cli.help import GROUPS

    assert run(["check", "--help"]) == 0
    printed = capsys.readouterr().out
    assert "\nOptions:\n" not in printed
    headings = [line[:-1] for line in printed.splitlines() if line.endswith(":") and not line.startswith(" ")]
    assert headings == ["Arguments", *GROUPS]
    assert "1.25 to 1.37" in " ".join(printed.split())
    assert "full, concise, json" in " ".join(printed.split())
    listed = [name for options in GROUPS.values() for name in options]
    assert len(listed) == len({*listed})
    every = get_command(app)
    assert isinstance(every, TyperGroup)
    known = {name for each in every.commands.values() for option in each.params for name in option.opts}
    assert {*listed} - known == {"--help"}


@pytest.mark.parametrize("columns", ["1", "50", "60", "80", "200"])
@pytest.mark.parametrize("name", ["check", "connections", "explain", "diff", "test"])
def test_help_breaks_no_word(
    name: str, columns: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert run([name, "--help"]) == 0
    wide = capsys.readouterr().out
    monkeypatch.setenv("COLUMNS", columns)
    assert run([name, "--help"]) == 0
    narrow = capsys.readouterr().out
    assert sorted(narrow.split()) == sorted(wide.split())
    assert max(map(len, narrow.splitlines())) <= max(int(columns), 50)


@pytest.mark.parametrize("name", ["--version", "-V"])
def test_version(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name]) == 0
    assert capsys.readouterr().out == f"k8snetlint {VERSION}\n"


@pytest.mark.parametrize(
    ("codes", "code"), [((130, 4, 2), 130), ((0, 4, 2, 1), 4), ((1, 2), 2), ((3, 1, 0), 1), ((0, 3), 3), ((0,), 0)]
)
def test_the_worst_code_counts(codes: tuple[int, ...], code: int) -> None:
    assert worst(*codes) == code


def test_results_go_to_standard_output_and_words_to_standard_error() -> None:
    done = spawn("check", "bad", "other", "template", "-v")
    nothing = "the manifests contain no workload in namespace prod"
    assert done.returncode == 1
    assert done.stdout.startswith("error[api-unknown-field]: ")
    assert done.stderr.splitlines() == [
        "not checked: other/a.yaml: not a Kubernetes object",
        "not checked: template/a.yaml, document 0: template: render it first",
        "not checked: the tree: cross-file checks limited: template/a.yaml: a template that is not rendered",
        f"not checked: bad/a.yaml: Service prod/web: spec.selector: {nothing}",
    ]


@pytest.mark.parametrize("arguments", [["bad"], ["other/a.yaml"], ["good", "-v"], ["template/a.yaml", "-v"]])
def test_machines_get_no_words(arguments: list[str]) -> None:
    done = spawn("check", "-f", "json", *arguments)
    assert done.stderr == ""
    json.loads(done.stdout)


def test_files_without_objects_are_noted() -> None:
    assert spawn("check", "other/a.yaml").stderr == "note: no Kubernetes object in the files that were given\n"
    assert spawn("check", "other/a.yaml", "-q").stderr == ""


def test_folders_without_objects_are_an_error_in_all_formats() -> None:
    message = "error: no Kubernetes object in `other` (--allow-empty accepts that)\n"
    for style in ("full", "json"):
        done = spawn("check", "other", "-f", style)
        assert (done.returncode, done.stderr) == (3, message)


def test_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "good", "-q"]) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("stdin", "code"), [pytest.param(GOOD, 0), pytest.param(BAD, 1), pytest.param(OTHER, 3), pytest.param("", 3)]
)
def test_standard_input(stdin: str, code: int) -> None:
    done = spawn("check", "-", "-f", "concise", stdin=stdin)
    assert done.returncode == code
    if code == FINDINGS:
        assert done.stdout.startswith("<stdin>:10:5: error api-unknown-field ")
        named = spawn("check", "-", "-f", "concise", "--stdin-filename", "deploy/web.yaml", stdin=stdin)
        assert named.stdout.startswith("deploy/web.yaml:10:5: ")


def test_excluded_files_are_not_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", ".", "--exclude", "b*/", "--exclude", "/template"]) == 0
    capsys.readouterr()


def test_the_output_file_is_whole_or_the_old_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = folder / "report.json"
    report.write_text("old", encoding="utf-8")
    report.chmod(0o600)
    link = folder / "link.json"
    link.symlink_to("report.json")
    assert run(["check", "bad", "-f", "json", "-o", "link.json"]) == FINDINGS
    assert capsys.readouterr() == ("", "")
    assert json.loads(report.read_text(encoding="utf-8"))["summary"]["error"] == 1
    assert link.is_symlink()
    assert report.stat().st_mode & 0o777 == 0o600
    assert not [path for path in folder.iterdir() if path.suffix == ".tmp"]


@pytest.mark.parametrize("target", [["--output", "/dev/full"], []])
@pytest.mark.parametrize("manifests", ["good", "bad"])
def test_a_failed_write_is_an_error(target: list[str], manifests: str) -> None:
    with Path("/dev/full" if not target else os.devnull).open("w", encoding="utf-8") as full:
        done = subprocess.run(
            command("check", manifests, *target),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
            check=False,
        )
    assert done.returncode == USAGE
    [line] = done.stderr.splitlines()
    assert line.endswith("No space left on device")


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_closed_streams(closed: str) -> None:
    words = " ".join(command("check", "good"))
    done = subprocess.run(  # noqa: S602 - the shell closes streams
        f"{words} {closed}", shell=True, capture_output=True, text=True, env=environment(), check=False
    )
    assert done.returncode == (USAGE if ">&-" in closed.replace("2>&-", "") else 0)
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


@pytest.mark.parametrize("style", ["full", "json"])
@pytest.mark.parametrize("arguments", [["check", "many"], ["check", "good"], ["rules"], ["check", "-h"]])
def test_a_closed_pipe_ends_quietly(arguments: list[str], style: str, folder: Path) -> None:
    (folder / "many").mkdir()
    (folder / "many" / "a.yaml").write_text("---\n".join([BAD] * 500), encoding="utf-8")
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        command(*arguments, *(["-f", style] if arguments == ["check", "many"] else [])),
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        check=False,
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (FINDINGS, "")


def test_an_interrupt(folder: Path) -> None:
    # Who runs the tests in the background of a shell lets all their processes ignore interrupts.
    program = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)"
    program += "; from k8snetlint.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", program, "check", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert process.stdin is not None
    process.stdin.write(b"# " + b"x" * 200_000)  # more than a pipe holds: it is reading when this returns
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (INTERRUPTED, b"", b"")
    assert folder.is_dir()


@pytest.mark.parametrize(
    ("locale", "dash"),
    [
        pytest.param({"PYTHONIOENCODING": "utf-8"}, "名", id="UTF-8"),
        pytest.param({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, r"\u{540d}", id="ASCII"),
        pytest.param({"PYTHONIOENCODING": "latin-1"}, r"\u{540d}", id="Latin-1"),
    ],
)
def test_any_locale(locale: dict[str, str], dash: str, folder: Path) -> None:
    (folder / "名.yaml").write_text(BAD, encoding="utf-8")
    manifest = folder / "wide.yaml"
    manifest.write_text(BAD.replace("web", "名"), encoding="utf-8")
    done = spawn("check", "wide.yaml", **locale)
    assert done.returncode == FINDINGS
    assert f"Service prod/{dash}" in done.stdout
    done = spawn("check", "wide.yaml", "-f", "json", **locale)
    assert json.loads(done.stdout)["findings"][0]["object"]["name"] == "名"


@pytest.mark.parametrize("style", ["full", "concise", "json"])
def test_hostile_names_reach_no_terminal(style: str, folder: Path) -> None:
    name = "::error::\x1b[31m\x07\r\u202e\udcff##[x].yaml"
    (folder / name).write_text(BAD.replace("prod", '"\\u202e\\e[31m##[x]"'), encoding="utf-8")
    done = spawn("check", name, ".", "-f", style, "-v")
    assert done.returncode == FINDINGS
    for line in (done.stdout + done.stderr).split("\n"):
        assert line.isprintable()
        assert "##[" not in line
        assert not line.lstrip().startswith("::")


@pytest.mark.parametrize(
    ("arguments", "variables", "coloured"),
    [
        pytest.param([], {}, False, id="a pipe"),
        pytest.param(["--color", "always"], {}, True, id="always"),
        pytest.param(["--color", "always"], {"NO_COLOR": "1"}, True, id="an option counts more than a variable"),
        pytest.param([], {"FORCE_COLOR": "1"}, True, id="forced"),
        pytest.param([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, id="NO_COLOR counts more"),
        pytest.param(["--color", "never"], {"FORCE_COLOR": "1"}, False, id="never"),
    ],
)
def test_colours(
    arguments: list[str],
    variables: dict[str, str],
    coloured: bool,  # noqa: FBT001 - a parameter
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    run(["check", "bad", *arguments])
    assert ("\x1b[" in capsys.readouterr().out) == coloured


@pytest.mark.parametrize(("variables", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_a_terminal_is_coloured(variables: dict[str, str], coloured: bool) -> None:  # noqa: FBT001 - a parameter
    controller, terminal = pty.openpty()
    subprocess.run(
        command("check", "bad"), stdout=terminal, env=environment(**{"TERM": "xterm", **variables}), check=False
    )
    os.close(terminal)
    printed = os.read(controller, 65536)
    os.close(controller)
    assert (b"\x1b[" in printed) == coloured


def test_a_bug_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError("\x1b[31m")

    monkeypatch.setattr("k8snetlint.cli.lint_inputs.lint", fail)
    assert run(["check", "good"]) == INTERNAL
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(r"internal error: KeyError: '\x1b[31m' (test_cli.py:")


@pytest.mark.parametrize(
    "module",
    [
        pytest.param(False, id="as a script"),
        pytest.param(True, id="as a module"),
    ],
)
def test_modules_among_the_manifests_are_not_imported(module: bool, folder: Path) -> None:  # noqa: FBT001 - a parameter
    for name in ("typer", "ruamel", "rich", "json", "enum", "sitecustomize"):
        (folder / f"{name}.py").write_text(f"open('ran-{name}', 'w')\n", encoding="utf-8")
    script = folder / "bin" / "k8snetlint"
    script.parent.mkdir()
    script.write_text("from k8snetlint.cli import main\nmain()\n", encoding="utf-8")
    words = command("check", "good") if module else [sys.executable, str(script), "check", "good"]
    done = subprocess.run(words, env=environment(), capture_output=True, check=False)
    assert (done.returncode, list(folder.glob("ran-*"))) == (0, [])


def test_progress_is_shown_on_a_terminal_only(folder: Path) -> None:
    controller, terminal = pty.openpty()
    script = (
        "import sys, time; from k8snetlint.cli import output; output._PATIENCE = output._INTERVAL = 0.0\n"
        "from k8snetlint.cli import run; sys.exit(run(['check', 'good']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=terminal,
        env=environment(TERM="xterm"),
        check=False,
    )
    os.close(terminal)
    printed = os.read(controller, 65536)
    os.close(controller)
    assert b"checked 1 of 1 files" in printed
    assert printed.endswith(b"\r\x1b[K")
    assert b"\x1b" not in done.stdout
    assert folder.is_dir()


def test_rules(capsys: pytest.CaptureFixture[str]) -> None:
    from k8snetlint.rules import all_rules

    assert run(["rules"]) == 0
    table = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in table] == [*(rule.id for rule in all_rules()), *OUTSIDE_RULES]
    assert run(["rules", "-f", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        *(
            {"id": rule.id, "group": rule.group, "severity": rule.severity.word, "title": rule.title}
            for rule in all_rules()
        ),
        *(
            {"id": name, "group": name.partition("-")[0], "severity": severity.word, "title": title}
            for name, (severity, title) in OUTSIDE_RULES.items()
        ),
    ]


@pytest.mark.parametrize(
    ("arguments", "groups"),
    [
        (["--group", "api"], {"api"}),
        (["--group", "kustomize"], {"kustomize"}),
        (["--group", "pr,ignore", "--group", "service"], {"pr", "ignore", "service"}),
    ],
)
def test_rules_of_groups(arguments: list[str], groups: set[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "-f", "json", *arguments]) == 0
    assert {each["group"] for each in json.loads(capsys.readouterr().out)} == groups
    assert run(["rules", *arguments]) == 0
    assert {line.partition("-")[0] for line in capsys.readouterr().out.splitlines()} == groups


@pytest.mark.parametrize(
    ("group", "words"),
    [
        ("netpl", "unknown group `netpl`; did you mean `netpol`? groups are cni, dns, ingress, kustomize, "),
        ("nothing-like-it", "unknown group `nothing-like-it`; groups are cni, dns, ingress, kustomize, "),
    ],
)
def test_an_unknown_group(group: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "--group", group]) == USAGE
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("columns", [40, 80, 120, 200])
def test_titles_are_wrapped_for_a_terminal(columns: int) -> None:
    lines = "".join(rules_as_table(listed_in(()), colour=False, columns=columns)).splitlines()
    assert max(map(len, lines)) <= max(columns, 60)
    words = " ".join(lines).split()
    assert {"netpol-deny-all", "service-node-port-out-of-range"} <= set(words)
    plain = "".join(rules_as_table(listed_in(()), colour=False)).split()
    assert sorted(words) == sorted(plain)


def test_pages(capsys: pytest.CaptureFixture[str]) -> None:
    from k8snetlint.rules import all_rules

    first, *_ = all_rules()
    assert run(["rule", first.id, "api-type"]) == 0
    printed = capsys.readouterr().out
    assert f"# {first.id}\n\n**{first.title}**\n" in printed
    assert "## Reported\n\n```yaml\n" in printed
    assert f"# api-type\n\n**{OUTSIDE_RULES['api-type'][1]}**\n" in printed
    assert run(["rule", first.id, "--color", "always"]) == 0
    assert "\x1b[" in capsys.readouterr().out


SCHEMA = {
    "x-kubernetes-group-version-kind": [{"group": "example.org", "version": "v1", "kind": "Thing"}],
    "type": "object",
    "properties": {"spec": {"type": "object", "properties": {"port": {"type": "integer"}}}},
}


@pytest.mark.parametrize(
    "schema",
    [
        pytest.param(SCHEMA, id="a schema"),
        pytest.param(
            {
                "definitions": {
                    "org/v1.Thing": SCHEMA | {"properties": {"spec": {"$ref": "#/definitions/Spec"}}},
                    "Spec": {"properties": {"port": {"type": "integer"}}},
                }
            },
            id="among definitions",
        ),
    ],
)
def test_schemas_of_custom_resources(schema: object, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "schemas").mkdir()
    (folder / "schemas" / "thing.json").write_text(json.dumps(schema), encoding="utf-8")
    thing = "apiVersion: example.org/v1\nkind: Thing\nmetadata: {name: a}\nspec: {port: 80}\n"
    (folder / "good" / "a.yaml").write_text(thing, encoding="utf-8")
    (folder / "bad" / "a.yaml").write_text(thing.replace("80", "web"), encoding="utf-8")
    assert run(["check", "good", "--schema-dir", "schemas"]) == 0
    assert run(["check", "bad", "--schema-dir", "schemas"]) == FINDINGS
    assert run(["check", "bad"]) == 0
    capsys.readouterr()


CRD = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.org}
spec:
  group: example.org
  scope: Namespaced
  names: {kind: Thing, plural: things}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec: {type: object, properties: {port: {type: integer}}}
"""
LISTED_CRD = "apiVersion: v1\nkind: List\nitems:\n- " + CRD.replace("\n", "\n  ")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("crd.yaml", CRD, id="a CustomResourceDefinition"),
        pytest.param("a.b/list.yaml", LISTED_CRD, id="in a List"),
        pytest.param("thing-example.org-v1.json", None, id="kubeconform's names, with the group"),
        pytest.param("thing-example-v1.json", None, id="kubeconform's names"),
        pytest.param("example.org/thing_v1.json", None, id="the catalogue's names"),
    ],
)
def test_other_schemas_of_custom_resources(
    name: str, content: str | None, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schema = {key: value for key, value in SCHEMA.items() if not key.startswith("x-")}
    path = folder / "schemas" / name
    path.parent.mkdir(parents=True)
    path.write_text(content or json.dumps(schema), encoding="utf-8")
    thing = "apiVersion: example.org/v1\nkind: Thing\nmetadata: {name: a}\nspec: {port: 80}\n"
    (folder / "good" / "a.yaml").write_text(thing, encoding="utf-8")
    (folder / "bad" / "a.yaml").write_text(thing.replace("80", "web"), encoding="utf-8")
    assert run(["check", "good", "--schema-dir", "schemas"]) == 0
    assert "no schema" not in capsys.readouterr().out
    assert run(["check", "bad", "--schema-dir", "schemas"]) == FINDINGS
    assert "a.yaml:4:14" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param('{"a":\n b}', "schemas/x.json:2:2: not JSON: expecting value", id="no JSON"),
        pytest.param("[" * 100_000, "schemas/x.json: cannot be read as JSON", id="too deep"),
        pytest.param(
            '{"type": "object"}', "`schemas` contains no CustomResourceDefinition and no JSON Schema with", id="no kind"
        ),
        pytest.param(json.dumps(SCHEMA | {"type": 7}), "schemas/x.json: not a JSON Schema: $.type: ", id="no schema"),
        pytest.param(
            json.dumps(SCHEMA | {"properties": {"spec": {"$ref": "http://example.org/x"}}}),
            "schemas/x.json: refers to `http://example.org/x`",
            id="a reference elsewhere",
        ),
        pytest.param(
            json.dumps(SCHEMA | {"x-kubernetes-group-version-kind": [{"kind": 1}]}),
            "contains something other than group, version and kind",
            id="no names",
        ),
    ],
)
def test_broken_schemas(content: str, message: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "schemas").mkdir()
    (folder / "schemas" / "x.json").write_text(content, encoding="utf-8")
    assert run(["check", "good", "--schema-dir", "schemas"]) == USAGE
    assert message in capsys.readouterr().err
