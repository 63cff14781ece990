"""What the OpenAPI does not say of Kubernetes' types: names in Go, removals before 1.25, what is no object.

The names were measured: every field of every kind was given a value of a wrong type, and the API server's decoder
(Kubernetes 1.37.2) said what it had expected. ReplicationController and what only 1.25 to 1.36 have are taken from
the Go sources, https://github.com/kubernetes/api.
"""

from __future__ import annotations

from typing import Final

_TYPES: Final = {
    "map[v1.ResourceName]v1.ClaimResourceStatus": "PersistentVolumeClaimStatus.allocatedResourceStatuses",
    "types.UID": (
        "ObjectMeta.uid ObjectReference.uid OwnerReference.uid UncountedTerminatedPods.failed "
        "UncountedTerminatedPods.succeeded"
    ),
    "v1.AddressType": "EndpointSlice.addressType",
    "v1.AppArmorProfileType": "AppArmorProfile.type",
    "v1.AzureDataDiskCachingMode": "AzureDiskVolumeSource.cachingMode",
    "v1.AzureDataDiskKind": "AzureDiskVolumeSource.kind",
    "v1.Capability": "Capabilities.add Capabilities.drop",
    "v1.ClaimResourceStatus": "PersistentVolumeClaimStatus.allocatedResourceStatuses.*",
    "v1.CompletionMode": "JobSpec.completionMode",
    "v1.ConcurrencyPolicy": "CronJobSpec.concurrencyPolicy",
    "v1.ConditionStatus": (
        "Condition.status DaemonSetCondition.status DeploymentCondition.status JobCondition.status "
        "NamespaceCondition.status PersistentVolumeClaimCondition.status PodCondition.status "
        "PodFailurePolicyOnPodConditionsPattern.status ReplicaSetCondition.status "
        "ReplicationControllerCondition.status StatefulSetCondition.status"
    ),
    "v1.ContainerRestartPolicy": "Container.restartPolicy EphemeralContainer.restartPolicy",
    "v1.ContainerRestartRuleAction": "ContainerRestartRule.action",
    "v1.ContainerRestartRuleOnExitCodesOperator": "ContainerRestartRuleOnExitCodes.operator",
    "v1.DNSPolicy": "PodSpec.dnsPolicy",
    "v1.DaemonSetConditionType": "DaemonSetCondition.type",
    "v1.DaemonSetUpdateStrategyType": "DaemonSetUpdateStrategy.type",
    "v1.DeploymentConditionType": "DeploymentCondition.type",
    "v1.DeploymentStrategyType": "DeploymentStrategy.type",
    "v1.FinalizerName": "NamespaceSpec.finalizers",
    "v1.GRPCProbeMode": "GRPCAction.mode",
    "v1.HTTPProtocol": "HTTPGetAction.protocol",
    "v1.HostPathType": "HostPathVolumeSource.type",
    "v1.IPFamily": "ServiceSpec.ipFamilies",
    "v1.IPFamilyPolicy": "ServiceSpec.ipFamilyPolicy",
    "v1.JobConditionType": "JobCondition.type",
    "v1.LabelSelectorOperator": "LabelSelectorRequirement.operator",
    "v1.LoadBalancerIPMode": "LoadBalancerIngress.ipMode",
    "v1.ManagedFieldsOperationType": "ManagedFieldsEntry.operation",
    "v1.MountPropagationMode": "VolumeMount.mountPropagation",
    "v1.NamespaceConditionType": "NamespaceCondition.type",
    "v1.NamespacePhase": "NamespaceStatus.phase",
    "v1.NodeInclusionPolicy": "TopologySpreadConstraint.nodeAffinityPolicy TopologySpreadConstraint.nodeTaintsPolicy",
    "v1.NodeSelectorOperator": "NodeSelectorRequirement.operator",
    "v1.OSName": "PodOS.name",
    "v1.PathType": "HTTPIngressPath.pathType",
    "v1.PersistentVolumeAccessMode": "PersistentVolumeClaimSpec.accessModes PersistentVolumeClaimStatus.accessModes",
    "v1.PersistentVolumeClaimConditionType": "PersistentVolumeClaimCondition.type",
    "v1.PersistentVolumeClaimModifyVolumeStatus": "ModifyVolumeStatus.status",
    "v1.PersistentVolumeClaimPhase": "PersistentVolumeClaimStatus.phase",
    "v1.PersistentVolumeClaimResizeStatus": "PersistentVolumeClaimStatus.resizeStatus",
    "v1.PersistentVolumeClaimRetentionPolicyType": (
        "StatefulSetPersistentVolumeClaimRetentionPolicy.whenDeleted "
        "StatefulSetPersistentVolumeClaimRetentionPolicy.whenScaled"
    ),
    "v1.PersistentVolumeMode": "PersistentVolumeClaimSpec.volumeMode",
    "v1.PodConditionType": (
        "PodCondition.type PodFailurePolicyOnPodConditionsPattern.type PodReadinessGate.conditionType"
    ),
    "v1.PodFSGroupChangePolicy": "PodSecurityContext.fsGroupChangePolicy",
    "v1.PodFailurePolicyAction": "PodFailurePolicyRule.action",
    "v1.PodFailurePolicyOnExitCodesOperator": "PodFailurePolicyOnExitCodesRequirement.operator",
    "v1.PodManagementPolicyType": "StatefulSetSpec.podManagementPolicy",
    "v1.PodPhase": "PodStatus.phase",
    "v1.PodQOSClass": "PodStatus.qosClass",
    "v1.PodReplacementPolicy": "JobSpec.podReplacementPolicy",
    "v1.PodResizeStatus": "PodStatus.resize",
    "v1.PodSELinuxChangePolicy": "PodSecurityContext.seLinuxChangePolicy",
    "v1.PolicyType": "NetworkPolicySpec.policyTypes",
    "v1.PreemptionPolicy": "PodSpec.preemptionPolicy",
    "v1.ProcMountType": "SecurityContext.procMount",
    "v1.Protocol": (
        "ContainerPort.protocol EndpointPort.protocol IngressPortStatus.protocol NetworkPolicyPort.protocol "
        "PortStatus.protocol ServicePort.protocol discovery.EndpointPort.protocol"
    ),
    "v1.PullPolicy": "Container.imagePullPolicy EphemeralContainer.imagePullPolicy ImageVolumeSource.pullPolicy",
    "v1.RecursiveReadOnlyMode": "VolumeMount.recursiveReadOnly VolumeMountStatus.recursiveReadOnly",
    "v1.ReplicaSetConditionType": "ReplicaSetCondition.type",
    "v1.ReplicationControllerConditionType": "ReplicationControllerCondition.type",
    "v1.ResourceHealthStatus": "ResourceHealth.health",
    "v1.ResourceID": "ResourceHealth.resourceID",
    "v1.ResourceName": (
        "ContainerResizePolicy.resourceName NodeAllocatableMappedResources.name "
        "NodeAllocatableOverheadResources.name ResourceStatus.name"
    ),
    "v1.ResourceResizeRestartPolicy": "ContainerResizePolicy.restartPolicy",
    "v1.RestartPolicy": "PodSpec.restartPolicy",
    "v1.SeccompProfileType": "SeccompProfile.type",
    "v1.ServiceAffinity": "ServiceSpec.sessionAffinity",
    "v1.ServiceExternalTrafficPolicy": "ServiceSpec.externalTrafficPolicy",
    "v1.ServiceInternalTrafficPolicy": "ServiceSpec.internalTrafficPolicy",
    "v1.ServiceType": "ServiceSpec.type",
    "v1.Signal": "ContainerStatus.stopSignal Lifecycle.stopSignal",
    "v1.StatefulSetConditionType": "StatefulSetCondition.type",
    "v1.StatefulSetUpdateStrategyType": "StatefulSetUpdateStrategy.type",
    "v1.StorageMedium": "EmptyDirVolumeSource.medium",
    "v1.SupplementalGroupsPolicy": "PodSecurityContext.supplementalGroupsPolicy",
    "v1.TaintEffect": "Toleration.effect",
    "v1.TerminationMessagePolicy": "Container.terminationMessagePolicy EphemeralContainer.terminationMessagePolicy",
    "v1.TolerationOperator": "Toleration.operator",
    "v1.URIScheme": "HTTPGetAction.scheme",
    "v1.UnsatisfiableConstraintAction": "TopologySpreadConstraint.whenUnsatisfiable",
    "v1.VolumeHealthStatusType": "VolumeHealthCondition.status",
}

CLASHING: Final = frozenset({("discovery", "EndpointPort")})
"""Types that have the name of one in another group."""

GO_TYPES: Final = {field: go_type for go_type, fields in _TYPES.items() for field in fields.split()}
"""The Go type of a field, or of the items of a list, if it is not the plain one; `.*` means the values of a map."""

_EPHEMERAL = (
    "args command env envFrom image imagePullPolicy lifecycle livenessProbe name ports readinessProbe resizePolicy "
    "resources restartPolicy restartPolicyRules securityContext startupProbe stdin stdinOnce terminationMessagePath "
    "terminationMessagePolicy tty volumeDevices volumeMounts workingDir"
)
_VOLUME = (
    "awsElasticBlockStore azureDisk azureFile cephfs cinder configMap csi downwardAPI emptyDir ephemeral fc flexVolume "
    "flocker gcePersistentDisk gitRepo glusterfs hostPath image iscsi nfs persistentVolumeClaim photonPersistentDisk "
    "portworxVolume projected quobyte rbd scaleIO secret storageos vsphereVolume"
)

EMBEDDED: Final = {
    "ConfigMapEnvSource": (("name",), "LocalObjectReference"),
    "ConfigMapKeySelector": (("name",), "LocalObjectReference"),
    "ConfigMapProjection": (("name",), "LocalObjectReference"),
    "ConfigMapVolumeSource": (("name",), "LocalObjectReference"),
    "EphemeralContainer": (tuple(_EPHEMERAL.split()), "EphemeralContainerCommon"),
    "IngressRule": (("http",), "IngressRuleValue"),
    "PersistentVolumeClaim": (("apiVersion", "kind"), "TypeMeta"),
    "Probe": (("exec", "grpc", "httpGet", "tcpSocket"), "ProbeHandler"),
    "SecretEnvSource": (("name",), "LocalObjectReference"),
    "SecretKeySelector": (("name",), "LocalObjectReference"),
    "SecretProjection": (("name",), "LocalObjectReference"),
    "Volume": (tuple(_VOLUME.split()), "VolumeSource"),
}
"""Fields that Go takes from an embedded struct, by the struct they appear in: since 1.35 messages name it."""

NO_OBJECTS: Final = {
    "*": frozenset({"DeleteOptions", "Status", "WatchEvent"}),
    "authentication.k8s.io/v1": frozenset({"DeleteOptions", "TokenRequest", "WatchEvent"}),
    "autoscaling/v1": frozenset({"DeleteOptions", "Scale", "WatchEvent"}),
    "policy/v1": frozenset({"DeleteOptions", "Eviction", "WatchEvent"}),
    "v1": frozenset(
        {"APIGroup", "APIGroupList", "APIResourceList", "APIVersions", "DeleteOptions", "Status", "WatchEvent"}
    ),
}
"""What the OpenAPI lists under an apiVersion although nobody can create it: messages and subresources."""

_RBAC = "ClusterRole ClusterRoleBinding Role RoleBinding"

REMOVED: Final = {
    "1.16": (
        ("apps/v1beta1", "ControllerRevision Deployment ReplicaSet StatefulSet"),
        ("apps/v1beta2", "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet"),
        ("extensions/v1beta1", "DaemonSet Deployment ReplicaSet", "apps/v1"),
        ("extensions/v1beta1", "NetworkPolicy", "networking.k8s.io/v1"),
        # Pod security policies left with policy/v1beta1; nothing of that kind replaces them.
        ("extensions/v1beta1", "PodSecurityPolicy"),
    ),
    # https://github.com/kubernetes/kubernetes/pull/94090
    "1.20": (("settings.k8s.io/v1alpha1", "PodPreset"),),
    # https://github.com/kubernetes/kubernetes/blob/master/CHANGELOG/CHANGELOG-1.21.md
    "1.21": (("batch/v2alpha1", "CronJob"),),
    "1.22": (
        ("admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration ValidatingWebhookConfiguration"),
        ("apiextensions.k8s.io/v1beta1", "CustomResourceDefinition"),
        ("apiregistration.k8s.io/v1beta1", "APIService"),
        ("authentication.k8s.io/v1beta1", "TokenReview"),
        (
            "authorization.k8s.io/v1beta1",
            "LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview",
        ),
        ("certificates.k8s.io/v1beta1", "CertificateSigningRequest"),
        ("coordination.k8s.io/v1beta1", "Lease"),
        ("extensions/v1beta1", "Ingress", "networking.k8s.io/v1"),
        ("networking.k8s.io/v1beta1", "Ingress IngressClass"),
        ("rbac.authorization.k8s.io/v1beta1", _RBAC),
        ("scheduling.k8s.io/v1beta1", "PriorityClass"),
        ("storage.k8s.io/v1beta1", "CSIDriver CSINode StorageClass VolumeAttachment"),
    ),
    # https://github.com/kubernetes/kubernetes/pull/104248
    "1.23": (
        ("rbac.authorization.k8s.io/v1alpha1", _RBAC),
        ("scheduling.k8s.io/v1alpha1", "PriorityClass"),
    ),
    # https://github.com/kubernetes/kubernetes/pull/103061
    "1.24": (("node.k8s.io/v1alpha1", "RuntimeClass"),),
    "1.25": (
        ("autoscaling/v2beta1", "HorizontalPodAutoscaler"),
        ("batch/v1beta1", "CronJob"),
        ("discovery.k8s.io/v1beta1", "EndpointSlice"),
        ("events.k8s.io/v1beta1", "Event"),
        ("node.k8s.io/v1beta1", "RuntimeClass"),
        ("policy/v1beta1", "PodDisruptionBudget"),
        ("policy/v1beta1", "PodSecurityPolicy"),
    ),
}
"""Removals up to 1.25: apiVersion, kinds, and what replaces them if it is of another group.

Later ones are in the OpenAPI of the versions.

Source, where none is named: https://kubernetes.io/docs/reference/using-api/deprecation-guide/
"""

DEFAULT_BETAS: Final = {
    "autoscaling/v2beta2": "HorizontalPodAutoscaler",
    "flowcontrol.apiserver.k8s.io/v1beta1": "FlowSchema PriorityLevelConfiguration",
    "flowcontrol.apiserver.k8s.io/v1beta2": "FlowSchema PriorityLevelConfiguration",
    "flowcontrol.apiserver.k8s.io/v1beta3": "FlowSchema PriorityLevelConfiguration",
    "storage.k8s.io/v1beta1": "CSIStorageCapacity",
}
"""The beta kinds that 1.25 and later serve by default, for as long as they have them; all other beta and alpha versions
are off until `--runtime-config` turns them on.

Source: `legacyBetaEnabledByDefaultResources` in v1.25.0 to v1.31.0 (none in v1.32.0 to v1.37.2) of
https://github.com/kubernetes/kubernetes/blob/v1.31.0/pkg/controlplane/instance.go
"""
