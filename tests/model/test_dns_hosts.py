"""Host names in texts."""

from __future__ import annotations

import pytest

from k8snetlint.model.dns_hosts import uses_in


def hosts(text: str, *, named: bool = False) -> list[tuple[str, int | None, str]]:
    found = list(uses_in((), text, named))
    assert all(text.startswith(each.host, each.start) for each in found)
    return [(each.host, each.port, each.scheme) for each in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("http://web:8080/x", [("web", 8080, "http")], id="a URL"),
        pytest.param("https://web/x", [("web", 443, "https")], id="the usual port of a scheme"),
        pytest.param("redis://:pw@cache.data", [("cache.data", None, "redis")], id="a password"),
        pytest.param("kafka://a-0.a:9,a-1.a:9", [("a-0.a", 9, "kafka"), ("a-1.a", 9, "kafka")], id="several hosts"),
        pytest.param(
            "http://a.b.svc,http://c.d.svc:90", [("a.b.svc", 80, "http"), ("c.d.svc", 90, "http")], id="several URLs"
        ),
        pytest.param("jdbc:postgresql://db.prod.svc:5432/x", [("db.prod.svc", 5432, "postgresql")], id="JDBC"),
        pytest.param("connect web.prod.svc:80.", [("web.prod.svc", 80, "")], id="in a sentence"),
        pytest.param("ask 10-1-2-3.prod.pod.cluster.local", [("10-1-2-3.prod.pod.cluster.local", None, "")], id="pod"),
        pytest.param("http://web.${NS}.svc.cluster.local:80", [], id="a placeholder in a name"),
        pytest.param("http://${NAME}.prod.svc", [], id="a placeholder before it"),
        pytest.param("http://web{{ suffix }}/", [], id="a template"),
        pytest.param("http://web:${PORT}/", [("web", None, "http")], id="a placeholder for the port"),
        pytest.param("# http://web\nurl: http://api # http://db\n", [("api", 80, "http")], id="comments"),
        pytest.param("https://www.example.com/a.b.svc", [("a.b.svc", None, "")], id="a host of the internet"),
        pytest.param("*.web.prod.svc,.svc,.cluster.local", [], id="patterns of certificates and proxies"),
        pytest.param("--db-host=db", [("db", None, "")], id="an argument"),
        pytest.param("server api:8080;", [("api", 8080, "")], id="a word with a port"),
        pytest.param("['api:80', \"web.prod:81\"]", [("api", 80, ""), ("web.prod", 81, "")], id="words in quotes"),
        pytest.param("user:pw@tcp(db:3306)/x", [("db", 3306, "")], id="a word in brackets"),
        pytest.param("image: api:1.25 sha256:1234567", [], id="tags of images"),
        pytest.param("port: 8080, 10:30 x:1 1.2.3.4:8080 A:80 ${X}api:80 a.b.c:80", [], id="other words with a colon"),
        pytest.param("web", [], id="a word"),
        pytest.param("http://[::1]:80", [], id="an IPv6 address"),
    ],
)
def test_uses_in(text: str, expected: list[tuple[str, int | None, str]]) -> None:
    assert hosts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("db", [("db", None)]),
        ("db:5432", [("db", 5432)]),
        ("k-0.k:9092, k-1.k:9092", [("k-0.k", 9092), ("k-1.k", 9092)]),
        ("some words", []),
        ("$(HOST)", []),
    ],
)
def test_the_value_of_a_variable_for_a_host(text: str, expected: list[tuple[str, int | None]]) -> None:
    assert [each[:2] for each in hosts(text, named=True)] == expected
