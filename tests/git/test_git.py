from __future__ import annotations

import os
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8snetlint.git import batch, command, tracked_files
from k8snetlint.git.lines import changed_lines, hunks
from k8snetlint.git.repository import Entry, GitError, Repository
from k8snetlint.git.snapshot import blob_source, snapshot
from k8snetlint.source.files import find
from k8snetlint.source.read import SIZE_LIMIT
from k8snetlint.source.repository import repository_root
from k8snetlint.source.search import Search, anchor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.source.document import Source

TEXT = "a: 1\n"
GIT = shutil.which("git") or "git"
SETTINGS = {
    "user.name": "A",
    "user.email": "a@example.com",
    "init.defaultBranch": "main",
    "protocol.file.allow": "always",
    "commit.gpgSign": "false",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty repository, `r`; it is the working directory."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    (tmp_path / "r").mkdir()
    monkeypatch.chdir(tmp_path / "r")
    git("init")
    return tmp_path / "r"


def git(*arguments: str, **environment: str) -> str:
    settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    done = subprocess.run(
        [GIT, *settings, *arguments], env={**os.environ, **environment}, capture_output=True, check=False
    )
    assert not done.returncode, done.stderr
    return os.fsdecode(done.stdout).strip()


def make(*names: str, text: str = TEXT) -> None:
    for name in names:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def commit(*names: str, text: str = TEXT) -> str:
    make(*names, text=text)
    git("add", "-A")
    git("commit", "--allow-empty", "-m", "change")
    return git("rev-parse", "HEAD")


def repository() -> Repository:
    root = repository_root(os.path.realpath(os.curdir))
    assert root
    return Repository(root)


def contents(entries: dict[str, Entry], own: Repository) -> dict[str, bytes]:
    return {path: own.blob(entry.oid) for path, entry in entries.items()}


def sources(revision: str | None, *paths: str) -> dict[str, bytes | str]:
    """Return what a snapshot reads; of what it cannot read, why."""
    with repository() as own:
        entries = own.index() if revision is None else own.tree(revision)
        return contents_or_reasons(snapshot(own, entries, paths))


def contents_or_reasons(found: Iterable[Source]) -> dict[str, bytes | str]:
    read: dict[str, bytes | str] = {}
    for source in found:
        try:
            read[source.name] = source.read()
        except OSError as error:
            read[source.name] = str(error)
    return read


def script(path: str, marker: Path) -> str:
    """Write a program that leaves a mark when it is run."""
    make(path, text=f"#!/bin/sh\ntouch {marker}\nexit 0\n")
    Path(path).chmod(0o755)
    return os.path.realpath(path)


# Revisions


def test_revisions() -> None:
    first = commit("a.yaml")
    second = commit("b.yaml")
    git("tag", "-a", "-m", "v1", "v1", first)
    git("branch", "old", first)
    with repository() as own:
        assert own.commit("HEAD") == own.commit("main") == own.commit(second) == own.commit(second[:8]) == second
        assert own.commit("HEAD~1") == own.commit("old") == own.commit("v1") == own.commit("main^{/change}^") == first


@pytest.mark.parametrize(
    "revision",
    [
        *("", "nowhere", "HEAD~5", "1" * 40, "HEAD:a.yaml", "HEAD^{tree}", "HEAD..HEAD", "^HEAD", "HEAD\n", "HEAD\0"),
        *("-h", "--all", "--git-dir=/", "--output=x", "HEAD^{tree}\n--all", "\udcff"),
    ],
)
def test_what_is_no_revision(revision: str) -> None:
    commit("a.yaml")
    with repository() as own, pytest.raises(GitError) as error:
        own.commit(revision)
    assert str(error.value) == (
        f"`{revision}` is not a revision of this repository; name a commit, branch or tag, or fetch it first"
    )
    assert error.value.errno is None


def test_a_repository_without_commits() -> None:
    make("a.yaml")
    git("add", "a.yaml")
    with repository() as own:
        with pytest.raises(GitError, match="`HEAD` is not a revision"):
            own.commit("HEAD")
        assert list(own.index()) == ["a.yaml"]


def test_the_merge_base() -> None:
    base = commit("a.yaml")
    git("checkout", "-b", "side")
    side = commit("b.yaml")
    git("checkout", "main")
    commit("c.yaml")
    git("checkout", "--orphan", "alone")
    commit("d.yaml")
    with repository() as own:
        assert own.merge_base("main", "side") == own.merge_base(side, "main") == base
        with pytest.raises(GitError, match=r"`main` and `alone` have no common ancestor; compare with"):
            own.merge_base("main", "alone")
        with pytest.raises(GitError, match=r"is not a revision"):
            own.merge_base("main", "--all")
        with pytest.raises(GitError):
            own.merge_base("main", "1" * 40)


def test_a_shallow_clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit("a.yaml")
    git("branch", "side")
    commit("b.yaml")
    git("checkout", "side")
    commit("c.yaml")
    git("clone", "--depth", "1", "--no-single-branch", f"file://{tmp_path}/r", f"{tmp_path}/shallow")
    monkeypatch.chdir(tmp_path / "shallow")
    with repository() as own:
        assert own.is_shallow()
        helps = "run `git fetch --unshallow`, or let CI clone with `fetch-depth: 0`"
        with pytest.raises(GitError) as error:
            own.commit("HEAD~1")
        assert str(error.value) == f"`HEAD~1` is not a revision of this repository, a shallow clone; {helps}"
        with pytest.raises(GitError) as error:
            own.merge_base("HEAD", "origin/main")
        assert str(error.value) == (f"`HEAD` and `origin/main` have no common ancestor in this shallow clone; {helps}")
        assert list(own.tree("HEAD")) == ["a.yaml", "c.yaml"]
    monkeypatch.chdir(tmp_path / "r")
    with repository() as own:
        assert not own.is_shallow()


# States


def test_a_commit_and_the_index() -> None:
    first = commit("a.yaml", "d/b.yaml", "gone.yaml")
    make("a.yaml", text="staged\n")
    git("add", "a.yaml")
    make("a.yaml", text="not staged\n")
    make("new.yaml", "untracked.yaml")
    git("add", "new.yaml")
    git("rm", "gone.yaml")
    with repository() as own:
        assert contents(own.tree(first), own) == dict.fromkeys(["a.yaml", "d/b.yaml", "gone.yaml"], TEXT.encode())
        assert contents(own.index(), own) == {"a.yaml": b"staged\n", "d/b.yaml": b"a: 1\n", "new.yaml": b"a: 1\n"}


def test_modes() -> None:
    make("a.yaml", "x.sh")
    Path("x.sh").chmod(0o755)
    Path("link").symlink_to("a.yaml")
    inner = Path("inner")
    inner.mkdir()
    git("-C", "inner", "init")
    git("-C", "inner", "commit", "--allow-empty", "-m", "inner")
    head = commit()
    with repository() as own:
        for state in (own.tree(head), own.index()):
            assert {path: entry.mode for path, entry in state.items()} == {
                "a.yaml": "100644",
                "link": "120000",
                "x.sh": "100755",
            }, "a submodule is no file"
            assert [path for path, entry in state.items() if entry.is_link] == ["link"]
            assert own.blob(state["link"].oid) == b"a.yaml"


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes")
def test_names_that_are_strange() -> None:
    names = [
        " a b.yaml",
        "line\nbreak.yaml",
        "tab\there.yaml",
        '"quoted".yaml',
        "ü.yaml",
        os.fsdecode(b"\xff\x1b.yaml"),
    ]
    first = commit(*names)
    git("mv", names[5], os.fsdecode(b"\xfe\n.yaml"))
    with repository() as own:
        assert sorted(own.tree(first)) == sorted(names)
        assert contents(own.tree(first), own) == dict.fromkeys(own.tree(first), TEXT.encode())
    assert sorted(sources(first, ".")) == sorted(names)
    assert os.fsdecode(b"\xfe\n.yaml") in sources(None, ".")


def test_trees_that_no_folder_can_hold() -> None:
    commit("a.yaml")
    blob = git("rev-parse", "HEAD:a.yaml")
    name = bytes.fromhex(blob)

    def tree(*entries: tuple[str, bytes]) -> bytes:
        content = b"".join(f"{about}\0".encode() + oid for about, oid in entries)
        made = subprocess.run(
            [GIT, "hash-object", "-t", "tree", "-w", "--literally", "--stdin"],
            input=content,
            capture_output=True,
            check=True,
        )
        return bytes.fromhex(made.stdout.decode().strip())

    up = tree(("100644 up.yaml", name), ("100664 b.yaml", name))
    top = tree(("40000 ..", up), ("40000 d", up))
    head = git("commit-tree", "-m", "odd", top.hex())
    with repository() as own:
        assert sorted(own.tree(head)) == ["d/b.yaml", "d/up.yaml"]


def test_a_merge_that_is_not_resolved() -> None:
    commit("a.yaml", "b.yaml")
    git("checkout", "-b", "side")
    commit("a.yaml", text="side\n")
    git("checkout", "main")
    commit("a.yaml", text="main\n")
    with pytest.raises(AssertionError):
        git("merge", "side")
    with repository() as own, pytest.raises(GitError) as error:
        own.index()
    assert str(error.value) == "`a.yaml` is not merged; resolve the merge and `git add` it first"


def test_renames() -> None:
    lines = "".join(f"line {number}\n" for number in range(50))
    make("plain.yaml", text="else\n")
    first = commit("old name.yaml", text=lines)
    Path("d").mkdir()
    git("mv", "old name.yaml", "d/new\nname.yaml")
    make("d/new\nname.yaml", text=lines + "one more\n")
    make("copy.yaml", text="else\n")
    git("add", "-A")
    with repository() as own:
        assert own.renames(first, None) == {"d/new\nname.yaml": "old name.yaml"}
        second = commit()
        assert own.renames(first, second) == own.renames(first, "HEAD") == {"d/new\nname.yaml": "old name.yaml"}
        assert own.renames(second, first) == {"old name.yaml": "d/new\nname.yaml"}
        assert own.renames(second, None) == own.renames(second, second) == {}
        with pytest.raises(GitError, match="is not a revision"):
            own.renames("--output=x", None)


def test_a_worktree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = commit("a.yaml")
    git("worktree", "add", f"{tmp_path}/tree", "-b", "side")
    monkeypatch.chdir(tmp_path / "tree")
    assert Path(".git").is_file()
    make("b.yaml")
    git("add", "b.yaml")
    with repository() as own:
        assert own.root == str(tmp_path / "tree")
        assert own.commit("side") == first
        assert list(own.index()) == ["a.yaml", "b.yaml"]
        assert contents(own.tree("HEAD"), own) == {"a.yaml": b"a: 1\n"}


def test_a_submodule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit("a.yaml")
    git("init", f"{tmp_path}/outer")
    monkeypatch.chdir(tmp_path / "outer")
    git("submodule", "add", f"file://{tmp_path}/r", "sub")
    commit("b.yaml")
    with repository() as own:
        assert sorted(own.tree("HEAD")) == [".gitmodules", "b.yaml"]
    monkeypatch.chdir(tmp_path / "outer" / "sub")
    assert Path(".git").is_file()
    with repository() as own:
        assert own.root == str(tmp_path / "outer/sub")
        assert list(own.index()) == list(own.tree("HEAD")) == ["a.yaml"]


# Contents


def test_blobs_of_all_kinds() -> None:
    made = {"empty": b"", "no end": b"a", "ends": b"\n\n", "binary": bytes(range(256)) * 300, "missing": b" missing\n"}
    for name, content in made.items():
        Path(name).write_bytes(content)
    head = commit()
    with repository() as own:
        assert contents(own.tree(head), own) == made
        own.close()
        assert contents(own.tree(head), own) == made, "it starts again"


@pytest.mark.parametrize(
    "oid", ["", "HEAD", "--batch", "1" * 39, "1" * 40 + "\n", "1" * 40 + "\n" + "1" * 40, "A" * 40]
)
def test_what_names_no_object(oid: str) -> None:
    commit("a.yaml")
    with repository() as own, pytest.raises(GitError, match="is not the name of a git object"):
        own.blob(oid)


def test_after_an_error_the_next_blob_is_right() -> None:
    head = commit("a.yaml")
    Path("huge.yaml").write_bytes(b"#" * (SIZE_LIMIT + 1))
    Path("full.yaml").write_bytes(b"#" * SIZE_LIMIT)
    git("add", "-A")
    with repository() as own:
        entries = own.index()
        for _ in range(2):
            with pytest.raises(OSError, match=r"^larger than 32,768 KiB$") as error:
                own.blob(entries["huge.yaml"].oid)
            assert error.value.errno is None
            assert own.blob(entries["a.yaml"].oid) == b"a: 1\n"
        assert len(own.blob(entries["full.yaml"].oid)) == SIZE_LIMIT
        with pytest.raises(GitError, match=f"the object {'1' * 40} is missing; see `git fsck`"):
            own.blob("1" * 40)
        with pytest.raises(GitError, match=f"the object {head} is not a file but a commit"):
            own.blob(head)
        assert own.blob(entries["a.yaml"].oid) == b"a: 1\n"


def test_an_object_that_is_corrupt() -> None:
    commit("a.yaml", "b.yaml", text="x" * 1000)
    commit("c.yaml")
    with repository() as own:
        entries = own.tree("HEAD")
        oid = entries["a.yaml"].oid
        file = Path(".git/objects", oid[:2], oid[2:])
        file.chmod(0o644)
        file.write_bytes(b"garbage")
        with pytest.raises(GitError):
            own.blob(oid)
        [source, *_] = snapshot(own, entries, ["a.yaml"])
        with pytest.raises(GitError, match=r"^git cannot read `a\.yaml`: "):
            source.read()
        assert own.blob(entries["c.yaml"].oid) == b"a: 1\n"


def test_a_git_that_was_killed_is_a_sentence() -> None:
    commit("a.yaml")
    with repository() as own:
        oid = own.index()["a.yaml"].oid
        assert own.blob(oid) == b"a: 1\n"
        process = own._batch._process  # noqa: SLF001 - nothing else kills it
        assert process
        process.kill()
        process.result()
        with pytest.raises(GitError, match="git did not answer within 60 seconds"):
            own.blob(oid)
        assert own.blob(oid) == b"a: 1\n"


def test_a_fork_asks_a_git_of_its_own() -> None:
    make("a.yaml", "b.yaml")
    make("b.yaml", text="b: 1\n")
    head = commit()
    script = (
        "import os, sys\n"
        "from k8snetlint.git.repository import Repository\n"
        "own = Repository(sys.argv[1])\n"
        "a, b = own.tree(sys.argv[2]).values()\n"
        "own.blob(a.oid)\n"
        "child = os.fork()\n"
        "pairs = ((a, b'a: 1\\n'), (b, b'b: 1\\n'))\n"
        "right = all(own.blob(each.oid) == text for _ in range(99) for each, text in pairs)\n"
        "own.close()\n"
        "if not child: os._exit(not right)\n"
        "sys.exit(not right or os.waitpid(child, 0)[1])\n"
    )
    package = str(Path(__file__).parents[2])
    arguments = [sys.executable, "-W", "ignore", "-c", script, os.path.realpath("."), head]
    done = subprocess.run(arguments, env={**os.environ, "PYTHONPATH": package}, check=False)
    assert done.returncode == 0


def test_a_partial_clone_does_not_fetch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "".join(f"line {number}\n" for number in range(50))
    make("same.yaml", text="same\n")
    first = commit("a.yaml", text=lines)
    git("mv", "a.yaml", "b.yaml")
    git("mv", "same.yaml", "moved.yaml")
    second = commit("b.yaml", text=lines + "more\n")
    git("config", "uploadpack.allowFilter", "true")
    git("clone", "--filter=blob:none", f"file://{tmp_path}/r", f"{tmp_path}/partial")
    monkeypatch.chdir(tmp_path / "partial")
    git("config", "remote.origin.uploadpack", script("pack", tmp_path / "ran"))
    git("config", "protocol.file.allow", "always")
    with repository() as own:
        before, after = own.tree(first), own.tree(second)
        helps = "clone without `--filter`, or run `git fetch --refetch --no-filter`"
        with pytest.raises(GitError, match=helps):
            own.blob(before["a.yaml"].oid)
        assert own.blob(after["b.yaml"].oid).endswith(b"more\n")
        assert own.renames(first, second) == {"moved.yaml": "same.yaml"}, "similarity cannot be measured"
        [source] = snapshot(own, before, ["a.yaml"])
        with pytest.raises(GitError, match=helps):
            source.read()
    assert not (tmp_path / "ran").exists()


# What the repository brings is not run


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the marker that anything leaves that is run; the repository asks for a lot to be run."""
    marker = tmp_path / "ran"
    commit("a.yaml", "b.yaml")
    make(".gitattributes", text="* diff=evil filter=evil merge=evil\n")
    git("add", "-A")
    git("commit", "-m", "attributes")
    evil = script("bin/evil", marker)
    script("bin/git", marker)
    script(".git/hooks/post-index-change", marker)
    script("hooks/post-index-change", marker)
    script("hooks/reference-transaction", marker)
    settings = {
        "core.fsmonitor": evil,
        "core.hooksPath": os.path.realpath("hooks"),
        "core.pager": evil,
        "core.sshCommand": evil,
        "core.alternateRefsCommand": evil,
        "core.editor": evil,
        "core.askPass": evil,
        "credential.helper": evil,
        "diff.external": evil,
        "diff.evil.command": evil,
        "diff.evil.textconv": evil,
        "filter.evil.clean": evil,
        "filter.evil.smudge": evil,
        "filter.evil.process": evil,
        "filter.evil.required": "true",
        "gpg.program": evil,
        "pager.diff-tree": evil,
        "alias.ls-tree": f"!{evil}",
        "protocol.ext.allow": "always",
        "remote.origin.url": f"ext::{evil}",
        "remote.origin.promisor": "true",
        "extensions.partialClone": "origin",
        "core.repositoryFormatVersion": "1",
        "submodule.recurse": "true",
    }
    for name, value in settings.items():
        with Path(".git/config").open("a", encoding="utf-8") as file:
            section, _, key = name.rpartition(".")
            head, _, sub = section.partition(".")
            file.write(f'[{head} "{sub}"]\n' if sub else f"[{head}]\n")
            file.write(f'\t{key} = "{value}"\n')
    monkeypatch.setenv("PATH", f"{os.path.realpath('bin')}:bin::.:{os.environ['PATH']}")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", evil)
    monkeypatch.setenv("GIT_PAGER", evil)
    monkeypatch.setenv("GIT_SSH_COMMAND", evil)
    monkeypatch.setenv("GIT_EXEC_PATH", os.path.realpath("bin"))
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_WORK_TREE", "/nowhere")
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", "/nowhere")
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", f"'core.fsmonitor={evil}'")
    monkeypatch.setenv("GIT_TRACE", str(marker))
    return marker


def test_nothing_of_the_repository_is_run(hostile: Path, folder: Path) -> None:
    make("a.yaml", text="b: 2\n")
    with repository() as own:
        head = own.commit("HEAD")
        assert own.merge_base("HEAD", "HEAD~1") == own.commit("HEAD~1")
        assert sorted(own.tree(head)) == sorted(own.index()) == [".gitattributes", "a.yaml", "b.yaml"]
        assert own.renames("HEAD~1", "HEAD") == own.renames("HEAD~1", None) == {}
        assert not own.is_shallow()
        assert contents(own.tree(head), own)["a.yaml"] == TEXT.encode()
        assert [source.read() for source in snapshot(own, own.index(), ["."])] == [TEXT.encode()] * 2
        for missing in ("1" * 40, "2" * 40):
            with pytest.raises(GitError):
                own.blob(missing)
            with pytest.raises(GitError):
                own.commit(missing)
    assert sorted(tracked_files(str(folder))) == [".gitattributes", "a.yaml", "b.yaml"]
    assert not hostile.exists()


def test_the_hostile_repository_would_run_it(hostile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_") and "CONFIG_" not in name]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("GIT_CONFIG_PARAMETERS")
    subprocess.run([GIT, "ls-files", "--modified"], capture_output=True, check=False)
    assert hostile.exists()


def test_without_git(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv("PATH", "/nonexistent:.")
    with pytest.raises(GitError, match=r"^git is not installed$"):
        repository()
    with pytest.raises(OSError, match=r"^git is not installed$"):
        tracked_files(str(folder))


def wrap(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let git be a shell script that ends with git itself."""
    make(f"{tmp_path}/bin/git", text=f'#!/bin/sh\n{text}\nexec {GIT} "$@"\n')
    (tmp_path / "bin" / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")


@pytest.mark.parametrize("sleep", ["exec sleep 600", "sleep 600"])
def test_a_git_that_gives_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sleep: str) -> None:
    commit("a.yaml")
    wrap(sleep, tmp_path, monkeypatch)
    limits = command.LIMITS._replace(seconds=0.1)
    monkeypatch.setattr(command, "LIMITS", limits)
    monkeypatch.setattr(batch, "LIMITS", limits)
    with repository() as own:
        for ask in (own.index, lambda: own.commit("HEAD"), lambda: own.blob("1" * 40)):
            with pytest.raises(GitError, match=r"^git did not answer within 0\.1 seconds$"):
                ask()


def test_a_git_that_says_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit("a.yaml")
    wrap("exec cat /dev/zero", tmp_path, monkeypatch)
    monkeypatch.setattr(command, "LIMITS", command.LIMITS._replace(output=1 << 20))
    with repository() as own:
        with pytest.raises(GitError, match=r"^`git ls-files` returned more than 1,024 KiB$"):
            own.index()
        with pytest.raises(GitError):
            own.blob("1" * 40)


def test_a_git_that_complains_at_length(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit("a.yaml")
    wrap("head -c 999999 /dev/zero >&2; echo >&2", tmp_path, monkeypatch)
    with repository() as own:
        assert contents(own.index(), own) == {"a.yaml": b"a: 1\n"}


def test_passwords_in_what_git_says_are_not_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit("a.yaml")
    wrap("echo 'fatal: no https://me:secret@example.com/x' >&2; exit 128", tmp_path, monkeypatch)
    with repository() as own, pytest.raises(GitError, match=r"^no https://\*\*\*@example.com/x$"):
        own.index()


def test_a_folder_of_another_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit("a.yaml")
    wrap("export GIT_TEST_ASSUME_DIFFERENT_OWNER=1", tmp_path, monkeypatch)
    with repository() as own:
        for ask in (own.index, own.is_shallow, lambda: own.commit("HEAD"), lambda: own.blob("1" * 40)):
            with pytest.raises(GitError) as error:
                ask()
            assert "ownership" in str(error.value)
            assert str(error.value).endswith(
                f"; `git config --global --add safe.directory {own.root}` allows git to read it"
            )
        (tmp_path / "home" / ".gitconfig").write_text(f"[safe]\n\tdirectory = {own.root}\n", encoding="utf-8")
        assert list(own.index()) == ["a.yaml"]


def test_a_git_folder_that_is_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit("a.yaml")
    make("inner/.git/x")
    monkeypatch.chdir(folder / "inner")
    with repository() as own, pytest.raises(GitError, match=r"^not a git repository"):
        own.index()


# The index of a hook


HOOK = """\
#!{python}
import os, sys
sys.path.insert(0, {package!r})
from k8snetlint.git.repository import Repository
with Repository({root!r}) as own, open({out!r}, "w") as file:
    entries = own.index()
    print(os.path.basename(os.environ["GIT_INDEX_FILE"]).partition("-")[0], file=file)
    print(*sorted((path, own.blob(entry.oid).decode().strip()) for path, entry in entries.items()), file=file)
    print(own.renames("HEAD", None), file=file)
"""


@pytest.mark.parametrize("in_worktree", [False, True])
def test_a_hook_sees_what_will_be_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, in_worktree: bool
) -> None:
    commit("a.yaml", "b.yaml")
    root = tmp_path / "r"
    if in_worktree:
        root = tmp_path / "tree"
        git("worktree", "add", str(root), "-b", "side")
        monkeypatch.chdir(root)
    hook = tmp_path / "r" / ".git" / "hooks" / "pre-commit"
    out = tmp_path / "out"
    package = str(Path(__file__).parents[2])
    make(str(hook), text=HOOK.format(python=sys.executable, package=package, root=str(root), out=str(out)))
    hook.chmod(0o755)

    def seen() -> tuple[str, str]:
        kind, entries, renames = out.read_text(encoding="utf-8").splitlines()
        assert renames == "{}"
        return kind, entries

    make("a.yaml", text="a: 2\n")
    make("b.yaml", text="b: 2\n")
    git("add", "b.yaml")
    git("commit", "-m", "one file", "a.yaml")
    assert seen() == ("next", "('a.yaml', 'a: 2') ('b.yaml', 'a: 1')")
    git("commit", "-m", "the index")
    assert seen() == ("index", "('a.yaml', 'a: 2') ('b.yaml', 'b: 2')")
    make("a.yaml", "b.yaml", text="c: 3\n")
    git("add", "a.yaml")
    git("commit", "-a", "-m", "all")
    assert seen() == ("index.lock", "('a.yaml', 'c: 3') ('b.yaml', 'c: 3')")


def test_an_index_that_is_not_this_checkouts_own_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit("a.yaml")
    git("worktree", "add", f"{tmp_path}/tree", "-b", "side")
    git("-C", f"{tmp_path}/tree", "rm", "a.yaml")
    git("init", f"{tmp_path}/else")
    for copy in (".git/own", "outside", f"{tmp_path}/else/.git/index"):
        shutil.copy(".git/index", copy)
    Path(".git/linked").symlink_to("../outside")
    make("b.yaml")
    git("add", "b.yaml")
    others = [".git/worktrees/tree/index", f"{tmp_path}/else/.git/index", "outside", ".git/linked", ".git/none", ".git"]
    with repository() as own:
        for other in others:
            monkeypatch.setenv("GIT_INDEX_FILE", other)
            assert list(own.index()) == ["a.yaml", "b.yaml"], other
        for same in (".git/own", os.path.realpath(".git/own")):
            monkeypatch.setenv("GIT_INDEX_FILE", same)
            assert list(own.index()) == ["a.yaml"]


# Snapshots


@pytest.fixture
def forest(folder: Path) -> str:
    """Return a commit of many files; the working tree and the index are the same."""
    make("a.yaml", "d/b.yaml", "d/b/x.yml", "d/a.json", "d/b-c.yaml", "d/readme.md", "d/x.YAML", "base/s.yaml")
    make("d/node_modules/m.yaml", "venv/v.yaml", "d/.k8snetlint.yaml", "e/.github/w.yaml", "e/sub/deep/y.yaml")
    for number in range(3):
        make(f"base/t{number}.txt", text=f"{number}\n")
    links = {
        "chain": "../way/t0.txt",
        "etc": "/etc/passwd",
        "link": "../base/s.yaml",
        "loop": "loop.yaml",
        "nothing": "nothing",
        "out": "../../secret.yaml",
        "round": f"../../{folder.name}/base/t1.txt",
        "same": "b.yaml",
        "text": "../base/t2.txt",
        "whole": f"{folder}/base/none.yaml",
    }
    for name, target in links.items():
        Path(f"d/{name}.yaml").symlink_to(target)
    Path("way").symlink_to("base")
    return commit()


PATHS = [
    *(["."], ["./"], ["d"], ["d/"], ["./d"], ["d/../d"], ["d//"], ["e/.github"], ["d/node_modules"], ["venv"]),
    *(["a.yaml"], ["./a.yaml"], ["d/readme.md"], ["d/x.YAML", "d"], ["way"], ["way/t0.txt"], ["way/s.yaml", "base"]),
    *(["d", "base"], ["base", "d"], [".", "d", "a.yaml"], ["d/link.yaml", "base/s.yaml"], ["d/same.yaml", "d"]),
    *(["d/loop.yaml"], ["d/nothing.yaml"], ["d/chain.yaml"], ["e"], ["e/sub/deep/y.yaml", "e/sub"]),
]


@pytest.mark.parametrize("start", ["absolute", "top", "e"])
@pytest.mark.parametrize("include", [[], ["*.txt", "/d/**/*.yaml"]], ids=" ".join)
@pytest.mark.parametrize(
    "excluded", [[], ["b/", "way"], ["/d/b*", "!b.yaml", "deep"], ["/sub", "*.json"]], ids=" ".join
)
def test_a_snapshot_is_what_is_found(
    forest: str, monkeypatch: pytest.MonkeyPatch, start: str, include: list[str], excluded: list[str]
) -> None:
    top = os.path.realpath(".")
    before = {"absolute": f"{top}/", "top": "", "e": "../"}[start]
    monkeypatch.chdir("e" if start == "e" else ".")
    search = Search(exclude=anchor(os.path.realpath("."), excluded), include=anchor(top, include), force=True)
    with repository() as own:
        states = [own.tree(forest), own.index()]
        for given_paths in PATHS:
            paths = [before + path for path in given_paths]
            expected = contents_or_reasons(find(paths, search).sources)
            for state in states:
                assert contents_or_reasons(snapshot(own, state, paths, search)) == expected, paths


def test_what_the_state_does_not_hold_is_left_out(forest: str) -> None:
    later = commit("new.yaml", "n/m.yaml")
    paths = ["new.yaml", "n", "a.yaml", "nowhere.yaml", "no/where", "-", "", "a\0b", "a.yaml/x", "d/out.yaml/x"]
    assert list(sources(forest, *paths)) == ["a.yaml"]
    assert list(sources(later, *paths)) == ["a.yaml", "n/m.yaml", "new.yaml"]


def test_links_are_those_of_the_state(folder: Path) -> None:
    make("one/x.yaml", text="one\n")
    make("two/x.yaml", text="two\n")
    Path("d").symlink_to("one")
    Path("l.yaml").symlink_to("one/x.yaml")
    first = commit()
    shutil.rmtree("one")
    Path("d").unlink()
    Path("l.yaml").unlink()
    Path("d").symlink_to("two")
    Path("l.yaml").symlink_to("/etc/passwd")
    second = commit()
    assert sources(first, "d", "l.yaml") == {"d/x.yaml": b"one\n", "l.yaml": b"one\n"}
    assert sources(second, "d") == {"d/x.yaml": b"two\n"}
    assert sources(second, "l.yaml") == {"l.yaml": "a symbolic link that points outside the repository"}, (
        "even if named"
    )
    assert sources(first, str(folder / "d/x.yaml")) == {f"{folder}/d/x.yaml": b"one\n"}


def test_links_made_to_take_long() -> None:
    make("a.yaml")
    for number in range(60):
        Path(f"l{number}").symlink_to(f"l{number + 1}/" * 30)
    Path("x.yaml").symlink_to("l0/a.yaml")
    head = commit()
    with repository() as own:
        entries = own.tree(head)
        Path("long").write_bytes(b"a/" * 5000)
        oid = git("hash-object", "-w", "long")
        huge = {**entries, "y.yaml": Entry("120000", oid)}
        sources = {source.name: source for source in snapshot(own, huge, ["."])}
        with pytest.raises(OSError, match=r"the symbolic link points to itself"):
            sources["x.yaml"].read()
        with pytest.raises(OSError, match="the symbolic link is too long"):
            sources["y.yaml"].read()


def test_a_path_outside(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit("d/a.yaml")
    (tmp_path / "way in").symlink_to(folder)
    (tmp_path / "deep in").symlink_to(folder / "d")
    for path in ("..", "/", str(tmp_path), "../other.yaml"):
        with pytest.raises(GitError, match="is outside the repository"):
            sources("HEAD", path)
    assert list(sources("HEAD", f"{tmp_path}/way in")) == [f"{tmp_path}/way in/d/a.yaml"]
    assert list(sources("HEAD", f"{tmp_path}/deep in")) == [f"{tmp_path}/deep in/a.yaml"]
    with repository() as own:
        monkeypatch.chdir(tmp_path)
        assert [source.name for source in snapshot(own, own.index(), ["r", "way in/d"])] == ["r/d/a.yaml"]


def test_one_blob_as_a_source() -> None:
    make("a.yaml")
    Path("l.yaml").symlink_to("a.yaml")
    commit()
    with repository() as own:
        entries = own.index()
        source = blob_source(own, "a.yaml", entries["a.yaml"], "old/a.yaml")
        assert (source.name, source.read(), source.stream) == ("old/a.yaml", b"a: 1\n", False)
        with pytest.raises(OSError, match=r"^a symbolic link$"):
            blob_source(own, "l.yaml", entries["l.yaml"], "l.yaml").read()


def test_nothing_heavy_is_imported_before_git_is_asked() -> None:
    script = (
        "import sys; import k8snetlint.source.files\n"
        "print([each for each in ('subprocess', 'shutil') if each in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-S", "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout == "[]\n", done.stderr


# Lines


@pytest.mark.parametrize(
    ("old", "new", "ranges"),
    [
        pytest.param("", "", [], id="nothing"),
        pytest.param("a\nb\n", "a\nb\n", [], id="the same"),
        pytest.param("a\nb\nc\n", "a\nx\nc\n", [(2, 2)], id="a line"),
        pytest.param("", "a\nb\n", [(1, 2)], id="all is new"),
        pytest.param("a\n", "", [(1, 0)], id="all is gone"),
        pytest.param("a\nb\nc\n", "a\nc\n", [(2, 1)], id="a line is gone: before the second one"),
        pytest.param("a\nb\n", "a\n", [(2, 1)], id="the last line is gone"),
        pytest.param("a\nb\nc\nd\ne\n", "x\nb\nd\ny\nz\n", [(1, 1), (3, 2), (4, 5)], id="several"),
        pytest.param("a\nb\nc", "a\r\nb\rc\n", [], id="how lines end does not count"),
        pytest.param("a\r\nb\r\n", "a\r\nx\r\nb\r\n", [(2, 2)], id="CRLF is one end"),
        pytest.param("a\rb\rc", "a\rx\rc", [(2, 2)], id="a lone CR"),
        pytest.param("a\x0bb\u2028c\x85d\n", "a\x0bx\u2028c\x85d\n", [(1, 1)], id="nothing else ends a line"),
        pytest.param("a\n\n\nb\n", "a\n\nb\n", [(3, 2)], id="empty lines"),
        pytest.param("a\na\na\n", "a\na\na\na\n", [(4, 4)], id="one more of the same"),
        pytest.param("a\nb\n", "b\na\n", [(1, 1), (3, 2)], id="moved"),
    ],
)
def test_changed_lines(old: str, new: str, ranges: list[tuple[int, int]]) -> None:
    assert changed_lines(old, new) == ranges


TEXTS = st.lists(st.sampled_from(["a", "b", "c", "", "d", "e"]), max_size=30).map(
    lambda lines: "".join(f"{line}\n" for line in lines)
)


@given(TEXTS, TEXTS)
def test_lines_that_are_not_changed_stand_in_the_old_text(old: str, new: str) -> None:
    ranges = changed_lines(old, new)
    lines = new.splitlines()
    assert all(1 <= first <= last + 1 <= len(lines) + 1 for first, last in ranges)
    assert all(last + 1 < first for (_, last), (first, _) in pairwise(ranges)), "none touch"
    changed = {line for first, last in ranges for line in range(first, last + 1)}
    kept = [text for number, text in enumerate(lines, 1) if number not in changed]
    rest = iter(old.splitlines())
    assert all(text in rest for text in kept), "in the same order"
    assert bool(ranges) == (old != new)


@given(TEXTS, TEXTS)
def test_hunks_make_one_text_of_another(old: str, new: str) -> None:
    before, after = old.splitlines(), new.splitlines()
    made: list[str] = []
    at = 0
    for start, end, new_start, new_end in hunks(before, after):
        assert at <= start <= end
        made += [*before[at:start], *after[new_start:new_end]]
        at = end
    assert made + before[at:] == after


def test_large_texts() -> None:
    lines = [f"line {number}" for number in range(200_000)]
    changed = [*lines]
    changed[100] = "x"
    assert changed_lines("\n".join(lines), "\n".join(changed)) == [(101, 101)]
    changed[9_000] = "y"
    assert changed_lines("\n".join(lines), "\n".join(changed)) == [(101, 101), (9_001, 9_001)]
    changed[199_000] = "z"
    assert changed_lines("\n".join(lines), "\n".join(changed)) == [(101, 199_001)], "too far apart"


@pytest.mark.parametrize("period", [1, 2, 3, 7, 97])
def test_texts_made_to_take_long(period: int) -> None:
    old = "".join(f"{number % period}\n" for number in range(9_999))
    new = "".join(f"{number % (period + 1)}\n" for number in range(9_998))
    assert changed_lines(old, new)
