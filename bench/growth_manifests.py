"""Small manifests for the rows of growth.py; the names are made of letters, so that typos are recognised as such."""

from __future__ import annotations

from random import Random

from words import pairs

File = tuple[str, str]
"""A file's name and text."""
LETTERS = "abcdefghiklmnoprstuvwyz"
SPACE = "prod"


class Names:
    """Makes names of letters: the same for the same parts, and like no other name.

    Every row has its own for every size: what is remembered of one run must not help another one.
    """

    def __init__(self, *owner: object) -> None:
        self.owner = owner

    def __call__(self, *parts: object, letters: int = 9) -> str:
        """Return the name for some parts."""
        return "".join(Random(repr((self.owner, parts))).choices(LETTERS, k=letters))


def misspelt(name: str) -> str:
    """Return a name with the two letters in its middle swapped, or one of them doubled if they are equal."""
    at = len(name) // 2
    if name[at] == name[at + 1]:
        return name[:at] + name[at : at + 1] + name[at:]
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def metadata(name: str, space: str, labels: dict[str, str] | None = None) -> str:
    """Return the `metadata` of an object; without a namespace if `space` is empty."""
    written = f"  namespace: {space}\n" if space else ""
    return f"metadata:\n  name: {name}\n{written}" + (f"  labels:\n{pairs(labels, 4)}" if labels else "")


def namespace(name: str, labels: dict[str, str] | None = None) -> File:
    """Return the file of a Namespace."""
    return f"namespaces/{name}.yaml", f"apiVersion: v1\nkind: Namespace\n{metadata(name, '', labels)}"


CONTAINERS = """\
    spec:
      containers:
      - name: main
        image: example.com/shop:{image}
        ports:
        - name: http
          containerPort: 8080
        - name: metrics
          containerPort: 9090
"""
SERVICE_PORTS = """\
  - name: http
    port: 80
    targetPort: http
  - name: metrics
    port: 9090
    targetPort: 9090
"""


def workload(name: str, labels: dict[str, str], space: str = SPACE, *, service: str = "", image: str = "1") -> File:
    """Return the file of a Deployment, or of a StatefulSet for a Service; it has the ports http and metrics."""
    text = f"apiVersion: apps/v1\nkind: {'StatefulSet' if service else 'Deployment'}\n{metadata(name, space)}spec:\n"
    text += f"  serviceName: {service}\n" if service else ""
    text += f"  selector:\n    matchLabels:\n{pairs(labels, 6)}"
    text += f"  template:\n    metadata:\n      labels:\n{pairs(labels, 8)}"
    return f"{space}/{name}.yaml", text + CONTAINERS.format(image=image)


def peer(pods: dict[str, str] | None = None, spaces: dict[str, str] | None = None) -> str:
    """Return one entry of `from`: its two selectors, as flow mappings."""
    fields = [
        f"{field}: {{matchLabels: {{{', '.join(f'{key}: {value}' for key, value in labels.items())}}}}}"
        for field, labels in (("namespaceSelector", spaces), ("podSelector", pods))
        if labels is not None
    ]
    return f"    - {{{', '.join(fields)}}}\n"


def policy(
    name: str, labels: dict[str, str] | None, peers: str = "", space: str = SPACE, *, ports: tuple[str, ...] = ("8080",)
) -> File:
    """Return the file of a policy for ingress; without labels it selects all pods of its namespace."""
    text = f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n{metadata(name, space)}spec:\n"
    text += f"  podSelector:\n    matchLabels:\n{pairs(labels, 6)}" if labels else "  podSelector: {}\n"
    text += "  policyTypes:\n  - Ingress\n  ingress:\n  - ports:\n"
    text += "".join(f"    - protocol: TCP\n      port: {port}\n" for port in ports)
    return f"policies/{space}/{name}.yaml", text + (f"    from:\n{peers}" if peers else "")


def service(name: str, labels: dict[str, str], space: str = SPACE, *, ports: str = "", headless: bool = False) -> File:
    """Return the file of a Service; without `ports` it has the ports http and metrics."""
    text = f"apiVersion: v1\nkind: Service\n{metadata(name, space)}spec:\n  selector:\n{pairs(labels, 4)}"
    text += "  clusterIP: None\n" if headless else ""
    return f"services/{space}/{name}.yaml", f"{text}  ports:\n{ports or SERVICE_PORTS}"


def kustomization(folder: str, resources: list[str], further: str = "", *, component: bool = False) -> File:
    """Return the kustomization.yaml of a folder."""
    version, kind = ("v1alpha1", "Component") if component else ("v1beta1", "Kustomization")
    text = f"apiVersion: kustomize.config.k8s.io/{version}\nkind: {kind}\n{further}"
    listed = "".join(f"- {each}\n" for each in resources)
    return f"{folder}/kustomization.yaml", text + (f"resources:\n{listed}" if resources else "")


def moved(file: File, folder: str) -> File:
    """Return a file in another folder."""
    return f"{folder}/{file[0].rpartition('/')[2]}", file[1]
