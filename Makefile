# Every routine of the project. `make demo` and `make test` set up what they need.
SHELL := /bin/bash
PYTHON ?= python3
PIP := .venv/bin/pip --disable-pip-version-check --quiet
RUN := .venv/bin
WORKERS := -n 2 --dist loadfile --no-loadscope-reorder # which tests stay together: tests/conftest.py
COMPILE := uv pip compile --python-version 3.11 --universal --generate-hashes --no-header --no-annotate pyproject.toml requirements-build.in

.PHONY: setup demo test test-all lint format bench docs lock clean help

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

setup: .venv/.installed ## .venv with the command frontrunner

.venv/.installed: requirements.lock pyproject.toml
	test -x .venv/bin/python || $(PYTHON) -m venv .venv
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/.test-installed: .venv/.installed requirements-test.lock
	$(PIP) install --require-hashes -r requirements-test.lock
	@touch $@

demo: .venv/.installed ## the whole pipeline on the sample newsroom, offline
	$(RUN)/python -m demo.replay

test: .venv/.test-installed ## tests that need nothing but this and loopback
	$(RUN)/python -m pytest $(WORKERS) -m "not system"

test-all: .venv/.test-installed lint ## all tests, with system packages where they are there; every skip is named
	$(RUN)/python -m pytest $(WORKERS)

lint: .venv/.test-installed ## style, types, layers, declared dependencies
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy
	$(RUN)/lint-imports
	$(RUN)/deptry .

format: .venv/.test-installed ## rewrite the code in the one style
	$(RUN)/ruff check --fix .
	$(RUN)/ruff format .

bench: .venv/.test-installed ## the benchmarks (truth and mentions need the third-party data beside the checkout)
	$(RUN)/python benchmarks/truth.py
	$(RUN)/python benchmarks/mentions.py
	$(RUN)/python benchmarks/collect.py

docs: .venv/.installed ## regenerate the data dictionary from the published schema
	$(RUN)/python -m warehouse.dictionary > docs/data-dictionary.md

lock: ## resolve the locks anew (needs uv)
	$(COMPILE) -o requirements.lock
	$(COMPILE) --group test -c requirements.lock -o requirements-test.lock
	$(PYTHON) .ci/pin_extras.py requirements.lock requirements-test.lock

clean: ## remove what the demo and the tools made
	rm -rf demo/data .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
