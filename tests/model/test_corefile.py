"""Configurations of CoreDNS."""

from __future__ import annotations

import pytest

from k8snetlint.model.corefile import address_of, parse_corefile

TEXT = """\
(log) {
    errors
}
.:53 {
    import log
    import custom/*.override
    kubernetes cluster.local in-addr.arpa { # comment
        pods insecure
        fallthrough in-addr.arpa
    }
    template IN A {
        match "^x { y"
    }
    forward . /etc/resolv.conf
}
example.org, foo.example:1053 dns://bar.example {
    forward . 127.0.0.1:5301
}
"""


def test_blocks_plugins_snippets_and_imports() -> None:
    found = parse_corefile(TEXT)

    first, second = found.servers
    assert found.error is None
    assert [(each.name, each.port) for each in first.zones] == [("", 53)]
    assert [(each.name, each.port) for each in second.zones] == [
        ("example.org", 53),
        ("foo.example", 1053),
        ("bar.example", 53),
    ]
    assert [each.name.text for each in first.plugins] == ["errors", "kubernetes", "template", "forward"]
    assert [each.text for each in first.plugins[1].arguments] == ["cluster.local", "in-addr.arpa"]
    assert [[word.text for word in line] for line in first.plugins[2].lines] == [["match", "^x { y"]]
    assert [each.text for each in found.imports] == ["custom/*.override"]
    for plugin in (*first.plugins, *second.plugins):
        assert TEXT.startswith(plugin.name.text, plugin.name.start)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        pytest.param(".:53 {\n    errors\n", 5, id="a block is not closed"),
        pytest.param(".:53 {\n    health {\n    }\n", 5, id="only the inner block is closed"),
        pytest.param(".:53 {\n}\n}\n", 9, id="one brace too many"),
        pytest.param(".:53\n{\n}\n", 0, id="the brace is on a line of its own"),
    ],
)
def test_not_well_formed(text: str, start: int) -> None:
    error = parse_corefile(text).error

    assert error is not None
    assert error[0].start == start


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("127.0.0.1", ("127.0.0.1", 53)),
        ("dns://10.0.0.1:1053", ("10.0.0.1", 1053)),
        ("[::1]:54", ("::1", 54)),
        ("::1", ("::1", 53)),
        ("/etc/resolv.conf", None),
        ("tls://9.9.9.9", None),
    ],
)
def test_address_of(target: str, expected: tuple[str, int] | None) -> None:
    assert address_of(target) == expected
