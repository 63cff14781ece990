"""What counts in a run: `config show`, `config validate`, variables, `init`, `schema`, `completion`."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from k8snetlint.cli import EMPTY, FINDINGS, OK, USAGE, run
from k8snetlint.cli import init as starters
from k8snetlint.cli.options import known_ids
from k8snetlint.configfile.parse import ConfigErrors, parse
from k8snetlint.configfile.schema import schema
from k8snetlint.validation.schemas import folder

FILE = """\
exclude = ["old/**"]
kubernetes-version = "1.33"

[external]
labels = ["team=payments"]

[lint]
ignore = ["netpol-deny-all"]
severity = { api-warning = "off" }

[[cluster]]
name = "prod"
paths = ["prod/**"]
complete = true
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".git").mkdir()
    for name in [each for each in os.environ if each.startswith("K8SNETLINT_")]:
        monkeypatch.delenv(name)


def shown(arguments: str, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Return, by `table.key = value`, where it is from."""
    assert run(arguments.split()) == OK
    table, origins = "", {}
    for line in capsys.readouterr().out.splitlines():
        if line.startswith("["):
            table = line.strip("[]") + "."
        elif "  # " in line:
            setting, _, origin = line.partition("  # ")
            origins[table + setting.rstrip()] = origin
    return origins


def test_settings_say_where_they_are_from(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    Path("k8snetlint.toml").write_text(FILE, encoding="utf-8")
    monkeypatch.setenv("K8SNETLINT_FAIL_ON", "error")
    monkeypatch.setenv("K8SNETLINT_NAMESPACE", "shop")
    origins = shown("config show --ignore netpol-selects-no-pod,service --namespace web --exclude tmp", capsys)

    assert origins['kubernetes-version = ["1.33"]'] == "k8snetlint.toml:2"
    assert origins['exclude = ["old/**", "tmp"]'] == "k8snetlint.toml:1, --exclude"
    assert origins['fail-on = "error"'] == "K8SNETLINT_FAIL_ON"
    assert origins['namespace = "web"'] == "--namespace"
    assert origins['node-port-range = "30000-32767"'] == "default"
    assert origins['external.labels = ["team=payments"]'] == "k8snetlint.toml:5"
    assert origins["external.services = []"] == "default"
    assert origins['lint.severity = { api-warning = "off" }'] == "k8snetlint.toml:9"
    assert origins['lint.ignore = ["netpol-deny-all", "netpol-selects-no-pod", "service"]'] == (
        "k8snetlint.toml:8, --ignore"
    )
    assert origins["cluster.complete = true"] == "k8snetlint.toml:14"


def test_what_is_shown_is_a_configuration(capsys: pytest.CaptureFixture[str]) -> None:
    Path("k8snetlint.toml").write_text(FILE, encoding="utf-8")
    assert run(["config", "show"]) == OK
    text = capsys.readouterr().out
    before = parse(FILE, "k8snetlint.toml", known_ids())
    after = parse(text, "k8snetlint.toml", known_ids())

    assert after.facts.versions == before.facts.versions
    assert (after.exclude, after.ignore, after.severity) == (before.exclude, before.ignore, before.severity)
    assert (after.external, after.clusters) == (before.external, before.clusters)


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("pyproject.toml", "[tool.k8snetlint.lint]\nignore = ['service']\n", "pyproject.toml:2"),
        (".k8snetlint.yaml", "lint:\n  # why\n  ignore: [service]\n", ".k8snetlint.yaml:3"),
        (".k8snetlint.yml", "lint:\n  ignore: [service]\n", ".k8snetlint.yml:2"),
        ("k8snetlint.yaml", "lint:\n  ignore: [service]\n", "k8snetlint.yaml:2"),
        ("k8snetlint.yml", "lint:\n  ignore: [service]\n", "k8snetlint.yml:2"),
        (".k8snetlint.toml", "lint.ignore = ['service']\n", ".k8snetlint.toml:1"),
    ],
)
def test_all_kinds_of_files(name: str, content: str, place: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path(name).write_text(content, encoding="utf-8")
    assert shown("config show", capsys)['lint.ignore = ["service"]'] == place
    assert "default" in shown("config show --isolated", capsys)["lint.ignore = []"]


@pytest.mark.parametrize("name", ["k8snetlint.yaml", "k8snetlint.yml", ".k8snetlint.yaml", ".k8snetlint.yml"])
def test_a_configuration_in_yaml_is_not_linted(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path(name).write_text("lint:\n  ignore: [service]\n", encoding="utf-8")
    assert run(["check", "."]) == EMPTY
    assert capsys.readouterr().err.startswith("error: no Kubernetes object in `.`")


@pytest.mark.parametrize("text", ["apiVersion: v1\nkind: Srvice\n", '---\n"apiVersion": v1\nkind: Srvice\n'])
def test_a_manifest_named_like_the_configuration_is_linted(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("k8snetlint.yaml").write_text(text, encoding="utf-8")
    assert run(["check", "."]) == FINDINGS
    assert "k8snetlint.yaml:" in capsys.readouterr().out
    assert run(["init"]) == OK
    assert "`k8snetlint.toml` is written" in capsys.readouterr().err


def test_the_nearest_file_counts(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    Path("k8snetlint.toml").write_text("namespace = 'top'\n", encoding="utf-8")
    Path("a/b").mkdir(parents=True)
    Path("a/k8snetlint.toml").write_text("namespace = 'inner'\n", encoding="utf-8")
    Path("other.toml").write_text("namespace = 'other'\n", encoding="utf-8")

    assert 'namespace = "top"' in shown("config show", capsys)
    assert shown("config show a/b", capsys)['namespace = "inner"'] == "a/k8snetlint.toml:1"
    assert shown("config show a/b --config k8snetlint.toml", capsys)['namespace = "top"'] == "k8snetlint.toml:1"
    monkeypatch.setenv("K8SNETLINT_CONFIG", "other.toml")
    assert 'namespace = "other"' in shown("config show a/b", capsys)
    assert 'namespace = "top"' in shown("config show a/b --config k8snetlint.toml", capsys)


def test_the_file_of_the_user_is_the_last_resort(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    (home / "k8snetlint").mkdir(parents=True)
    (home / "k8snetlint" / "k8snetlint.toml").write_text("show = 'info'\n", encoding="utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    Path("deep").mkdir()

    assert 'show = "info"' in shown("config show deep", capsys)
    Path("k8snetlint.toml").write_text("", encoding="utf-8")
    assert 'show = "warning"' in shown("config show deep", capsys)


@pytest.mark.parametrize(
    ("variable", "value", "setting"),
    [
        ("SELECT", "netpol service", 'lint.select = ["netpol", "service"]'),
        ("EXTEND_SELECT", "netpol,service", 'lint.extend-select = ["netpol", "service"]'),
        ("IGNORE", "netpol", 'lint.ignore = ["netpol"]'),
        ("SEVERITY", "api-warning=off", 'lint.severity = { api-warning = "off" }'),
        ("FAIL_ON", "info", 'fail-on = "info"'),
        ("SHOW", "error", 'show = "error"'),
        ("KUBERNETES_VERSION", "1.30,1.31", 'kubernetes-version = ["1.30", "1.31"]'),
        ("NAMESPACE", "shop", 'namespace = "shop"'),
        ("NODE_PORT_RANGE", "1-9", 'node-port-range = "1-9"'),
        ("SERVICE_CIDR", "10.96.0.0/12,fd00::/108", 'service-cidr = ["10.96.0.0/12", "fd00::/108"]'),
        ("IP_FAMILY", "ipv6,IPv4", 'ip-family = ["IPv6", "IPv4"]'),
        ("WHOLE_CLUSTER", "1", "whole-cluster = true"),
        ("FAIL_ON_SKIPPED", "true", "fail-on-skipped = true"),
    ],
)
def test_variables(
    variable: str, value: str, setting: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"K8SNETLINT_{variable}", value)
    assert shown("config show", capsys)[setting] == f"K8SNETLINT_{variable}"


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("SELECT", "netpool", "unknown id `netpool`; did you mean `netpol`?"),
        ("FORMAT", "sarfi", "unknown format `sarfi`; did you mean `sarif`?"),
        ("CONFIG", "nowhere.toml", "cannot read `nowhere.toml`"),
    ],
)
def test_wrong_variables(
    variable: str, value: str, message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"K8SNETLINT_{variable}", value)
    assert run(["check", "."]) == USAGE
    assert message in capsys.readouterr().err


def test_all_errors_of_a_file_are_said_with_their_places(capsys: pytest.CaptureFixture[str]) -> None:
    Path("k8snetlint.toml").write_text("kubernets-version = '1.33'\n[lint]\nignore = ['netpol-deny-al']\n", "utf-8")

    for command in ("check .", "config validate", "config show", "config validate k8snetlint.toml"):
        assert run(command.split()) == USAGE
        assert capsys.readouterr().err.splitlines() == [
            "error: k8snetlint.toml:1:1: unknown key `kubernets-version`; did you mean `kubernetes-version`?",
            "error: k8snetlint.toml:3:11: unknown id `netpol-deny-al`; did you mean `netpol-deny-all`?",
        ]


def test_a_valid_file_is_said_to_be_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["config", "validate"]) == OK
    assert "no configuration file applies here" in capsys.readouterr().err
    Path("k8snetlint.toml").write_text(FILE, encoding="utf-8")
    assert run(["config", "validate"]) == OK
    assert "`k8snetlint.toml` is valid" in capsys.readouterr().err


def uncommented(text: str) -> str:
    """Return a starter in which all examples count."""
    lines = text.splitlines()
    return "\n".join(re.sub(r"^# (?=(\[\[)?[a-z-]+(\]\]$| = ))", "", line) for line in lines)


def test_a_starter_is_valid_as_it_is_and_with_all_examples() -> None:
    assert run(["init"]) == OK
    text = Path("k8snetlint.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text) == {"external": {}, "lint": {}}
    parse(text, "k8snetlint.toml", known_ids())
    full = tomllib.loads(uncommented(text))
    assert {"include", "context", "cluster", "external", "lint"} <= full.keys()
    parse(uncommented(text), "k8snetlint.toml", known_ids())
    jsonschema.validate(full, schema(known_ids()))


def test_starters_leave_alone_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    Path(".k8snetlint.yaml").write_text("{}\n", encoding="utf-8")
    assert run(["init", "--pre-commit", "--github", "--gitlab"]) == OK
    assert "`.k8snetlint.yaml` exists and was not changed" in capsys.readouterr().err
    assert not Path("k8snetlint.toml").exists()
    files = [starters.PRE_COMMIT, starters.GITHUB, starters.GITLAB]
    before = {path: Path(path).read_text(encoding="utf-8") for path in files}
    assert run(["init", "--pre-commit", "--github", "--gitlab"]) == OK
    again = capsys.readouterr().err
    assert "is written" not in again
    assert again.count("was not changed") == 4
    assert {path: Path(path).read_text(encoding="utf-8") for path in files} == before


def test_the_workflow_pins_actions_and_keeps_expressions_out_of_scripts() -> None:
    from ruamel.yaml import YAML

    assert run(["init", "--github"]) == OK
    workflow = YAML(typ="safe").load(Path(starters.GITHUB).read_text(encoding="utf-8"))
    steps = workflow["jobs"]["k8snetlint"]["steps"]
    assert all(re.search(r"@[0-9a-f]{40}$", step["uses"]) for step in steps if "uses" in step)
    scripts = [step["run"] for step in steps if "run" in step]
    assert len(scripts) == 2
    assert not any("${{" in script for script in scripts)
    assert "pull_request_target" not in workflow["on"]


def test_schemas_are_printed_as_they_are_shipped(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("config", "report", "connections", "explain", "diff", "test", "test-report"):
        assert run(["schema", name]) == OK
        printed = capsys.readouterr().out
        assert printed == Path(folder(), f"{name}.json").read_text(encoding="utf-8")
        jsonschema.validators.validator_for(json.loads(printed)).check_schema(json.loads(printed))


def test_the_schema_of_configurations_is_up_to_date() -> None:
    shipped = Path(folder(), "config.json").read_text(encoding="utf-8")
    assert json.loads(shipped) == schema(known_ids()), "run `make docs`"


GOOD: list[dict[str, Any]] = [
    {},
    {"kubernetes-version": "v1.34.2"},
    {"kubernetes-version": ["1.25", "1.37, 1.30"]},
    {"service-cidr": "10.96.0.0/12", "ip-family": "ipv4"},
    {"service-cidr": ["10.96.0.0/12", "fd00::/108"], "ip-family": ["IPv4", "IPv6"]},
    {"fail-on": "info", "show": "error", "fail-on-skipped": False},
    {"cluster": [{"name": "a", "paths": ["a/**"], "complete": True}]},
    {"lint": {"select": ["ALL", "netpol", "yaml-syntax"], "ignore": ["api"], "severity": {"yaml-syntax": "info"}}},
    {"lint": {"per-file-ignores": {"a/**": ["netpol-deny-all", "service"]}}},
]
BAD: list[dict[str, Any]] = [
    {"kubernetes-version": "1.24"},
    {"kubernetes-version": "1.38"},
    {"kubernetes-version": []},
    {"kubernetes-version": 1.34},
    {"ip-family": "IPv5"},
    {"service-cidr": 10},
    {"fail-on": "never"},
    {"exclude": "a"},
    {"whole-cluster": "yes"},
    {"excluded": []},
    {"cluster": [{"name": "a"}]},
    {"cluster": {"name": "a", "paths": ["a"]}},
    {"external": {"labels": [1]}},
    {"lint": {"select": ["netpool"]}},
    {"lint": {"ignore": ["yaml-syntax"]}},
    {"lint": {"severity": {"netpol": "error"}}},
    {"lint": {"severity": {"yaml-syntax": "off"}}},
    {"lint": {"severity": {"netpol-deny-all": "fatal"}}},
    {"lint": {"per-file-ignores": {"a/**": "netpol"}}},
]


@pytest.mark.parametrize("value", GOOD, ids=str)
def test_the_schema_takes_what_is_taken(value: dict[str, Any]) -> None:
    parse(json.dumps(value), "config.yaml", known_ids())
    faults = [each.message for each in jsonschema.Draft7Validator(schema(known_ids())).iter_errors(value)]

    assert faults == []


@pytest.mark.parametrize("value", BAD, ids=str)
def test_the_schema_refuses_what_is_refused(value: dict[str, Any]) -> None:
    with pytest.raises(ConfigErrors):
        parse(json.dumps(value), "config.yaml", known_ids())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(value, schema(known_ids()))


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        pytest.param("check --unsa", "--unsafe-fixes", id="an option"),
        pytest.param("check --ignore netpol-deny", "netpol-deny-all", id="an id"),
        pytest.param("check --select serv", "service", id="a group"),
        pytest.param("check --select service,netpol-deny", "service,netpol-deny-all", id="an id after a comma"),
        pytest.param("check -f sa", "sarif", id="a format"),
        pytest.param("check --kubernetes-version 1.33", "1.33", id="a version"),
        pytest.param("check --fail-on wa", "warning", id="a level"),
        pytest.param("check --severity api-warn", "api-warning=", id="an id that gets a level"),
        pytest.param("connections -f js", "json", id="a format of another command"),
        pytest.param("explain --cni cili", "cilium", id="a CNI plugin"),
        pytest.param("rules --group ign", "ignore", id="a group alone"),
        pytest.param("rule netpol-deny", "netpol-deny-all", id="an argument"),
    ],
)
def test_a_shell_completes(words: str, offered: str, tmp_path: Path) -> None:
    program = tmp_path / "k8snetlint"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m k8snetlint "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    script = (
        f'eval "$({program} completion bash)"; COMP_WORDS=(k8snetlint {words}); COMP_CWORD={len(words.split())}; '
        f'_k8snetlint_completion {program}; echo "${{COMPREPLY[@]}}"; complete -p k8snetlint'
    )
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)  # noqa: S607 - any bash
    assert done.stdout.split()[0] == offered
    assert done.stdout.endswith("\ncomplete -o default -F _k8snetlint_completion k8snetlint\n")


def test_an_unknown_shell(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", "csh"]) == USAGE
    assert "'csh' is not one of 'bash', 'zsh'" in capsys.readouterr().err
