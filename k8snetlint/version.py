"""The version, a constant: reading package metadata at every start would cost 40 ms."""

VERSION = "0.1.0"
RELEASED = False
"""Whether VERSION is on PyPI and has a tag: what starter files, pages and the GitLab template tell users to install."""
