"""Documents that lost their indentation: one finding takes the place of what the parser and the API server say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.codes import LOST_INDENTATION
from k8snetlint.source.text import Fault
from k8snetlint.validation.lost_indentation import find_lost_indentation
from k8snetlint.validation.reindent import reindent

if TYPE_CHECKING:
    from k8snetlint.source.document import Document
    from k8snetlint.validation.server import Server


def is_pasted(document: Document, server: Server) -> bool:
    """Tell whether a document lost its indentation; that is then its only fault, and it has no value any more.

    Args:
        document: has faults, or fields at its top level that its kind does not have.
        server: the API server that must accept the object with its indentation.
    """
    lost = find_lost_indentation(document.text, server.version)
    if lost is None:
        return False
    base = document.base
    start, end = lost.span
    edits = tuple(
        ((base + edit.start, base + edit.end), edit.text) for edit in reindent(document.text, lost.definition, server)
    )
    document.value = None
    document.faults = [Fault(LOST_INDENTATION, lost.message, (base + start, base + end), edits=edits)]
    return True
