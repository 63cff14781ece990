"""The examples of pages, checked: what is found in them, and which fixes that brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.config import Config
from k8snetlint.connectivity.profiles import parse_cni
from k8snetlint.linting.pipeline import lint
from k8snetlint.model.environment import Environment, parse_cidr, parse_node_ports, parse_version
from k8snetlint.pages.markdown import OPTIONS
from k8snetlint.source.document import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from k8snetlint.finding import Report
    from k8snetlint.rules.catalog import Example


def environment_of(words: Mapping[str, str]) -> Environment:
    """Return the facts about the cluster that an example's words state.

    Raises:
        ValueError: a word is not one of `OPTIONS`.
    """
    if unknown := words.keys() - OPTIONS.keys():
        raise ValueError(f"unknown words behind a role: {', '.join(sorted(unknown))}")
    plain = Environment()
    return Environment(
        versions=(parse_version(words["kubernetes"]),) if "kubernetes" in words else plain.versions,
        node_ports=parse_node_ports(words["node-port-range"]) if "node-port-range" in words else plain.node_ports,
        namespace=words.get("namespace"),
        whole_cluster="whole-cluster" in words,
        cni=parse_cni(words["cni"]) if "cni" in words else plain.cni,
        pod_cidrs=tuple(map(parse_cidr, words["pod-cidr"].split(","))) if "pod-cidr" in words else plain.pod_cidrs,
        service_cidrs=(
            tuple(map(parse_cidr, words["service-cidr"].split(","))) if "service-cidr" in words else plain.service_cidrs
        ),
        cluster_domain=words.get("cluster-domain", plain.cluster_domain),
    )


def report_of(example: Example) -> Report:
    """Return what is found in an example."""
    sources = [Source.of(name, text) for name, _, text in example.files()]
    return lint(sources, Config(environment=environment_of(example.words)))


def fix_of(finding_id: str, examples: Iterable[Example]) -> str:
    """Return whether findings of an id have a fix, and whether it is safe, as their examples show."""
    safe = {
        finding.fix and finding.fix.safe
        for example in examples
        if example.expected
        for finding in report_of(example).findings
        if finding.id == finding_id
    }
    some = " for some findings" if None in safe else ""
    if {True, False} <= safe:
        return f"available{some}; applied by `--fix` if it is safe, else by `--fix --unsafe-fixes`"
    if True in safe:
        return f"available{some}, safe (applied by `--fix`)"
    if False in safe:
        return f"available{some}, unsafe (applied by `--fix --unsafe-fixes`)"
    return "none"
