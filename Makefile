# The index of what can be done here: `make help` lists it. Settings go on the same line: make up SHOP_PORT=9000
.DEFAULT_GOAL := help
.PHONY: help up down destroy status logs rollback audit build test test-cluster bench bench-gateway load check lock venv dev-venv
PYTHON := .venv/bin/python

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

up: venv ## bring the shop up, from any state of this machine
	@$(PYTHON) -m deploy up

down: venv ## stop the shop; data and functions stay
	@$(PYTHON) -m deploy down

destroy: venv ## remove everything that was made for the shop, its data too
	@$(PYTHON) -m deploy destroy

status: venv ## what runs, what does not, and why
	@$(PYTHON) -m deploy status

logs: venv ## follow the logs, of all services or of those named in SERVICE="gateway login"
	@$(PYTHON) -m deploy logs $(SERVICE)

rollback: venv ## the function FN=name as it was before its last deployment; twice undoes it
	@$(PYTHON) -m deploy rollback $(FN)

audit: venv ## prove that stock, money and copies balance; REPAIR=1 mends copies from their source
	@$(PYTHON) -m deploy audit $(if $(REPAIR),--repair)

build: venv ## make the platform's images
	@$(PYTHON) -m deploy build

test: dev-venv ## all tests, on a stack of their own
	@tests/run.sh

test-cluster: dev-venv ## three machines on this one, each of which loses its power; takes three minutes
	@$(PYTHON) -m pytest tests/cluster

bench: dev-venv ## measure speed and size of the running shop
	@$(PYTHON) -m benchmarks

bench-gateway: dev-venv ## measure the gateway alone, with the trials that take minutes
	@$(PYTHON) -m benchmarks.gateway

load: dev-venv ## shoppers and sellers on the running shop, with Locust
	@$(PYTHON) -m loadtests

check: dev-venv ## ruff and mypy
	@$(PYTHON) -m ruff check . && $(PYTHON) -m ruff format --check . && $(PYTHON) -m mypy

lock: ## pin the newest versions that pyproject.toml allows
	@deploy/lock.sh

venv:
	@deploy/bootstrap.sh

dev-venv:
	@deploy/bootstrap.sh tests/requirements.txt
