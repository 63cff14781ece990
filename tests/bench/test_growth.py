"""The work of a check grows linearly with its input. Counted, not timed: it holds on a machine under any load."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from k8snetlint import Config, Source, lint

if TYPE_CHECKING:
    from collections.abc import Callable

    from k8snetlint.finding import Report

BENCH = Path(__file__).resolve().parents[2] / "bench"
sys.path.insert(0, str(BENCH))  # the rows name the tests
try:
    import growth_texts
    from counting import LimitReachedError, count
    from growth import HOPELESS, LIMIT, ROWS, Counts, Row, counts, line
    from growth_manifests import Names
finally:
    sys.path.remove(str(BENCH))

BY_NAME = {row.name: row for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_work_grows_linearly(row: Row) -> None:
    found = counts(row.n, row.work)

    assert found.holds, line(row, found)


def linear(n: int) -> int:
    total = 0
    for number in range(n):
        total += number
    return total


def linear_with_searches(n: int) -> None:
    """Ten lines for each item, and a search by halves."""
    for _ in range(n):
        for _ in range(8):
            pass
        low, high = 0, n
        while low < high:
            high = (low + high) // 2


def quadratic(n: int) -> None:
    for _ in range(n):
        for _ in range(n):
            pass


def quadratic_in_a_generator_expression(n: int) -> bool:
    items = list(range(n))
    return any(any(other < 0 for other in items) for _ in items)


def quadratic_in_a_comprehension(n: int) -> list[list[int]]:
    items = list(range(n))
    return [[other for other in items if other == item] for item in items]


def quadratic_in_a_key_function(n: int) -> None:
    for _ in range(n):
        sorted(range(n), key=lambda item: -item)


def a_quadratic_tenth(n: int) -> None:
    """At n = 100 a seventh of the lines are quadratic."""
    for _ in range(n):
        for _ in range(2000):
            pass
        _ = any(other < 0 for other in range(n))


def grown(function: Callable[[int], object], n: int) -> Counts:
    return counts(n, lambda size: lambda: function(size))


@pytest.mark.parametrize(("function", "n"), [(linear, 50), (linear_with_searches, 500)])
def test_linear_work_holds(function: Callable[[int], object], n: int) -> None:
    found = grown(function, n)

    assert found.holds
    assert found.growth == pytest.approx(4, rel=0.15)


@pytest.mark.parametrize(
    ("function", "least"),
    [
        pytest.param(quadratic, 14, id="in two loops"),
        pytest.param(quadratic_in_a_generator_expression, 14, id="in a generator expression"),
        pytest.param(quadratic_in_a_comprehension, 14, id="in a comprehension"),
        pytest.param(quadratic_in_a_key_function, 14, id="in a function that C code calls"),
        pytest.param(a_quadratic_tenth, LIMIT, id="in a part of the work"),
    ],
)
def test_quadratic_work_does_not_hold(function: Callable[[int], object], least: float) -> None:
    found = grown(function, 100)

    assert not found.holds
    assert found.growth > least


def test_a_fixed_cost_hides_no_growth() -> None:
    def with_fixed_cost(n: int) -> None:
        linear(100_000)
        quadratic(n)

    found = grown(with_fixed_cost, 20)

    assert (found.large or 0) < 2 * found.small
    assert not found.holds


def test_imports_and_caches_do_not_count() -> None:
    known: set[int] = set()

    def with_a_first_time(n: int) -> None:
        if not known:
            known.update([each for each in range(10_000)])  # noqa: C416 - each item has to count
        linear(n)

    found = grown(with_a_first_time, 50)

    assert found.growth == pytest.approx(4)
    assert found.fixed < 100


def test_the_same_work_counts_the_same() -> None:
    assert count(lambda: quadratic(30)) == count(lambda: quadratic(30)) > 900


def test_a_count_stops_at_its_limit_and_nothing_holds_it_back() -> None:
    done = []

    def stubborn() -> None:
        try:
            quadratic(1000)
        except Exception:  # noqa: BLE001 - as the run catches what a rule raises
            done.append("caught")

    before = sys.gettrace()
    with pytest.raises(LimitReachedError):
        count(stubborn, 5_000)

    assert done == []
    assert sys.gettrace() is before


def test_work_that_is_not_finished_does_not_hold() -> None:
    found = grown(lambda n: linear(2**n), 5)

    assert found.large is None
    assert not found.holds
    assert HOPELESS > 16, "quadratic work is finished, so that the table has its numbers"


def test_no_name_of_a_run_helps_another() -> None:
    row = ROWS[0]
    names = [{name for name, _ in each} for each in (row.files(30), row.files(60), ROWS[1].files(30))]

    assert names[0].isdisjoint(names[1])
    assert names[0].isdisjoint(names[2])


def test_rows_are_listed_once() -> None:
    assert [name for name, times in Counter(row.name for row in ROWS).items() if times > 1] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_input_of_a_row_is_the_same_again_and_grows_linearly(row: Row) -> None:
    files = row.files(6)
    names = [name for name, _ in files]
    sizes = [sum(len(name) + len(text) for name, text in row.files(n)) for n in (6, 12, 24)]

    assert row.files(6) == files
    assert len(set(names)) == len(names)
    assert sizes[1] > sizes[0]
    assert sizes[2] - sizes[1] == pytest.approx(2 * (sizes[1] - sizes[0]), rel=0.1)


def checked(row: str, n: int = 6) -> Report:
    files = BY_NAME[row].make(n, Names("checked", row))
    return lint([Source.of(name, text) for name, text in files], Config())


@pytest.mark.parametrize(
    ("row", "finding", "times"),
    [
        ("misspelt podSelectors among n workloads", "netpol-selects-no-pod", 6),
        ("misspelt Services among n workloads", "service-selector-matches-nothing", 6),
        ("n Namespaces, n misspelt namespaceSelectors", "netpol-peer-selects-nothing", 6),
        ("a misspelt value of 10 n letters", "netpol-selects-no-pod", 1),
        ("fixes in one document", "service-quoted-target-port", 6),
        ("ids of one comment", "ignore-unknown-rule", 3),
        ("malformed comments of one file", "ignore-malformed", 6),
        ("labels of a selector without matchLabels", "workload-selector-missing-match-labels", 1),
        ("duplicate keys in one mapping", "api-duplicate-key", 6),
        ("one key n times in one mapping", "api-duplicate-key", 5),
        ("definitions of one object in one file", "manifest-duplicate-object", 5),
        ("n Services that select n Jobs as well", "service-selector-too-broad", 6),
        ("n Rollouts and Services that select otherwise", "service-selector-matches-nothing", 6),
        ("n Services that map ports of n workloads", "service-target-port-is-service-port", 2),
        ("n Services that map ports of n workloads", "service-named-target-port-missing", 1),
        ("n Services with ignored fields", "service-external-name-is-ip", 2),
        ("n EndpointSlices and their Services", "service-endpointslice-unbound", 6),
        ("n Services whose variables images read", "service-link-env-collision", 6),
        ("n Services whose variables images read", "workload-host-alias-shadows-service", 6),
        ("n DaemonSets with one host port", "workload-host-port-conflict", 5),
        ("n policies for n workloads on the host network", "netpol-selects-host-network-pods", 6),
        ("n probes of undeclared ports", "workload-probe-port-undefined", 6),
        ("findings that replace others in one file", "netpol-quoted-numeric-port", 6),
        ("misspelt Services of n Ingresses", "ingress-backend-service-missing", 6),
        ("wrong ports of n Ingresses", "ingress-backend-port-missing", 12),
        ("n Ingresses to names outside", "ingress-backend-external-name", 6),
        ("misspelt classes of n Ingresses", "ingress-class-unknown", 6),
        ("regular expressions of n Ingresses of one host", "ingress-rewrite-group-missing", 6),
        ("n Ingresses with literal expressions", "ingress-regex-not-enabled", 6),
        ("n Ingresses with the same path", "ingress-duplicate-host-path", 5),
        ("hosts of an Ingress", "ingress-tls-host-mismatch", 12),
        ("Secrets of n Ingresses", "ingress-tls-secret-missing", 6),
        ("n applications that policies forgot", "netpol-pod-not-isolated", 6),
        ("n policies for addresses of clients", "netpol-ipblock-behind-snat", 6),
        ("n policies for DNS on another port", "netpol-dns-targets-service-port", 6),
        ("n Ingresses that policies close to Cilium", "netpol-cilium-ingress-identity", 6),
        ("n workloads on a secondary network", "netpol-secondary-network", 6),
        ("n policies with a port that nothing mentions", "netpol-port-not-exposed", 6),
        ("words with ports in one text", "dns-service-not-found", 6),
        ("n ConfigMaps without a namespace", "dns-service-not-found", 6),
        ("n default IngressClasses", "ingress-several-default-classes", 5),
        ("ports of a Service for two protocols", "service-same-port-two-protocols", 1),
        ("unknown host names beside known ones", "dns-service-not-found", 6),
        ("misspelt short host names among n Services", "dns-service-not-found", 6),
    ],
)
def test_a_row_has_the_mistakes_that_it_is_about(row: str, finding: str, times: int) -> None:
    found = Counter(each.id for each in checked(row).findings)

    assert found[finding] == times


@pytest.mark.parametrize("row", ["comments in one document", "comments above documents of one file"])
def test_comments_accept_what_is_found(row: str) -> None:
    report = checked(row)

    assert report.findings == ()
    assert len(report.suppressed) >= 6


@pytest.mark.parametrize(
    "row",
    [
        *("documents that go together", "policies", "workloads", "Services", "Namespaces", "labels of a pod"),
        *("everything matches", "n policies on the same n workloads", "n Services on the same n workloads"),
        *("StatefulSets and their Services", "kustomizations in a chain", "variants of a folder"),
        *("merge keys in a chain", "layers of a kustomization diamond", "components of a kustomization"),
    ],
)
def test_a_row_without_mistakes_has_none(row: str) -> None:
    # With few workloads, five policies isolate nearly all of them; two policies of one application may say the same.
    found = {each.id for each in checked(row, 12).findings}
    assert found <= {"netpol-duplicate-or-redundant-policy"}


def test_the_scopes_of_a_row_are_those_that_it_is_about() -> None:
    assert len(checked("overlays of a base of 20 policies", 3).scopes) == 3
    assert len(checked("4 overlays of a base of n policies", 3).scopes) == growth_texts.OVERLAYS
    assert len(checked("kustomizations in a chain", 5).scopes) == 1
    assert len(checked("components of a kustomization", 5).scopes) == 1
