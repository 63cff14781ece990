"""What an object says about names of the cluster's DNS, read while its document is there.

Host names are looked for in environment values, arguments and commands of containers, in ConfigMaps, annotations,
`externalName` and URLs of webhooks. A text is searched only if it contains `://`, `.svc`, `.pod.` or a port behind a
colon, or if it is the value of a variable that is called after a host.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from k8snetlint.model.dns_uses import COREFILE, KUBE_DNS, DnsFacts, DnsUse
from k8snetlint.model.values import items, mapping, text
from k8snetlint.source.paths import MapKey
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Callable

    from k8snetlint.model.resource import Resource
    from k8snetlint.source.paths import FieldPath

_WORDS = ("host", "hosts", "hostname", "addr", "address", "server", "servers", "endpoint", "endpoints", "brokers")
_HOSTS = frozenset((*_WORDS, *map(str.upper, _WORDS)))
"""The last word of a variable's name whose value is a host, or several."""
_CAPITALIZED = tuple(map(str.capitalize, _WORDS))
"""The same in `dbHost`."""
_WEBHOOKS = ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")
_EXAMPLE = "_example"
"""The key of Knative's ConfigMaps that only describes the others: https://knative.dev/docs/serving/configuration/."""
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def dns_facts(resource: Resource, value: dict[str, object]) -> DnsFacts | None:
    """Return what an object says about DNS, None if it says nothing."""
    kind = resource.kind
    template = getattr(resource, "template", None)
    if template is not None:
        return _of_workload(value, template)
    if kind == "ConfigMap":
        return _of_config_map(value)
    if kind == "Service":
        uses = _parsed([*_annotations(value, ()), *_external_name(value)])
        return DnsFacts(uses) if uses or resource.name == KUBE_DNS else None
    if kind == "Ingress":
        return _facts(_annotations(value, ()))
    return _facts(_webhooks(value)) if kind in _WEBHOOKS else None


_Text = tuple["FieldPath", str, bool]
"""A field that may contain names, its text, and whether its name is that of a host."""


def _facts(texts: list[_Text]) -> DnsFacts | None:
    uses = _parsed(texts) if texts else ()
    return DnsFacts(uses) if uses else None


def _parsed(texts: list[_Text]) -> tuple[DnsUse, ...]:
    if not texts:
        return ()
    uses_in, _ = _finders()
    return tuple([use for each in texts for use in uses_in(*each)])


@functools.cache
def _finders() -> tuple[Callable[[FieldPath, str, bool], list[DnsUse]], Callable[[str], object]]:
    """Return what finds names in a text, and a port; an import statement for each text would be slow."""
    from k8snetlint.model.dns_hosts import BEFORE_PORT, uses_in  # noqa: PLC0415 - only where a text may contain a name

    return uses_in, BEFORE_PORT.search


def _of_workload(value: dict[str, object], template: tuple[str, ...]) -> DnsFacts | None:
    pod: object = value
    for step in template:
        pod = mapping(pod).get(step)
    pod = mapping(pod)
    spec = mapping(pod.get("spec"))
    texts = _annotations(value, ())
    if template:
        texts += _annotations(pod, template)
    for field in ("initContainers", "containers"):
        for index, each in enumerate(items(spec.get(field))):
            _add_container(mapping(each), (*template, "spec", field, index), texts)
    subdomain, hostname = text(spec.get("subdomain")), text(spec.get("hostname"))
    if subdomain and is_placeholder(subdomain):
        subdomain = None
    uses = _parsed(texts) if texts else ()
    if not uses and not subdomain:
        return None
    return DnsFacts(uses, hostname, subdomain, configured="dnsConfig" in spec)


def _add_container(container: dict[str, object], at: FieldPath, texts: list[_Text]) -> None:
    """Add the texts of a container that may contain a name."""
    for index, entry in enumerate(items(container.get("env"))):
        if not isinstance(entry, dict):
            continue
        value = entry.get("value")
        if isinstance(value, str):
            named = _is_host(str(entry.get("name")))
            if named or ((":" in value or "." in value) and _may_hold_name(value)):
                texts.append(((*at, "env", index, "value"), value, named))
    for field in ("command", "args"):
        for index, each in enumerate(items(container.get(field))):
            if isinstance(each, str) and (_may_hold_name(each) or ("=" in each and _is_host(each.partition("=")[0]))):
                texts.append(((*at, field, index), each, False))


@functools.lru_cache(4096)
def _is_host(name: str) -> bool:
    """Tell whether a key or an argument is called after a host: `DB_HOST`, `--db-host`, `db.host`."""
    last = name[max(name.rfind("_"), name.rfind("-"), name.rfind(".")) + 1 :]
    return last in _HOSTS or last.endswith(_CAPITALIZED)


def _of_config_map(value: dict[str, object]) -> DnsFacts | None:
    data = mapping(value.get("data"))
    texts: list[_Text] = []
    for key, each in data.items():
        if isinstance(each, str) and key != _EXAMPLE:
            named = _is_host(key)
            if named or _may_hold_name(each):
                texts.append((("data", MapKey(key)), each, named))
    corefile = text(data.get(COREFILE))
    if corefile and is_placeholder(corefile):
        corefile = None
    uses = _parsed(texts)
    return DnsFacts(uses, corefile=corefile) if uses or corefile is not None else None


def _annotations(value: dict[str, object], at: FieldPath) -> list[_Text]:
    annotations = mapping(value.get("metadata")).get("annotations")
    return [
        ((*at, "metadata", "annotations", MapKey(key)), each, False)
        for key, each in (annotations.items() if isinstance(annotations, dict) else ())
        if isinstance(each, str) and _may_hold_name(each) and key != _LAST_APPLIED
    ]


def _external_name(value: dict[str, object]) -> list[_Text]:
    name = mapping(value.get("spec")).get("externalName")
    return [(("spec", "externalName"), name, False)] if isinstance(name, str) and _may_hold_name(name) else []


def _webhooks(value: dict[str, object]) -> list[_Text]:
    urls = (mapping(mapping(each).get("clientConfig")).get("url") for each in items(value.get("webhooks")))
    return [
        (("webhooks", index, "clientConfig", "url"), url, False)
        for index, url in enumerate(urls)
        if isinstance(url, str)
    ]


def _may_hold_name(value: str) -> bool:
    if ":" in value and ("://" in value or _finders()[1](value)):
        return True
    return "." in value and (".svc" in value or ".pod." in value)
