"""What is encrypted, as a whole file or value by value: it is neither broken YAML nor an object with wrong values."""

from __future__ import annotations

import re
from typing import Any

_STARTS = (
    (rb"\0GITCRYPT\0", "git-crypt"),
    (rb"\$ANSIBLE_VAULT;", "Ansible Vault"),
    (rb"age-encryption\.org/v\d+\r?\n|-----BEGIN AGE ENCRYPTED FILE-----", "age"),
    (rb"-----BEGIN PGP MESSAGE-----", "PGP"),
    (rb'\{\s*"data":\s*"ENC\[|data: ENC\[', "SOPS"),
)


ENCRYPTED_VALUES = "encrypted with SOPS: decrypt it first"

_SPELT = rb"\\[uUx\r\n]|!\S*(?:binary|%[0-9a-fA-F]{2})"
"""What can spell a word in another way: an escape, a tag."""


def has_encrypted_values(value: dict[str, Any]) -> bool:
    """Tell whether values of a mapping are encrypted; a fix would invalidate the checksum of all values."""
    added = value.get("sops")
    return isinstance(added, dict) and "mac" in added and "lastmodified" in added


def why_encrypted(content: bytes) -> str:
    """Return why an encrypted file is not checked, empty if it is not encrypted.

    What may have the words of a manifest does not count as encrypted, so that a first line hides nothing: kubectl reads
    what follows, but not behind a NUL.
    """
    if b"apiVersion" in content or (content[:1] != b"\0" and re.search(_SPELT, content)):
        return ""
    tools = (tool for start, tool in _STARTS if re.match(start, content))
    return next((f"encrypted with {tool}: decrypt it first" for tool in tools), "")
