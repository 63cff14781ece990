from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from k8snetlint.source.document import Source
from k8snetlint.source.load import NOT_KUBERNETES, TEMPLATE, Reopened, is_whole, load, object_at, objects_of
from k8snetlint.source.templates import first_action, is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVICE = "apiVersion: v1\nkind: Service\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("replicas: {{ .Values.replicas }}\n", "{{ .Values.replicas }}", id="an unquoted value"),
        pytest.param("{{- if .Values.enabled }}\na: b\n", "{{- if", id="control flow"),
        pytest.param("a: b\n{% for x in y %}\n", "{% for", id="Jinja"),
        pytest.param("name: etcd-{{cell}}\n", "{{cell}}", id="in a plain scalar"),
        pytest.param("it's: {{ x }}\n", "{{ x }}", id="behind an apostrophe"),
        pytest.param('a: "{{ x }}"\n', None, id="in double quotes"),
        pytest.param("a: 'it''s {{ x }}'\n", None, id="in single quotes"),
        pytest.param("# {{ x }}\na: b # {{ y }}\n", None, id="in comments"),
        pytest.param("data:\n  a: |\n    {{ x }}\n\n    {{ y }}\nb: c\n", None, id="in a block scalar"),
        pytest.param("- |-\n  {{ x }}\n", None, id="in a block scalar of a list"),
        pytest.param("data:\n  a: |\n    {{ x }}\n  b: {{ z }}\n", "{{ z }}", id="behind a block scalar"),
    ],
)
def test_the_first_action_outside_quotes_comments_and_block_scalars(text: str, found: str | None) -> None:
    at = first_action(text)

    assert (None if at is None else text[at : at + len(found or "")]) == found


@pytest.mark.parametrize(
    "text",
    [
        "{{ .Values.port }}",
        "${PORT}",
        "$(PORT)",
        "web-__HOST__",
        "<your domain>",
        "{% x %}",
        "${{PORT}}",
        "($namespace)",
    ],
)
def test_placeholders(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["web", "__name__", "a < b > c", "$5", "{}", "x__y", "10.0.0.0/8", "{{"])
def test_no_placeholders(text: str) -> None:
    assert not is_placeholder(text)


def test_a_template_is_skipped_and_the_other_documents_are_read() -> None:
    text = f"{SERVICE}metadata: {{name: a}}\n---\n{SERVICE}spec:\n  ports: {{{{ .Values.ports }}}}\n---\nkind: Pod\n"
    loaded = load(Source.of("web.yaml", text))

    assert [document.skipped for document in loaded.documents] == ["", TEMPLATE, ""]
    assert [document.faults for document in loaded.documents] == [[], [], []]
    assert loaded.action is not None
    assert text[slice(*loaded.action)] == "{{"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("a: 1\na: b{{ x }}\n", "api-duplicate-key", id="a key twice"),
        pytest.param("a: 1\n...\n{{ x }}\n", "yaml-syntax", id="behind the end of the document"),
    ],
)
def test_what_kubectl_applies_is_no_template(text: str, fault: str) -> None:
    loaded = load(Source.of("a.yaml", f"apiVersion: v1\nkind: Service\n{text}"))
    (document,) = loaded.documents

    assert document.value["kind"] == "Service"
    assert (document.skipped, loaded.action) == ("", None)
    assert [each.id for each in document.faults] == [fault]


def test_an_action_in_quotes_makes_no_template_of_broken_yaml() -> None:
    loaded = load(Source.of("web.yaml", f'{SERVICE}a: "{{{{ x }}}}"\nb: c: d\n'))

    assert loaded.action is None
    assert [fault.id for fault in loaded.documents[0].faults] == ["yaml-syntax"]


def test_one_bad_document_does_not_hide_the_others() -> None:
    text = f"{SERVICE}---\na: [\n---\n{SERVICE}"
    documents = load(Source.of("web.yaml", text)).documents

    assert [bool(document.faults) for document in documents] == [False, True, False]
    assert [document.index for document in documents] == [0, 1, 2]
    assert documents[2].value == {"apiVersion": "v1", "kind": "Service"}


@pytest.mark.parametrize(
    ("text", "skipped"),
    [
        pytest.param("services: {web: {image: nginx}}\n", True, id="a compose file"),
        pytest.param("on: push\njobs: {}\n# kind\n", True, id="a workflow"),
        pytest.param('{"api\\u0056ersion": "v1", "kind": "Pod"}', False, id="an escape can spell the word"),
        pytest.param("a: \0\n", False, id="NUL is no text"),
        pytest.param("kind: Service\nmetadata: {name: web}\n", False, id="apiVersion is missing"),
        pytest.param("apiVersion: v1\nmetadata: {name: web}\n", False, id="kind is missing"),
    ],
)
def test_a_text_without_the_words_is_skipped_whole(text: str, *, skipped: bool) -> None:
    assert load(Source.of("a.yaml", text)).skipped == (NOT_KUBERNETES if skipped else "")


def test_text_in_no_known_encoding_is_said_where_it_breaks() -> None:
    loaded = load(Source.of("a.yaml", b"a: b\nc: \xff"))
    (fault,) = loaded.faults

    assert (fault.id, fault.message) == ("yaml-syntax", "not UTF-8: byte 0xff")
    assert loaded.text.position(fault.span[0]) == (2, 4)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_no_character(encoding: str) -> None:
    loaded = load(Source.of("a.yaml", SERVICE.encode(encoding)))

    assert loaded.documents[0].value == {"apiVersion": "v1", "kind": "Service"}
    assert loaded.documents[0].locate(("apiVersion",), key=True) == (0, 10)


def test_json_with_tabs_escapes_and_surrogates_is_read() -> None:
    text = (
        '{\n\t"apiVersion": "v1",\n\t"kind": "Service",\n\t"metadata": {"annotations": {"a": "\\ud83d\\ude00\\/"}}\n}\n'
    )
    (document,) = load(Source.of("a.json", text)).documents

    assert document.faults == []
    assert document.value["metadata"]["annotations"] == {"a": "\ufffd\ufffd/"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("kind: Service\napiVersion: v1\n", id="one object"),
        pytest.param("kind: List\napiVersion: v1\nitems: [{kind: Pod}, null, 1]\n", id="a List"),
        pytest.param("kind: PodList\napiVersion: v1\nitems: [{a: 1}, {kind: Other}, {}]\n", id="a typed List"),
        pytest.param("kind: PodList\napiVersion: v1\nitems: 1\n", id="a List without items"),
    ],
)
def test_an_object_is_found_at_its_place(text: str) -> None:
    value = load(Source.of("a.yaml", text)).documents[0].value
    assert [(object_at(value, root), root) for _, root in objects_of(value)] == list(objects_of(value))


def test_no_object_is_found_where_none_is_any_more() -> None:
    assert object_at({"kind": "List", "apiVersion": "v1", "items": []}, ("items", 0)) is None
    assert object_at({"kind": "Pod", "apiVersion": "v1"}, ("items", 0)) is None


def test_placeholders_are_looked_for_once() -> None:
    # At each brace, a search for the closing ones would go to the end.
    assert not is_placeholder("{{" * 200_000)
    assert not is_placeholder("}}" + "{%" * 200_000)
    assert first_action("a: " + "!&" * 200_000 + "\n") is None


def paths_in(value: object, above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, each in inner:
        yield (*above, step)
        yield from paths_in(each, (*above, step))


def test_what_is_whole_in_the_beginning_of_a_document_stands_where_the_whole_document_says() -> None:
    labels = "".join(f"    label-{number}: value-{number}\n" for number in range(30))
    ports = "  - name: first\n    port: 80\n    note: |\n      one\n"
    ports += "".join(f"  - name: port-{number}\n    port: {number}\n" for number in range(90))
    text = f"kind: Service\nmetadata:\n  labels:\n{labels}  name: web\nspec:\n  ports:\n{ports}  type: NodePort\n"
    reopened = Reopened(Source.of("a.yaml", f"{text}---\n{text[:600]}"))
    beginning = reopened.beginning(0)
    assert beginning is not None

    whole = [path for path in paths_in(beginning.value) if is_whole(beginning.value, path)]
    found = {(path, key): beginning.find(path, key=key) for path in whole[-19:] for key in (True, False)}

    assert ("metadata", "labels") in whole
    assert ("spec", "ports", 0, "note") in whole
    assert not any(path in whole for path in (("spec",), ("spec", "ports"), ("spec", "type")))
    assert found == {(path, key): reopened.document(0).locate(path, key=key) for path, key in found}
    assert reopened.beginning(0) is None, "it was read"
    assert reopened.beginning(1) is None, "it is short"


def test_an_unusual_document_has_no_beginning() -> None:
    text = SERVICE + "".join(f"key-{number}: value\n" for number in range(400))
    assert Reopened(Source.of("a.yaml", text), (0,)).beginning(0) is None
    assert Reopened(Source.of("a.yaml", f"{text}last: value\n")).beginning(0) is not None
