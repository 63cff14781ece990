from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8snetlint.model.selectors import LabelSelector, selector_of
from k8snetlint.model.values import Unknown

KEYS = ("app", "tier", "zone")
VALUES = ("a", "b", "")
LABELS = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES))
EXPRESSIONS = st.lists(
    st.fixed_dictionaries(
        {
            "key": st.sampled_from(KEYS),
            "operator": st.sampled_from(["In", "NotIn", "Exists", "DoesNotExist"]),
            "values": st.lists(st.sampled_from(VALUES)),
        }
    ),
    max_size=3,
)
OBJECTS = [
    {**{key: value for key, value in zip(KEYS, values, strict=True) if value is not None}}
    for values in ((app, tier, zone) for app in (*VALUES, None) for tier in (*VALUES, None) for zone in (*VALUES, None))
]
"""Every set of labels over three keys."""


def naive(selector: dict[str, object], labels: dict[str, str]) -> bool:
    """Take away what each demand excludes, from all there is."""
    left = list(OBJECTS)
    wanted = selector.get("matchLabels") or {}
    assert isinstance(wanted, dict)
    for key, value in wanted.items():
        left = [each for each in left if (key, value) in each.items()]
    expressions = selector.get("matchExpressions") or []
    assert isinstance(expressions, list)
    for each in expressions:
        key, values = each["key"], each["values"]
        having = [labels for labels in left if key in labels]
        inside = [labels for labels in having if labels[key] in values]
        outside = [labels for labels in left if labels not in inside]
        without = [labels for labels in left if labels not in having]
        left = {"In": inside, "NotIn": outside, "Exists": having, "DoesNotExist": without}[each["operator"]]
    return labels in left


@given(st.fixed_dictionaries({}, optional={"matchLabels": LABELS, "matchExpressions": EXPRESSIONS}), LABELS)
def test_a_selector_matches_what_no_demand_excludes(selector: dict[str, object], labels: dict[str, str]) -> None:
    parsed = selector_of(selector)

    assert parsed is not None
    assert parsed.matches(labels) == naive(selector, labels)
    assert not parsed.is_empty or all(parsed.matches(each) for each in OBJECTS)


SELECTORS = st.fixed_dictionaries({}, optional={"matchLabels": LABELS, "matchExpressions": EXPRESSIONS})


@given(SELECTORS, SELECTORS)
def test_selectors_are_equal_if_they_have_the_same_requirements(
    one: dict[str, object], other: dict[str, object]
) -> None:
    ours, theirs = LabelSelector(one), LabelSelector(other)

    assert (ours == theirs) == (ours.requirements == theirs.requirements)
    assert ours != theirs or hash(ours) == hash(theirs)


@pytest.mark.parametrize(
    "labels",
    [
        pytest.param({"app": "a", "tier": "b"}, id="labels only"),
        pytest.param({"app": "a"}, id="a label and an expression"),
        pytest.param({}, id="expressions only"),
    ],
)
def test_a_label_written_as_an_expression_is_the_same_selector(labels: dict[str, str]) -> None:
    every = {"app": "a", "tier": "b"}
    expressions: list[object] = [
        {"key": key, "operator": "In", "values": [value, value]} for key, value in every.items() if key not in labels
    ]
    mixed = LabelSelector({"matchLabels": labels, "matchExpressions": expressions * 2})

    assert {mixed} == {LabelSelector({"matchLabels": every})}


@pytest.mark.parametrize(
    ("value", "labels", "expressions", "is_empty"),
    [
        pytest.param({}, None, None, True, id="empty"),
        pytest.param({"matchLabels": {}}, {}, None, True, id="no labels"),
        pytest.param({"matchLabels": None, "matchExpressions": []}, None, 0, True, id="null is not written"),
        pytest.param({"matchLabels": {"app": None}}, {"app": ""}, None, False, id="a null label is the empty string"),
        pytest.param({"matchExpressions": [None]}, None, 1, False, id="a null expression is one"),
        pytest.param({"app": "web"}, None, None, True, id="a label in the wrong place asks for nothing"),
    ],
)
def test_what_is_written(
    value: dict[str, object],
    labels: dict[str, str] | None,
    expressions: int | None,
    is_empty: bool,  # noqa: FBT001 - a table's column
) -> None:
    selector = LabelSelector(value)

    assert selector.match_labels == labels
    assert (None if selector.match_expressions is None else len(selector.match_expressions)) == expressions
    assert selector.is_empty is is_empty
    assert selector.unknown_keys == tuple(key for key in value if not key.startswith("match"))


def test_keys() -> None:
    selector = LabelSelector(
        {"matchLabels": {"app": "web"}, "matchExpressions": [{"key": "tier", "operator": "Exists"}], "zone": "b"}
    )

    assert list(selector.keys()) == ["app", "tier"]


def test_an_operator_that_is_none_matches_nothing() -> None:
    selector = LabelSelector({"matchExpressions": [{"key": "app", "operator": "exists"}]})

    assert not any(selector.matches(labels) for labels in OBJECTS)


def test_a_missing_selector_is_not_an_empty_one() -> None:
    assert selector_of(None) is None
    assert selector_of({}) is not None


@pytest.mark.parametrize(
    "value", ["${S}", {"matchLabels": "${L}"}, {"matchExpressions": "${E}"}, {"matchExpressions": ["${E}"]}], ids=str
)
def test_a_placeholder_is_no_selector(value: object) -> None:
    with pytest.raises(Unknown):
        selector_of(value)
