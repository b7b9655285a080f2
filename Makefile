# Commands of the Guidelines Portal. On a bare Debian: python3, python3-venv and make are enough for `make demo`.

SHELL := /bin/sh
.DEFAULT_GOAL := help

PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
TESTS ?= tests
SELECT ?=
WORKERS ?= 2

VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
RUN_PACKAGES := $(VENV)/.installed
COLLECTED := staticfiles/staticfiles.json
DEV_PACKAGES := $(VENV)/.installed-dev

.PHONY: help demo demo-reset test check bench messages compilemessages \
	check-lint check-types check-layers check-migrations check-templates check-deploy check-house

help:
	@echo "make demo             the portal with the demonstration, at http://localhost:$(PORT)"
	@echo "make demo-reset       the same, begun anew"
	@echo "make test             all tests; TESTS=path or SELECT='marker expression' runs some"
	@echo "make check            linters, types, layers, migrations, catalogues, templates, deploy check"
	@echo "make bench            the benchmarks; BENCH=name runs one"
	@echo "make messages         collect the interface's texts into locale/"
	@echo "make compilemessages  compile locale/"

$(BIN)/pip:
	@$(PYTHON) -m venv $(VENV) || { echo "Could not make a virtual environment: on Debian, install python3-venv." >&2; exit 1; }

# Made again whenever the pins change; the stamp comes last, so that a broken installation is tried again.
$(RUN_PACKAGES): requirements.txt | $(BIN)/pip
	@echo "Installing packages …"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(DEV_PACKAGES): requirements-dev.txt requirements.txt | $(BIN)/pip
	@echo "Installing packages for development …"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

$(COLLECTED): $(RUN_PACKAGES) $(shell find static */static -type f 2>/dev/null)
	@$(MANAGE) collectstatic --noinput --verbosity 0
	@touch $@

demo demo-reset: export DEMONSTRATION = 1
demo demo-reset: export SITE_URL ?= http://localhost:$(PORT)

demo: $(RUN_PACKAGES) $(COLLECTED)
	@$(MANAGE) serve_demonstration --check-port --host $(HOST) --port $(PORT)
	@$(MANAGE) migrate --noinput --verbosity 0
	@$(MANAGE) load_demonstration
	@exec $(MANAGE) serve_demonstration --host $(HOST) --port $(PORT)

demo-reset: $(RUN_PACKAGES)
	@$(MANAGE) serve_demonstration --check-port --host $(HOST) --port $(PORT)
	@$(MANAGE) forget_demonstration
	@$(MAKE) --no-print-directory demo

test: $(DEV_PACKAGES)
	$(BIN)/pytest --numprocesses $(WORKERS) --dist worksteal $(if $(SELECT),-m '$(SELECT)') $(TESTS)

# One after the other, stopping at the first that fails; `make -k check` goes through all of them.
check: check-lint check-types check-layers check-migrations check-templates check-deploy check-house

check-lint: $(DEV_PACKAGES)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

check-types: $(DEV_PACKAGES)
	$(BIN)/mypy

check-layers: $(DEV_PACKAGES)
	$(BIN)/lint-imports

check-migrations: $(DEV_PACKAGES)
	DJANGO_SETTINGS_MODULE=guidelines_portal.settings.testing $(MANAGE) makemigrations --check --dry-run

check-templates: $(DEV_PACKAGES)
	find templates core accounts drafts consultations experts roadmap guidelines_portal -name '*.html' -exec $(BIN)/djade --target-version 5.2 --check {} +

# With values as an installation would have them; nothing is connected to.
check-deploy: $(DEV_PACKAGES)
	DJANGO_SETTINGS_MODULE=guidelines_portal.settings.production \
	SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
	ALLOWED_HOSTS=guidelines.invalid SITE_URL=https://guidelines.invalid DEBUG=0 DEMONSTRATION=0 \
	DATABASE_URL=postgres://portal:portal@database.invalid/portal REDIS_URL=redis://redis.invalid:6379/0 \
	EMAIL_URL=smtp+tls://portal:portal@mail.invalid:587 \
	$(MANAGE) check --deploy --fail-level WARNING

# Layers, file sizes, templates without inline code, complete catalogues, documented settings.
check-house: $(DEV_PACKAGES)
	$(BIN)/pytest --quiet tests/architecture

bench: $(DEV_PACKAGES) $(COLLECTED)
	@BENCH="$(BENCH)" $(BIN)/python -m bench

messages: $(RUN_PACKAGES)
	$(MANAGE) collect_messages

compilemessages: $(RUN_PACKAGES)
	$(BIN)/pybabel compile --directory locale --domain django
