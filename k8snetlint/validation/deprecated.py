"""Kinds that are on their way out: the server warns of them before it looks at the object.

Versions that are off unless the cluster enables them are left out: what is said of them is that.

Sources: `zz_generated.prerelease-lifecycle.go` of each group, and `core/v1/lifecycle.go`, in
https://github.com/kubernetes/api/tree/v0.37.2, and for kinds that are gone by then in v0.25.16 to v0.35.0; the words
are those of https://github.com/kubernetes/apiserver/blob/v0.37.2/pkg/endpoints/deprecation/deprecation.go
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.environment import format_version
from k8snetlint.validation.causes import ApiWarning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.environment import Version


class _Deprecated(NamedTuple):
    """Kinds of one apiVersion: warned of since a version, gone in another one, served elsewhere."""

    api_version: str
    kinds: tuple[str, ...]
    since: Version
    gone: Version | None = None
    instead: str = ""
    kind: str = ""


_FLOW, _FLOW_CONTROL = ("FlowSchema", "PriorityLevelConfiguration"), "flowcontrol.apiserver.k8s.io"
DEPRECATED = (
    _Deprecated("v1", ("Endpoints",), (1, 33), None, "discovery.k8s.io/v1", "EndpointSlice"),
    _Deprecated("autoscaling/v2beta2", ("HorizontalPodAutoscaler",), (1, 23), (1, 26), "autoscaling/v2"),
    _Deprecated(f"{_FLOW_CONTROL}/v1beta1", _FLOW, (1, 23), (1, 26), f"{_FLOW_CONTROL}/v1beta2"),
    _Deprecated(f"{_FLOW_CONTROL}/v1beta2", _FLOW, (1, 26), (1, 29), f"{_FLOW_CONTROL}/v1beta3"),
    _Deprecated(f"{_FLOW_CONTROL}/v1beta3", _FLOW, (1, 29), (1, 32), f"{_FLOW_CONTROL}/v1"),
    _Deprecated("storage.k8s.io/v1beta1", ("CSIStorageCapacity",), (1, 24), (1, 27), "storage.k8s.io/v1"),
)


@functools.cache
def _table() -> dict[tuple[str, str], _Deprecated]:
    return {(each.api_version, kind): each for each in DEPRECATED for kind in each.kinds}


def deprecation_warnings(api_version: str, kind: str, version: Version) -> Iterator[ApiWarning]:
    """Yield the server's warning of a kind that it serves, if it has one."""
    # `/v1` is `v1`, as Go parses it.
    found = _table().get((api_version.removeprefix("/"), kind))
    if found is None or version < found.since:
        return
    gone = f", unavailable in v{format_version(found.gone)}+" if found.gone else ""
    instead = f"; use {found.instead} {found.kind or kind}" if found.instead else ""
    yield ApiWarning(
        ("apiVersion",), f"{found.api_version} {kind} is deprecated in v{format_version(found.since)}+{gone}{instead}"
    )
