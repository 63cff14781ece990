from __future__ import annotations

import pytest

from k8snetlint.finding import Finding, Location, ObjectName, Related, Report, Severity, Skipped
from k8snetlint.report import lines
from k8snetlint.report.style import Format, Style
from k8snetlint.report.summary import totals
from k8snetlint.source.escape import escape
from k8snetlint.website import page_url

FINDING = Finding(
    id="netpol-selects-no-pod",
    severity=Severity.WARNING,
    message="podSelector app=wbe matches no pod in namespace prod",
    path="deploy/prod/netpol.yaml",
    document=0,
    object=ObjectName("networking.k8s.io/v1", "NetworkPolicy", "prod", "web"),
    field="spec.podSelector",
    start=Location(12, 7, 200),
    end=Location(12, 15, 208),
    related=(
        Related("deploy/prod/web.yaml", Location(21, 9, 0), Location(21, 12, 3), "Deployment prod/web has app=web"),
    ),
    lines=("      app: wbe",),
    label="0 of 14 pods match",
    help="did you mean `web`?",
)
PLAIN = FINDING._replace(related=(), label="", help="")
ERROR = PLAIN._replace(severity=Severity.ERROR, id="api-invalid", path="b.yaml")
INFO = PLAIN._replace(severity=Severity.INFO, id="netpol-deny-all", message="all is denied")
UNREADABLE = PLAIN._replace(
    id="file-unreadable",
    severity=Severity.ERROR,
    message="permission denied",
    document=None,
    object=None,
    field=None,
    lines=(),
    start=Location(1, 1, 0),
    end=Location(1, 1, 0),
)


def report(*findings: Finding, skipped: tuple[Skipped, ...] = (), files: int = 41) -> Report:
    return Report(findings, skipped, files, documents=70, objects=63)


def text(shown: Report, output_format: Format = Format.FULL, style: Style | None = None) -> str:
    return "".join(lines(output_format, shown, style or Style()))


def framed(finding: Finding, columns: int = 200) -> list[str]:
    """Return the frame of a finding without its rulers."""
    found = text(report(finding), style=Style(columns=columns, quiet=True)).splitlines()
    rulers = [number for number, line in enumerate(found) if line.strip() == "|"]
    return found[rulers[0] + 1 : rulers[-1]]


def spanning(line: str, marked: str, **changes: object) -> Finding:
    """Return a finding about a part of a line."""
    begin = line.index(marked)
    start, end = Location(7, begin + 1, begin), Location(7, begin + len(marked) + 1, begin + len(marked))
    return PLAIN._replace(lines=(line,), start=start, end=end, **changes)  # type: ignore[arg-type]  # any field


def test_full() -> None:
    assert (
        text(report(FINDING, INFO, ERROR))
        == """\
warning[netpol-selects-no-pod]: podSelector app=wbe matches no pod in namespace prod
  --> deploy/prod/netpol.yaml:12:7  NetworkPolicy prod/web  spec.podSelector
   |
12 |       app: wbe
   |       ^^^^^^^^ 0 of 14 pods match
   |
  ::: deploy/prod/web.yaml:21:9  Deployment prod/web has app=web
  = help: did you mean `web`?
  = see: k8snetlint rule netpol-selects-no-pod

error[api-invalid]: podSelector app=wbe matches no pod in namespace prod
  --> b.yaml:12:7  NetworkPolicy prod/web  spec.podSelector
   |
12 |       app: wbe
   |       ^^^^^^^^
   |
  = see: k8snetlint rule api-invalid

info[netpol-deny-all]: at deploy/prod/netpol.yaml:12: all is denied

Found 1 error, 1 warning in 2 of 41 files (63 objects), 1 info hidden (--show info).
"""
    )


def test_concise() -> None:
    assert (
        text(report(FINDING, INFO, INFO, ERROR, UNREADABLE), Format.CONCISE)
        == """\
deploy/prod/netpol.yaml:12:7: warning netpol-selects-no-pod podSelector app=wbe matches no pod in namespace prod \
(NetworkPolicy prod/web)
b.yaml:12:7: error api-invalid podSelector app=wbe matches no pod in namespace prod (NetworkPolicy prod/web)
deploy/prod/netpol.yaml: error file-unreadable permission denied
info netpol-deny-all 2 times, first at deploy/prod/netpol.yaml:12: all is denied
Found 2 errors, 1 warning in 2 of 41 files (63 objects), 2 infos hidden (--show info).
"""
    )


def test_a_finding_about_a_file_has_no_frame_and_no_line() -> None:
    assert text(report(UNREADABLE), style=Style(quiet=True)) == (
        "error[file-unreadable]: permission denied\n  --> deploy/prod/netpol.yaml\n\n"
    )


def test_a_finding_whose_lines_are_secret_has_no_frame() -> None:
    secret = FINDING._replace(lines=(), related=(), help="")
    assert text(report(secret), style=Style(quiet=True)).splitlines()[1:] == [
        "  --> deploy/prod/netpol.yaml:12:7  NetworkPolicy prod/web  spec.podSelector",
        "  = note: 0 of 14 pods match",
        "",
    ]


@pytest.mark.parametrize(
    ("show", "counted"),
    [
        pytest.param(
            Severity.INFO, "Found 1 error, 1 warning, 2 infos in 2 of 41 files (63 objects).", id="all one by one"
        ),
        pytest.param(
            Severity.WARNING,
            "Found 1 error, 1 warning in 2 of 41 files (63 objects), 2 infos hidden (--show info).",
            id="infos are folded",
        ),
        pytest.param(
            Severity.ERROR,
            "Found 1 error in 1 of 41 files (63 objects), 1 warning hidden (--show warning), "
            "2 infos hidden (--show info).",
            id="warnings are folded, too",
        ),
    ],
)
def test_show(show: Severity, counted: str) -> None:
    for output_format in (Format.FULL, Format.CONCISE):
        assert text(report(FINDING, INFO, INFO, ERROR), output_format, Style(show=show)).splitlines()[-1] == counted


@pytest.mark.parametrize(
    ("shown", "counted"),
    [
        pytest.param(report(), "No problems in 41 files (63 objects).", id="clean"),
        pytest.param(report(INFO), "No problems in 41 files (63 objects), 1 info hidden (--show info).", id="infos"),
        pytest.param(report(ERROR, files=1), "Found 1 error in 1 file (63 objects).", id="one file"),
        pytest.param(report(*[ERROR] * 2000), "Found 2,000 errors in 1 of 41 files (63 objects).", id="more"),
        pytest.param(Report((), (), 1, 1, 1), "No problems in 1 file (1 object).", id="one object"),
    ],
)
def test_summary(shown: Report, counted: str) -> None:
    assert text(shown).splitlines()[-1] == counted


def test_what_was_skipped_is_counted() -> None:
    reasons = ["template: render it first"] * 3 + ["patch: merged elsewhere"] * 2 + ["not a Kubernetes object"] * 14
    skipped = tuple(Skipped(f"{number}.yaml", 0, reason) for number, reason in enumerate(reasons))
    last = text(report(skipped=skipped)).splitlines()[-1]
    assert last == "3 templates, 2 patches and 14 other documents not checked (-v lists them)."
    # A file with several is one template, as its finding and the note about charts have it.
    assert text(report(skipped=(*skipped, skipped[0]._replace(document=1)))).splitlines()[-1] == last
    assert text(report(skipped=skipped[:1]), style=Style(verbose=True)).splitlines()[-1] == "1 template not checked."


@pytest.mark.parametrize(
    ("finding", "frame"),
    [
        pytest.param(spanning("a: {b: c}", "b"), [" 7 | a: {b: c}", "   |     ^"], id="in a line"),
        pytest.param(spanning("\ta:\tb", "b"), [" 7 |     a:    b", "   |           ^"], id="tabs"),
        pytest.param(spanning("名前: 値x", "値"), [" 7 | 名前: 値x", "   |       ^^"], id="wide characters"),
        pytest.param(spanning("e\u0301a: b", "b"), [" 7 | e\u0301a: b", "   |     ^"], id="combining characters"),
        pytest.param(spanning("a: \x1b[2J b", "b"), [r" 7 | a: \x1b[2J b", "   |            ^"], id="before an escape"),
        pytest.param(spanning("a: \x1b", "\x1b"), [r" 7 | a: \x1b", "   |    ^^^^"], id="an escape"),
        pytest.param(
            PLAIN._replace(lines=("a:",), start=Location(7, 3, 2), end=Location(7, 3, 2)),
            [" 7 | a:", "   |   ^"],
            id="nothing, at the end",
        ),
        pytest.param(
            PLAIN._replace(lines=("",), start=Location(7, 1, 0), end=Location(7, 1, 0)),
            [" 7 |", "   | ^"],
            id="an empty line",
        ),
        pytest.param(
            PLAIN._replace(lines=("- a:  ", "    b", "c"), start=Location(9, 3, 2), end=Location(11, 2, 9)),
            [" 9 | - a:", "   |   ^^", "10 |     b", "11 | c"],
            id="lines",
        ),
        pytest.param(
            PLAIN._replace(lines=tuple("abcdef"), start=Location(98, 1, 0), end=Location(200, 2, 9)),
            [" 98 | a", "    | ^", " 99 | b", "100 | c", "101 | d", "... |"],
            id="too many lines",
        ),
        pytest.param(
            spanning("x" * 90 + "here" + "y" * 90, "here"),
            [" 7 | …" + "x" * 33 + "here" + "y" * 33 + "…", "   | " + " " * 34 + "^^^^"],
            id="a long line",
        ),
        pytest.param(
            spanning("x" * 10 + "here" + "y" * 90, "here"),
            [" 7 | " + "x" * 10 + "here" + "y" * 57 + "…", "   | " + " " * 10 + "^^^^"],
            id="a long line, near its start",
        ),
        pytest.param(
            spanning("x" * 90 + "here", "here"),
            [" 7 | …" + "x" * 67 + "here", "   | " + " " * 68 + "^^^^"],
            id="a long line, at its end",
        ),
        pytest.param(
            spanning("a: " + "z" * 500 + " b", "z" * 500),
            [" 7 | a: " + "z" * 53 + "…", "   |    " + "^" * 54],
            id="what is marked is long itself",
        ),
    ],
)
def test_frame(finding: Finding, frame: list[str]) -> None:
    assert framed(finding, columns=79) == frame


def test_a_frame_never_passes_the_columns() -> None:
    for before in range(0, 200, 7):
        for marked in range(0, 200, 13):
            line = "\u202e" * before + "m" * marked + "\t" * 50
            finding = PLAIN._replace(
                lines=(line,), start=Location(7, before + 1, 0), end=Location(7, before + marked + 1, 0)
            )
            assert max(map(len, framed(finding, columns=60))) <= 60


HOSTILE = "\x1b[31m\x07\r\n::error::x\x9b2J\u202e##[error]y\u2066\0"


@pytest.mark.parametrize("output_format", [Format.FULL, Format.CONCISE])
def test_nothing_that_a_terminal_obeys_is_printed(output_format: Format) -> None:
    hostile = FINDING._replace(
        message=HOSTILE,
        path=HOSTILE,
        object=ObjectName(HOSTILE, HOSTILE, HOSTILE, HOSTILE),
        field=HOSTILE,
        label=HOSTILE,
        help=HOSTILE,
        lines=(HOSTILE,),
        related=(Related(HOSTILE, Location(1, 1, 0), Location(1, 1, 0), HOSTILE),),
    )
    folded = hostile._replace(severity=Severity.INFO)
    printed = text(
        report(hostile, hostile._replace(lines=()), folded, UNREADABLE._replace(path="::error::")), output_format
    )
    for line in printed.split("\n"):
        assert line.isprintable()
        assert "##[" not in line
        assert not line.lstrip().startswith("::") or line.startswith("  ::: ")


@pytest.mark.parametrize(
    ("raw", "escaped"),
    [
        pytest.param("plain é 中", "plain é 中", id="what is printable stays"),
        pytest.param("\x1b\x07\x7f\x9b", r"\x1b\x07\x7f\x9b", id="control characters"),
        pytest.param("a\tb\r\n", r"a\tb\r\n", id="white space"),
        pytest.param("\u202e\u2066\u200f\ufeff", r"\u{202e}\u{2066}\u{200f}\u{feff}", id="directions"),
        pytest.param("\U000e0041", r"\u{e0041}", id="tags"),
        pytest.param("\udcff.yaml", r"\xff.yaml", id="a byte of a file name"),
        pytest.param("\ud800", r"\u{d800}", id="half a pair"),
        pytest.param("##[error]", r"##\x5berror]", id="a command of a CI system"),
    ],
)
def test_escape(raw: str, escaped: str) -> None:
    assert escape(raw) == escaped
    assert escape(escaped) == escaped


def test_colours_mark_up_and_change_nothing_else() -> None:
    import re

    shown = report(FINDING, INFO, UNREADABLE)
    coloured = text(shown, style=Style(colour=True))
    assert "\x1b[1;33mwarning[netpol-selects-no-pod]\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == text(shown)


@pytest.mark.parametrize("output_format", [Format.FULL, Format.CONCISE, Format.GROUPED])
def test_ids_are_links_where_links_are_shown(output_format: Format) -> None:
    import re

    shown = report(FINDING, INFO, PLAIN)
    linked = text(shown, output_format, Style(links=True))

    assert f"\x1b]8;;{page_url(FINDING.id)}\x1b\\{FINDING.id}\x1b]8;;\x1b\\" in linked
    assert linked.count("\x1b]8;;https:") == 3
    assert re.sub(r"\x1b]8;;[^\x1b]*\x1b\\", "", linked) == text(shown, output_format)


def test_the_way_to_a_page_is_shown_once() -> None:
    shown = report(FINDING, PLAIN, ERROR, INFO)
    ways = [line for line in text(shown).splitlines() if "k8snetlint rule" in line]

    assert ways == ["  = see: k8snetlint rule netpol-selects-no-pod", "  = see: k8snetlint rule api-invalid"]
    assert "k8snetlint rule" not in text(shown, style=Style(quiet=True))


def test_quiet_says_nothing_about_nothing() -> None:
    for output_format in (Format.FULL, Format.CONCISE):
        assert text(report(INFO), output_format, Style(quiet=True)) == ""


@pytest.mark.parametrize(
    ("versions", "text"),
    [
        pytest.param((), "No problems in 1 file (2 objects).", id="unknown: nothing was read"),
        pytest.param(("1.37",), "No problems in 1 file (2 objects, Kubernetes 1.37).", id="one"),
        pytest.param(("1.35", "1.37"), "No problems in 1 file (2 objects, Kubernetes 1.35 and 1.37).", id="two"),
        pytest.param(
            ("1.35", "1.36", "1.37"), "No problems in 1 file (2 objects, Kubernetes 1.35 to 1.37).", id="many"
        ),
    ],
)
def test_the_summary_names_the_kubernetes_version(versions: tuple[str, ...], text: str) -> None:
    assert totals(Report((), (), 1, 2, 2, kubernetes_versions=versions), Severity.WARNING, verbose=False) == text


@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize("columns", [1, 20, 40, 60, 400])
def test_sentences_are_wrapped_by_words_on_a_terminal(columns: int, *, colour: bool) -> None:
    from k8snetlint.report.wrapping import wrapped

    start = "\x1b[1;33mwarning[netpol-x]\x1b[0m" if colour else "warning[netpol-x]"
    line = f"{start}: port 80 is the port of Service web; its traffic  reaches the pods on port 8080"
    parts = list(wrapped(line, columns, 2))
    assert " ".join(" ".join(parts).split()) == " ".join(line.split())
    assert all(part.startswith("  ") for part in parts[1:])
    shown = [part.replace("\x1b[1;33m", "").replace("\x1b[0m", "") for part in parts]
    assert all(len(part) <= columns or len(part.split()) == 1 for part in shown)
    assert list(wrapped(line, 0, 2)) == [line]
    assert (len(parts) == 1) == (columns == 400)


def test_a_narrow_terminal_wraps_what_is_no_frame() -> None:
    wide, narrow = text(report(FINDING, INFO)), text(report(FINDING, INFO), style=Style(wrap=40))
    assert narrow.split() == wide.split()
    parts = ("|", "-->", "= see:")
    kept = [line for line in narrow.splitlines() if any(part in line for part in parts)]
    assert kept == [line for line in wide.splitlines() if any(part in line for part in parts)]
    assert all(len(line) <= 40 for line in narrow.splitlines() if line not in kept)
