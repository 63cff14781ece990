"""What the rules about host names say beyond their pages: how sure they are, and where they keep silent."""

from __future__ import annotations

import pytest
from manifests import manifest, service, sources, together

from k8snetlint import Config, Finding, Severity, lint
from k8snetlint.model.environment import Environment, External

NOT_FOUND = "dns-service-not-found"
API = service("api")
CLUSTER = manifest("ceph.rook.io/v1", "CephCluster")


def config_map(*entries: str, name: str = "web", namespace: str = "prod") -> str:
    where = f"  namespace: {namespace}\n" if namespace else ""
    lines = "".join(f"  {each}\n" for each in entries)
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n{where}data:\n{lines}"


def pod(value: str, *, variable: str = "CACHE_HOST", more: str = "", name: str = "web") -> str:
    return (
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: prod}}\nspec:\n{more}  containers:\n"
        f"  - name: main\n    image: example.com/web:1\n    env:\n    - name: {variable}\n      value: {value}\n"
    )


def findings(rule: str = NOT_FOUND, environment: Environment | None = None, **files: str) -> list[Finding]:
    named = sources({f"{name}.yaml": text for name, text in files.items()})
    report = lint(named, Config(environment=environment or Environment()))
    return [each for each in report.findings if each.id == rule]


def severities(*documents: str, environment: Environment | None = None) -> list[Severity]:
    return [each.severity for each in findings(environment=environment, all=together(*documents))]


MISSING = [
    pytest.param(config_map("CACHE_URL: redis://cache.prod.svc:6379"), id="the full name of a Service"),
    pytest.param(config_map("CACHE_URL: redis://cache.prod:6379"), id="a URL with the namespace"),
    pytest.param(config_map("CACHE_URL: redis://cache:6379"), id="a URL with a short name"),
    pytest.param(config_map("CACHE_URL: redis://cache:6379", name="cache"), id="in a ConfigMap of that name"),
    pytest.param(config_map("CACHE_HOST: cache"), id="the value of a key for a host"),
    pytest.param(pod("cache:6379", variable="REDIS_ADDR"), id="the value of a variable for a host, with a port"),
]


@pytest.mark.parametrize("client", MISSING)
def test_a_name_without_a_service_beside_other_services(client: str) -> None:
    found = findings(all=together(API, client))

    assert [each.severity for each in found] == [Severity.INFO]
    assert found[0].message == "namespace prod has no Service cache, so this name does not resolve"
    assert found[0].help.endswith("if the Service exists, declare it as `external` in the configuration")
    assert not findings(all=together(API, service("cache"), client))


@pytest.mark.parametrize("client", MISSING)
def test_other_files_show_the_services_only_if_a_name_resolves(client: str) -> None:
    resolving = config_map("API_URL: http://api:8080", name="other")

    assert not findings(api=API, web=client)
    assert findings(api=API, web=client, other=resolving)


@pytest.mark.parametrize("client", MISSING)
@pytest.mark.parametrize(
    ("others", "environment"),
    [
        pytest.param((CLUSTER,), None, id="an operator may create it"),
        pytest.param((service("${NAME}"),), None, id="the name of a Service is a placeholder"),
        pytest.param((), Environment(external=External(services=("prod/cache",))), id="it is external"),
        pytest.param((), Environment(external=External(namespaces=("prod",))), id="its namespace is"),
    ],
)
def test_silent_where_something_else_may_create_it(
    client: str, others: tuple[str, ...], environment: Environment | None
) -> None:
    assert severities(API, client) == [Severity.INFO]
    assert severities(API, client, *others, environment=environment) == []


@pytest.mark.parametrize("client", MISSING)
def test_in_a_whole_cluster_it_is_certain(client: str) -> None:
    assert severities(API, client, environment=Environment(whole_cluster=True)) == [Severity.WARNING]


def test_what_many_use_exists_elsewhere() -> None:
    clients = [config_map("CACHE_URL: redis://cache.prod.svc:6379", name=name) for name in ("web", "shop", "jobs")]

    assert severities(API, *clients[:2]) == [Severity.INFO, Severity.INFO]
    assert severities(API, *clients) == []


@pytest.mark.parametrize(
    "client",
    [
        pytest.param(config_map("BUCKET_URL: s3://cache"), id="a bucket"),
        pytest.param(config_map("API_URL: kubernetes://apis/apps"), id="a scheme of something else"),
        pytest.param(config_map("CACHE_HOST: localhost"), id="the pod itself"),
        pytest.param(pod("'true'", variable="USE_SERVER"), id="a value that is no name"),
        pytest.param(pod("web", variable="HOSTNAME"), id="its own name"),
        pytest.param(config_map("CACHE_URL: http://CACHE:80"), id="a word to be replaced"),
        pytest.param(config_map("CACHE: cache"), id="a key that is not called after a host"),
        pytest.param(config_map("URL: http://cache.example"), id="a host of the internet"),
        pytest.param(config_map("URL: http://cache.other.svc"), id="a namespace of which no Service is known"),
        pytest.param(config_map("URL: http://prometheus-operated.prod.svc"), id="the Service of an operator"),
        pytest.param(config_map("_example: http://cache.prod.svc"), id="an example of Knative"),
        pytest.param(pod("cache", more="  dnsConfig: {searches: [data.svc]}\n"), id="other search domains"),
    ],
)
def test_no_name_of_a_service(client: str) -> None:
    resolving = config_map("API_URL: http://api:8080", name="other")

    assert severities(API, resolving, client) == []


@pytest.mark.parametrize(
    ("host", "written"),
    [
        pytest.param("apii", "api", id="the last letter twice"),
        pytest.param("appi.prod.svc", "api.prod.svc", id="a letter twice, in a full name"),
        pytest.param("aspi", "api", id="one letter more"),
        pytest.param("aip", "api", id="two letters swapped"),
        pytest.param("wb-apii", "wb-api", id="in a part of a name"),
    ],
)
def test_a_typo_of_a_short_name(host: str, written: str) -> None:
    other = service(written.partition(".")[0])

    found = findings(all=together(other, config_map(f"API_URL: http://{host}:8080")))

    assert [(each.severity, each.help) for each in found] == [(Severity.WARNING, f"did you mean `{written}`?")]


@pytest.mark.parametrize(
    "host",
    [
        pytest.param("apis", id="a plural"),
        pytest.param("apix", id="another last letter"),
        pytest.param("ap", id="the beginning of a word"),
        pytest.param("gapi", id="another first letter"),
        pytest.param("api1", id="a number"),
        pytest.param("apy", id="another letter"),
    ],
)
def test_another_short_name_is_no_typo(host: str) -> None:
    found = findings(all=together(API, config_map(f"API_URL: http://{host}:8080")))

    assert [(each.severity, each.fix) for each in found] == [(Severity.INFO, None)]


def test_a_short_name_that_something_else_explains() -> None:
    client = config_map("API_URL: http://apii:8080")

    assert severities(API, client) == [Severity.WARNING]
    assert severities(API, client, service("apii")) == []
    assert severities(API, client, CLUSTER) == []
    assert not findings(all=together(API, client, service("apii", namespace="data")))
