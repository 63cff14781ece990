from __future__ import annotations

import pytest

from k8snetlint.source.document import SEARCHES, Source
from k8snetlint.source.fast_line import Unusual
from k8snetlint.source.load import NOT_KUBERNETES, TEMPLATE, Reopened, load
from k8snetlint.source.objects import object_at, objects_of
from k8snetlint.source.templates import first_action, is_placeholder

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
        "(join('-', ['web', $namespace]))",
        "$PORT",
        "web-$BUILD_ID.example.org",
        "#{PORT}",
        "#{PORT}#",
        "<%= port %>",
        "@PORT@",
        "@@PORT@@",
        "@project.version@",
        "%PORT%",
        "%%PORT%%",
        "((port))",
        "((team/port))",
        "[[PORT]]",
        "{PORT}",
    ],
)
def test_placeholders(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        *("web", "__name__", "a < b > c", "$5", "{}", "x__y", "10.0.0.0/8", "{{"),
        *("/$1", "/foo(/|$)(.*)", "a@b.example.org", "100%", "%2F%3A", "/%41bc%20d%41", "(see below)", "f(x)", "[a]"),
        *("#a", "$", "^/(a|b)$", "{a}", "[[", "((", "%%", "@@", "REPLACE_ME", "CHANGEME", "xxxx", "/{id}/users"),
    ],
)
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
        pytest.param("{!!binary YXBpVmVyc2lvbg==: v1, kind: Pod}", False, id="base64 can spell the word"),
        pytest.param("%TAG ! tag:yaml.org,2002:\n--- {!bin%61ry aw==: v1}", False, id="so can a tag with escapes"),
        pytest.param("a: !Sub 100%\nb: !Ref c\n", True, id="other tags"),
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
    assert document.value["metadata"]["annotations"] == {"a": "\U0001f600/"}


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


def test_a_document_is_searched_before_it_is_read() -> None:
    text = f"{SERVICE}metadata:\n  name: web\n"
    reopened = Reopened(Source.of("a.yaml", f"{text}---\n{text}"))
    found = [(path, key) for path in (("kind",), ("metadata", "name")) for key in (True, False)]
    spans = [reopened.find(1, path, key=key) for path, key in found]

    with pytest.raises(Unusual):
        reopened.find(1, ("metadata", "missing"))
    with pytest.raises(IndexError):
        reopened.find(2, ("kind",))
    assert spans == [reopened.document(1).locate(path, key=key) for path, key in found]
    with pytest.raises(Unusual):
        reopened.find(1, ("metadata",), key=True)


def test_a_document_that_many_ask_for_is_read() -> None:
    labels = "".join(f"    label-{number}: value\n" for number in range(SEARCHES + 1))
    reopened = Reopened(Source.of("a.yaml", f"{SERVICE}metadata:\n  labels:\n{labels}"))
    for number in range(SEARCHES):
        reopened.find(0, ("metadata", "labels", f"label-{number}"))

    with pytest.raises(Unusual):
        reopened.find(0, ("metadata", "labels", f"label-{SEARCHES}"))


def test_an_unusual_document_is_not_searched() -> None:
    with pytest.raises(Unusual):
        Reopened(Source.of("a.yaml", SERVICE), (0,)).find(0, ("kind",))


@pytest.mark.parametrize(
    ("content", "tool"),
    [
        pytest.param(b"\0GITCRYPT\0\x01\xff", "git-crypt", id="git-crypt"),
        pytest.param(b"\0GITCRYPT\0text", "git-crypt", id="git-crypt that is UTF-8 by chance"),
        pytest.param(b"$ANSIBLE_VAULT;1.1;AES256\n3233\n", "Ansible Vault", id="Ansible Vault"),
        pytest.param(b"age-encryption.org/v1\n-> X25519 abc\n--- def\n\xff", "age", id="age"),
        pytest.param(b"-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n", "age", id="age in text"),
        pytest.param(b"-----BEGIN PGP MESSAGE-----\n\nYWdl\n", "PGP", id="PGP"),
        pytest.param(b'{"data": "ENC[AES256_GCM,data:x]", "sops": {}}', "SOPS", id="SOPS"),
    ],
)
def test_an_encrypted_file_is_skipped(content: bytes, tool: str) -> None:
    loaded = load(Source.of("a.yaml", content))

    assert (loaded.skipped, loaded.faults) == (f"encrypted with {tool}: decrypt it first", [])
    assert not load(Source.of("a.yaml", content), every=True).skipped.startswith("encrypted")


def test_nothing_is_hidden_behind_the_first_line_of_an_encrypted_file() -> None:
    for key in ("apiVersion", '"api\\u0056ersion"', '? "api\\\n  Version"\n', "!!binary YXBpVmVyc2lvbg=="):
        text = f"$ANSIBLE_VAULT;1.1;AES256\n---\n{SERVICE.replace('apiVersion', key)}"
        loaded = load(Source.of("a.yaml", text))

        assert loaded.skipped == ""
        assert loaded.documents[1].value == {"apiVersion": "v1", "kind": "Service"}


def test_a_byte_order_mark_at_the_start_of_a_document_is_no_character() -> None:
    text = f"\ufeff{SERVICE}---\n\ufeff{SERVICE}"
    documents = load(Source.of("a.yaml", text.encode("utf-8-sig"))).documents

    assert [document.value for document in documents] == [{"apiVersion": "v1", "kind": "Service"}] * 2
    assert [text[slice(*document.locate(("kind",)))] for document in documents] == ["Service"] * 2


CI = """\
jobs:
  kind:
    run: |
      kind create cluster --config - <<EOF
      apiVersion: kind.x-k8s.io/v1alpha4
      kind: Cluster
      EOF
    when: "branch =~ '^v\\d'"
"""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param(CI, "ci.yaml", id="a CI configuration with a manifest in a script"),
        pytest.param('{"help": {"a": "apiVersion and kind", "a": ""}}', "help.json", id="a key twice in other JSON"),
        pytest.param("a: [\n# apiVersion: v1\n# kind: Pod\n", "a.yaml", id="words in comments"),
    ],
)
def test_what_is_wrong_with_other_files_is_not_said(text: str, name: str) -> None:
    loaded = load(Source.of(name, text))
    assert [(each.skipped, each.faults) for each in loaded.documents] == [(NOT_KUBERNETES, [])]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("apiVersion: v1\nkind: Pod\nspec: [\n", "a.yaml", id="an object"),
        pytest.param(" apiVersion: v1\nkind: Pod\n", "a.yaml", id="a line one column off"),
        pytest.param("# a comment\n  apiVersion: v1\n  kind: Pod\n  spec: [\n", "a.yaml", id="all of it indented"),
        pytest.param('{"apiVersion": "v1", "kind": "Pod", "spec": [}', "a.json", id="JSON"),
        pytest.param("apiVersion: v1\nkind: Pod\n---\na: [\n", "a.yaml", id="a document beside an object"),
        pytest.param("kind: Pod\napiVersion: v1\nkind: Pod\n", "a.yaml", id="a key twice"),
        pytest.param("a: [apiVersion, kind\n", "kustomization.yaml", id="a kustomization"),
        pytest.param("a: &a [\n  kind\n]]\napiVersion: v1\n", "a.yaml", id="a field that comes late"),
    ],
)
def test_what_is_wrong_with_objects_is_said(text: str, name: str) -> None:
    loaded = load(Source.of(name, text))
    assert any(each.faults for each in loaded.documents)
