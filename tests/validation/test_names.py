"""Names, labels and ports, as the API server takes them: at their limits, and against a naive reading of each rule."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from k8snetlint.validation import names

if TYPE_CHECKING:
    from collections.abc import Callable

    Check = Callable[[str], list[str]]

LOWER, ALPHANUMERIC = string.ascii_lowercase + string.digits, string.ascii_letters + string.digits
TEXTS = st.one_of(
    st.text(alphabet="aZ09-._/*% \né", max_size=12),
    st.builds(
        lambda letter, times, end: letter * times + end, st.sampled_from("aé1"), st.integers(0, 300), st.text("a-./")
    ),
)
LONG = {names.label: 63, names.label_1035: 63, names.subdomain: 253, names.port_name: 15, names.label_value: 63}
A_LABEL = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with "
    "an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
)


def is_label(text: str, letters: str = LOWER, inside: str = "-") -> bool:
    """Tell whether letters stand at both ends, and between them nothing else but what may."""
    ends = text[:1] + text[-1:]
    return bool(text) and all(each in letters for each in ends) and all(each in letters + inside for each in text)


def is_subdomain(text: str) -> bool:
    return all(map(is_label, text.split(".")))


def is_qualified(text: str) -> bool:
    prefix, slash, name = text.rpartition("/")
    fits = not slash or (is_subdomain(prefix) and len(prefix) <= 253)
    return fits and is_label(name, ALPHANUMERIC, "-_.") and len(name) <= 63


def is_port_name(text: str) -> bool:
    letters = any(each in string.ascii_lowercase for each in text)
    return is_label(text) and letters and "--" not in text and len(text) <= 15


NAIVE: dict[Check, Callable[[str], bool]] = {
    names.label: lambda text: is_label(text) and len(text) <= 63,
    names.label_1035: lambda text: is_label(text) and text[0] in string.ascii_lowercase and len(text) <= 63,
    names.subdomain: lambda text: is_subdomain(text) and len(text) <= 253,
    names.wildcard: lambda text: text[:2] == "*." and is_subdomain(text[2:]) and len(text) <= 253,
    names.label_key: is_qualified,
    names.label_value: lambda text: not text or (is_label(text, ALPHANUMERIC, "-_.") and len(text) <= 63),
    names.port_name: is_port_name,
    names.path_segment: lambda text: text not in (".", "..") and not {"/", "%"} & set(text),
}


@pytest.mark.parametrize("check", NAIVE, ids=lambda check: check.__name__)
@settings(max_examples=400, deadline=None)
@given(text=TEXTS)
def test_what_is_taken_is_what_the_rule_says(check: Check, text: str) -> None:
    assert (check(text) == []) is NAIVE[check](text)


@pytest.mark.parametrize(("check", "limit"), LONG.items(), ids=lambda each: getattr(each, "__name__", str(each)))
def test_a_text_may_have_so_many_bytes(check: Check, limit: int) -> None:
    assert check("a" * limit) == []
    (wrong,) = check("a" * (limit + 1))
    assert wrong.startswith(f"must be no more than {limit} ")
    # Two bytes in UTF-8, so that half as many letters are too many.
    assert check("é" * (limit // 2 + 1))[0] == wrong
    assert check("é" * (limit // 2))[0] != wrong


@pytest.mark.parametrize(
    ("check", "text", "said"),
    [
        pytest.param(names.label, "a.b", ["must not contain dots"], id="dots are named, where nothing else is wrong"),
        pytest.param(names.label, "A.b", [A_LABEL], id="but not where something is"),
        pytest.param(names.label, "a\n", [A_LABEL], id="a line end at the end is seen"),
        pytest.param(names.label_key, "/a", ["prefix part must be non-empty"], id="a prefix is not empty"),
        pytest.param(names.path_segment, "..", ["may not be '..'"], id="a path does not go up"),
        pytest.param(names.path_segment, "a/b%c", ["may not contain '/'", "may not contain '%'"], id="each is told"),
        pytest.param(
            names.port_name,
            "--",
            [
                "must contain at least one letter (a-z)",
                "must not contain consecutive hyphens",
                "must not begin or end with a hyphen",
            ],
            id="all that is wrong with the name of a port is told",
        ),
    ],
)
def test_what_is_said(check: Check, text: str, said: list[str]) -> None:
    assert check(text) == said


def test_an_empty_label_key_lacks_its_name() -> None:
    empty, pattern = names.label_key("")
    assert empty == "name part must be non-empty"
    assert pattern.startswith("name part must consist of alphanumeric characters")


def test_two_slashes_are_told_of_the_whole_key() -> None:
    (wrong,) = names.label_key("a/b/c")
    assert wrong.startswith("a valid label key must consist of alphanumeric characters")
    assert wrong.endswith(" with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')")


def test_a_label_may_be_longer_in_a_subdomain() -> None:
    assert names.subdomain("a" * 100 + ".b") == []


def test_only_search_paths_may_have_underscores() -> None:
    assert names.subdomain_with_underscore("_a.b_c") == []
    assert names.subdomain("_a.b_c") != []
    assert names.subdomain_with_underscore("a.b_") != []


@pytest.mark.parametrize(("number", "taken"), [(0, False), (1, True), (80.0, True), (65535, True), (65536, False)])
def test_ports(number: float, taken: bool) -> None:  # noqa: FBT001 - a parameter
    assert names.port_number(number) == ([] if taken else ["must be between 1 and 65535, inclusive"])


@pytest.mark.parametrize(
    ("prefix", "taken"),
    [
        pytest.param("web-", True, id="a dash at the end is followed by letters"),
        pytest.param("-", False, id="a dash alone is none at the end"),
        pytest.param("-web-", False, id="one at the start is wrong"),
        pytest.param("web--", True, id="so are two"),
        pytest.param("webA-", True, id="nor is the letter before the dash looked at"),
        pytest.param("weBa-", False, id="the one before that is"),
        pytest.param("a" * 64, False, id="a prefix is not too long itself"),
        pytest.param("a" * 63 + "-", True, id="the last letter is not counted"),
        pytest.param("a" * 64 + "-", False, id="one more is"),
    ],
)
def test_the_start_of_a_name_that_is_generated(prefix: str, taken: bool) -> None:  # noqa: FBT001 - a parameter
    assert (names.prefix_of(names.label)(prefix) == []) is taken
