"""IngressClasses, as the API server validates them, in its order.

Source: https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/networking/validation/validation.go
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from k8snetlint.validation.ingress import reference
from k8snetlint.validation.metadata import metadata
from k8snetlint.validation.names import label, regex, size, subdomain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import ApiWarning, Causes
    from k8snetlint.validation.server import Server

_CONTROLLER_LIMIT = 250
_SCOPES = ("Cluster", "Namespace")
_PATH = r"[A-Za-z0-9/\-._~%!$&'()*+,;=:]+"


def validate(value: dict[str, Any], server: Server, causes: Causes) -> None:
    """Add the causes for which the server rejects an IngressClass."""
    metadata(value, causes, name=subdomain, namespaced=False, server=server)
    spec = value.get("spec") or {}
    controller = spec.get("controller") or ""
    if size(controller) > _CONTROLLER_LIMIT:
        causes.too_long(("spec", "controller"), _CONTROLLER_LIMIT)
    _controller(controller, ("spec", "controller"), causes)
    parameters = spec.get("parameters")
    if parameters is not None:
        _parameters(parameters, ("spec", "parameters"), causes)


def _controller(text: str, path: FieldPath, causes: Causes) -> None:
    host, slash, rest = text.partition("/")
    if not text:
        causes.required(path)
    elif not (host and slash and rest):
        causes.invalid(path, text, 'must be a domain-prefixed path (such as "acme.io/foo")')
    else:
        causes.each_invalid(path, host, subdomain(host))
        if not re.fullmatch(_PATH, rest):
            causes.invalid(path, rest, regex("Invalid path", _PATH))


def _parameters(value: dict[str, Any], path: FieldPath, causes: Causes) -> None:
    reference(value, path, causes)
    scope, namespace = value.get("scope"), value.get("namespace")
    if scope is None:
        scope = "Cluster"
    if scope not in _SCOPES:
        causes.not_supported((*path, "scope"), scope, _SCOPES, plain=True)
    elif scope == "Namespace":
        if namespace is None:
            causes.required((*path, "namespace"), "`parameters.scope` is set to 'Namespace'")
        else:
            causes.each_invalid((*path, "namespace"), namespace, label(namespace))
    elif namespace is not None:
        causes.forbidden((*path, "namespace"), "`parameters.scope` is set to 'Cluster'")


def warnings(value: dict[str, Any], server: Server) -> Iterator[ApiWarning]:
    """Yield what the server warns of in an IngressClass that it takes: nothing."""
    del value, server
    yield from ()
