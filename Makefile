# `make help` lists what can be made. Both `make demo` and `make test` work on a fresh Debian
# machine that has python3, python3-venv and make.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.PHONY: help install demo test check slow format lock bench clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(STAMP) ## a virtual environment with hashed pins, and .venv/bin/posd

$(STAMP): requirements/dev.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing pinned requirements into $(VENV) (a minute, the first time)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/dev.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: install ## everything simulated, with the cashier's page: Ctrl-C ends it
	@$(BIN)/posd demo

test: install ## the tests
	@$(BIN)/python -m pytest -q

check: install ## the one gate: format, lint, types, import contracts, tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(MAKE) --no-print-directory test

slow: install ## the tests that need a browser or minutes (Debian: chromium)
	@$(BIN)/python -m pytest -q -n 0 -m slow

format: install ## let ruff put the code in order
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: install ## the figures, as ratios measured in one run
	@$(BIN)/python -m bench

lock: ## compile requirements/*.txt from *.in (needs pip-tools on the PATH)
	cd requirements && pip-compile -q --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras -o runtime.txt runtime.in
	cd requirements && pip-compile -q --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras -c runtime.txt -o dev.txt dev.in

clean: ## remove what was built
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
