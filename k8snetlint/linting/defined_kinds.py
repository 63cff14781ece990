"""Kinds that a CustomResourceDefinition among the files defines: these are not typos of other kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.linting.problems import NO_MATCH

if TYPE_CHECKING:
    from k8snetlint.linting.problems import RawProblem
    from k8snetlint.linting.scoping import Scoping
    from k8snetlint.source.document import Source


def drop_defined(problems: dict[Source, list[RawProblem]], scoping: Scoping) -> None:
    """Let go of the problems that an object's kind is not served, if one of the files defines it."""
    kinds = {kind for _, kind in scoping.definitions}
    resources = scoping.resources if kinds else ()
    served = {(each.source, each.document, each.root) for each in resources if (each.group, each.kind) in kinds}
    for source in {source for source, _, _ in served} & problems.keys():
        problems[source] = [
            each
            for each in problems[source]
            if each.id != NO_MATCH or (source, each.problem.at.document, each.problem.at.root) not in served
        ]
