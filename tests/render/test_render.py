"""Rendering with tools that are shell scripts: what they are given and must not do, and what if they fail."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import k8snetlint
from k8snetlint import Source
from k8snetlint.cli import FINDINGS, OK, USAGE, run
from k8snetlint.render import tool
from k8snetlint.render.files import tree_reader
from k8snetlint.render.kustomize import without_origins
from k8snetlint.render.render import render_all
from k8snetlint.render.rendered import RenderError, Rendering, origin_path, rendered_stream

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the tools are shell scripts")

SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
  - port: 80
"""
SYSTEM = f"{Path(shutil.which('sh') or '/bin/sh').parent}:/usr/bin:/bin"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    work = tmp_path / "work"
    write(work / "app/kustomization.yaml", "resources: [web.yaml]\n")
    write(work / "app/web.yaml", SERVICE)
    write(work / "shop/Chart.yaml", "apiVersion: v2\nname: webshop\nversion: 0.1.0\n")
    write(work / "shop/templates/web.yaml", SERVICE)
    write(work / "values.yaml", "a: 1\n")
    monkeypatch.chdir(work)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    for name in ("sh", "cat", "env", "sleep", "yes", "ls", "head"):
        (tmp_path / "bin" / name).symlink_to(str(shutil.which(name, path=SYSTEM)))
    return work


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def install(name: str, script: str, where: str = "../bin") -> None:
    file = write(Path(where) / name, f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def render(*paths: str, network: bool = False) -> str:
    """Return what was rendered, decoded."""
    return "".join(each.source.read().decode() for each in render_all(Rendering(paths, network=network)))


def refusal(*paths: str, network: bool = False) -> str:
    with pytest.raises(RenderError) as caught:
        render(*paths, network=network)
    return str(caught.value)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        pytest.param("app", "no `kustomize` or `kubectl` on PATH", id="no kustomize"),
        pytest.param("shop", "no `helm` on PATH", id="no helm"),
        pytest.param("ap", "`ap`: it does not exist", id="nothing"),
        pytest.param("app/web.yaml", "not a folder", id="a file"),
        pytest.param("shop/templates", "neither a kustomization.yaml nor a Chart.yaml", id="any folder"),
    ],
)
def test_what_cannot_be_rendered_is_wrong_use(path: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--render", path]) == USAGE
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param("--values values.yaml", "--values needs --render", id="values"),
        pytest.param("--set a=1", "--set needs --render", id="a value"),
        pytest.param("--render app --set a=1", "no --render names one", id="a value without a chart"),
        pytest.param("--release rel", "--release needs --render", id="a release"),
        pytest.param("--include-crds", "--include-crds needs --render", id="definitions"),
        pytest.param("--render-network", "--render-network needs --render", id="the network"),
        pytest.param("--render app --values values.yaml", "no --render names one", id="values without a chart"),
        pytest.param("--render shop --values v.yaml", "`v.yaml` is not a file with values", id="no such values"),
    ],
)
def test_options_that_mean_nothing_are_wrong_use(
    options: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", *options.split()]) == USAGE
    assert message in capsys.readouterr().err


def test_tools_of_the_tree_are_not_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    install("kustomize", "cat app/web.yaml", where="bin")
    monkeypatch.setenv("PATH", f"{Path('bin').resolve()}:bin:{tmp_path / 'bin'}")

    assert "no `kustomize` or `kubectl`" in refusal("app")


def test_kubectl_is_taken_where_there_is_no_kustomize() -> None:
    install("kubectl", 'test "$1" = kustomize && cat app/web.yaml')

    assert render("app") == SERVICE


def test_kustomize_builds_a_kustomization_that_asks_for_origins() -> None:
    install("kustomize", 'test "$1" = build && test $# = 2 && cd "$2" && cat kustomization.yaml >&2; exit 1')

    said = refusal("app")

    assert '"originAnnotations"' in said
    assert '"resources": ["app"]' in said  # relative, and named as the user did


def test_helm_is_told_what_the_user_wants() -> None:
    install("helm", 'echo "$@" >&2; exit 1')
    wanted = Rendering(
        ("shop",),
        ("values.yaml", "a,b.yaml"),
        set_values=("a=1", "b=x,c=y"),
        release="rel",
        namespace="shopping",
        kube_version="1.33",
        include_crds=True,
    )
    write(Path("a,b.yaml"), "b: 2\n")

    with pytest.raises(RenderError) as caught:
        render_all(wanted)

    said = str(caught.value)
    here = Path.cwd()
    assert f"template --namespace shopping --values {here}/values.yaml --values /" in said
    assert said.endswith(f"--set a=1 --set b=x,c=y --kube-version 1.33 --include-crds -- rel {here}/shop")
    assert "a,b.yaml" not in said


TEMPLATE = "apiVersion: v1\nkind: Service\nmetadata: {name: {{ .Release.Name }}}\n"
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web}]}
"""


def test_a_chart_that_is_rendered_is_no_template_any_more(capsys: pytest.CaptureFixture[str]) -> None:
    write(Path("shop/templates/web.yaml"), TEMPLATE)
    write(Path("shop/charts/db/templates/db.yaml"), TEMPLATE)
    write(Path("service.yaml"), SERVICE)
    install("helm", f"cat <<'END'\n---\n# Source: webshop/templates/web.yaml\n{DEPLOYMENT}END")

    run(["check", ".", "-f", "json", "--whole-cluster"])
    before = json.loads(capsys.readouterr().out)
    assert before["summary"]["templates"] == 2
    assert before["summary"]["partial"] == 1

    for shop in ("shop", "./shop/"):
        assert run(["check", ".", "--render", shop, "-f", "json", "--whole-cluster"]) == OK
        document = json.loads(capsys.readouterr().out)
        assert document["findings"] == []
        assert (document["summary"]["templates"], document["summary"]["partial"]) == (0, 0)
        assert "templates" not in str(document["skipped"])
    run(["check", ".", "--render", "shop"])
    assert "not checked; run:" not in capsys.readouterr().err

    write(Path("service.yaml"), SERVICE.replace("app: web", "app: wbe"))
    run(["check", ".", "--render", "shop", "-f", "concise"])
    assert "service.yaml:7:10: warning service-selector-matches-nothing" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "passed"),
    [
        pytest.param([], "", id="helm's own"),
        pytest.param(["--kubernetes-version", "1.33"], "--kube-version 1.33", id="the one to check for"),
        pytest.param(["--kubernetes-version", "1.30,1.34,1.32"], "--kube-version 1.34", id="the newest one"),
    ],
)
def test_charts_are_rendered_for_the_version_to_check_for(
    options: list[str], passed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    install("helm", 'echo "args: $*" >&2; exit 1')
    for command in ("check", "connections"):
        assert run([command, "--render", "shop", *options]) == USAGE
        assert f"args: template {passed} --".replace("  ", " ") in capsys.readouterr().err


CHARTS = "helmCharts: [{name: shop}]\n"
OLD = 'case "$*" in *--helm-kube-version*) echo "Error: unknown flag: --helm-kube-version" >&2; exit 1;; esac; '


@pytest.mark.parametrize(
    ("kustomization", "options", "passed"),
    [
        pytest.param(CHARTS, [], "", id="helm's own"),
        pytest.param(CHARTS, ["--kubernetes-version", "1.30,1.34"], "--helm-kube-version 1.34", id="the newest one"),
        pytest.param("resources: [web.yaml]\n", ["--kubernetes-version", "1.34"], "", id="no chart"),
    ],
)
def test_charts_in_kustomizations_are_rendered_for_the_version_to_check_for(
    kustomization: str, options: list[str], passed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(Path("app/kustomization.yaml"), kustomization)
    install("helm", "exit 1")
    install("kustomize", 'echo "args: $*" >&2; exit 1')

    assert run(["check", "--render", "app", "--render-network", *options]) == USAGE
    said = capsys.readouterr().err.strip()
    assert said.endswith(passed)
    assert ("--helm-kube-version" in said) == bool(passed)


@pytest.mark.parametrize("form", ["full", "json"])
def test_a_kustomize_that_cannot_tell_helm_a_version_says_so(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(Path("app/kustomization.yaml"), CHARTS)
    install("helm", "exit 1")
    install("kustomize", OLD + "cat app/web.yaml")

    arguments = ["check", "--render", "app", "--render-network", "-f", form]
    assert run([*arguments, "--kubernetes-version", "1.34"]) == OK
    said = capsys.readouterr().err
    note = "note: `kustomize` is older than kustomize 5.3 (kubectl 1.31) and cannot tell helm a version"
    assert (note in said) == (form == "full")
    assert run(arguments) == OK
    assert "older than" not in capsys.readouterr().err


def test_other_mistakes_of_kustomize_are_told_with_a_version_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    write(Path("app/kustomization.yaml"), CHARTS)
    install("helm", "exit 1")
    install("kustomize", 'echo "no chart named shop" >&2; exit 1')

    assert run(["check", "--render", "app", "--render-network", "--kubernetes-version", "1.34"]) == USAGE
    assert "no chart named shop" in capsys.readouterr().err


REFUSES = 'echo "chart requires kubeVersion: >=1.30.0-0 which is incompatible with Kubernetes v1.20.0" >&2; exit 1'


@pytest.mark.parametrize(("path", "tool"), [("shop", "helm"), ("app", "kustomize")])
def test_a_chart_for_newer_versions_than_helms_own_says_how_to_name_one(path: str, tool: str) -> None:
    write(Path("app/kustomization.yaml"), CHARTS)
    install("helm", REFUSES)
    install(tool, REFUSES)

    hint = "--kubernetes-version names the one to render charts for"
    assert hint in refusal(path, network=True)
    with pytest.raises(RenderError) as caught:
        render_all(Rendering((path,), network=True, kube_version="1.25"))
    assert "incompatible" in str(caught.value)
    assert hint not in str(caught.value), "the user has named one"


def test_the_environment_is_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KUBECONFIG", "GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "HELM_KUBETOKEN", "SSH_AUTH_SOCK"):
        monkeypatch.setenv(name, "hidden")
    install("helm", 'ls -A "$HOM""E" "$XDG_CONFIG_HOME" "$HELM_PLUGINS" | cat >/dev/null; env')

    lines = dict(line.split("=", 1) for line in render("shop").splitlines())

    assert "hidden" not in lines.values()
    allowed = ("PATH", "LANG", "HOME", "USERPROFILE", "TMPDIR", "KUSTOMIZE_PLUGIN_HOME", "PWD", "_", "SHLVL", "OLDPWD")
    blocked = ("HTTP_PROXY", "HTTPS_PROXY", "GIT_ALLOW_PROTOCOL")
    others = {name for name in lines if name not in allowed + blocked}
    assert all(name.startswith(("XDG_", "HELM_")) for name in others)
    assert all(lines[name].startswith(lines["HOME"]) for name in others)
    assert not Path(lines["HOME"]).exists()


def test_the_network_is_blocked_until_it_is_allowed() -> None:
    install("helm", "env")

    assert "GIT_ALLOW_PROTOCOL=none" in render("shop")
    assert "_PROXY" not in render("shop", network=True)


def test_a_tool_that_fails_says_why_without_passwords_and_controls(capsys: pytest.CaptureFixture[str]) -> None:
    install("helm", r"printf 'Error: \033[31mno\033[0m\nhttps://me:secret@example.com/x\n' >&2; exit 3")

    assert run(["check", "--render", "shop"]) == USAGE
    said = capsys.readouterr().err
    assert r"cannot render `shop`: `helm` failed: Error: \x1b[31mno\x1b[0m; https://***@example.com/x" in said


def test_a_long_complaint_is_shortened() -> None:
    install("helm", "yes no | head -c 9000 >&2; exit 3")

    assert len(refusal("shop")) < 800


def test_a_tool_that_says_nothing_still_fails() -> None:
    install("helm", "exit 7")

    assert refusal("shop").endswith("it ended with 7")


def test_a_tool_that_hangs_is_ended_with_what_it_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    install("helm", f"(sleep 2; echo still >{tmp_path}/alive) & sleep 60")
    monkeypatch.setattr(tool, "LIMITS", tool.LIMITS._replace(seconds=0.3))

    before = time.monotonic()

    assert "did not answer within 0.3 seconds" in refusal("shop")
    assert time.monotonic() - before < 10
    time.sleep(2.5)
    assert not (tmp_path / "alive").exists()


def test_a_tool_that_writes_too_much_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    install("helm", "yes")
    monkeypatch.setattr(tool, "LIMITS", tool.LIMITS._replace(output=64 * 1024))

    assert "wrote more than 64 KiB" in refusal("shop")


@pytest.mark.parametrize(
    ("kustomization", "message"),
    [
        pytest.param("resources: ['https://example.com/a.yaml']", "https://example.com/a.yaml", id="a URL"),
        pytest.param("Resources: [github.com/a/b]", "github.com/a/b", id="a field that only Go knows"),
        pytest.param("bases: ['git@example.com:a/b']", "git@example.com:a/b", id="a repository"),
        pytest.param("components: ['ssh://me:pw@example.com/b']", "ssh://***@example.com/b", id="a component"),
        pytest.param("resources: [nowhere.yaml]", "`nowhere.yaml` in `app/kust", id="what is not here"),
        pytest.param("resources: ['web.yaml?ref=x']", "web.yaml?ref=x", id="a query"),
        pytest.param("resources: [inner]", "https://example.com/b in `app/inner/", id="in a base"),
        pytest.param("configMapGenerator: [{files: ['a=HTTPS://a.b/c']}]", "a=HTTPS://a.b/c", id="a generator's file"),
        pytest.param("patches: [{path: 'https://a.b/c'}]", "https://a.b/c", id="a patch"),
        pytest.param("openapi: {path: 'http://a.b/c'}", "http://a.b/c", id="a schema"),
        pytest.param("helmCharts: [{name: a}]", "inflates a Helm chart", id="a chart"),
        pytest.param("generators: [chart.yaml]", "inflates a Helm chart", id="a generator of charts"),
    ],
)
def test_nothing_is_downloaded(kustomization: str, message: str) -> None:
    install("kustomize", "cat app/web.yaml")
    write(Path("app/kustomization.yaml"), kustomization + "\n")
    write(Path("app/inner/kustomization.yml"), "resources: ['https://example.com/b']\n")
    write(Path("app/chart.yaml"), "apiVersion: builtin\nkind: HelmChartInflationGenerator\nmetadata: {name: a}\n")

    said = refusal("app").replace("`https", "https").replace("/b` in", "/b in")

    assert message in said
    assert "--render-network" in said


@pytest.mark.parametrize(
    ("kustomization", "is_here"),
    [
        pytest.param("helmCharts: [{name: shop}]", True, id="the usual folder"),
        pytest.param("helmGlobals: {chartHome: ../more}\nhelmCharts: [{name: site}]", True, id="another folder"),
        pytest.param("HelmGlobals: {ChartHome: ../more}\nHelmCharts: [{Name: site}]", True, id="any case"),
        pytest.param("helmCharts: [{name: shop, repo: example.com/charts}]", False, id="of a repository"),
        pytest.param("helmCharts: [{name: shop, Repo: example.com/charts}]", False, id="of one in any case"),
        pytest.param("helmCharts: [{name: shop}, {name: site}]", False, id="one is, one is not"),
        pytest.param("helmCharts: [{name: [shop]}]", False, id="not a name"),
        pytest.param("helmCharts: [shop]", False, id="not a chart"),
        pytest.param("helmChartInflationGenerator: [{chartName: shop}]", False, id="the old field"),
    ],
)
def test_a_chart_that_is_here_needs_no_network(kustomization: str, *, is_here: bool) -> None:
    install("kustomize", "cat app/web.yaml")
    install("helm", "exit 1")
    write(Path("app/kustomization.yaml"), kustomization + "\n")
    write(Path("app/charts/shop/Chart.yaml"), "name: shop\n")
    write(Path("more/site/Chart.yaml"), "name: site\n")

    if is_here:
        assert render("app") == SERVICE
    else:
        assert "`app/kustomization.yaml` inflates a Helm chart that is not here" in refusal("app")
    assert render("app", network=True) == SERVICE


def test_with_the_network_kustomize_may_look_for_it() -> None:
    install("kustomize", "cat app/web.yaml")
    write(Path("app/kustomization.yaml"), "resources: ['https://example.com/a.yaml']\n")

    assert render("app", network=True) == SERVICE


@pytest.mark.parametrize("field", ["generators", "transformers", "Validators"])
@pytest.mark.parametrize("inline", [False, True])
@pytest.mark.parametrize("network", [False, True])
def test_plugins_are_never_run(field: str, *, inline: bool, network: bool) -> None:
    install("kustomize", "cat app/web.yaml")
    plugin = "apiVersion: example.com/v1\nkind: Exec\nmetadata: {name: a}\n"
    write(Path("app/plugin.yaml"), plugin)
    entry = "|\n  " + plugin.replace("\n", "\n  ") if inline else "plugin.yaml"
    write(Path("app/kustomization.yaml"), f"{field}:\n- {entry}\n")

    assert "plugins are never run, not even with --render-network" in refusal("app", network=network)


@pytest.mark.parametrize("file", ["Chart.yaml", "requirements.yaml"])
def test_a_missing_dependency_is_not_downloaded(file: str) -> None:
    install("helm", "cat app/web.yaml")
    with Path("shop", file).open("a", encoding="utf-8") as chart:
        chart.write("dependencies: [{name: lib, version: 1.0.0, repository: 'https://example.com'}]\n")

    assert "`lib`" in refusal("shop")
    assert "--render-network allows" in refusal("shop")

    write(Path("shop/charts/other/Chart.yaml"), "apiVersion: v2\nname: lib\nversion: 1.0.0\n")
    assert render("shop") == SERVICE


def test_a_download_leaves_the_chart_as_it_is() -> None:
    last = 'for last; do :; done; cd "$last"'
    install("helm", f"{last}; echo x >charts/lib-1.tgz; cat Chart.yaml templates/web.yaml")
    with Path("shop/Chart.yaml").open("a", encoding="utf-8") as chart:
        chart.write("dependencies: [{name: lib, version: 1.0.0, repository: 'file://../lib'}]\n")

    rendered = render("shop", network=True)

    assert f"file://{Path.cwd()}/lib" in rendered
    assert SERVICE in rendered
    assert not Path("shop/charts").exists()


def test_what_is_rendered_is_linted(capsys: pytest.CaptureFixture[str]) -> None:
    install("kustomize", "cat app/web.yaml")
    write(Path("other.yaml"), SERVICE.replace("port:", "prot:"))

    assert run(["check", "--render", "app"]) == OK  # nothing else is
    assert "1 object" in capsys.readouterr().out
    write(Path("app/web.yaml"), SERVICE.replace("port:", "prot:"))
    assert run(["check", "--render", "app", "-f", "concise"]) == FINDINGS
    assert capsys.readouterr().out.startswith("app (rendered):9:5: error")  # this kustomize names no origin


RENDERED = """\
apiVersion: v1
kind: Service
metadata:
  annotations:
    a: b
    alpha.config.kubernetes.io/transformations: |
      - configuredIn: ../x/kustomization.yaml
    config.kubernetes.io/origin: |
      path: ../x/web.yaml
    z: |
      config.kubernetes.io/origin: |

      path: kept
  name: web
---
apiVersion: v1
kind: ConfigMap
data:
  annotations: |
    config.kubernetes.io/origin: |
      path: kept
metadata:
  annotations:
    config.kubernetes.io/origin: |
      configuredIn: ../x/kustomization.yaml
      configuredBy:
        kind: ConfigMapGenerator
  name: conf
spec:
  annotations:
  - x
---
apiVersion: v1
kind: Service
metadata:
  annotations:
    config.kubernetes.io/origin: |
      path: a.yaml
      repo: https://example.com/r
      ref: x
    other: x
---
apiVersion: v1
kind: Service
metadata:
  annotations:
    a: b
"""


def test_only_our_annotations_are_taken_out() -> None:
    text, origins = without_origins(RENDERED)

    assert origins == ("../x/web.yaml", "../x/kustomization.yaml", "", "")
    assert "transformations" not in text
    parts = text.split("---\n")
    assert parts[0] == (
        "apiVersion: v1\nkind: Service\nmetadata:\n  annotations:\n    a: b\n    z: |\n"
        "      config.kubernetes.io/origin: |\n\n      path: kept\n  name: web\n"
    )
    assert parts[1].endswith("      path: kept\nmetadata:\n  name: conf\nspec:\n  annotations:\n  - x\n")
    assert parts[2].endswith("metadata:\n  annotations:\n    other: x\n")
    assert parts[3].endswith("metadata:\n  annotations:\n    a: b\n")


def test_an_origin_elsewhere_is_none_here() -> None:
    assert origin_path("path: a.yaml\n") == "a.yaml"
    assert origin_path("path: a.yaml\nrepo: https://example.com\n") == ""
    assert origin_path("nonsense") == ""


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        pytest.param("# Source: a/templates/b.yaml\n", True, id="helm"),
        pytest.param("config.kubernetes.io/origin: x\n", True, id="kustomize"),
        pytest.param(SERVICE, False, id="neither"),
        pytest.param(b"\xff", False, id="no text"),
    ],
)
def test_a_stream_says_that_it_is_rendered(text: str | bytes, *, rendered: bool) -> None:
    assert (rendered_stream(Source.of("<stdin>", text)) is not None) is rendered


def test_only_files_of_the_tree_are_read(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret.yaml", SERVICE)
    Path("link.yaml").symlink_to(secret)
    Path("inner.yaml").symlink_to("app/web.yaml")
    read = tree_reader()

    assert read("app/web.yaml") == read("inner.yaml") == read(str(Path("app/web.yaml").resolve())) == SERVICE
    assert read("../secret.yaml") is None
    assert read("link.yaml") is None
    assert read("app") is None
    assert read("nowhere.yaml") is None
    assert read("nul\0.yaml") is None


def test_the_tree_is_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".git").mkdir()
    monkeypatch.chdir("app")

    assert tree_reader()("../shop/templates/web.yaml") == SERVICE


def test_a_run_that_renders_nothing_loads_nothing_for_it() -> None:
    script = "import sys; from k8snetlint.cli import run; run(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    environment = {"PYTHONPATH": str(Path(k8snetlint.__file__).parent.parent), "PATH": os.environ["PATH"]}
    write(Path("bad.yaml"), SERVICE.replace("port:", "prot:"))

    for arguments in (["."], ["bad.yaml"]):
        done = subprocess.run(
            [sys.executable, "-c", script, "check", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        loaded = done.stderr.split()
        assert "k8snetlint.linting.pipeline" in loaded
        assert not [each for each in loaded if each.startswith("k8snetlint") and ("render" in each or "origin" in each)]
