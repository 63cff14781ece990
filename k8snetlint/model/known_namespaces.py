"""The namespaces of one cluster with their labels; the n-th is bit n of a set."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from k8snetlint.model.bitsets import bits_of, sets_by
from k8snetlint.model.labels import LabelIndex
from k8snetlint.model.namespace import known_labels
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from k8snetlint.model.bitsets import Sets
    from k8snetlint.model.namespace import Namespace


class KnownNamespaces:
    """All namespaces that are known.

    Args:
        known: the Namespace of each name, None for one that objects only name.
    """

    def __init__(self, known: dict[str, Namespace | None]) -> None:
        self.names: tuple[str, ...] = tuple(known)
        self.manifests: tuple[Namespace | None, ...] = tuple(known.values())
        self.labels = LabelIndex(known_labels(name, manifest) for name, manifest in known.items())

    @cached_property
    def by_name(self) -> Sets[str | None]:
        """The sets by name."""
        return sets_by(self.names)

    @cached_property
    def defined(self) -> int:
        """The set of those that a manifest defines."""
        return bits_of(position for position, each in enumerate(self.manifests) if each is not None)

    @cached_property
    def plain(self) -> int:
        """Those that a manifest defines, with the name and labels that are written, and no others."""
        every = enumerate(self.manifests)
        return bits_of(position for position, each in every if each is not None and each.is_plain)

    @cached_property
    def uncertain(self) -> int:
        """The set of those whose name or labels are not known: they contain a placeholder, or a patch changes them."""
        changed = self.defined & ~self.plain
        return changed | bits_of(position for position, name in enumerate(self.names) if is_placeholder(name))
