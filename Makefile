PYTHON ?= python3
VENV ?= .venv

.PHONY: try test test-long bench docs clean

try: $(VENV)/try
	$(VENV)/bin/k8snetlint check --exit-zero --show info examples

test: $(VENV)/dev
	$(VENV)/bin/python -m pytest -q

test-long: $(VENV)/dev
	K8SNETLINT_EXAMPLES=10000 $(VENV)/bin/python -m pytest -q tests/properties

bench: $(VENV)/dev
	$(VENV)/bin/python bench/run.py

docs: $(VENV)/dev
	$(VENV)/bin/python scripts/make_docs.py --write

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/try: pyproject.toml | $(VENV)/bin/python
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/dev: pyproject.toml | $(VENV)/bin/python
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@ $(VENV)/try

clean:
	rm -rf $(VENV) dist build
