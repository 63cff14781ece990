"""Kinds and apiVersions that no asked-for Kubernetes version serves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.finding import Problem
from k8snetlint.model.environment import format_version
from k8snetlint.source.similar import closest
from k8snetlint.validation.schemas import Answer, Serving, kinds_of, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.environment import Version
    from k8snetlint.source.paths import Place


def serving_problems(value: dict[str, Any], versions: tuple[Version, ...], at: Place) -> Iterator[tuple[str, Problem]]:
    """Yield `api-removed-version` or `api-no-match` if a version that is asked for does not serve an object's kind."""
    api_version, kind = value["apiVersion"], value["kind"]
    answers = [(version, served(api_version, kind, version)) for version in versions]
    failing = [(version, answer) for version, answer in answers if answer.serving in _FAILS]
    if not failing:
        return
    version, answer = failing[-1]
    message = f'no matches for kind "{kind}" in version "{api_version}"'
    holds = "" if len(failing) == len(versions) else " in " + ", ".join(format_version(each) for each, _ in failing)
    if answer.serving is Serving.REMOVED and answer.at:
        said = f"{message}: removed in Kubernetes {format_version(answer.at)}{_instead(answer)}"
        yield "api-removed-version", Problem(said, at.to("apiVersion"), near=answer.instead)
    elif answer.serving is Serving.NOT_YET and answer.at:
        said = f"{message}: served since Kubernetes {format_version(answer.at)}{_instead(answer)}{holds}"
        yield "api-no-match", Problem(said, at.to("apiVersion"), near=answer.instead)
    elif answer.instead:
        said = f"{message}{_instead(answer)}"
        yield "api-no-match", Problem(said, at.to("apiVersion"), near=answer.instead)
    else:
        near = closest(kind, kinds_of(api_version, version))
        yield "api-no-match", Problem(message, at.to("kind"), near=near)


_FAILS = (Serving.REMOVED, Serving.NOT_YET, Serving.UNKNOWN)


def _instead(answer: Answer) -> str:
    return f"; {answer.instead} serves it" if answer.instead else ""
