"""The label by which policies ask for namespaces is counted, and the finding gives the numbers."""

from __future__ import annotations

from manifests import namespace, policy, sources, together

from k8snetlint import Config, Severity, lint

NAMES = ("cart", "ledger", "mail", "orders", "payments", "reports", "search", "stock", "users")


def asking(name: str, team: str) -> str:
    peer = f"namespaceSelector: {{matchLabels: {{team: {team}}}}}"
    return policy(name=name, namespace="ns-cart", peer=peer)


def test_the_numbers_are_in_the_message() -> None:
    files = {f"{name}.yaml": together(namespace(f"ns-{name}", f"team: {name}"), asking(name, name)) for name in NAMES}
    files["lost.yaml"] = asking("lost", "warehouse")
    (finding,) = lint(sources(files), Config()).findings

    assert (finding.id, finding.severity) == ("netpol-peer-selects-nothing", Severity.WARNING)
    assert (finding.path, finding.start.line) == ("lost.yaml", 9)
    assert finding.message == (
        "namespaceSelector team=warehouse matches no namespace; "
        "9 of the 10 values that policies use for team match a Namespace"
    )
