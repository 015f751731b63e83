# One line per command; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev up test test-fast lint format deploy-local bench bench-serve bench-chat bench-models bench-rag bench-ui prove lock api docs bundles clean

export PYTHON
RUN := tools/python -m
BIN := .venv/bin
SETS := uv app knowledge local serve litellm builtin cdk dev emulator engines $(patsubst requirements/%.in,%,$(wildcard requirements/door*.in))

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: ## Install what running LISA needs, only what changed
	@$(RUN) tools.setup app

setup-dev: ## Install what building and testing LISA needs as well
	@$(RUN) tools.setup dev

up: setup ## Start LISA on this machine (ARGS="--port 9000"); Ctrl-C stops it
	@exec $(BIN)/lisa up $(ARGS)

test: ## Install and run everything, each part timed beside its budget
	@$(RUN) tools.timed set-up lint fast api contract workflows gateway litellm local stacks deploy ui browser

test-fast: setup-dev ## Run the quick tests, which need no server (under 20 s)
	@$(RUN) tools.timed fast

lint: setup-dev ## Check style, types and import contracts
	@$(RUN) tools.timed lint

format: setup-dev ## Put the code into its one format
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format --quiet .
	@npm --prefix ui run --if-present format

deploy-local: setup-dev ## Deploy all stacks to the AWS emulator on this machine
	@exec $(BIN)/python -m tests.deploy

bench: setup-dev ## Measure what the documents claim
	@set -e; for each in benchmarks/[a-z]*.py; do echo "$$each"; $(BIN)/python -m "benchmarks.$$(basename "$$each" .py)"; done

bench-serve: setup-dev ## Measure the gateway beside a bare relay and LiteLLM's proxy
	@$(BIN)/python -m benchmarks.serve

bench-chat: setup-dev ## Measure what a turn adds to a call, and 500 turns at once
	@$(BIN)/python -m benchmarks.chat

bench-models: setup-dev ## Measure what LISA adds to an engine's start
	@$(BIN)/python -m benchmarks.models

bench-rag: setup-dev ## Measure filling and searching knowledge, LangChain beside it (LONG=1: 500 MB, too)
	@$(BIN)/python -m benchmarks.rag_speed
	@$(if $(LONG),$(BIN)/python -m benchmarks.rag.memory)

bench-ui: setup-dev ## Measure how busy a browser is with a chat
	@$(BIN)/python -m benchmarks.ui

prove: setup-dev ## Run the long proofs: large models, repeated kills, a soak, pictures
	@LISA_TEST_EXAMPLES=2000 $(BIN)/python -m pytest --timeout 3600 tests/contract tests/api tests/prove
	@$(BIN)/python -m pytest --timeout 3600 -m slow tests/deploy tests/local

lock: setup-dev ## Compile requirements/*.txt anew (UP=--upgrade takes newer releases)
	@set -e; for each in $(SETS); do $(BIN)/uv pip compile --quiet --universal \
		--python-version $$([ $$each = engines ] && echo 3.10 || echo 3.11) --generate-hashes --no-emit-index-url $(UP) \
		$$(ls requirements/$$each.without 2>/dev/null | sed 's/^/--excludes /') requirements/$$each.in -o requirements/$$each.txt; done

api: setup-dev ## Write the OpenAPI file and the UI's types from the routers
	@$(BIN)/python -m lisa.http.openapi
	@npm --prefix ui run api

docs: setup-dev ## Write the pages that follow from configuration, declarations and templates
	@$(BIN)/python -m deployment.config.reference
	@$(BIN)/python -m tools.deployment_pages

bundles: setup-dev ## Build a zip for each function of a deployment (CONFIG=lisa.yaml)
	@$(BIN)/python -m tools.bundles $(CONFIG)

clean: ## Remove what set-up, builds and tests left in the checkout
	@rm -rf .make .venv .venv-emulator .venv-litellm .venv-builtin .venv-langchain .venv-rival node_modules ui/node_modules ui/dist cdk.out dist test-results
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
