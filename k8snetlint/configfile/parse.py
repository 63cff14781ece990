"""The text of a configuration file becomes `Settings`, or all that is wrong with it at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from k8snetlint.codes import ALWAYS, group_of, unknown_id
from k8snetlint.configfile.positions import LineColumn, TomlLocations
from k8snetlint.configfile.settings import ClusterSettings, Facts, Settings
from k8snetlint.configfile.table import Fault, Table, near
from k8snetlint.connectivity.profiles import parse_cni
from k8snetlint.finding import ConfigError, Severity
from k8snetlint.model.environment import (
    DNS_LABEL,
    External,
    parse_cidr,
    parse_cluster_domain,
    parse_ingress_controller,
    parse_ip_family,
    parse_namespace,
    parse_node_ports,
    parse_version,
)
from k8snetlint.source.escape import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from k8snetlint.configfile.as_yaml import YamlLocations
    from k8snetlint.configfile.positions import Path
    from k8snetlint.model.environment import Version

_LEVELS = {level.word: level for level in sorted(Severity, reverse=True)}


class ConfigErrors(ConfigError):  # noqa: N818 - several errors
    """All that is wrong with a configuration file: `errors` are lines, sorted by position, as in the text."""

    def __init__(self, errors: Sequence[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = tuple(errors)


def parse(text: str, name: str, known_ids: Sequence[str], *, table: tuple[str, ...] = ()) -> Settings:
    """Return what a file says, in YAML if its name says so, else in TOML.

    Args:
        text: what is in the file.
        name: what the file is called in errors.
        known_ids: all ids that a finding can have.
        table: the keys that lead to the settings.

    Raises:
        ConfigErrors: anything in it is wrong.
    """
    text = text.removeprefix("\ufeff")
    values, yaml = _read(text, name)
    document = Table((), values, [])
    for key in table:
        document = document.table(key)
    document.refuse_unknown("")
    settings = _settings(document, known_ids)
    if document.faults:
        positions = yaml or TomlLocations(text)
        placed = sorted({(positions.of(each.path, value=each.value), each.message) for each in document.faults})
        raise ConfigErrors([_line(name, position, message) for position, message in placed])
    return settings


def places(text: str, name: str, *, table: tuple[str, ...] = ()) -> Callable[[Path], LineColumn | None]:
    """Return a function that tells where a key of a text that `parse` takes stands; None if it says no such thing."""
    text = text.removeprefix("\ufeff")
    values, yaml = _read(text, name)
    positions = yaml or TomlLocations(text)

    def place(path: Path) -> LineColumn | None:
        value: Any = values
        for step in (*table, *path):
            try:
                value = value[step]
            except (KeyError, IndexError):
                return None
        return positions.of((*table, *path))

    return place


def _read(text: str, name: str) -> tuple[dict[str, Any], YamlLocations | None]:
    if not name.endswith((".yaml", ".yml")):
        return _loaded(text, name), None
    from k8snetlint.configfile.as_yaml import read  # noqa: PLC0415 - most files are in TOML

    values, positions, wrong = read(text)
    if wrong:
        raise ConfigErrors([_line(name, position, message) for position, message in wrong])
    return values, positions


def _line(name: str, position: LineColumn, message: str) -> str:
    return escape(f"{name}:{position.line}:{position.column}: {message}")


def _loaded(text: str, name: str) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - only if there is a configuration file

    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ConfigErrors([_line(name, LineColumn(1, 1), "lists or tables are nested too deeply")]) from None
    except ValueError as error:  # beside TOMLDecodeError: a number of more than 4300 digits
        message, _, where = str(error).partition(" (at ")
        if numbers := re.fullmatch(r"line (\d+), column (\d+)\)", where):
            position = LineColumn(int(numbers[1]), int(numbers[2]))
        elif where:  # the end of the document
            position = LineColumn(text.count("\n") + 1, len(text) - text.rfind("\n"))
        else:
            position = LineColumn(1, 1)
        raise ConfigErrors([_line(name, position, f"not valid TOML: {message[:1].lower()}{message[1:]}")]) from None


def _settings(top: Table, known_ids: Sequence[str]) -> Settings:
    external, lint = top.table("external", "external"), top.table("lint", "lint")
    ids = {*known_ids, *map(group_of, known_ids), "ALL"}
    return Settings(
        include=top.texts("include", _pattern_fault),
        exclude=top.texts("exclude"),
        context=top.texts("context"),
        schema_dir=top.texts("schema-dir"),
        fail_on=_level(top, "fail-on"),
        show=_level(top, "show"),
        fail_on_skipped=top.flag("fail-on-skipped"),
        facts=_facts(top, "whole-cluster"),
        clusters=_clusters(top),
        external=External(
            external.texts("namespaces", _namespace_fault) or (),
            external.texts("labels", _label_fault) or (),
            external.texts("services", _service_fault) or (),
        ),
        select=lint.texts("select", lambda each: _id_fault(each, ids)),
        extend_select=lint.texts("extend-select", lambda each: _id_fault(each, ids)),
        ignore=lint.texts("ignore", lambda each: _id_fault(each, ids, off=True)),
        severity=_severity(lint.table("severity"), known_ids) if "severity" in lint.values else None,
        per_file_ignores=_per_file_ignores(lint.table("per-file-ignores"), ids),
    )


def _facts(table: Table, complete: str) -> Facts:
    node_ports, cni, domain = table.text("node-port-range"), table.text("cni"), table.text("cluster-domain")
    namespace = table.text("namespace")
    if namespace is not None and (message := _namespace_fault(namespace)):
        table.fault("namespace", message)
    return Facts(
        _versions(table),
        None if node_ports is None else table.understood("node-port-range", node_ports, parse_node_ports),
        namespace,
        table.flag(complete),
        _each(table, "service-cidr", parse_cidr),
        _each(table, "ip-family", parse_ip_family),
        None if cni is None else table.understood("cni", cni, parse_cni),
        _each(table, "pod-cidr", parse_cidr),
        None if domain is None else table.understood("cluster-domain", domain, parse_cluster_domain),
        _whole(table, "ingress-controller", parse_ingress_controller),
    )


def _each(table: Table, key: str, read: Callable[[str], str]) -> tuple[str, ...] | None:
    """Return what one text says, or each of a list."""
    items = table.items(key, single=True)
    if items is None:
        return None
    return _understood(table, [(path, part) for path, text in items for part in text.split(",")], read)


def _whole(table: Table, key: str, read: Callable[[str], str]) -> tuple[str, ...] | None:
    """Return what one text says, or each of a list; a text may contain commas."""
    items = table.items(key, single=True)
    return None if items is None else _understood(table, items, read)


def _understood(table: Table, items: Iterable[tuple[Any, str]], read: Callable[[str], str]) -> tuple[str, ...]:
    understood = [table.understood(path, text, read) for path, text in items]
    return tuple(dict.fromkeys(each for each in understood if each is not None))


def _versions(table: Table) -> tuple[Version, ...] | None:
    items = table.items("kubernetes-version", single=True)
    if items is None:
        return None
    versions: set[Version] = set()
    for path, text in items:
        for each in text.split(","):
            version = table.understood(path, each.strip(), parse_version)
            if version:
                versions.add(version)
    if not items:
        table.fault("kubernetes-version", "`kubernetes-version` is an empty list")
    return tuple(sorted(versions))


def _clusters(top: Table) -> tuple[ClusterSettings, ...]:
    clusters: dict[str, ClusterSettings] = {}
    for block in top.tables("cluster", "cluster"):
        name = block.text("name")
        paths = block.texts("paths", _pattern_fault)
        if "name" not in block.values or name == "":
            block.fault("name", "the cluster has no `name`")
        if name and name in clusters:
            block.fault("name", f"`{name}` is also the name of another cluster")
        if "paths" not in block.values or block.values["paths"] == []:
            block.fault("paths", "the cluster has no `paths`, so it applies to no manifest")
        clusters[name or ""] = ClusterSettings(name or "", paths or (), _facts(block, "complete"))
    return tuple(clusters.values())


def _level(table: Table, key: str) -> Severity | None:
    word = table.text(key)
    if word is not None and word not in _LEVELS:
        table.fault(key, _level_fault(word, _LEVELS))
    return _LEVELS.get(word or "")


def _level_fault(word: str, levels: Iterable[str]) -> str:
    return f"`{word}` is not a level{near(word, levels) or '; a level is ' + ', '.join(levels)}"


def _severity(table: Table, known_ids: Sequence[str]) -> dict[str, Severity | None]:
    levels: dict[str, Severity | None] = {}
    for each in table.values:
        word = table.text(each)
        if message := _id_fault(each, known_ids, off=word == "off"):
            table.faults.append(Fault((*table.path, each), message, value=False))
        if word is not None and word not in (*_LEVELS, "off"):
            table.fault(each, _level_fault(word, (*_LEVELS, "off")))
        levels[each] = _LEVELS.get(word or "")
    return levels


def _per_file_ignores(table: Table, ids: Iterable[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    ignores: list[tuple[str, tuple[str, ...]]] = []
    for pattern in table.values:
        if message := _pattern_fault(pattern):
            table.faults.append(Fault((*table.path, pattern), message, value=False))
        ignores.append((pattern, table.texts(pattern, lambda each: _id_fault(each, ids, off=True)) or ()))
    return tuple(ignores)


def _id_fault(word: str, known: Iterable[str], *, off: bool = False) -> str | None:
    if off and word in ALWAYS:
        return f"`{word}` cannot be ignored: it means that something was not checked"
    if word in known:
        return None
    return unknown_id(word, known)


def _namespace_fault(text: str) -> str | None:
    try:
        parse_namespace(text)
    except ConfigError as error:
        return str(error)
    return None


def _label_fault(text: str) -> str | None:
    return None if re.fullmatch(r"[^=\s]+=[^=\s]*", text) else f"`{text}` is not a label; write key=value"


def _service_fault(text: str) -> str | None:
    return (
        None if re.fullmatch(f"{DNS_LABEL}/{DNS_LABEL}", text) else f"`{text}` is not a Service; write namespace/name"
    )


def _pattern_fault(pattern: str) -> str | None:
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - only where patterns are configured

    try:
        GitIgnoreSpec.from_lines([pattern])
    except (ValueError, re.error):
        return f"`{pattern}` is not a .gitignore pattern"
    return None
