"""What counts in a run, and where it is from: `config show`, `--show-settings`, `--show-files`."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from k8snetlint.cli import OK
from k8snetlint.cli.output import write
from k8snetlint.configfile.discover import table_of
from k8snetlint.configfile.parse import places
from k8snetlint.configfile.settings import Facts, fail_on_of, show_of
from k8snetlint.model.environment import format_version
from k8snetlint.source.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snetlint.cli.settings import EffectiveSettings
    from k8snetlint.source.files import Found

_ADDED_UP = ("exclude", "context", "schema-dir", "ignore", "extend-select", "severity")
"""Settings to which options add; the others they replace."""
_WIDEST = 60


def show_files(found: Found) -> int:
    """List the files that would be checked."""
    write(f"{escape(source.name)}\n" for source in found.sources)
    return OK


def show_settings(effective: EffectiveSettings) -> int:
    """Print all settings as a configuration file would say them, each with where it is from."""
    write(_Settings(effective).lines())
    return OK


class _Settings:
    """The settings of a run, as lines of TOML."""

    def __init__(self, effective: EffectiveSettings) -> None:
        self._resolved = effective
        file = effective.file
        self._place = places(effective.text, file, table=table_of(file)) if file else lambda _: None

    def lines(self) -> Iterator[str]:
        """Yield the lines, with their ends."""
        settings = self._resolved.settings
        yield f"# configuration file: {self._resolved.file or 'none'}\n"
        yield from self._table((), self._top())
        yield "\n[external]\n"
        yield from self._table(("external",), settings.external._asdict())
        yield "\n[lint]\n"
        yield from self._table(("lint",), self._lint())
        for number, block in enumerate(settings.clusters):
            yield "\n[[cluster]]\n"
            shown = {"name": block.name, "paths": block.paths, **_facts(block.facts, "complete")}
            yield from self._table(
                ("cluster", number), {name: value for name, value in shown.items() if value is not None}
            )

    def _top(self) -> Mapping[str, Any]:
        effective = self._resolved
        settings, environment = effective.settings, effective.config.environment
        facts = Facts(
            environment.versions,
            environment.node_ports,
            environment.namespace,
            environment.whole_cluster,
            environment.service_cidrs,
            environment.ip_families,
            environment.cni or None,
            environment.pod_cidrs,
            environment.cluster_domain,
            environment.ingress_controllers,
        )
        return {
            "include": settings.include or ("*.yaml", "*.yml", "*.json"),
            "exclude": (*(settings.exclude or ()), *effective.cli_settings.exclude),
            "context": settings.context or (),
            "schema-dir": settings.schema_dir or (),
            "fail-on": fail_on_of(settings).word,
            "show": show_of(settings).word,
            "fail-on-skipped": bool(settings.fail_on_skipped),
            **_facts(facts, "whole-cluster"),
        }

    def _lint(self) -> Mapping[str, Any]:
        settings = self._resolved.settings
        return {
            "select": settings.select or ("ALL",),
            "extend-select": settings.extend_select or (),
            "ignore": settings.ignore or (),
            "severity": {name: level.word if level else "off" for name, level in (settings.severity or {}).items()},
            "per-file-ignores": dict(settings.per_file_ignores),
        }

    def _table(self, table: tuple[str | int, ...], values: Mapping[str, Any]) -> Iterator[str]:
        rows = [
            (f"# {name} is not set" if value is None else f"{name} = {_toml(value)}", self._origin((*table, name)))
            for name, value in values.items()
        ]
        width = min(max(len(row) for row, _ in rows), _WIDEST)
        for row, origin in rows:
            yield f"{escape(row):<{width}}  # {origin}\n"

    def _origin(self, path: tuple[str | int, ...]) -> str:
        name = str(path[-1])
        option = self._resolved.cli_settings.origins.get(name, "") if path[0] not in ("external", "cluster") else ""
        place = None if option and name not in _ADDED_UP else self._place(path)
        file = f"{self._resolved.file}:{place.line}" if place else ""
        return escape(", ".join(filter(None, (file, option)))) or "default"


def _facts(facts: Facts, complete: str) -> dict[str, Any]:
    return {
        "kubernetes-version": facts.versions and [format_version(each) for each in facts.versions],
        "node-port-range": facts.node_ports and str(facts.node_ports),
        "service-cidr": facts.service_cidrs,
        "ip-family": facts.ip_families,
        "namespace": facts.namespace,
        "cni": facts.cni,
        "pod-cidr": facts.pod_cidrs,
        "ingress-controller": facts.ingress_controllers,
        "cluster-domain": facts.cluster_domain,
        complete: facts.whole_cluster,
    }


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        pairs = ", ".join(f"{_key(key)} = {_toml(each)}" for key, each in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_toml, value))}]"
    # JSON's texts and truth values are TOML's as well.
    return json.dumps(value, ensure_ascii=False)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)
