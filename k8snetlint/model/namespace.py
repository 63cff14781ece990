"""Namespace, v1."""

from __future__ import annotations

from k8snetlint.model.resource import Resource


class Namespace(Resource):
    """A namespace with the labels that its manifest gives it."""

    __slots__ = ()
