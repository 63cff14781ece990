"""What policies close to Prometheus: the ports of pods whose metrics monitors or annotations have scraped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.connectivity.closed import closing_policy, is_every_pod, is_for_others, workloads_of
from k8snetlint.connectivity.services import targets
from k8snetlint.evidence.policies import isolating_policies
from k8snetlint.model.aspects import NAME, SELECTORS
from k8snetlint.model.labels import LabelIndex
from k8snetlint.model.networkpolicy import Direction
from k8snetlint.model.ports import Protocol
from k8snetlint.model.resource import Resource
from k8snetlint.model.service import Service
from k8snetlint.model.workload import Workload, scraped_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.connectivity.services import Target
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.members import Members
    from k8snetlint.model.monitor import Monitor, ScrapedPort
    from k8snetlint.model.networkpolicy import NetworkPolicy, Peer, PolicyRule
    from k8snetlint.model.selectors import Requirement

_SCRAPERS = (
    *("alloy", "collector", "datadog", "grafana-agent", "opentelemetry", "otel", "prometheus", "telegraf"),
    *("vector", "vmagent", "vmsingle"),
)
"""Parts of the names, labels and images of pods that scrape metrics."""
_MONITORING = (*_SCRAPERS, "agent", "grafana", "metric", "monitor", "observability", "scrap", "telemetry", "victoria")
"""Parts of what selectors ask for that are to match such pods, and of the names of their namespaces."""
_INGRESS_CONTROLLERS = ("caddy", "contour", "haproxy", "kong", "nginx", "traefik")
"""Parts of the names of ingress controllers and of their namespaces, in which nothing else is."""
_INGRESS_OF_OPENSHIFT = "policy-group.network.openshift.io/ingress"
_SCRAPER_KINDS = frozenset(
    {
        ("monitoring.coreos.com", "Prometheus"),  # https://prometheus-operator.dev/docs/api-reference/api/
        ("monitoring.coreos.com", "PrometheusAgent"),
        ("opentelemetry.io", "OpenTelemetryCollector"),  # https://opentelemetry.io/docs/platforms/kubernetes/operator/
        ("operator.victoriametrics.com", "VMAgent"),  # https://docs.victoriametrics.com/operator/resources/
        ("operator.victoriametrics.com", "VMSingle"),
    }
)


class Scrape(NamedTuple):
    """A port whose metrics are scraped.

    Attributes:
        by: the object that says so: a monitor, or a Service or workload with annotations.
        workload, protocol, number: the port of the pods.
    """

    by: Resource
    workload: Workload
    protocol: Protocol
    number: int


def closed_scrapes(cluster: Cluster) -> dict[NetworkPolicy, list[Scrape]]:
    """Return the ports that policies close to whatever scrapes them, by the policy that is to let it in."""
    answers = cluster.index.answers
    known: dict[NetworkPolicy, list[Scrape]] | None = answers.get(closed_scrapes)
    if known is None:
        known = answers[closed_scrapes] = {}
        scrapes = list(_scrapes(cluster)) if isolating_policies(cluster, Direction.INGRESS) else []
        asked = workloads_of(cluster, scrapes)
        for each in scrapes:
            policy = closing_policy(cluster, each, may_admit_scraper, asked=asked)
            if policy is not None:
                known.setdefault(policy, []).append(each)
    return known


def may_admit_scraper(cluster: Cluster, policy: NetworkPolicy, policy_rule: PolicyRule) -> bool:
    """Tell whether a rule may let the pods in that scrape metrics: they may be in any other namespace, or on nodes."""
    return not policy_rule.peers or any(_may_be_scraper(cluster, policy, each) for each in policy_rule.peers)


def _may_be_scraper(cluster: Cluster, policy: NetworkPolicy, peer: Peer) -> bool:
    namespace, selector = cluster.known_namespace_of(policy), peer.pod_selector
    selectors = [each for each in (peer.namespace_selector, selector) if each is not None]
    texts = " ".join(text for each in selectors for text in each.texts())
    if any(map(texts.__contains__, _MONITORING)):
        return True
    if is_for_others(cluster, policy, peer):
        return not any(_is_for_controller(each) for selector in selectors for each in selector.requirements)
    if selector is None or is_every_pod(peer):
        is_for_monitoring = any(part in (namespace or "") for part in _MONITORING)
        return is_for_monitoring or namespace in _scraper_namespaces(cluster)
    return bool(cluster.index.pod_labels.matching(selector) & _scrapers_in(cluster, namespace))


def _is_for_controller(requirement: Requirement) -> bool:
    """Tell whether a requirement evidently asks for an ingress controller, or for its namespace."""
    named = (any(part in value for part in _INGRESS_CONTROLLERS) for value in requirement.values)
    return requirement.key == _INGRESS_OF_OPENSHIFT or (requirement.operator == "In" and all(named))


def _scrapers_in(cluster: Cluster, namespace: str | None) -> int:
    """Return the workloads of a namespace that seem to scrape metrics."""
    answers, key = cluster.index.answers, (_scrapers_in, namespace)
    known: int | None = answers.get(key)
    if known is None:
        workloads = cluster.index.workloads
        here = workloads.by_namespace.get(namespace, 0)
        known = answers[key] = sum(workloads.bit_of(each) for each in workloads.of(here) if _is_scraper(each))
    return known


def _is_scraper(workload: Workload) -> bool:
    texts = " ".join((workload.name or "", *workload.pod_labels.values(), *workload.images))
    return any(map(texts.__contains__, _SCRAPERS))


def _scraper_namespaces(cluster: Cluster) -> frozenset[str | None]:
    """Return the namespaces with pods that seem to scrape metrics, or with an object that an operator makes them of."""
    answers = cluster.index.answers
    known: frozenset[str | None] | None = answers.get(_scraper_namespaces)
    if known is None:
        objects = [each for each in cluster.known(Resource) if (each.group, each.kind) in _SCRAPER_KINDS]
        workloads = filter(_is_scraper, cluster.index.workloads.every)
        known = frozenset(cluster.known_namespace_of(each) for each in (*objects, *workloads))
        answers[_scraper_namespaces] = known
    return known


def _scrapes(cluster: Cluster) -> Iterator[Scrape]:
    """Yield the ports that are scraped, as far as manifests show it, each once."""
    seen: set[tuple[Workload, Protocol, int]] = set()
    for each in (*_by_monitors(cluster), *_by_annotations(cluster)):
        if each[1:] not in seen:
            seen.add(each[1:])
            yield each


def _by_annotations(cluster: Cluster) -> Iterator[Scrape]:
    for workload in cluster.known(Workload):
        port = workload.scraped_port
        if port and not workload.is_patched_at(*workload.template, "metadata", "annotations"):
            yield Scrape(workload, workload, Protocol.TCP, port)
    for service in cluster.known(Service):
        port = scraped_port(service.annotations) if service.annotations else None
        if port and not service.is_patched_at("metadata", "annotations"):
            for workload in dict.fromkeys(each.workload for each in targets(cluster, service)):
                yield Scrape(service, workload, Protocol.TCP, port)


def _by_monitors(cluster: Cluster) -> Iterator[Scrape]:
    if not cluster.has_any("Monitor"):
        return
    from k8snetlint.model.monitor import Monitor  # noqa: PLC0415 - only where there is one

    services = cluster.index.service_names.members
    labels = LabelIndex(each.labels for each in services.every)
    for monitor in cluster.known(Monitor):
        if monitor.patches or not monitor.knows(SELECTORS, NAME):
            continue
        if monitor.selects_pods:
            yield from _by_pod_monitor(cluster, monitor)
            continue
        found = labels.matching(monitor.selector) & _within(cluster, monitor, services)
        for service in services.of(found):
            yield from _by_service_monitor(cluster, monitor, service)


def _by_service_monitor(cluster: Cluster, monitor: Monitor, service: Service) -> Iterator[Scrape]:
    together = cluster.index.workloads.same_application(monitor, named=bool(monitor.namespace))
    for target in targets(cluster, service):
        is_meant = any(_is_meant(port, target) for port in monitor.ports)
        if is_meant and cluster.index.workloads.bit_of(target.workload) & together:
            yield Scrape(monitor, target.workload, target.protocol, target.number)


def _is_meant(port: ScrapedPort, target: Target) -> bool:
    """Tell whether an endpoint of a ServiceMonitor is about a port of a Service, or of the pods behind it."""
    if port.name is not None:
        return port.name == target.service_port.name
    number = _declared(target.workload, port.target) if isinstance(port.target, str) else port.target
    return number == target.number


def _by_pod_monitor(cluster: Cluster, monitor: Monitor) -> Iterator[Scrape]:
    workloads = cluster.index.workloads
    together = workloads.same_application(monitor, named=bool(monitor.namespace)) & cluster.index.seen
    selected = cluster.index.pod_labels.matching(monitor.selector) & _within(cluster, monitor, workloads)
    for workload in workloads.of(selected & together):
        for port in monitor.ports:
            number = port.target if isinstance(port.target, int) else _declared(workload, port.name or port.target)
            if number:
                yield Scrape(monitor, workload, Protocol.TCP, number)


def _declared(workload: Workload, name: str | None) -> int | None:
    """Return the number that pods declare for the name of a port, None if they do not."""
    return next((each.container_port for each in workload.ports if name and each.name == name), None)


def _within(cluster: Cluster, monitor: Monitor, members: Members[Any]) -> int:
    """Return what is in the namespaces of a monitor."""
    if monitor.namespaces is None:
        return members.everything
    own = cluster.known_namespace_of(monitor)
    names = monitor.namespaces or ((own,) if own is not None else ())
    return members.within(names) if names else 0
