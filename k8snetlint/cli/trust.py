"""`--trust REF`: what silences findings is taken from a revision, not from the change that is checked.

Who writes a pull request writes the files that it brings. What they say about the linter counts only as far as the base
says it, too.
"""
# ruff: noqa: PTH100, PTH118 - strings, as everywhere

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

from k8snetlint.cli.base_tree import BaseTree
from k8snetlint.cli.inputs import state
from k8snetlint.cli.settings import resolve
from k8snetlint.codes import OUTSIDE_RULES
from k8snetlint.finding import ConfigError, Finding, Location
from k8snetlint.fingerprints import fingerprint, number_fingerprints, order_findings
from k8snetlint.git.links import Links
from k8snetlint.git.repository import GitError, Repository
from k8snetlint.git.snapshot import path_from_root, snapshot
from k8snetlint.linting.selection import Selection
from k8snetlint.source.load import load
from k8snetlint.source.repository import leads_out, repository_root
from k8snetlint.source.split import NotText, decode
from k8snetlint.suppress import MARK
from k8snetlint.suppress.directive import directives_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.cli.check_options import CheckOptions
    from k8snetlint.cli.inputs import Inputs
    from k8snetlint.cli.settings import CliSettings, EffectiveSettings
    from k8snetlint.config import Config
    from k8snetlint.finding import Report

_ID = "pr-changes-config"


class Base:
    """A revision that is believed.

    Raises:
        ConfigError: there is no repository.
        GitError: the revision does not exist.
    """

    def __init__(self, reference: str, cli_settings: CliSettings) -> None:
        here = os.path.realpath(os.curdir)
        root = repository_root(here)
        if root is None:
            raise ConfigError("--trust needs a git repository around the working directory")
        self.reference = reference
        for path in (*cli_settings.context, *cli_settings.schema_dir):
            if leads_out(path):
                raise ConfigError(f"`{path}` is a symbolic link that points outside the repository")
        self._given = cli_settings
        named = None if cli_settings.isolated else cli_settings.config or os.environ.get("K8SNETLINT_CONFIG")
        self._named = os.path.abspath(named) if named else None
        self._repository = Repository(root)
        self._commit = self._repository.commit(reference)
        self._entries = self._repository.tree(self._commit)
        self._links = Links(self._repository, self._entries)
        self._trusted: Counter[tuple[str, ...]] | None = None
        self._inputs: Inputs | None = None

    def close(self) -> None:
        """End what reads the repository."""
        self._repository.close()

    def read(self, path: str) -> str | None:
        """Return the text of a file at the revision by its absolute path; None if it is not there.

        A configuration file that is named and that the change brings is empty.
        """
        text = self._held(path)
        brought = text is None and path == self._named and self.holds(path) and os.path.lexists(path)
        return "" if brought else text

    def _held(self, path: str) -> str | None:
        inside = self._inside(path)
        target = self._links.follow(inside) if inside else None
        if target is None or target.reason or target.is_folder:
            return None
        try:
            return self._repository.blob(self._entries[target.path].oid).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ConfigError(f"cannot read `{inside}` of {self.reference}: not UTF-8") from None

    def holds(self, path: str) -> bool:
        """Tell whether a path lies in the repository, where the revision decides."""
        return self._inside(os.path.abspath(path)) is not None

    def _inside(self, path: str) -> str | None:
        try:
            return path_from_root(path, self._repository.root).replace(os.sep, "/")
        except GitError:
            return None

    def trusted_config(self, config: Config, effective: EffectiveSettings, inputs: Inputs) -> Config:
        """Return a configuration in which suppressions count that the revision has, and what it lists as patches."""
        if self._trusted is None:
            self._trusted = self._suppressions(effective)
        tree = BaseTree(inputs, lambda: self._before(effective), self._linked)
        # A copy: each run counts what it uses.
        return config._replace(trusted=Counter(self._trusted), reference=self.reference, base=tree)

    def _before(self, effective: EffectiveSettings) -> Inputs:
        """Return what a run reads at the revision."""
        if self._inputs is None:
            self._inputs = state(self._repository, self._entries, effective, trust=True)
        return self._inputs

    def _linked(self, inputs: Inputs) -> frozenset[str]:
        """Return which files that are read a symbolic link leads to, but not at the revision."""
        entries = self._repository.index() if inputs.entries is None else inputs.entries
        links = Links(self._repository, entries)
        new = [path for path, entry in entries.items() if entry.is_link and self._entries.get(path) != entry]
        targets = {links.follow(path).path for path in new}
        names = [each.path for each in inputs.found.sources] if targets else ()
        return frozenset(name for name in names if self._inside(os.path.abspath(name)) in targets)

    def _suppressions(self, effective: EffectiveSettings) -> Counter[tuple[str, ...]]:
        found: Counter[tuple[str, ...]] = Counter()
        renamed: dict[str, list[str]] = {}
        for new, old in self._repository.renames(self._commit, None).items():
            renamed.setdefault(old, []).append(new)
        mark = MARK.encode()
        for source in snapshot(
            self._repository, self._entries, effective.cli_settings.paths or (".",), effective.search
        ):
            try:
                if mark not in source.read():
                    continue
                loaded = load(source)
            except OSError:
                continue
            for each in directives_of(source.name, loaded)[0]:
                found[each.key] += 1
                inside = self._inside(os.path.abspath(source.name)) or ""
                for new in renamed.get(inside, ()):
                    moved = each._replace(path=os.path.relpath(os.path.join(self._repository.root, new))).key
                    if moved != each.key:
                        found[moved] += 1
        return found

    def with_suppression_findings(
        self, report: Report, effective: EffectiveSettings, check_options: CheckOptions
    ) -> Report:
        """Return a report that says, too, what the change would have liked to count."""
        selection = Selection(effective.config)
        if not selection.reports(_ID):
            return report
        severity = selection.severity(_ID, OUTSIDE_RULES[_ID][0])
        start = Location(1, 1, 0)
        found = [
            Finding(_ID, severity, message, path, None, None, None, start, start,
                    fingerprint=fingerprint(_ID, path, None, ()), rejected=True)
            for path, message in self._differences(effective, check_options)
        ]  # fmt: skip
        together = (*report.findings, *number_fingerprints(found))
        return report._replace(findings=tuple(order_findings(together)))

    def _differences(self, effective: EffectiveSettings, check_options: CheckOptions) -> Iterator[tuple[str, str]]:
        """Yield the files that decide about findings and differ from the revision, and what that means."""
        files = {effective.file, self._own_file(), check_options.baseline, check_options.cli_settings.config}
        for path in sorted(filter(None, files)):
            if not self.holds(path):
                continue
            before, now = self._held(os.path.abspath(path)), _text(path)
            if before != now:
                what = "is new" if before is None else "is gone" if now is None else "differs"
                yield path, f"`{path}` {what} in the change; the version of {self.reference} is used"
        for folder in effective.settings.schema_dir or ():
            if self.holds(folder) and self._differs_below(folder):
                yield (
                    folder,
                    f"schemas below `{folder}` differ from {self.reference}; those of the change are used",
                )

    def _own_file(self) -> str | None:
        """Return the configuration file that would count if the change were believed."""
        try:
            return resolve(self._given).file
        except ConfigError:
            # It is wrong, but nobody needs it.
            return None

    def _differs_below(self, folder: str) -> bool:
        inside = self._inside(os.path.abspath(folder))
        before = {
            path: entry.oid for path, entry in self._entries.items() if path.startswith(f"{inside}/") or inside == "."
        }
        now = {
            path: entry.oid
            for path, entry in self._repository.index().items()
            if path.startswith(f"{inside}/") or inside == "."
        }
        return before != now


def _text(path: str) -> str | None:
    from k8snetlint.source.read import read_file  # noqa: PLC0415 - only with --trust

    try:
        return decode(read_file(path))
    except (OSError, NotText):
        return None
