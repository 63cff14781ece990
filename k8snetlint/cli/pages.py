"""What `rules` and `rule` print."""

from __future__ import annotations

import json
from textwrap import wrap
from typing import TYPE_CHECKING

from k8snetlint.cli.options import known_ids
from k8snetlint.codes import group_of, unknown_id
from k8snetlint.finding import ConfigError
from k8snetlint.pages import index
from k8snetlint.source.similar import closest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from k8snetlint.pages.index import Listed


_NARROWEST = 60
"""So many columns a title needs beside the id."""


def listed_in(names: Collection[str]) -> list[Listed]:
    """Return what there is to list of some groups, of all groups if none is named.

    Raises:
        ConfigError: there is no such group.
    """
    known = dict.fromkeys(map(group_of, known_ids()))
    for name in names:
        if name not in known:
            near = closest(name, known)
            suggestion = f"; did you mean `{near}`?" if near else ";"
            raise ConfigError(f"unknown group `{name}`{suggestion} groups are {', '.join(known)}")
    return [each for each in index.listed() if not names or group_of(each.id) in names]


def rules_as_json(listed: Sequence[Listed]) -> Iterator[str]:
    """Yield a JSON list of ids, one a line."""
    before = "["
    for each in listed:
        about = {"id": each.id, "group": group_of(each.id), "severity": each.severity.word, "title": each.title}
        yield f"{before}\n{json.dumps(about, ensure_ascii=False)}"
        before = ","
    yield "\n]\n" if before == "," else "[]\n"


def rules_as_table(listed: Sequence[Listed], *, colour: bool, columns: int = 0) -> Iterator[str]:
    """Yield id, severity and title, an id a line; with a number of columns, long titles go below."""
    width = max((len(each.id) for each in listed), default=0)
    side_by_side = columns == 0 or columns >= width + _NARROWEST
    colours = {"error": "31", "warning": "33", "info": "36"}
    for each in listed:
        word = each.severity.word
        level = f"\x1b[{colours[word]}m{word:7}\x1b[0m" if colour else f"{word:7}"
        if side_by_side:
            title = (
                each.title if columns == 0 else f"\n{' ' * (width + 11)}".join(wrap(each.title, columns - width - 11))
            )
            yield f"{each.id:{width}}  {level}  {title}\n"
        else:
            lines = wrap(each.title, max(columns - 9, 20))
            yield f"{level}  {each.id}\n" + "".join(f"{' ' * 9}{line}\n" for line in lines)


def page(finding_id: str) -> str:
    """Return the page of a rule, or of an id outside of rules, in Markdown.

    Raises:
        ConfigError: there is no such id.
    """
    text = index.page(finding_id)
    if text is None:
        raise ConfigError(unknown_id(finding_id, known_ids()))
    return text
