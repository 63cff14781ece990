"""Deployments, StatefulSets, DaemonSets and what stands beside them, as people write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from words import App, Manifest, comment, digest, metadata, pairs, trailing

if TYPE_CHECKING:
    from random import Random

VARIABLES = (
    ("LOG_LEVEL", "info"),
    ("LOG_FORMAT", "json"),
    ("HTTP_READ_TIMEOUT", '"15s"'),
    ("HTTP_MAX_BODY_BYTES", '"1048576"'),
    ("DATABASE_POOL_SIZE", '"20"'),
    ("DATABASE_SSL_MODE", "verify-full"),
    ("CACHE_TTL_SECONDS", '"300"'),
    ("FEATURE_NEW_CHECKOUT", '"true"'),
    ("KAFKA_GROUP_ID", "billing.v2"),
    ("KAFKA_CLIENT_ID", "'events-consumer'"),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://otel-collector.monitoring.svc.cluster.local:4317"),
    ("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"),
    ("OTEL_TRACES_SAMPLER_ARG", '"0.05"'),
    ("JAVA_TOOL_OPTIONS", '"-XX:MaxRAMPercentage=75.0 -XX:+ExitOnOutOfMemoryError"'),
    ("GOMAXPROCS", '"2"'),
    ("NODE_OPTIONS", "--max-old-space-size=768"),
    ("RETRY_MAX_ATTEMPTS", '"5"'),
    ("RETRY_BACKOFF", '"250ms"'),
    ("ALLOWED_ORIGINS", '"https://www.example.com,https://admin.example.com"'),
    ("TZ", "Europe/Berlin"),
    ("S3_BUCKET", "example-prod-uploads"),
    ("S3_REGION", "eu-central-1"),
    ("WORKER_CONCURRENCY", '"8"'),
    ("GRACEFUL_SHUTDOWN", '"30s"'),
)


def environment(rng: Random, app: App) -> str:
    """Return the `env` of a container: values, secret keys and the downward API."""
    lines = ["          env:\n"]
    for name, value in rng.sample(VARIABLES, rng.randint(3, 14)):
        lines.append(f"            - name: {name}\n              value: {value}{trailing(rng, 0.06)}\n")
    secrets = rng.sample(("DATABASE_PASSWORD", "API_TOKEN", "SIGNING_KEY", "SMTP_PASSWORD"), rng.randint(0, 3))
    lines += (
        f"            - name: {name}\n              valueFrom:\n                secretKeyRef:\n"
        f"                  name: {app.name}-credentials\n                  key: {name.lower().replace('_', '-')}\n"
        for name in secrets
    )
    lines.append(
        "            - name: POD_IP\n              valueFrom:\n                fieldRef:\n"
        "                  fieldPath: status.podIP\n"
    )
    return "".join(lines)


def resources(rng: Random, indent: int) -> str:
    """Return requests and limits."""
    cpu, memory = rng.choice((50, 100, 250, 500)), rng.choice((64, 128, 256, 512, 1024))
    space = " " * indent
    limit = f"{space}    cpu: {rng.choice(('1', '2', '500m'))}\n" if rng.random() < 0.4 else ""
    return (
        f"{space}resources:\n{space}  requests:\n{space}    cpu: {cpu}m\n{space}    memory: {memory}Mi\n"
        f"{space}  limits:\n{limit}{space}    memory: {memory * 2}Mi{trailing(rng, 0.1)}\n"
    )


def probe(rng: Random, name: str, path: str) -> str:
    """Return a probe over HTTP, or over TCP now and then."""
    if rng.random() < 0.2:
        check = "            tcpSocket:\n              port: http\n"
    else:
        check = f"            httpGet:\n              path: {path}\n              port: http\n"
    return (
        f"          {name}:\n{check}            initialDelaySeconds: {rng.choice((5, 10, 30))}\n"
        f"            periodSeconds: {rng.choice((5, 10, 15))}\n            timeoutSeconds: {rng.choice((1, 2, 5))}\n"
        f"            failureThreshold: 3\n"
    )


SECURITY = """\
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            runAsNonRoot: true
            capabilities:
              drop: ["ALL"]
"""
SIDECAR = """\
        - name: log-shipper
          image: registry.example.com/platform/fluent-bit:3.1.9
          args:
            - -c
            - /fluent-bit/etc/fluent-bit.conf
          ports:
            - name: http-metrics
              containerPort: 2020
              protocol: TCP
          volumeMounts:
            - name: logs
              mountPath: /var/log/app
              readOnly: true
"""
INIT = """\
      initContainers:
        - name: wait-for-database
          image: busybox:1.36
          command:
            - sh
            - -c
            - |
              until nc -z -w 2 {instance}-db 5432; do
                echo "waiting for the database"
                sleep 2
              done
"""
SPREAD = """\
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: topology.kubernetes.io/zone
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
{labels}"""
AFFINITY = """\
      affinity:
        podAntiAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
            - weight: 100
              podAffinityTerm:
                topologyKey: kubernetes.io/hostname
                labelSelector:
                  matchLabels:
{labels}"""
TOLERATIONS = """\
      nodeSelector:
        kubernetes.io/os: linux
      tolerations:
        - key: dedicated
          operator: Equal
          value: "apps"
          effect: NoSchedule
"""


def container(rng: Random, app: App) -> str:
    """Return the container the pod is about."""
    image = app.image if rng.random() < 0.7 else f"{app.image.rsplit(':', 1)[0]}@sha256:{digest(rng, 64)}"
    protocol = "              protocol: TCP\n" if rng.random() < 0.8 else ""
    text = (
        f"        - name: {app.part}\n          image: {image}\n          imagePullPolicy: IfNotPresent\n"
        f"          ports:\n            - name: http\n              containerPort: {app.port}\n{protocol}"
        "            - name: metrics\n              containerPort: 9090\n              protocol: TCP\n"
    )
    if rng.random() < 0.4:
        text += (
            f"          args:\n            - --config=/etc/{app.part}/config.yaml\n            - --listen=:{app.port}\n"
        )
    text += environment(rng, app)
    if rng.random() < 0.5:
        text += f"          envFrom:\n            - configMapRef:\n                name: {app.name}-config\n"
    text += resources(rng, 10) + probe(rng, "readinessProbe", "/readyz") + probe(rng, "livenessProbe", "/healthz")
    if rng.random() < 0.25:
        text += probe(rng, "startupProbe", "/healthz")
    return (
        text
        + SECURITY
        + (
            f"          volumeMounts:\n            - name: config\n              mountPath: /etc/{app.part}\n"
            "              readOnly: true\n            - name: logs\n              mountPath: /var/log/app\n"
        )
    )


def pod_template(rng: Random, app: App) -> str:
    """Return the `template` of a workload."""
    annotations = {"checksum/config": digest(rng, 64)}
    if rng.random() < 0.4:
        annotations |= {"prometheus.io/scrape": '"true"', "prometheus.io/port": '"9090"'}
    text = (
        f"  template:\n    metadata:\n      labels:\n{pairs(app.labels(), 8)}"
        f"      annotations:\n{pairs(annotations, 8)}    spec:\n      serviceAccountName: {app.name}\n"
        "      securityContext:\n        runAsUser: 10001\n        fsGroup: 10001\n"
        "        seccompProfile:\n          type: RuntimeDefault\n"
    )
    if rng.random() < 0.25:
        text += INIT.format(instance=app.instance)
    text += "      containers:\n" + container(rng, app) + (SIDECAR if rng.random() < 0.2 else "")
    selector = app.selector()
    text += SPREAD.format(labels=pairs(selector, 14)) if rng.random() < 0.4 else ""
    text += AFFINITY.format(labels=pairs(selector, 20)) if rng.random() < 0.3 else ""
    text += TOLERATIONS if rng.random() < 0.25 else ""
    text += f"      terminationGracePeriodSeconds: {rng.choice((30, 60, 120))}\n"
    return text + (
        f"      volumes:\n        - name: config\n          configMap:\n            name: {app.name}-config\n"
        "        - name: logs\n          emptyDir:\n            sizeLimit: 512Mi\n"
    )


def workload(rng: Random, app: App) -> Manifest:
    """Return the Deployment, StatefulSet or DaemonSet of a component."""
    kind = "StatefulSet" if app.part in {"db", "cache"} else "DaemonSet" if app.part == "exporter" else "Deployment"
    annotations = {"example.com/owner": f"{app.team}@example.com"}
    if rng.random() < 0.3:
        annotations |= {"argocd.argoproj.io/sync-wave": '"10"', "reloader.stakater.com/auto": '"true"'}
    text = comment(rng, 0.25) + f"apiVersion: apps/v1\nkind: {kind}\n{metadata(app, app.name, annotations)}spec:\n"
    if kind != "DaemonSet":
        text += f"  replicas: {rng.randint(1, 6)}{trailing(rng, 0.15)}\n"
    if kind == "StatefulSet":
        text += f"  serviceName: {app.name}\n  podManagementPolicy: Parallel\n"
    if kind == "Deployment" and rng.random() < 0.6:
        text += (
            "  strategy:\n    type: RollingUpdate\n    rollingUpdate:\n      maxSurge: 25%\n      maxUnavailable: 0\n"
        )
    text += f"  revisionHistoryLimit: 5\n  selector:\n    matchLabels:\n{pairs(app.selector(), 6)}"
    text += pod_template(rng, app)
    if kind == "StatefulSet":
        text += (
            "  volumeClaimTemplates:\n    - metadata:\n        name: data\n      spec:\n        accessModes:\n"
            "          - ReadWriteOnce\n        storageClassName: fast\n        resources:\n          requests:\n"
            f"            storage: {rng.choice((10, 50, 200))}Gi\n"
        )
    return Manifest(kind, app.name, text)


def service_account(rng: Random, app: App) -> Manifest:
    """Return the ServiceAccount of a component."""
    annotations = {"eks.amazonaws.com/role-arn": f"arn:aws:iam::{rng.randint(10**11, 10**12 - 1)}:role/{app.name}"}
    text = f"apiVersion: v1\nkind: ServiceAccount\n{metadata(app, app.name, annotations)}"
    return Manifest("ServiceAccount", app.name, text + "automountServiceAccountToken: false\n")


def disruption_budget(rng: Random, app: App) -> Manifest:
    """Return the PodDisruptionBudget of a component."""
    text = f"apiVersion: policy/v1\nkind: PodDisruptionBudget\n{metadata(app, app.name)}spec:\n"
    text += f"  maxUnavailable: {rng.choice(('1', '25%', '50%'))}\n  selector:\n    matchLabels:\n"
    return Manifest("PodDisruptionBudget", app.name, text + pairs(app.selector(), 6))


def autoscaler(rng: Random, app: App) -> Manifest:
    """Return the HorizontalPodAutoscaler of a Deployment."""
    text = f"apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\n{metadata(app, app.name)}spec:\n"
    text += f"  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: {app.name}\n"
    text += f"  minReplicas: {rng.randint(1, 3)}\n  maxReplicas: {rng.randint(4, 20)}{trailing(rng, 0.2)}\n  metrics:\n"
    text += "    - type: Resource\n      resource:\n        name: cpu\n        target:\n          type: Utilization\n"
    return Manifest(
        "HorizontalPodAutoscaler", app.name, text + f"          averageUtilization: {rng.randint(50, 85)}\n"
    )
