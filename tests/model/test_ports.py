from __future__ import annotations

import pytest

from k8snetlint.model.ports import NamedPort, PortRange, Protocol, policy_ports


@pytest.mark.parametrize(
    ("port", "end_port", "protocol", "expected"),
    [
        pytest.param(80, None, None, PortRange(Protocol.TCP, 80, 80), id="one port of TCP"),
        pytest.param(80, 90, "UDP", PortRange(Protocol.UDP, 80, 90), id="endPort is included"),
        pytest.param(80, 80, "SCTP", PortRange(Protocol.SCTP, 80, 80), id="endPort may be the port"),
        pytest.param(80, 79, None, None, id="endPort below port"),
        pytest.param(None, None, "UDP", PortRange(Protocol.UDP, 1, 65535), id="every port of a protocol"),
        pytest.param(None, 90, None, None, id="endPort without port"),
        pytest.param("http", None, None, NamedPort(Protocol.TCP, "http"), id="a name"),
        pytest.param("http", 90, None, None, id="endPort behind a name"),
        pytest.param("", None, None, None, id="an empty name"),
        pytest.param(0, None, None, None, id="port 0"),
        pytest.param(65535, 65536, None, None, id="beyond the last port"),
        pytest.param(80, None, "tcp", None, id="protocols are upper case"),
        pytest.param(80, None, "", None, id="an empty protocol"),
    ],
)
def test_policy_ports(
    port: int | str | None, end_port: int | None, protocol: str | None, expected: PortRange | NamedPort | None
) -> None:
    assert policy_ports(port, end_port, protocol) == expected


def test_a_range_holds_both_ends() -> None:
    ports = PortRange(Protocol.TCP, 8000, 8002)

    assert [port for port in range(7998, 8005) if port in ports] == [8000, 8001, 8002]
