"""Without the C extension everything is found at the same places, only slower."""

from __future__ import annotations

from pathlib import Path

import pytest

from k8snetlint import Config, Report, Source, lint
from k8snetlint.source import events

EXAMPLES = Path(__file__).parent.parent / "examples"


def report() -> Report:
    paths = sorted(EXAMPLES.rglob("*.yaml"))
    return lint([Source.of(path.name, path.read_bytes()) for path in paths], Config())


@pytest.mark.skipif(events.CParser is None, reason="this interpreter has no C extension to compare with")
def test_the_examples_give_the_same_report(monkeypatch: pytest.MonkeyPatch) -> None:
    native = report()
    monkeypatch.setattr(events, "CParser", None)

    assert len(native.findings) > 10
    assert report() == native
