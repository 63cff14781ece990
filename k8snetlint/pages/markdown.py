"""Pages in Markdown, of rules and of ids outside of rules."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.codes import ALWAYS, OUTSIDE_RULES, group_of, is_rejection
from k8snetlint.rules import rule_of
from k8snetlint.rules.catalog import Example, Page, page_of, read_page
from k8snetlint.website import SITE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.finding import Severity

HEADINGS = {"bad": "Reported", "fixed": "Fixed", "good": "Not reported"}
"""What stands over examples. What is reported as an info need not be bad; what is not reported need not be good."""
OPTIONS = {
    "kubernetes": "--kubernetes-version",
    "node-port-range": "--node-port-range",
    "cluster-domain": "--cluster-domain",
    "namespace": "--namespace",
    "whole-cluster": "--whole-cluster",
    "cni": "--cni",
    "pod-cidr": "--pod-cidr",
    "service-cidr": "--service-cidr",
}
"""The words behind an example's role, and the options that state the same facts."""


class Explained(NamedTuple):
    """An id and its page; `supersedes` are the ids whose findings it takes the place of."""

    id: str
    severity: Severity
    supersedes: tuple[str, ...]
    page: Page


def explain(finding_id: str) -> Explained | None:
    """Return what there is to say about an id, None if it does not exist."""
    if finding_id in OUTSIDE_RULES:
        severity, title = OUTSIDE_RULES[finding_id]
        return Explained(finding_id, severity, (), read_page(f"{title}\n\n{_text_of(finding_id)}", finding_id))
    rule = rule_of(finding_id)
    return rule and Explained(rule.id, rule.severity, rule.supersedes, page_of(rule))


def _text_of(finding_id: str) -> str:
    if group_of(finding_id) == "api":
        from k8snetlint.pages.api import TEXTS  # noqa: PLC0415 - long texts, and one of them is asked for
    else:
        from k8snetlint.pages.own import TEXTS  # noqa: PLC0415 - as above
    return TEXTS[finding_id].replace("<site:", f"<{SITE}")


def markdown_of(explained: Explained, *, fix: str = "") -> str:
    """Return a page in Markdown; `fix` says whether there is a fix, where that is known."""
    finding_id, severity, supersedes, page = explained
    parts = [f"# {finding_id}", f"**{page.title}**", f"Level: {severity.word}."]
    if fix:
        parts.append(f"Fix: {fix}.")
    parts.append(page.why)
    if supersedes:
        parts.append(f"Reported instead of {', '.join(f'`{each}`' for each in supersedes)} at the same place.")
    if page.source:
        parts.append(f"Source: <{page.source}>" if page.source.startswith("https:") else f"Source: {page.source}")
    parts += [*_examples(page.examples), "## Turn it off", _turn_off(explained)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _examples(examples: Iterable[Example]) -> Iterator[str]:
    """Yield a legend, and the examples; those with the same heading stand below it together."""
    if given := [each for example in examples for each in example.given()]:
        from k8snetlint.rules.given import legend  # noqa: PLC0415 - pages without such lines need none

        yield legend(given)
    for heading, group in groupby(examples, _heading):
        yield f"## {heading}"
        for example in group:
            yield example.caption
            yield f"```yaml\n{example.text}```"


def _heading(example: Example) -> str:
    options = " ".join(f"{OPTIONS[name]} {value}".strip() for name, value in example.words.items())
    return HEADINGS[example.role] + (f" with `{options}`" if options else "")


def _turn_off(explained: Explained) -> str:
    """Return how findings of an id are accepted, or why they are not."""
    finding_id = explained.id
    if finding_id in ALWAYS:
        return "Not possible: something was not checked."
    option = f"`--ignore {finding_id}`, or `ignore` in the configuration file"
    more = f"More: <{SITE}suppressions/>"
    if is_rejection(finding_id):
        return f"{option}. A comment does not hide it: the API server rejects the object. {more}"
    if group_of(finding_id) in ("ignore", "pr"):
        return f"{option}. A comment does not hide it: it is about suppressions and settings. {more}"
    except_ = ", unless the API server rejects the object" if any(map(is_rejection, explained.supersedes)) else ""
    comment = f"`# k8snetlint: ignore[{finding_id}] reason` on the line{except_}"
    return f"{comment}. For all files: {option}. {more}"
