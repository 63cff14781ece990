"""What the fixes of validation's findings write, and which mistakes nobody can mend for sure."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

from k8snetlint import Config, Source, lint
from k8snetlint.edit.editor import apply_edits

if TYPE_CHECKING:
    from k8snetlint.finding import TextFix

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
{}
"""
CONTAINER = POD.format("spec:\n  containers:\n  - name: web\n    image: web\n    {}")
LABEL = POD.format("  labels:\n    a: {}\nspec:\n  containers:\n  - name: web\n    image: web")
POLICY = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: web\nspec:\n"
INGRESS = "apiVersion: {}\nkind: Ingress\nmetadata:\n  name: web\nspec:\n"
PODS = """\
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: web
"""


def fixes(text: str) -> list[TextFix]:
    findings = lint([Source.of("a.yaml", text)], Config()).findings
    ids = ("api-", "netpol-misplaced-or-unknown-field", "netpol-selector-missing-match-labels")
    return [each.fix for each in findings if each.id.startswith(ids) and each.fix]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(LABEL.format("1"), LABEL.format('"1"'), id="a number for a label"),
        pytest.param(LABEL.format("010"), LABEL.format('"010"'), id="a number keeps how it is written"),
        pytest.param(LABEL.format("1.10"), LABEL.format('"1.10"'), id="so does a version"),
        pytest.param(LABEL.format("yes  # c"), LABEL.format('"yes"  # c'), id="so does a bool"),
        pytest.param(LABEL.format("True"), LABEL.format('"True"'), id="in upper case, too"),
        pytest.param(
            CONTAINER.format('ports: [{containerPort: "8080"}]'),
            CONTAINER.format("ports: [{containerPort: 8080}]"),
            id="a quoted number",
        ),
        pytest.param(
            CONTAINER.format("command: sh"), CONTAINER.format("command: [sh]"), id="a word where a list is wanted"
        ),
        pytest.param(CONTAINER.format('tty: "true"'), CONTAINER.format("tty: true"), id="a quoted bool"),
        pytest.param(CONTAINER.format("comand: [sh]"), CONTAINER.format("command: [sh]"), id="a misspelt field"),
        pytest.param(
            POD.format("spec:\n  containers:\n  - name: web\n    image: web\n    hostNetwork: true"),
            POD.format("spec:\n  containers:\n  - name: web\n    image: web\n  hostNetwork: true"),
            id="a field of the pod in its only container",
        ),
        pytest.param(
            POLICY + "  podSelector:\n  matchLabels:\n    app: web\n  policyTypes: [Ingress]\n",
            POLICY + "  podSelector:\n    matchLabels:\n      app: web\n  policyTypes: [Ingress]\n",
            id="what belongs below a null that stands before it",
        ),
        pytest.param(
            POLICY + "  podSelector: {}\n  ingress:\n  - from:\n    - cidr: 10.0.0.0/8 # all\n",
            POLICY + "  podSelector: {}\n  ingress:\n  - from:\n    - ipBlock:\n        cidr: 10.0.0.0/8 # all\n",
            id="a field without the one that it belongs in",
        ),
        pytest.param(
            POLICY + "  podSelector: {}\n  policyTypes: Ingress\n",
            POLICY + "  podSelector: {}\n  policyTypes: [Ingress]\n",
            id="one policy type",
        ),
        pytest.param(
            INGRESS.format("extensions/v1beta1") + "  backend: # all\n    serviceName: web # it\n    servicePort: 80\n",
            INGRESS.format("networking.k8s.io/v1")
            + "  defaultBackend: # all\n    service:\n      name: web # it\n      port:\n        number: 80\n",
            id="the default backend",
        ),
        pytest.param(
            INGRESS.format("networking.k8s.io/v1") + "  backend: {serviceName: web, servicePort: http}\n",
            INGRESS.format("networking.k8s.io/v1") + "  defaultBackend: {service: {name: web, port: {name: http}}}\n",
            id="a backend as in v1beta1",
        ),
        pytest.param(
            INGRESS.format("networking.k8s.io/v1beta1")
            + textwrap.indent(
                "rules:\n- http:\n    paths:\n    - path: /\n"
                "      backend:\n        serviceName: web\n        servicePort: http\n"
                '    - backend: {serviceName: web, servicePort: "80"}\n      pathType: Prefix\n      path: /a\n',
                "  ",
            ),
            INGRESS.format("networking.k8s.io/v1")
            + textwrap.indent(
                "rules:\n- http:\n    paths:\n    - path: /\n      pathType: ImplementationSpecific\n"
                "      backend:\n        service:\n          name: web\n          port:\n            name: http\n"
                "    - backend: {service: {name: web, port: {number: 80}}}\n      pathType: Prefix\n      path: /a\n",
                "  ",
            ),
            id="backends and path types of an Ingress",
        ),
        pytest.param(
            (POLICY + "  podSelector: {}\n").replace("networking.k8s.io/v1", "extensions/v1beta1"),
            POLICY + "  podSelector: {}\n",
            id="a policy of the first days",
        ),
        pytest.param(
            "apiVersion: apps/v1beta2\nkind: Deployment\nmetadata: {name: web}\n" + PODS,
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n" + PODS,
            id="a Deployment with the defaults of v1",
        ),
        pytest.param(
            "apiVersion: v1\nkind: Deployment\nmetadata: {name: web}\n" + PODS,
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n" + PODS,
            id="an apiVersion without its group",
        ),
        pytest.param(
            "apiVersion: apps/v1\nkind: deployment\nmetadata: {name: web}\n" + PODS,
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n" + PODS,
            id="a kind in another case",
        ),
    ],
)
def test_safe(before: str, after: str) -> None:
    (fix,) = fixes(before)
    assert fix.safe
    assert apply_edits(before, fix.edits) == after
    assert fixes(after) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            POLICY + "  podSelector: {}\n  ingress:\n  - from:\n    - podSelector: {}\n"
            "    - namespaceSelector: {}\n      ports:\n      - port: 80\n",
            POLICY + "  podSelector: {}\n  ingress:\n  - from:\n    - podSelector: {}\n"
            "    - namespaceSelector: {}\n    ports:\n    - port: 80\n",
            id="the ports of one of two peers may be meant for it alone",
        ),
        pytest.param(
            POLICY + "  podSelector: {}\n  egress:\n  - from:\n    - podSelector: {}\n",
            POLICY + "  podSelector: {}\n  egress:\n  - to:\n    - podSelector: {}\n",
            id="it may be a rule of the other direction",
        ),
        pytest.param(
            "apiVersion: extensions/v1beta1\nkind: DaemonSet\nmetadata: {name: web}\n" + PODS,
            "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: web}\n" + PODS,
            id="the update strategy had another default",
        ),
        pytest.param(
            "apiVersion: apps/v1\nkind: Deploymnet\nmetadata: {name: web}\n" + PODS,
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n" + PODS,
            id="a misspelt kind",
        ),
    ],
)
def test_unsafe(before: str, after: str) -> None:
    (fix,) = fixes(before)
    assert not fix.safe
    assert apply_edits(before, fix.edits) == after


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(LABEL.format('!!int "3"'), id="a number that is not written plainly"),
        pytest.param(LABEL.format("[1]"), id="a list for a label"),
        pytest.param(CONTAINER.format('ports: [{containerPort: "080"}]'), id="a quoted number that may be octal"),
        pytest.param(CONTAINER.format('ports: [{containerPort: "99999999999"}]'), id="a number that is too large"),
        pytest.param(CONTAINER.format("args: a b"), id="perhaps several words"),
        pytest.param(CONTAINER.format("comand: 1"), id="a misspelt field with a value that does not fit"),
        pytest.param(
            POLICY + "  podSelector: {}\n  ingress:\n  - from:\n    - podSelector: {}\n      ports: [{port: 80}]\n"
            "    - namespaceSelector: {}\n      ports: [{port: 443}]\n",
            id="two peers have ports of their own",
        ),
        pytest.param(
            POLICY + "  podSelector: {}\n  ingress:\n  - from:\n    - ports: [{port: 80}]\n",
            id="nothing would be left of the peer",
        ),
        pytest.param(
            POLICY + "  podSelector: {}\n  ingress:\n  - from:\n    - podSelector: {}\n      ports: [{port: 80}]\n"
            "    ports: [{port: 443}]\n",
            id="the rule has ports already",
        ),
        pytest.param(POLICY + "  podSelector: {app: {a: b}}\n", id="not a label"),
        pytest.param(
            POLICY + "  podSelector:\n    matchLabels: {app: web}\n    app: db\n", id="a label that is there already"
        ),
        pytest.param(
            "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: a}\nspec: {selector: {}}\n",
            id="an empty selector meant no pod, and means every pod",
        ),
        pytest.param(
            INGRESS.format("extensions/v1beta1") + "  backend: {serviceName: web, servicePort: ${PORT}}\n",
            id="a port that is not known yet",
        ),
        pytest.param(
            "apiVersion: autoscaling/v2beta1\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\nspec: {}\n",
            id="another shape",
        ),
        pytest.param(
            "apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: {name: web}\n"
            + PODS
            + "  rollbackTo: {revision: 1}\n",
            id="a field that is gone",
        ),
        pytest.param("apiVersion: v1\nkind: Deployment\nspec: {ports: [{port: 80}]}\n", id="no such kind, nor content"),
    ],
)
def test_none(text: str) -> None:
    assert fixes(text) == []


def test_labels_of_a_service_are_taken_out_of_match_labels() -> None:
    before = """\
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    # which
    matchLabels:
      app: web  # yes
  ports:
  - port: 80
"""
    (fix,) = fixes(before)
    assert fix.safe
    assert apply_edits(before, fix.edits) == before.replace("    matchLabels:\n      app: web", "    app: web")
