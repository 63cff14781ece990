"""Kinds with a pod template, as the API server validates them, in its order.

Sources: https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/apps/validation/validation.go and, for
templates, https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/validation/validation.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.model.selectors import Requirement
from k8snetlint.validation.causes import ApiWarning, Causes
from k8snetlint.validation.metadata import metadata, object_annotations
from k8snetlint.validation.names import label, subdomain
from k8snetlint.validation.pod import pod_spec
from k8snetlint.validation.pod_warnings import name_warnings, pod_warnings
from k8snetlint.validation.selectors import labels, selector
from k8snetlint.validation.strategy import updates

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.server import Server

TEMPLATE: FieldPath = ("spec", "template")
SELECTOR: FieldPath = ("spec", "selector")
CLAIMS: FieldPath = ("spec", "volumeClaimTemplates")
NO_MATCH = "`selector` does not match template `labels`"
USE = "Pod names and hostnames"
"""What becomes of the name of a workload."""
_NOUNS = {"StatefulSet": "statefulset", "DaemonSet": "daemonset"}
_WARNED_NAMES = ("Deployment", "ReplicaSet")
_STATEFUL_SET_NAMES = (1, 27)
"""Before, the name of a StatefulSet could be a subdomain, though none of its pods can."""
_SERVICE_NAMES = (1, 33)
_STATEFUL_SET_TEMPLATES = (1, 34)
"""Before, the server looked at nothing but labels and annotations in the template of a StatefulSet."""

_UPDATES = frozenset(
    {
        *("strategy", "updateStrategy", "minReadySeconds", "progressDeadlineSeconds", "revisionHistoryLimit"),
        *("podManagementPolicy", "persistentVolumeClaimRetentionPolicy", "ordinals"),
    }
)
"""The fields of a workload that say how its pods are replaced."""
_CLAIM_TEMPLATES = (1, 37)
"""Before, the server did not look at the claims of a StatefulSet."""


def validate(value: dict[str, Any], server: Server, causes: Causes) -> None:
    """Add the causes for which the server rejects a Deployment, ReplicaSet, StatefulSet or DaemonSet."""
    kind, spec = value["kind"], value.get("spec") or {}
    is_set = kind == "StatefulSet"
    name = label if is_set and server.version >= _STATEFUL_SET_NAMES else subdomain
    metadata(value, causes, name=name, server=server)
    if is_set and server.version >= _SERVICE_NAMES and spec.get("serviceName"):
        causes.each_invalid(("spec", "serviceName"), spec["serviceName"], label(spec["serviceName"]))
    if not _UPDATES.isdisjoint(spec) or (spec.get("replicas") or 0) < 0:
        updates(kind, spec, server, causes)
    if is_set:
        if spec.get("volumeClaimTemplates") and server.version >= _CLAIM_TEMPLATES:
            _claim_specs(spec["volumeClaimTemplates"], causes)
        _always_running(kind, spec, causes)
    selected, template = spec.get("selector"), spec.get("template") or {}
    sound = selected is None or not add_selector(selected, causes)
    if selected is None:
        if kind != "DaemonSet":
            causes.required(SELECTOR)
    elif not (selected.get("matchLabels") or selected.get("matchExpressions")):
        noun = _NOUNS.get(kind, "deployment")
        causes.invalid(SELECTOR, as_selector(selected), f"empty selector is invalid for {noun}")
    elif not sound and kind != "DaemonSet":
        causes.invalid(SELECTOR, as_selector(selected), "" if is_set else "invalid label selector")
        return
    written = (template.get("metadata") or {}).get("labels")
    if sound and not fits(selected, written or {}):
        causes.invalid((*TEMPLATE, "metadata", "labels"), as_labels(written), NO_MATCH)
    _template(value, server, causes)


def validate_template(value: dict[str, Any], server: Server, causes: Causes) -> None:
    """Add what is wrong with a template that the server does not come to, because of the selector above it."""
    selected = (value.get("spec") or {}).get("selector")
    # Without causes, the selector has no fault.
    if causes and selected and value["kind"] != "DaemonSet" and add_selector(selected, Causes()):
        _template(value, server, causes)


def warnings(value: dict[str, Any], server: Server) -> Iterator[ApiWarning]:
    """Yield what the server warns of in a workload that it takes."""
    if value["kind"] in _WARNED_NAMES:
        yield from name_warnings(value, server, USE)
    spec = value.get("spec") or {}
    yield from template_warnings(spec.get("template") or {}, TEMPLATE, server)
    if value["kind"] == "StatefulSet":
        yield from _set_warnings(spec)


def template_warnings(value: dict[str, Any], path: FieldPath, server: Server) -> Iterator[ApiWarning]:
    """Yield what the server warns of in a pod template."""
    annotations = (value.get("metadata") or {}).get("annotations")
    yield from pod_warnings(value.get("spec") or {}, (*path, "spec"), server, annotations=annotations)


def _set_warnings(spec: dict[str, Any]) -> Iterator[ApiWarning]:
    limit = spec.get("revisionHistoryLimit")
    if limit is not None and limit < 0:
        words = "a negative value retains all historical revisions; a value >= 0 is recommended"
        yield ApiWarning(("spec", "revisionHistoryLimit"), f"spec.revisionHistoryLimit: {words}")
    for index, each in enumerate(spec.get("volumeClaimTemplates") or ()):
        from k8snetlint.validation.volume_warnings import claim_warnings  # noqa: PLC0415 - few workloads have claims

        # The server leaves `spec` out.
        named = f"spec.volumeClaimTemplates[{index}]"
        yield from claim_warnings(each or {}, (*CLAIMS, index, "spec"), named)


def _template(value: dict[str, Any], server: Server, causes: Causes) -> None:
    kind, spec = value["kind"], value.get("spec") or {}
    template = spec.get("template") or {}
    if kind == "StatefulSet":
        whole = server.version >= _STATEFUL_SET_TEMPLATES
        claims = _claims(spec, causes) if whole else {}
        pod_template(template, TEMPLATE, server, causes, field="spec.template", claims=claims, whole=whole)
    else:
        _always_running(kind, spec, causes)
        pod_template(template, TEMPLATE, server, causes, field="spec.template")


def _always_running(kind: str, spec: dict[str, Any], causes: Causes) -> None:
    """Check that the pods of a workload never end by themselves."""
    pod = (spec.get("template") or {}).get("spec") or {}
    policy, deadline = pod.get("restartPolicy"), pod.get("activeDeadlineSeconds")
    if policy and policy != "Always":
        causes.not_supported((*TEMPLATE, "spec", "restartPolicy"), policy, ("Always",))
    if deadline is not None:
        # The server takes a Deployment for a ReplicaSet here.
        noun = "ReplicaSet" if kind == "Deployment" else kind
        detail = f"activeDeadlineSeconds in {noun} is not Supported"
        causes.forbidden((*TEMPLATE, "spec", "activeDeadlineSeconds"), detail)


def _claim_specs(value: Sequence[Any], causes: Causes) -> None:
    from k8snetlint.validation.claims import claim_spec  # noqa: PLC0415 - few workloads have claims

    for index, each in enumerate(value):
        claim_spec((each or {}).get("spec") or {}, (*CLAIMS, index, "spec"), causes)


def _claims(spec: dict[str, Any], causes: Causes) -> dict[str, dict[str, Any]]:
    """Return the volumes that a StatefulSet makes for its claims, by their names, and check these."""
    made: dict[str, dict[str, Any]] = {}
    for index, each in enumerate(spec.get("volumeClaimTemplates") or ()):
        name = ((each or {}).get("metadata") or {}).get("name") or ""
        field = f"spec.template.spec.volumes[{len(made)}]"
        at = (*CLAIMS, index, "metadata", "name")
        if name in made:
            continue
        if name:
            causes.each_invalid(at, name, label(name), field=f"{field}.name")
        else:
            causes.required(at, field=f"{field}.name")
            causes.required(at, field=f"{field}.persistentVolumeClaim.claimName")
        made[name] = {"name": name, "persistentVolumeClaim": {"claimName": name}}
    return made


def pod_template(
    value: dict[str, Any],
    path: FieldPath,
    server: Server,
    causes: Causes,
    *,
    field: str,
    claims: Mapping[str, dict[str, Any]] | None = None,
    whole: bool = True,
) -> None:
    """Check a pod template.

    Args:
        value: the template.
        path: its path.
        server: the API server.
        causes: what is wrong is added here.
        field: how the server names its place; it leaves `metadata` out below it.
        claims: the volumes that a StatefulSet makes for its claims.
        whole: its `spec` is validated.
    """
    meta = value.get("metadata")
    if meta:
        labels(meta.get("labels"), (*path, "metadata", "labels"), causes, field=f"{field}.labels")
        path_of_annotations = (*path, "metadata", "annotations")
        object_annotations(meta.get("annotations"), path_of_annotations, causes, field=f"{field}.annotations")
    if whole:
        pod_labels = meta.get("labels") if meta else None
        pod_spec(value.get("spec") or {}, (*path, "spec"), server, causes, pod_labels=pod_labels, claims=claims)


def add_selector(selected: dict[str, Any], causes: Causes) -> bool:
    """Add what is wrong with a selector, and tell whether anything is; then it cannot be matched."""
    before = len(causes)
    selector(selected, SELECTOR, causes)
    return len(causes) > before


def fits(selected: Mapping[str, Any] | None, written: Mapping[str, str | None]) -> bool:
    """Tell whether a selector matches labels; a missing one matches nothing."""
    if selected is None:
        return False
    for key, text in (selected.get("matchLabels") or {}).items():
        if key not in written or (written[key] or "") != (text or ""):
            return False
    expressions = selected.get("matchExpressions")
    if not expressions:
        return True
    known = {key: text or "" for key, text in written.items()}
    return all(_requirement(each or {}).matches(known) for each in expressions)


def _requirement(value: dict[str, Any]) -> Requirement:
    values = tuple(each or "" for each in value.get("values") or ())
    return Requirement(value.get("key") or "", value.get("operator") or "", values)


def as_labels(value: Mapping[str, str | None] | None) -> dict[str, str] | None:
    """Return labels as the server prints them."""
    return None if value is None else {key: value[key] or "" for key in sorted(value)}


def as_selector(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return a selector as the server prints it."""
    printed: dict[str, Any] = {}
    if value.get("matchLabels"):
        printed["matchLabels"] = as_labels(value["matchLabels"])
    if value.get("matchExpressions"):
        printed["matchExpressions"] = [_as_expression(each or {}) for each in value["matchExpressions"]]
    return printed


def _as_expression(value: dict[str, Any]) -> dict[str, Any]:
    printed: dict[str, Any] = {"key": value.get("key") or "", "operator": value.get("operator") or ""}
    if value.get("values"):
        printed["values"] = [each or "" for each in value["values"]]
    return printed
