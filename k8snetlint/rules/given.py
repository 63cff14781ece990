"""Lines `# given: deployment prod/web 8080` at the top of an example, and the objects that they stand for.

    # given: KIND [NAMESPACE/]NAME [LABEL=VALUE …] [PORT …]

KIND is `deployment`, `statefulset`, `daemonset`, `pod`, `service` or `namespace`. The labels are those of the pods, the
selector of a Service, or the labels of a Namespace; where none is written, pods and selectors have `app=NAME`. A port
is `[NAME:]PORT[/PROTOCOL]`, in a Service `[NAME:]PORT[->TARGET][/PROTOCOL]`. A Service with the word `headless` has
`clusterIP: None`.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.rules import usual_objects

if TYPE_CHECKING:
    from collections.abc import Iterable

BEGINS = "# given: "
_KINDS = {kind.lower(): kind for kind in (*usual_objects.WORKLOADS, "Service", "Namespace")}
_ALMOST = re.compile(r"\s*#\s*given\b", re.IGNORECASE)
_LINE = re.compile(r"# given: (?P<kind>[a-z]+) (?:(?P<namespace>[a-z0-9-]+)/)?(?P<name>[a-z0-9.-]+)(?P<more>(?: \S+)*)")
_PORT = re.compile(r"(?:(?P<name>[a-z0-9-]+):)?(?P<port>[0-9]+)(?:->(?P<target>[a-z0-9-]+))?(?:/(?P<protocol>[A-Z]+))?")


class Port(NamedTuple):
    """A port of a container or of a Service; `target` is the number or the name that a Service sends to."""

    number: int
    name: str | None
    target: int | str
    protocol: str | None

    def entry(self, kind: str) -> dict[str, Any]:
        """Return the item of `ports` in an object of a kind."""
        number = {"port": self.number} if kind == "Service" else {"containerPort": self.number}
        fields = {"name": self.name, **number, "targetPort": self.target, "protocol": self.protocol}
        return {key: value for key, value in fields.items() if value}

    def __str__(self) -> str:
        words = f"port {self.number}"
        words += f"/{self.protocol}" if self.protocol else ""
        words += f" named {self.name}" if self.name else ""
        return words + (f" sent to {self.target}" if self.target else "")


class BackgroundObject(NamedTuple):
    """What a line `# given:` says; `written` is the line without its beginning."""

    written: str
    kind: str
    namespace: str
    name: str
    labels: dict[str, str]
    ports: tuple[Port, ...]
    headless: bool

    def manifest(self) -> str:
        """Return the object as YAML."""
        labels = ", ".join(f"{key}: {json.dumps(value)}" for key, value in self.labels.items())
        ports = ", ".join(json.dumps(each.entry(self.kind)) for each in self.ports)
        if self.kind == "Namespace":
            return usual_objects.namespace(self.name, labels)
        if self.kind == "Service":
            spec = "clusterIP: None" if self.headless else ""
            return usual_objects.service(self.name, labels, namespace=self.namespace, ports=ports, spec=spec)
        return usual_objects.workload(self.kind, self.name, labels, namespace=self.namespace, ports=ports)

    def __str__(self) -> str:
        labels = " and ".join(f"`{key}: {value}`" for key, value in self.labels.items())
        where = f" in namespace {self.namespace}" if self.namespace else ""
        ports = f", with {' and '.join(map(str, self.ports))}" if self.ports else ""
        match self.kind:
            case "Namespace":
                says = f" labelled {labels}" if labels else " without labels"
            case "Service":
                says = f" that selects {labels}"
            case "Pod":
                says = f" labelled {labels}"
            case _:
                says = f" whose pods are labelled {labels}"
        return f"{'headless ' if self.headless else ''}{self.kind} {self.name}{where}{says}{ports}"


def parse(line: str) -> BackgroundObject:
    """Read a line.

    Raises:
        ValueError: it is malformed.
    """
    found = _LINE.fullmatch(line)
    kind = _KINDS.get(found["kind"]) if found else None
    if found is None or kind is None or (kind == "Namespace" and found["namespace"]):
        raise ValueError(f"expected `{BEGINS}KIND [NAMESPACE/]NAME …`, KIND one of {', '.join(_KINDS)}")
    labels: dict[str, str] = {}
    ports: list[Port] = []
    headless = False
    for word in found["more"].split():
        key, is_label, value = word.partition("=")
        if is_label:
            labels[key] = value
        elif kind == "Service" and word == "headless":
            headless = True
        else:
            ports.append(_port(word, kind))
    if kind != "Namespace" and not labels:
        labels = {"app": found["name"]}
    written, namespace = line.removeprefix(BEGINS), found["namespace"] or ""
    return BackgroundObject(written, kind, namespace, found["name"], labels, tuple(ports), headless)


def _port(word: str, kind: str) -> Port:
    found = _PORT.fullmatch(word)
    if found is None or kind == "Namespace" or (found["target"] and kind != "Service"):
        raise ValueError(f"{word!r} is neither a label nor a port of a {kind}")
    target = found["target"] or ""
    return Port(int(found["port"]), found["name"], int(target) if target.isdecimal() else target, found["protocol"])


def given_in(text: str, path: str, first: int) -> list[BackgroundObject]:
    """Return what the `# given:` lines at the top of a text say; its first line is line `first` of the file `path`.

    Raises:
        ValueError: such a line is malformed, or is not at the top.
    """
    found: list[BackgroundObject] = []
    for number, line in enumerate(text.splitlines(), first):
        if not _ALMOST.match(line):
            continue
        if number - first != len(found):
            raise ValueError(f"{path}:{number}: `{line}` is not at the top of its file")
        try:
            found.append(parse(line))
        except ValueError as error:
            raise ValueError(f"{path}:{number}: `{line}`: {error}") from None
    return found


def legend(found: Iterable[BackgroundObject]) -> str:
    """Return the sentence that tells readers of a page what its lines stand for: the longest line of each kind."""
    longest: dict[str, BackgroundObject] = {}
    for each in found:
        if each.kind not in longest or len(each.written) > len(longest[each.kind].written):
            longest[each.kind] = each
    meanings = "; ".join(f"`{each.written}` means {each}" for each in longest.values())
    return f"A line `{BEGINS.strip()}` stands for an object that is not written out: {meanings}."
