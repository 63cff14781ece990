"""Mistakes that people make in workloads are found by `check`, in the API server's words.

Each document of `workload_mistakes.yaml` is one mistake; the lines above it are what the API server (Kubernetes 1.37.2)
answers, field and words.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from k8snetlint import Config, Severity, Source, lint

TEXT = (Path(__file__).parent / "workload_mistakes.yaml").read_text(encoding="utf-8")


def mistakes() -> list[tuple[str, list[str], str]]:
    """Return title, answers and manifest of each mistake."""
    found = []
    for part in TEXT.split("\n---\n"):
        lines = part.splitlines()
        says = [line.removeprefix("#   ") for line in lines if line.startswith("#   ")]
        manifest = "\n".join(line for line in lines if not line.startswith("#")) + "\n"
        found.append((lines[0].removeprefix("# "), says, manifest))
    return found


MISTAKES = mistakes()


def test_there_are_enough_of_them() -> None:
    assert len({title for title, _, _ in MISTAKES}) == len(MISTAKES) >= 88


@pytest.mark.parametrize(("says", "text"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES])
def test_a_mistake_is_found(says: list[str], text: str) -> None:
    findings = lint([Source.of("web.yaml", text)], Config()).findings
    errors = [each for each in findings if each.severity is Severity.ERROR]
    # Of several answers about one field, the first one or the one that it is required says it.
    fields = [each.field for each in errors]
    assert len({*fields}) == len(fields) == len({each.partition(": ")[0] for each in says})
    assert all(any(each.message.startswith(answer) for answer in says) for each in errors)
    assert all(each.id.startswith("api-") for each in errors)
