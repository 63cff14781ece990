"""The results as a page and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from limits import LIMITS, OURS, Results, Scene
from measure import Measured, Skipped, Spread

if TYPE_CHECKING:
    from collections.abc import Sequence

BEGIN = "<!-- measured: begin (bench/run.py --write) -->"
END = "<!-- measured: end -->"
NEW_PAGE = f"# Results\n\n{BEGIN}\n{END}\n"


def said(spread: Spread | None, form: str = ".3g") -> str:
    """Return a median with the smallest and largest in brackets."""
    if spread is None:
        return ""
    return f"{spread.median:{form}} ({spread.low:{form}}-{spread.high:{form}})"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; columns after the first are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def row(scene: Scene, measured: Measured, base: str) -> list[str]:
    """Return the row of a command: ratios first."""
    name = measured.subject.name
    parse = base == "libyaml"
    codes = ", ".join(str(code) for code in sorted({run.exit_code for run in measured.runs}))
    return [
        f"{name} {measured.subject.version}",
        "1" if name == OURS else said(scene.over(name, OURS)),
        said(scene.over(name, base, parse=parse)) if base else "",
        f"{Spread.of(measured.cpu).median:.3f}",
        f"{Spread.of(measured.wall).median:.3f}",
        f"{Spread.of(measured.peak).median:.0f}",
        measured.findings,
        codes,
    ]


def parse_row(scene: Scene) -> list[list[str]]:
    """Return the row of the parse alone, where a scene has it."""
    floor = scene.measured("libyaml")
    if floor is None:
        return []
    ours = scene.over(OURS, "libyaml", parse=True)
    inverse = Spread(1 / ours.median, 1 / ours.high, 1 / ours.low) if ours else None
    return [["libyaml, the parse alone", said(inverse), "1", f"{Spread.of(floor.inner).median:.3f}", "", "", "", ""]]


BASES = {"whole": ("libyaml", "libyaml's parse"), "small": ("python", "`python -I -c pass`")}


def section(scene: Scene) -> str:
    """Return the part of the page about one scene."""
    base, base_name = BASES.get(scene.name, ("", ""))
    measured = [each for each in scene.outcomes if isinstance(each, Measured)]
    skipped = [each for each in scene.outcomes if isinstance(each, Skipped)]
    head = ["", "CPU / k8snetlint's", f"CPU / {base_name}", "CPU s", "wall s", "peak MB", "findings", "exit code"]
    rows = [head, *(row(scene, each, base) for each in measured), *parse_row(scene)]
    rows += [[each.name, f"skipped: {each.reason}", *[""] * 6] for each in skipped]
    if not base:
        rows = [[*cells[:2], *cells[3:]] for cells in rows]
    shown = "".join(f"- {each.subject.name}: `{each.subject.shown}`\n" for each in measured)
    tree = f"{said_of(scene.corpus, f'--tree {scene.name} ')}\n\n" if scene.corpus else ""
    rounds = f"{scene.rounds} rounds after a warm-up each."
    return f"## {scene.title}\n\n{tree}{rounds}\n\n{table(rows[0], rows[1:])}\n{shown}"


def said_of(corpus: dict[str, Any], options: str = "") -> str:
    """Return a sentence about a generated tree."""
    return (
        f"The tree: {corpus['files']:,} files, {corpus['documents']:,} documents, {corpus['bytes'] / 1e6:.1f} MB, "
        f"{corpus['mistakes']} planted mistakes (`bench/generate.py {options}--seed {corpus['seed']}`, digest "
        f"`{corpus['digest']}`)."
    )


def limits(results: Results) -> str:
    """Return the table of what the figures are held against."""
    rows = []
    for limit in LIMITS:
        spread = limit.value(results)
        sign = "≤" if limit.at_most else "≥"
        verdict = "skipped" if spread is None else "holds" if limit.holds(spread) else "**does not hold**"
        bounds = [f"{sign} {limit.must:g}", f"{sign} {limit.goal:g}", verdict, "yes" if limit.gate else ""]
        rows.append([limit.figure, said(spread), *bounds])
    return table(["", "measured", "limit", "goal", "result", "in the gate"], rows)


def page(results: Results) -> str:
    """Return what stands between the markers of RESULTS.md."""
    text = (
        f"Measured on {results.date}, Python {results.python}, {results.system}.\n\n"
        f"{said_of(results.corpus)} To repeat: `python bench/run.py --write`.\n\n"
        "CPU is user + system time, including child processes. Each ratio compares two runs that follow each other; "
        "the table shows the median, and in brackets the smallest and the largest. Absolute times are valid for this "
        "machine only. A tool that was not found or failed is skipped.\n\n"
        f"## Limits\n\n{limits(results)}\n"
    )
    return text + "\n".join(section(scene) for scene in results.scenes.values()) + "\n" + imports(results)


def imports(results: Results) -> str:
    """Return the part of the page about start-up."""
    if isinstance(results.imports, Skipped):
        return f"## Imports\n\nSkipped: {results.imports.reason}.\n"
    names = ", ".join(results.imports.heavy) or "none"
    modules = results.imports.modules
    return f"## Imports\n\nA clean check of one small file imports {modules} modules. Heavy ones: {names}.\n"


def replaced(old: str, text: str) -> str:
    """Return a page with the text between its markers replaced.

    Raises:
        ValueError: the page has no markers.
    """
    before, _, rest = old.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError("the page has no markers")
    return f"{before}{BEGIN}\n{text}{END}{after}"


def as_json(results: Results) -> dict[str, Any]:
    """Return the results for machines: every run of every command, so that other figures can be made of them."""
    scenes = {}
    for name, scene in results.scenes.items():
        subjects: list[dict[str, Any]] = []
        for each in scene.outcomes:
            if isinstance(each, Skipped):
                subjects.append({**asdict(each), "status": "skipped"})
                continue
            subject = {key: getattr(each.subject, key) for key in ("name", "version", "shown")}
            ours = scene.over(each.subject.name, OURS)
            figures = {"cpu_over_k8snetlint": asdict(ours) if ours else None, "findings": each.findings}
            runs = {"runs": [asdict(run) for run in each.runs], "parse_cpu": each.inner}
            subjects.append({**subject, "status": "measured", **figures, **runs})
        scenes[name] = {"title": scene.title, "rounds": scene.rounds, "corpus": scene.corpus, "subjects": subjects}
    judged = [
        {"figure": limit.figure, "must": limit.must, "value": asdict(spread) if spread else None}
        for limit, spread in ((limit, limit.value(results)) for limit in LIMITS)
    ]
    head = {"date": results.date, "python": results.python, "system": results.system, "corpus": results.corpus}
    return {**head, "scenes": scenes, "limits": judged, "imports": asdict(results.imports)}
