"""Labels that are not in manifests: controllers put them on pods and namespaces while they run or are admitted."""

from __future__ import annotations

MANAGED_BY = "app.kubernetes.io/managed-by"
"""Says who made the pods: mostly not their manifest, but a kustomization may put it on all of its objects."""
_POD_KEYS = (
    MANAGED_BY,
    "dask.org/",  # https://kubernetes.dask.org/
    "hub.jupyter.org/",  # https://jupyterhub-kubespawner.readthedocs.io/
    "istio.io/rev",
    "jenkins",  # https://plugins.jenkins.io/kubernetes/
    "jenkins/",
    "linkerd.io/",  # https://linkerd.io/2/reference/proxy-injection/
    "paused",
    "security.istio.io/",
    "service.istio.io/",  # https://istio.io/latest/docs/reference/config/labels/
    "spilo-role",  # https://postgres-operator.readthedocs.io/
    "topology.kubernetes.io/",  # https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/
    "vault-active",  # https://developer.hashicorp.com/vault/docs/configuration/service-registration/kubernetes
    "vault-initialized",
    "vault-perf-standby",
    "vault-sealed",
    "vault-version",
)
_ROLES = frozenset({"leader", "master", "primary", "replica", "secondary", "slave", "standby"})
"""The roles of databases after an election, in a label whose key ends with `role`."""
_POD_PAIRS = frozenset(
    {
        ("component", "singleuser-server"),  # https://z2jh.jupyter.org/en/stable/administrator/security.html
        ("app.kubernetes.io/component", "singleuser-server"),
    }
)
_NAMESPACE_KEYS = (
    "app.kubernetes.io/instance",  # https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/
    "argocd.argoproj.io/instance",
    "capsule.clastix.io/",  # https://projectcapsule.dev/docs/
    "field.cattle.io/",  # https://ranchermanager.docs.rancher.com/
    "hnc.x-k8s.io/",
    "kustomize.toolkit.fluxcd.io/",  # https://fluxcd.io/flux/components/kustomize/kustomizations/
    "network.openshift.io/",  # https://docs.redhat.com/en/documentation/openshift_container_platform/
    "olm.operatorgroup.uid/",
    "openshift.io/",
    "policy-group.network.openshift.io/",
    "tree.hnc.x-k8s.io/",
)


_POD_PREFIXES, _NAMESPACE_PREFIXES = (
    tuple(each for each in keys if each[-1] == "/") for keys in (_POD_KEYS, _NAMESPACE_KEYS)
)


def is_put_on_pods(key: str, value: str) -> bool:
    """Tell whether pods get a label while they run, or from a webhook."""
    if _begins(_POD_KEYS, _POD_PREFIXES, key) or (key, value) in _POD_PAIRS:
        return True
    return key.endswith("role") and value in _ROLES


def is_put_on_namespaces(key: str) -> bool:
    """Tell whether a platform labels namespaces with a key."""
    return _begins(_NAMESPACE_KEYS, _NAMESPACE_PREFIXES, key)


def _begins(keys: tuple[str, ...], prefixes: tuple[str, ...], key: str) -> bool:
    return key in keys or key.startswith(prefixes)
