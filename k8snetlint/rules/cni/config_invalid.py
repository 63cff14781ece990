"""A CNI configuration cannot be loaded, so nodes with it connect no pods.

The container runtime reads the first configuration in /etc/cni/net.d. If that is not valid, the node is NotReady with
"cni config uninitialized", and no pod starts on it. The API server does not look into the ConfigMaps that hold such
configurations. A valid one is a JSON object with these keys:

- `name`: of the network;
- `cniVersion`: one of 0.1.0, 0.2.0, 0.3.0, 0.3.1, 0.4.0, 1.0.0 and 1.1.0. Without it the configuration is read as one
  of 0.1.0, which plugins of today need not support: that is a warning;
- `plugins`: a list of objects with a `type` each, in a `.conflist`; or `type`, in a `.conf`.

The entries `cni-conf.json`, `cni_network_config`, `*.conflist`, and `*.conf` with JSON of CNI are checked. Placeholders
as in `"mtu": __CNI_MTU__` are filled in when the configuration is installed.

Source: https://www.cni.dev/docs/spec/#section-1-network-configuration-format

```yaml bad
apiVersion: v1
kind: ConfigMap
metadata:
  name: kube-flannel-cfg
data:
  cni-conf.json: |  # finding: the CNI configuration is not valid JSON: expecting ',' delimiter in line 3, column 3: no pod starts on nodes with it
    {
      "name": "cbr0"
      "cniVersion": "1.0.0",
      "plugins": [{"type": "flannel"}]
    }
```

```yaml bad
apiVersion: v1
kind: ConfigMap
metadata:
  name: kube-flannel-cfg
data:
  cni-conf.json: |  # finding: the CNI configuration has no cniVersion: it is read as version 0.1.0, which plugins of today need not support
    {"name": "cbr0", "plugins": [{"type": "flannel"}]}
```

```yaml good
apiVersion: v1
kind: ConfigMap
metadata:
  name: calico-config
data:
  cni_network_config: |-
    {
      "name": "k8s-pod-network",
      "cniVersion": "0.3.1",
      "plugins": [
        {"type": "calico", "mtu": __CNI_MTU__, "ipam": {"type": "calico-ipam"}},
        {"type": "portmap", "snat": true, "capabilities": {"portMappings": true}}
      ]
    }
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.cluster import Cluster
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

# https://github.com/containernetworking/cni/blob/v1.3.1/pkg/version/version.go
_VERSIONS = ("0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0")
_FATAL = "no pod starts on nodes with it"


@rule(on=Cluster, severity=Severity.ERROR)
def check(cluster: Cluster) -> Iterator[Problem]:
    """Report the first thing that is wrong with each configuration."""
    for resource in cluster.judged_about_network:
        for path, content in resource.network.configs if resource.network else ():
            wrong = _wrong(content, str(path[-1]))
            if wrong:
                text, severity = wrong
                yield Problem(f"the CNI configuration {text}", resource.at(*path, key=True), severity=severity)


def _wrong(content: str, key: str) -> tuple[str, Severity | None] | None:
    """Return what is wrong with a configuration, and how bad it is; None if nothing is."""
    try:
        read = json.loads(content)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        return f"is not valid JSON: {error.msg[0].lower()}{error.msg[1:]} in {where}: {_FATAL}", None
    except (ValueError, RecursionError):
        return None
    if not isinstance(read, dict):
        return f"is not a JSON object: {_FATAL}", None
    fatal = next(_fatal(read, key), None)
    if fatal:
        return f"{fatal}: {_FATAL}", None
    return _version_problem(read)


def _fatal(read: dict[str, Any], key: str) -> Iterator[str]:
    """Yield because of what libcni rejects a configuration (libcni/conf.go)."""
    if not isinstance(read.get("name"), str) or not read["name"]:
        yield "has no name" if "name" not in read else "has a name that is not a string"
    if "cniVersion" in read and not isinstance(read["cniVersion"], str):
        yield "has a cniVersion that is not a string"
    plugins = read.get("plugins")
    if key.endswith(".conf"):
        if "type" not in read:
            listed = "; a list of plugins belongs in a file whose name ends with .conflist" if plugins else ""
            yield f"has no type{listed}"
        return
    if "plugins" not in read:
        # A single plugin was valid in the first manifests of Flannel and Calico.
        # From CNI 1.1 on plugins may be in files of their own.
        in_files = read.get("cniVersion") == "1.1.0" or "cniVersions" in read
        if not in_files and (key.endswith(".conflist") or "type" not in read):
            yield "has no plugins"
    elif not isinstance(plugins, list) or not plugins:
        yield "has no plugins in its list" if plugins == [] else "has plugins that are not a list"
    else:
        yield from (f"has no type in plugins[{at}]" for at, each in enumerate(plugins) if not _has_type(each))


def _has_type(plugin: object) -> bool:
    return isinstance(plugin, dict) and isinstance(plugin.get("type"), str) and bool(plugin["type"])


def _version_problem(read: dict[str, Any]) -> tuple[str, Severity | None] | None:
    if "cniVersions" in read:
        return None
    version = read.get("cniVersion")
    if version is None:
        return (
            "has no cniVersion: it is read as version 0.1.0, which plugins of today need not support",
            Severity.WARNING,
        )
    if version in _VERSIONS:
        return None
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        return f"has the cniVersion {version}, which is not a version like 1.0.0: {_FATAL}", None
    return f"has the cniVersion {version}; known versions are {', '.join(_VERSIONS)}", Severity.WARNING
