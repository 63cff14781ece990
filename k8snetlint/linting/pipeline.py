"""A run: sources in, a report out; nothing else is touched.

First each file is read, checked and let go. Then the rules run over what is judged together. Last, files about which
there is something to report are read once more, for the places.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.linting.build_report import build_report
from k8snetlint.linting.inventory import KustomizationFiles
from k8snetlint.linting.judging import judge
from k8snetlint.linting.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from k8snetlint.config import Config
    from k8snetlint.finding import Report
    from k8snetlint.source.document import Source


def lint(
    sources: Iterable[Source],
    config: Config,
    *,
    context: Iterable[Source] = (),
    kustomizations: KustomizationFiles | None = None,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Check sources and return everything that there is to report about them.

    Args:
        sources: what to read, never changed; what there is something to report about is read once more.
        config: what to check, and facts about the cluster.
        context: what is there as well, but neither checked nor counted; of a file in both the first counts.
        kustomizations: kustomization files that were parsed before, to find the context.
        progress: called with the number of sources done.

    Raises:
        ConfigError: the configuration asks for what cannot be.
    """
    reading = read(list(sources), config, context, kustomizations or KustomizationFiles(), progress)
    return build_report(reading, judge(reading))
