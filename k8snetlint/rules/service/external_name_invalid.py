"""The externalName of a Service is a URL, has a port, or has upper-case letters.

`externalName` is a DNS name and nothing else: no scheme, port or path, lower case only, no underscores. The API server
rejects anything else. Clients choose scheme and port themselves: they connect to the port of the external server.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#externalname

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: api
spec:
  type: ExternalName
  externalName: https://api.example.com/v1  # finding: externalName https://api.example.com/v1 is a URL, but only its host name api.example.com is allowed
```

```yaml fixed
apiVersion: v1
kind: Service
metadata:
  name: api
spec:
  type: ExternalName
  externalName: api.example.com
```

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  type: ExternalName
  externalName: db.example.com:5432  # finding: externalName db.example.com:5432 has a port, but only the host name db.example.com is allowed
```

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  type: ExternalName
  externalName: DB.Example.com  # finding: externalName DB.Example.com has upper-case letters, but only lower case is allowed
```

```yaml good
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  type: ExternalName
  externalName: db.example.com.
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.aspects import EXPOSURE
from k8snetlint.model.service import Service
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_NAME = rf"{_LABEL}(\.{_LABEL})*"
_URL = r"[A-Za-z][A-Za-z0-9+.-]*://(?:[^/@]*@)?([^/:?#]+)(?::\d+)?(?:[/?#].*)?"


@rule(on=Service, severity=Severity.ERROR, supersedes=("api-invalid",), relies_on=(EXPOSURE,))
def check(service: Service) -> Iterator[Problem]:
    """Report names with something around them, or in upper case, if the name itself is clear."""
    written = service.external_name if service.type == "ExternalName" else None
    if not written or re.fullmatch(_NAME, written):
        return
    host, wrong = _host_of(written)
    if not re.fullmatch(_NAME, host):
        return
    at = service.at("spec", "externalName")
    fix = Fix(f"write externalName: {host}", (set_to(at, host),), safe=False)
    yield Problem(f"externalName {written} {wrong} is allowed", at, fix=fix)


def _host_of(written: str) -> tuple[str, str]:
    """Return the host name of a text, and what is wrong with the text."""
    url = re.fullmatch(_URL, written)
    if url:
        host = url[1].lower()
        return host, f"is a URL, but only its host name {host}"
    host, port, number = written.partition(":")
    # With more colons it is an address of IPv6.
    if ":" in number:
        return written, ""
    if port:
        return host.lower(), f"has a port, but only the host name {host.lower()}"
    return host.lower(), "has upper-case letters, but only lower case"
