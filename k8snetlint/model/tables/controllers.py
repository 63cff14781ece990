"""Labels that controllers put on pods, and labels of pods that operators make."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ADDED_LABELS = frozenset(
    {
        # https://kubernetes.io/docs/reference/labels-annotations-taints/
        "apps.kubernetes.io/pod-index",
        "batch.kubernetes.io/controller-uid",
        "batch.kubernetes.io/job-completion-index",
        "batch.kubernetes.io/job-name",
        "controller-revision-hash",
        "controller-uid",
        "job-name",
        "pod-template-generation",
        "pod-template-hash",
        "statefulset.kubernetes.io/pod-name",
        # https://argo-rollouts.readthedocs.io/en/stable/features/controller-metrics/
        "rollouts-pod-template-hash",
    }
)
"""What the built-in controllers add to the pods that they make."""

VOLATILE_LABELS = frozenset(
    {
        # https://helm.sh/docs/chart_best_practices/labels/
        "app.kubernetes.io/version",
        "chart",
        "helm.sh/chart",
        # https://kubernetes.io/docs/reference/labels-annotations-taints/
        "controller-revision-hash",
        "pod-template-hash",
    }
)
"""Labels whose values change with every release; those of charts only if they contain the version."""
_CHARTS = frozenset({"chart", "helm.sh/chart"})
_VERSIONED = re.compile(r"-v?\d")


def is_volatile(key: str, values: Iterable[str]) -> bool:
    """Tell whether a label changes with every release: `chart: web-1.4.2` does, `chart: web` does not."""
    return key in VOLATILE_LABELS and (key not in _CHARTS or any(map(_VERSIONED.search, values)))


OPERATOR_KEYS = (
    "acid.zalan.do/",  # https://postgres-operator.readthedocs.io/
    "agones.dev/",  # https://agones.dev/site/docs/
    "batch.volcano.sh/",  # https://volcano.sh/en/docs/
    "cert-manager.io/",
    "cluster.open-cluster-management.io/",
    "cnpg.io/",  # https://cloudnative-pg.io/documentation/
    "common.k8s.elastic.co/",  # https://www.elastic.co/docs/deploy-manage/deploy/cloud-on-k8s
    "elasticsearch.k8s.elastic.co/",
    "eventing.knative.dev/",
    "gateway.envoyproxy.io/",  # https://gateway.envoyproxy.io/docs/
    "gateway.networking.k8s.io/",  # https://gateway-api.sigs.k8s.io/geps/gep-1762/
    "kafka.strimzi.io/",
    "kibana.k8s.elastic.co/",
    "longhorn.io/",  # https://longhorn.io/docs/
    "mongodb.com/",
    "monitoring.coreos.com/",
    "networkservicemesh.io/",
    "nodetool.k8ssandra.io/",
    "operator.prometheus.io/",
    "postgres-operator.crunchydata.com/",  # https://access.crunchydata.com/documentation/postgres-operator/
    "ray.io/",  # https://docs.ray.io/en/latest/cluster/kubernetes/
    "redisfailovers.databases.spotahome.com/",
    "rook.io/",
    "serving.knative.dev/",  # https://knative.dev/docs/serving/
    "serving.kserve.io/",  # https://kserve.github.io/website/
    "spark-role",  # https://www.kubeflow.org/docs/components/spark-operator/
    "sparkoperator.k8s.io/",
    "strimzi.io/",  # https://strimzi.io/docs/operators/latest/
    "tekton.dev/",  # https://tekton.dev/docs/
    "training.kubeflow.org/",  # https://www.kubeflow.org/docs/components/trainer/
    "vm.kubevirt.io/",  # https://kubevirt.io/user-guide/
    "kubevirt.io",
    "workflows.argoproj.io/",  # https://argo-workflows.readthedocs.io/
)
"""Keys, or how they begin (with a slash), of labels that an operator gives the pods it makes."""

# https://kubernetes.io/docs/tasks/administer-cluster/dns-custom-nameservers/
DNS_PODS = (("k8s-app", "kube-dns"), ("k8s-app", "coredns"))
"""Labels of the pods that resolve names for the cluster."""
DNS_NAMESPACE = "kube-system"
"""Where these pods run."""

OPERATOR_PAIRS = (
    ("app", "rook-ceph"),  # https://rook.io/docs/rook/latest/
    ("app", "csi-cephfsplugin"),
    ("app", "csi-rbdplugin"),
    ("app", "longhorn-"),
    ("app.kubernetes.io/managed-by", "prometheus-operator"),
    ("app.kubernetes.io/name", "alertmanager"),  # https://prometheus-operator.dev/docs/
    ("app.kubernetes.io/name", "prometheus"),
    ("app.kubernetes.io/managed-by", "argocd-image-updater"),
    ("app.kubernetes.io/managed-by", "strimzi-cluster-operator"),
    ("app.kubernetes.io/managed-by", "cloudnative-pg"),
    ("app.kubernetes.io/managed-by", "tekton-pipelines"),
    ("app.kubernetes.io/managed-by", "jaeger-operator"),
    ("istio", "ingressgateway"),  # https://istio.io/latest/docs/tasks/traffic-management/ingress/
    ("istio", "egressgateway"),
    ("istio", "pilot"),
    *DNS_PODS,
    ("component", "kube-apiserver"),  # https://kubernetes.io/docs/reference/setup-tools/kubeadm/
    ("tier", "control-plane"),
    ("prometheus", ""),
    ("alertmanager", ""),
    ("operated-prometheus", ""),
    ("operated-alertmanager", ""),
)
"""A label's key, and how its value begins: pods of operators, and of the cluster itself."""

OPERATOR_SERVICES = frozenset({"alertmanager-operated", "prometheus-operated", "thanos-ruler-operated"})
"""Services that an operator creates for its custom resources, whatever they are called.

Source: https://prometheus-operator.dev/docs/
"""


_PREFIXES = tuple(each for each in OPERATOR_KEYS if each[-1] == "/")
_STARTS: dict[str, tuple[str, ...]] = {}
for _key, _start in OPERATOR_PAIRS:
    _STARTS[_key] = (*_STARTS.get(_key, ()), _start)


def is_operator_label(key: str, value: str) -> bool:
    """Tell whether pods with this label are created by an operator or by the cluster, not by a manifest."""
    if key in OPERATOR_KEYS or key.startswith(_PREFIXES):
        return True
    starts = _STARTS.get(key)
    return starts is not None and value.startswith(starts)
