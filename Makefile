# Ordergate. `make run` is all that a newcomer needs.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test fuzz check format demo-reset bench messages lock

help: ## Show this list
	@echo "make run starts Ordergate. All targets:"
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20

setup: .venv/.runtime ## Install the libraries into .venv, start nothing

setup-dev: .venv/.dev

run: .venv/.runtime ## Start everything; PORT=8001 and ORDERGATE_DATA=/path choose port and data folder
	@exec $(BIN)/python -m config.supervisor

test: .venv/.dev ## Run every test, on all cores; ARGS="-k name" is passed on to pytest
	@exec $(BIN)/python -m pytest --numprocesses auto --dist loadgroup --no-loadscope-reorder $(ARGS)

fuzz: .venv/.dev ## Send the API requests made from its own description; FUZZ_EXAMPLES=1000 for more of them
	@FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-200} $(BIN)/python -m pytest tests/api/test_fuzz.py $(ARGS)

check: .venv/.dev ## Linters, types, layers, migrations, translations
	@exec $(BIN)/python -m tests.check

format: .venv/.dev ## Put the code into its usual shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

demo-reset: .venv/.runtime ## Empty the database and load the demo company again
	@exec $(BIN)/python manage.py demo_reset

bench: .venv/.dev ## Measure, beside a floor measured in the same run
	@exec $(BIN)/python -m tests.bench $(ARGS)

messages: .venv/.dev ## Collect texts for translation (needs GNU gettext)
	$(BIN)/python manage.py makemessages --all --no-location --no-obsolete --ignore .venv --ignore var
	$(BIN)/python manage.py makemessages --all --no-location --no-obsolete --ignore .venv --ignore var --domain djangojs

lock: .venv/.dev ## Choose library versions anew from pyproject.toml
	$(PIP) install uv
	$(COMPILE) --upgrade --output-file requirements.txt
	$(COMPILE) --upgrade --group dev --output-file requirements-dev.txt

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Ordergate needs Python 3.11 or newer as $(PYTHON); try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || \
	  { echo "This Python has no venv module. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.runtime: .venv/.made requirements.txt
	@echo "Installing libraries ..."
	@$(PIP) install --require-hashes --requirement requirements.txt
	@touch $@

.venv/.dev: .venv/.runtime requirements-dev.txt
	@echo "Installing tools for development ..."
	@$(PIP) install --require-hashes --requirement requirements-dev.txt
	@touch $@
