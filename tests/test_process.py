"""Programs are shell scripts here; what git and the render tools add is tested with them."""

from __future__ import annotations

import os
import shutil
import sys
import time
from typing import TYPE_CHECKING

import pytest

from k8snetlint.process import (
    Limits,
    Process,
    ProcessError,
    Program,
    Result,
    clean_environment,
    find_program,
    run,
    without_userinfo,
)

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the programs are shell scripts")

LIMITS = Limits(seconds=20, output=1 << 20)
SHELL = Program("sh", str(shutil.which("sh")), os.environ["PATH"])


def shell(script: str, limits: Limits = LIMITS) -> Result:
    return run(SHELL, ["-c", script], environment={"PATH": SHELL.search}, limits=limits)


def install(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755)


def test_a_result_has_all_that_was_written() -> None:
    assert shell("echo out; echo err >&2; exit 3") == Result(3, b"out\n", b"err\n", late=False, cut=False)


def test_a_program_has_no_input() -> None:
    assert shell("cat").output == b""


def test_a_program_runs_in_a_folder(tmp_path: Path) -> None:
    result = run(SHELL, ["-c", "pwd"], environment={}, limits=LIMITS, folder=str(tmp_path))

    assert result.output == os.fsencode(f"{tmp_path.resolve()}\n")


def test_a_signal_is_a_negative_code() -> None:
    assert shell("kill -TERM $$").code == -15


@pytest.mark.parametrize("arguments", [pytest.param([], id="no program"), pytest.param(["a\0b"], id="a NUL")])
def test_a_program_that_does_not_start_is_a_sentence(arguments: list[str], tmp_path: Path) -> None:
    missing = Program("none", str(tmp_path / "none"), "")

    with pytest.raises(ProcessError, match=f"^cannot run `{tmp_path}/none`: "):
        run(missing, arguments, environment={}, limits=LIMITS)


@pytest.mark.parametrize("script", ["exec sleep 60", "sleep 60", "sleep 60 & wait", "exec >&- 2>&-; sleep 60"])
def test_what_takes_too_long_is_ended(script: str) -> None:
    before = time.monotonic()

    result = shell(script, LIMITS._replace(seconds=0.2))

    assert (result.late, result.code) == (True, -9)
    assert time.monotonic() - before < 10


def test_what_writes_too_much_is_ended() -> None:
    result = shell("yes", LIMITS._replace(output=100_000))

    assert (result.cut, result.late, len(result.output)) == (True, False, 100_000)


def test_output_of_the_allowed_length_is_whole() -> None:
    result = shell("head -c 100000 /dev/zero", LIMITS._replace(output=100_000))

    assert (result.code, result.cut, len(result.output)) == (0, False, 100_000)


def test_of_many_errors_the_beginning_is_kept() -> None:
    result = shell("echo first >&2; head -c 999999 /dev/zero >&2; echo done")

    assert result.output == b"done\n"
    assert result.errors.startswith(b"first\n")
    assert len(result.errors) < 100_000


def test_what_is_left_running_ends_with_the_program(tmp_path: Path) -> None:
    result = shell(f"(sleep 1; touch {tmp_path}/alive) & echo done")

    assert result.output == b"done\n"
    time.sleep(1.5)
    assert not (tmp_path / "alive").exists()


@pytest.mark.skipif(not shutil.which("setsid"), reason="nothing leaves its group")
def test_a_program_that_has_ended_is_not_late_if_others_hold_its_output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("k8snetlint.process._DRAINED", 0.5)
    before = time.monotonic()

    result = shell("setsid sleep 9 & sleep 0.2; echo done; echo why >&2; exit 3")

    assert result == Result(3, b"done\n", b"why\n", late=False, cut=False)
    assert time.monotonic() - before < 9


def test_files_and_memory_are_limited(tmp_path: Path) -> None:
    limits = LIMITS._replace(file=1024 * 64, memory=1 << 28)

    result = shell(f"ulimit -d; exec head -c 999999 /dev/zero >{tmp_path}/large", limits)

    assert result.code
    assert (tmp_path / "large").stat().st_size == limits.file
    assert int(result.output) == (1 << 28) // 1024


def test_a_conversation() -> None:
    script = "while read -r line; do echo got $line; done; echo left >&2"
    process = Process(SHELL, ["-c", script], environment={}, limits=LIMITS, asks=True)

    for line in ("a", "b"):
        process.ask(line)
        assert process.output.readline() == f"got {line}\n".encode()
    process.close()

    assert process.result().code == -9


def test_programs_of_the_tree_are_not_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree, outside = tmp_path / "tree", tmp_path / "tree-2"
    install(tree / "tool")
    install(outside / "tool")
    (tmp_path / "link").symlink_to(tree)
    monkeypatch.chdir(tree)
    inner = [str(tree), ".", "", str(tmp_path / "link")]
    monkeypatch.setenv("PATH", os.pathsep.join(inner))

    assert find_program(["tool"], str(tree)) is None
    monkeypatch.setenv("PATH", os.pathsep.join([*inner, str(outside)]))
    with monkeypatch.context() as windows:
        windows.setattr(shutil, "which", lambda *_, **__: "./tool")
        assert find_program(["tool"], str(tree)) is None, "Windows looks in the working directory first"
    assert find_program(["none", "tool"], str(tree)) == Program("tool", str(outside / "tool"), str(outside))
    assert find_program(["tool"], "/") == Program(
        "tool", str(tree / "tool"), os.pathsep.join([str(tree), str(tmp_path / "link"), str(outside)])
    )


def test_the_environment_holds_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.setenv("TOKEN", "secret")
    monkeypatch.delenv("SYSTEMROOT", raising=False)
    program = Program("a", "/bin/a", "/bin")

    assert clean_environment(program, {"LANG": "C"}) == {"LANG": "C", "PATH": "/bin"}
    assert clean_environment(program, {}, kept=("HOME", "NONE")) == {"HOME": "/home/me", "PATH": "/bin"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("https://me:secret@example.com/x", "https://***@example.com/x", id="a password"),
        pytest.param("ssh://git@example.com", "ssh://***@example.com", id="a name"),
        pytest.param("https://example.com/a@b", "https://example.com/a@b", id="none"),
    ],
)
def test_userinfo_is_hidden(text: str, shown: str) -> None:
    assert without_userinfo(f"no {text} here") == f"no {shown} here"
