"""What a page holds, a rule's docstring for example: text for readers, and examples for the tests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from k8snetlint.rules import Rule
    from k8snetlint.rules.given import BackgroundObject

ROLES = ("bad", "fixed", "good")
_EXAMPLE = re.compile(r"^```yaml[ \t]*(.*)\n((?s:.*?))^```[ \t]*$\n?", re.MULTILINE)
_SOURCE = re.compile(r"^Source: (.+)$\n?", re.MULTILINE)
_FILE = re.compile(r"^# file: (.+)\n", re.MULTILINE)
_MARK = "# finding: "


class Example(NamedTuple):
    """A manifest on a rule's page.

    Attributes:
        role: `bad` has the mistake, `fixed` no longer has it, `good` never had it.
        words: facts about the cluster, `{"kubernetes": "1.33"}`.
        expected: 1-based lines and messages of the rule's findings, as `# finding: <message>` ends the lines.
        module: the file of the page.
        line: the text's first line in that file, 1-based.
        caption: the text before it; empty without one.
    """

    role: str
    words: dict[str, str]
    text: str
    expected: tuple[tuple[int, str], ...]
    module: str
    line: int
    caption: str = ""

    def files(self) -> list[tuple[str, int, str]]:
        """Return the files that it shows: name, number of lines before it, text; a line `# file: NAME` begins one.

        The objects that `# given:` lines stand for follow what is written, so that its lines keep their numbers.

        Raises:
            ValueError: a `# given:` line is malformed.
        """
        return [
            (name, before, "---\n".join([text, *(each.manifest() for each in self._given(text, before))]))
            for name, before, text in self._written()
        ]

    def given(self) -> list[BackgroundObject]:
        """Return what its `# given:` lines say.

        Raises:
            ValueError: one is malformed.
        """
        return [each for _, before, text in self._written() for each in self._given(text, before)]

    def _given(self, text: str, before: int) -> list[BackgroundObject]:
        from k8snetlint.rules.given import given_in  # noqa: PLC0415 - a clean check shows no page

        return given_in(text, self.module, self.line + before)

    def _written(self) -> list[tuple[str, int, str]]:
        first, *parts = re.split(_FILE, self.text)
        found = [("example.yaml", 0, first)] if first else []
        line = first.count("\n")
        for name, text in zip(parts[::2], parts[1::2], strict=True):
            line += 1
            found.append((name, line, text))
            line += text.count("\n")
        return found


class Page(NamedTuple):
    """A text, taken apart; `why` is Markdown, `source` is empty if none is named."""

    title: str
    why: str
    source: str
    examples: tuple[Example, ...]


def page_of(rule: Rule) -> Page:
    """Read a rule's page.

    Raises:
        ValueError: as `read_page`.
    """
    return read_page(rule.docstring, f"{rule.check.__module__.replace('.', '/')}.py")


def read_page(text: str, module: str) -> Page:
    """Read a page: a title, the reason, `Source: …`, and examples; text before an example is its caption.

    Raises:
        ValueError: there is text after the last example.
    """
    intro, *between = _EXAMPLE.split(text)[::3]
    title, _, rest = intro.strip().partition("\n")
    why, source, first = (*_SOURCE.split(rest), "", "")[:3]
    captions = [each.strip() for each in (first, *between)]
    if between and captions.pop():
        raise ValueError(f"{module}: the text after the last example is the caption of none")
    matches = _EXAMPLE.finditer(text)
    examples = tuple(_example(match, module, caption) for match, caption in zip(matches, captions, strict=False))
    return Page(title.strip(), why.strip(), source.strip(), examples)


def _example(match: re.Match[str], module: str, caption: str) -> Example:
    (role, *facts), text = match[1].split() or [""], match[2]
    expected = [
        (number, message.strip())
        for number, line in enumerate(text.splitlines(), 1)
        for message in line.split(_MARK)[1:]
    ]
    words = {name: value for name, _, value in (fact.partition("=") for fact in facts)}
    line = match.string.count("\n", 0, match.start(2)) + 1
    return Example(role, words, text, tuple(expected), module, line, caption)
