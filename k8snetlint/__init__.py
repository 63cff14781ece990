"""A linter for Kubernetes networking manifests.

from k8snetlint import Config, Source, lint

report = lint([Source.of("policy.yaml", text)], Config())
"""

from k8snetlint.version import VERSION

TYPE_CHECKING = False  # not from typing, which imports `re` and `enum`: see __getattr__

if TYPE_CHECKING:
    from k8snetlint.config import Config
    from k8snetlint.finding import ConfigError, Finding, Report, Severity
    from k8snetlint.linting.pipeline import lint
    from k8snetlint.source.document import Source

__version__ = VERSION

__all__ = ["Config", "ConfigError", "Finding", "Report", "Severity", "Source", "__version__", "lint"]

_HOMES = {
    "Config": "config",
    "ConfigError": "finding",
    "Finding": "finding",
    "Report": "finding",
    "Severity": "finding",
    "Source": "source.document",
    "lint": "linting.pipeline",
}


def __getattr__(name: str) -> object:
    """Import a name when it is asked for: `python -m k8snetlint` must import nothing before it has left the folder."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib  # noqa: PLC0415 - see above

    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
