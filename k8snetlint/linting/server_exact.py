"""`--server-exact`: the API server's own answers as a report, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.codes import OUTSIDE_RULES
from k8snetlint.finding import IN_PART, ConfigError, Problem, Report, Skipped
from k8snetlint.fingerprints import number_fingerprints, order_findings
from k8snetlint.linting.locate import Locator, unreadable
from k8snetlint.linting.selection import Selection
from k8snetlint.model.environment import format_version
from k8snetlint.source.document import Place
from k8snetlint.validation import exact
from k8snetlint.validation.causes import server_field
from k8snetlint.validation.rejections import IDS, is_key
from k8snetlint.validation.server import servers_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from k8snetlint.config import Config
    from k8snetlint.finding import Finding
    from k8snetlint.source.document import Source
    from k8snetlint.source.load import Loaded
    from k8snetlint.validation.exact import Answer
    from k8snetlint.validation.server import Server

NOT_OURS = "the API server's validation of this kind is not covered"
_IDS = IDS | {
    exact.PARSE_ERROR: "yaml-syntax",
    exact.TYPE_ERROR: "api-type",
    exact.DECODE_ERROR: "api-decode",
    exact.UNKNOWN_FIELD: "api-unknown-field",
    exact.DUPLICATE_KEY: "api-duplicate-key",
    exact.DUPLICATE_FIELD: "api-duplicate-key",
    exact.NO_MATCH: "api-no-match",
}


def lint_exactly(sources: Iterable[Source], config: Config, *, progress: Callable[[int], None] | None = None) -> Report:
    """Return what the API server says of each object, as if it were applied alone.

    A finding's field is the one that the server names; its place is where the user wrote it.

    Raises:
        ConfigError: more than one Kubernetes version is asked about.
    """
    servers = servers_of(config.environment)
    if len(servers) > 1 or config.clusters:
        raise ConfigError(
            "--server-exact is for one API server: give one --kubernetes-version and configure no clusters"
        )
    selection = Selection(config)
    findings: list[Finding] = []
    skipped: list[Skipped] = []
    files = documents = objects = 0
    for source in sources:
        files += 1
        try:
            loaded = exact.read(source)
            found, answers = _answers(source, loaded, servers[0], selection)
        except OSError as error:
            findings.append(unreadable(source.name, error.strerror or str(error)))
            continue
        except Exception as error:  # noqa: BLE001 - our bug at one file must not hide the others
            from k8snetlint.linting.failures import failure  # noqa: PLC0415 - only for a bug

            findings.append(failure(source.name, error))
            continue
        documents += len(loaded.documents)
        objects += len(answers)
        findings += found
        skipped += _skipped(source.name, answers)
        if progress:
            progress(files)
    return Report(
        number_fingerprints(order_findings(findings)),
        tuple(skipped),
        files,
        documents,
        objects,
        kubernetes_versions=(format_version(servers[0].version),),
    )


def _skipped(name: str, answers: Iterable[Answer]) -> Iterator[Skipped]:
    """Yield what is not judged, or only in part."""
    for each in answers:
        if not each.judged:
            yield Skipped(name, each.document.index, NOT_OURS)
        elif each.unjudged:
            yield Skipped(name, each.document.index, f"{IN_PART}: not {', '.join(map(server_field, each.unjudged))}")


def _answers(
    source: Source, loaded: Loaded, server: Server, selection: Selection
) -> tuple[list[Finding], list[Answer]]:
    """Return the findings for a file, and the answers to its objects."""
    locator = Locator(source, loaded)
    findings = [locator.of_fault(fault, None, OUTSIDE_RULES[fault.id][0]) for fault in loaded.faults]
    answers = list(exact.answers(loaded, server))
    for answer in answers:
        findings += _findings(answer, locator, selection)
    return findings, answers


def _findings(answer: Answer, locator: Locator, selection: Selection) -> Iterator[Finding]:
    document = answer.document
    for fault in document.faults if answer.causes and answer.causes[0].type == exact.PARSE_ERROR else ():
        yield locator.of_fault(fault, document, OUTSIDE_RULES[fault.id][0])
        return
    causes = [(_IDS[each.type], each.path, each.field, each.detail, is_key(each)) for each in answer.causes]
    causes += [("api-warning", each.path, "", each.text, False) for each in answer.warnings]
    for finding_id, path, field, detail, key in causes:
        if not selection.reports(finding_id):
            continue
        at = Place(document.source, document.index, path, answer.root, key)
        severity = selection.severity(finding_id, OUTSIDE_RULES[finding_id][0])
        finding = locator.of_problem(finding_id, Problem(detail, at), severity)
        yield finding._replace(field=field or finding.field, rejected=finding_id != "api-warning")
