"""Rules about manifests."""

from k8snetlint.rules import EVERY_KIND

KINDS = EVERY_KIND
