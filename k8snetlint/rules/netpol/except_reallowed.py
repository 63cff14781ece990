"""Addresses that a rule excepts are allowed by another rule, for the same pods and ports.

There is no deny in a NetworkPolicy: `except` only takes addresses out of the one `ipBlock` that it stands in. What any
other peer, rule or policy allows is allowed. If another rule allows the excepted addresses on all the same ports, the
`except` has no effect.

It is reported only if one other rule allows them wholly: a rule of the same policy, or a rule for all addresses in a
policy that selects the same pods or every pod. Such a policy must be in the same namespace, or in the same file if no
namespace is written. A rule for some of the addresses, or for some of the ports, is usual.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: internet
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
  - to:
    - ipBlock:
        cidr: 0.0.0.0/0
        except:
        - 169.254.169.254/32  # finding: this except has no effect: another rule allows these addresses on the same ports
    ports:
    - port: 443
  - ports:
    - port: 443
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: internet
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
  - to:
    - ipBlock:
        cidr: 0.0.0.0/0
        except:
        - 10.0.0.0/8
  - to:
    - ipBlock:
        cidr: 10.1.2.3/32
    ports:
    - port: 5432
  - ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import NAME, PORTS, SELECTORS
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.addresses import Network
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import Direction, IPBlock, PolicyRule
    from k8snetlint.model.selectors import LabelSelector

_Subjects = tuple[object, "Direction", "LabelSelector | None"]


@rule(on=NetworkPolicy, severity=Severity.WARNING, relies_on=(SELECTORS, PORTS, NAME), security=7.0)
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem]:
    """Report the first except of each ipBlock that another rule allows."""
    if not any(each.except_ for each in policy.ip_blocks):
        return
    for each in policy.rules():
        blocks = [peer.ip_block for peer in each.peers or () if peer.ip_block is not None and peer.ip_block.except_]
        if not blocks or not policy.isolates(each.direction):
            continue
        others = [*policy.rules(each.direction), *_rules_for_everything(cluster, policy, each.direction)]
        wide = [other for other in others if other is not each and _has_ports(other, each)]
        for block in blocks:
            for index, text in enumerate(block.except_ or ()):
                network = _network(text)
                allowing = None if network is None else next((other for other in wide if _allows(other, network)), None)
                if allowing is not None:
                    message = "this except has no effect: another rule allows these addresses on the same ports"
                    related = ((allowing.place, "this rule allows them"),)
                    yield Problem(message, block.at("except", index), related=related)
                    break


@functools.lru_cache(1024)
def _network(text: str) -> Network | None:
    from k8snetlint.model.addresses import parse_cidr  # noqa: PLC0415 - few policies have an except

    return parse_cidr(text)


def _rules_for_everything(cluster: Cluster, policy: NetworkPolicy, direction: Direction) -> list[PolicyRule]:
    """Return the rules for all addresses in other policies of the same pods, or of every pod; one of equal rules."""
    from k8snetlint.evidence.policies import applied_with  # noqa: PLC0415 - few policies have an except

    answers = cluster.index.answers
    known: dict[_Subjects, dict[object, PolicyRule]] | None = answers.get(_rules_for_everything)
    if known is None:
        known = answers[_rules_for_everything] = {}
        for each in cluster.known(NetworkPolicy):
            for policy_rule in each.rules():
                if not _is_for_everything(policy_rule) or not each.isolates(policy_rule.direction):
                    continue
                if not each.knows(SELECTORS, PORTS, NAME):
                    continue
                selector = None if each.selects_every_pod else each.pod_selector
                key = applied_with(cluster, each), policy_rule.direction, selector
                listed = frozenset(port.ports() for port in policy_rule.ports or ())
                known.setdefault(key, {}).setdefault(listed, policy_rule)
    where = applied_with(cluster, policy)
    found = dict(known.get((where, direction, None), {}))
    if not policy.selects_every_pod:
        found |= known.get((where, direction, policy.pod_selector), {})
    return list(found.values())


def _is_for_everything(policy_rule: PolicyRule) -> bool:
    if not policy_rule.peers:
        return True
    networks = [_network(each.cidr or "") for each in _blocks_without_except(policy_rule)]
    return any(each is not None and each.length == 0 for each in networks)


def _blocks_without_except(policy_rule: PolicyRule) -> list[IPBlock]:
    blocks = (peer.ip_block for peer in policy_rule.peers or ())
    return [each for each in blocks if each is not None and not each.except_]


def _allows(policy_rule: PolicyRule, network: Network) -> bool:
    """Tell whether a rule allows all addresses of a network, by one peer without except."""
    if not policy_rule.peers:
        return True
    networks = (_network(each.cidr or "") for each in _blocks_without_except(policy_rule))
    return any(each is not None and network in each for each in networks)


def _has_ports(policy_rule: PolicyRule, other: PolicyRule) -> bool:
    """Tell whether a rule has all ports of another one."""
    if not policy_rule.ports:
        return True
    listed = {port.ports() for port in other.ports or ()}
    return bool(listed) and None not in listed and listed <= {port.ports() for port in policy_rule.ports}
