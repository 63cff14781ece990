"""Which scope of one state is which of another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from k8snetlint.cli.clusters import Manifests
    from k8snetlint.model.cluster import Cluster

Pair = tuple["Cluster | None", "Cluster | None"]


def matched(old: Manifests, new: Manifests) -> list[Pair]:
    """Return the scopes of two states side by side, by name; None where one state does not have it.

    The only scopes of both states are the same whatever they are called. Of several that have one name, as variants of
    a tree of files do, those are the same that share most files.
    """
    if len(old.clusters) == len(new.clusters) == 1:
        return [(old.clusters[0], new.clusters[0])]
    before, after = _scopes(old), _scopes(new)
    alike = [
        (-len(files & other_files), number, other)
        for number, (name, files) in enumerate(before)
        for other, (other_name, other_files) in enumerate(after)
        if name == other_name
    ]
    partner: dict[int, int] = {}
    for _, number, other in sorted(alike):
        if number not in partner and other not in partner.values():
            partner[number] = other
    pairs: list[tuple[str, Pair]] = [
        (name, (old.clusters[number], new.clusters[partner[number]] if number in partner else None))
        for number, (name, _) in enumerate(before)
    ]
    taken = set(partner.values())
    pairs += [(name, (None, new.clusters[number])) for number, (name, _) in enumerate(after) if number not in taken]
    return [pair for _, pair in sorted(pairs, key=lambda each: each[0])]


def _scopes(manifests: Manifests) -> list[tuple[str, set[str]]]:
    """Return the names and the files of the scopes, from the folder that is compared, which itself has no name."""
    searched = manifests.inputs.found.searched
    top = searched[0].rstrip("/") + "/" if len(searched) == 1 else ""
    return [
        (
            f"{each.name}/".removeprefix(top).rstrip("/"),
            {resource.source.name.removeprefix(top) for resource in each.resources},
        )
        for each in manifests.clusters
    ]
