"""Which findings a run reports, and how severe they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.codes import ALWAYS, group_of
from k8snetlint.finding import ConfigError

if TYPE_CHECKING:
    from k8snetlint.config import Config
    from k8snetlint.finding import Severity


class Selection:
    """What a configuration wants to see.

    Raises:
        ConfigError: one of the ids that always count is ignored or turned off.
    """

    def __init__(self, config: Config) -> None:
        off = {name for name, level in config.severity.items() if level is None}
        for name in sorted(ALWAYS & (off | set(config.ignore))):
            raise ConfigError(f"{name} cannot be ignored: it means that something was not checked")
        self._select = frozenset(config.select)
        self._ignore = frozenset(config.ignore) | off
        self._severity = config.severity

    def reports(self, finding_id: str) -> bool:
        """Tell whether findings of an id are reported."""
        if finding_id in ALWAYS:
            return True
        names = {finding_id, group_of(finding_id), "ALL"}
        # An id that is named wins over a group that is ignored.
        if finding_id in self._ignore or (names & self._ignore and finding_id not in self._select):
            return False
        return not self._select or bool(names & self._select)

    def severity(self, finding_id: str, own: Severity) -> Severity:
        """Return a finding's severity: the configured one, else its own."""
        return self._severity.get(finding_id) or own
