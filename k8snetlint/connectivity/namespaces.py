"""The namespaces of a cluster as sets: which of them a selector matches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.connectivity.certain import Certain, PartialLabels
from k8snetlint.model.namespace import NAME_LABEL, known_labels

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.namespace import Namespace
    from k8snetlint.model.selectors import LabelSelector

OTHER_NAMESPACES = "*"
"""In place of a name: all namespaces that no manifest shows."""


class Namespaces:
    """The namespaces of a cluster, those that are only named, and all others as one.

    Attributes:
        names: their names; None for the one that is chosen when the manifests are applied.
    """

    def __init__(self, cluster: Cluster, used: Iterable[str | None], *, others: bool) -> None:
        known: dict[str | None, Namespace | None] = dict(cluster.namespaces().items())
        known |= {name: None for name in used if name not in known}
        whole = cluster.environment.whole_cluster
        if others:
            known[OTHER_NAMESPACES] = None
        self.names = tuple(known)
        self._known = frozenset(known)
        labels = [_labels_of(name, manifest) for name, manifest in known.items()]
        certain = [
            name != OTHER_NAMESPACES and (whole or (manifest is not None and manifest.is_plain))
            for name, manifest in known.items()
        ]
        self._labels = PartialLabels(labels, sum(1 << number for number, flag in enumerate(certain) if not flag))
        self._others = 1 << (len(known) - 1) if others else 0
        self._open = 1 << self.names.index(None) if None in known else 0

    def matching(self, selector: LabelSelector) -> Certain:
        """Return which namespaces a selector matches."""
        always = possible = self._labels.every
        for each in selector.requirements:
            found = self._labels.fulfilling(each)
            if each.key == NAME_LABEL and each.operator in ("In", "NotIn") and self._known.issuperset(each.values):
                # No other namespace has one of these names.
                others = self._others if each.operator == "NotIn" else 0
                found = Certain(found.always | others, found.possible & ~self._others | others)
            always &= found.always
            possible &= found.possible
        return self._with_open(Certain(always, possible)) if self._open else Certain(always, possible)

    def _with_open(self, found: Certain) -> Certain:
        """Return a set of namespaces with the one that is chosen on applying: it is one of the others."""
        others = self._labels.every & ~self._open
        always, possible = found.always & others, found.possible & others
        return Certain(
            always | (self._open if always == others else 0),
            possible | (self._open if possible else 0),
        )


def _labels_of(name: str | None, manifest: Namespace | None) -> dict[str, str]:
    if name is None or name == OTHER_NAMESPACES:
        return {}
    return known_labels(name, manifest)
