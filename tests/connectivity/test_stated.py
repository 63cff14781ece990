"""Connections that manifests state and that policies deny: what states one, who reads it, and what says it better."""

from __future__ import annotations

import pytest
from manifests import together

from k8snetlint import Config, Source, lint
from k8snetlint.edit.editor import apply_edits
from k8snetlint.finding import Severity

ID = "netpol-declared-connection-blocked"
DNS = "{ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]}"


def workload(name: str, container: str = "", spec: str = "", kind: str = "Deployment") -> str:
    return f"""\
apiVersion: apps/v1
kind: {kind}
metadata: {{name: {name}, namespace: shop}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      containers: [{{name: a, image: 'a/{name}:1'{", " + container if container else ""}}}]
      {spec}
"""


def env(name: str, value: str) -> str:
    return f"env: [{{name: {name}, value: '{value}'}}]"


def service(name: str = "db", more: str = "", port: int = 5432, target: str = "") -> str:
    to = f", targetPort: {target}" if target else ""
    ports = f"ports: [{{port: {port}{to}}}]"
    head = f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: shop}}\n"
    return f"{head}spec: {{selector: {{app: {name}}}, {ports}{more}}}\n"


def netpol(name: str, app: str, types: str, rules: str) -> str:
    selector = f"{{matchLabels: {{app: {app}}}}}" if app else "{}"
    return f"""\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}, namespace: shop}}
spec:
  podSelector: {selector}
  policyTypes: [{types}]
  {rules}
"""


def peers(*apps: str, ports: str = "") -> str:
    listed = ", ".join(f"{{podSelector: {{matchLabels: {{app: {each}}}}}}}" for each in apps)
    return f"from: [{listed}]{ports and f', ports: [{ports}]'}"


def config_map(data: str, name: str = "web") -> str:
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: shop}}\ndata: {data}\n"


def reads(name: str, app: str = "web") -> str:
    return workload(app, f"envFrom: [{{configMapRef: {{name: {name}}}}}]")


OTHERS = netpol("db", "db", "Ingress", f"ingress: [{{{peers('api')}}}]")
WEB_IN = netpol("db", "db", "Ingress", f"ingress: [{{{peers('web')}}}]")
WEB_IN_5432 = netpol("db", "db", "Ingress", f"ingress: [{{{peers('web', ports='{port: 5432}')}}}]")
NO_EGRESS = netpol("web", "web", "Egress", f"egress: [{DNS}]")
API = workload("api")
DB, DB_SERVICE = workload("db"), service()
URL = workload("web", env("DB_URL", "postgres://db:5432/shop"))
URL_ON_NODE = workload("web", env("DB_URL", "postgres://db:5432"), "hostNetwork: true")
OTHER_KIND = "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: a, namespace: shop}\n"


def found(*documents: str, finding_id: str = ID) -> list[str]:
    report = lint([Source.of("a.yaml", together(*documents))], Config())
    assert not [each for each in report.findings if each.id.startswith(("api-", "yaml-", "internal-"))]
    return [each.message for each in report.findings if each.id == finding_id]


@pytest.mark.parametrize(
    ("documents", "is_reported"),
    [
        pytest.param((URL, OTHERS), True, id="the server lets others in"),
        pytest.param((URL, NO_EGRESS), True, id="the client may only ask the DNS"),
        pytest.param((URL,), False, id="no policy isolates them"),
        pytest.param((URL, WEB_IN), False, id="the server lets the client in"),
        pytest.param(
            (URL, OTHERS, netpol("more", "db", "Ingress", "ingress: [{}]")), False, id="another policy allows"
        ),
        pytest.param(
            (URL, netpol("db", "db", "Ingress", f"ingress: [{{{peers('web', ports='{port: 80}')}}}]")),
            True,
            id="the client is let in on another port",
        ),
        pytest.param(
            (URL, netpol("db", "db", "Ingress", "ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]")),
            False,
            id="a rule for addresses, which are those of pods with some plugins",
        ),
        pytest.param((URL, OTHERS, OTHER_KIND), False, id="a policy of another kind"),
        pytest.param((workload("web"), OTHERS), False, id="no address"),
        pytest.param((URL_ON_NODE, OTHERS), False, id="the client is on the network of its node"),
    ],
)
def test_policies(documents: tuple[str, ...], *, is_reported: bool) -> None:
    assert bool(found(*documents, API, DB, DB_SERVICE)) is is_reported


@pytest.mark.parametrize(
    ("container", "is_reported"),
    [
        pytest.param(env("DB_URL", "postgres://db.shop.svc.cluster.local:5432/x"), True, id="a full name"),
        pytest.param(env("DB", "db.shop.svc:5432"), True, id="a name and a port"),
        pytest.param(env("DB_HOST", "db"), True, id="a host alone, and the Service has this port only"),
        pytest.param(env("DB_ADDR", "db:5432"), True, id="a variable called after a host"),
        pytest.param(env("DB_URL", "postgres://db:5433/x"), False, id="a port that the Service does not have"),
        pytest.param(env("NO_PROXY", "db.shop.svc:5432"), False, id="NO_PROXY"),
        pytest.param(env("no_proxy", "http://db:5432"), False, id="no_proxy"),
        pytest.param(env("ALLOWED_HOSTS", "db:5432"), False, id="allowed hosts"),
        pytest.param(env("CORS_ORIGIN", "http://db:5432"), False, id="origins"),
        pytest.param(env("HOST", "db"), False, id="the host of the pod itself"),
        pytest.param("args: ['--db=postgres://db:5432/x']", True, id="an argument"),
        pytest.param("args: [--db-host, db.shop.svc:5432]", True, id="an argument behind its option"),
        pytest.param("args: [--allowed-hosts, db.shop.svc:5432]", False, id="an argument behind the option of a list"),
        pytest.param("args: ['--host=db,db.shop.svc']", False, id="the hosts of a certificate"),
        pytest.param("command: [sh, -c, 'curl http://db:5432']", True, id="a script"),
        pytest.param("command: [sh, -c, 'echo http://db:5432']", False, id="a script that prints it"),
        pytest.param("command: [sh, -c, 'openssl req -subj /CN=db.shop.svc']", False, id="a subject"),
    ],
)
def test_what_states_a_connection(container: str, *, is_reported: bool) -> None:
    assert bool(found(workload("web", container), OTHERS, API, DB, DB_SERVICE)) is is_reported


BY_KEY = "env: [{{name: URL, valueFrom: {{configMapKeyRef: {{name: web, key: {}}}}}}}]"
URL_AND_MORE = config_map("{url: 'postgres://db:5432', other: a}")
MOUNTED = "volumes: [{name: c, configMap: {name: web%s}}]"


@pytest.mark.parametrize(
    ("documents", "severities"),
    [
        pytest.param((URL_AND_MORE, reads("web")), [Severity.WARNING], id="all of it, as variables"),
        pytest.param((URL_AND_MORE, workload("web", BY_KEY.format("url"))), [Severity.WARNING], id="the key"),
        pytest.param((URL_AND_MORE, workload("web", BY_KEY.format("other"))), [], id="another key"),
        pytest.param((URL_AND_MORE, workload("web", "", MOUNTED % "")), [Severity.WARNING], id="mounted"),
        pytest.param(
            (URL_AND_MORE, workload("web", "", MOUNTED % ", items: [{key: other, path: a}]")), [], id="another file"
        ),
        pytest.param((URL_AND_MORE, workload("web")), [], id="nobody reads it"),
        pytest.param(
            (URL_AND_MORE, reads("web"), reads("web", "job")), [Severity.INFO], id="shared, and all are denied"
        ),
        pytest.param((URL_AND_MORE, reads("web"), reads("web", "api")), [], id="shared, and one is allowed"),
        pytest.param(
            (URL_AND_MORE, reads("web", "api"), workload("web", BY_KEY.format("url"))),
            [Severity.WARNING],
            id="shared, and the one that is denied asks for the key",
        ),
        pytest.param(
            (URL_AND_MORE, reads("web"), reads("web", "db")), [Severity.WARNING], id="the server reads it, too"
        ),
        pytest.param((config_map("{README.md: 'see http://db:5432'}"), reads("web")), [], id="a text"),
        pytest.param((config_map("{CORS_HOSTS: 'http://db:5432'}"), reads("web")), [], id="origins"),
        pytest.param(
            (config_map('{c.yaml: "a: 1\\nallowed: http://db:5432\\n"}'), reads("web")), [], id="a line of origins"
        ),
        pytest.param(
            (config_map('{c.yaml: "allowed: a\\nurl: http://db:5432\\n"}'), reads("web")),
            [Severity.WARNING],
            id="a line below one of origins",
        ),
    ],
)
def test_config_maps(documents: tuple[str, ...], severities: list[Severity]) -> None:
    report = lint([Source.of("a.yaml", together(*documents, OTHERS, DB, DB_SERVICE))], Config())
    assert [each.severity for each in report.findings if each.id == ID] == severities


def test_the_port_of_the_pods_counts() -> None:
    ingress = f"ingress: [{{{peers('web', ports='{port: 8080}')}}}]"
    documents = (workload("web", env("URL", "http://api")), API, netpol("api", "api", "Ingress", ingress))
    assert not found(*documents, service("api", port=80, target="8080"))
    (message,) = found(*documents, service("api", port=80, target="9090"))
    assert "lets Deployment web in on port 9090" in message
    assert "address api:80" in message


def test_a_headless_service_translates_no_port() -> None:
    ingress = f"ingress: [{{{peers('web', ports='{port: 5432}')}}}]"
    documents = (URL, DB, netpol("db", "db", "Ingress", ingress))
    assert not found(*documents, service(more=", clusterIP: None", target="6432"))


def test_the_address_of_its_own_service_states_nothing() -> None:
    assert not found(workload("db", env("PUBLIC", "http://db:5432")), DB_SERVICE, OTHERS, API)


def test_both_ends_are_one_finding() -> None:
    (message,) = found(URL, DB, DB_SERVICE, API, OTHERS, NO_EGRESS)
    assert "isolates it for egress and NetworkPolicy db isolates Deployment db for ingress" in message


def test_one_policy_that_closes_both_ends() -> None:
    deny = netpol("deny", "", "Ingress, Egress", f"egress: [{DNS}]")
    lets_in = netpol("other", "api", "Ingress", "ingress: [{}]")
    (message,) = found(URL, DB, DB_SERVICE, API, deny, lets_in)
    assert "this policy isolates it for egress and it isolates Deployment db for ingress" in message


def test_several_connections_of_a_policy_are_one_finding() -> None:
    deny = netpol("db", "db", "Ingress", f"ingress: [{{{peers('job')}}}]")
    other = workload("api", env("DB_URL", "postgres://db:5432/shop"))
    (message,) = found(URL, other, DB, DB_SERVICE, deny, workload("job"))
    assert message.endswith("; 1 more of its connections is denied")


@pytest.mark.parametrize(
    ("documents", "instead"),
    [
        pytest.param((WEB_IN_5432, NO_EGRESS), "netpol-half-open-allow", id="the other end allows it"),
        pytest.param(
            (netpol("web", "web", "Egress", "egress: [{ports: [{port: 443}]}]"),),
            "netpol-egress-isolated-without-dns",
            id="the client resolves no name",
        ),
        pytest.param((netpol("deny", "", "Ingress", ""),), "netpol-namespace-sealed", id="the namespace is sealed"),
        pytest.param(
            (
                netpol("db", "db", "Ingress", f"ingress: [{{{peers('frontnd')}}}]"),
                workload("frontend", env("DB_URL", "postgres://db:5432/shop")),
            ),
            "netpol-peer-selects-nothing",
            id="the peer is misspelt",
        ),
    ],
)
def test_what_says_it_better(documents: tuple[str, ...], instead: str) -> None:
    every = (*documents, URL, API, DB, DB_SERVICE)
    assert found(*every, finding_id=instead)
    assert not found(*every)


def test_a_selector_that_matches_nothing_and_resembles_nothing_is_no_explanation() -> None:
    every = (netpol("db", "db", "Ingress", f"ingress: [{{{peers('wep')}}}]"), URL, DB, DB_SERVICE)
    assert found(*every, finding_id="netpol-peer-selects-nothing")
    assert found(*every)


def test_the_default_deny_policy_is_not_said_twice() -> None:
    deny = netpol("deny", "", "Ingress", "")
    lets_in = netpol("api", "api", "Ingress", "ingress: [{}]")
    every = (URL, API, DB, DB_SERVICE, deny, lets_in)
    assert found(*every)
    assert not found(*every, finding_id="netpol-deny-all")


def test_another_scope_may_allow_it() -> None:
    more = netpol("more", "db", "Ingress", "ingress: [{}]")
    kustomization = "resources: [policy.yaml]\n"
    sources = [
        Source.of("a/all.yaml", together(URL, API, DB, DB_SERVICE, OTHERS)),
        Source.of("b/kustomization.yaml", kustomization),
        Source.of("b/policy.yaml", more),
    ]
    report = lint(sources, Config())
    assert not [each for each in report.findings if each.id == ID]
    assert any("may allow it" in each.reason for each in report.unanswered)


def test_another_version_of_the_policy_does_not_count() -> None:
    version = netpol("db", "db", "Ingress", "ingress: [{}]")
    sources = [
        Source.of("a/kustomization.yaml", "resources: [all.yaml]\n"),
        Source.of("a/all.yaml", together(URL, API, DB, DB_SERVICE, OTHERS)),
        Source.of("b/kustomization.yaml", "resources: [policy.yaml]\n"),
        Source.of("b/policy.yaml", version),
    ]
    report = lint(sources, Config())
    assert [each.path for each in report.findings if each.id == ID] == ["a/all.yaml"]


MISSPELT = "to: [{podSelector: {matchLabels: {app: frontnd}}}]"
FRONTEND = workload("frontend", env("DB_URL", "postgres://db:5432/shop"))


def test_a_mistake_in_the_other_direction_is_no_explanation() -> None:
    rules = f"ingress: [{{{peers('api')}}}]\n  egress: [{{{MISSPELT}}}, {DNS}]"
    every = (netpol("db", "db", "Ingress, Egress", rules), FRONTEND, API, DB, DB_SERVICE)
    assert found(*every, finding_id="netpol-peer-selects-nothing")
    assert found(*every)


def test_who_ignores_the_cause_gets_the_consequence() -> None:
    every = together(netpol("db", "db", "Ingress", f"ingress: [{{{peers('frontnd')}}}]"), FRONTEND, DB, DB_SERVICE)
    report = lint([Source.of("a.yaml", every)], Config(ignore=("netpol-peer-selects-nothing",)))
    assert [each.id for each in report.findings] == [ID]


def fixed(*documents: str) -> str | None:
    """Return the only file after the fix of the rule, None if there is none; the finding must be gone then."""
    text = together(*documents)
    fixes = [each.fix for each in lint([Source.of("a.yaml", text)], Config()).findings if each.id == ID]
    if fixes == [None]:
        return None
    (fix,) = fixes
    assert fix is not None
    assert not fix.safe
    after = apply_edits(text, fix.edits)
    assert not [each.id for each in lint([Source.of("a.yaml", after)], Config()).findings if each.id == ID]
    return after


BLOCK = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector: {matchLabels: {app: api}}
"""


def test_the_fix_lets_the_client_in() -> None:
    after = fixed(URL, API, DB, DB_SERVICE, BLOCK)
    assert after is not None
    assert "          app: web\n    ports:\n    - port: 5432\n" in after


def test_the_fix_names_another_namespace() -> None:
    client = workload("web", env("DB_URL", "postgres://db.shop.svc:5432/x")).replace(
        "namespace: shop", "namespace: front"
    )
    after = fixed(client, API, DB, DB_SERVICE, BLOCK)
    assert after is not None
    assert "          kubernetes.io/metadata.name: front\n" in after


def test_the_fix_lets_a_client_out() -> None:
    dns = NO_EGRESS.replace(f"egress: [{DNS}]", f"egress:\n  - {DNS}")
    after = fixed(URL, DB, DB_SERVICE, dns)
    assert after is not None
    assert "  - {to: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: 5432}]}\n" in after


@pytest.mark.parametrize(
    "documents",
    [
        pytest.param((URL, BLOCK, NO_EGRESS), id="both ends deny it"),
        pytest.param((URL, BLOCK, workload("job", env("DB_URL", "postgres://db:5432"))), id="several connections"),
        pytest.param((URL_AND_MORE, BLOCK, reads("web"), reads("web", "job")), id="one of several is meant"),
        pytest.param(
            (URL, API, netpol("deny", "", "Ingress", ""), netpol("a", "api", "Ingress", "ingress: [{}]")),
            id="a policy without rules",
        ),
        pytest.param(
            (
                URL.replace(
                    "{matchLabels: {app: web}}", "{matchExpressions: [{key: app, operator: In, values: [web]}]}"
                ),
                BLOCK,
            ),
            id="a selector with expressions",
        ),
    ],
)
def test_there_is_no_fix(documents: tuple[str, ...]) -> None:
    assert fixed(*documents, DB, DB_SERVICE) is None


PATCH_PODS = (
    "patches: [{target: {kind: Deployment, name: web}, "
    "patch: '[{op: add, path: /spec/template/spec/%s, value: %s}]'}]\n"
)


@pytest.mark.parametrize(
    ("lines", "is_reported"),
    [
        pytest.param("", True, id="as it is written"),
        pytest.param("namespace: other\n", True, id="another namespace"),
        pytest.param("nameSuffix: -a\n", False, id="other names, which the address does not have"),
        pytest.param(
            "patches: [{target: {kind: NetworkPolicy}, patch: '[{op: add, path: /spec/ingress/-, value: {}}]'}]\n",
            False,
            id="a patch of the policy",
        ),
        pytest.param(
            "patches: [{target: {kind: ConfigMap}, patch: '[{op: add, path: /data/url, value: a}]'}]\n",
            False,
            id="a patch of the address",
        ),
        pytest.param(
            PATCH_PODS % ("containers/0/image", "b"),
            True,
            id="a patch of the image",
        ),
        pytest.param(PATCH_PODS % ("containers/0/env", "[]"), False, id="a patch of the variables"),
    ],
)
def test_kustomizations(lines: str, *, is_reported: bool) -> None:
    sources = [
        Source.of("kustomization.yaml", f"resources: [all.yaml]\n{lines}"),
        Source.of("all.yaml", together(URL_AND_MORE, workload("web", BY_KEY.format("url")), DB, DB_SERVICE, OTHERS)),
    ]
    report = lint(sources, Config())
    assert not [each for each in report.findings if each.id.startswith("internal-")]
    assert bool([each for each in report.findings if each.id == ID]) is is_reported
