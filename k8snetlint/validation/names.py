"""Names, labels and ports as the API server takes them. Each function returns what is wrong, in its words.

Lengths are in bytes of UTF-8. `$` matches before a line end in Python, so everything is matched as a whole.

Sources: https://github.com/kubernetes/apimachinery/blob/v0.37.2/pkg/util/validation/validation.go and
https://github.com/kubernetes/apimachinery/tree/v0.37.2/pkg/api/validate/content
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"
_LABEL_UNDERSCORE = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
_SUBDOMAIN_UNDERSCORE = rf"{_LABEL_UNDERSCORE}(\.{_LABEL_UNDERSCORE})*"
_LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?"
_WILDCARD = rf"\*\.{_SUBDOMAIN}"
_NAME = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_VALUE = f"({_NAME})?"

_ORDINARY_KEY = rf"({_SUBDOMAIN}/)?{_NAME}"

EMPTY = "must be non-empty"


_BLANKS = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""What `unicode.IsSpace` of Go is true of: not U+001C to U+001F, which are blanks to Python."""
BLANK = f"[{_BLANKS}]"

_compiled = functools.cache(re.compile)


def fullmatch(pattern: str, text: str) -> re.Match[str] | None:
    """Match a whole text as `re.fullmatch` does, which looks twice as long for what it has compiled."""
    return _compiled(pattern).fullmatch(text)


def trimmed(text: str) -> str:
    """Return a text without blanks at both ends (`strings.TrimSpace`)."""
    return text.strip(_BLANKS)


def too_long(limit: int) -> str:
    """Return the error for a text with more bytes than it may have."""
    return f"must be no more than {limit} bytes"


def too_many_characters(limit: int) -> str:
    """Return the error for a text with more characters than it may have."""
    return f"must be no more than {limit} characters"


def regex(message: str, pattern: str, *examples: str) -> str:
    """Return the error for a text that does not match."""
    shown = " or ".join(f"'{each}', " for each in examples)
    return f"{message} ({f'e.g. {shown}' if examples else ''}regex used for validation is '{pattern}')"


def size(text: str) -> int:
    """Return the number of bytes."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


@functools.lru_cache(maxsize=4096)
def label(text: str) -> list[str]:
    """Check a DNS label (RFC 1123)."""
    wrong = [too_many_characters(63)] if size(text) > 63 else []
    if not fullmatch(_LABEL, text):
        wrong.append(
            "must not contain dots"
            if fullmatch(_SUBDOMAIN, text)
            else regex(
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start "
                "and end with an alphanumeric character",
                *(_LABEL, "my-name", "123-abc"),
            )
        )
    return wrong


def subdomain(text: str) -> list[str]:
    """Check a DNS subdomain (RFC 1123)."""
    wrong = [too_many_characters(253)] if size(text) > 253 else []
    if not fullmatch(_SUBDOMAIN, text):
        wrong.append(
            regex(
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and "
                "must start and end with an alphanumeric character",
                *(_SUBDOMAIN, "example.com"),
            )
        )
    return wrong


def subdomain_with_underscore(text: str) -> list[str]:
    """Check a DNS subdomain that may contain underscores."""
    wrong = [too_many_characters(253)] if size(text) > 253 else []
    if not fullmatch(_SUBDOMAIN_UNDERSCORE, text):
        wrong.append(
            regex(
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', "
                "and must start and end with an alphanumeric character",
                *(_SUBDOMAIN_UNDERSCORE, "example.com"),
            )
        )
    return wrong


def label_1035(text: str) -> list[str]:
    """Check a DNS label (RFC 1035), which begins with a letter."""
    wrong = [too_many_characters(63)] if size(text) > 63 else []
    if not fullmatch(_LABEL_1035, text):
        wrong.append(
            regex(
                "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic "
                "character, and end with an alphanumeric character",
                *(_LABEL_1035, "my-name", "abc-123"),
            )
        )
    return wrong


def wildcard(text: str) -> list[str]:
    """Check a DNS name that begins with `*.`."""
    wrong = [too_many_characters(253)] if size(text) > 253 else []
    if not fullmatch(_WILDCARD, text):
        wrong.append(
            regex(
                "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must "
                "consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
                *(_WILDCARD, "*.example.com"),
            )
        )
    return wrong


@functools.lru_cache(maxsize=4096)
def label_key(text: str) -> list[str]:
    """Check the key of a label, which is a qualified name: `app`, `example.com/app`."""
    if len(text) <= 63 and fullmatch(_ORDINARY_KEY, text):
        return []
    pattern = regex(
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
        "character",
        _NAME,
        *("MyName", "my.name", "123-abc"),
    )
    prefix, slash, name = text.partition("/")
    if "/" in name:
        optional = " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
        return [f"a valid label key {pattern}{optional}"]
    wrong = []
    if not slash:
        name = prefix
    elif not prefix:
        wrong.append(f"prefix part {EMPTY}")
    else:
        wrong += [f"prefix part {each.replace(' characters', ' bytes') if each[:10] == 'must be no' else each}"
                  for each in subdomain(prefix)]  # fmt: skip
    if not name:
        wrong.append(f"name part {EMPTY}")
    elif size(name) > 63:
        wrong.append(f"name part {too_long(63)}")
    if not fullmatch(_NAME, name):
        wrong.append(f"name part {pattern}")
    return wrong


@functools.lru_cache(maxsize=4096)
def label_value(text: str) -> list[str]:
    """Check the value of a label."""
    if len(text) <= 63 and fullmatch(_VALUE, text):
        return []
    wrong = [too_long(63)] if size(text) > 63 else []
    if not fullmatch(_VALUE, text):
        wrong.append(
            regex(
                "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and "
                "must start and end with an alphanumeric character",
                *(_VALUE, "MyValue", "my_value", "12345"),
            )
        )
    return wrong


def port_number(number: float) -> list[str]:
    """Check a port."""
    return [] if 1 <= number <= 65535 else in_range(1, 65535)


def in_range(first: int, last: int) -> list[str]:
    """Return the error for a number outside of a range."""
    return [f"must be between {first} and {last}, inclusive"]


@functools.lru_cache(maxsize=4096)
def port_name(text: str) -> list[str]:
    """Check the name of a port (IANA)."""
    wrong = [too_many_characters(15)] if size(text) > 15 else []
    if not fullmatch("[-a-z0-9]+", text):
        wrong.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    if not re.search("[a-z]", text):
        wrong.append("must contain at least one letter (a-z)")
    if "--" in text:
        wrong.append("must not contain consecutive hyphens")
    if text[:1] == "-" or text[-1:] == "-":
        wrong.append("must not begin or end with a hyphen")
    return wrong


def path_segment(text: str) -> list[str]:
    """Check a name that becomes a part of a path."""
    if text in (".", ".."):
        return [f"may not be '{text}'"]
    return [f"may not contain '{each}'" for each in ("/", "%") if each in text]


def prefix_of(check: Callable[[str], list[str]]) -> Callable[[str], list[str]]:
    """Return a check of what a name will be made of: a dash at the end is not the last letter."""

    def checked(text: str) -> list[str]:
        # The server cuts off two bytes here, and puts a letter in their place.
        if len(text) > 1 and text.endswith("-"):
            return check((text.encode("utf-8", "surrogatepass")[:-2] + b"a").decode("utf-8", "replace"))
        return check(text)

    return checked
