"""An old installation manifest of a CNI plugin uses an API that Kubernetes no longer serves.

Tutorials still install Calico 3.14 or the first manifests of Flannel. `kubectl apply` creates a part of their objects
and fails at the others. Without its CustomResourceDefinitions Calico does not start, and without the DaemonSet there is no
plugin at all: nodes stay NotReady.

| in manifests of | removed in Kubernetes | plugin versions that do without it |
|---|---|---|
| CustomResourceDefinition `apiextensions.k8s.io/v1beta1` | 1.22 | Calico 3.15 |
| PodDisruptionBudget `policy/v1beta1` | 1.25 | Calico 3.25 |
| PodSecurityPolicy `policy/v1beta1` | 1.25 | Calico 3.24, Flannel 0.19.1 |
| DaemonSet `extensions/v1beta1` | 1.16 | Calico 3.18, Flannel 0.12 |
| roles `rbac.authorization.k8s.io/v1beta1` | 1.22 | Calico 3.18, Flannel 0.14 |

Install a version of the plugin that supports your Kubernetes version, from its own manifest or chart. To correct the
apiVersion is enough for roles and PodDisruptionBudgets; the images stay as old as they are.

Source: https://kubernetes.io/docs/reference/using-api/deprecation-guide/

```yaml bad
apiVersion: apiextensions.k8s.io/v1beta1  # finding: no matches for kind "CustomResourceDefinition" in version "apiextensions.k8s.io/v1beta1": removed in Kubernetes 1.22; this is an old manifest of Calico: those from 3.15 on use apiextensions.k8s.io/v1; install 3.25 or newer, whose manifests use no removed API
kind: CustomResourceDefinition
metadata:
  name: ippools.crd.projectcalico.org
spec:
  scope: Cluster
  group: crd.projectcalico.org
  version: v1
  names:
    kind: IPPool
    plural: ippools
    singular: ippool
```

```yaml bad
apiVersion: policy/v1beta1  # finding: no matches for kind "PodSecurityPolicy" in version "policy/v1beta1": removed in Kubernetes 1.25; this is an old manifest of Flannel: install 0.19.1 or newer, whose manifests use no removed API
kind: PodSecurityPolicy
metadata:
  name: psp.flannel.unprivileged
spec:
  privileged: false
```

```yaml good
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: ippools.crd.projectcalico.org
spec:
  scope: Cluster
  group: crd.projectcalico.org
  names:
    kind: IPPool
    listKind: IPPoolList
    plural: ippools
    singular: ippool
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.evidence.cni import installed_plugins, release_text
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.tables.cni_manifests import mended, without_removed_apis
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snetlint.model.releases import Release
    from k8snetlint.model.resource import Resource
    from k8snetlint.source.document import Source

_REMOVED = "api-removed-version"


@rule(on=Cluster, severity=Severity.ERROR, supersedes=(_REMOVED,))
def check(cluster: Cluster) -> Iterator[Problem]:
    """Report objects of old manifests that a requested version does not serve."""
    old = [(each, each.network.part_of) for each in cluster.judged_about_network if each.network]
    old = [(each, plugin) for each, plugin in old if plugin]
    if not old:
        return
    from k8snetlint.validation.serving import serving_problems  # noqa: PLC0415 - few objects are not served

    releases = {(each.resource.source, each.use.plugin): each.use.release for each in installed_plugins(cluster)}
    for resource, plugin in old:
        for finding_id, problem in serving_problems(_value_of(resource, cluster), _versions(cluster), resource.at()):
            if finding_id == _REMOVED:
                text = _explained(problem, resource, plugin, releases)
                yield Problem(text, problem.at, near=problem.near, fix=problem.fix)


def _versions(cluster: Cluster) -> tuple[tuple[int, int], ...]:
    return cluster.environment.versions


def _value_of(resource: Resource, cluster: Cluster) -> dict[str, Any]:
    """Return what is written of an object, for the fix."""
    value = cluster.definition_of(resource) if cluster.definition_of else None
    return value if isinstance(value, dict) else {"apiVersion": resource.api_version, "kind": resource.kind}


def _explained(
    problem: Problem, resource: Resource, plugin: str, releases: Mapping[tuple[Source, str], Release]
) -> str:
    """Return the message of a removed version, with the version of the plugin that does without it."""
    removed = problem.message.partition("; ")[0]
    title = release_text(plugin, releases.get((resource.source, plugin), ()))
    newest = without_removed_apis(plugin)
    if newest is None:
        return f"{removed}; this is an old manifest of {title}: install a current version"
    known = mended(plugin, resource.api_version, resource.kind)
    does = f"use {known.instead}" if known and known.instead else f"have no {resource.kind}"
    since = f"those from {known.since} on {does}; " if known and known.since != newest else ""
    install = f"install {newest} or newer, whose manifests use no removed API"
    return f"{removed}; this is an old manifest of {title}: {since}{install}"
