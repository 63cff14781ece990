"""Shows how the work of a check grows with its input; counted, not timed, so that no load changes it.

    python bench/growth.py            the table of all rows
    python bench/growth.py --row X    only rows whose name holds X

A row is a kind of input that can be made for any size n. It is counted at 1, n, 2n and 4n (counting.py). What a check
costs whatever its input is drawn from the first two and taken off, so that it hides no growth: linear work then grows
4 times from n to 4n, quadratic work 16 times. At most `LIMIT` is allowed.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, NamedTuple

import growth_ingresses as ingresses
import growth_names as dns
import growth_network as network
import growth_pods as pods
import growth_policies as together
import growth_selectors as selectors
import growth_services as behind
import growth_texts as texts
from counting import LimitReachedError, count
from growth_connections import list_by_source, list_connections
from growth_manifests import Names

from k8snetlint import Config, Source, lint

if TYPE_CHECKING:
    from collections.abc import Callable

    from growth_manifests import File

LIMIT = 4.6
HOPELESS = 20
"""A count of so many times that at n is not finished."""


def check(sources: list[Source]) -> object:
    """Check some files."""
    return lint(sources, Config())


class Row(NamedTuple):
    """A kind of input: its name, what makes its files, n, and what is done with them."""

    name: str
    make: Callable[[int, Names], list[File]]
    n: int
    do: Callable[[list[Source]], object] = check

    def files(self, size: int) -> list[File]:
        """Return the files of a size."""
        return self.make(size, Names(self.name, size))

    def work(self, size: int) -> Callable[[], object]:
        """Return what is done with the files of a size."""
        sources = [Source.of(name, text) for name, text in self.files(size)]
        return lambda: self.do(sources)


class Counts(NamedTuple):
    """The counts of a row at 1, n, 2n and 4n; None is too much to be finished."""

    n: int
    one: int
    small: int
    double: int | None
    large: int | None

    @property
    def fixed(self) -> float:
        """The part that does not depend on the input, if the rest grows as from 1 to n."""
        return self.one - (self.small - self.one) / (self.n - 1)

    def ratio(self, larger: int | None) -> float:
        """Return how many times the work at n a larger one is."""
        return float("inf") if larger is None else (larger - self.fixed) / (self.small - self.fixed)

    @property
    def growth(self) -> float:
        """How many times the work grows from n to 4n."""
        return self.ratio(self.large)

    @property
    def holds(self) -> bool:
        """Whether the growth is within the limit."""
        return self.growth <= LIMIT


def counts(n: int, at: Callable[[int], Callable[[], object]]) -> Counts:
    """Return the counts of some work at 1, n, 2n and 4n; `at` prepares the work of a size."""
    at(n + 1)()  # imports, and what is read once; the names of this size are no other's
    one, small = count(at(1)), count(at(n))
    larger: list[int | None] = []
    for size in (2 * n, 4 * n):
        try:
            larger.append(count(at(size), HOPELESS * small))
        except LimitReachedError:
            larger.append(None)
    return Counts(n, one, small, *larger)


ROWS = (
    Row("documents that go together", selectors.documents, 150),
    Row("policies", selectors.policies, 200),
    Row("workloads", selectors.many_workloads, 250),
    Row("Services", selectors.services, 250),
    Row("Namespaces", selectors.namespaces, 60),
    Row("labels of a pod", selectors.labels_of_a_pod, 400),
    Row("everything matches", selectors.matching_everywhere, 60),
    Row("dangling podSelectors among n workloads", selectors.dangling_pod_selectors, 60),
    Row("dangling peers among n workloads", selectors.dangling_peers, 60),
    Row("dangling Services among n workloads", selectors.dangling_services, 60),
    Row("misspelt podSelectors among n workloads", selectors.near_misses, 60),
    Row("misspelt Services among n workloads", selectors.near_services, 60),
    Row("n Namespaces, one dangling namespaceSelector", selectors.one_dangling_namespace_selector, 60),
    Row("n Namespaces, n dangling namespaceSelectors", selectors.dangling_namespace_selectors, 60),
    Row("n Namespaces, n misspelt namespaceSelectors", selectors.near_namespaces, 60),
    Row("n labels, n dangling selectors", selectors.labels_and_dangling_selectors, 60),
    Row("n values of similar spelling", selectors.similar_values, 200),
    Row("n Namespaces of similar spelling", selectors.similar_namespaces, 200),
    Row("n policies on the same n workloads", selectors.policies_on_the_same_workloads, 60),
    Row("n Services on the same n workloads", selectors.services_on_the_same_workloads, 60),
    Row("port names that no pod declares", selectors.ports_that_nobody_declares, 60),
    Row("ports of Services", selectors.ports_of_services, 60),
    Row("ports of another workload", selectors.ports_of_another_workload, 60),
    Row("StatefulSets and their Services", selectors.stateful_sets_and_services, 150),
    Row("n Services that select n Jobs as well", behind.jobs, 60),
    Row("n Rollouts and Services that select otherwise", behind.named_by_rollouts, 60),
    Row("n Services that map ports of n workloads", behind.mapped_ports, 60),
    Row("n Services with ignored fields", behind.ignored_fields, 120),
    Row("n EndpointSlices and their Services", behind.endpoint_slices, 60),
    Row("n Services whose variables images read", behind.variables_of_services, 60),
    Row("n DaemonSets with one host port", behind.host_ports, 60),
    Row("n probes of undeclared ports", behind.probes, 60),
    Row("n Services with addresses of n ServiceCIDRs", behind.addresses_of_service_cidrs, 60, network.check_networks),
    Row("ports of a Service for two protocols", behind.ports_of_two_protocols, 120),
    Row("a misspelt value of 10 n letters", selectors.long_value, 200),
    Row("n workloads without DNS", together.without_dns, 60),
    Row("n namespaces without DNS", together.without_dns_in_namespaces, 60),
    Row("n workloads with DNS over UDP only", together.dns_over_udp, 60),
    Row("n workloads with DNS beside a cache on nodes", together.dns_beside_a_cache, 60),
    Row("n sealed namespaces", together.sealed_namespaces, 60),
    Row("n Ingresses that policies close", together.ingresses_that_policies_close, 60),
    Row("n Services that policies close", together.services_that_policies_close, 60),
    Row("n policies for n workloads on the host network", together.pods_on_the_host_network, 60),
    Row("n webhooks that policies close", together.webhooks_that_policies_close, 60),
    Row("n clients of the API that policies close", together.clients_of_the_api, 60),
    Row("n monitors of what policies close", together.scraped_services, 60),
    Row("n peers beside a wide one", together.peers_beside_a_wide_one, 120),
    Row("n policies with split rules", together.split_rules, 60),
    Row("n policies that isolate the DNS", together.isolated_dns, 60),
    Row("n policies with an except", together.excepts, 60),
    Row("n rules for replies", together.replies, 60),
    Row("n policies for all addresses", together.wide_blocks, 60),
    Row("n policies for addresses of n Services", together.addresses_of_services, 60),
    Row("n policies with ports of databases", together.ports_of_databases, 60),
    Row("n policies in an ambient mesh", together.policies_in_a_mesh, 60),
    Row("n applications that policies forgot", pods.forgotten, 60),
    Row("n policies with a port that nothing mentions", pods.unmentioned_ports, 60),
    Row("n policies for addresses of clients", pods.blocks_of_clients, 60),
    Row("n policies for DNS on another port", pods.dns_on_another_port, 30),
    Row("n Ingresses that policies close to Cilium", pods.ingresses_of_cilium, 60),
    Row("n workloads on a secondary network", pods.secondary_networks, 60),
    Row("n connections that one end denies", together.half_open, 60),
    Row("n connections that manifests state", together.stated_connections, 60),
    Row("n connections of pods that n policies select", together.connections_of_the_same_pods, 60),
    Row("n addresses of a ConfigMap of n workloads", together.addresses_of_a_config_map, 60),
    Row("misspelt Services of n Ingresses", ingresses.misspelt_services, 60),
    Row("dangling Services of n Ingresses", ingresses.dangling_backends, 60),
    Row("wrong ports of n Ingresses", ingresses.wrong_ports, 60),
    Row("n Ingresses to names outside", ingresses.external_names, 60),
    Row("misspelt classes of n Ingresses", ingresses.misspelt_classes, 60),
    Row("n default IngressClasses", ingresses.default_classes, 60),
    Row("regular expressions of n Ingresses of one host", ingresses.paths_of_a_host, 60),
    Row("n Ingresses with literal expressions", ingresses.literal_expressions, 60),
    Row("n Ingresses with the same path", ingresses.same_paths, 60),
    Row("annotations of an Ingress", ingresses.unknown_annotations, 120),
    Row("hosts of an Ingress", ingresses.hosts, 60),
    Row("Secrets of n Ingresses", ingresses.secrets, 60),
    Row("n CNI plugins", network.plugins, 60),
    Row("n CNI plugins of one file", network.plugins_of_one_file, 60),
    Row("n policies beside n CNI plugins", network.policies_beside_plugins, 30),
    Row("n policies that no CNI plugin enforces", network.policies, 60, network.check_with_flannel),
    Row("n policies for another CNI plugin", network.policies, 60, network.check_with_cilium),
    Row("misspelt host names among n Services", dns.misspelt_names, 60),
    Row("unknown host names among n Services", dns.unknown_names, 60),
    Row("unknown host names beside known ones", dns.names_beside_others, 60),
    Row("misspelt short host names among n Services", dns.misspelt_short_names, 60),
    Row("words with ports in one text", dns.words_of_a_file, 60),
    Row("n ConfigMaps without a namespace", dns.read_without_a_namespace, 60),
    Row("addresses of Services and pods", dns.addresses, 60, network.check_networks),
    Row("misspelt namespaces of host names", dns.misspelt_namespaces, 60),
    Row("short host names of other namespaces", dns.names_in_namespaces, 60),
    Row("host names with swapped labels", dns.swapped_names, 60),
    Row("host names with wrong ports", dns.wrong_ports, 120),
    Row("host names in one text", dns.lines_of_a_file, 120),
    Row("host names of pods of StatefulSets", dns.pods_of_stateful_sets, 40),
    Row("host names that nothing can have", dns.odd_names, 120),
    Row("pods that resolve names like their nodes", dns.pods_that_resolve_like_nodes, 12),
    Row("server blocks of a Corefile", dns.blocks_of_a_corefile, 60),
    Row("n policies for addresses of pods", together.blocks_of_the_pods, 60),
    Row("n copies of a policy", together.copies, 60),
    Row("n policies that another one makes pointless", together.allowed_by_others, 60),
    Row("overlays of a base of 20 policies", texts.overlays_of_a_base, 8),
    Row("4 overlays of a base of n policies", texts.policies_of_a_base, 30),
    Row("policies that no kustomization lists", texts.unlisted_policies, 100),
    Row("layers of a kustomization diamond", texts.diamond, 4),
    Row("components of a kustomization", texts.components, 60),
    Row("kustomizations in a chain", texts.chain, 150),
    Row("kustomizations in a chain that adds labels", texts.labels_in_a_chain, 60),
    Row("kustomizations with transformers", texts.transformers, 40),
    Row("transformers of a kustomization", texts.transformers_of_a_kustomization, 120),
    Row("variants of a folder", texts.variants, 80),
    Row("copies of a file of n objects", texts.copies_of_a_file, 12),
    Row("Argo CD Applications with a folder each", texts.applications, 40),
    Row("fixes in one document", texts.fixes_in_a_document, 240),
    Row("ids of one comment", texts.ids_of_a_comment, 60),
    Row("malformed comments of one file", texts.malformed_comments, 240),
    Row("labels of a selector without matchLabels", texts.labels_outside_match_labels, 120),
    Row("comments in one document", texts.comments_of_a_file, 120),
    Row("comments above documents of one file", texts.comments_above_documents, 60),
    Row("duplicate keys in one mapping", texts.duplicate_keys, 500),
    Row("one key n times in one mapping", texts.one_duplicate_key, 500),
    Row("definitions of one object in one file", texts.duplicate_objects, 100),
    Row("merge keys in a chain", texts.merge_keys, 500),
    Row("custom resources and their definitions", texts.custom_resources, 60),
    Row("findings that replace others in one file", texts.superseding_findings, 240),
    Row("documents of one file", texts.documents_of_a_file, 60),
    Row("documents that lost their indentation", texts.pasted_documents, 40),
    Row("lines of a document that lost its indentation", texts.lines_of_a_pasted_document, 100),
    Row("dangling peers of one policy", texts.peers_of_a_policy, 120),
    Row("connections of applications", selectors.documents, 150, list_connections),
    Row("connections of workloads", selectors.many_workloads, 250, list_connections),
    Row("connections of policies", selectors.policies, 200, list_connections),
    Row("connections of Namespaces", selectors.namespaces, 60, list_connections),
    Row("connections of pods that Cilium selects", together.policies_of_another_kind, 60, list_connections),
    Row("connections without a namespace", together.without_a_namespace, 30, list_connections),
    Row("connections of policies for many workloads", together.policies_of_many_workloads, 60, list_connections),
    Row("connections beside an except of each policy", together.other_excepts, 60, list_connections),
    Row("connections by source, an except of each policy", together.other_excepts, 150, list_by_source),
    Row("connections to every address on a port each", together.world_on_a_port_each, 60, list_connections),
    Row("connections by source, a port of each policy", together.world_on_a_port_each, 60, list_by_source),
    Row("connections where no peer exists", together.peers_that_do_not_exist, 60, list_connections),
)


def line(row: Row, found: Counts) -> str:
    """Return the line of the table for a row."""
    numbers = ["more" if each is None else f"{each:,}" for each in (found.small, found.double, found.large)]
    ratios = [f"{found.ratio(each):.2f}" for each in (found.double, found.large)]
    verdict = "holds" if found.holds else "does not hold"
    return (
        f"{row.name:45} {found.n:5} {found.fixed:9,.0f} "
        + " ".join(f"{each:>11}" for each in numbers)
        + (f" {ratios[0]:>6} {ratios[1]:>6}  {verdict}")
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Count how the work of a check grows with its input.")
    parser.add_argument("--row", default="", metavar="TEXT", help="only rows whose name holds this")
    options = parser.parse_args()
    columns = " ".join(f"{each:>11}" for each in ("at n", "at 2n", "at 4n"))
    print(f"{'':45} {'n':>5} {'fixed':>9} {columns} {'2n/n':>6} {'4n/n':>6}")
    for row in ROWS:
        if options.row in row.name:
            print(line(row, counts(row.n, row.work)), flush=True)


if __name__ == "__main__":
    main()
