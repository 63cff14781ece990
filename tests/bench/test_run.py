from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from limits import Results
    from measure import Bench, Subject

BENCH = Path(__file__).resolve().parents[2] / "bench"


@pytest.fixture(autouse=True)
def _path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCH)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    from measure import Bench

    return Bench(tmp_path, lambda _: None)


def subject(name: str, code: str, tmp_path: Path) -> Subject:
    from measure import Subject

    return Subject(name, "1", (sys.executable, "-I", "-S", "-c", code), name, tmp_path, str.strip)


def results(ours: list[float], parse: list[float], peak: float = 30, heavy: tuple[str, ...] = ()) -> Results:
    """Both scenes: `ours` are our CPU seconds; the floor's parse and the empty Python took what `parse` says."""
    from limits import Imports, Results, Scene
    from measure import Measured, Run, Subject

    def measured(name: str, cpu: list[float]) -> Measured:
        who = Subject(name, "1", (name,), name, Path(), str.strip)
        return Measured(who, "3", [Run(each, each, peak, 0) for each in cpu], list(cpu))

    scenes = {
        "whole": Scene("whole", "The whole tree", 3, [measured("k8snetlint", ours), measured("libyaml", parse)]),
        "small": Scene("small", "One small file", 3, [measured("k8snetlint", ours), measured("python", parse)]),
    }
    corpus = {"files": 1, "documents": 1, "bytes": 1, "mistakes": 0, "seed": 1, "digest": "0"}
    return Results("2026-01-01", "3.11", "Linux", corpus, scenes, Imports(100, heavy))


@pytest.mark.parametrize(
    ("numbers", "median", "low", "high"),
    [
        pytest.param([3.0, 1.0, 2.0], 2, 1, 3, id="an odd number of runs"),
        pytest.param([4.0, 1.0, 2.0, 10.0], 3, 1, 10, id="an even number has the mean of the two in the middle"),
        pytest.param([5.0], 5, 5, 5, id="one run"),
    ],
)
def test_spread(numbers: list[float], median: float, low: float, high: float) -> None:
    from measure import Spread

    assert Spread.of(numbers) == Spread(median, low, high)


@pytest.mark.parametrize(
    ("over", "under", "median", "low", "high"),
    [
        pytest.param([2.0, 4.0, 9.0], [1.0, 2.0, 3.0], 2, 2, 3, id="pair by pair"),
        pytest.param([2.0, 20.0, 2.0], [1.0, 10.0, 1.0], 2, 2, 2, id="load on a whole round cancels out"),
        pytest.param([1.0, 9.0, 5.0], [9.0, 1.0, 5.0], 1, 1 / 9, 9, id="the median of the ratios"),
    ],
)
def test_ratios(over: list[float], under: list[float], median: float, low: float, high: float) -> None:
    from measure import Spread, ratios

    assert ratios(over, under) == Spread(median, low, high)


def test_the_warm_up_writes_bytecode(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "slow.py").write_text("x = 1\n")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    command = (sys.executable, "-c", "import slow")
    bench.run(command, tmp_path, {})
    assert list((tmp_path / "__pycache__").glob("slow.*.pyc"))


def test_numbers_without_a_partner_have_no_ratio() -> None:
    from measure import ratios

    with pytest.raises(ValueError, match="shorter"):
        ratios([1.0, 2.0], [1.0])


def test_subjects_run_in_turn_after_a_warm_up_each(bench: Bench, tmp_path: Path) -> None:
    from measure import Measured

    log = tmp_path / "log"
    subjects = [subject(name, f"open({str(log)!r}, 'a').write({name!r}); print(7)", tmp_path) for name in "ab"]
    outcomes = bench.interleaved(subjects, 2)
    assert log.read_text(encoding="utf-8") == "ababab"
    for outcome in outcomes:
        assert isinstance(outcome, Measured)
        assert outcome.findings == "7"
        assert len(outcome.runs) == 2
        assert all(0 < run.cpu < 10 and run.wall > 0 and run.exit_code == 0 for run in outcome.runs)


def test_who_fails_is_skipped_with_a_reason(bench: Bench, tmp_path: Path) -> None:
    from measure import Skipped

    crashing = subject("crashing", "import sys; print('broken', file=sys.stderr); sys.exit(4)", tmp_path)
    missing = Skipped("missing", "missing was not found")
    outcomes = bench.interleaved([missing, crashing], 1)
    assert outcomes == [missing, Skipped("crashing", "exit code 4: broken")]


def test_peak_memory_is_the_childs_own(bench: Bench, tmp_path: Path) -> None:
    held = b"x" * 200_000_000
    run, _, _ = bench.run(subject("small", "pass", tmp_path).command, tmp_path, {})
    large, _, _ = bench.run(subject("large", "b'x' * 200_000_000", tmp_path).command, tmp_path, {})
    assert len(held) == 200_000_000
    assert run.peak < 100
    assert large.peak > 200


def test_every_run_has_an_empty_cache_folder(bench: Bench, tmp_path: Path) -> None:
    code = "import os; d = os.environ['XDG_CACHE_HOME']; print(os.listdir(d)); open(d + '/mine', 'w').close()"
    said = [bench.run(subject("caching", code, tmp_path).command, tmp_path, {})[1] for _ in range(2)]
    assert said == ["[]\n", "[]\n"]


def test_limits_that_hold_are_silent() -> None:
    from limits import broken

    assert broken(results(ours=[9.0, 8.0, 90.0], parse=[1.0, 1.0, 10.0])) == []


def test_a_limit_that_does_not_hold_is_a_sentence() -> None:
    from limits import broken

    assert broken(results(ours=[10.0, 10.0, 10.0], parse=[1.0, 1.0, 1.0], peak=81, heavy=("rich",))) == [
        "whole tree: CPU over libyaml's parse: 10, the limit is 9",
        "whole tree: peak memory, MB: 81, the limit is 80",
        "one small file: heavy modules imported: 1, the limit is 0",
    ]


def test_what_was_not_measured_does_not_hold() -> None:
    from limits import LIMITS, Results, broken
    from measure import Skipped

    full = results(ours=[1.0], parse=[1.0])
    empty = Results(full.date, full.python, full.system, full.corpus, {}, Skipped("imports", "exit code 4"))
    gated = [limit.figure for limit in LIMITS if limit.gate]
    assert broken(empty) == [f"{figure}: not measured" for figure in gated]


def test_the_page_is_written_between_its_markers() -> None:
    from report import NEW_PAGE, page, replaced

    first = replaced(f"above\n{NEW_PAGE}below\n", page(results(ours=[2.0], parse=[1.0])))
    assert first.startswith("above\n")
    assert first.endswith("below\n")
    assert "| k8snetlint 1 | 1 | 2 (2-2) |" in first
    assert replaced(first, page(results(ours=[2.0], parse=[1.0]))) == first
    with pytest.raises(ValueError, match="markers"):
        replaced("a page by hand", "text")


def test_a_scene_with_a_tree_of_its_own_says_which() -> None:
    from limits import Scene
    from report import as_json, page

    found = results(ours=[2.0], parse=[1.0])
    corpus = {"files": 3, "documents": 7, "bytes": 10**6, "mistakes": 2, "seed": 1, "digest": "abc"}
    outcomes = found.scenes["whole"].outcomes
    found.scenes["dangling"] = Scene("dangling", "Dangling", 3, outcomes, corpus)

    command = "`bench/generate.py --tree dangling --seed 1`"
    tree = f"3 files, 7 documents, 1.0 MB, 2 planted mistakes ({command}, digest `abc`)"
    assert page(found).count(f"The tree: {tree}.") == 1
    assert as_json(found)["scenes"]["dangling"]["corpus"] == corpus


def test_the_trees_of_selectors_are_held_against_kubeconform() -> None:
    from limits import LIMITS, Scene
    from measure import Measured, Run, Subject

    found = results(ours=[2.0], parse=[1.0])
    for name in ("dangling", "crowded"):
        ours, peer = (
            Measured(Subject(who, "1", (who,), who, Path(), str.strip), "", [Run(cpu, cpu, 1, 0)])
            for who, cpu in (("k8snetlint", 2.0), ("kubeconform", 3.8))
        )
        found.scenes[name] = Scene(name, name, 1, [ours, peer])
    holds = {
        limit.figure: limit.holds(spread)
        for limit in LIMITS
        if limit.figure.startswith(("dangling", "crowded")) and (spread := limit.value(found))
    }

    assert holds == {
        "dangling tree: kubeconform's CPU over ours": False,
        "crowded tree: kubeconform's CPU over ours": True,
    }


def test_json_holds_every_run_and_what_was_skipped() -> None:
    from measure import Skipped
    from report import as_json

    found = results(ours=[2.0, 4.0], parse=[1.0, 1.0])
    found.scenes["whole"].outcomes.append(Skipped("kubeconform", "kubeconform was not found"))
    ours, floor, skipped = json.loads(json.dumps(as_json(found)))["scenes"]["whole"]["subjects"]
    assert [run["cpu"] for run in ours["runs"]] == [2, 4]
    assert floor["cpu_over_k8snetlint"] == {"median": 0.375, "low": 0.25, "high": 0.5}
    assert skipped == {"name": "kubeconform", "reason": "kubeconform was not found", "status": "skipped"}


@pytest.mark.parametrize(
    ("reported", "said"),
    [
        pytest.param([("DIR/a.yaml", 0, "one")], "1; 1 of 2 planted", id="any of the rules of a mistake counts"),
        pytest.param(
            [("DIR/a.yaml", 0, "other"), ("DIR/b.yaml", 1, "two")], "2; 0 of 2 planted", id="its rule in its file"
        ),
        pytest.param([("DIR/b.yaml", 0, "one")], "1; 0 of 2 planted", id="its document"),
    ],
)
def test_findings_are_held_against_the_planted_mistakes(reported: list[tuple[str, int, str]], said: str) -> None:
    from peers import finding_count

    found = [{"path": path, "document": document, "id": rule} for path, document, rule in reported]
    planted = [
        {"path": "a.yaml", "document": 0, "rules": ["one", "two"]},
        {"path": "b.yaml", "document": 1, "rules": ["one"]},
    ]
    assert finding_count(json.dumps({"findings": found}), planted, Path("DIR")) == said


def test_schemas_for_kubeconform_refer_to_no_other_file(tmp_path: Path) -> None:
    from schemas import KINDS, source, write_schemas

    folder = source()
    assert folder is not None
    write_schemas(folder, tmp_path)
    schemas = [json.loads(text) for text in (path.read_text(encoding="utf-8") for path in tmp_path.iterdir())]
    assert len(schemas) == len(KINDS)
    for schema in schemas:
        text = json.dumps(schema)
        targets = {part.split('"')[0] for part in text.split('"$ref": "')[1:]}
        assert {target.removeprefix("#/$defs/") for target in targets} <= set(schema["$defs"])
