"""Inputs are checked as the options ask for: the files themselves, or another state of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.cli.output import Progress
from k8snetlint.finding import ConfigError
from k8snetlint.linting.pipeline import lint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snetlint.cli.check_options import CheckOptions
    from k8snetlint.cli.inputs import Inputs
    from k8snetlint.cli.settings import EffectiveSettings
    from k8snetlint.cli.trust import Base
    from k8snetlint.config import Config
    from k8snetlint.finding import Report
    from k8snetlint.source.document import Source


def lint_inputs(
    inputs: Inputs,
    effective: EffectiveSettings,
    check_options: CheckOptions,
    base: Base | None,
    sources: Sequence[Source] | None = None,
) -> Report:
    """Check inputs, or other versions of them, and return what is to be said."""
    found = inputs.found if sources is None else inputs.found._replace(sources=tuple(sources))
    config = _config_of(inputs, effective, check_options, base)
    progress = Progress(len(found.sources))
    try:
        if check_options.server_exact:
            from k8snetlint.linting.server_exact import lint_exactly  # noqa: PLC0415 - only if asked for

            report = lint_exactly(found.sources, config, progress=progress)
        else:
            report = lint(
                found.sources,
                config,
                context=inputs.context,
                kustomizations=inputs.kustomizations,
                progress=progress,
            )
    finally:
        progress.clear()
    if report.findings and any(source.stream for source in found.sources):
        from k8snetlint.cli.render import at_origins  # noqa: PLC0415 - a stream may be rendered

        try:
            report = at_origins(report, found, inputs.rendered)
        except (ConfigError, OSError):
            raise
        except Exception as error:  # noqa: BLE001 - our bug must not hide what was found
            from k8snetlint.linting.failures import failure, with_failures  # noqa: PLC0415 - only for a bug

            stream = next(source.name for source in found.sources if source.stream)
            report = with_failures(report, [failure(stream, error)])
    if check_options.baseline is not None:
        from k8snetlint.cli.baselines import without_accepted  # noqa: PLC0415 - only with --baseline

        report = without_accepted(report, check_options, base)
    return report


def _config_of(inputs: Inputs, effective: EffectiveSettings, check_options: CheckOptions, base: Base | None) -> Config:
    """Return what the pipeline asks for."""
    config = effective.config._replace(suppressions=check_options.suppressions, whole_tree=inputs.whole)
    return base.trusted_config(config, effective, inputs) if base else config
