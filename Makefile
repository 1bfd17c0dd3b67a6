# What this project can do. A machine with Python 3.11 or newer and make is all it needs.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SETUP = $(PYTHON) scripts/set_up.py $(VENV)
PYTEST ?= -n 2
UPGRADE ?=
LOCK = pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock" $(UPGRADE) pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help run demo-reset test lint format lock screenshots clean
.SILENT:
.NOTPARALLEL:

help:
	echo "make run          the demo school on http://127.0.0.1:5000"
	echo "make demo-reset   throw the demo school away and fill it anew"
	echo "make test         all checks and all tests"
	echo "make lint         style, types, import rules, templates, translations"
	echo "make format       put Python files into the common form"
	echo "make lock         write the lock files anew (UPGRADE=--upgrade takes newer versions)"
	echo "make screenshots  take the pictures of the README again"
	echo "make clean        remove what was built; the data in instance/ stays"

# -- what others need ------------------------------------------------------------------------------

# One stamp for each lock file: it is installed again when the lock or the project changes.
$(VENV)/.run: requirements.lock pyproject.toml
	$(SETUP) $(if $(wildcard $(VENV)/.dev),requirements-dev.lock,requirements.lock)
	touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml
	$(SETUP) requirements-dev.lock
	touch $@ $(VENV)/.run

$(VENV)/.words: $(VENV)/.run $(wildcard translations/*/LC_MESSAGES/*.po)
	$(BIN)/python scripts/translations.py compile
	touch $@

# -- running ---------------------------------------------------------------------------------------

# Every page of the demo says that it is invented.
run demo-reset: export LEARNPATH_DEMO = 1

run: $(VENV)/.run $(VENV)/.words
	$(BIN)/learnpath db upgrade
	$(BIN)/learnpath demo
	exec $(BIN)/learnpath serve

demo-reset: $(VENV)/.run $(VENV)/.words
	$(BIN)/learnpath db upgrade
	$(BIN)/learnpath demo --fresh

# -- checking --------------------------------------------------------------------------------------

test: lint
	$(BIN)/python scripts/system.py pango
	LEARNPATH_CHROMIUM="$$($(BIN)/python scripts/system.py chromium)" && export LEARNPATH_CHROMIUM && \
	exec $(BIN)/python -m pytest $(PYTEST)

lint: $(VENV)/.dev $(VENV)/.words
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/python scripts/translations.py check
	$(BIN)/python scripts/vendor.py --check

format: $(VENV)/.dev
	$(BIN)/ruff check --fix --select I
	$(BIN)/ruff format

lock: $(VENV)/.dev
	$(BIN)/uv $(LOCK) --extra build --output-file requirements.lock
	$(BIN)/uv $(LOCK) --extra build --extra dev --constraint requirements.lock \
		--output-file requirements-dev.lock

screenshots: $(VENV)/.dev $(VENV)/.words
	$(BIN)/python scripts/screenshots.py

clean:
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache test-results
	rm -rf $(VENV)
	find learnpath scripts tests migrations -name __pycache__ -type d -prune -exec rm -rf {} +
