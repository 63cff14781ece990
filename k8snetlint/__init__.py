"""A linter for Kubernetes networking manifests.

from k8snetlint import Config, Source, lint
report = lint([Source.of("policy.yaml", text)], Config())
"""

from k8snetlint.config import Config
from k8snetlint.finding import ConfigError, Finding, Report, Severity
from k8snetlint.lint import lint
from k8snetlint.source.document import Source
from k8snetlint.version import VERSION

__version__ = VERSION

__all__ = ["Config", "ConfigError", "Finding", "Report", "Severity", "Source", "__version__", "lint"]
