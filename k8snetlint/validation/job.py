"""Jobs and CronJobs, as the API server validates them, in its order.

The server gives a Job its selector, and its template the labels for that, before it validates.

Sources: https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/batch/validation/validation.go and
https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/registry/batch/job/strategy.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.source.paths import MapKey
from k8snetlint.validation.causes import Causes
from k8snetlint.validation.job_spec import job_spec, many_indexes
from k8snetlint.validation.metadata import metadata
from k8snetlint.validation.names import label, label_value, size, subdomain, too_many_characters
from k8snetlint.validation.pod_warnings import final_name, name_warnings
from k8snetlint.validation.selectors import labels
from k8snetlint.validation.workload import (
    NO_MATCH,
    SELECTOR,
    TEMPLATE,
    USE,
    add_selector,
    as_labels,
    as_selector,
    fits,
    pod_template,
    template_warnings,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import ApiWarning
    from k8snetlint.validation.server import Server

_JOB: FieldPath = ("spec", "jobTemplate", "spec")
_LABELS: FieldPath = (*TEMPLATE, "metadata", "labels")
_UID = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
"""The server gives each Job one."""
_PREFIX = "batch.kubernetes.io/"
_PREFIXED_SINCE = (1, 27)
_COPIED_SINCE = (1, 31)
"""The gate RetryGenerateName: an object with `generateName` is copied, and its maps are its own."""
_CONCURRENCY = ("Allow", "Forbid", "Replace")
_CRON_COUNTS = ("startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit")
_CRON_JOB_NAME = 52
"""The name of a Job has a label's 63 letters, 11 of which are for the time."""


def validate(value: dict[str, Any], server: Server, causes: Causes) -> None:
    """Add the causes for which the server rejects a Job."""
    metadata(value, causes, name=subdomain, server=server)
    spec = value.get("spec") or {}
    template = spec.get("template") or {}
    written = (template.get("metadata") or {}).get("labels")
    if _shares_labels(value, written):
        labels(written, _LABELS, causes, field="metadata.labels")
    if spec.get("manualSelector"):
        pod_template(template, TEMPLATE, server, causes, field="spec.template")
        selected = spec.get("selector")
        if selected is None:
            causes.required(SELECTOR)
        _selection(selected, written, causes)
    else:
        _generated_labels(value, server, causes)
    job_spec(spec, ("spec",), server, causes, is_job=True)
    if spec.get("completionMode") == "Indexed":
        _last_host(value, causes)


def _last_host(value: dict[str, Any], causes: Causes) -> None:
    """Check the name of the last pod of an Indexed Job."""
    spec = value.get("spec") or {}
    completions = spec.get("completions")
    if completions is None:
        completions = 1 if spec.get("parallelism") is None else 0
    if completions > 0:
        name, field = final_name(value)
        host = f"{name}-{int(completions) - 1}"
        if label(host):
            detail = f"will not able to create pod with invalid DNS label: {host}"
            causes.invalid(("metadata", field), name, detail, field="metadata.name")


def _shares_labels(value: dict[str, Any], written: dict[str, Any] | None) -> bool:
    """Tell whether a Job without labels gets those of its template: the same map, which further ones are added to."""
    return written is not None and not (value.get("metadata") or {}).get("labels")


def _generated_labels(value: dict[str, Any], server: Server, causes: Causes) -> None:
    """Check what the server has generated together with what is written."""
    spec = value.get("spec") or {}
    template, selected = spec.get("template") or {}, spec.get("selector")
    written = (template.get("metadata") or {}).get("labels") or {}
    name, field = final_name(value)
    is_prefixed = server.version >= _PREFIXED_SINCE
    owned = {"controller-uid": _UID, "job-name": name}
    if is_prefixed:
        owned |= {f"{_PREFIX}controller-uid": _UID, f"{_PREFIX}job-name": name}
    taken = [key for key in owned if key in written and (written[key] or "") != owned[key]]
    all_labels = {**owned, **written} if taken or selected else {}
    for key in taken:
        causes.invalid((*_LABELS, MapKey(key)), as_labels(all_labels), f"must be '{owned[key]}'")
    uid = f"{_PREFIX}controller-uid" if is_prefixed else "controller-uid"
    whole = {**(selected or {}), "matchLabels": {uid: _UID, **((selected or {}).get("matchLabels") or {})}}
    if selected and not add_selector(selected, Causes()) and not fits(whole, owned):
        causes.invalid(SELECTOR, as_selector(whole), "`selector` not auto-generated")
    wrong = label_value(name)
    if wrong and any(key not in written for key in owned if key.endswith("job-name")):
        is_copied = field == "generateName" and server.version >= _COPIED_SINCE
        if not is_copied and _shares_labels(value, (template.get("metadata") or {}).get("labels")):
            causes.each_invalid(("metadata", field), name, wrong, field="metadata.labels")
        causes.each_invalid(("metadata", field), name, wrong, field="spec.template.labels")
    pod_template(template, TEMPLATE, server, causes, field="spec.template")
    if selected or uid in taken:
        _selection(whole, all_labels, causes)


def _selection(selected: dict[str, Any] | None, written: Mapping[str, str | None] | None, causes: Causes) -> None:
    """Check a selector, and whether it matches the template."""
    is_broken = selected is not None and add_selector(selected, causes)
    if not is_broken and not fits(selected, written or {}):
        causes.invalid(_LABELS, as_labels(written), NO_MATCH)


def validate_cron_job(value: dict[str, Any], server: Server, causes: Causes) -> None:
    """Add the causes for which the server rejects a CronJob."""
    metadata(value, causes, name=subdomain, server=server)
    spec = value.get("spec") or {}
    _schedule(spec, server, causes)
    job = (spec.get("jobTemplate") or {}).get("spec") or {}
    template = job.get("template") or {}
    job_spec(job, _JOB, server, causes, is_job=False)
    pod_template(template, (*_JOB, "template"), server, causes, field="spec.jobTemplate.spec.template")
    if job.get("selector") is not None:
        causes.invalid((*_JOB, "selector"), as_selector(job["selector"]), "`selector` will be auto-generated")
    if job.get("manualSelector"):
        causes.not_supported((*_JOB, "manualSelector"), value=True, known=("nil", "false"))
    name, field = final_name(value)
    if size(name) > _CRON_JOB_NAME:
        causes.invalid(("metadata", field), name, too_many_characters(_CRON_JOB_NAME), field="metadata.name")


def _schedule(spec: dict[str, Any], server: Server, causes: Causes) -> None:
    """Check when a CronJob runs, and how many of its Jobs are kept."""
    from k8snetlint.validation.schedule import schedule_faults, zone_faults  # noqa: PLC0415 - a Job has none

    text, zone, policy = spec.get("schedule"), spec.get("timeZone"), spec.get("concurrencyPolicy")
    if not text:
        causes.required(("spec", "schedule"))
    else:
        wrong = schedule_faults(text, server.version, has_zone=zone is not None)
        causes.each_invalid(("spec", "schedule"), text, wrong)
    if zone is not None:
        for detail in zone_faults(zone):
            causes.invalid(("spec", "timeZone"), zone, detail, plain=False)
    if policy and policy not in _CONCURRENCY:
        causes.not_supported(("spec", "concurrencyPolicy"), policy, _CONCURRENCY)
    for field in _CRON_COUNTS:
        causes.nonnegative(("spec", field), spec.get(field))


def warnings(value: dict[str, Any], server: Server) -> Iterator[ApiWarning]:
    """Yield what the server warns of in a Job that it takes."""
    yield from name_warnings(value, server, USE)
    spec = value.get("spec") or {}
    yield from many_indexes(spec, ("spec",), is_job=True)
    yield from template_warnings(spec.get("template") or {}, TEMPLATE, server)


def cron_job_warnings(value: dict[str, Any], server: Server) -> Iterator[ApiWarning]:
    """Yield what the server warns of in a CronJob that it takes."""
    yield from name_warnings(value, server, USE)
    job = ((value.get("spec") or {}).get("jobTemplate") or {}).get("spec") or {}
    yield from many_indexes(job, _JOB, is_job=False)
    yield from template_warnings(job.get("template") or {}, (*_JOB, "template"), server)
