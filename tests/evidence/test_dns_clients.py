"""Which names of the cluster pods resolve themselves."""

from __future__ import annotations

import json

import pytest

from k8snetlint import Config, Source, lint

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"


@pytest.mark.parametrize(
    ("command", "is_used"),
    [
        pytest.param("nslookup db.prod.svc.cluster.local", True, id="nslookup asks the resolver of the pod"),
        pytest.param("nslookup db.prod.svc.cluster.local >/dev/null", True, id="what follows is no server"),
        pytest.param("nslookup db.prod.svc.cluster.local 127.0.0.1 >/dev/null", False, id="nslookup asks a server"),
        pytest.param("nslookup -timeout=2 db.prod.svc.cluster.local 127.0.0.1:10053", False, id="behind an option"),
        pytest.param("nslookup db.prod.svc.cluster.local && curl a", True, id="another command follows"),
        pytest.param("host db.prod.svc.cluster.local ns1.example.com", False, id="host asks a server"),
        pytest.param("dig @10.96.0.10 db.prod.svc.cluster.local", False, id="dig asks a server"),
        pytest.param("dig db.prod.svc.cluster.local A @10.96.0.10", False, id="dig names the server last"),
        pytest.param("dig db.prod.svc.cluster.local; mail a@example.com", True, id="the server of another command"),
        pytest.param("curl http://db.prod.svc.cluster.local 127.0.0.1", True, id="another program"),
    ],
)
def test_a_look_up_at_a_named_server_does_not_use_the_resolver(command: str, is_used: object) -> None:
    pod = f"{POD}spec: {{dnsPolicy: Default, containers: [{{name: a, image: a, args: [{json.dumps(command)}]}}]}}\n"
    found = lint([Source.of("a.yaml", pod)], Config()).findings
    assert ["dns-policy-default" in {each.id for each in found}] == [is_used]
