"""The version, a constant: reading package metadata at every start would cost 40 ms."""

VERSION = "0.1.0"
