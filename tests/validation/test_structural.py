"""Custom resources, compared with recorded answers of the API server's code; and Go's patterns, with Python's."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8snetlint.validation.automaton import UnsupportedPatternError
from k8snetlint.validation.causes import Causes
from k8snetlint.validation.definitions import definition_in
from k8snetlint.validation.go_pattern import matches
from k8snetlint.validation.structural import compile_root
from k8snetlint.validation.structural_values import UNKNOWN

RECORDED = json.loads(Path(__file__).with_name("custom_resources.json").read_text(encoding="utf-8"))
CHECK = compile_root(RECORDED["schema"])
ALTERNATIVES = ("(anyOf)", "(oneOf)", "(allOf)")


def said(value: dict[str, Any], schema: dict[str, Any] | None = None) -> Causes:
    causes = Causes()
    (compile_root(schema) if schema else CHECK)(value, (), causes)
    return causes


@pytest.mark.parametrize("answer", RECORDED["answers"], ids=lambda each: json.dumps(each["object"].get("spec", "none")))
def test_answers_are_the_server_s(answer: dict[str, Any]) -> None:
    causes = said(answer["object"])
    unknown = [each.detail.split('"')[1] for each in causes if each.type == UNKNOWN]
    errors = [[each.field or "<nil>", each.type, each.detail] for each in causes if each.type != UNKNOWN]
    assert bool(causes) == bool(answer["unknown"] or answer["errors"])
    if any(text in error[2] for error in answer["errors"] for text in ALTERNATIVES):
        # The server adds what the closest alternative lacks.
        assert all(error in answer["errors"] for error in errors)
    elif not any("must be of type" in error[2] for error in errors):
        assert sorted(unknown) == answer["unknown"]
        assert sorted(errors) == answer["errors"]
    else:
        # Of a value of another type, the server also says what its fields or its values are not: the same mistake.
        assert all(error in answer["errors"] for error in errors)
        wrong = tuple(f"{field}{mark}" for field, _, text in errors if "must be of type" in text for mark in ".[")
        assert set(unknown) <= set(answer["unknown"])
        assert all(each in unknown or each.startswith(wrong) for each in answer["unknown"])


@pytest.mark.parametrize(
    ("schema", "spec"),
    [
        pytest.param({"type": "integer"}, "${REPLICAS}", id="another type"),
        pytest.param({"type": "string", "enum": ["a"]}, "{{ .Values.a }}", id="one of several"),
        pytest.param({"type": "string", "pattern": "^a$"}, "__NAME__", id="a pattern"),
        pytest.param({"type": "object", "properties": {}}, {"${KEY}": 1}, id="a key"),
        pytest.param({"type": "object", "required": ["a"]}, {"${KEY}": 1}, id="a key for a required one"),
        pytest.param(
            {"type": "object", "properties": {"a": {"type": "string"}}, "oneOf": [{"required": ["b"]}]},
            {"a": "${X}"},
            id="alternatives",
        ),
    ],
)
def test_placeholders_are_not_judged(schema: dict[str, Any], spec: Any) -> None:
    assert said({"spec": spec}, {"type": "object", "properties": {"spec": schema}}) == []


KEEPING = {"type": "array", "x-kubernetes-preserve-unknown-fields": True}
LISTS = {
    "l": {**KEEPING, "items": {"type": "object", "properties": {"a": {"type": "object"}}}},
    "n": {**KEEPING, "items": {"type": "array", "items": {"type": "object"}}},
}


def test_a_list_keeps_unknown_fields_of_its_items_but_not_of_their_known_fields() -> None:
    spec = {"l": [{"x": 1, "a": {"y": 1}}], "n": [[{"z": 1}]]}
    schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": LISTS}}}
    # Recorded from k8s.io/apiextensions-apiserver v0.37.2.
    (unknown,) = said({"spec": spec}, schema)
    assert unknown.detail.startswith('unknown field "spec.l[0].a.y"')


CRD: dict[str, Any] = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "spec": {
        "group": "example.com",
        "scope": "Namespaced",
        "names": {"kind": "Widget"},
        "versions": [{"name": "v1", "served": True, "schema": {"openAPIV3Schema": {"type": "object"}}}],
    },
}


def with_schema(**schema: Any) -> dict[str, Any]:
    version = {**CRD["spec"]["versions"][0], "schema": {"openAPIV3Schema": {"type": "object", **schema}}}
    return {**CRD, "spec": {**CRD["spec"], "versions": [version]}}


@pytest.mark.parametrize(
    "schema",
    [
        pytest.param({"properties": {"a": "text"}}, id="a field that is no schema"),
        pytest.param({"required": "a"}, id="a text for a list"),
        pytest.param({"minProperties": True}, id="a boolean for a number"),
        pytest.param({"properties": {"a": {"type": "{{ .Values.type }}"}}}, id="a placeholder"),
        pytest.param({"properties": {"a": {"$ref": "#/definitions/a"}}}, id="a reference"),
    ],
)
def test_schemas_that_the_server_would_not_take_are_not_used(schema: dict[str, Any]) -> None:
    definition = definition_in(with_schema(**schema))
    assert definition
    assert definition.versions["v1"].check is None


def test_a_schema_of_too_many_alternatives_is_not_used() -> None:
    bomb: dict[str, Any] = {"minLength": 1}
    for _ in range(40):
        bomb = {"anyOf": [bomb, bomb]}
    definition = definition_in(with_schema(properties={"a": {"type": "string", **bomb}}))
    assert definition
    assert definition.versions["v1"].check is None


def test_rules_are_noticed() -> None:
    definition = definition_in(with_schema(properties={"a": {"type": "string", "x-kubernetes-validations": [{}]}}))
    assert definition
    assert definition.versions["v1"].has_rules


@pytest.mark.parametrize(
    "spec",
    [
        pytest.param({"group": "{{ .Values.group }}"}, id="a placeholder for the group"),
        pytest.param({"names": {"kind": 1}}, id="no kind"),
        pytest.param({"versions": []}, id="no versions"),
        pytest.param({"preserveUnknownFields": True}, id="nothing is pruned"),
        pytest.param({"scope": "Some"}, id="no scope"),
    ],
)
def test_definitions_that_the_server_would_not_take_are_not_used(spec: dict[str, Any]) -> None:
    assert definition_in({**CRD, "spec": {**CRD["spec"], **spec}}) is None


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        pytest.param("a$", "a\n", False, id="the end is the end"),
        pytest.param(r"^\d$", "٣", False, id="digits are ASCII"),
        pytest.param("^[[:alpha:]]+$", "abC", True, id="a class of POSIX"),
        pytest.param("(?i)^AB$", "ab", True, id="case"),
        pytest.param(r"^\x61\.$", "a.", True, id="escapes"),
        pytest.param("^(?:a|b){2}$", "ab", True, id="alternatives, repeated"),
        pytest.param("^a{,2}$", "a{,2}", True, id="braces that are no quantifier"),
        pytest.param(r"\bweb\b", "my-web-1", True, id="words"),
        pytest.param("", "x", True, id="nothing"),
    ],
)
def test_patterns(pattern: str, text: str, expected: bool) -> None:  # noqa: FBT001 - a column
    assert matches(pattern, text) is expected


@pytest.mark.parametrize(
    "pattern", ["(", "a)", "[a", "*", "a**", r"\p{Greek}", "(?=a)", "a{2,1}", "a{1001}", r"\1", "(" * 99]
)
def test_patterns_that_nobody_reads(pattern: str) -> None:
    with pytest.raises(UnsupportedPatternError):
        matches(pattern, "a")


@pytest.mark.parametrize(
    "pattern", ["^(a+)+$", "^(a|a)*$", "^(a*)*b$", "(a?){200}a{200}x", "^(([a-z])+.)+[A-Z]([a-z])+$"]
)
def test_no_pattern_takes_long(pattern: str) -> None:
    start = time.process_time()
    assert not matches(pattern, "a" * 500 + "!")
    assert time.process_time() - start < 5


def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    quantifiers = st.sampled_from(["*", "+", "?", "{0,2}", "{2}", "{1,}", "*?"])
    return st.one_of(
        inner,
        st.builds("{}{}".format, inner, inner),
        st.builds("({}|{})".format, inner, inner),
        st.builds("({}){}".format, inner, quantifiers),
    )


PATTERNS = larger(larger(larger(st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\d", "-", "[a-c-]", ""]))))


@given(PATTERNS, st.text("abc1-", max_size=6), st.sampled_from(["", "^"]), st.sampled_from(["", "$"]))
def test_patterns_match_as_python_has_it(pattern: str, text: str, before: str, after: str) -> None:
    whole = f"{before}(?:{pattern}){after}"
    assert matches(whole, text) == (re.search(whole, text) is not None)
