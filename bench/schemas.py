"""The schemas for kubeconform, offline: of the PyPI package kubernetes-validate, each file complete in itself."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

KINDS = (
    "configmap-v1",
    "customresourcedefinition-apiextensions-v1",
    "daemonset-apps-v1",
    "deployment-apps-v1",
    "horizontalpodautoscaler-autoscaling-v2",
    "ingress-networking-v1",
    "namespace-v1",
    "networkpolicy-networking-v1",
    "poddisruptionbudget-policy-v1",
    "service-v1",
    "serviceaccount-v1",
    "statefulset-apps-v1",
)
"""Of the generated trees, as kubeconform names them: `{{.ResourceKind}}{{.KindSuffix}}`."""
ELSEWHERE = "/api/_definitions.json#/$defs/"
HERE = "#/$defs/"


def source() -> Path | None:
    """Return the newest folder of strict schemas of the installed package, or `None` without the package."""
    spec = importlib.util.find_spec("kubernetes_validate")
    if spec is None or spec.origin is None:
        return None
    folders = Path(spec.origin).parent.glob("kubernetes-json-schema/v1.*-local-strict")
    return max(folders, key=lambda folder: int(folder.name.split(".")[1]), default=None)


def write_schemas(folder: Path, into: Path) -> None:
    """Write a schema for each kind, with the definitions that it needs and no reference to another file."""
    definitions = json.loads((folder / "_definitions.json").read_text(encoding="utf-8"))["$defs"]
    for kind in KINDS:
        text = (folder / f"{kind}.json").read_text(encoding="utf-8").replace(ELSEWHERE, HERE)
        needed: dict[str, object] = {}
        left = [text]
        while left:
            for name in re.findall(r'"#/\$defs/([^"]+)"', left.pop()):
                if name not in needed:
                    needed[name] = definitions[name]
                    left.append(json.dumps(definitions[name]))
        (into / f"{kind}.json").write_text(json.dumps({**json.loads(text), "$defs": needed}), encoding="utf-8")
