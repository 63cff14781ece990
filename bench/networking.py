"""Services, Ingresses, NetworkPolicies, Namespaces and custom resources, as people write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from words import App, Manifest, comment, metadata, pairs, trailing

if TYPE_CHECKING:
    from random import Random

DNS = """\
    # DNS
    - to:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: kube-system
          podSelector:
            matchLabels:
              k8s-app: kube-dns
      ports:
        - protocol: UDP
          port: 53
        - protocol: TCP
          port: 53
"""
WORLD = """\
    - to:
        - ipBlock:
            cidr: 0.0.0.0/0
            except:
              - 169.254.169.254/32  # metadata of the cloud
              - 10.0.0.0/8
      ports:
        - protocol: TCP
          port: 443
"""
FROM_NAMESPACE = """\
    - from:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: {namespace}
      ports:
        - protocol: TCP
          port: {port}
"""
DEFAULTS = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
  namespace: {namespace}
spec:
  # everything else is opened by the policies of the apps
  podSelector: {{}}
  policyTypes:
    - Ingress
    - Egress
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: allow-dns
  namespace: {namespace}
spec:
  podSelector: {{}}
  policyTypes:
    - Egress
  egress:
{dns}"""

EXPOSED = "  type: LoadBalancer\n  externalTrafficPolicy: Local\n  loadBalancerSourceRanges:\n    - 10.0.0.0/8\n"


def service(rng: Random, app: App) -> Manifest:
    """Return the Service of a component: headless for a StatefulSet, now and then a NodePort or LoadBalancer."""
    annotations = {"prometheus.io/probe": '"true"'} if rng.random() < 0.2 else None
    headless = app.part in {"db", "cache"}
    draw = 1.0 if headless else rng.random()
    text = "  clusterIP: None\n" if headless else ""
    if draw < 0.04:
        annotations = {
            "service.beta.kubernetes.io/aws-load-balancer-type": "external",
            "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal",
        }
        text += EXPOSED
    elif draw < 0.4:
        text += "  type: ClusterIP\n"
    text += f"  selector:\n{pairs(app.selector(), 4)}  ports:\n    - name: http\n"
    text += f"      port: {app.port if headless else 80}{trailing(rng, 0.1)}\n"
    text += f"      targetPort: {'http' if rng.random() < 0.7 else app.port}\n      protocol: TCP\n"
    if rng.random() < 0.5:
        text += "    - name: metrics\n      port: 9090\n      targetPort: metrics\n      protocol: TCP\n"
    head = comment(rng, 0.15) + f"apiVersion: v1\nkind: Service\n{metadata(app, app.name, annotations)}spec:\n"
    return Manifest("Service", app.name, head + text)


def ingress(rng: Random, app: App) -> Manifest:
    """Return the Ingress in front of a component."""
    host = f"{app.name}.{app.namespace}.example.com"
    annotations = {"cert-manager.io/cluster-issuer": "letsencrypt-prod"}
    if rng.random() < 0.5:
        annotations |= {
            "nginx.ingress.kubernetes.io/proxy-body-size": rng.choice(('"8m"', "64m")),
            "nginx.ingress.kubernetes.io/proxy-read-timeout": '"120"',
        }
    text = (
        comment(rng, 0.2) + f"apiVersion: networking.k8s.io/v1\nkind: Ingress\n{metadata(app, app.name, annotations)}"
    )
    text += f"spec:\n  ingressClassName: nginx\n  tls:\n    - hosts:\n        - {host}\n"
    text += f"      secretName: {app.name}-tls\n  rules:\n    - host: {host}\n      http:\n        paths:\n"
    for path in ["/", *rng.sample(("/api", "/v1", "/v2", "/static", "/oauth/callback", "/ws"), rng.randint(0, 4))]:
        port = "name: http" if rng.random() < 0.7 else "number: 80"
        text += (
            f"          - path: {path}\n            pathType: {'Exact' if path == '/ws' else 'Prefix'}\n"
            f"            backend:\n              service:\n                name: {app.name}\n"
            f"                port:\n                  {port}\n"
        )
    return Manifest("Ingress", app.name, text)


def ingress_rules(rng: Random, app: App, siblings: list[App]) -> str:
    """Return `ingress` of a policy: the ingress controller, monitoring and the other components of the app."""
    text = FROM_NAMESPACE.format(namespace="ingress-nginx", port=rng.choice(("http", str(app.port))))
    text += comment(rng, 0.3, 4)
    text += FROM_NAMESPACE.format(namespace="monitoring", port=rng.choice(("metrics", "9090")))
    for sibling in siblings:
        text += f"    - from:\n        - podSelector:\n            matchLabels:\n{pairs(sibling.selector(), 14)}"
        text += f"      ports:\n        - port: {app.port}{trailing(rng, 0.1)}\n          protocol: TCP\n"
    return text


def egress_rules(rng: Random, siblings: list[App]) -> str:
    """Return `egress` of a policy: DNS, the other components, the internet or a network of databases."""
    text = DNS
    for sibling in siblings:
        text += f"    - to:\n        - podSelector:\n            matchLabels:\n{pairs(sibling.selector(), 14)}"
        text += f"      ports:\n        - protocol: TCP\n          port: {sibling.port}\n"
    text += WORLD if rng.random() < 0.5 else ""
    if rng.random() < 0.3:
        text += (
            f"    # databases\n    - to:\n        - ipBlock:\n            cidr: 10.{rng.randint(20, 90)}.0.0/16\n"
            "      ports:\n        - protocol: TCP\n          port: 5432\n          endPort: 5439\n"
        )
    return text


def network_policy(rng: Random, app: App, siblings: list[App], *, name: str = "") -> Manifest:
    """Return the NetworkPolicy of a component; without a name it has one of those that people choose."""
    name = name or rng.choice((app.name, f"{app.name}-allow", f"allow-{app.name}"))
    text = comment(rng, 0.3) + f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n{metadata(app, name)}spec:\n"
    if rng.random() < 0.9:
        text += f"  podSelector:\n    matchLabels:\n{pairs(app.selector(), 6)}"
    else:
        text += "  podSelector:\n    matchExpressions:\n      - key: app.kubernetes.io/name\n        operator: In\n"
        text += f"        values: [{app.part}]\n      - key: app.kubernetes.io/instance\n        operator: In\n"
        text += f"        values:\n          - {app.instance}\n"
    direction = rng.choice(("Ingress", "Egress", "both", "both"))
    types = ["Ingress", "Egress"] if direction == "both" else [direction]
    text += "  policyTypes:\n" + "".join(f"    - {each}\n" for each in types)
    if "Ingress" in types:
        text += f"  ingress:\n{ingress_rules(rng, app, siblings)}"
    if "Egress" in types:
        text += f"  egress:\n{egress_rules(rng, siblings)}"
    return Manifest("NetworkPolicy", name, text)


def namespace(name: str, team: str) -> list[Manifest]:
    """Return a Namespace with the two policies that each has here."""
    text = (
        f"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {name}\n  labels:\n    example.com/team: {team}\n"
        f"    pod-security.kubernetes.io/enforce: restricted\n  annotations:\n"
        f'    example.com/cost-center: "{team[-2:]}00"\n'
    )
    deny, allow = DEFAULTS.format(namespace=name, dns=DNS).split("---\n")
    policies = [Manifest("NetworkPolicy", "default-deny", deny), Manifest("NetworkPolicy", "allow-dns", allow)]
    return [Manifest("Namespace", name, text), *policies]


def kustomization(rng: Random, files: list[str], namespace_name: str) -> Manifest:
    """Return the kustomization.yaml of a folder."""
    text = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
    text += f"namespace: {namespace_name}\nresources:\n" + "".join(f"  - {file}\n" for file in files)
    if rng.random() < 0.3:
        text += "commonAnnotations:\n  example.com/source: monorepo\n"
    return Manifest("Kustomization", "", text)


def custom_resource(rng: Random, app: App) -> Manifest:
    """Return a ServiceMonitor, Certificate, ExternalSecret or HTTPRoute."""
    kind = rng.choice(("ServiceMonitor", "Certificate", "ExternalSecret", "HTTPRoute"))
    if kind == "ServiceMonitor":
        text = f"apiVersion: monitoring.coreos.com/v1\nkind: {kind}\n{metadata(app, app.name)}spec:\n  selector:\n"
        text += f"    matchLabels:\n{pairs(app.selector(), 6)}  endpoints:\n    - port: metrics\n      interval: 30s\n"
        text += "      metricRelabelings:\n        - sourceLabels: [__name__]\n          regex: 'go_gc_.*'\n"
        text += "          action: drop\n"
    elif kind == "Certificate":
        text = f"apiVersion: cert-manager.io/v1\nkind: {kind}\n{metadata(app, app.name)}spec:\n"
        text += f"  secretName: {app.name}-internal-tls\n  duration: 2160h\n  renewBefore: 360h\n  dnsNames:\n"
        text += f"    - {app.name}.{app.namespace}.svc\n    - '*.{app.name}.{app.namespace}.svc'\n"
        text += "  issuerRef:\n    name: internal\n    kind: ClusterIssuer\n"
    elif kind == "ExternalSecret":
        text = (
            f"apiVersion: external-secrets.io/v1\nkind: {kind}\n{metadata(app, app.name)}spec:\n  refreshInterval: 1h\n"
        )
        text += "  secretStoreRef:\n    kind: ClusterSecretStore\n    name: vault\n  target:\n"
        text += f"    name: {app.name}-credentials\n  data:\n"
        for key in ("database-password", "api-token", "signing-key"):
            text += f"    - secretKey: {key}\n      remoteRef:\n        key: {app.team}/{app.instance}\n"
            text += f"        property: {key}\n"
    else:
        text = (
            f"apiVersion: gateway.networking.k8s.io/v1\nkind: {kind}\n{metadata(app, app.name)}spec:\n  parentRefs:\n"
        )
        text += "    - name: public\n      namespace: ingress-nginx\n      sectionName: https\n  hostnames:\n"
        text += (
            f"    - {app.name}.example.com\n  rules:\n    - matches:\n        - path:\n            type: PathPrefix\n"
        )
        text += f"            value: /{app.part}\n      backendRefs:\n        - name: {app.name}\n          port: 80\n"
    return Manifest(kind, app.name, text)
