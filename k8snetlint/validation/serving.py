"""Kinds and apiVersions that a requested Kubernetes version does not serve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.edit.change import set_to
from k8snetlint.finding import Fix, Problem
from k8snetlint.model.environment import format_version
from k8snetlint.source.templates import is_placeholder
from k8snetlint.validation.lists import items_problem
from k8snetlint.validation.misspelt import correction_of, typo_of
from k8snetlint.validation.names import label_1035, subdomain
from k8snetlint.validation.schemas import Serving, definition_of, serving_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.model.environment import Version
    from k8snetlint.source.document import Place
    from k8snetlint.validation.misspelt import Correction
    from k8snetlint.validation.schemas import Answer


def serving_problems(value: dict[str, Any], versions: tuple[Version, ...], at: Place) -> Iterator[tuple[str, Problem]]:
    """Yield that a requested version does not serve an object's kind, or only where the cluster enables it."""
    api_version, kind = value["apiVersion"], value["kind"]
    if is_placeholder(api_version) or is_placeholder(kind):
        return
    empty = next((field for field in ("kind", "apiVersion") if not value[field]), None)
    if empty:
        yield "api-required", Problem(f"{empty} must be specified", at.to(empty))
        return
    answers = [(version, serving_of(api_version, kind, version)) for version in versions]
    failing = [(version, answer) for version, answer in answers if answer.serving in _FAILS]
    if not failing:
        correction = typo_of(api_version, kind, versions[-1]) if answers[-1][1].serving is Serving.CUSTOM else None
        if correction:
            yield _no_match(value, correction, versions, at, is_custom=True)
        yield from _off_problems(value, answers, at)
        return
    version, answer = failing[-1]
    message = no_matches(api_version, kind)
    only_in = "" if len(failing) == len(versions) else " in " + ", ".join(format_version(each) for each, _ in failing)
    if answer.serving is Serving.REMOVED and answer.at:
        text = f"{message}: removed in Kubernetes {format_version(answer.at)}{_instead(answer.instead, kind, version)}"
        fix = _upgrade_fix(value, answer.instead, versions, at)
        yield "api-removed-version", Problem(text, at.to("apiVersion"), near=answer.instead, fix=fix)
    elif answer.serving is Serving.NOT_YET and answer.at:
        since = f"{message}: available since Kubernetes {format_version(answer.at)}"
        text = f"{since}{_instead(answer.instead, kind, version)}{only_in}"
        yield "api-no-match", Problem(text, at.to("apiVersion"), near=answer.instead)
    elif kind.endswith("List"):
        yield from _list_problems(value, message, at)
    else:
        yield _no_match(value, correction_of(api_version, kind, version), versions, at)


def _list_problems(value: dict[str, Any], message: str, at: Place) -> Iterator[tuple[str, Problem]]:
    """Yield why a List is not read as one: it has no items (kubectl looks for its kind), or they are not a list."""
    if value.get("items") is None:
        yield "api-no-match", Problem(f"{message}; the List has no items", at.to("kind"))
        return
    problem = items_problem(value, at)
    if problem:
        yield "api-type", problem


_FAILS = (Serving.REMOVED, Serving.NOT_YET, Serving.UNKNOWN)


def no_matches(api_version: str, kind: str) -> str:
    """Return what kubectl says of a kind that is not served."""
    return f'no matches for kind "{kind}" in version "{api_version}"'


def malformed(api_version: str) -> str:
    """Return why an apiVersion cannot be read at all (`ParseGroupVersion` in apimachinery), empty if it can."""
    return f"unexpected GroupVersion string: {api_version}" if api_version.count("/") > 1 else ""


def is_possible(api_version: str, kind: str) -> bool:
    """Tell whether any API server can have a kind of another group than those of Kubernetes.

    Source: the validation of names in
    https://github.com/kubernetes/apiextensions-apiserver/tree/v0.37.2/pkg/apis/apiextensions, and that of APIServices
    in https://github.com/kubernetes/kube-aggregator/tree/v0.37.2/pkg/apis/apiregistration: only v1 has no group.
    """
    group, _, version = api_version.rpartition("/")
    return bool(group) and not (subdomain(group) or label_1035(version) or label_1035(kind.lower()))


def type_problem(value: dict[str, Any], field: str, versions: tuple[Version, ...], at: Place) -> Problem:
    """Return the problem of an apiVersion or a kind that is not a string: `apiVersion: 1`."""
    from k8snetlint.validation.decoding import describe, not_a_string  # noqa: PLC0415 - few mistake its type

    written, kind = value[field], value["kind"]
    correction = None
    if field == "apiVersion" and isinstance(written, int | float) and not isinstance(written, bool):
        correction = correction_of(f"v{written:g}", kind, versions[-1])
    is_known = correction is not None and correction.kind == kind
    fix = _fix(value, correction, versions, at, is_custom=True) if correction and is_known else None
    near = correction.api_version if correction and is_known else None
    return Problem(not_a_string(field, written), at.to(field), label=describe(written), near=near, fix=fix)


def _off_problems(
    value: dict[str, Any], answers: Iterable[tuple[Version, Answer]], at: Place
) -> Iterator[tuple[str, Problem]]:
    """Yield that a server serves a kind only where it is enabled."""
    off = [(version, answer) for version, answer in answers if answer.serving is Serving.OFF]
    if not off:
        return
    api_version, kind, instead = value["apiVersion"], value["kind"], off[-1][1].instead
    available = f"; it is available in {instead} by default" if instead else ""
    text = f"{api_version} {kind} is served only where it is enabled (`--runtime-config`){available}"
    problem = Problem(text, at.to("apiVersion"), near=instead)
    yield "api-off-by-default", problem.in_versions(tuple(version for version, _ in off))


def _no_match(
    value: dict[str, Any],
    correction: Correction | None,
    versions: tuple[Version, ...],
    at: Place,
    *,
    is_custom: bool = False,
) -> tuple[str, Problem]:
    """Return the problem of an apiVersion and a kind that do not exist together."""
    api_version, kind = value["apiVersion"], value["kind"]
    wrong = malformed(api_version)
    finding_id, message = "api-invalid" if wrong else "api-no-match", wrong or no_matches(api_version, kind)
    if correction is None or (correction.api_version, correction.kind) == (api_version, kind):
        return finding_id, Problem(message, at.to("kind" if correction is None else "apiVersion"))
    fix = _fix(value, correction, versions, at, is_custom=is_custom)
    if correction.api_version == api_version:
        return finding_id, Problem(message, at.to("kind"), near=correction.kind, fix=fix)
    is_same_kind = correction.kind == kind
    if correction.is_served:
        it = "it" if is_same_kind else correction.kind
        message += _instead(correction.api_version, correction.kind, versions[-1], it=it)
    near = correction.api_version if is_same_kind else f"{correction.api_version} {correction.kind}"
    return finding_id, Problem(message, at.to("apiVersion" if is_same_kind or wrong else "kind"), near=near, fix=fix)


def _upgrade_fix(value: dict[str, Any], target: str | None, versions: tuple[Version, ...], at: Place) -> Fix | None:
    """Return the fix that writes an object for an apiVersion that all versions serve."""
    if target is None or not _is_served(target, value["kind"], versions):
        return None
    from k8snetlint.validation.upgrades import upgrade_fix  # noqa: PLC0415 - such objects are rare

    return upgrade_fix(value, target, versions[-1], at)


def _fix(
    value: dict[str, Any], correction: Correction, versions: tuple[Version, ...], at: Place, *, is_custom: bool
) -> Fix | None:
    """Return the fix that corrects an apiVersion and a kind, if the rest of the object fits them."""
    from k8snetlint.validation.upgrades import fits_after  # noqa: PLC0415 - such objects are rare

    wanted = {"apiVersion": correction.api_version, "kind": correction.kind}
    if at.root or (correction.is_served and not _is_served(correction.api_version, correction.kind, versions)):
        return None
    wrong = {field: text for field, text in wanted.items() if value[field] != text}
    changes = tuple(set_to(at.to(field), text) for field, text in wrong.items())
    title = "write " + " and ".join(f"{field}: {text}" for field, text in wrong.items())
    if correction.is_served and all(str(value[field]).lower() == text.lower() for field, text in wrong.items()):
        return Fix(title, changes, safe=True)
    if not fits_after(value, changes, versions[-1]):
        return None
    group, _, version = correction.api_version.rpartition("/")
    # Content that fits the kind's schema shows that the kind is the right one, and only the group is forgotten.
    has_content = not value.keys() <= {"apiVersion", "kind", "metadata"}
    is_proven = bool(definition_of(group, version, correction.kind)) and has_content and "kind" not in wrong
    return Fix(title, changes, safe=is_proven and not is_custom)


def _is_served(api_version: str, kind: str, versions: tuple[Version, ...]) -> bool:
    return all(serving_of(api_version, kind, version).serving is Serving.SERVED for version in versions)


def _instead(api_version: str | None, kind: str, version: Version, *, it: str = "it") -> str:
    """Return which apiVersion serves a kind, as the end of a message."""
    if not api_version:
        return ""
    is_off = serving_of(api_version, kind, version).serving is Serving.OFF
    return f"; {it} is available in {api_version}" + (", where that is enabled" if is_off else "")
