"""What the rules' docstrings hold: pages for readers, and examples for the tests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.rules import all_rules

if TYPE_CHECKING:
    from k8snetlint.rules import Rule
    from k8snetlint.rules.given import BackgroundObject

TABLE_BEGINS, TABLE_ENDS = "<!-- rules:begin -->", "<!-- rules:end -->"
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
    """

    role: str
    words: dict[str, str]
    text: str
    expected: tuple[tuple[int, str], ...]
    module: str
    line: int

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
    """A rule's docstring, taken apart; `why` is Markdown, `source` is empty if none is named."""

    title: str
    why: str
    source: str
    examples: tuple[Example, ...]


def page_of(rule: Rule) -> Page:
    """Read a rule's page."""
    module = f"{rule.check.__module__.replace('.', '/')}.py"
    examples = tuple(_example(match, module) for match in _EXAMPLE.finditer(rule.docstring))
    title, _, text = _EXAMPLE.sub("", rule.docstring).strip().partition("\n")
    source = _SOURCE.search(text)
    why = re.sub(r"\n{3,}", "\n\n", _SOURCE.sub("", text)).strip()
    return Page(title.strip(), why, source[1].strip() if source else "", examples)


def _example(match: re.Match[str], module: str) -> Example:
    (role, *facts), text = match[1].split() or [""], match[2]
    expected = [
        (number, message.strip())
        for number, line in enumerate(text.splitlines(), 1)
        for message in line.split(_MARK)[1:]
    ]
    words = {name: value for name, _, value in (fact.partition("=") for fact in facts)}
    line = match.string.count("\n", 0, match.start(2)) + 1
    return Example(role, words, text, tuple(expected), module, line)


def markdown_of(rule: Rule) -> str:
    """Return a rule's page in Markdown."""
    page = page_of(rule)
    parts = [f"# {rule.id}", f"**{page.title}**", f"Level: {rule.severity.word}.", page.why]
    if rule.supersedes:
        replaced = ", ".join(f"`{each}`" for each in rule.supersedes)
        parts.append(f"Reported instead of {replaced} at the same place.")
    if page.source:
        parts.append(f"Source: <{page.source}>" if page.source.startswith("https:") else f"Source: {page.source}")
    if given := [each for example in page.examples for each in example.given()]:
        from k8snetlint.rules.given import legend  # noqa: PLC0415 - as above

        parts.append(legend(given))
    for example in page.examples:
        facts = ", ".join(f"{name}={value}" if value else name for name, value in example.words.items())
        parts += [f"## {example.role.capitalize()}{f' ({facts})' if facts else ''}", f"```yaml\n{example.text}```"]
    return "\n\n".join(part for part in parts if part) + "\n"


def rules_table(folder: str) -> str:
    """Return a Markdown table of all rules; their pages stand in `folder`, seen from the table."""
    rows = ["| rule | level | the mistake |", "|---|---|---|"]
    for rule in all_rules():
        title = rule.title.replace("|", "\\|")
        rows.append(f"| [`{rule.id}`]({folder}{rule.id}.md) | {rule.severity.word} | {title} |")
    return "\n".join(rows) + "\n"


def rule_pages() -> dict[str, str]:
    """Return the files of `docs/rules`: a page for each rule, and the index."""
    pages = {f"{rule.id}.md": markdown_of(rule) for rule in all_rules()}
    pages["README.md"] = "# Rules\n\nMade from the rules' docstrings by `make docs`.\n\n" + rules_table("")
    return pages


def with_table(readme: str) -> str:
    """Return a README whose table between the two markers is up to date.

    Raises:
        ValueError: it does not hold each marker once, in their order.
    """
    before, begins, rest = readme.partition(TABLE_BEGINS)
    _, ends, after = rest.partition(TABLE_ENDS)
    if not begins or not ends or TABLE_BEGINS in rest or TABLE_ENDS in before + after:
        raise ValueError(f"README.md needs one {TABLE_BEGINS} and behind it one {TABLE_ENDS}")
    return f"{before}{begins}\n{rules_table('docs/rules/')}{ends}{after}"
