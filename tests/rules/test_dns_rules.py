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


def found_in(files: dict[str, str], rule: str = NOT_FOUND, *, environment: Environment | None = None) -> list[Finding]:
    named = sources({f"{name}.yaml": text for name, text in files.items()})
    report = lint(named, Config(environment=environment or Environment()))
    return [each for each in report.findings if each.id == rule]


def findings(*documents: str) -> list[Finding]:
    return found_in({"all": together(*documents)})


def severities(*documents: str, environment: Environment | None = None) -> list[Severity]:
    return [each.severity for each in found_in({"all": together(*documents)}, environment=environment)]


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
    found = findings(API, client)

    assert [each.severity for each in found] == [Severity.INFO]
    assert found[0].message == "namespace prod has no Service cache, so this name does not resolve"
    assert found[0].help.endswith("if the Service exists, declare it as `external` in the configuration")
    assert not findings(API, service("cache"), client)


@pytest.mark.parametrize("client", MISSING)
def test_other_files_show_the_services_only_if_a_name_resolves(client: str) -> None:
    resolving = config_map("API_URL: http://api:8080", name="other")

    assert not found_in({"api": API, "web": client})
    assert found_in({"api": API, "web": client, "other": resolving})


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

    found = findings(other, config_map(f"API_URL: http://{host}:8080"))

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
    found = findings(API, config_map(f"API_URL: http://{host}:8080"))

    assert [(each.severity, each.fix) for each in found] == [(Severity.INFO, None)]


def test_a_short_name_that_something_else_explains() -> None:
    client = config_map("API_URL: http://apii:8080")

    assert severities(API, client) == [Severity.WARNING]
    assert severities(API, client, service("apii")) == []
    assert severities(API, client, CLUSTER) == []
    assert not findings(API, client, service("apii", namespace="data"))


WORDS = [
    pytest.param(config_map("app.conf: |", "  upstream web {", "    server HOST;", "  }"), id="nginx"),
    pytest.param(config_map("prometheus.yml: |", "  - targets: ['HOST', 'other:9090']"), id="Prometheus"),
    pytest.param(config_map("app.yaml: |", "  backend:", "    address: HOST"), id="YAML"),
    pytest.param(config_map('app.json: \'{"backend": "HOST"}\''), id="JSON"),
    pytest.param(pod("HOST", variable="BACKEND"), id="a variable"),
    pytest.param(pod("user:pw@tcp(HOST)/db", variable="DSN"), id="a name of a data source"),
]


@pytest.mark.parametrize("client", WORDS)
def test_a_word_with_the_port_of_a_service_is_its_name(client: str) -> None:
    backend = service("backend", ports="{port: 8080, targetPort: 9000}")

    for port in (8080, 9000):
        found = findings(backend, client.replace("HOST", f"bakend:{port}"))
        assert [(each.severity, each.help) for each in found] == [(Severity.WARNING, "did you mean `backend`?")]
    assert not findings(backend, client.replace("HOST", "backend:8080"))
    assert not findings(backend, client.replace("HOST", "bakend:1234")), "the tag of an image"
    assert not findings(backend, client.replace("HOST", "cache:8080")), "similar to no Service"


@pytest.mark.parametrize("client", WORDS)
def test_a_word_with_the_port_of_a_service_of_another_namespace(client: str) -> None:
    backend = service("backend", namespace="data", ports="{port: 8080}")
    files = {"backend": backend, "web": client.replace("HOST", "backend:8080"), "api": API}
    image = {**files, "web": client.replace("HOST", "backend:2024")}

    found = found_in(files, "dns-short-name-other-namespace")

    assert [each.help for each in found] == ["did you mean `backend.data`?"]
    assert not found_in(image, "dns-short-name-other-namespace")


def test_a_variable_whose_name_ends_with_host() -> None:
    backend = service("backend")

    assert findings(backend, pod("bakend", variable="backendHost"))
    assert not findings(backend, pod("bakend", variable="backendHosting"))


OTHERS = together(service("api"), service("db", namespace="data"))
"""They make the namespace open of what has none written."""
READERS = [
    pytest.param("    envFrom: [{configMapRef: {name: web}}]\n", id="envFrom"),
    pytest.param(
        "    env: [{name: X, valueFrom: {configMapKeyRef: {name: web, key: X}}}]\n", id="the value of a variable"
    ),
    pytest.param("  volumes: [{name: v, configMap: {name: web}}]\n", id="a volume"),
    pytest.param("  volumes: [{name: v, projected: {sources: [{configMap: {name: web}}]}}]\n", id="a projected volume"),
]


def reader(uses: str, namespace: str = "prod", name: str = "web") -> str:
    head = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: {namespace}}}\nspec:\n"
    return f"{head}  containers:\n  - name: main\n    image: example.com/web:1\n{uses}"


@pytest.mark.parametrize("uses", READERS)
def test_a_config_map_without_a_namespace_is_in_that_of_its_readers(uses: str) -> None:
    backend, client = service("backend"), config_map("URL: http://bakend:80", namespace="")
    files = {"others": OTHERS, "backend": backend, "config": client}

    assert [each.message for each in found_in({**files, "web": reader(uses)})] == [
        "namespace prod has no Service bakend, so this name does not resolve"
    ]
    assert not found_in(files), "nothing reads it"
    assert not found_in({**files, "web": reader(uses, "data")}), "its readers are in another namespace"
    both = together(reader(uses), reader(uses, "data", name="other"))
    assert not found_in({**files, "web": both}), "its readers are in several namespaces"


def test_services_of_the_folder_where_the_namespace_is_open() -> None:
    backend, client = service("backend", namespace=""), config_map("URL: http://bakend:80", namespace="")

    found = found_in({"others": OTHERS, "app/backend": backend, "app/web": client})

    assert [each.message for each in found] == ["no Service is named bakend, so this name does not resolve"]
    assert not found_in({"others": OTHERS, "app/backend": backend, "web/web": client}), "another folder"
    called = service("bakend", namespace="data")
    assert not found_in({"others": together(OTHERS, called), "app/backend": backend, "app/web": client})


def test_an_unknown_name_where_the_namespace_is_open() -> None:
    backend = service("backend", namespace="")
    client = config_map("URL: http://backend:80", "CACHE_URL: http://cache:80", namespace="")
    files = {"others": OTHERS, "app/backend": backend, "app/web": client}
    external = Environment(external=External(services=("prod/cache",)))

    assert [each.severity for each in found_in(files)] == [Severity.INFO]
    assert not found_in({**files, "cluster": CLUSTER}), "an operator may create it"
    assert not found_in(files, environment=external)


HARD_CODED = "dns-hard-coded-cluster-ip"
NETWORKS = Environment(service_cidrs=("10.96.0.0/12",), pod_cidrs=("10.244.0.0/16",))


def with_address(name: str = "cache", namespace: str = "prod", address: str = "10.96.7.7") -> str:
    return service(name, namespace=namespace).replace("spec: {", f"spec: {{clusterIP: {address}, ")


@pytest.mark.parametrize(
    ("documents", "environment", "helps"),
    [
        pytest.param((with_address(), config_map("URL: http://10.96.7.7:80")), None, ["`cache.prod`"], id="a URL"),
        pytest.param((with_address(), pod("10.96.7.7")), None, ["`cache.prod`"], id="a variable for a host"),
        pytest.param(
            (with_address(), config_map("a.conf: |", "  x", "  proxy_pass http://10.96.7.7;")),
            None,
            ["`cache.prod`"],
            id="a line of a text",
        ),
        pytest.param((with_address(), config_map("URL: http://10.96.7.8")), None, [], id="another address"),
        pytest.param((with_address(), config_map("TEXT: see 10.96.7.7")), None, [], id="a text without a URL"),
        pytest.param((with_address(), pod("10.96.7.7", more="  hostNetwork: true\n")), None, [], id="the host network"),
        pytest.param(
            (with_address("kube-dns", "kube-system"), config_map("URL: http://10.96.7.7")), None, [], id="the DNS"
        ),
        pytest.param((config_map("URL: http://10.96.7.7"),), NETWORKS, [""], id="a network of Services"),
        pytest.param((config_map("URL: http://10.244.7.7"),), NETWORKS, [""], id="a network of pods"),
        pytest.param((config_map("URL: http://10.96.0.1"),), NETWORKS, [], id="the API server"),
        pytest.param((config_map("URL: http://10.96.0.10"),), NETWORKS, [], id="the DNS in a network"),
        pytest.param((config_map("URL: http://192.168.1.1"),), NETWORKS, [], id="another network"),
        pytest.param((config_map("URL: http://10.96.7.7"),), None, [], id="the networks are not known"),
    ],
)
def test_addresses_instead_of_names(
    documents: tuple[str, ...], environment: Environment | None, helps: list[str]
) -> None:
    found = found_in({"all": together(*documents)}, HARD_CODED, environment=environment)

    assert [each.help.removeprefix("did you mean ").removesuffix("?") for each in found] == helps
    assert [bool(each.fix) for each in found] == [bool(each) for each in helps]
