"""Kinds that a CustomResourceDefinition among the files defines: what looks like a typo of another kind is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.linting.inventory import Definitions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snetlint.linting.problems import RawProblem
    from k8snetlint.model.resource import Resource
    from k8snetlint.source.document import Source


def drop_defined(problems: dict[Source, list[RawProblem]], resources: Sequence[Resource]) -> None:
    """Let go of the problems that an object's kind is not served, if one of the resources defines it."""
    kinds = set(_kinds_defined(resources))
    served = {(each.source, each.document, each.root) for each in resources if (each.group, each.kind) in kinds}
    for source in {source for source, _, _ in served} & problems.keys():
        problems[source] = [
            each
            for each in problems[source]
            if each.id != "api-no-match" or (source, each.problem.at.document, each.problem.at.root) not in served
        ]


def _kinds_defined(resources: Sequence[Resource]) -> Iterator[tuple[str, str]]:
    """Yield the group and kind of each custom resource that is defined."""
    definitions = Definitions()
    for resource in resources:
        if (resource.group, resource.kind) == ("apiextensions.k8s.io", "CustomResourceDefinition"):
            match definitions.value(resource):
                case {"spec": {"group": str(group), "names": {"kind": str(kind)}}}:
                    yield group, kind
