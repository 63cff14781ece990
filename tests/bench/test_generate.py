from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

BENCH = Path(__file__).resolve().parents[2] / "bench"
SIZE = {"files": 60, "documents": 150, "megabytes": 0.6}


def generated(directory: Path, *options: str, **size: float) -> dict[str, bytes]:
    command = [sys.executable, str(BENCH / "generate.py"), str(directory), *options]
    command += [f"--{name}={value}" for name, value in {**SIZE, **size}.items()]
    subprocess.run(command, check=True, capture_output=True)
    return {str(path.relative_to(directory)): path.read_bytes() for path in sorted(directory.rglob("*.*"))}


def documents(path: str, text: bytes) -> list[Any]:
    if path.endswith(".json"):
        return [json.loads(text)]
    return list(YAML(typ="safe").load_all(text.decode()))


def mistakes(directory: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(Path(f"{directory}.mistakes.json").read_text(encoding="utf-8"))
    return rows


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return generated(tmp_path_factory.mktemp("bench") / "tree", "--mistakes=0")


def test_the_same_options_give_the_same_bytes(tmp_path: Path, tree: dict[str, bytes]) -> None:
    assert generated(tmp_path / "again", "--mistakes=0") == tree


def test_another_seed_gives_another_tree(tmp_path: Path, tree: dict[str, bytes]) -> None:
    assert generated(tmp_path / "other", "--mistakes=0", "--seed=2") != tree


def test_counts_and_size_are_as_asked_for(tree: dict[str, bytes]) -> None:
    assert len(tree) == SIZE["files"]
    assert sum(len(documents(path, text)) for path, text in tree.items()) == SIZE["documents"]
    assert sum(map(len, tree.values())) == pytest.approx(SIZE["megabytes"] * 1e6, rel=0.1)


def test_every_document_is_an_object_of_its_own(tree: dict[str, bytes]) -> None:
    seen: Counter[tuple[str, str, str]] = Counter()
    for path, text in tree.items():
        for document in documents(path, text):
            assert document["apiVersion"], path
            if document["kind"] != "Kustomization":
                namespace = document["metadata"].get("namespace", path.rsplit("/", 1)[0])
                seen[document["kind"], namespace, document["metadata"]["name"]] += 1
    assert [key for key, count in seen.items() if count > 1] == []
    assert {"Deployment", "Service", "Ingress", "NetworkPolicy", "ConfigMap", "CustomResourceDefinition"} <= {
        kind for kind, _, _ in seen
    }


def test_a_kustomization_lists_the_files_beside_it(tree: dict[str, bytes]) -> None:
    folders = [path.removesuffix("/kustomization.yaml") for path in tree if path.endswith("/kustomization.yaml")]
    assert folders
    for folder in folders:
        (value,) = documents("", tree[f"{folder}/kustomization.yaml"])
        beside = {path.rsplit("/", 1)[1] for path in tree if path.rsplit("/", 1)[0] == folder}
        assert {*value["resources"], "kustomization.yaml"} == beside


def test_mistakes_change_only_the_lines_that_the_list_names(tmp_path: Path, tree: dict[str, bytes]) -> None:
    wrong = generated(tmp_path / "wrong", "--mistakes=10")
    rows = mistakes(tmp_path / "wrong")
    assert len({row["mistake"] for row in rows}) == len(rows) == 10
    assert {row["path"] for row in rows} == {path for path in tree if tree[path] != wrong[path]}
    for row in rows:
        lines = [text[row["path"]].decode().splitlines() for text in (tree, wrong)]
        above = row["line"] - 1
        assert lines[0][:above] == lines[1][:above], row
        assert lines[0][above:] != lines[1][above:], row
        (right,) = (each for place, each in enumerate(documents("", tree[row["path"]])) if place == row["document"])
        assert (right["kind"], right["metadata"]["name"]) == (row["kind"], row["name"])


def test_one_file_of_a_hundred_has_a_mistake_by_default(tmp_path: Path) -> None:
    generated(tmp_path / "tree", files=200, documents=500)
    assert len(mistakes(tmp_path / "tree")) == 2


def test_a_directory_with_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("a: 1\n", encoding="utf-8")
    with pytest.raises(subprocess.CalledProcessError):
        generated(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.yaml"]


def test_the_ordinary_tree_is_the_one_that_was_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCH)
    from generate import generate
    from tree import Size

    page = (BENCH / "RESULTS.md").read_text(encoding="utf-8")

    assert f"digest `{generate(Size(2000, 5000, 18.0), 1).digest()}`" in page


@pytest.mark.parametrize("name", ["dangling", "crowded"])
def test_the_command_writes_the_tree_that_is_asked_for(tmp_path: Path, name: str) -> None:
    command = [sys.executable, str(BENCH / "generate.py"), str(tmp_path / "tree"), "--files=200", "--documents=500"]
    done = subprocess.run([*command, f"--tree={name}"], check=True, capture_output=True, text=True)
    row = json.loads(done.stdout)

    assert len([path for path in (tmp_path / "tree").rglob("*.*") if path.is_file()]) == row["files"] == 200
    assert (row["mistakes"] > 0) == (name == "dangling")
    assert len(mistakes(tmp_path / "tree")) == row["mistakes"]


def test_only_the_ordinary_tree_has_a_size_in_bytes(tmp_path: Path) -> None:
    command = [sys.executable, str(BENCH / "generate.py"), str(tmp_path / "tree"), "--tree=crowded", "--megabytes=1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "--megabytes and --mistakes are for the ordinary tree" in done.stderr
