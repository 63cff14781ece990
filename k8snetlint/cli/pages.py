"""What `rules` and `rule` print."""

from __future__ import annotations

import json
from textwrap import wrap
from typing import TYPE_CHECKING

from k8snetlint.cli.options import known_ids
from k8snetlint.codes import OUTSIDE_RULES, unknown_id
from k8snetlint.finding import ConfigError
from k8snetlint.rules import all_rules, rule_of
from k8snetlint.rules.catalog import markdown_of

if TYPE_CHECKING:
    from collections.abc import Iterator


_NARROWEST = 60
"""So many columns a title needs beside the id."""


def rules_as_json() -> Iterator[str]:
    """Yield a JSON list of all rules, one a line."""
    before = "["
    for rule in all_rules():
        about = {"id": rule.id, "group": rule.group, "severity": rule.severity.word, "title": rule.title}
        yield f"{before}\n{json.dumps(about, ensure_ascii=False)}"
        before = ","
    yield "\n]\n" if before == "," else "[]\n"


def rules_as_table(*, colour: bool, columns: int = 0) -> Iterator[str]:
    """Yield id, severity and title of all rules, one a line; with a number of columns, long titles go below."""
    rules = all_rules()
    width = max((len(rule.id) for rule in rules), default=0)
    side_by_side = columns == 0 or columns >= width + _NARROWEST
    colours = {"error": "31", "warning": "33", "info": "36"}
    for rule in rules:
        word = rule.severity.word
        level = f"\x1b[{colours[word]}m{word:7}\x1b[0m" if colour else f"{word:7}"
        if side_by_side:
            title = (
                rule.title if columns == 0 else f"\n{' ' * (width + 11)}".join(wrap(rule.title, columns - width - 11))
            )
            yield f"{rule.id:{width}}  {level}  {title}\n"
        else:
            lines = wrap(rule.title, max(columns - 9, 20))
            yield f"{level}  {rule.id}\n" + "".join(f"{' ' * 9}{line}\n" for line in lines)


def page(finding_id: str) -> str:
    """Return the page of a rule, or of an id outside the rules, in Markdown.

    Raises:
        ConfigError: there is no such id.
    """
    if finding_id in OUTSIDE_RULES:
        severity, text = OUTSIDE_RULES[finding_id]
        return f"# {finding_id}\n\n{text}\n\nLevel: {severity.word}.\n"
    rule = rule_of(finding_id)
    if rule is None:
        raise ConfigError(unknown_id(finding_id, known_ids()))
    return markdown_of(rule)
