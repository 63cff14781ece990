"""What the API server sees in a scalar: the answers are those of sigs.k8s.io/yaml 1.6.0 (Kubernetes 1.37)."""

from __future__ import annotations

import math

import pytest

from k8snetlint.source.scalars import ScalarError, resolve, resolve_key, resolve_tagged

VALUES: list[tuple[str, object]] = [
    *((text, True) for text in "y Y yes Yes YES true True TRUE on On ON".split()),
    *((text, False) for text in "n N no No NO false False FALSE off Off OFF".split()),
    *(
        (text, text)
        for text in "yEs tRUE nULL oN _1 0x 0b2 0o8 0.1.2 1,000 1e = . + 1e400 ._5 1_000: .e1 0x1p4".split()
    ),
    *((text, None) for text in ("~", "null", "Null", "NULL", "")),
    ("0120", 80),
    ("00", 0),
    ("07", 7),
    ("0o120", 80),
    ("0O120", 80),
    ("0x50", 80),
    ("0X50", 80),
    ("0b11", 3),
    ("0B11", 3),
    ("-0b11", -3),
    ("+0b11", 3),
    ("+0x50", 80),
    ("-0o17", -15),
    ("+80", 80),
    ("-0", 0),
    ("08", 8),
    ("089", 89),
    ("0080", 80),
    ("0_7", 7),
    ("8_080", 8080),
    ("1__0", 10),
    ("80_", 80),
    ("1e3_0", 10**30 * 1.0),
    ("0.0_1", 0.01),
    ("8e3", 8000),
    ("12e04", 120000),
    ("8E3", 8000),
    ("8e+3", 8000),
    ("80.", 80),
    ("80.0", 80),
    ("80.5", 80.5),
    (".5", 0.5),
    (".5_0", 0.5),
    ("-.5", -0.5),
    ("1e-7", 1e-7),
    ("1e20", 10**20),
    ("1e21", 1e21),
    ("9223372036854775807", 2**63 - 1),
    ("9223372036854775808", 2**63),
    ("18446744073709551615", 2**64 - 1),
    ("18446744073709551616", 18446744073709552000),
    ("-9223372036854775809", -9223372036854776000),
    ("0xfffffffffffffffff", "0xfffffffffffffffff"),
    ("1:30", "1:30"),
    ("22:22", "22:22"),
    ("22:22:22", "22:22:22"),
    ("2024-05-01", "2024-05-01"),
    ("2001-99-99", "2001-99-99"),
    ("2024-05-01T10:00:00Z", "2024-05-01T10:00:00Z"),
    ("10.0.0.0/8", "10.0.0.0/8"),
    ("<<", "<<"),
]


@pytest.mark.parametrize(("text", "value"), VALUES, ids=[text or "(empty)" for text, _ in VALUES])
def test_a_plain_scalar_is_what_the_server_sees(text: str, value: object) -> None:
    seen = resolve(text)

    assert (seen, type(seen)) == (value, type(value))


@pytest.mark.parametrize("text", ".inf .Inf .INF +.inf +.Inf +.INF -.inf -.Inf -.INF .nan .NaN .NAN".split())
def test_infinities_are_no_json(text: str) -> None:
    seen = resolve(text)

    assert isinstance(seen, float)
    assert not math.isfinite(seen)


def test_an_integer_of_5000_digits_is_no_integer_of_python() -> None:
    assert resolve("9" * 5000) == "9" * 5000


KEYS: list[tuple[str, str | None]] = [
    ("app", "app"),
    ("on", "true"),
    ("y", "true"),
    ("no", "false"),
    ("010", "8"),
    ("0x10", "16"),
    ("1e3", "1000"),
    ("1E6", "1e+06"),
    ("1.5", "1.5"),
    ("0.1", "0.1"),
    ("98e14", "9.8e+15"),
    ("1e308", ".inf"),
    (".inf", ".inf"),
    ("-.inf", "-.inf"),
    (".nan", ".nan"),
    ("5e-324", "0"),
    ("-0.0", "-0"),
    ("9223372036854775807", "9223372036854775807"),
    ("9223372036854775808", None),
    ("~", None),
    ("", None),
    ("2024-05-01", "2024-05-01"),
]


@pytest.mark.parametrize(("text", "key"), KEYS, ids=[text or "(empty)" for text, _ in KEYS])
def test_a_plain_key_becomes_a_string(text: str, key: str | None) -> None:
    assert resolve_key(text) == key


TAG = "tag:yaml.org,2002:"
TAGGED: list[tuple[str, str, object]] = [
    ("str", "1", "1"),
    ("int", "3", 3),
    ("int", "0x10", 16),
    ("float", "3", 3),
    ("float", "3.5", 3.5),
    ("bool", "yes", True),
    ("null", "~", None),
    ("timestamp", "2024-05-01", "2024-05-01"),
    ("binary", "aGk=", "hi"),
]


@pytest.mark.parametrize(("tag", "text", "value"), TAGGED, ids=[f"{tag} {text}" for tag, text, _ in TAGGED])
def test_a_tag_decides_the_type(tag: str, text: str, value: object) -> None:
    seen = resolve_tagged(TAG + tag, text)

    assert (seen, type(seen)) == (value, type(value))


@pytest.mark.parametrize("tag", ["!vault", "!", TAG + "python/object:os.system"])
def test_an_unknown_tag_is_text(tag: str) -> None:
    assert resolve_tagged(tag, "80") == "80"


@pytest.mark.parametrize(
    ("tag", "text", "message"),
    [
        ("int", "abc", "cannot decode !!str `abc` as a !!int"),
        ("int", "1.5", "cannot decode !!float `1.5` as a !!int"),
        ("int", "2024-05-01", "cannot decode !!str `2024-05-01` as a !!int"),
        ("float", "9223372036854775808", "cannot decode !!int `9223372036854775808` as a !!float"),
        ("bool", "1", "cannot decode !!int `1` as a !!bool"),
        ("null", "x", "cannot decode !!str `x` as a !!null"),
        ("binary", "a$", "!!binary value contains invalid base64 data"),
    ],
)
def test_a_tag_that_does_not_fit_is_an_error(tag: str, text: str, message: str) -> None:
    with pytest.raises(ScalarError) as caught:
        resolve_tagged(TAG + tag, text)

    assert str(caught.value) == message
