"""Which documents are patches: parts of objects, to be laid over others, and nothing to judge by themselves."""

from __future__ import annotations

from typing import Any

from k8snetlint.model.tables.kinds import POD_KINDS, SELECTING_KINDS


def looks_like_patch(value: dict[str, Any]) -> bool:
    """Tell whether an object lacks what no whole object of its kind lacks.

    A workload without any image, or without selector and template labels; a Service without ports and selector.
    """
    kind = value["kind"]
    spec = _mapping(value.get("spec"))
    if kind == "Service" and value["apiVersion"] == "v1":
        # A headless Service needs neither: somebody writes its EndpointSlices.
        complete = (
            spec.get("ports") or spec.get("selector") or spec.get("externalName") or spec.get("clusterIP") == "None"
        )
        return not complete
    if kind not in POD_KINDS:
        return False
    job = _mapping(_mapping(spec.get("jobTemplate")).get("spec")) if kind == "CronJob" else spec
    template = value if kind == "Pod" else _mapping(job.get("template"))
    if not _has_image(_mapping(template.get("spec"))):
        return True
    labels = _mapping(template.get("metadata")).get("labels")
    return kind in SELECTING_KINDS and not spec.get("selector") and not labels


def _has_image(pod_spec: dict[str, Any]) -> bool:
    for field in ("containers", "initContainers"):
        containers = pod_spec.get(field)
        if isinstance(containers, list) and any(isinstance(each, dict) and each.get("image") for each in containers):
            return True
    return False


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
