"""What fills a monorepo: ConfigMaps with files in block scalars, CRDs with deep schemas; each as long as asked for."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING

from words import App, camel, comment, described, metadata, sentence

if TYPE_CHECKING:
    from random import Random

LOCATION = """\
server {{
    listen 8080;
    server_name {host};
    client_max_body_size {size}m;

    # {about}
    location /{path}/ {{
        proxy_pass http://{upstream}.svc.cluster.local:80;
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_read_timeout {timeout}s;
        if ($request_method = OPTIONS) {{
            return 204;
        }}
    }}

    location ~* \\.(?:css|js|png|svg|woff2)$ {{
        expires 7d;
        add_header Cache-Control "public, immutable";
    }}
}}
"""
ALERT = """\
  - alert: {name}
    expr: |
      sum(rate(http_requests_total{{job="{path}", code=~"5.."}}[5m]))
        / sum(rate(http_requests_total{{job="{path}"}}[5m])) > 0.0{size}
    for: {timeout}m
    labels:
      severity: {severity}
    annotations:
      summary: "{{{{ $labels.job }}}} fails in {{{{ $value | humanizePercentage }}}} of its requests"
      description: {about}
"""
SETTING = """\
# {about}
{path}.{name}.enabled=true
{path}.{name}.url=jdbc:postgresql://{host}:5432/{path}?sslmode=verify-full
{path}.{name}.pool.size={size}
{path}.{name}.timeout={timeout}s
"""
PIECES = {"nginx.conf": LOCATION, "alerts.yaml": ALERT, "application.properties": SETTING}


def piece(rng: Random, template: str) -> str:
    """Return one section of a configuration file."""
    return template.format(
        host=f"{camel(rng, 1)}.example.com",
        size=rng.choice((1, 2, 5, 8)),
        about=sentence(rng),
        path=camel(rng, 1),
        name=camel(rng, 2),
        upstream=f"{camel(rng, 1)}.{camel(rng, 1)}",
        timeout=rng.choice((5, 15, 60)),
        severity=rng.choice(("warning", "critical")),
    )


def panel(rng: Random, number: int) -> dict[str, object]:
    """Return a panel of a Grafana dashboard."""
    metric = f"{camel(rng, 1)}_{camel(rng, 1)}_seconds_bucket"
    return {
        "id": number,
        "type": rng.choice(("timeseries", "stat", "gauge", "table")),
        "title": f"{camel(rng, 2)} → {camel(rng, 1)}",
        "description": sentence(rng),
        "datasource": {"type": "prometheus", "uid": "${datasource}"},
        "gridPos": {"h": 8, "w": 12, "x": 12 * (number % 2), "y": 8 * (number // 2)},
        "fieldConfig": {
            "defaults": {
                "unit": "s",
                "decimals": rng.choice((None, 1, 2)),
                "thresholds": {"mode": "absolute", "steps": [{"color": "green"}, {"color": "red", "value": 0.5}]},
            },
            "overrides": [],
        },
        "targets": [
            {
                "refId": ref,
                "expr": f'histogram_quantile({quantile}, sum by (le) (rate({metric}{{namespace="$namespace"}}[5m])))',
                "legendFormat": "{{pod}} p" + quantile[2:],
                "instant": False,
            }
            for ref, quantile in zip("AB", ("0.5", "0.99"), strict=True)
        ],
    }


def dashboard(rng: Random, size: int, *, quoted: bool) -> str:
    """Return a key of `data` that holds a dashboard of about `size` bytes: a literal block, or one quoted line."""
    one = 1150 if quoted else 2250
    panels = [panel(rng, number + 1) for number in range(max(1, size // one))]
    title = f"{camel(rng, 2)} {camel(rng, 1)}"
    board = {"title": title, "uid": f"{rng.getrandbits(48):012x}", "schemaVersion": 39, "panels": panels}
    name = f"{camel(rng, 2).lower()}.json"
    if quoted:
        return f"  {name}: {json.dumps(json.dumps(board, ensure_ascii=False), ensure_ascii=False)}\n"
    return f"  {name}: |\n" + textwrap.indent(json.dumps(board, indent=2, ensure_ascii=False) + "\n", "    ")


def config_map(rng: Random, app: App, size: int) -> str:
    """Return a ConfigMap of about `size` bytes."""
    name = f"{app.name}-config"
    text = comment(rng, 0.2) + f'apiVersion: v1\nkind: ConfigMap\n{metadata(app, name)}data:\n  log-level: "info"\n'
    text += f'  worker-count: "{rng.randint(1, 16)}"\n  config.yaml: |\n    server:\n      port: {app.port}\n'
    left = size - len(text.encode())
    if left > 4000 and rng.random() < 0.45:
        return text + dashboard(rng, left, quoted=rng.random() < 0.12)
    file = rng.choice(tuple(PIECES))
    body = "groups:\n- name: generated\n  rules:\n" if file == "alerts.yaml" else f"# {name}\n"
    pieces = [body]
    while left > 0:
        pieces.append(piece(rng, PIECES[file]))
        left -= len(pieces[-1].encode()) + 4 * pieces[-1].count("\n")
    block = "|-" if rng.random() < 0.2 else "|"
    return f"{text}  {file}: {block}\n" + textwrap.indent("".join(pieces), "    ")


LEAVES = (
    "type: string\n",
    "type: string\n",
    "type: boolean\n",
    "type: string\nminLength: 1\nmaxLength: 253\n",
    "type: string\npattern: ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$\n",
    "type: string\ndefault: Always\nenum:\n- Always\n- IfNeeded\n- Never\n",
    "type: string\nformat: date-time\n",
    "type: integer\nformat: int32\nminimum: 1\nmaximum: 65535\n",
    "type: integer\nformat: int64\n",
    "anyOf:\n- type: integer\n- type: string\nx-kubernetes-int-or-string: true\n",
    "type: object\nadditionalProperties:\n  type: string\n",
    "type: array\nitems:\n  type: string\nx-kubernetes-list-type: set\n",
    "type: object\nx-kubernetes-preserve-unknown-fields: true\n",
)
CONDITIONS = """\
conditions:
  description: Conditions of the object, the newest state of each type.
  type: array
  items:
    type: object
    required: [lastTransitionTime, message, reason, status, type]
    properties:
      lastTransitionTime:
        type: string
        format: date-time
      message:
        type: string
        maxLength: 32768
      reason:
        type: string
        pattern: ^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$
      status:
        type: string
        enum: ["True", "False", Unknown]
      type:
        type: string
  x-kubernetes-list-map-keys: [type]
  x-kubernetes-list-type: map
"""


def schema(rng: Random, depth: int) -> str:
    """Return the schema of one property, without its name: a leaf, an object or a list of objects."""
    text = described(rng, 0, rng.choice((1, 1, 2, 3, 4)))
    if depth == 0 or rng.random() < 0.55:
        return text + rng.choice(LEAVES)
    names = dict.fromkeys(camel(rng, rng.randint(1, 2)) for _ in range(rng.randint(2, 6)))
    body = "".join(f"{name}:\n" + textwrap.indent(schema(rng, depth - 1), "  ") for name in names)
    required = f"required:\n- {next(iter(names))}\n" if rng.random() < 0.4 else ""
    if rng.random() < 0.35:
        items = textwrap.indent(f"properties:\n{textwrap.indent(body, '  ')}{required}type: object\n", "  ")
        return f"{text}items:\n{items}type: array\n"
    return f"{text}properties:\n{textwrap.indent(body, '  ')}{required}type: object\n"


def definition(rng: Random, kind: str, size: int) -> str:
    """Return a CustomResourceDefinition of about `size` bytes, as controller-gen writes it."""
    plural, group = f"{kind.lower()}s", "operators.example.com"
    head = (
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  annotations:\n"
        f"    controller-gen.kubebuilder.io/version: v0.16.1\n  name: {plural}.{group}\nspec:\n  group: {group}\n"
        f"  names:\n    kind: {kind}\n    listKind: {kind}List\n    plural: {plural}\n    singular: {kind.lower()}\n"
        "    shortNames:\n    - x" + plural[:8] + "\n  scope: Namespaced\n  versions:\n  - additionalPrinterColumns:\n"
        "    - jsonPath: .metadata.creationTimestamp\n      name: Age\n      type: date\n    name: v1\n    schema:\n"
        "      openAPIV3Schema:\n"
    )
    properties: dict[str, str] = {}
    left = size - len(head) - 2200
    while left > 0 or not properties:
        name = camel(rng, rng.randint(1, 3))
        if name in properties:
            continue
        depth = 5 if left > 60_000 else 3 if left > 8_000 else 0  # so that the last property does not overshoot
        properties[name] = textwrap.indent(f"{name}:\n" + textwrap.indent(schema(rng, depth), "  "), "  ")
        left -= len(properties[name].encode()) + 12 * properties[name].count("\n")
    spec = textwrap.indent("".join(properties.values()), "    ")
    body = (
        f"{described(rng, 0, 1)}properties:\n  apiVersion:\n    type: string\n  kind:\n    type: string\n"
        f"  metadata:\n    type: object\n  spec:\n    properties:\n{spec}    type: object\n  status:\n"
        f"    properties:\n{textwrap.indent(CONDITIONS, '      ')}    type: object\ntype: object\n"
    )
    tail = "    served: true\n    storage: true\n    subresources:\n      status: {}\n"
    return head + textwrap.indent(body, " " * 8) + tail
