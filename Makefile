# Two commands matter: `make run` and `make test`. Each does all the set-up it needs.
SHELL := /bin/bash
PORT ?= 8000
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
export STADSARKIV_DEMO ?= 1
export STADSARKIV_BASE_URL ?= http://127.0.0.1:$(PORT)

.PHONY: help run test lint crashtest bench docs clean system

help: ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(STAMP) ## set up, load the demo city into an empty archive, serve on 127.0.0.1:$PORT
	@$(BIN)/python -m wsgi start --port $(PORT)

test: $(STAMP) ## set up, then the whole suite, browser tests included where Chromium is
	@$(BIN)/python -m pytest -n 2 --dist loadfile

lint: $(STAMP) ## style, types, templates
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

crashtest: $(STAMP) ## a fault at every call of an ingest, and 200 random kills; hours
	@CRASHTEST=whole $(BIN)/python -m pytest -n 2 --dist load -rP tests/crash

bench: $(STAMP) ## measure; writes bench/results.json and prints a table
	@$(BIN)/python -m bench.run

docs: $(STAMP) ## check that the documents name what the code has
	@$(BIN)/python -m pytest -q tests/test_docs.py

clean: ## forget the virtual environment; the archive in var/ stays
	rm -rf $(VENV) *.egg-info

# The lock file pins everything, so that a machine set up in ten years has what was tested.
$(STAMP): requirements.txt setup.cfg pyproject.toml scripts/system_packages.sh translations/parts/*.po
	@command -v $(PYTHON) >/dev/null || { echo "python3 (3.11 or newer) is missing; install it first"; exit 1; }
	@bash scripts/system_packages.sh
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing the pinned dependencies …"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m scripts.translations
	@touch $(STAMP)
