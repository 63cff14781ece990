"""A `spec` that is missing is one finding, in the API server's words, whatever the server wants to have in it."""

from __future__ import annotations

import pytest
from manifests import NETWORKING

from k8snetlint import Config, Source, lint

CONTAINERS = "spec.template.spec.containers: Required value"
RESTART = 'spec.jobTemplate.spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'
WHOLE_POLICY = "the API server reads it as a policy that selects every pod and allows no ingress"
WORKLOAD = "spec is {}; spec.selector: Required value; " + CONTAINERS
CRON_JOB = f"spec is {{}}; spec.schedule: Required value; {RESTART}; spec.jobTemplate.{CONTAINERS}"


def findings(text: str) -> list[tuple[str, str]]:
    return [(each.id, each.message) for each in lint([Source.of("a.yaml", text)], Config()).findings]


def without_spec(api_version: str, kind: str) -> str:
    return f"apiVersion: {api_version}\nkind: {kind}\nmetadata:\n  name: web\n"


@pytest.mark.parametrize(
    ("api_version", "kind", "finding_id", "says"),
    [
        pytest.param(NETWORKING, "NetworkPolicy", "netpol-pod-selector-missing", f"spec is {{}}; {WHOLE_POLICY}"),
        pytest.param("apps/v1", "Deployment", "api-required", WORKLOAD),
        pytest.param("apps/v1", "StatefulSet", "api-required", WORKLOAD),
        pytest.param("apps/v1", "DaemonSet", "api-required", f"spec is {{}}; {CONTAINERS}"),
        pytest.param("batch/v1", "CronJob", "api-required", CRON_JOB),
    ],
)
def test_what_a_missing_spec_lacks(api_version: str, kind: str, finding_id: str, says: str) -> None:
    text = without_spec(api_version, kind)

    assert findings(text) == [(finding_id, says.format("missing"))]
    assert findings(f"{text}spec:\n") == [(finding_id, says.format("missing"))], "null is missing"
    assert findings(f"{text}spec: {{}}\n") == [(finding_id, says.format("empty"))]


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [(NETWORKING, "NetworkPolicy"), ("apps/v1", "Deployment"), ("batch/v1", "CronJob"), (NETWORKING, "Ingress")],
)
def test_a_spec_that_is_misspelt_is_not_missing(api_version: str, kind: str) -> None:
    found = findings(f"{without_spec(api_version, kind)}sepc:\n  suspend: true\n")

    assert [each for each, _ in found] == ["api-unknown-field"]


def test_an_unknown_field_beside_a_spec_hides_nothing_in_it() -> None:
    found = findings(f"{without_spec('v1', 'Pod')}sepc: {{}}\nspec:\n  restartPolicy: Always\n")

    assert [each for each, _ in found] == ["api-unknown-field", "api-required"]


def test_a_missing_template_is_one_mistake() -> None:
    text = without_spec("apps/v1", "Deployment") + "spec:\n  selector: {matchLabels: {app: web}}\n"

    assert findings(text) == [("api-required", f"spec.template is missing; {CONTAINERS}")]
    labelled = f"{text}  template: {{metadata: {{labels: {{app: wbe}}}}}}\n"
    assert [each for each, _ in findings(labelled)] == ["api-required", "workload-selector-template-mismatch"]


def test_what_is_missing_in_written_structs_is_told_one_by_one() -> None:
    text = without_spec("apps/v1", "Deployment") + "spec:\n  template: {metadata: {labels: {app: web}}}\n"

    assert sorted(message for _, message in findings(text)) == ["spec.selector: Required value", CONTAINERS]


def test_a_service_of_metadata_only_stays_a_patch() -> None:
    report = lint([Source.of("a.yaml", without_spec("v1", "Service"))], Config())

    assert not report.findings
    assert [each.reason for each in report.skipped] == ["patch: checked only with the objects that it changes"]


def test_a_policy_that_ignores_the_cause_gets_the_rest() -> None:
    source = Source.of("a.yaml", without_spec(NETWORKING, "NetworkPolicy"))

    found = lint([source], Config(ignore=("netpol-pod-selector-missing",))).findings

    assert [each.id for each in found] == ["netpol-deny-all", "netpol-missing-policy-types"]
