"""What is said of Lists: which apiVersion and kind their items have, and when kubectl can read nothing of them."""

from __future__ import annotations

import pytest

from k8snetlint import Config, Source, lint
from k8snetlint.validation.exact import answers, read
from k8snetlint.validation.server import Server

NAMESPACE = "{apiVersion: v1, kind: Namespace, metadata: {name: a, foo: b}}"
INTO_ITEM = "json: cannot unmarshal {} into Go value of type map[string]interface {{}}"
INTO_ITEMS = "json: cannot unmarshal {} into Go struct field decodeList.items of type []json.RawMessage"
NOTHING = "kubectl applies nothing of the List"


def listed(kind: str, items: str) -> Source:
    return Source.of("a.yaml", f"apiVersion: v1\nkind: {kind}\n{items}\n")


def exactly(source: Source) -> list[list[tuple[str, str, str]]]:
    return [
        [(each.type, each.field, each.detail) for each in answer.causes] for answer in answers(read(source), Server())
    ]


def found(source: Source) -> list[tuple[str, str | None, str]]:
    return [(each.id, each.field, each.message) for each in lint([source], Config()).findings]


@pytest.mark.parametrize("kind", ["List", "NamespaceList"])
@pytest.mark.parametrize(
    ("item", "type_", "name"),
    [
        ("foo", "string", "a string"),
        ("5", "number", "a number"),
        ("yes", "bool", "a boolean"),
        ("[]", "array", "a list"),
    ],
)
def test_an_item_that_is_no_object_makes_a_list_unreadable(kind: str, item: str, type_: str, name: str) -> None:
    source = listed(kind, f"items: [{NAMESPACE}, {item}]")
    error = INTO_ITEM.format(type_)
    assert exactly(source) == [[("ParseError", "", error)]]
    (answer,) = answers(read(source), Server())
    assert answer.causes[0].path == ("items", 1)
    unknown = 'unknown field "metadata.foo"; without strict validation the field is dropped'
    assert found(source) == [
        ("api-unknown-field", "metadata.foo", unknown),
        ("api-type", "items[1]", f"expected an object, found {name}; {NOTHING} ({error})"),
    ]


@pytest.mark.parametrize("kind", ["List", "ServiceList"])
@pytest.mark.parametrize(
    ("items", "type_", "name"), [("{a: b}", "object", "an object"), ("text", "string", "a string")]
)
def test_items_that_are_no_list(kind: str, items: str, type_: str, name: str) -> None:
    source = listed(kind, f"metadata: {{name: a}}\nitems: {items}")
    error = INTO_ITEMS.format(type_)
    assert exactly(source) == [[("ParseError", "", error)]]
    assert found(source) == [("api-type", "items", f"expected a list, found {name}; {NOTHING} ({error})")]


@pytest.mark.parametrize("kind", ["List", "ServiceList", "FooList"])
def test_without_items_kubectl_looks_for_the_kind_of_the_list(kind: str) -> None:
    source = listed(kind, "metadata: {name: a}")
    message = f'no matches for kind "{kind}" in version "v1"'
    assert exactly(source) == [[("NoMatch", "apiVersion", message)]]
    assert found(source) == [("api-no-match", "kind", f"{message}; the List has no items")]


@pytest.mark.parametrize("items", ["items:", "items: []"])
def test_an_empty_list_is_nothing(items: str) -> None:
    assert exactly(listed("ServiceList", items)) == []
    assert found(listed("ServiceList", items)) == []


@pytest.mark.parametrize("item", ["{{ .item }}", "${ITEM}"])
def test_a_placeholder_stands_for_an_object(item: str) -> None:
    assert found(listed("List", f"items: ['{item}']")) == []
    assert found(listed("List", f"metadata: {{name: a}}\nitems: '{item}'")) == []


def test_the_list_of_a_custom_resource_is_not_judged() -> None:
    source = Source.of("a.yaml", "apiVersion: example.org/v1\nkind: FooList\nmetadata: {name: a}\n")
    (answer,) = answers(read(source), Server())
    assert (answer.causes, answer.judged) == ((), False)
    assert found(source) == []


@pytest.mark.parametrize(
    ("item", "causes"),
    [
        pytest.param("{metadata: {name: a}}", [], id="it has neither"),
        pytest.param("{kind: ~, apiVersion: '', metadata: {name: a}}", [], id="both are empty"),
        pytest.param("{apiVersion: v1, metadata: {name: a}}", [("Required", "kind")], id="only an apiVersion"),
        pytest.param("{kind: Namespace, metadata: {name: a}}", [("Required", "apiVersion")], id="only a kind"),
        pytest.param("{apiVersion: v1, kind: Pod, metadata: {name: a}}", [("Required", "spec.containers")], id="both"),
    ],
)
def test_an_item_of_a_typed_list_inherits_apiversion_and_kind_together(
    item: str, causes: list[tuple[str, str]]
) -> None:
    (answer,) = answers(read(listed("NamespaceList", f"items: [{item}]")), Server(service_accounts=False))
    assert [(each.type, each.field) for each in answer.causes] == causes
