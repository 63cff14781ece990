"""An entry of except is not inside the cidr.

`except` takes addresses away from `cidr`, so each entry is a smaller network inside of it. What lies outside is not
allowed anyway; what is as large as `cidr`, or larger, leaves nothing. The API server rejects the policy. Where `cidr` and
`except` have changed places, the larger network belongs into `cidr`.

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
        - 192.168.0.0/16  # finding: except 192.168.0.0/16 lies outside of cidr 10.0.0.0/8, so it excludes nothing
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
        - 10.0.0.0/8  # finding: except 10.0.0.0/8 is larger than cidr 10.1.0.0/16 and leaves nothing; the larger network is the cidr
    - ipBlock:
        cidr: 192.0.2.0/24
        except:
        - 192.0.2.0/24  # finding: except 192.0.2.0/24 is the whole cidr and leaves nothing
    - ipBlock:
        cidr: 0.0.0.0/0
        except:
        - fd00::/8  # finding: except fd00::/8 is a network of IPv6, and cidr 0.0.0.0/0 one of IPv4, so it excludes nothing
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
    """Report exceptions that are none."""
    for block in policy.ip_blocks():
        if not block.cidr or not block.except_:
            continue
        from k8snetlint.model.addresses import parse_cidr  # noqa: PLC0415 - few policies have an except

        whole = parse_cidr(block.cidr)
        for index, each in enumerate(block.except_):
            cut = parse_cidr(each)
            said = _said(cut, whole, block.cidr) if cut and whole else ""
            if said:
                yield Problem(f"except {each} {said}", block.at("except", index))


def _said(cut: Network, whole: Network, cidr: str) -> str:
    """Return why a network cannot be cut out of another one; empty if it can."""
    if cut.family != whole.family:
        return f"is a network of IPv{cut.family}, and cidr {cidr} one of IPv{whole.family}, so it excludes nothing"
    if not cut.overlaps(whole):
        return f"lies outside of cidr {cidr}, so it excludes nothing"
    if whole not in cut:
        return ""
    if cut not in whole:
        return f"is larger than cidr {cidr} and leaves nothing; the larger network is the cidr"
    # With bits beyond its prefix length it is one address of the cidr, which is another mistake.
    meant = cut.address.usual_network() if cut.has_host_bits else cut
    return "is the whole cidr and leaves nothing" if whole in meant else ""
