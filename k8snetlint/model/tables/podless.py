"""Custom resources that make no pods; all others may."""

from __future__ import annotations

_OWN_GROUPS = frozenset({"", "apps", "autoscaling", "batch", "extensions", "policy"})
_PODLESS_GROUPS = frozenset(
    {
        "acme.cert-manager.io",  # https://cert-manager.io/docs/reference/api-docs/
        "aquasecurity.github.io",
        "bitnami.com",  # SealedSecret: https://github.com/bitnami-labs/sealed-secrets
        "cert-manager.io",
        "cilium.io",  # https://docs.cilium.io/en/stable/network/kubernetes/policy/
        "cloud.google.com",
        "configuration.konghq.com",
        "constraints.gatekeeper.sh",  # https://open-policy-agent.github.io/gatekeeper/
        "crd.antrea.io",  # https://antrea.io/docs/
        "crd.k8s.amazonaws.com",
        "crd.projectcalico.org",  # https://docs.tigera.io/calico/latest/reference/resources/
        "elbv2.k8s.aws",
        "external-secrets.io",  # https://external-secrets.io/latest/api/spec/
        "externaldns.nginx.org",
        "externaldns.k8s.io",
        "generators.external-secrets.io",
        "getambassador.io",
        "image.toolkit.fluxcd.io",
        "isindir.github.com",
        "k8s.cni.cncf.io",
        "k8s.nginx.org",
        "kyverno.io",  # https://kyverno.io/docs/
        "linkerd.io",
        "metallb.io",  # https://metallb.io/apis/
        "networking.gke.io",
        "networking.istio.io",  # https://istio.io/latest/docs/reference/config/networking/
        "notification.toolkit.fluxcd.io",  # https://fluxcd.io/flux/components/
        "policy.linkerd.io",  # https://linkerd.io/2/reference/authorization-policy/
        "projectcalico.org",
        "projectcontour.io",
        "route.openshift.io",  # https://docs.redhat.com/en/documentation/openshift_container_platform/
        "secrets-store.csi.x-k8s.io",
        "secretgenerator.mittwald.de",
        "security.istio.io",
        "security.openshift.io",
        "source.toolkit.fluxcd.io",
        "split.smi-spec.io",
        "telemetry.istio.io",
        "templates.gatekeeper.sh",
        "traefik.containo.us",
        "traefik.io",  # https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/crd/
        "velero.io",
        "volsync.backube",
        "wgpolicyk8s.io",
    }
)
_PODLESS_KINDS = frozenset(
    {
        ("argoproj.io", "AppProject"),  # https://argo-cd.readthedocs.io/
        ("argoproj.io", "AnalysisTemplate"),
        ("argoproj.io", "ClusterAnalysisTemplate"),
        ("argoproj.io", "ClusterWorkflowTemplate"),
        ("argoproj.io", "WorkflowTemplate"),
        ("grafana.integreatly.org", "GrafanaDashboard"),  # https://grafana.github.io/grafana-operator/docs/
        ("grafana.integreatly.org", "GrafanaDatasource"),
        ("grafana.integreatly.org", "GrafanaFolder"),
        ("keda.sh", "ClusterTriggerAuthentication"),  # https://keda.sh/docs/latest/reference/
        ("keda.sh", "ScaledObject"),
        ("keda.sh", "TriggerAuthentication"),
        ("monitoring.coreos.com", "AlertmanagerConfig"),  # https://prometheus-operator.dev/docs/api-reference/api/
        ("monitoring.coreos.com", "PodMonitor"),
        ("monitoring.coreos.com", "Probe"),
        ("monitoring.coreos.com", "PrometheusRule"),
        ("monitoring.coreos.com", "ScrapeConfig"),
        ("monitoring.coreos.com", "ServiceMonitor"),
        ("operator.victoriametrics.com", "VMPodScrape"),
        ("operator.victoriametrics.com", "VMRule"),
        ("operator.victoriametrics.com", "VMServiceScrape"),
    }
)


def may_make_pods(group: str, kind: str) -> bool:
    """Tell whether a kind without a class of its own may be an operator's that makes pods."""
    if group in _OWN_GROUPS or group.endswith(".k8s.io") or group in _PODLESS_GROUPS:
        return False
    return (group, kind) not in _PODLESS_KINDS
