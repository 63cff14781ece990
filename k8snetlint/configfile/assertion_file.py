"""The text of a test file becomes assertions, or all that is wrong with it at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from k8snetlint.configfile.as_yaml import read
from k8snetlint.configfile.parse import ConfigErrors
from k8snetlint.configfile.table import Fault, Table, near
from k8snetlint.connectivity.assertions import UNSEEN, Expected, Isolated, Only, Reaches, Selects, parse_port
from k8snetlint.connectivity.profiles import parse_cni
from k8snetlint.connectivity.query import parse_peer
from k8snetlint.model.environment import parse_namespace
from k8snetlint.model.networkpolicy import Direction
from k8snetlint.source.escape import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from k8snetlint.connectivity.assertions import Assertion
    from k8snetlint.connectivity.query import PeerQuery

_TOP = ("manifests", "namespace", "whole-cluster", "cni", "tests")
_FORMS = {
    "expect": ("name", "from", "to", "port", "expect"),
    "only": ("name", "to", "port", "only"),
    "isolated": ("name", "pods", "isolated"),
    "selects": ("name", "policy", "selects"),
}
"""The keys of each kind of assertion, by the one that only this kind has."""
_ISOLATED = {
    "ingress": frozenset({Direction.INGRESS}),
    "egress": frozenset({Direction.EGRESS}),
    "both": frozenset(Direction),
    "none": frozenset[Direction](),
}

_NAMES = 3
"""So many peers are part of the name of an assertion."""

_Value = TypeVar("_Value")


class NamedAssertion(NamedTuple):
    """An assertion, what it is called, and its line."""

    name: str
    line: int
    assertion: Assertion


class AssertionFile(NamedTuple):
    """What a test file says.

    Attributes:
        manifests: files and folders, relative to its folder; empty if it names none.
        namespace, whole_cluster, cni: as the options of the same names; None where it says nothing.
        tests: the assertions, in order.
    """

    manifests: tuple[str, ...]
    namespace: str | None
    whole_cluster: bool | None
    cni: str | None
    tests: tuple[NamedAssertion, ...]


def parse_assertions(text: str, name: str) -> AssertionFile:
    """Return what a test file says.

    Args:
        text: what is in the file.
        name: what the file is called in errors.

    Raises:
        ConfigErrors: anything in it is wrong.
    """
    values, positions, wrong = read(text.removeprefix("\ufeff"))
    if wrong:
        raise ConfigErrors([escape(f"{name}:{at.line}:{at.column}: {message}") for at, message in wrong])
    top = Table((), values, [])
    _refuse_unknown(top, _TOP)
    if "tests" not in values:
        top.fault("tests", "the file has no `tests`")
    listed = values.get("tests", [])
    if not isinstance(listed, list):
        top.fault("tests", "`tests`: expected a list")
        listed = []
    tests = []
    for index, each in enumerate(listed):
        if not isinstance(each, dict):
            top.fault(
                ("tests", index), f"`tests[{index}]`: expected a mapping with `expect`, `only`, `isolated` or `selects`"
            )
            continue
        table = Table(("tests", index), each, top.faults)
        assertion = _assertion(table)
        if assertion is not None:
            line = positions.of(table.path, value=True).line
            tests.append(NamedAssertion(table.text("name") or _title(each), line, assertion))
    cni, namespace = top.text("cni"), top.text("namespace")
    file = AssertionFile(
        _texts(top, "manifests"),
        None if namespace is None else top.understood("namespace", namespace, parse_namespace),
        top.flag("whole-cluster"),
        None if cni is None else top.understood("cni", cni, parse_cni),
        tuple(tests),
    )
    if top.faults:
        placed = sorted({(positions.of(each.path, value=each.value), each.message) for each in top.faults})
        raise ConfigErrors([escape(f"{name}:{at.line}:{at.column}: {message}") for at, message in placed])
    return file


def _assertion(table: Table) -> Assertion | None:
    forms = [each for each in _FORMS if each in table.values]
    if len(forms) != 1:
        known = tuple(dict.fromkeys(key for keys in _FORMS.values() for key in keys))
        _refuse_unknown(table, known)
        if not any(key not in known for key in table.values):
            table.fault((), "an assertion has one of `expect`, `only`, `isolated` and `selects`")
        return None
    form = forms[0]
    _refuse_unknown(table, _FORMS[form])
    before = len(table.faults)
    missing = [each for each in _FORMS[form] if each not in ("name", "port", form) and each not in table.values]
    if missing:
        table.fault((), f"an assertion with `{form}` needs `{missing[0]}`")
        return None
    found = _READERS[form](table)
    return found if len(table.faults) == before else None


def _expect(table: Table) -> Assertion:
    expected = _one_of(table, "expect", {each.value: each for each in Expected})
    ports = _each(table, "port", parse_port)
    return Reaches(_peers(table, "from"), _texts(table, "to"), ports, expected or Expected.ALLOW)


def _only(table: Table) -> Assertion:
    peers = _each(table, "only", lambda text: text if text == UNSEEN else parse_peer(text))
    shown = tuple(each for each in peers if not isinstance(each, str))
    return Only(shown, _texts(table, "to"), _each(table, "port", parse_port), UNSEEN in peers)


def _isolated(table: Table) -> Assertion:
    return Isolated(_peers(table, "pods"), _one_of(table, "isolated", _ISOLATED) or frozenset())


def _selects(table: Table) -> Assertion:
    policy = table.text("policy") or ""
    namespace, _, name = policy.rpartition("/")
    if policy and ("/" in namespace or not name):
        table.fault("policy", f"`{policy}` is not a NetworkPolicy; write namespace/name")
    return Selects(namespace, name, _peers(table, "selects", empty=True))


_READERS: dict[str, Callable[[Table], Assertion]] = {
    "expect": _expect,
    "only": _only,
    "isolated": _isolated,
    "selects": _selects,
}


def _one_of(table: Table, key: str, known: dict[str, _Value]) -> _Value | None:
    text = table.text(key)
    if text is not None and text not in known:
        table.fault(key, f"`{key}`: expected one of {', '.join(known)}, got `{text}`{near(text, known)}")
    return known.get(text or "")


def _peers(table: Table, key: str, *, empty: bool = False) -> tuple[PeerQuery, ...]:
    found = _each(table, key, parse_peer)
    if not found and not empty and table.values.get(key) == []:
        table.fault(key, f"`{key}` is an empty list")
    return found


def _texts(table: Table, key: str) -> tuple[str, ...]:
    found = _each(table, key, str)
    if not found and table.values.get(key) == []:
        table.fault(key, f"`{key}` is an empty list")
    return found


def _each(table: Table, key: str, parsed: Callable[[str], _Value]) -> tuple[_Value, ...]:
    """Return what one text or number says, or each of a list."""
    value = table.values.get(key)
    single = isinstance(value, int) and not isinstance(value, bool)
    values = [value] if single else value
    if isinstance(values, list):
        texts = [str(each) if isinstance(each, int) and not isinstance(each, bool) else each for each in values]
        inside = Table(table.path, {key: texts}, table.faults)
        items = inside.items(key, single=True)
    else:
        items = table.items(key, single=True)
    understood = [table.understood(path, text, parsed) for path, text in items or ()]
    return tuple(each for each in understood if each is not None)


def _refuse_unknown(table: Table, known: Sequence[str]) -> None:
    for key in table.values:
        if key not in known:
            hint = near(str(key), known) or f"; known keys: {', '.join(known)}"
            table.faults.append(Fault((*table.path, key), f"unknown key `{key}`{hint}", value=False))


def _title(values: dict[str, object]) -> str:
    """Return what an assertion without a name is called."""

    def text(key: str) -> str:
        value = values.get(key)
        if not isinstance(value, list):
            return str(value)
        more = [f"{len(value) - _NAMES} more"] if len(value) > _NAMES + 1 else []
        return ", ".join([*map(str, value[:_NAMES] if more else value), *more])

    on = f" on {text('port')}" if "port" in values else ""
    if "expect" in values:
        return f"{text('from')} -> {text('to')}{on}: {text('expect')}"
    if "only" in values:
        return f"only {text('only') or 'nobody'} -> {text('to')}{on}"
    if "isolated" in values:
        return f"{text('pods')} isolated: {text('isolated')}"
    return f"NetworkPolicy {text('policy')} selects {text('selects') or 'nothing'}"
