"""Which findings are reported: one mistake is one finding."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from k8snetlint.codes import is_rejection
from k8snetlint.finding import Problem
from k8snetlint.linting.problems import RawProblem
from k8snetlint.linting.superseded import superseded
from k8snetlint.rules import all_rules
from k8snetlint.source.document import Place, Source

SOURCE = Source.of("a.yaml", "")
_ids = st.sampled_from(
    ["api-invalid", "api-not-supported", "api-warning", "netpol-port-invalid", "netpol-named-port-on-ipblock"]
)
_paths = st.lists(st.sampled_from(["spec", 0, 1]), max_size=3).map(tuple)
_places = st.builds(Place, st.just(SOURCE), st.integers(0, 1), _paths, st.sampled_from([(), ("items", 0)]))


def _covers(place: Place, other: Place) -> bool:
    same = place.document == other.document and place.root == other.root
    return same and other.path[: len(place.path)] == place.path


@given(st.lists(st.tuples(_ids, _places), max_size=12))
def test_a_rule_explains_what_is_reported_at_its_field_or_below(placed: list[tuple[str, Place]]) -> None:
    problems = [RawProblem(name, None, Problem("", at)) for name, at in placed]
    better = {rule.id: rule.supersedes for rule in all_rules()}
    explained = [
        (problem, name, other)
        for finding_id, _, problem in problems
        for name, _, other in problems
        if name in better.get(finding_id, ()) and _covers(problem.at, other.at)
    ]
    assert superseded(problems) == (
        {id(other) for _, _, other in explained},
        {id(problem) for problem, name, _ in explained if is_rejection(name)},
    )
