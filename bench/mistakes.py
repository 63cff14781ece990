"""The networking mistakes that can be planted in a generated tree; the line of a missing field is where it stood."""

from __future__ import annotations

import re
from dataclasses import dataclass

from words import Manifest


@dataclass(frozen=True, slots=True)
class Mistake:
    """A replacement in the text of a document that makes it wrong."""

    what: str
    kind: str
    pattern: str
    replacement: str
    rejected: bool
    """Whether the API server rejects the document."""
    rules: tuple[str, ...]
    """The rules of k8snetlint that may report it."""

    def planted(self, document: Manifest) -> tuple[Manifest, int] | None:
        """Return the document with the mistake, and its line there (1-based); `None` if there is no place for it."""
        if document.kind != self.kind or (found := re.search(self.pattern, document.text)) is None:
            return None
        text = re.sub(self.pattern, self.replacement, document.text, count=1)
        return Manifest(document.kind, document.name, text), document.text.count("\n", 0, found.start()) + 1


MISTAKES = (
    Mistake(
        "policyTypes is missing",
        "NetworkPolicy",
        r"  policyTypes:\n(?:    - \w+\n)+",
        "",
        rejected=False,
        rules=("netpol-missing-policy-types", "netpol-egress-only-policy-also-isolates-ingress"),
    ),
    Mistake(
        "podSelector without matchLabels",
        "NetworkPolicy",
        r"  podSelector:\n    matchLabels:\n      (.*)\n      (.*)\n",
        r"  podSelector:\n    \1\n    \2\n",
        rejected=True,
        rules=("netpol-selector-missing-match-labels", "api-unknown-field"),
    ),
    Mistake(
        "unknown field policyType",
        "NetworkPolicy",
        r"  policyTypes:\n",
        r"  policyType:\n",
        rejected=True,
        rules=("netpol-misplaced-or-unknown-field", "api-unknown-field"),
    ),
    Mistake(
        "a number in quotes as port",
        "NetworkPolicy",
        r"port: (\d{4,5})",
        r'port: "\1"',
        rejected=True,
        rules=("netpol-quoted-numeric-port", "netpol-port-invalid", "api-invalid"),
    ),
    Mistake(
        "a CIDR with host bits",
        "NetworkPolicy",
        r"10\.0\.0\.0/8",
        r"10.0.0.1/8",
        rejected=True,
        rules=("netpol-cidr-host-bits", "api-invalid"),
    ),
    Mistake(
        "nodePort out of range",
        "Service",
        r"  type: ClusterIP\n((?:.*\n)*?)      port: 80\b",
        r"  type: NodePort\n\1      nodePort: 29999\n      port: 80",
        rejected=True,
        rules=("service-node-port-out-of-range", "api-invalid"),
    ),
    Mistake(
        "a selector with matchLabels in a Service",
        "Service",
        r"  selector:\n    (.*)\n    (.*)\n",
        r"  selector:\n    matchLabels:\n      \1\n      \2\n",
        rejected=True,
        rules=("service-selector-shape", "api-type"),
    ),
    Mistake(
        "a targetPort that no container names",
        "Service",
        r"targetPort: http\n",
        r"targetPort: https\n",
        rejected=False,
        rules=("service-named-target-port-missing",),
    ),
    Mistake(
        "a duplicate key",
        "Service",
        r"  selector:\n(    .*\n    .*\n)",
        r"  selector:\n\1  selector:\n\1",
        rejected=True,
        rules=("api-duplicate-key",),
    ),
    Mistake(
        "pathType in lower case",
        "Ingress",
        r"pathType: Prefix",
        r"pathType: prefix",
        rejected=True,
        rules=("ingress-path-type-invalid", "api-not-supported"),
    ),
)
