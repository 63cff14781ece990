"""What configuration files say, and where they are wrong."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8snetlint.config import Config
from k8snetlint.configfile.discover import discover, table_of
from k8snetlint.configfile.keys import KEYS, names
from k8snetlint.configfile.parse import ConfigErrors, parse
from k8snetlint.configfile.positions import Path, TomlLocations
from k8snetlint.configfile.settings import ClusterSettings, Facts, Settings, config_of
from k8snetlint.finding import ConfigError, Severity
from k8snetlint.model.environment import Environment, External, NodePorts

IDS = ["netpol-deny-all", "netpol-selects-no-pod", "svc-no-pod", "yaml-syntax"]
EVERYTHING = """\
include = ["deploy/**/*.yaml"]
exclude = ["**/testdata/**"]
context = ["platform/namespaces/"]
schema-dir = ["schemas"]
fail-on = "error"
show = "info"
fail-on-skipped = true
kubernetes-version = "1.34"
node-port-range = "30000-30100"
service-cidr = "10.96.0.0/12"
ip-family = "IPv4"
namespace = "shop"
cni = "cilium@1.17"
pod-cidr = "10.244.0.0/16"
cluster-domain = "k8s.example"
ingress-controller = "edge?app=proxy,tier=a"
whole-cluster = false

[[cluster]]
name = "prod"
paths = ["clusters/prod/**"]
kubernetes-version = ["1.33", "v1.32.4"]
node-port-range = "31000"
service-cidr = ["10.96.0.0/12", "fd00::/108"]
ip-family = "ipv6, IPv4"
namespace = "prod"
cni = "calico"
pod-cidr = ["10.1.0.0/16"]
cluster-domain = "prod.example"
ingress-controller = ["edge?app=proxy", "edge?app=other"]
complete = true

[[cluster]]
name = "dev"
paths = ["clusters/dev/**"]

[external]
namespaces = ["monitoring"]
labels = ["team=payments", "example.com/empty="]
services = ["shared/redis"]

[lint]
select = ["ALL"]
extend-select = ["svc"]
ignore = ["netpol-deny-all", "netpol"]
severity = { netpol-deny-all = "off", svc-no-pod = "error" }

[lint.per-file-ignores]
"deploy/dev/**" = ["netpol-selects-no-pod"]
"""
SETTINGS = Settings(
    include=("deploy/**/*.yaml",),
    exclude=("**/testdata/**",),
    context=("platform/namespaces/",),
    schema_dir=("schemas",),
    fail_on=Severity.ERROR,
    show=Severity.INFO,
    fail_on_skipped=True,
    facts=Facts(
        ((1, 34),),
        NodePorts(30000, 30100),
        "shop",
        whole_cluster=False,
        service_cidrs=("10.96.0.0/12",),
        ip_families=("IPv4",),
        cni="cilium@1.17",
        pod_cidrs=("10.244.0.0/16",),
        cluster_domain="k8s.example",
        ingress_controllers=("edge?app=proxy,tier=a",),
    ),
    clusters=(
        ClusterSettings(
            "prod",
            ("clusters/prod/**",),
            Facts(
                ((1, 32), (1, 33)),
                NodePorts(31000, 31000),
                "prod",
                whole_cluster=True,
                service_cidrs=("10.96.0.0/12", "fd00::/108"),
                ip_families=("IPv6", "IPv4"),
                cni="calico",
                pod_cidrs=("10.1.0.0/16",),
                cluster_domain="prod.example",
                ingress_controllers=("edge?app=proxy", "edge?app=other"),
            ),
        ),
        ClusterSettings("dev", ("clusters/dev/**",), Facts()),
    ),
    external=External(("monitoring",), ("team=payments", "example.com/empty="), ("shared/redis",)),
    select=("ALL",),
    extend_select=("svc",),
    ignore=("netpol-deny-all", "netpol"),
    severity={"netpol-deny-all": None, "svc-no-pod": Severity.ERROR},
    per_file_ignores=(("deploy/dev/**", ("netpol-selects-no-pod",)),),
)
PREFIX = "c.toml:"


def errors(text: str, table: tuple[str, ...] = ()) -> list[str]:
    with pytest.raises(ConfigErrors) as caught:
        parse(text, "c.toml", IDS, table=table)
    assert str(caught.value) == "\n".join(caught.value.errors)
    assert all(line.startswith(PREFIX) for line in caught.value.errors)
    return [line.removeprefix(PREFIX) for line in caught.value.errors]


def test_every_key_is_read() -> None:
    assert parse(EVERYTHING, "c.toml", IDS) == SETTINGS


def test_the_example_holds_every_key() -> None:
    document = tomllib.loads(EVERYTHING)

    assert set(document) == set(names(""))
    assert set(document["cluster"][0]) == set(names("cluster"))
    assert set(document["external"]) == set(names("external"))
    assert set(document["lint"]) == set(names("lint"))


def test_nothing_is_told_by_an_empty_file() -> None:
    assert parse("\ufeff# nothing\r\n", "c.toml", IDS) == Settings()
    assert parse("[tool.other]\nx = 1\n", "c.toml", IDS, table=("tool", "k8snetlint")) == Settings()
    assert config_of(Settings(), Config()) == Config()


def test_a_table_of_pyproject_is_read_like_a_file() -> None:
    lines = EVERYTHING.replace("[[cluster]]", "[[tool.k8snetlint.cluster]]")
    for name in ("external", "lint", "lint.per-file-ignores"):
        lines = lines.replace(f"\n[{name}]", f"\n[tool.k8snetlint.{name}]")
    text = f'[project]\nname = "x"\n[tool.k8snetlint]\n{lines}'

    assert parse(text, "pyproject.toml", IDS, table=("tool", "k8snetlint")) == SETTINGS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("fail-in = 'error'", "1:1: unknown key `fail-in`; did you mean `fail-on`?", id="near"),
        pytest.param(
            "[external]\nzebra = 1",
            "2:1: unknown key `zebra`; known keys: namespaces, labels, services",
            id="nothing is near",
        ),
        pytest.param("ignore = []", "1:1: unknown key `ignore`; it belongs in [lint]", id="of another table"),
        pytest.param("lint.show = 'info'", "1:6: unknown key `show`; it belongs at the top level", id="of no table"),
        pytest.param("complete = true", "1:1: unknown key `complete`; did you mean `whole-cluster`?", id="complete"),
        pytest.param("[lint]\nlabels = 1", "2:1: unknown key `labels`; it belongs in [external]", id="of external"),
        pytest.param('"a\\nb" = 1', None, id="a line break in a key"),
    ],
)
def test_unknown_keys(text: str, expected: str | None) -> None:
    (found,) = errors(text)

    assert found == expected or (expected is None and found.startswith(r"1:1: unknown key `a\nb`; known keys:"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cni = 'calic'", "1:7: unknown CNI plugin `calic`; did you mean `calico`?"),
        ("cni = 'cilium@new'", "1:7: `cilium@new` has no version after the @; write for example cilium@1.17"),
        ("pod-cidr = '10.0.0.0'", "1:12: `10.0.0.0` is not a CIDR; write for example 10.96.0.0/12"),
        (
            "ingress-controller = 'edge'",
            (
                "1:22: `edge` is not namespace?label=value; write for example "
                "ingress-nginx?app.kubernetes.io/name=ingress-nginx"
            ),
        ),
        ("cluster-domain = 'a_b'", "1:18: `a_b` is not a domain; write for example cluster.local"),
    ],
)
def test_facts_about_the_network(text: str, expected: str) -> None:
    assert errors(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("include = 'a'", "1:11: `include`: expected a list of strings, got a string"),
        ("exclude = ['a',\n  1]", "2:3: `exclude[1]`: expected a string, in quotes, got a number"),
        ("context = {}", "1:11: `context`: expected a list of strings, got a table"),
        ("schema-dir = 1979-05-27", "1:14: `schema-dir`: expected a list of strings, got a date or time"),
        ("fail-on = true", "1:11: `fail-on`: expected a string, got a boolean"),
        ("show = ['info']", "1:8: `show`: expected a string, got a list"),
        ("fail-on-skipped = 'yes'", "1:19: `fail-on-skipped`: expected true or false, got a string"),
        (
            "kubernetes-version = 1.34",
            "1:22: `kubernetes-version`: expected a string or a list of strings, in quotes, got a number",
        ),
        ("node-port-range = 30000", "1:19: `node-port-range`: expected a string, in quotes, got a number"),
        ("namespace = []", "1:13: `namespace`: expected a string, got a list"),
        ("whole-cluster = 1", "1:17: `whole-cluster`: expected true or false, got a number"),
        ("[cluster]\nname = 'x'", "1:2: `cluster`: expected a list of tables, [[cluster]], got a table"),
        ("cluster = ['prod']", "1:12: `cluster[0]`: expected a table, got a string"),
        ("external = []", "1:12: `external`: expected a table, got a list"),
        ("lint = 1", "1:8: `lint`: expected a table, got a number"),
        ("lint.severity = ['svc=off']", "1:17: `severity`: expected a table, got a list"),
        ("lint.severity.svc-no-pod = false", "1:28: `svc-no-pod`: expected a string, got a boolean"),
        ("[lint.per-file-ignores]\n'a' = 'svc'", "2:7: `a`: expected a list of strings, got a string"),
    ],
)
def test_wrong_types(text: str, expected: str) -> None:
    assert errors(text) == [expected]


def test_a_table_of_pyproject_that_is_none() -> None:
    assert errors("[tool]\nk8snetlint = 1", ("tool", "k8snetlint")) == [
        "2:14: `k8snetlint`: expected a table, got a number"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "kubernetes-version = '1.34, 1.99'",
            "1:22: Kubernetes 1.99 is not known; supported is 1.25 to 1.37",
        ),
        (
            "kubernetes-version = ['1.34', 'new']",
            "1:31: `new` is not a Kubernetes version; write one from 1.25 to 1.37",
        ),
        (
            f"kubernetes-version = '{'9' * 5000}.1'",
            f"1:22: `{'9' * 60}…` is not a Kubernetes version; write one from 1.25 to 1.37",
        ),
        ("kubernetes-version = []", "1:22: `kubernetes-version` is an empty list"),
        ("node-port-range = '0-1'", "1:19: `0-1` is not a port range within 1-65535"),
        ("namespace = 'Prod'", "1:13: `Prod` is not a namespace's name"),
        ("fail-on = 'warn'", "1:11: `warn` is not a level; a level is error, warning, info"),
        ("show = 'eror'", "1:8: `eror` is not a level; did you mean `error`?"),
        ("include = ['!']", "1:12: `!` is not a .gitignore pattern"),
        ("external.namespaces = ['a b']", "1:24: `a b` is not a namespace's name"),
        ("external.labels = ['team']", "1:20: `team` is not a label; write key=value"),
        ("external.services = ['redis']", "1:22: `redis` is not a Service; write namespace/name"),
        ("lint.select = ['netpol-deny-al']", "1:16: unknown id `netpol-deny-al`; did you mean `netpol-deny-all`?"),
        ("lint.extend-select = ['zzzzzzzz']", "1:23: unknown id `zzzzzzzz`; `k8snetlint rules` lists all"),
        ("lint.ignore = ['netpoll']", "1:16: unknown id `netpoll`; did you mean `netpol`?"),
        ("lint.ignore = ['yaml-syntax']", None),
        ("lint.severity.yaml-syntax = 'off'", None),
        ("lint.per-file-ignores.a = ['yaml-syntax']", None),
        ("lint.severity.netpol = 'off'", "1:15: unknown id `netpol`; `k8snetlint rules` lists all"),
        ("lint.severity.svc-no-pod = 'of'", "1:28: `of` is not a level; did you mean `off`?"),
        ("[lint.per-file-ignores]\n'[z-a]' = []", "2:1: `[z-a]` is not a .gitignore pattern"),
        ("[lint.per-file-ignores]\n'a' = ['sv']", "2:8: unknown id `sv`; did you mean `svc`?"),
        ("[[cluster]]\npaths = ['a']", "1:3: the cluster has no `name`"),
        ("[[cluster]]\nname = ''\npaths = ['a']", "2:8: the cluster has no `name`"),
        ("[[cluster]]\nname = 'a'", "1:3: the cluster has no `paths`, so it applies to no manifest"),
        ("[[cluster]]\nname = 'a'\npaths = []", "3:9: the cluster has no `paths`, so it applies to no manifest"),
    ],
)
def test_wrong_values(text: str, expected: str | None) -> None:
    (found,) = errors(text)

    assert found == expected or (
        expected is None and found.endswith("`yaml-syntax` cannot be ignored: it means that something was not checked")
    )


def test_two_clusters_of_one_name() -> None:
    block = "[[cluster]]\nname = 'a'\npaths = ['a']\n"

    assert errors(block * 2) == ["5:8: `a` is also the name of another cluster"]


def test_all_errors_at_once_in_the_order_of_the_file() -> None:
    text = """\
whole-cluster = "no"
lint.ignore = ["nope-nope"]
naemspace = "x"
[[cluster]]
name = "a"
paths = ["a"]
[[cluster]]
name = "b"
paths = ["b"]
  kubernetes-version = [
    # a comment with "quotes" and ]
    "1.33",  "1.2",
  ]
[external]
services = []
x = '''
[lint]
''' # not a table
"""
    assert [line.partition(": ")[0] for line in errors(text)] == ["1:17", "2:16", "3:1", "12:14", "16:1"]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("a = ", "1:5"),
        ("include = [\n  'a'\n  'b'\n]", "3:3"),
        ("a = 1\na = 2", "2:6"),
        ("include = ['a'", "1:15"),
        ("include = [\n  'a',\n", "3:1"),
        (f"a = {'9' * 5000}", "1:1"),
        (f"a = {'[' * 5000}", "1:1"),
    ],
)
def test_what_is_no_toml(text: str, where: str) -> None:
    (found,) = errors(text)

    assert found.startswith(f"{where}: ")


@pytest.mark.parametrize(
    ("text", "path", "value", "where"),
    [
        pytest.param("a.b . 'c' = 1", ("a", "b", "c"), False, (1, 7), id="dotted keys"),
        pytest.param("a.b = 1\na.c = 2", ("a", "c"), True, (2, 7), id="dotted keys of one table"),
        pytest.param('"a.b" = 1\n"\\u0063" = 2', ("c",), False, (2, 1), id="an escape in a key"),
        pytest.param("'a.b' = 1", ("a.b",), False, (1, 1), id="a dot in a key"),
        pytest.param("[x]\n[ y . z ]\na = 1", ("y", "z", "a"), True, (3, 5), id="nested tables"),
        pytest.param("[x]\n[ y . z ]\na = 1", ("y", "z"), False, (2, 7), id="a header"),
        pytest.param("[x]\n[y.z]\na = 1", ("y", "z", "gone"), True, (2, 4), id="the table of a missing key"),
        pytest.param("[[a]]\nb=1\n[[a]]\nb=2", ("a", 1, "b"), True, (4, 3), id="arrays of tables"),
        pytest.param("[[a]]\n[[a]]\nb=2", ("a", 1, "gone"), True, (2, 3), id="the header of an array of tables"),
        pytest.param("[[a]]\n[[a.b]]\n[[a]]\n[[a.b]]\n[[a.b]]\n[a.b.c]\nd=1", ("a", 1, "b", 1, "c", "d"), True, (7, 3)),
        pytest.param("a = { b = 1, c.d = [2, {e=3}] }", ("a", "c", "d", 1, "e"), True, (1, 27), id="inline tables"),
        pytest.param('a = """\nb = 1\n"""\nb = 2', ("b",), False, (4, 1), id="a text of several lines"),
        pytest.param('a = """x"""""\nb = 2', ("b",), True, (2, 5), id="quotes at the end of a long text"),
        pytest.param('a = """\\""" """\nb = 2', ("b",), True, (2, 5), id="an escaped quote in a long text"),
        pytest.param("a = '''''x'''''\nb = 2", ("b",), True, (2, 5), id="quotes in a long literal text"),
        pytest.param('a = ["]", \'#\', "\\"]"]\nb = 2', ("b",), True, (2, 5), id="brackets in texts"),
        pytest.param("a = [1, # ]\r\n [2,\r\n 3],]\r\nb = 2", ("a", 1, 1), True, (3, 2), id="lists in lists"),
        pytest.param("a = [1979-05-27 07:32:00, 2]", ("a", 1), True, (1, 27), id="a date with a space"),
        pytest.param("a = 'é'", ("x",), True, (1, 1), id="no key at all"),
        pytest.param("a = ['é', 2]", ("a", 1), True, (1, 11), id="columns are letters"),
    ],
)
def test_positions(text: str, path: Path, value: bool, where: tuple[int, int]) -> None:  # noqa: FBT001 - a parameter
    tomllib.loads(text)

    assert TomlLocations(text).of(path, value=value) == where


PIECES = [
    *("a", "b", "'a'", '"b"', "'a.b'", ".", "=", " = ", "\n", "\r\n", " ", ",", "[", "]", "[[", "]]", "{", "}", "#"),
    *("1", "1.5", "true", "'x'", '"y"', '"""', "'''", "\\", '"', "'", "1979-05-27", "1979-05-27 07:32:00", "\ufeff"),
    *("[[cluster]]\n", "[lint]\n", "[lint.severity]\n", "[lint.per-file-ignores]\n", "[external]\n"),
    *(f"{key} = " for keys in KEYS.values() for key, *_ in keys),
    *(
        "['svc']\n",
        "['1.30', '1.1']\n",
        "'error'\n",
        "'1.30'\n",
        "true\n",
        "[]\n",
        "{}\n",
        "['!']\n",
        "svc-no-pod='off'\n",
    ),
]
any_text = st.text() | st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


@given(any_text)
def test_any_text_is_settings_or_errors(text: str) -> None:
    settings, lines = outcome(text)

    assert (settings is None) == bool(lines)
    assert all(line.isprintable() and line.startswith(PREFIX) for line in lines)
    if settings is not None:
        config_of(settings, Config())


def outcome(text: str) -> tuple[Settings | None, tuple[str, ...]]:
    try:
        return parse(text, "c.toml", IDS), ()
    except ConfigErrors as error:
        return None, error.errors


scalar = st.integers() | st.booleans() | st.text(max_size=5)
name = st.text("ab.\"'\\#=é\n", min_size=1, max_size=4)
tree = st.recursive(
    scalar, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(name, inner, max_size=3), max_leaves=12
)


def quoted(text: str) -> str:
    """Return a TOML text in which nothing but letters stands for itself."""
    return '"' + "".join(each if each.isalnum() else f"\\U{ord(each):08x}" for each in text) + '"'


def written(value: object, path: Path, text: list[str], places: dict[Path, int]) -> None:
    """Append a value as TOML, and keep where it stands."""
    places[path] = len("".join(text))
    match value:
        case dict():
            text.append("{ ")
            for index, (key, each) in enumerate(value.items()):
                text += [", "] * bool(index) + [quoted(key), " = "]
                written(each, (*path, key), text, places)
            text.append("}")
        case list():
            text.append("[")
            for index, each in enumerate(value):
                text.append("\n # ]\n" if index % 2 else " ")
                written(each, (*path, index), text, places)
                text.append(",")
            text.append("]")
        case str():
            text.append(quoted(value))
        case _:
            text.append(str(value).lower())


@given(st.dictionaries(name, tree, max_size=4))
def test_every_value_is_found_where_it_stands(document: dict[str, object]) -> None:
    parts: list[str] = []
    places: dict[Path, int] = {}
    for key, value in document.items():
        parts += [quoted(key), " = "]
        written(value, (key,), parts, places)
        parts.append("\n")
    text = "".join(parts)
    assert tomllib.loads(text) == document
    positions = TomlLocations(text)

    for path, at in places.items():
        expected = (text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
        assert positions.of(path, value=True) == expected


def test_clusters_take_what_they_do_not_tell_from_all() -> None:
    config = config_of(SETTINGS, Config())

    shared = Environment(external=SETTINGS.external, service_cidrs=("10.96.0.0/12",), ip_families=("IPv4",))
    assert config.environment == shared._replace(
        versions=((1, 34),),
        node_ports=NodePorts(30000, 30100),
        namespace="shop",
        cni="cilium@1.17",
        pod_cidrs=("10.244.0.0/16",),
        cluster_domain="k8s.example",
        ingress_controllers=("edge?app=proxy,tier=a",),
    )
    assert [each.environment for each in config.clusters] == [
        Environment(
            ((1, 32), (1, 33)),
            NodePorts(31000, 31000),
            "prod",
            whole_cluster=True,
            name="prod",
            external=SETTINGS.external,
            service_cidrs=("10.96.0.0/12", "fd00::/108"),
            ip_families=("IPv6", "IPv4"),
            cni="calico",
            pod_cidrs=("10.1.0.0/16",),
            cluster_domain="prod.example",
            ingress_controllers=("edge?app=proxy", "edge?app=other"),
        ),
        config.environment._replace(name="dev"),
    ]
    assert config.environment_of("clusters/prod/a.yaml").name == "prod"
    assert config.ignore == SETTINGS.ignore
    assert config.severity == SETTINGS.severity


@pytest.mark.parametrize(
    ("text", "base", "select"),
    [
        ("select = ['svc']\nextend-select = ['netpol']", (), ("svc", "netpol")),
        ("extend-select = ['netpol']", (), ("ALL", "netpol")),
        ("extend-select = ['netpol']", ("svc",), ("svc", "netpol")),
        ("ignore = []", ("svc",), ("svc",)),
        ("select = []", ("svc",), ()),
    ],
)
def test_what_is_selected(text: str, base: tuple[str, ...], select: tuple[str, ...]) -> None:
    config = config_of(parse(f"[lint]\n{text}", "c.toml", IDS), Config(select=base, ignore=("svc",)))

    assert config.select == select
    assert config.ignore == (() if "ignore" in text else ("svc",))


def test_errors_are_wrong_use() -> None:
    assert issubclass(ConfigErrors, ConfigError)


OURS = "[tool.k8snetlint]\n"


@pytest.mark.parametrize(
    ("files", "found"),
    [
        pytest.param({}, None, id="nothing up to the root"),
        pytest.param({"/r/a/k8snetlint.toml": "", "/r/k8snetlint.toml": ""}, "/r/a/k8snetlint.toml", id="nearest"),
        pytest.param({"/r/.k8snetlint.toml": "", "/k8snetlint.toml": ""}, "/r/.k8snetlint.toml", id="hidden"),
        pytest.param({"/k8snetlint.toml": ""}, "/k8snetlint.toml", id="at the root of all"),
        pytest.param({"/r/.git": "", "/k8snetlint.toml": ""}, None, id="not above the repository"),
        pytest.param({"/r/.git": "", "/r/k8snetlint.toml": ""}, "/r/k8snetlint.toml", id="in its root"),
        pytest.param({"/r/pyproject.toml": OURS}, "/r/pyproject.toml", id="pyproject"),
        pytest.param({"/r/pyproject.toml": "", "/k8snetlint.toml": ""}, "/k8snetlint.toml", id="pyproject of others"),
        pytest.param({"/r/pyproject.toml": "dependencies = ['k8snetlint']"}, None, id="pyproject that needs us"),
        pytest.param({"/r/pyproject.toml": "tool = 'k8snetlint'"}, None, id="pyproject with another tool"),
        pytest.param({"/r/pyproject.toml": OURS + "x ="}, "/r/pyproject.toml", id="a wrong pyproject that is ours"),
        pytest.param({"/r/pyproject.toml": "k8snetlint ="}, None, id="a wrong pyproject that is not ours"),
        pytest.param({"/r/pyproject.toml": OURS, "/r/k8snetlint.toml": ""}, "/r/k8snetlint.toml", id="own file first"),
    ],
)
def test_the_nearest_file_counts(files: dict[str, str], found: str | None) -> None:
    assert discover("/r/a", files.__contains__, files.__getitem__) == found


def test_only_pyproject_has_a_table() -> None:
    assert table_of("/r/pyproject.toml") == ("tool", "k8snetlint")
    assert table_of("/r/.k8snetlint.toml") == ()
