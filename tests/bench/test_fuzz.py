"""What the fuzzer expects of us where the program that it asks serves no kind, and what it does not compare."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from oracle import Verdict

BENCH = Path(__file__).resolve().parents[2] / "bench"
OBJECT = "apiVersion: {}\nkind: {}\nmetadata:\n  name: web\n"
NONE: frozenset[tuple[str, str]] = frozenset()


@pytest.fixture(autouse=True)
def bench(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCH)


def unserved(api_version: str, kind: str) -> Verdict:
    """Return what the program says of a kind that it does not serve."""
    from oracle import Verdict

    detail = f'no matches for kind "{kind}" in version "{api_version}"'
    cause = ("apiVersion", "NoMatch")
    return Verdict(accepted=False, causes=frozenset({cause}), details=frozenset({(*cause, detail)}), warnings=())


@pytest.mark.parametrize(
    ("api_version", "kind", "served"),
    [
        pytest.param("v1", "ConfigMap", True, id="Kubernetes has it, the program does not"),
        pytest.param("rbac.authorization.k8s.io/v1", "Role", True, id="the same in another group"),
        pytest.param("projectcalico.org/v3", "NetworkPolicy", True, id="a group of others"),
        pytest.param("serving.knative.dev/v1", "Service", True, id="a group of others with a core kind"),
        pytest.param("example.org/v1", "Widget", True, id="a kind of others"),
        pytest.param("acme/v1", "Rule", True, id="a short kind in a group without a dot"),
        pytest.param("apps/v1", "Service", False, id="a group of Kubernetes that lacks the kind"),
        pytest.param("apps/v1beta1", "Deployment", False, id="a version that is removed"),
        pytest.param("v1", "Servce", False, id="a typo in the kind"),
        pytest.param("v2", "Note", False, id="no group, and not v1"),
        pytest.param("networkin.k8s.io/v1", "NetworkPolicy", False, id="two edits"),
        pytest.param("k8s.io/v1", "NetworkPolicy", False, id="the first label is missing"),
        pytest.param("net.k8s.io/v1", "Ingress", False, id="the first label is wrong"),
        pytest.param("apps.k8s.io/v1", "Deployment", False, id="more than the group"),
        pytest.param("core/v1", "Service", False, id="what the core group is called"),
        pytest.param("acme/v1", "DaemonSet", False, id="a group without a dot"),
        pytest.param("Example.org/v1", "Widget", False, id="an upper-case letter"),
        pytest.param("example.org/v1", "Wid get", False, id="a kind that is no name"),
        pytest.param("a.example.org/b/v1", "Widget", False, id="two slashes"),
    ],
)
def test_what_is_expected_follows_from_the_documented_design(api_version: str, kind: str, *, served: bool) -> None:
    from fuzz_spelling import expected, may_be_served
    from oracle import SINGLE_STACK, ours

    assert may_be_served(api_version, kind) is served
    text = OBJECT.format(api_version, kind)
    ((wanted,), (said,)) = expected(text, [unserved(api_version, kind)]), ours(text, SINGLE_STACK)
    assert (wanted.judged, wanted.causes == NONE) == (not served, served)
    assert (said.judged, said.causes == NONE) == (not served, served)


def test_a_list_that_kubectl_cannot_read_is_a_parse_error() -> None:
    from fuzz_spelling import expected
    from oracle import ours

    text = "apiVersion: v1\nkind: List\nitems: [a]\n"
    (wanted,) = expected(text, [unserved("v1", "List")])
    assert wanted.causes == {("", "ParseError")}
    assert [each.causes for each in ours(text)] == [wanted.causes]
    empty = "apiVersion: v1\nkind: List\n"
    assert expected(empty, [unserved("v1", "List")]) == [unserved("v1", "List")]


@pytest.mark.parametrize(
    ("text", "skipped"),
    [
        pytest.param(OBJECT.format("core/v1", "Service"), False, id="a misspelt apiVersion is compared"),
        pytest.param("apiVersion: v1\nkind: ServiceList\nitems: [{metadata: {}}]\n", False, id="so is a typed List"),
        pytest.param("apiVersion: v1\nkind: ServiceList\nitems: [{kind: Service}]\n", True, id="an item with half"),
        pytest.param("kind: List\nitems: []\n", True, id="a List without an apiVersion"),
        pytest.param("--- a\nb: c\n", True, id="text behind the separator"),
        pytest.param("  a: b\n- c\n- '\x7f'\n", True, id="a control character that is not read"),
        pytest.param("  a: b\n  c: '\x7f'\n", False, id="and one that is"),
    ],
)
def test_what_is_not_compared(text: str, *, skipped: bool) -> None:
    from fuzz_spelling import is_no_matter

    assert is_no_matter(text) is skipped
