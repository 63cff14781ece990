"""Rows about CNI plugins and the networks of clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from growth_manifests import metadata, peer, policy
from growth_selectors import app, workloads

from k8snetlint import Config, Source, lint
from k8snetlint.model.environment import Environment

if TYPE_CHECKING:
    from growth_manifests import File, Names

AGENT = """\
apiVersion: apps/v1
kind: DaemonSet
{metadata}spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      containers: [{{name: agent, image: 'flannel/flannel:v0.25.7'}}]
      volumes: [{{name: cni, hostPath: {{path: /etc/cni/net.d}}}}]
"""
CONFIGURATION = """\
apiVersion: v1
kind: ConfigMap
{metadata}data:
  cni-conf.json: '{{"name": "cbr0"}}'
  net-conf.json: '{{"Network": "10.{byte}.0.0/16"}}'
  install.sh: kubectl apply -f https://docs.projectcalico.org/v3.14/manifests/calico.yaml
"""
OTHERS = """\
apiVersion: rbac.authorization.k8s.io/v1beta1
kind: ClusterRole
metadata: {{name: flannel-{name}}}
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
{metadata}spec: {{endpointSelector: {{}}}}
---
apiVersion: crd.projectcalico.org/v1
kind: GlobalNetworkPolicy
metadata: {{name: {name}}}
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking: {{podSubnet: 10.{byte}.0.0/16, serviceSubnet: 10.{byte}.0.0/20}}
"""
KUBEADM = """\
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking: {podSubnet: 10.244.0.0/16, serviceSubnet: 10.96.0.0/12}
"""
PARTS = (AGENT, CONFIGURATION, OTHERS)


def plugins(n: int, word: Names) -> list[File]:
    """Return n plugins in a folder, each with its configuration and other objects that rules are about."""
    found = []
    for number in range(n):
        name = word("plugin", number)
        filled = {"name": name, "byte": number % 256, "metadata": metadata(name, "kube-system")}
        found += [(f"network/{name}-{part}.yaml", text.format(**filled)) for part, text in enumerate(PARTS)]
    return found


def plugins_of_one_file(n: int, word: Names) -> list[File]:
    """Return a file with n plugins."""
    agents = (AGENT.format(name=word(number), metadata=metadata(word(number), "kube-system")) for number in range(n))
    return [("network.yaml", "---\n".join(agents))]


def policies(n: int, word: Names) -> list[File]:
    """Return n policies that use what some plugins do not have."""
    found = workloads(word, n)
    for number in range(n):
        labels = app(word, "prod", number)
        path, text = policy(word("policy", number), labels, peer(labels), ports=("8080",))
        found.append((path, text.replace("port: 8080\n", "port: 8080\n      endPort: 8090\n")))
    return found


def policies_beside_plugins(n: int, word: Names) -> list[File]:
    """Return n policies in the folder of n manifests of one plugin, and n pools outside of the network of the pods."""
    found = []
    for number in range(n):
        name = word("agent", number)
        agent = AGENT.format(name=name, metadata=metadata(name, "kube-system"))
        found.append((f"one/{name}.yaml", agent.replace("flannel/flannel:v0.25.7", "cilium/cilium:v1.15.6")))
        pool = f"apiVersion: projectcalico.org/v3\nkind: IPPool\n{metadata(name, '')}spec: {{cidr: 192.168.0.0/16}}\n"
        found.append((f"one/pool-{name}.yaml", pool))
        found.append((f"one/kubeadm-{name}.yaml", KUBEADM))
    found += [(f"one/{path.replace('/', '-')}", text) for path, text in policies(n, word)]
    return found


def check_with_flannel(sources: list[Source]) -> object:
    """Check files of a cluster with Flannel, which enforces no policies."""
    return lint(sources, Config(environment=Environment(cni="flannel")))


def check_with_cilium(sources: list[Source]) -> object:
    """Check files of a cluster with a version of Cilium without `endPort`."""
    return lint(sources, Config(environment=Environment(cni="cilium@1.15", pod_cidrs=("10.244.0.0/16",))))


def check_networks(sources: list[Source]) -> object:
    """Check files of a cluster whose networks are known."""
    environment = Environment(service_cidrs=("10.255.0.0/16",), pod_cidrs=("10.254.0.0/16",))
    return lint(sources, Config(environment=environment))
