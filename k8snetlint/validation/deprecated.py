"""The warnings of API versions that are on their way out, which the server gives before it looks at an object.

Alpha versions are left out: they are off unless somebody turns them on.

Source: https://github.com/kubernetes/api/tree/v0.37.2, `zz_generated.prerelease-lifecycle.go` of each group and
`core/v1/lifecycle.go`, and for versions that are gone by now v0.25.16 to v0.35.0; the words are those of
https://github.com/kubernetes/apiserver/blob/v0.37.2/pkg/endpoints/deprecation/deprecation.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.environment import format_version
from k8snetlint.validation.causes import Warned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.environment import Version

_FLOW = ("FlowSchema", "PriorityLevelConfiguration")
_ADMISSION = ("MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding")
_VALIDATION = ("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding")
_CLAIMS = ("DeviceClass", "ResourceClaim", "ResourceClaimTemplate", "ResourceSlice")
_SEEN_FROM_1_25 = (
    ("v1", ("Endpoints",), (1, 33), None, "discovery.k8s.io/v1 EndpointSlice"),
    ("v1", ("ComponentStatus",), (1, 19), None, ""),
    ("admissionregistration.k8s.io/v1beta1", _ADMISSION, (1, 37), (1, 40), "admissionregistration.k8s.io/v1 {}"),
    ("admissionregistration.k8s.io/v1beta1", _VALIDATION, (1, 31), (1, 34), ""),
    ("authentication.k8s.io/v1beta1", ("SelfSubjectReview",), (1, 30), (1, 33), ""),
    ("autoscaling/v2beta2", ("HorizontalPodAutoscaler",), (1, 23), (1, 26), "autoscaling/v2 {}"),
    *(
        ("certificates.k8s.io/v1beta1", (each,), (1, 37), (1, 40), "certificates.k8s.io/v1 {}")
        for each in ("ClusterTrustBundle", "PodCertificateRequest")
    ),
    ("coordination.k8s.io/v1beta1", ("LeaseCandidate",), (1, 36), (1, 39), ""),
    ("flowcontrol.apiserver.k8s.io/v1beta1", _FLOW, (1, 23), (1, 26), "flowcontrol.apiserver.k8s.io/v1beta2 {}"),
    ("flowcontrol.apiserver.k8s.io/v1beta2", _FLOW, (1, 26), (1, 29), "flowcontrol.apiserver.k8s.io/v1beta3 {}"),
    ("flowcontrol.apiserver.k8s.io/v1beta3", _FLOW, (1, 29), (1, 32), "flowcontrol.apiserver.k8s.io/v1 {}"),
    ("networking.k8s.io/v1beta1", ("IPAddress", "ServiceCIDR"), (1, 34), (1, 37), ""),
    ("resource.k8s.io/v1beta1", _CLAIMS, (1, 35), (1, 38), ""),
    ("resource.k8s.io/v1beta2", _CLAIMS, (1, 36), (1, 39), ""),
    ("storage.k8s.io/v1beta1", ("CSIStorageCapacity",), (1, 24), (1, 27), "storage.k8s.io/v1 {}"),
    ("storage.k8s.io/v1beta1", ("VolumeAttributesClass",), (1, 34), (1, 37), "storage.k8s.io/v1 {}"),
    ("storagemigration.k8s.io/v1beta1", ("StorageVersionMigration",), (1, 37), (1, 40), "storagemigration.k8s.io/v1 {}"),
)
