"""The API server's own answer to a text: `--server-exact`, and what we compare with the server.

Each document is judged as if it were applied alone, and the answer ends at the stage at which the server's does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.source.document import Place
from k8snetlint.source.load import load
from k8snetlint.source.marked_parser import SECOND_DOCUMENT
from k8snetlint.source.objects import objects_of
from k8snetlint.source.strict_keys import repeated_keys
from k8snetlint.validation.admission import first_causes, validation_of
from k8snetlint.validation.causes import INVALID, REQUIRED, Cause
from k8snetlint.validation.conformance import conforms
from k8snetlint.validation.decoding import not_a_string, strict_path
from k8snetlint.validation.deprecated import deprecation_warnings
from k8snetlint.validation.exact_json import StrictDecoder, is_json, type_meta, with_repeated
from k8snetlint.validation.lists import unreadable_part
from k8snetlint.validation.misspelt import typo_of
from k8snetlint.validation.schemas import Serving, definition_of, serving_of
from k8snetlint.validation.serving import is_possible, malformed, no_matches
from k8snetlint.validation.unjudged import unjudged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import Problem
    from k8snetlint.source.document import Document, Source
    from k8snetlint.source.load import Loaded
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.source.text import Fault
    from k8snetlint.validation.causes import ApiWarning
    from k8snetlint.validation.server import Server

PARSE_ERROR, TYPE_ERROR, DECODE_ERROR = "ParseError", "TypeError", "DecodeError"
UNKNOWN_FIELD, DUPLICATE_KEY, NO_MATCH = "UnknownField", "DuplicateKey", "NoMatch"
DUPLICATE_FIELD = "DuplicateField"
_DUPLICATE = "api-duplicate-key"
_STRUCT_FIELD = re.compile(r"into Go struct field [A-Za-z0-9]+\.(\S+) of type")


class Answer(NamedTuple):
    """The answer of the server to one object.

    Attributes:
        document: its document.
        root: the way to an item of a List.
        kind: `Kind.group`, empty if it has none.
        causes: why it is rejected, none if it is accepted.
        warnings: those of the server, if it accepts the object.
        judged: what the server validates was validated; else only what can be decoded.
        unjudged: the fields that were not, though the object was.
    """

    document: Document
    root: FieldPath
    kind: str
    causes: tuple[Cause, ...]
    warnings: tuple[ApiWarning, ...] = ()
    judged: bool = True
    unjudged: tuple[FieldPath, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether the server takes it."""
        return not self.causes


def read(source: Source) -> Loaded:
    """Return the content of a source, as it would be sent to the server: nothing counts as a template.

    Raises:
        OSError: the source cannot be read.
    """
    return load(source, every=True, templates=False)


def answers(loaded: Loaded, server: Server) -> Iterator[Answer]:
    """Yield the server's answer to each object of a source, in order."""
    for document in loaded.documents:
        broken = next((fault for fault in document.faults if fault.id != _DUPLICATE and not _is_beyond(fault)), None)
        if broken is not None:
            yield Answer(document, (), "", (Cause(PARSE_ERROR, broken.path, broken.message, ""),))
            continue
        unreadable = unreadable_part(document.value)
        if unreadable is not None:
            yield Answer(document, (), "", (Cause(PARSE_ERROR, *unreadable, ""),))
            continue
        for value, root in objects_of(document.value, templates=False):
            yield _answer(document, value, root, server)


def _is_beyond(fault: Fault) -> bool:
    """Tell whether a fault is that something follows a document's value: the server reads no further."""
    return fault.message == SECOND_DOCUMENT


def _answer(document: Document, value: Any, root: FieldPath, server: Server) -> Answer:
    if not isinstance(value, dict):
        return Answer(document, root, "", (Cause(PARSE_ERROR, (), "not an object", ""),))
    as_json = not root and is_json(document)
    sent = with_repeated(document.text) if as_json and document.faults else value
    meta = type_meta(sent.items() if as_json else sorted(value.items()))
    for field, text in meta.items():
        if not isinstance(text, str):
            return Answer(
                document, root, "", (Cause(PARSE_ERROR, (field,), not_a_string(field, text, server_words=True), ""),)
            )
    for field, text in meta.items():
        if not text:
            return Answer(document, root, "", (Cause(REQUIRED, (field,), f"{field} must be specified", field),))
    group, _, version = meta["apiVersion"].rpartition("/")
    kind = f"{meta['kind']}.{group}" if group else meta["kind"]
    wrong = malformed(meta["apiVersion"])
    if wrong:
        return Answer(document, root, kind, (Cause(INVALID, ("apiVersion",), wrong, "apiVersion"),))
    serving = serving_of(meta["apiVersion"], meta["kind"], server.version).serving
    definition = definition_of(group, version, meta["kind"])
    if serving is not Serving.SERVED or definition is None:
        if serving is Serving.SERVED or (serving is Serving.CUSTOM and _may_be_custom(meta, server)):
            warned = tuple(deprecation_warnings(meta["apiVersion"], meta["kind"], server.version))
            return Answer(document, root, kind, (), warned, judged=False)
        message = no_matches(meta["apiVersion"], meta["kind"])
        return Answer(document, root, kind, (Cause(NO_MATCH, ("apiVersion",), message, "apiVersion"),))
    # The server says this whatever it says of the object.
    deprecated = tuple(deprecation_warnings(meta["apiVersion"], meta["kind"], server.version))
    causes = list(_structure(document, root, sent, definition, server))
    if causes:
        return Answer(document, root, kind, tuple(causes), deprecated)
    validation = validation_of(group, meta["kind"])
    if validation is None:
        return Answer(document, root, kind, (), deprecated, judged=False)
    found = first_causes(value, validation, server)
    warnings = deprecated if found else (*deprecated, *validation.warnings(value, server))
    return Answer(document, root, kind, tuple(found), warnings, unjudged=tuple(unjudged(value)))


def _may_be_custom(meta: dict[str, Any], server: Server) -> bool:
    """Tell whether a cluster may serve what is of no group of Kubernetes."""
    api_version, kind = meta["apiVersion"], meta["kind"]
    return is_possible(api_version, kind) and typo_of(api_version, kind, server.version) is None


def _structure(
    document: Document, root: FieldPath, value: dict[str, Any], definition: str, server: Server
) -> Iterator[Cause]:
    """Yield the first type error; without one, all repeated keys and unknown fields."""

    def at(path: FieldPath, key: bool) -> Place:  # noqa: FBT001 - as the decoder asks
        return Place(document.source, document.index, path, root, key)

    # Keys are repeated, or merged, in no document that is read fast; in a List they get lost.
    may_repeat = not root and type(document.value) is not dict
    if not may_repeat and conforms(definition, server.version)(value):
        return
    as_json = not root and is_json(document)
    # The server turns YAML into JSON, with sorted keys.
    ordered = value if as_json else _with_sorted_keys(value)
    decoder = StrictDecoder(server.version, at=at, is_placeholder=lambda _: False, server_words=True)
    found = list(decoder.problems(ordered, definition))
    wrong = [*decoder.fatal, *(problem for finding_id, problem in found if finding_id == "api-type")]
    if wrong:
        yield _type_error(wrong[0])
        return
    for path in decoder.repeated:
        field = strict_path(path)
        yield Cause(DUPLICATE_FIELD, path, f'duplicate field "{field}"', field)
    for path, message in repeated_keys(document.text) if may_repeat and not as_json else ():
        yield Cause(DUPLICATE_KEY, path, message, "")
    for _, problem in found:
        message = problem.message.partition("; without strict")[0]
        field = message.removeprefix('unknown field "').removesuffix('"')
        yield Cause(UNKNOWN_FIELD, problem.at.path, message, field)


def _type_error(problem: Problem) -> Cause:
    named = _STRUCT_FIELD.search(problem.message)
    if named is None:
        return Cause(DECODE_ERROR, problem.at.path, problem.message, "")
    return Cause(TYPE_ERROR, problem.at.path, problem.message, named[1])


def _with_sorted_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_sorted_keys(value[key]) for key in sorted(value)}
    return [_with_sorted_keys(each) for each in value] if isinstance(value, list) else value
