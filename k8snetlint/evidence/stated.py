"""Which host names in manifests state a connection that pods open, and which are there for another reason.

An address in an environment value, an argument or a file is usually one to connect to. Lists of hosts that are allowed,
excepted or trusted, the addresses under which others reach the pods, and names in certificates are not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snetlint.model.values import items, mapping, text
from k8snetlint.model.workload import Workload
from k8snetlint.source.paths import MapKey, value_at

if TYPE_CHECKING:
    from k8snetlint.evidence.dns_names import UsedName
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.source.paths import FieldPath

_OTHER_REASON = re.compile(
    r"no_?proxy|allow|cors|origin|redirect|callback|public|external|advertis|trust|white_?list|black_?list|audience"
    r"|issuer|subject|exclude|ignore|deny|denied|refer+er|server_?names?\b|alias|\bsans?\b|\bcn=|\bdns:|dns-?names?"
    r"|csp|next_public|react_app|vite_|doc(?:s|umentation)|\becho\b|\bprintf\b|self|canonical|root_?url|site_?url",
    re.IGNORECASE,
)
"""In the name of a variable, an argument or a key, or in a line in front of the host name."""
_TEXTS = (".adoc", ".html", ".md", ".rst", ".tmpl", ".txt")
"""Endings of files that people read."""
_NO_SCHEMES = ("file", "spiffe", "urn")
_BARE = re.compile(r"[-\W]*(?:host|hostname|addr|address|server|endpoint)s?", re.IGNORECASE)
"""The name of a variable or argument that says whose host it is in no way: usually that of the pod itself."""


def states_connection(cluster: Cluster, used: UsedName) -> bool:
    """Tell whether a host name in a workload or ConfigMap evidently is one that pods connect to."""
    use = used.use
    if use.scheme in _NO_SCHEMES or not (use.scheme or use.port or use.named):
        return False
    value = cluster.definition_of(used.resource) if cluster.definition_of else None
    content = text(value_at(value, use.path))
    if content is None or not content.startswith(use.host, use.start):
        return False
    called = _called(value, use.path) if isinstance(used.resource, Workload) else str(use.path[-1])
    if isinstance(use.path[-1], MapKey) and use.path[-1].endswith(_TEXTS):
        return False
    line = content[content.rfind("\n", 0, use.start) + 1 : use.start]
    argument = line.partition("=")[0] if line.startswith("-") else called
    if use.port is None and _BARE.fullmatch(argument):
        return False
    return not _OTHER_REASON.search(f"{called} {line}")


def _called(value: object, path: FieldPath) -> str:
    """Return the name of the variable whose value is at a path, or the argument in front of one that is no option."""
    if path[-1] == "value":
        return text(mapping(value_at(value, path[:-1])).get("name")) or ""
    before = items(value_at(value, path[:-1]))
    index = path[-1]
    option = text(before[index - 1]) if isinstance(index, int) and 0 < index <= len(before) else None
    return option if option and option.startswith("-") else ""
