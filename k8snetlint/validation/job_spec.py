"""The fields of Jobs, those in CronJobs too, as the API server validates them.

Source: `validateJobSpec` of
https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/batch/validation/validation.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.validation.causes import OMITTED, ApiWarning, server_field
from k8snetlint.validation.names import label_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import Causes
    from k8snetlint.validation.server import Server

_COUNTS = ("parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished")
_INDEXED, _NOT_INDEXED = "Indexed", "NonIndexed"
_BY_INDEX = (1, 29)
"""The gates JobBackoffLimitPerIndex and JobPodReplacementPolicy; before, the server dropped their fields."""
_FAILURES = (1, 26)
"""The gate JobPodFailurePolicy, the same."""
_SUCCESS = (1, 31)
"""The gate JobSuccessPolicy, the same."""
_MOST_PODS, _MOST_PODS_OF_MANY = 100_000, 10_000
_MANY = (
    "In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes "
    "might not be able to track completedIndexes when a big number of indexes fail"
)
_REPLACEMENTS = ("Failed", "TerminatingOrFailed")
_ACTIONS = ("Count", "FailIndex", "FailJob", "Ignore")
_OPERATORS, _STATUSES = ("In", "NotIn"), ("False", "True", "Unknown")
_MOST_RULES, _MOST_VALUES = 20, 255


def job_spec(value: dict[str, Any], path: FieldPath, server: Server, causes: Causes, *, is_job: bool) -> None:
    """Check the `spec` of a Job but its selector and its template's fields of pods.

    Args:
        value: the spec.
        path: its path.
        server: the API server.
        causes: what is wrong is added here.
        is_job: it is a Job's, which gets more defaults than that of a CronJob.
    """
    for field in _COUNTS:
        number = value.get(field)
        if number and number < 0:
            causes.nonnegative((*path, field), number)
    by_index = server.version >= _BY_INDEX
    if value.get("completionMode") is not None or (by_index and "backoffLimitPerIndex" in value):
        _completion_mode(value, path, causes, is_job=is_job, by_index=by_index)
    if by_index:
        _failed_indexes(value, path, causes)
    failures = value.get("podFailurePolicy") if server.version >= _FAILURES else None
    if failures is not None:
        _failure_policy(failures, (*path, "podFailurePolicy"), value, causes)
    replacement = value.get("podReplacementPolicy")
    known = _REPLACEMENTS if failures is None else _REPLACEMENTS[:1]
    if replacement is not None and replacement not in known and by_index:
        causes.not_supported((*path, "podReplacementPolicy"), replacement, known)
    _restart_policy(value, path, causes, policy_of_failures=failures is not None)


def many_indexes(value: dict[str, Any], path: FieldPath, *, is_job: bool) -> Iterator[ApiWarning]:
    """Yield that a Job has more indexes than the server can remember."""
    completions, parallelism = value.get("completions") or 0, value.get("parallelism")
    pods = (1 if is_job else 0) if parallelism is None else parallelism
    if value.get("completionMode") == _INDEXED and completions > _MOST_PODS and pods > _MOST_PODS_OF_MANY:
        yield ApiWarning((*path, "completions"), f"{server_field(path)}: {_MANY}")


def _failed_indexes(value: dict[str, Any], path: FieldPath, causes: Causes) -> None:
    limit, failed = value.get("backoffLimitPerIndex"), value.get("maxFailedIndexes")
    causes.nonnegative((*path, "backoffLimitPerIndex"), limit)
    causes.nonnegative((*path, "maxFailedIndexes"), failed)
    if failed is not None and limit is None:
        causes.required((*path, "backoffLimitPerIndex"), "when maxFailedIndexes is specified")
    if value.get("completionMode") in (None, _NOT_INDEXED):
        for field in ("backoffLimitPerIndex", "maxFailedIndexes"):
            if value.get(field) is not None:
                causes.invalid((*path, field), value[field], "requires indexed completion mode")


def _completion_mode(value: dict[str, Any], path: FieldPath, causes: Causes, *, is_job: bool, by_index: bool) -> None:
    mode, completions, parallelism = (value.get(each) for each in ("completionMode", "completions", "parallelism"))
    if mode is not None and mode not in (_INDEXED, _NOT_INDEXED):
        causes.not_supported((*path, "completionMode"), mode, (_NOT_INDEXED, _INDEXED))
    if mode != _INDEXED:
        return
    if completions is None and (parallelism is not None or not is_job):
        causes.required((*path, "completions"), f"when completion mode is {_INDEXED}")
    if parallelism is not None and parallelism > _MOST_PODS:
        detail = f"must be less than or equal to {_MOST_PODS} when completion mode is {_INDEXED}"
        causes.invalid((*path, "parallelism"), parallelism, detail)
    if by_index:
        _many_indexes(value, 1 if completions is None and is_job else completions, path, causes)


def _many_indexes(value: dict[str, Any], completions: float | None, path: FieldPath, causes: Causes) -> None:
    failed, parallelism = value.get("maxFailedIndexes"), value.get("parallelism")
    at = (*path, "maxFailedIndexes")
    if failed is not None and completions is not None and failed > completions:
        causes.invalid(at, failed, "must be less than or equal to completions")
    if failed is not None and failed > _MOST_PODS:
        causes.invalid(at, failed, f"must be less than or equal to {_MOST_PODS}")
    if completions is None or completions <= _MOST_PODS or value.get("backoffLimitPerIndex") is None:
        return
    rest = f"when completions are above {_MOST_PODS} and used with backoff limit per index"
    if failed is None:
        causes.required(at, f"must be specified when completions is above {_MOST_PODS}")
    for field, number in (("parallelism", parallelism), ("maxFailedIndexes", failed)):
        if number is not None and number > _MOST_PODS_OF_MANY:
            causes.invalid((*path, field), number, f"must be less than or equal to {_MOST_PODS_OF_MANY} {rest}")


def _restart_policy(value: dict[str, Any], path: FieldPath, causes: Causes, *, policy_of_failures: bool) -> None:
    """Check that the pods of a Job can end."""
    pod = (value.get("template") or {}).get("spec") or {}
    policy, at = pod.get("restartPolicy") or "Always", (*path, "template", "spec", "restartPolicy")
    if policy == "Always":
        causes.required(at, 'valid values: "OnFailure", "Never"')
    elif policy not in ("OnFailure", "Never"):
        causes.not_supported(at, policy, ("OnFailure", "Never"))
    elif policy_of_failures and policy != "Never":
        detail = 'only "Never" is supported when podFailurePolicy is specified'
        causes.invalid(at, policy, detail, plain=False)


def _failure_policy(value: dict[str, Any], path: FieldPath, job: dict[str, Any], causes: Causes) -> None:
    rules, at = value.get("rules") or (), (*path, "rules")
    if len(rules) > _MOST_RULES:
        causes.too_many(at, len(rules), _MOST_RULES)
    pod = (job.get("template") or {}).get("spec") or {}
    lists = (pod.get(field) or () for field in ("containers", "initContainers"))
    names = {(each or {}).get("name") or "" for containers in lists for each in containers}
    for index, each in enumerate(rules):
        rule, here = each or {}, (*at, index)
        action, codes, conditions = rule.get("action") or "", rule.get("onExitCodes"), rule.get("onPodConditions")
        _chosen(action, (*here, "action"), _ACTIONS, causes)
        if action == "FailIndex" and job.get("backoffLimitPerIndex") is None:
            detail = "requires the backoffLimitPerIndex to be set"
            causes.invalid((*here, "action"), action, detail, plain=False)
        if codes is not None:
            _exit_codes(codes, (*here, "onExitCodes"), names, causes)
        _conditions(conditions or (), (*here, "onPodConditions"), causes)
        if codes is not None and conditions:
            causes.invalid(here, OMITTED, "specifying both OnExitCodes and OnPodConditions is not supported")
        if codes is None and not conditions:
            causes.invalid(here, OMITTED, "specifying one of OnExitCodes and OnPodConditions is required")


def _chosen(value: str, path: FieldPath, known: tuple[str, ...], causes: Causes) -> None:
    if not value:
        shown = " ".join(f'"{each}"' for each in known)
        causes.required(path, f"valid values: [{shown}]")
    elif value not in known:
        causes.not_supported(path, value, known)


def _conditions(value: Sequence[Any], path: FieldPath, causes: Causes) -> None:
    if len(value) > _MOST_RULES:
        causes.too_many(path, len(value), _MOST_RULES)
    for index, each in enumerate(value):
        kind, status = (each or {}).get("type") or "", (each or {}).get("status") or "True"
        causes.each_invalid((*path, index, "type"), kind, label_key(kind))
        if status not in _STATUSES:
            causes.not_supported((*path, index, "status"), status, _STATUSES)


def _exit_codes(value: dict[str, Any], path: FieldPath, names: set[str], causes: Causes) -> None:
    operator, name = value.get("operator") or "", value.get("containerName")
    codes, at = [each or 0 for each in value.get("values") or ()], (*path, "values")
    _chosen(operator, (*path, "operator"), _OPERATORS, causes)
    if name is not None and name not in names:
        detail = "must be one of the container or initContainer names in the pod template"
        causes.invalid((*path, "containerName"), name, detail)
    if not codes:
        causes.invalid(at, value.get("values"), "at least one value is required")
    elif len(codes) > _MOST_VALUES:
        causes.too_many(at, len(codes), _MOST_VALUES)
    for index, code in enumerate(codes):
        if operator == "In" and not code:
            causes.invalid((*at, index), code, "must not be 0 for the In operator")
        if code in codes[:index]:
            causes.duplicate((*at, index), code)
    if codes != sorted(codes):
        causes.invalid(at, codes, "must be ordered")
