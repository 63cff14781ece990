from __future__ import annotations

import pytest

from k8snetlint.rules.catalog import Example, read_page

DOCSTRING = """A mistake.

Why it is one.

Source: https://kubernetes.io/docs/

```yaml bad kubernetes=1.33 whole-cluster
kind: Service
spec:  # finding: one thing # finding: and another
```

```yaml good
kind: Pod
```

A caption
of two lines:

```yaml good
kind: Job
```
"""


def test_page() -> None:
    page = read_page(DOCSTRING, "test_catalog.py")

    assert (page.title, page.why, page.source) == ("A mistake.", "Why it is one.", "https://kubernetes.io/docs/")
    assert page.examples == (
        Example(
            "bad",
            {"kubernetes": "1.33", "whole-cluster": ""},
            "kind: Service\nspec:  # finding: one thing # finding: and another\n",
            ((2, "one thing"), (2, "and another")),
            "test_catalog.py",
            8,
        ),
        Example("good", {}, "kind: Pod\n", (), "test_catalog.py", 13),
        Example("good", {}, "kind: Job\n", (), "test_catalog.py", 20, "A caption\nof two lines:"),
    )


def test_the_text_after_the_source_is_the_caption_of_the_first_example() -> None:
    page = read_page("A.\n\nWhy.\n\nSource: https://a.b/\n\nThis:\n\n```yaml good\na: 1\n```\n", "a.py")

    assert (page.why, page.source) == ("Why.", "https://a.b/")
    assert [each.caption for each in page.examples] == ["This:"]


def test_a_page_without_examples() -> None:
    assert read_page("A.\n\nWhy.\n", "a.py") == ("A.", "Why.", "", ())


def test_a_caption_without_an_example_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a\.py: the text after the last example"):
        read_page("A.\n\n```yaml good\na: 1\n```\n\nLost:\n", "a.py")
