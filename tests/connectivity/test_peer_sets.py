"""Sets of peers are sorted and counted as their names are, without a look at all of these."""

from __future__ import annotations

import random

from random_clusters import mixed_resources

from k8snetlint.connectivity.engine import Connectivity
from k8snetlint.connectivity.peer_sets import PeerNames, sort_key
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.environment import Environment

_CLUSTERS = 60
_SETS = 12


def test_sets_are_in_the_order_of_their_names() -> None:
    for seed in range(_CLUSTERS):
        chance = random.Random(seed)  # noqa: S311 - the same sets for the same seed
        connectivity = Connectivity(Cluster(mixed_resources(seed), Environment(whole_cluster=seed % 2 == 0)))
        names = PeerNames(connectivity)
        size = connectivity.everything.bit_length()
        sets = [names.of(chance.randrange(1, 1 << size)) for _ in range(_SETS)]
        # Beginnings of a set, which are what the first difference alone does not tell apart.
        sets += [names.of(bits) for bits in (sets[0].bits & ((1 << cut) - 1) for cut in range(1, size)) if bits]
        in_order = {each.bits: tuple(map(sort_key, each.members)) for each in sets}
        for one in sets:
            for other in sets:
                assert (one < other) == (in_order[one.bits] < in_order[other.bits]), (seed, one.bits, other.bits)


def test_names_are_counted_and_cut() -> None:
    for seed in range(_CLUSTERS):
        chance = random.Random(seed)  # noqa: S311 - the same sets for the same seed
        connectivity = Connectivity(Cluster(mixed_resources(seed), Environment(whole_cluster=seed % 2 == 0)))
        names = PeerNames(connectivity)
        for _ in range(_SETS):
            pods = chance.randrange(1, 1 << connectivity.offset)
            members = names.members_of(pods)
            assert names.size(pods) == len(members), (seed, pods)
            for most in range(len(members) + 1):
                assert names.members_of(pods, most) == members[:most], (seed, pods, most)
