"""Ingresses, as the API server validates them, in its order.

Source: https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/networking/validation/validation.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.model.addresses import parse_ip
from k8snetlint.source.paths import MapKey
from k8snetlint.validation.causes import ApiWarning, quoted
from k8snetlint.validation.metadata import metadata
from k8snetlint.validation.names import (
    label,
    label_1035,
    path_segment,
    port_name,
    port_number,
    subdomain,
    wildcard,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import Causes
    from k8snetlint.validation.server import Server

_PATH_TYPES = ("Exact", "ImplementationSpecific", "Prefix")
_NOT_INSIDE = ("//", "/./", "/../", "%2f", "%2F")
_NOT_AT_THE_END = ("/..", "/.")
_CLASS = "kubernetes.io/ingress.class"
_CLASS_MAY_MATCH = (1, 27)
"""Before, the annotation and the field excluded each other, and the annotation was not warned of."""


def validate(value: dict[str, Any], server: Server, causes: Causes) -> None:
    """Add the causes for which the server rejects an Ingress."""
    metadata(value, causes, name=subdomain, server=server)
    spec = value.get("spec") or {}
    rules, default = spec.get("rules") or (), spec.get("defaultBackend")
    if not rules and default is None:
        causes.invalid(("spec",), None if spec.get("rules") is None else [], _NEITHER)
    if default is not None:
        backend(default, ("spec", "defaultBackend"), server, causes)
    for index, rule in enumerate(rules):
        _rule(rule or {}, ("spec", "rules", index), server, causes)
    for index, tls in enumerate(spec.get("tls") or ()):
        _tls(tls or {}, ("spec", "tls", index), causes)
    name = spec.get("ingressClassName")
    if name is not None:
        causes.each_invalid(("spec", "ingressClassName"), name, subdomain(name))
    _class_annotation(value, name, server, causes)


_NEITHER = "either `defaultBackend` or `rules` must be specified"


def _class_annotation(value: dict[str, Any], name: str | None, server: Server, causes: Causes) -> None:
    annotations = (value.get("metadata") or {}).get("annotations") or {}
    if _CLASS not in annotations or name is None:
        return
    path, text = ("metadata", "annotations", MapKey(_CLASS)), annotations[_CLASS] or ""
    field = f"annotations.{_CLASS}"
    if server.version < _CLASS_MAY_MATCH:
        causes.invalid(path, text, "can not be set when the class field is also set", field=field)
    elif text != name:
        causes.invalid(path, text, "must match `ingressClassName` when both are specified", field=field)


def _rule(value: dict[str, Any], path: FieldPath, server: Server, causes: Causes) -> None:
    host = value.get("host")
    if host:
        at = (*path, "host")
        if parse_ip(host) is not None:
            causes.invalid(at, host, "must be a DNS name, not an IP address")
        causes.each_invalid(at, host, wildcard(host) if "*" in host else subdomain(host))
    http = value.get("http")
    if http is None:
        return
    paths = http.get("paths") or ()
    if not paths:
        causes.required((*path, "http", "paths"))
    for index, each in enumerate(paths):
        _path(each or {}, (*path, "http", "paths", index), server, causes)


def _path(value: dict[str, Any], path: FieldPath, server: Server, causes: Causes) -> None:
    kind, text = value.get("pathType"), value.get("path") or ""
    if kind is None:
        causes.required((*path, "pathType"), "pathType must be specified")
        return
    if kind not in _PATH_TYPES:
        causes.not_supported((*path, "pathType"), kind, _PATH_TYPES)
    elif kind == "ImplementationSpecific":
        if text and not text.startswith("/"):
            causes.invalid((*path, "path"), text, "must be an absolute path")
    else:
        if not text.startswith("/"):
            causes.invalid((*path, "path"), text, "must be an absolute path")
        for each in _NOT_INSIDE:
            if each in text:
                causes.invalid((*path, "path"), text, f"must not contain '{each}'")
        for each in _NOT_AT_THE_END:
            if text.endswith(each):
                causes.invalid((*path, "path"), text, f"cannot end with '{each}'")
    backend(value.get("backend") or {}, (*path, "backend"), server, causes)


def backend(value: dict[str, Any], path: FieldPath, server: Server, causes: Causes) -> None:
    """Check where traffic is sent to."""
    resource, service = value.get("resource"), value.get("service")
    if resource is not None and service is not None:
        causes.invalid(path, "", "cannot set both resource and service backends")
    elif resource is not None:
        reference(resource, (*path, "resource"), causes)
    elif service is not None:
        _service(service, path, server, causes)
    else:
        causes.invalid(path, "", "resource or service backend is required")


def _service(value: dict[str, Any], path: FieldPath, server: Server, causes: Causes) -> None:
    name = value.get("name")
    if name:
        wrong = label(name) if server.relaxed_service_names else label_1035(name)
        causes.each_invalid((*path, "service", "name"), name, wrong)
    else:
        causes.required((*path, "service", "name"))
    port = value.get("port") or {}
    named, number = port.get("name"), port.get("number")
    if named and number:
        causes.invalid(path, "", "cannot set both port name & port number")
    elif named:
        causes.each_invalid((*path, "service", "port", "name"), named, port_name(named))
    elif number:
        causes.each_invalid((*path, "service", "port", "number"), number, port_number(number))
    else:
        causes.required(path, "port name or number is required")


def reference(value: dict[str, Any], path: FieldPath, causes: Causes) -> None:
    """Check a reference to an object of any kind."""
    group = value.get("apiGroup")
    if group is not None:
        causes.each_invalid((*path, "apiGroup"), group, subdomain(group))
    for field in ("kind", "name"):
        text = value.get(field)
        if text:
            causes.each_invalid((*path, field), text, path_segment(text))
        else:
            causes.required((*path, field))


def _tls(value: dict[str, Any], path: FieldPath, causes: Causes) -> None:
    for index, each in enumerate(value.get("hosts") or ()):
        host = each or ""
        causes.each_invalid((*path, "hosts", index), host, wildcard(host) if "*" in host else subdomain(host))
    secret = value.get("secretName")
    if secret:
        causes.each_invalid((*path, "secretName"), secret, subdomain(secret))


def warnings(value: dict[str, Any], server: Server) -> Iterator[ApiWarning]:
    """Yield what the server warns of in an Ingress that it takes."""
    annotations = (value.get("metadata") or {}).get("annotations") or {}
    named = (value.get("spec") or {}).get("ingressClassName") is not None
    if _CLASS in annotations and not named and server.version >= _CLASS_MAY_MATCH:
        text = f"annotation {quoted(_CLASS)} is deprecated, please use 'spec.ingressClassName' instead"
        yield ApiWarning(("metadata", "annotations", MapKey(_CLASS)), text)
