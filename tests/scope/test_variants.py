"""Which files are variants of each other."""

from __future__ import annotations

import pytest

from k8snetlint.model.resource import Resource
from k8snetlint.scope.variants import enclosing_groups, split_variants, variant_of
from k8snetlint.source.document import Source


def of(path: str, name: str = "web", namespace: str | None = None, says: str = "") -> Resource:
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    resource = Resource({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}, Source.of(path, ""), 0)
    resource.raw = {"says": says}
    return resource


def groups(*resources: Resource) -> dict[str, list[str]]:
    found = split_variants(resources, lambda one, other: one.raw == other.raw)
    return {variant: [each.source.name for each in members] for variant, members in found.items() if members}


def test_different_definitions_in_two_folders_split_the_folder_above() -> None:
    assert groups(of("env/dev/a.yaml", says="dev"), of("env/prod/a.yaml", says="prod"), of("lib.yaml", "lib")) == {
        "env/dev": ["env/dev/a.yaml"],
        "env/prod": ["env/prod/a.yaml"],
        "": ["lib.yaml"],
    }


def test_files_side_by_side_are_variants_themselves() -> None:
    found = groups(of("d/longhorn.yaml", says="one"), of("d/longhorn-okd.yaml", says="two"), of("d/x.yaml", "x"))

    assert set(found) == {"", "d/longhorn.yaml", "d/longhorn-okd.yaml"}


def test_files_beside_a_folder_stay_together() -> None:
    found = groups(
        of("d/a.yaml", "a", says="1"),
        of("d/b.yaml", "b", says="1"),
        of("d/other/a.yaml", "a", says="2"),
        of("d/other/b.yaml", "b", says="2"),
    )

    assert found == {"": ["d/a.yaml", "d/b.yaml"], "d/other": ["d/other/a.yaml", "d/other/b.yaml"]}


def test_equal_definitions_split_nothing() -> None:
    assert groups(of("a/x.yaml", says="one"), of("b/x.yaml", says="one")) == {"": ["a/x.yaml", "b/x.yaml"]}


def test_one_name_in_two_namespaces_is_two_objects() -> None:
    assert set(groups(of("a/x.yaml", namespace="a", says="1"), of("b/x.yaml", namespace="b", says="2"))) == {""}


def test_a_namespace_that_is_not_written_makes_no_difference() -> None:
    assert set(groups(of("a/x.yaml", namespace="a", says="1"), of("b/x.yaml", says="2"))) == {"a", "b"}


def test_a_given_namespace_is_that_of_objects_without_one() -> None:
    one, other = of("a/x.yaml", namespace="a", says="1"), of("b/x.yaml", says="2")

    assert set(split_variants([one, other], lambda *_: False, "b")) == {""}
    assert set(split_variants([one, other], lambda *_: False, "a")) == {"", "a", "b"}


def test_with_several_namespaces_a_missing_one_is_unknown() -> None:
    found = groups(of("a/x.yaml", namespace="a", says="1"), of("b/x.yaml", says="2"), of("y.yaml", "y", namespace="c"))

    assert set(found) == {"", "a", "b"}


def test_what_has_no_namespace_is_one_object_whatever_is_written() -> None:
    one, other = of("a/x.yaml", namespace="a", says="1"), of("b/x.yaml", namespace="b", says="2")
    one.kind = other.kind = "ClusterRole"

    assert set(groups(one, other)) == {"a", "b"}


def test_two_definitions_in_one_file_are_no_variants() -> None:
    one = of("a.yaml", says="1")
    other = of("a.yaml", says="2")
    other.source = one.source

    assert set(groups(one, other)) == {""}


def test_only_children_that_hold_a_definition_are_split_off_and_variants_nest() -> None:
    found = groups(
        of("env/dev/a/x.yaml", says="1"),
        of("env/dev/b/x.yaml", says="2"),
        of("env/prod/x.yaml", says="3"),
        of("env/other/y.yaml", "y"),
        of("env/dev/z.yaml", "z"),
    )

    assert found == {
        "env/dev/a": ["env/dev/a/x.yaml"],
        "env/dev/b": ["env/dev/b/x.yaml"],
        "env/prod": ["env/prod/x.yaml"],
        "env/dev": ["env/dev/z.yaml"],
        "": ["env/other/y.yaml"],
    }
    assert sorted(enclosing_groups("env/dev/a", found)) == ["", "env/dev"]


@pytest.mark.parametrize(("name", "variant"), [("env/dev/a.yaml", "env/dev"), ("env/devel/a.yaml", ""), ("./x", "")])
def test_a_file_belongs_to_the_innermost_variant(name: str, variant: str) -> None:
    assert variant_of(name, {"env/dev", ""}) == variant


def test_many_objects_of_one_name_are_compared_once_each() -> None:
    compared: list[str] = []

    def same(one: Resource, other: Resource) -> bool:
        compared.append(one.source.name)
        return one.raw == other.raw

    resources = [of(f"n{number}/x.yaml", namespace=f"n{number}") for number in range(300)]
    resources += [of(f"m{number}/x.yaml", says="same") for number in range(300)]
    split_variants(resources, same)

    assert len(compared) < 1000
