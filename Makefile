# MadeBuy's infrastructure from the command line; `make` alone lists what there is.
#
# Every target sets the machine up first (tools/setup.py); on a machine that is ready, that costs a tenth of a second.
# The stack commands run the real Pulumi engine on the sandbox: no account, no credentials, nothing leaves the machine.
# The real vendors need no make: `pulumi up --stack prod --policy-pack policies`.

PYTHON ?= python3
STACK ?= staging

# Where the Pulumi project of each stack is. Any other STACK has none, and is refused before anything is done.
project.staging = .
project.prod = .
project.organization = organization
PROJECT = $(project.$(STACK))
ifneq ($(filter preview up refresh destroy recover outputs,$(MAKECMDGOALS)),)
$(if $(PROJECT),,$(error STACK=$(STACK) is no stack of ours: use staging, prod or organization))
endif

PULUMI = .venv/bin/python -m sandbox --stack $(STACK) --project $(PROJECT) -- "$(CURDIR)/.pulumi/bin/pulumi"
SETTINGS_COPY = .sandbox/config/$(project_name.$(PROJECT))/Pulumi.$(STACK).yaml
project_name.. = madebuy
project_name.organization = madebuy-organization
PACK = --policy-pack "$(CURDIR)/policies"
PYTEST = .venv/bin/python -m pytest
SECRETS_SCAN = .venv/bin/python -m tools.secrets_scan

.DEFAULT_GOAL = help
.PHONY: help preview up refresh destroy recover outputs test test-faults bench-sandbox bench-policies check \
	secrets-scan format requirements environment ready tests-ready

help: ## This list
	@echo "make TARGET [STACK=staging|prod|organization]     STACK is staging unless you say so"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' Makefile

preview: ready ## What would change in STACK, and whether the policies allow it
	@$(PULUMI) preview $(PACK)

up: ready ## Preview STACK, then make it so, without asking
	@$(PULUMI) up --yes $(PACK)

refresh: ready ## Read what STACK's vendors really have into its state
	@$(PULUMI) refresh --yes

destroy: ready ## Delete everything in STACK, without asking; protected resources refuse
	@$(PULUMI) destroy --yes

recover: ready ## After a run that was cut off: take in what STACK lost at the vendors; then `make up`
	@.venv/bin/python -m sandbox --stack $(STACK) --project $(PROJECT) -- .venv/bin/python -m operations recover --yes \
		--stack $(STACK) --project $(PROJECT) --pulumi "$(CURDIR)/.pulumi/bin/pulumi" --config-file $(SETTINGS_COPY)

outputs: ready ## What STACK exports; secrets stay hidden
	@$(PULUMI) stack output

test: tests-ready ## Every test: the fast ones, then those on the real engine
	@failed=0; \
	$(PYTEST) -m "not engine and not faults" -n auto --dist loadfile || failed=1; \
	$(PYTEST) -m "engine and not faults" -n auto --dist loadfile || failed=1; \
	exit $$failed

test-faults: ready ## The whole crash matrix; slow
	@$(PYTEST) -m faults

bench-sandbox: ready ## What a preview costs over the sandbox, as ratios from one run; some minutes
	@.venv/bin/python -m sandbox.bench

bench-policies: ready ## What the policy pack costs, beside an empty one, the plain way and Checkov; some minutes
	@GRPC_VERBOSITY=ERROR .venv/bin/python -m tests.policies.bench

check: environment ## Format, lint, types, which room imports which, the workflows, and secrets
	.venv/bin/ruff format --check
	.venv/bin/ruff check
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/zizmor --offline --quiet .github/workflows
	$(SECRETS_SCAN)

secrets-scan: environment ## No secret in any file, nor in any line that the history ever had
	@$(SECRETS_SCAN)

format: environment ## Rewrite the code as `make check` wants it
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

COMPILE = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --custom-compile-command "make requirements"
requirements: ## Pin the dependencies of pyproject.toml anew, with hashes (needs uv)
	@command -v uv > /dev/null || { echo "make requirements needs uv: https://docs.astral.sh/uv"; exit 1; }
	$(COMPILE) --group dev pyproject.toml -o requirements.txt
	$(COMPILE) tools/go/requirements.in -o tools/go/requirements.txt

environment:
	@$(PYTHON) -m tools.setup environment

ready:
	@$(PYTHON) -m tools.setup

tests-ready:
	@$(PYTHON) -m tools.setup tests
