"""An entry of except is not inside the cidr.

`except` excludes addresses from `cidr`, so each entry must be a smaller network inside `cidr`. Addresses outside of
`cidr` are not allowed anyway; an entry that is as large as `cidr`, or larger, excludes all of it. The API server
rejects the policy. If `cidr` and `except` are swapped, write the larger network in `cidr`.

Source: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/#NetworkPolicySpec

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Egress]
  egress:
  - to:
    - ipBlock:
        cidr: 10.0.0.0/8
        except:
        - 192.168.0.0/16  # finding: except 192.168.0.0/16 is outside cidr 10.0.0.0/8, so it excludes nothing
        - 10.1.0.0/16
```

```yaml fixed
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Egress]
  egress:
  - to:
    - ipBlock:
        cidr: 10.0.0.0/8
        except:
        - 10.1.0.0/16
```

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Egress]
  egress:
  - to:
    - ipBlock:
        cidr: 10.1.0.0/16
        except:
        - 10.0.0.0/8  # finding: except 10.0.0.0/8 is larger than cidr 10.1.0.0/16 and excludes all of it; cidr must be the larger network
    - ipBlock:
        cidr: 192.0.2.0/24
        except:
        - 192.0.2.0/24  # finding: except 192.0.2.0/24 is the whole cidr and excludes all of it
    - ipBlock:
        cidr: 0.0.0.0/0
        except:
        - fd00::/8  # finding: except fd00::/8 is IPv6, but cidr 0.0.0.0/0 is IPv4, so it excludes nothing
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Egress]
  egress:
  - to:
    - ipBlock:
        cidr: 0.0.0.0/0
        except:
        - 10.0.0.0/8
        - 192.168.0.0/16
    - ipBlock:
        cidr: ::/0
        except:
        - fd00::/8
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.addresses import Network


@rule(on=NetworkPolicy, severity=Severity.ERROR, supersedes=("api-invalid",))
def check(policy: NetworkPolicy) -> Iterator[Problem]:
    """Report exceptions that are not a smaller network inside the cidr."""
    for block in policy.ip_blocks:
        if not block.cidr or not block.except_:
            continue
        from k8snetlint.model.addresses import parse_cidr  # noqa: PLC0415 - few policies have an except

        whole = parse_cidr(block.cidr)
        for index, each in enumerate(block.except_):
            cut = parse_cidr(each)
            reason = _reason(cut, whole, block.cidr) if cut and whole else ""
            if reason:
                yield Problem(f"except {each} {reason}", block.at("except", index))


def _reason(cut: Network, whole: Network, cidr: str) -> str:
    """Return why a network cannot be excluded from another one; empty if it can."""
    if cut.family != whole.family:
        return f"is IPv{cut.family}, but cidr {cidr} is IPv{whole.family}, so it excludes nothing"
    if not cut.overlaps(whole):
        return f"is outside cidr {cidr}, so it excludes nothing"
    if whole not in cut:
        return ""
    if cut not in whole:
        return f"is larger than cidr {cidr} and excludes all of it; cidr must be the larger network"
    # With bits beyond its prefix length it is one address of the cidr, which is another mistake.
    excluded = cut.address.usual_network() if cut.has_host_bits else cut
    return "is the whole cidr and excludes all of it" if whole in excluded else ""
