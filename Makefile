# The first Python that is new enough; .python-version names the one to prefer.
PYTHON := $(shell for python in python3.13 python3 python3.12 python3.14 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && echo $$python && break; \
	done || true)
PYTHON := $(or $(PYTHON),python3)

.DEFAULT_GOAL := help
.PHONY: help serve build test pictures bench fuzz mutants clean

help: ## Say what the commands are.
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/make \1\t\2/'

serve: ## Build the site, serve it on this machine and follow every edit.
	@$(PYTHON) -m builder serve

build: ## Build the whole site into site/.
	@$(PYTHON) -m builder build

test: ## Check and test everything.
	@$(PYTHON) -m builder test

pictures: ## Keep new pictures of every state of the planner; look at each.
	@$(PYTHON) -m builder pictures

bench: ## Measure every budget; takes a quarter of an hour.
	@$(PYTHON) -m builder bench

fuzz: ## Feed the reader what a fuzzer comes up with, for ten minutes.
	@$(PYTHON) -m builder fuzz

mutants: ## Change the deciding code bit by bit and see a test fail; takes long.
	@$(PYTHON) -m builder mutants

clean: ## Delete everything that was built; what was installed stays.
	rm -rf build site .mypy_cache .pytest_cache .ruff_cache
