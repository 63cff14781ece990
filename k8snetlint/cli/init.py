"""Files to begin with: `k8snetlint init`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from k8snetlint.cli import OK
from k8snetlint.cli.output import say, write_file
from k8snetlint.configfile.discover import OWN_FILES, own_file
from k8snetlint.configfile.keys import KEYS, Takes
from k8snetlint.source.read import read_file
from k8snetlint.website import PLACEHOLDER, PROJECT, REQUIREMENT, REVISION

if TYPE_CHECKING:
    from collections.abc import Iterator

GITHUB = ".github/workflows/k8snetlint.yml"
GITLAB = ".gitlab-ci.yml"
PRE_COMMIT = ".pre-commit-config.yaml"

_GITHUB = f"""\
# Checks the manifests of each push and pull request, and shows findings at their lines.
name: k8snetlint
on:
  push:
    branches: [main]
  # Never pull_request_target: an untrusted change would run with your secrets.
  pull_request:
permissions:
  contents: read
jobs:
  k8snetlint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          fetch-depth: 0 # --trust needs the base
          persist-credentials: false
      - name: Install outside of the checkout
        run: |
          python3 -I -m venv "$RUNNER_TEMP/k8snetlint"
          "$RUNNER_TEMP/k8snetlint/bin/python" -I -m pip install {REQUIREMENT}
      - name: Check
        env:
          BASE: ${{{{ github.event.pull_request.base.sha }}}}
        # In a pull request, configuration and suppressions are taken from its base.
        run: '"$RUNNER_TEMP/k8snetlint/bin/python" -I -m k8snetlint check -f github ${{BASE:+"--trust=$BASE"}}'
"""

_GITLAB = f"""\
# Checks the manifests of each push and merge request, and shows findings in the merge request.
k8snetlint:
  image: python:3.13-slim
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  variables:
    GIT_DEPTH: "0" # --trust needs the base
  before_script:
    - apt-get update -qq && apt-get install -qq -y --no-install-recommends git
    - python -I -m venv /opt/k8snetlint
    - /opt/k8snetlint/bin/python -I -m pip install --quiet {REQUIREMENT}
  script:
    - >-
      /opt/k8snetlint/bin/python -I -m k8snetlint check -f full -f gitlab:gl-code-quality-report.json
      ${{CI_MERGE_REQUEST_DIFF_BASE_SHA:+"--trust=$CI_MERGE_REQUEST_DIFF_BASE_SHA"}}
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality-report.json
"""

_PRE_COMMIT = f"""\
# Reports what a commit touches or breaks; `k8snetlint-all` reports everything, `k8snetlint-fix` applies safe fixes.
repos:
  - repo: {PROJECT}
    rev: {REVISION}
    hooks:
      - id: k8snetlint
"""


def init(*, github: bool, gitlab: bool, pre_commit: bool) -> int:
    """Write a commented configuration file and what else is asked for into the working directory.

    A file that exists is never changed.

    Raises:
        OutputError: one could not be written.
    """
    wanted = {OWN_FILES[0]: "".join(starter())}
    wanted |= {GITHUB: _GITHUB} if github else {}
    wanted |= {GITLAB: _GITLAB} if gitlab else {}
    wanted |= {PRE_COMMIT: _PRE_COMMIT} if pre_commit else {}
    for path, text in wanted.items():
        existing = _existing(path)
        if existing:
            say(f"`{existing}` exists and was not changed", "note")
            continue
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)  # noqa: PTH103, PTH120 - strings, as everywhere
        write_file(path, [text])
        say(f"`{path}` is written", "note")
        if PLACEHOLDER and REVISION in text:
            say(f"`{path}`: {PLACEHOLDER}", "note")
    return OK


def _existing(path: str) -> str | None:
    """Return the file that is there already, perhaps under another of its names."""
    if path in OWN_FILES:
        return own_file("", os.path.lexists, _text)
    return path if os.path.lexists(path) else None


def _text(path: str) -> str:
    try:
        return read_file(path).decode("utf-8", "replace")
    except OSError:
        return ""


def starter() -> Iterator[str]:
    """Yield a configuration file in which every key stands, commented out."""
    yield "# What k8snetlint checks here, and what it knows about the cluster. Each line shows a key and an example.\n"
    for name, keys in KEYS.items():
        if name:
            kind = next(key for key in KEYS[""] if key.name == name)
            header = f"[[{name}]]" if kind.takes is Takes.TABLES else f"[{name}]"
            # A block that is there has to say what it is for.
            yield f"\n# {kind.meaning}\n" + ("# " if kind.takes is Takes.TABLES else "") + f"{header}\n"
        for key in keys:
            if key.takes not in (Takes.TABLE, Takes.TABLES):
                yield f"\n# {key.meaning}\n# {key.name} = {key.example}\n"
