"""Which files kustomizations include, and how they change the objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from k8snetlint.scope.build import Build, Builds
from k8snetlint.scope.kustomization import Kustomization
from k8snetlint.scope.patch_files import ListedFiles, listed_files
from k8snetlint.source.marked_parser import parse

if TYPE_CHECKING:
    from k8snetlint.scope.build import PatchLayer

COMPONENT = "kind: Component\n"


def builds_of(kustomizations: dict[str, str]) -> Builds:
    def kustomization(folder: str, text: str) -> Kustomization:
        return Kustomization(parse(text)[0], folder)

    return Builds({folder: kustomization(folder, text) for folder, text in kustomizations.items()})


def only(kustomizations: dict[str, str]) -> Build:
    (build,) = builds_of(kustomizations).roots.values()
    return build


def names(build: Build) -> list[tuple[str, str]]:
    """Return the files of a build, each with the final name of an object `x`."""
    return [(file, treatment.transform.final_name("x", "v1", "Service")) for file, treatment in build.included]


def layers(layer: PatchLayer | None) -> list[str]:
    """Return the folders of the layers, the innermost first."""
    return [layer.kustomization.folder, *layers(layer.outer)] if layer else []


def test_files_are_in_the_order_of_kustomize() -> None:
    build = only(
        {
            "app": "resources: [a.yaml, ../base, b.yaml]\ncomponents: [../one, ../two]\n",
            "base": "resources: [c.yaml]\n",
            "one": COMPONENT + "resources: [d.yaml]\n",
            "two": COMPONENT + "resources: [e.yaml]\n",
        }
    )

    assert [file for file, _ in names(build)] == ["app/a.yaml", "base/c.yaml", "app/b.yaml", "one/d.yaml", "two/e.yaml"]
    assert set(build.kustomizations) == {"app", "base", "one", "two"}


def test_a_component_changes_what_is_included_before_it() -> None:
    build = only(
        {
            "app": "namePrefix: app-\nresources: [a.yaml]\ncomponents: [../one, ../two]\npatches: [{path: p.yaml}]\n",
            "one": COMPONENT
            + "namePrefix: one-\nresources: [b.yaml]\ncomponents: [../in]\npatches: [{path: p.yaml}]\n",
            "in": COMPONENT + "namePrefix: in-\npatches: [{path: p.yaml}]\n",
            "two": COMPONENT + "namePrefix: two-\nresources: [c.yaml]\n",
        }
    )

    assert names(build) == [
        ("app/a.yaml", "app-two-one-in-x"),
        ("one/b.yaml", "app-two-one-in-x"),
        ("two/c.yaml", "app-two-x"),
    ]
    assert [layers(treatment.patch_layer) for _, treatment in build.included] == [
        ["in", "one", "app"],
        ["in", "one", "app"],
        ["app"],
    ]


def test_a_base_that_is_included_twice_counts_once_unless_it_is_changed_differently() -> None:
    base = {"base": "resources: [a.yaml]\n"}

    assert names(only({"app": "resources: [../base, ../base, ../mid]\n", "mid": "resources: [../base]\n", **base})) == [
        ("base/a.yaml", "x")
    ]
    assert names(
        only({"app": "resources: [../base, ../mid]\n", "mid": "namePrefix: m-\nresources: [../base]\n", **base})
    ) == [
        ("base/a.yaml", "x"),
        ("base/a.yaml", "m-x"),
    ]


def diamond(layers: int, says: str = "") -> dict[str, str]:
    """Return kustomizations in layers: each includes both of the layer below."""
    found = {"app": f"resources: [../a{layers}, ../b{layers}]\n"}
    for layer in range(1, layers + 1):
        for side in "ab":
            below = f"../a{layer - 1}, ../b{layer - 1}" if layer > 1 else "web.yaml"
            found[f"{side}{layer}"] = says.replace("SIDE", side) + f"resources: [{below}]\n"
    return found


@pytest.mark.parametrize("says", ["", "namespace: SIDE\n", "commonLabels: {side: SIDE}\n"])
def test_a_file_that_is_included_in_many_ways_alike_counts_once(says: str) -> None:
    build = only(diamond(200, says))

    assert not build.is_cut_off
    # Both files, for each side that was the last one to say something.
    assert len(build.included) == (4 if says else 2)


def test_too_many_ways_are_cut_off_and_no_file_is_lost() -> None:
    build = only(diamond(40, "namePrefix: SIDE-\n"))

    assert build.is_cut_off
    assert set(build.files) == {"a1/web.yaml", "b1/web.yaml"}
    assert len(build.included) < 3000
    assert not only(diamond(5, "namePrefix: SIDE-\n")).is_cut_off


def test_a_long_chain() -> None:
    chain = {f"k{number}": f"resources: [../k{number + 1}, own.yaml]\n" for number in range(5000)}
    build = only({**chain, "k5000": "resources: [web.yaml]\n"})

    assert len(build.included) == 5001


@pytest.mark.parametrize(
    "kustomizations",
    [
        pytest.param({"app": "resources: [../app, a.yaml]\n", "root": "resources: [../app]\n"}, id="itself"),
        pytest.param(
            {
                "root": "resources: [../app]\n",
                "app": "namePrefix: a-\nresources: [../b, a.yaml]\n",
                "b": "namePrefix: b-\nresources: [../app]\n",
            },
            id="each other, with other names each time",
        ),
        pytest.param(
            {
                "root": "resources: [../app]\n",
                "app": "resources: [a.yaml]\ncomponents: [../c]\n",
                "c": COMPONENT + "namePrefix: c-\ncomponents: [../c]\n",
            },
            id="a component",
        ),
    ],
)
def test_kustomizations_that_include_themselves(kustomizations: dict[str, str]) -> None:
    build = only(kustomizations)

    assert set(build.files) == {"app/a.yaml"}
    assert not build.is_cut_off


def test_what_is_listed() -> None:
    builds = builds_of(
        {
            "app": "resources: [a.yaml, ../base]\nbases: [../old]\ncomponents: [../c]\n"
            "patchesStrategicMerge: [s.yaml]\n"
            "patchesJson6902: [{path: j.yaml}]\npatches: [{path: p.yaml}]\nreplacements: [{path: r.yaml}]\n"
            "transformers: [t.yaml, ../t]\n",
            "base": "resources: [a.yaml]\n",
            "old": "{}\n",
            "c": COMPONENT,
        }
    )

    assert builds.patch_files() == {"app/s.yaml", "app/j.yaml", "app/p.yaml", "app/r.yaml"}
    assert listed_files(builds.kustomizations.values()) == ListedFiles(
        frozenset({"app/s.yaml", "app/j.yaml", "app/p.yaml", "app/t.yaml", "t"}),
        frozenset({"app/a.yaml", "base", "old", "c", "base/a.yaml"}),
        frozenset({"app/t.yaml", "t"}),
    )
    assert set(builds.transforms_by_file) == {"app/a.yaml", "base/a.yaml"}
