"""The plugins of CoreDNS."""

from __future__ import annotations

# https://github.com/coredns/coredns/blob/master/plugin.cfg
PLUGINS = frozenset(
    """
    acl any auto autopath azure bind bufsize cache cancel chaos clouddns debug dns64 dnssec dnstap erratic errors
    etcd file forward geoip grpc grpc_server header health hosts https https3 import k8s_external kubernetes
    loadbalance local log loop metadata minimal multisocket nomad nsid on pprof prometheus quic ready reload
    rewrite root route53 secondary sign template timeouts tls trace transfer tsig view whoami
    """.split()  # noqa: SIM905 - a list of so many words is read more easily so
)
"""Those that it is built with; more can be compiled in."""

REMOVED = {"proxy": "forward", "federation": "", "reverse": ""}
"""Plugins of old versions, and what replaces them: https://coredns.io/2019/04/06/coredns-1.5.0-release/."""
