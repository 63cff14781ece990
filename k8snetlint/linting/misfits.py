"""What does not fit the structure of a kind, in any of several versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.linting.problems import RawProblem
from k8snetlint.source.templates import is_placeholder
from k8snetlint.validation.structure import structure_problems

if TYPE_CHECKING:
    from k8snetlint.finding import Problem
    from k8snetlint.model.environment import Version
    from k8snetlint.source.document import Place
    from k8snetlint.source.paths import FieldPath


def misfits(
    value: dict[str, Any], definition: str, versions: tuple[Version, ...], at: Place
) -> tuple[list[RawProblem], tuple[FieldPath, ...], tuple[FieldPath, ...]]:
    """Return the problems of types and fields, the paths of unknown fields, and the paths whose content is not known.

    Args:
        value: an object.
        definition: the name of its definition.
        versions: the Kubernetes versions that count.
        at: the place of the object.
    """
    unsure: set[FieldPath] = set()
    found: dict[tuple[str, FieldPath, str], tuple[Problem, list[Any]]] = {}
    for version in versions:
        for finding_id, problem in structure_problems(
            value,
            definition,
            version,
            at=lambda path, key: at.to(*path, key=key),
            is_placeholder=is_placeholder,
            unsure=unsure,
        ):
            key = (finding_id, problem.at.path, problem.message)
            found.setdefault(key, (problem, []))[1].append(version)
    problems: list[RawProblem] = []
    for (finding_id, _, _), (problem, holds) in found.items():
        some = problem if len(holds) == len(versions) else problem.in_versions(tuple(holds))
        problems.append(RawProblem(finding_id, None, some))
    unknown = tuple(path for finding_id, path, _ in found if finding_id == "api-unknown-field")
    return problems, unknown, tuple(unsure)
