"""What DaemonSets, and the components of a control plane, say about the network of their cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.network_facts import PODS, SERVICES, NetworkFacts, NetworkRange, split_cidrs, uses_of
from k8snetlint.model.tables.cni_plugins import NETWORKS, plugin_of_name
from k8snetlint.model.values import items, mapping, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.model.network_facts import PluginUse
    from k8snetlint.source.paths import FieldPath

_POD: FieldPath = ("spec", "template", "spec")
_CNI_FOLDER = "/etc/cni/net.d"
_SWITCHES = {
    # https://github.com/aws/aws-network-policy-agent#enable-network-policy
    "aws-vpc-cni": ("--enable-network-policy", False),
    # https://www.kube-router.io/docs/user-guide/
    "kube-router": ("--run-firewall", True),
}
"""The argument that makes a plugin enforce policies, and whether it does without the argument."""
_LEAVES_NETWORK = frozenset({"--run-router=false", "--enable-cni=false"})
"""Arguments with which kube-router does not connect pods."""
_POOLS = ("CALICO_IPV4POOL_CIDR", "CALICO_IPV6POOL_CIDR")
"""Environment variables of Calico: the pools that it creates."""
_CIDR_ARGUMENTS = {"--cluster-cidr": PODS, "--service-cluster-ip-range": SERVICES}
_NOT_READY = "node.kubernetes.io/not-ready"


def daemon_set_facts(value: dict[str, object]) -> NetworkFacts:
    """Read a DaemonSet: the node agent of a plugin, or kube-proxy."""
    spec = mapping(mapping(mapping(value.get("spec")).get("template")).get("spec"))
    fields = ("initContainers", "containers")
    containers = [(each, (*_POD, field, at)) for field in fields for at, each in enumerate(items(spec.get(field)))]
    uses = tuple(use for field in fields for use in uses_of(items(spec.get(field)), (*_POD, field)))
    uses = _switched(uses, spec)
    part_of = (uses[0].plugin if uses else plugin_of_name(_name_of(value))) if _is_old(value) else ""
    ranges = tuple(_ranges(containers))
    if not uses:
        return NetworkFacts(ranges=ranges if _name_of(value).startswith("kube-proxy") else (), part_of=part_of)
    installs = next(_cni_folders(spec), None)
    is_network = any(each.plugin in NETWORKS for each in uses)
    blockers = tuple(_blockers(spec)) if installs and is_network else ()
    only_policies = not _LEAVES_NETWORK.isdisjoint(word for each, _ in containers for word in _words(mapping(each)))
    return NetworkFacts(uses, installs, blockers, ranges=ranges, part_of=part_of, only_policies=only_policies)


def deployment_facts(value: dict[str, object]) -> NetworkFacts:
    """Read a Deployment: the operator of a plugin, or a part of one."""
    spec = mapping(mapping(mapping(value.get("spec")).get("template")).get("spec"))
    uses = uses_of(items(spec.get("containers")), (*_POD, "containers"))
    return NetworkFacts(uses, part_of=plugin_of_name(_name_of(value)) if _is_old(value) else "")


def pod_facts(value: dict[str, object]) -> NetworkFacts:
    """Read a static Pod of the control plane."""
    containers = enumerate(items(mapping(value.get("spec")).get("containers")))
    return NetworkFacts(ranges=tuple(_ranges((each, ("spec", "containers", at)) for at, each in containers)))


def old_facts(value: dict[str, object]) -> NetworkFacts:
    """Read an object of a beta version: what counts is its name."""
    return NetworkFacts(part_of=plugin_of_name(_name_of(value)))


def _name_of(value: dict[str, object]) -> str:
    return text(mapping(value.get("metadata")).get("name")) or ""


def _is_old(value: dict[str, object]) -> bool:
    return "beta" in (text(value.get("apiVersion")) or "")


def _switched(uses: tuple[PluginUse, ...], spec: dict[str, object]) -> tuple[PluginUse, ...]:
    """Return the plugins with what arguments of their containers say about policies."""
    written = {name: on for each in items(spec.get("containers")) for name, on in _switches(mapping(each))}
    return tuple(
        use._replace(enforces=written.get(switch[0], switch[1])) if (switch := _SWITCHES.get(use.plugin)) else use
        for use in uses
    )


def _switches(container: dict[str, object]) -> Iterator[tuple[str, bool]]:
    for each in _words(container):
        name, equals, setting = each.partition("=")
        yield name, setting == "true" if equals else True


def _words(container: dict[str, object]) -> Iterator[str]:
    for field in ("command", "args"):
        yield from (each for each in items(container.get(field)) if isinstance(each, str))


def _cni_folders(spec: dict[str, object]) -> Iterator[FieldPath]:
    """Yield the fields of the node's folders that hold its CNI configurations."""
    for index, each in enumerate(items(spec.get("volumes"))):
        path = (text(mapping(mapping(each).get("hostPath")).get("path")) or "").rstrip("/")
        # Weave mounts the whole folder, k3s has one of its own: /var/lib/rancher/k3s/agent/etc/cni/net.d.
        if path.endswith(_CNI_FOLDER) or path in ("/etc", "/etc/cni"):
            yield (*_POD, "volumes", index, "hostPath", "path")


def _blockers(spec: dict[str, object]) -> Iterator[tuple[FieldPath, str]]:
    if spec.get("hostNetwork") is not True:
        yield (*_POD, "hostNetwork"), "its pods have no hostNetwork"
    tolerations = [mapping(each) for each in items(spec.get("tolerations"))]
    if not any(map(_tolerates_not_ready, tolerations)):
        yield (*_POD, "tolerations"), f"its pods do not tolerate the taint {_NOT_READY}:NoSchedule"


def _tolerates_not_ready(toleration: dict[str, object]) -> bool:
    """Tell whether a pod may go to a node that is not ready, as each node without a network is."""
    if toleration.get("effect") not in (None, "", "NoSchedule"):
        return False
    key, operator = toleration.get("key"), toleration.get("operator")
    return (not key and operator == "Exists") or (
        key == _NOT_READY and (operator == "Exists" or not toleration.get("value"))
    )


def _ranges(containers: Iterable[tuple[object, FieldPath]]) -> Iterator[NetworkRange]:
    """Yield the CIDRs in environment variables of Calico, and in arguments of kube-proxy and the control plane."""
    for each, path in containers:
        container = mapping(each)
        for index, variable in enumerate(map(mapping, items(container.get("env")))):
            name, cidr = text(variable.get("name")), text(variable.get("value"))
            if name in _POOLS and cidr:
                yield NetworkRange(PODS, (cidr,), (*path, "env", index, "value"), name, "calico")
        for field in ("command", "args"):
            for index, word in enumerate(items(container.get(field))):
                name, _, cidrs = word.partition("=") if isinstance(word, str) else ("", "", "")
                if cidrs and name in _CIDR_ARGUMENTS:
                    yield NetworkRange(_CIDR_ARGUMENTS[name], split_cidrs(cidrs), (*path, field, index), name)
