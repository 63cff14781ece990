"""Ports on which pods often listen that no manifest declares: of sidecars that are injected, metrics, profiles, DNS."""

from __future__ import annotations

_PORTS = frozenset(
    {
        53,  # https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
        2112,  # metrics: https://prometheus.io/docs/guides/go-application/
        6060,  # profiles: https://pkg.go.dev/net/http/pprof
        9090,  # https://prometheus.io/docs/prometheus/latest/getting_started/
        9091,  # https://github.com/prometheus/pushgateway
        10250,  # https://kubernetes.io/docs/reference/networking/ports-and-protocols/
    }
)
_RANGES = (
    (4140, 4191),  # https://linkerd.io/2/reference/proxy-configuration/
    (9100, 9999),  # https://github.com/prometheus/prometheus/wiki/Default-port-allocations
    (15000, 15099),  # https://istio.io/latest/docs/ops/deployment/application-requirements/
)
"""First and last ports."""


def is_side_port(number: int) -> bool:
    """Tell whether pods often listen on a port without declaring it."""
    return number in _PORTS or any(first <= number <= last for first, last in _RANGES)
