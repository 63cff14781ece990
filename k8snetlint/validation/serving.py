"""Kinds and apiVersions that a requested Kubernetes version does not serve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.edit.change import set_to
from k8snetlint.finding import Fix, Problem
from k8snetlint.model.environment import format_version
from k8snetlint.source.similar import closest
from k8snetlint.validation.schemas import Answer, Serving, definition_of, kinds_of, serving_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.environment import Version
    from k8snetlint.source.document import Place


def serving_problems(value: dict[str, Any], versions: tuple[Version, ...], at: Place) -> Iterator[tuple[str, Problem]]:
    """Yield `api-removed-version` or `api-no-match` if a requested version does not serve an object's kind."""
    api_version, kind = value["apiVersion"], value["kind"]
    answers = [(version, serving_of(api_version, kind, version)) for version in versions]
    failing = [(version, answer) for version, answer in answers if answer.serving in _FAILS]
    if not failing:
        return
    version, answer = failing[-1]
    message = f'no matches for kind "{kind}" in version "{api_version}"'
    only_in = "" if len(failing) == len(versions) else " in " + ", ".join(format_version(each) for each, _ in failing)
    if answer.serving is Serving.REMOVED and answer.at:
        text = f"{message}: removed in Kubernetes {format_version(answer.at)}{_instead(answer)}"
        fix = _upgrade_fix(value, answer.instead, versions, at)
        yield "api-removed-version", Problem(text, at.to("apiVersion"), near=answer.instead, fix=fix)
    elif answer.serving is Serving.NOT_YET and answer.at:
        text = f"{message}: available since Kubernetes {format_version(answer.at)}{_instead(answer)}{only_in}"
        yield "api-no-match", Problem(text, at.to("apiVersion"), near=answer.instead)
    elif answer.instead:
        text = f"{message}{_instead(answer)}"
        fix = _correction_fix(value, "apiVersion", answer.instead, versions, at)
        yield "api-no-match", Problem(text, at.to("apiVersion"), near=answer.instead, fix=fix)
    else:
        near = closest(kind, kinds_of(api_version, version))
        fix = _correction_fix(value, "kind", near, versions, at) if near else None
        yield "api-no-match", Problem(message, at.to("kind"), near=near, fix=fix)


_FAILS = (Serving.REMOVED, Serving.NOT_YET, Serving.UNKNOWN)


def _upgrade_fix(value: dict[str, Any], target: str | None, versions: tuple[Version, ...], at: Place) -> Fix | None:
    """Return the fix that writes an object for an apiVersion that all versions serve."""
    if target is None or not _is_served(target, value["kind"], versions):
        return None
    from k8snetlint.validation.upgrades import upgrade_fix  # noqa: PLC0415 - such objects are rare

    return upgrade_fix(value, target, versions[-1], at)


def _correction_fix(
    value: dict[str, Any], field: str, replacement: str, versions: tuple[Version, ...], at: Place
) -> Fix | None:
    """Return the fix that corrects an apiVersion or a kind, if the rest of the object fits it."""
    from k8snetlint.validation.upgrades import fits_after  # noqa: PLC0415 - such objects are rare

    corrected = {**value, field: replacement}
    api_version, kind = corrected["apiVersion"], corrected["kind"]
    group, _, version = api_version.rpartition("/")
    if at.root or not definition_of(group, version, kind) or not _is_served(api_version, kind, versions):
        return None
    changes = (set_to(at.to(field), replacement),)
    has_content = not value.keys() <= {"apiVersion", "kind", "metadata"}
    return (
        Fix(f"write {field}: {replacement}", changes, safe=has_content)
        if fits_after(value, changes, versions[-1])
        else None
    )


def _is_served(api_version: str, kind: str, versions: tuple[Version, ...]) -> bool:
    return all(serving_of(api_version, kind, version).serving is Serving.SERVED for version in versions)


def _instead(answer: Answer) -> str:
    return f"; it is available in {answer.instead}" if answer.instead else ""
