"""The vocabulary of the generated trees: names, sentences and the app that a folder is about."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random


def listed(text: str) -> tuple[str, ...]:
    """Return the words of a text."""
    return tuple(text.split())


NOUNS = listed(
    "payments ledger invoices checkout catalog search inventory shipping returns pricing promotions loyalty "
    "profile accounts sessions identity consent notifications email sms webhooks audit reports exports imports "
    "scheduler media thumbnails transcoder comments ratings feed timeline geo routing fleet drivers orders "
    "basket fraud risk kyc statements treasury settlements cards wallets quotes forecasts features experiments "
    "flags metrics traces alerts tickets helpdesk chat translations glossary documents signatures archive"
)
ROLES = listed("gateway sync reports indexer stream bridge proxy planner collector adapter console broker")
PARTS = listed("api worker web cache db relay cron admin consumer exporter")
STAGES = ("", "-staging", "-preview")
FIELDS = listed(
    "name size class mode policy target source retention interval timeout threshold replicas template selector "
    "endpoint secret key value strategy window backup restore schedule image version channel region zone "
    "storage bucket prefix path limit burst rate weight priority quorum leader follower peer certificate "
    "issuer cipher protocol header cookie token audience scope role binding owner tenant quota budget probe "
    "retry backoff fallback mirror filter rewrite cluster node pool shard partition topic queue stream offset "
    "index snapshot volume mount config reference"
)
SUBJECTS = (
    "The controller",
    "The operator",
    "This field",
    "An empty value",
    "A zero value",
    "The admission webhook",
    "Each replica",
    "The reconciler",
    "Every member of the cluster",
    "The data plane",
    "A client of the endpoint",
    "The leader that was elected last",
    "Whoever mounts the volume",
)
VERBS = (
    "uses",
    "ignores",
    "waits for",
    "falls back to",
    "is merged with",
    "takes precedence over",
    "does not change",
    "is restarted after a change of",
    "reports in its status",
    "must agree with",
    "is limited by",
    "copies",
)
OBJECTS = (
    "the value given by the parent resource",
    "the defaults of the installation",
    "the certificate that belongs to the listener",
    "the storage class of the first volume",
    "the namespace in which the object lives",
    "the number of replicas that are ready",
    "what the cloud provider says about the zone",
    "the secret which is named by the reference",
    "the last revision that was rolled out",
    "the window in which maintenance is allowed",
    "the peers that were seen in the last interval",
)
CLAUSES = (
    "unless it is set explicitly",
    "once the rollout has finished",
    "as long as the leader holds its lease",
    "when the feature gate is enabled (it is by default since v1.4)",
    "so that existing connections are drained before the pod ends",
    "which may take several minutes on large clusters",
    "and an event is written to the object",
    "even if the object is paused → see the page on maintenance",
    "in the order in which they are listed",
    "and changing it later has no effect on what exists already",
    'unlike "Always", which is the older behaviour',
)
COMMENTS = (
    "keep in step with the dashboard",
    "TODO(platform): remove after the migration",
    "see the runbook before you raise this",
    "measured in the last load test, p99 = 180 ms",
    "the default is too small for us",
    "must match the Service below",
    "raised after the incident in March",
    "não alterar sem falar com a equipa de rede",
    "managed by hand on purpose",
)
REGISTRIES = ("registry.example.com", "ghcr.io/example", "europe-docker.pkg.dev/example/prod")


@dataclass(frozen=True, slots=True)
class Manifest:
    """One document as text, without separator, and who it is."""

    kind: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class App:
    """One component of an application: what its workload, Service and policies have to agree on."""

    team: str
    namespace: str
    instance: str
    part: str
    version: str
    image: str
    port: int
    written_namespace: bool
    """Whether manifests name the namespace; kustomization.yaml does where they do not."""

    @property
    def name(self) -> str:
        """The name that workload and Service share."""
        return f"{self.instance}-{self.part}"

    def selector(self) -> dict[str, str]:
        """The labels by which Services and policies find the pods."""
        return {"app.kubernetes.io/name": self.part, "app.kubernetes.io/instance": self.instance}

    def labels(self) -> dict[str, str]:
        """The labels that Helm's starter chart writes."""
        return {
            "helm.sh/chart": f"{self.instance}-{self.version}",
            **self.selector(),
            "app.kubernetes.io/version": f'"{self.version}"',
            "app.kubernetes.io/component": self.part,
            "app.kubernetes.io/managed-by": "Helm",
            "example.com/team": self.team,
        }


def pairs(mapping: dict[str, str], indent: int) -> str:
    """Return the lines of a block mapping; the values stand as given."""
    return "".join(f"{' ' * indent}{key}: {value}\n" for key, value in mapping.items())


def metadata(app: App, name: str, annotations: dict[str, str] | None = None) -> str:
    """Return the `metadata` of a document."""
    namespace = f"  namespace: {app.namespace}\n" if app.written_namespace else ""
    text = f"metadata:\n  name: {name}\n{namespace}  labels:\n{pairs(app.labels(), 4)}"
    return text + (f"  annotations:\n{pairs(annotations, 4)}" if annotations else "")


def comment(rng: Random, chance: float, indent: int = 0) -> str:
    """Return a line of comment now and then."""
    return f"{' ' * indent}# {rng.choice(COMMENTS)}\n" if rng.random() < chance else ""


def trailing(rng: Random, chance: float) -> str:
    """Return a comment for the end of a line now and then."""
    return f"  # {rng.choice(COMMENTS)}" if rng.random() < chance else ""


def camel(rng: Random, words: int) -> str:
    """Return a field name of `words` words."""
    first, *rest = rng.sample(FIELDS, words)
    return first + "".join(word.capitalize() for word in rest)


def sentence(rng: Random) -> str:
    """Return a sentence as it stands in API documentation, safe as a plain scalar."""
    middle = f"{rng.choice(VERBS)} {rng.choice(OBJECTS)}"
    return f"{rng.choice(SUBJECTS)} {middle} {rng.choice(CLAUSES)}."


def described(rng: Random, indent: int, sentences: int) -> str:
    """Return a `description` as controller-gen writes it: plain on one line, else a literal block."""
    space = " " * indent
    if sentences == 1:
        return f"{space}description: {sentence(rng)}\n"
    lines = textwrap.wrap(" ".join(sentence(rng) for _ in range(sentences)), 76)
    return f"{space}description: |-\n" + "".join(f"{space}  {line}\n" for line in lines)


def digest(rng: Random, digits: int = 40) -> str:
    """Return a hexadecimal number as of a commit or an image."""
    return f"{rng.getrandbits(4 * digits):0{digits}x}"
