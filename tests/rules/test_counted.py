"""The label by which policies ask for namespaces is counted, and the finding gives the numbers."""

from __future__ import annotations

from k8snetlint import Config, Severity, Source, lint

NAMES = ("cart", "ledger", "mail", "orders", "payments", "reports", "search", "stock", "users")


def namespace(name: str) -> str:
    return f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: ns-{name}, labels: {{team: {name}}}}}\n"


def policy(name: str, team: str) -> str:
    return (
        f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: {name}, namespace: ns-cart}}\n"
        "spec:\n  podSelector: {}\n  policyTypes: [Ingress]\n  ingress:\n  - from:\n    - namespaceSelector:\n"
        f"        matchLabels:\n          team: {team}\n"
    )


def test_the_numbers_are_in_the_message() -> None:
    files = {f"{name}.yaml": f"{namespace(name)}---\n{policy(name, name)}" for name in NAMES}
    files["lost.yaml"] = policy("lost", "warehouse")
    (finding,) = lint([Source.of(name, text) for name, text in files.items()], Config()).findings

    assert (finding.id, finding.severity) == ("netpol-peer-selects-nothing", Severity.WARNING)
    assert (finding.path, finding.start.line) == ("lost.yaml", 11)
    assert finding.message == (
        "namespaceSelector team=warehouse matches no namespace; "
        "9 of the 10 values that policies ask for under team have a Namespace"
    )
