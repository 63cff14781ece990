"""What CNI plugins do with NetworkPolicies, as a table."""

from __future__ import annotations

import pytest

from k8snetlint.model.releases import configured_release, parse_release
from k8snetlint.model.tables.cni_features import (
    BLOCK_MATCHES_PODS,
    END_PORT,
    ENFORCES,
    NAMED_PORT,
    PLUGINS,
    ROWS,
    Row,
    has_feature,
)
from k8snetlint.model.tables.cni_plugins import CHARTS, FIELD_WORDS, TITLES, plugin_of_image, plugin_of_name


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_sure_row_has_a_source(row: Row) -> None:

    plugin, _, has, source, *_ = row
    assert plugin in TITLES
    assert has is None or source.startswith("https://")


def test_every_plugin_says_whether_it_enforces_policies() -> None:
    assert [each for each in PLUGINS if not any((row.plugin, row.feature) == (each, ENFORCES) for row in ROWS)] == []
    assert set(TITLES) == set(PLUGINS)
    assert {*CHARTS.values(), *FIELD_WORDS.values()} <= set(PLUGINS)


@pytest.mark.parametrize(
    ("plugin", "feature", "version", "has"),
    [
        pytest.param("cilium", END_PORT, "1.15.19", False, id="before the version that brings it"),
        pytest.param("cilium", END_PORT, "1.16", True, id="from the version that brings it, without a patch"),
        pytest.param("cilium", END_PORT, "", None, id="which version is not known"),
        pytest.param("cilium", BLOCK_MATCHES_PODS, "", False, id="in all versions, without one"),
        pytest.param("cilium", END_PORT, "0", False, id="a version of one number, before it"),
        pytest.param("cilium", END_PORT, "1", True, id="a version of one number, the newest with it"),
        pytest.param("cilium", END_PORT, "v2", True, id="a version of one number, after it"),
        pytest.param("antrea", NAMED_PORT, "0", True, id="the newest version 0"),
        pytest.param("weave", END_PORT, "2.8.1", None, id="no source"),
        pytest.param("calico", "nonsense", "3.1", None, id="no row"),
    ],
)
def test_a_feature_depends_on_the_version(plugin: str, feature: str, version: str, *, has: bool | None) -> None:
    assert has_feature(plugin, feature, configured_release(version)) is has


@pytest.mark.parametrize(
    ("tag", "release"),
    [
        ("v1.15.6", (1, 15, 6)),
        ("v0.10.0-amd64", (0, 10, 0)),
        ("1.16", (1, 16)),
        ("v20240813-c6f155d6", ()),
        ("latest", ()),
        ("1", ()),
        ("1.2.3.4", ()),
        ("", ()),
    ],
)
def test_a_version_is_what_a_tag_begins_with(tag: str, release: tuple[int, ...]) -> None:
    assert parse_release(tag) == release


@pytest.mark.parametrize(
    "repository", ["calico/kube-controllers", "cilium/operator-generic", "node", "flannel/web", ""]
)
def test_other_images_are_of_no_plugin(repository: str) -> None:
    assert plugin_of_image(repository) == ""


@pytest.mark.parametrize(
    ("name", "plugin"),
    [
        ("psp.flannel.unprivileged", "flannel"),
        ("ippools.crd.projectcalico.org", "calico"),
        ("calico-node", "calico"),
        ("kube-flannel-ds", "flannel"),
        ("weave-net", "weave"),
        ("calicot", ""),
        ("weave-scope", ""),
        ("web", ""),
    ],
)
def test_the_name_of_an_object_tells_what_it_belongs_to(name: str, plugin: str) -> None:
    assert plugin_of_name(name) == plugin
