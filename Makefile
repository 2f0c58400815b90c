# `make help` lists what can be made. Both `make demo` and `make test` work on a fresh Debian
# machine that has python3, python3-venv and make.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.PHONY: help install demo test check slow nightly soak fuzz mutation format lock bench clean

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

SEED ?= $(shell date +%Y%m%d)
nightly: install ## by hand: 20,000 histories and 5,000 power cuts (SEED=1 for the same again)
	@$(BIN)/python -m tests.journal.power_cuts --cuts 5000 --seed $(SEED)
	@$(BIN)/python -m tests.model --histories 20000 --seed $(SEED)

soak: install ## by hand, an hour: 100,000 sales through the real daemon; what does it hold afterwards?
	@$(BIN)/python -m tests.soak

fuzz: ## the parsers under atheris, a minute each (SECONDS=600 TARGET=receipts)
	@test -x build/fuzz-venv/bin/python || $(PYTHON) -m venv build/fuzz-venv
	@build/fuzz-venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/fuzz.txt
	@build/fuzz-venv/bin/python -m tests.fuzz.run --seconds $(or $(SECONDS),60) $(or $(TARGET),all)

mutation: install ## do the tests of core and journal notice a slip? 500 mutants, resumed
	@$(BIN)/python -m tests.mutation --sample 500 --seed 2026 --resume

format: install ## let ruff put the code in order
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: install ## the figures, as ratios measured in one run
	@$(BIN)/python -m bench

lock: ## compile requirements/*.txt from *.in (needs pip-tools on the PATH)
	cd requirements && pip-compile -q --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras -o runtime.txt runtime.in
	cd requirements && pip-compile -q --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras -c runtime.txt -o dev.txt dev.in
	cd requirements && pip-compile -q --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras -c runtime.txt -o fuzz.txt fuzz.in

clean: ## remove what was built
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
