"""Lines without indentation are indented by the schema of their kind, or left alone."""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from typing import Any

import pytest

from k8snetlint import Source
from k8snetlint.edit.change import is_same
from k8snetlint.edit.editor import apply_edits
from k8snetlint.source.files import find
from k8snetlint.source.load import load
from k8snetlint.source.objects import is_object
from k8snetlint.validation.conformance import conforms
from k8snetlint.validation.lost_indentation import find_lost_indentation
from k8snetlint.validation.reindent import reindent
from k8snetlint.validation.schemas import definition_of
from k8snetlint.validation.server import Server

CORPUS = os.environ.get("K8SNETLINT_CORPUS", "")
SERVER = Server()
NAMED_KINDS = ("NetworkPolicy", "Service", "Ingress")
BLOCK_SCALAR = re.compile(r"^[^#]*(?:: |- )[|>][-+0-9]*[ \t]*(?:#.*)?$", re.MULTILINE)

POLICY = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: a\nspec:\n"
SERVICE = "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\nspec:\n"
INGRESS = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: a\nspec:\n"
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels:
    app: web
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
        tier: front
    spec:
      containers:
        - name: web
          image: nginx:1.27
          ports:
            - containerPort: 80
              name: http
          env:
            - name: MODE
              value: "fast"
            - name: HOST
              valueFrom:
                fieldRef:
                  fieldPath: status.podIP
          resources:
            requests:
              cpu: 100m
              memory: 64Mi
          volumeMounts:
            - name: cache
              mountPath: /cache
        - name: proxy
          image: envoy
      volumes:
        - name: cache
          emptyDir: {}
"""


def flattened(text: str) -> str:
    """Return a text whose lines all begin in the first column."""
    return re.sub("^[ \t]+", "", text, flags=re.MULTILINE)


def value_of(text: str) -> Any:
    (document,) = load(Source.of("a.yaml", text)).documents
    assert not document.faults
    return document.value


def indented(text: str) -> str | None:
    """Return what the fix makes of a text, None without one."""
    lost = find_lost_indentation(text, SERVER.version)
    assert lost is not None
    edits = reindent(text, lost.definition, SERVER)
    return apply_edits(text, edits) if edits else None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            POLICY
            + "  podSelector: {}\n  egress:\n    - to:\n        - podSelector: {}\n          namespaceSelector:\n"
            "            matchLabels:\n              team: a\n      ports:\n"
            "        - port: 53\n          protocol: UDP\n"
            "        - port: 53\n          protocol: TCP\n    - to:\n        - ipBlock:\n            cidr: 10.0.0.0/8\n"
            "            except: [10.1.0.0/16]\n",
            id="an item of an outer list",
        ),
        pytest.param(
            POLICY + "  ingress:\n    - from:\n        - namespaceSelector:\n            matchLabels:\n"
            "              team: a\n  podSelector:\n    matchLabels:\n      app: web\n",
            id="a policy has a podSelector, so the only one is its own",
        ),
        pytest.param(
            POLICY + "  podSelector:\n    matchLabels:\n      app: web\n  ingress:\n    - from:\n"
            "        - namespaceSelector:\n            matchLabels:\n              team: a\n          podSelector:\n"
            "            matchLabels:\n              app: db\n        - ipBlock:\n            cidr: 10.0.0.0/8\n",
            id="a second podSelector is a peer's",
        ),
        pytest.param(
            SERVICE + "  selector:\n    app: web\n    name: front\n  type: NodePort\n  ports:\n    - port: 80\n"
            "      nodePort: 30080\n",
            id="a field below a selector is no label",
        ),
        pytest.param(
            SERVICE + "  selector:\n    app: web\n    type: front\n  ports:\n    - port: 80\n",
            id="what the field would not accept is a label",
        ),
        pytest.param(
            "apiVersion: v1\nkind: Service\nmetadata:\n  labels:\n    name: front\n  name: front-1\n  namespace: shop\n"
            "spec:\n  ports:\n    - port: 80\n  clusterIP: None\n",
            id="a name before the name is a label",
        ),
        pytest.param(
            INGRESS + '  rules:\n    - http:\n        paths:\n          - path: "/a\\u0062"\n'
            "            pathType: Prefix\n            backend:\n              service:\n                port:\n"
            "                  number: 80\n                name: web\n      host: a.example.com\n",
            id="a field after what is deeper, and escapes",
        ),
        pytest.param(DEPLOYMENT, id="a Deployment"),
        pytest.param(
            "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n  creationTimestamp: null\n  annotations:\nspec:\n"
            "  ports:\n    - port: 80\n  clusterIP: None\n",
            id="nulls",
        ),
    ],
)
def test_the_indentation_comes_back(text: str) -> None:
    assert indented(flattened(text)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "# first\napiVersion: v1\nkind: Namespace # kind\nmetadata:\n# its name\nname: a\n\nlabels:\n"
            "# one\na: b\n# last\n",
            "# first\napiVersion: v1\nkind: Namespace # kind\nmetadata:\n  # its name\n  name: a\n\n  labels:\n"
            "    # one\n    a: b\n    # last\n",
            id="comments go with the next line, blank lines stay",
        ),
        pytest.param(
            "apiVersion: v1\r\nkind: Namespace\r\nmetadata:\r\nname: a\r\n",
            "apiVersion: v1\r\nkind: Namespace\r\nmetadata:\r\n  name: a\r\n",
            id="line ends of Windows",
        ),
        pytest.param(
            "  apiVersion: v1\n  kind: Namespace\n  metadata:\n  name: a\n",
            "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n",
            id="all lines are indented alike",
        ),
        pytest.param(
            "\tapiVersion: v1\n\tkind: Namespace\n\tmetadata:\n\tname: a\n",
            "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n",
            id="by a tab",
        ),
        pytest.param(
            SERVICE.replace("  name", "name")
            + "  selector:\n    app: web\n    type: NodePort\n  ports:\n  - port: 80\n",
            SERVICE + "  selector:\n    app: web\n    type: NodePort\n  ports:\n    - port: 80\n",
            id="lines that are still indented keep their order",
        ),
        pytest.param(
            SERVICE.replace("  name", "name") + "  ports:\n  - port: 80\n  name: http\n  selector:\n  app: web\n",
            SERVICE + "  ports:\n    - port: 80\n      name: http\n  selector:\n    app: web\n",
            id="indented by two at most",
        ),
        pytest.param("apiVersion: v1\nkind: Namespace\nmetadata:\nname: a", None, id="no line end"),
    ],
)
def test_what_is_written_around_stays(text: str, expected: str | None) -> None:
    assert indented(text) == (expected or text.replace("\nname", "\n  name"))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "apiVersion: v1\nkind: Namespace\nmetadata:\nlabels:\napp: a\nnamespace: b\nname: c\n",
            id="a label or the namespace",
        ),
        pytest.param(
            flattened(POLICY) + "podSelector: {}\ningress:\n- ports:\n- port: 80\n- {}\n", id="a port or a rule"
        ),
        pytest.param(flattened(SERVICE) + "ports:\n- prot: 80\n", id="no field of that name"),
        pytest.param(flattened(SERVICE) + "ports:\n- port: eighty\n", id="no value of that type"),
        pytest.param(flattened(SERVICE) + "type: NodePort\ntype: NodePort\n", id="a field twice"),
        pytest.param(flattened(SERVICE).replace("spec", "annotations:\na: |\nsome: text\nspec"), id="a block scalar"),
        pytest.param(
            flattened(SERVICE).replace("spec", 'annotations:\na: "some\ntext"\nspec'), id="a text of two lines"
        ),
        pytest.param(flattened(SERVICE) + "ports: [\n{port: 80}\n]\n", id="brackets over several lines"),
    ],
)
def test_what_is_not_sure_stays(text: str) -> None:
    assert indented(text) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(DEPLOYMENT, id="nothing is lost"),
        pytest.param(flattened(DEPLOYMENT).replace("apps/v1", "example.com/v1"), id="fields that are not known"),
        pytest.param("apiVersion: v1\nkind: Namespace\nmetadata:\nspec:\n", id="empty fields"),
        pytest.param("apiVersion: v1\nkind: Namespace\nmetadata:\nnmae: a\n", id="no field of either"),
        pytest.param("apiVersion: v1\nmetadata:\nname: a\n", id="no kind"),
        pytest.param('{"apiVersion": "v1",\n"kind": "Namespace",\n"metadata": {\n"name": "a"}}', id="JSON"),
    ],
)
def test_what_lost_nothing_is_not_accused(text: str) -> None:
    assert find_lost_indentation(text, SERVER.version) is None


HEAD = flattened(DEPLOYMENT).partition("- name")[0]
ENDLESS = [
    pytest.param("- name: c\nimage: i\nenv:\n", "- name: A\nvalue: b\n", id="environment"),
    pytest.param("", "- name: c\nresources:\n", id="containers"),
    pytest.param("", "- name: c\nenv:\n- name: x\nvalueFrom:\nconfigMapKeyRef:\nname: y\nkey: z\n", id="deep"),
]


@pytest.mark.parametrize(("start", "lines"), ENDLESS)
def test_the_search_is_bounded(start: str, lines: str) -> None:
    many = lines * (10_000 // lines.count("\n"))
    few = lines * (2_500 // lines.count("\n"))
    before = time.process_time()

    assert indented(HEAD + start + many) is None
    assert indented(HEAD + start + few + "nothing: here\n") is None
    assert time.process_time() - before < 1


def manifests_of_the_corpus() -> list[Any]:
    """Return the documents of kinds that are recognised and have nothing wrong in their structure; none twice."""
    found: dict[str, Any] = {}
    for source in find([CORPUS]).sources:
        for document in load(source).documents:
            value = document.value
            if document.faults or not is_object(value) or document.text[:1] == "{":
                continue
            group, _, version = value["apiVersion"].rpartition("/")
            name = definition_of(group, version, value["kind"])
            if name and conforms(name, SERVER.version)(value):
                found.setdefault(document.text, document)
    return list(found.values())


@pytest.mark.skipif(not CORPUS, reason="K8SNETLINT_CORPUS names no folder of manifests")
def test_real_manifests_come_back_as_they_were() -> None:
    """None comes back wrong, and of the kinds of a textbook three quarters come back."""
    fixed: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for document in manifests_of_the_corpus():
        kind = document.value["kind"]
        text = indented(flattened(document.text))
        assert text is None or is_same(value_of(text), value_of(document.text)), document.source.name
        if not BLOCK_SCALAR.search(document.text):
            asked[kind] += 1
            fixed[kind] += text is not None
    for kind, number in asked.items():
        print(f"{kind}: {fixed[kind]} of {number}")  # noqa: T201 - the share is shown by `pytest -s`
    whole = sum(asked[kind] for kind in NAMED_KINDS)
    assert whole > 300
    assert sum(fixed[kind] for kind in NAMED_KINDS) >= 0.75 * whole
