from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from k8snetlint.git import tracked_files
from k8snetlint.source import read
from k8snetlint.source.files import MissingPathError, find
from k8snetlint.source.search import Search, anchor

TEXT = "a: 1\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make(*names: str, text: str = TEXT) -> None:
    for name in names:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def git(*arguments: str) -> None:
    subprocess.run(["git", "-c", "init.defaultBranch=main", *arguments], check=True, capture_output=True)  # noqa: S607


def names(*paths: str, exclude: tuple[str, ...] = ()) -> list[str]:
    search = Search(anchor(str(Path.cwd()), exclude))
    return [source.name for source in find(paths, search, tracked_files=tracked_files).sources]


def refusal(*paths: str, name: str) -> str:
    [source] = [source for source in find(paths).sources if source.name == name]
    with pytest.raises(OSError, match=r".") as error:
        source.read()
    assert error.value.errno is None, "the text is a sentence"
    return str(error.value)


def test_folders_are_searched_in_the_order_of_names() -> None:
    make("d/b.yaml", "d/b/x.yml", "d/a.json", "d/b-c.yaml", "d/readme.md", "d/.github/w.yaml", "d/x.YAML")
    assert names("d") == ["d/.github/w.yaml", "d/a.json", "d/b-c.yaml", "d/b.yaml", "d/b/x.yml"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        pytest.param("d", "d/a.yaml", id="a folder"),
        pytest.param("d/", "d/a.yaml", id="a slash at the end"),
        pytest.param("./d", "./d/a.yaml", id="names are not tidied"),
        pytest.param(".", "d/a.yaml", id="the working directory needs no name"),
        pytest.param("d/../d", "d/../d/a.yaml", id="a way round"),
        pytest.param("d/a.yaml", "d/a.yaml", id="a file"),
    ],
)
def test_names(path: str, name: str) -> None:
    make("d/a.yaml")
    assert names(path) == [name]


def test_an_absolute_path_stays_absolute(folder: Path) -> None:
    make("d/a.yaml")
    assert names(str(folder)) == [f"{folder}/d/a.yaml"]


@pytest.mark.parametrize("skipped", [".git", ".venv", "venv", "node_modules", ".tox", "__pycache__"])
def test_folders_that_hold_no_manifests_of_ours_are_not_searched(skipped: str) -> None:
    make(f"d/{skipped}/a.yaml", "d/b.yaml")
    assert names("d") == ["d/b.yaml"]
    assert names(f"d/{skipped}") == [f"d/{skipped}/a.yaml"], "unless named"


def test_a_file_that_is_named_is_read_whatever_its_name() -> None:
    make("node_modules/a.txt", ".gitignore", text="*.txt\n")
    git("init")
    [source] = find(["node_modules/a.txt"], Search(anchor(str(Path.cwd()), ["*.txt"]))).sources
    assert source.read() == b"*.txt\n"


def test_each_file_comes_once() -> None:
    make("d/a.yaml", "d/b.yaml")
    assert names("d", "d/a.yaml", "./d", "d/b.yaml", "d/b.yaml") == ["d/a.yaml", "d/b.yaml"]


def test_nothing_is_read_before_it_is_asked_for() -> None:
    make("a.yaml")
    [source] = find(["a.yaml"]).sources
    make("a.yaml", text="b: 2\n")
    assert source.read() == source.read() == b"b: 2\n"


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        pytest.param(
            "deploy/polcy.yaml", "`deploy/polcy.yaml` does not exist; did you mean `deploy/policy.yaml`?", id="file"
        ),
        pytest.param("deplyo", "`deplyo` does not exist; did you mean `deploy`?", id="a folder"),
        pytest.param("else", "`else` does not exist", id="nothing is like it"),
        pytest.param("nowhere/at/all", "`nowhere/at/all` does not exist", id="no such folder"),
        pytest.param("deploy/policy.yaml/x", "`deploy/policy.yaml/x` does not exist", id="below a file"),
        pytest.param("", "`` does not exist", id="empty"),
    ],
)
def test_a_path_that_does_not_exist(path: str, meant: str) -> None:
    make("deploy/policy.yaml")
    with pytest.raises(MissingPathError) as error:
        find([path])
    assert str(error.value) == meant


@pytest.mark.parametrize(
    ("patterns", "left"),
    [
        pytest.param(["x.yaml"], ["a/b/y.yaml", "a/y.yaml"], id="a name anywhere"),
        pytest.param(["a/x.yaml"], ["a/b/x.yaml", "a/b/y.yaml", "a/y.yaml"], id="a path from here"),
        pytest.param(["b/"], ["a/x.yaml", "a/y.yaml"], id="a folder"),
        pytest.param(["**/b/**"], ["a/x.yaml", "a/y.yaml"], id="all in a folder"),
        pytest.param(["a/*", "!a/y.yaml"], ["a/y.yaml"], id="but one"),
        pytest.param(["[xz].yaml"], ["a/b/y.yaml", "a/y.yaml"], id="a class of letters"),
        pytest.param(["?.yaml", "!y.yaml"], ["a/b/y.yaml", "a/y.yaml"], id="the last one counts"),
        pytest.param(["a"], [], id="a folder without a slash"),
        pytest.param(["# a", "", "!"], ["a/b/x.yaml", "a/b/y.yaml", "a/x.yaml", "a/y.yaml"], id="comments and nothing"),
    ],
)
def test_excluded(patterns: list[str], left: list[str]) -> None:
    make("a/x.yaml", "a/y.yaml", "a/b/x.yaml", "a/b/y.yaml")
    assert names(".", exclude=tuple(patterns)) == left
    assert [name.removeprefix("./") for name in names("./a", exclude=tuple(patterns)) if left] == left


def ignore(folder: str, *lines: str) -> None:
    make(f"{folder}/.gitignore", text="\n".join(lines) + "\n")


def test_gitignore_leaves_out() -> None:
    git("init", "r")
    make("r/keep.yaml", "r/out/a.yaml", "r/s/out.yaml", "r/s/t/b.yaml", "r/s/t/c.yaml")
    ignore("r", "/out/", "out.yaml", "*.pyc")
    ignore("r/s", "/t/*", "!/t/c.yaml")
    assert names("r") == ["r/keep.yaml", "r/s/t/c.yaml"]
    assert names("r/s/t") == ["r/s/t/c.yaml"], "the files above count, too"
    assert names("r/out") == ["r/out/a.yaml"], "what is named is searched"


def test_a_folder_that_is_left_out_is_not_let_in_again() -> None:
    git("init")
    make("a/b.yaml", "c/d.yaml", "c/e.yaml")
    ignore(".", "a/", "!a/b.yaml", "c/**", "!c/d.yaml")
    assert names(".") == ["c/d.yaml"]


def test_the_index_lets_in_what_gitignore_leaves_out() -> None:
    git("init")
    make("a.yaml", "out/b.yaml", "out/deep/c.yaml", "out/new.yaml", "out/gone.yaml", "out/d.txt", "node_modules/e.yaml")
    git("add", "-A")
    ignore(".", "a.yaml", "out/")
    git("rm", "--cached", "out/new.yaml")
    Path("out/gone.yaml").unlink()
    assert names(".") == ["a.yaml", "out/b.yaml", "out/deep/c.yaml"]
    assert names(".", exclude=("deep",)) == ["a.yaml", "out/b.yaml"]
    assert find(["."]).sources == (), "unless nobody asks git"


def test_without_git_gitignore_counts_and_a_note_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    git("init")
    make("a.yaml", "b.yaml")
    git("add", "-A")
    ignore(".", "a.yaml")
    monkeypatch.setenv("PATH", "/nonexistent:.")
    found = find(["."], tracked_files=tracked_files)
    assert [source.name for source in found.sources] == ["b.yaml"]
    assert found.notes == ("git cannot list the tracked files (git is not installed): 1 ignored path is not searched",)


def test_a_git_in_the_repository_is_not_run(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    git("init")
    make("a.yaml")
    ignore(".", "a.yaml")
    make("bin/git", text="#!/bin/sh\ntouch ran\n")
    Path("bin/git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}/bin:bin:{os.environ['PATH']}")
    assert names(".") == []
    assert not Path("ran").exists()


def test_a_monitor_in_the_configuration_is_not_run(folder: Path) -> None:
    git("init")
    make("a.yaml")
    git("add", "a.yaml")
    ignore(".", "a.yaml")
    make("monitor", text=f"#!/bin/sh\ntouch {folder}/ran\n")
    Path("monitor").chmod(0o755)
    git("config", "core.fsmonitor", f"{folder}/monitor")
    assert names(".") == ["a.yaml"]
    assert not Path("ran").exists()


def test_pathspec_is_not_imported_for_patterns_that_are_names_or_concern_no_manifest() -> None:
    make("d/a.yaml", "dist/a.yaml", "d/charts/b.yaml")
    ignore(".", "*.pyc", "__pycache__/", "/dist/", "charts", "!keep.txt", "# comment", "*.py[cod]")
    git("init")
    script = (
        "import sys; from k8snetlint.source.files import find; print(find(['.']).sources, 'pathspec' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(read.__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "(Source('d/a.yaml'),) False\n"


def test_patterns_made_to_take_long_leave_nothing_out() -> None:
    git("init")
    make("a" * 200 + ".yaml", "b.yaml")
    ignore(".", "*a" * 40 + "b.yaml", "b*")
    assert names(".") == ["a" * 200 + ".yaml"]


@pytest.mark.parametrize("content", [b"\xff\xfe\n", b"a" * 70_000, b"b.yaml\0\n", b"[\n\\\n"])
def test_a_broken_gitignore_leaves_nothing_out(content: bytes) -> None:
    make("b.yaml")
    Path(".gitignore").write_bytes(content)
    assert names(".") == ["b.yaml"]


def test_links_within_the_repository() -> None:
    git("init", "r")
    make("r/deploy/a.yaml", "r/base/b.yaml", "r/base/c/d.yaml")
    Path("r/deploy/also.yaml").symlink_to("a.yaml")
    Path("r/deploy/b.yaml").symlink_to("../base/b.yaml")
    Path("r/deploy/c").symlink_to("../base/c")
    assert names("r/deploy") == ["r/deploy/a.yaml", "r/deploy/b.yaml", "r/deploy/c/d.yaml"], "each file once"
    assert names("r") == ["r/base/b.yaml", "r/base/c/d.yaml", "r/deploy/a.yaml"]


def test_links_that_lead_out() -> None:
    make("secret.yaml", "else/a.yaml")
    git("init", "r")
    make("r/a.yaml")
    Path("r/out.yaml").symlink_to("../secret.yaml")
    Path("r/else").symlink_to("../else")
    Path("r/etc.json").symlink_to("/etc/passwd")
    assert names("r") == ["r/a.yaml", "r/etc.json", "r/out.yaml"]
    assert refusal("r", name="r/out.yaml") == "a symbolic link that points outside the repository"
    assert refusal("r", name="r/etc.json") == "a symbolic link that points outside the repository"
    [note] = find(["r"]).notes
    assert note.startswith("r/else leads out of ")
    assert find(["r/out.yaml"]).sources[0].read() == TEXT.encode(), "unless it is named"


def test_without_a_repository_links_stay_in_the_folder() -> None:
    make("secret.yaml", "d/a.yaml")
    Path("d/out.yaml").symlink_to("../secret.yaml")
    assert refusal("d", name="d/out.yaml") == "a symbolic link that points outside the folder"


def test_loops_of_links_end() -> None:
    make("d/a.yaml", "e/b.yaml")
    git("init")
    Path("d/up").symlink_to("..")
    Path("d/self").symlink_to(".")
    Path("d/e").symlink_to("../e")
    Path("e/d").symlink_to("../d")
    Path("d/loop.yaml").symlink_to("loop.yaml")
    assert names("d") == ["d/a.yaml", "d/e/b.yaml", "d/loop.yaml"]
    assert refusal("d", name="d/loop.yaml") == "the symbolic link points to itself"


def test_a_link_to_nothing() -> None:
    Path("gone.yaml").symlink_to("nothing.yaml")
    assert refusal(".", name="gone.yaml") == "no such file or directory"
    assert refusal("gone.yaml", name="gone.yaml") == "no such file or directory"


@pytest.mark.parametrize("named", [True, False])
def test_what_is_no_regular_file_is_refused(*, named: bool) -> None:
    os.mkfifo("fifo.yaml")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.yaml")
    paths = ["fifo.yaml", "socket.yaml"] if named else ["."]
    assert refusal(*paths, name="fifo.yaml") == "not a file but a named pipe; give it as standard input, `-`"
    assert refusal(*paths, name="socket.yaml") == "not a file but a socket"


def test_a_device_is_refused() -> None:
    assert refusal("/dev/zero", name="/dev/zero") == "not a file but a device"


def test_a_huge_file_is_refused_unread() -> None:
    with Path("huge.yaml").open("wb") as file:
        file.truncate(8 * 1024**3)
    assert refusal(".", name="huge.yaml") == "larger than 32,768 KiB"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read() -> None:
    make("d/a.yaml", "e/b.yaml")
    Path("d/a.yaml").chmod(0)
    Path("e").chmod(0)
    try:
        assert refusal(".", name="d/a.yaml") == "permission denied"
        assert refusal(".", name="e") == "permission denied"
    finally:
        Path("e").chmod(0o755)


def test_a_file_that_vanishes() -> None:
    make("a.yaml")
    [source] = find(["."]).sources
    Path("a.yaml").unlink()
    with pytest.raises(OSError, match="no such file or directory"):
        source.read()


def test_standard_input_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    make("in")
    with Path("in").open(encoding="utf-8") as file:
        monkeypatch.setattr(sys, "stdin", file)
        found = find(["-", "-"], stdin_name="deploy/a.yaml")
        [source] = found.sources
        assert (source.name, source.read(), source.read()) == ("deploy/a.yaml", TEXT.encode(), TEXT.encode())
    assert found.searched == ("-", "-")


def test_standard_input_that_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert refusal("-", name="<stdin>") == "standard input is closed"


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes")
def test_names_that_are_no_text() -> None:
    Path(os.fsdecode(b"\xff\x1b.yaml")).write_text(TEXT, encoding="utf-8")
    [source] = find(["."]).sources
    assert os.fsencode(source.name) == b"\xff\x1b.yaml"
    assert source.read() == TEXT.encode()


def test_a_nul_in_a_path() -> None:
    # Python words it differently from version to version.
    assert "embedded null" in refusal("a\0b", name="a\0b")


def test_deep_folders_are_searched() -> None:
    deep = Path(*["d"] * 300)
    deep.mkdir(parents=True)
    (deep / "a.yaml").write_text(TEXT, encoding="utf-8")
    assert len(names("d")) == 1
    shutil.rmtree("d")


def searched(*paths: str, include: tuple[str, ...] = (), exclude: tuple[str, ...] = (), at: str = ".") -> list[str]:
    folder = str(Path(at).resolve())
    search = Search(anchor(folder, exclude), anchor(folder, include), force=True)
    return [source.name for source in find(paths, search).sources]


@pytest.mark.parametrize(
    ("paths", "include", "left"),
    [
        pytest.param(["."], ["deploy/**/*.yaml"], ["deploy/a.yaml", "deploy/x/b.yaml"], id="a pattern with folders"),
        pytest.param(["deploy/x"], ["deploy/**/*.yaml"], ["deploy/x/b.yaml"], id="it counts from its own folder"),
        pytest.param(["."], ["deploy/x/"], ["deploy/x/b.yaml"], id="a folder stands for the manifests in it"),
        pytest.param(["."], ["*.tmpl"], ["deploy/x/c.tmpl"], id="another ending"),
        pytest.param(["."], ["*.yaml", "!b.yaml"], ["deploy/a.yaml", "d.yaml"], id="one is taken out again"),
        pytest.param(["d.yaml", "."], ["*.tmpl"], ["d.yaml", "deploy/x/c.tmpl"], id="a file that is named"),
    ],
)
def test_what_is_included(paths: list[str], include: list[str], left: list[str]) -> None:
    make("deploy/a.yaml", "deploy/x/b.yaml", "deploy/x/c.tmpl", "d.yaml", ".k8snetlint.yaml")
    assert sorted(searched(*paths, include=tuple(include))) == sorted(left)


def test_excluding_by_force_concerns_named_files() -> None:
    make("a/gen/x.yaml", "a/y.yaml")
    assert searched("a/gen/x.yaml", "a/y.yaml", exclude=("gen/",)) == ["a/y.yaml"]
    assert searched("a/gen/x.yaml", "a/y.yaml", exclude=("/gen/",), at="a") == ["a/y.yaml"]
    assert searched("a/gen/x.yaml", exclude=("/gen/",)) == ["a/gen/x.yaml"]


def test_our_own_configuration_is_no_manifest() -> None:
    make(".k8snetlint.yaml", ".k8snetlint.yml", "a.yaml")
    assert names(".") == ["a.yaml"]
