"""The usual objects of examples and tests, as YAML: a workload with one container, a Service, a Namespace.

Arguments are YAML as it stands between the braces of a mapping or the brackets of a list: labels `app: web, tier: a`,
ports `{port: 80}, {port: 81}`. What is empty is left out. Without labels, pods and selectors have `app: NAME`.
"""

from __future__ import annotations

from typing import Final

WORKLOADS: Final = {"Deployment": "apps/v1", "StatefulSet": "apps/v1", "DaemonSet": "apps/v1", "Pod": "v1"}
"""The kinds of `workload`, and their apiVersions."""


def workload(
    kind: str,
    name: str = "web",
    labels: str = "",
    *,
    namespace: str = "",
    own: str = "",
    ports: str = "",
    container: str = "",
    pod: str = "",
    annotations: str = "",
) -> str:
    """Return a workload whose pods have `labels`; it selects them by all of these.

    `own` are the labels of the object that makes the pods: a Pod has `labels` only. `container` and `pod` are more
    fields of the container and of the pods' spec.
    """
    labels = labels or f"app: {name}"
    fields = mapping(f"name: {name}, image: 'example.com/{name}:1'", ports and f"ports: [{ports}]", container)
    spec = mapping(f"containers: [{fields}]", pod)
    metadata = metadata_of(name, namespace=namespace, labels=labels if kind == "Pod" else own, annotations=annotations)
    begins = f"apiVersion: {WORKLOADS[kind]}\nkind: {kind}\nmetadata: {metadata}\n"
    if kind == "Pod":
        return f"{begins}spec: {spec}\n"
    service_name = f"  serviceName: {name}\n" if kind == "StatefulSet" else ""
    template = f"  template:\n    metadata: {{labels: {{{labels}}}}}\n    spec: {spec}\n"
    return f"{begins}spec:\n{service_name}  selector: {{matchLabels: {{{labels}}}}}\n{template}"


def service(
    name: str = "web",
    selector: str = "",
    *,
    namespace: str = "",
    own: str = "",
    ports: str = "{port: 80}",
    spec: str = "",
) -> str:
    """Return a Service; `own` are its labels, `spec` is more fields of its spec."""
    fields = mapping(spec, f"selector: {{{selector or f'app: {name}'}}}", ports and f"ports: [{ports}]")
    metadata = metadata_of(name, namespace=namespace, labels=own)
    return f"apiVersion: v1\nkind: Service\nmetadata: {metadata}\nspec: {fields}\n"


def namespace(name: str, labels: str = "") -> str:
    """Return a Namespace."""
    return f"apiVersion: v1\nkind: Namespace\nmetadata: {metadata_of(name, labels=labels)}\n"


def metadata_of(name: str, *, namespace: str = "", labels: str = "", annotations: str = "") -> str:
    """Return the value of `metadata`."""
    return mapping(
        f"name: {name}",
        namespace and f"namespace: {namespace}",
        labels and f"labels: {{{labels}}}",
        annotations and f"annotations: {{{annotations}}}",
    )


def mapping(*fields: str) -> str:
    """Return a flow mapping of fields, `{name: web, namespace: prod}`; empty ones are left out."""
    return f"{{{', '.join(field for field in fields if field)}}}"
