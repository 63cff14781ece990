"""Policies of other kinds, which decide about connections together with NetworkPolicies, or create them.

What they allow is not read, only which pods they may select.

Sources: https://network-policy-api.sigs.k8s.io/reference/spec/, https://docs.cilium.io/en/stable/network/kubernetes/policy/,
https://docs.tigera.io/calico/latest/reference/resources/networkpolicy, https://antrea.io/docs/main/docs/antrea-network-policy/,
https://kyverno.io/docs/policy-types/cluster-policy/generate/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.aspects import SELECTORS
from k8snetlint.model.networkpolicy import Direction
from k8snetlint.model.resource import Resource
from k8snetlint.model.selectors import LabelSelector, selector_of
from k8snetlint.model.values import Unknown, entries, items, mapping, struct, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.source.document import Source
    from k8snetlint.source.paths import FieldPath

_IN_NO_NAMESPACE = frozenset(
    {"AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "CiliumClusterwideNetworkPolicy", "ClusterNetworkPolicy"}
    | {"ClusterPolicy", "GlobalNetworkPolicy"}
)


class Subject(NamedTuple):
    """Pods that a policy selects.

    Attributes:
        namespaces: those of these namespaces; None for the namespace of the policy, or all if it is in none.
        pods: those with these labels; None for all.
    """

    namespaces: LabelSelector | None = None
    pods: LabelSelector | None = None


class OtherPolicy(Resource):
    """A policy as written.

    Slots:
        subjects: which pods it may select.
        directions: what it may decide about.
        is_baseline: it decides only about pods that no NetworkPolicy isolates.
    """

    __slots__ = ("directions", "is_baseline", "subjects")

    def __init__(
        self,
        value: dict[str, object],
        source: Source,
        document: int,
        root: FieldPath = (),
        unknown_fields: Iterable[FieldPath] = (),
    ) -> None:
        super().__init__(value, source, document, root, unknown_fields)
        spec = mapping(value.get("spec"))
        specs = [spec, *map(mapping, items(value.get("specs")))] if self.group == "cilium.io" else [spec]
        self.directions = frozenset(each for one in specs if one for each in _directions(one))
        self.is_baseline = self.kind == "BaselineAdminNetworkPolicy" or spec.get("tier") == "Baseline"
        if not isinstance(value.get("spec") or {}, dict):
            self.directions = frozenset(Direction)
            self.subjects: tuple[Subject, ...] = (Subject(),)
            return
        try:
            self.subjects = tuple(each for one in specs if one for each in self._subjects(one))
        except Unknown:
            self.subjects = (Subject(),)

    @property
    def is_in_no_namespace(self) -> bool:
        """Whether its kind is in no namespace: it may select pods of all."""
        return self.kind in _IN_NO_NAMESPACE

    def texts_of(self, aspect: str) -> Iterable[str]:
        """Return what is written of an aspect."""
        if aspect != SELECTORS:
            return super().texts_of(aspect)
        return [text for subject in self.subjects for each in subject if each is not None for text in each.texts()]

    def keys_of_pods(self) -> Iterator[str]:
        """Yield the keys of the labels by which it selects pods."""
        for each in self.subjects:
            yield from each.pods.keys() if each.pods is not None else ()

    def _subjects(self, spec: dict[str, object]) -> Iterator[Subject]:
        match self.group:
            case "policy.networking.k8s.io" | "networking.k8s.aws" if "subject" in spec:
                subject = struct(spec["subject"])
                pods = struct(subject.get("pods"))
                namespaces = pods.get("namespaceSelector") if pods else subject.get("namespaces")
                yield Subject(selector_of(namespaces), selector_of(pods.get("podSelector")))
            case "cilium.io" if "endpointSelector" in spec:
                yield Subject(None, _plain(selector_of(spec["endpointSelector"])))
            case "cilium.io" if "nodeSelector" in spec:
                return
            case "crd.antrea.io" if spec.get("appliedTo"):
                for each in map(struct, entries(spec["appliedTo"])):
                    known = each.keys() <= {"podSelector", "namespaceSelector"}
                    yield Subject(*map(selector_of, _antrea(each))) if known else Subject()
            case "kyverno.io":
                yield from (Subject() for each in items(spec.get("rules")) if _creates_policies(mapping(each)))
            case _:
                yield Subject()


def _directions(spec: dict[str, object]) -> Iterator[Direction]:
    """Yield the directions that a policy names; both if it names none."""
    written = [text(each) or "" for field in ("types", "policyTypes") for each in items(spec.get(field))]
    found = [
        direction
        for direction in Direction
        if direction.value in written or any(spec.get(f"{direction.value.lower()}{end}") for end in ("", "Deny"))
    ]
    yield from found or Direction


def _plain(selector: LabelSelector | None) -> LabelSelector | None:
    """Return a selector of Cilium, None if it asks for labels that Cilium adds."""
    # `k8s:app` and `any:app` are the label `app`; `k8s:io.kubernetes.pod.namespace` and `reserved:host` are no labels.
    keys = () if selector is None else selector.keys()
    return None if any(":" in key or key.startswith("io.") for key in keys) else selector


def _antrea(applied_to: dict[str, object]) -> tuple[object, object]:
    return applied_to.get("namespaceSelector"), applied_to.get("podSelector")


def _creates_policies(rule: dict[str, object]) -> bool:
    """Tell whether a rule of Kyverno creates NetworkPolicies, or objects of which the kind is not written."""
    generate = mapping(rule.get("generate"))
    return bool(generate) and text(generate.get("kind")) in (None, "NetworkPolicy")
