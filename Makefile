# SPDX-License-Identifier: Apache-2.0
# Every target does the set-up that it needs, once: a stamp file stands for a step that is done.
#   make up      the demo: everything on this machine, with emulated agencies     make test   every test
#   make serve   live                                                            make help   the rest

STEP = sh app/setup/step.sh
PYTHON = .venv/bin/python
BOT_PYTHON = bot/.venv/bin/python
WITH_NODE = PATH="$(CURDIR)/.node/bin:$$PATH"
WIDGET_SOURCES := $(shell find widget/src widget/scripts widget/tsconfig.json -type f 2>/dev/null)
K =
A =

export RASA_TELEMETRY_ENABLED = false

.PHONY: help setup setup-dev train up serve test e2e lint rasa bench bench-line chaos docs locks clean

help:
	@echo 'make up                  the demo: database, gateway, bot, actions, sandbox; Ctrl-C stops all'
	@echo 'make serve               live: settings from the environment or .env, no sandbox'
	@echo 'make test                every test'
	@echo 'make e2e K=chain         the browser stories whose names contain a word'
	@echo 'make lint                style, types and import directions'
	@echo "make rasa A='data validate'   stock Rasa on the compiled project"
	@echo 'make bench | bench-line | chaos  measurements'
	@echo 'make setup | train | docs | locks | clean'

# ---- set-up -----------------------------------------------------------------------------------------------------

setup: .venv/.app-ready bot/.venv/.ready widget/dist/widget.js

setup-dev: setup .venv/.dev-ready bot/.venv/.dev-ready

.uv/.ready: locks/uv.txt app/setup/uv.sh
	@$(STEP) 'uv, which installs the rest' sh app/setup/uv.sh
	@touch $@

.venv/.app-ready: locks/app.txt app/setup/app_env.sh .uv/.ready
	@$(STEP) 'packages of the application (.venv)' sh app/setup/app_env.sh locks/app.txt
	@touch $@

.venv/.dev-ready: locks/dev.txt .venv/.app-ready
	@$(STEP) 'tools for tests (.venv)' sh app/setup/app_env.sh locks/dev.txt
	@touch $@

bot/.venv/.ready: bot/requirements.lock bot/.python-version app/setup/bot_env.sh .uv/.ready
	@$(STEP) 'Rasa and its Python 3.10 (bot/.venv)' sh app/setup/bot_env.sh bot/requirements.lock
	@touch $@

bot/.venv/.dev-ready: bot/requirements-dev.lock bot/.venv/.ready
	@$(STEP) 'tools for the tests of the bot (bot/.venv)' sh app/setup/bot_env.sh bot/requirements-dev.lock
	@touch $@

.node/.ready: locks/node.txt app/setup/node_env.sh .venv/.app-ready
	@$(STEP) 'node' sh app/setup/node_env.sh
	@touch $@

widget/node_modules/.ready: widget/package-lock.json .node/.ready
	@$(STEP) 'packages of the web chat (widget/node_modules)' env $(WITH_NODE) npm --prefix widget ci --no-audit --no-fund
	@touch $@

widget/dist/widget.js: widget/node_modules/.ready widget/package.json $(WIDGET_SOURCES)
	@$(STEP) 'the web chat (widget/dist)' env $(WITH_NODE) npm --prefix widget run build
	@touch $@

train: setup
	@.venv/bin/pracha train --if-changed

# ---- run --------------------------------------------------------------------------------------------------------

up: setup
	@$(PYTHON) -m app.supervise demo --check
	@.venv/bin/pracha train --if-changed
	@exec $(PYTHON) -m app.supervise demo

serve: setup
	@$(PYTHON) -m app.supervise live --check
	@.venv/bin/pracha train --if-changed
	@exec $(PYTHON) -m app.supervise live

rasa: train
	@exec $(BOT_PYTHON) -m bot.rasa_cli $(A)

# ---- check ------------------------------------------------------------------------------------------------------

test: setup-dev train
	@$(PYTHON) -m app.run_tests

e2e: setup-dev train
	@$(PYTHON) -m app.run_tests --only browser --word '$(K)'

lint: setup-dev
	@$(PYTHON) -m app.run_tests --only style,imports,types

bench: setup-dev train
	@$(PYTHON) -m bench

bench-line: setup-dev train
	@$(PYTHON) -m bench.line

chaos: setup-dev train
	@$(PYTHON) -m bench.chaos
	@$(PYTHON) -m bench.line_chaos

# ---- files that are made from others ----------------------------------------------------------------------------

docs: setup-dev
	@$(PYTHON) -m app.settings_docs
	@$(PYTHON) -m app.third_party

locks: .uv/.ready
	@sh app/setup/locks.sh

clean:
	rm -rf .venv .uv .node bot/.venv widget/node_modules widget/dist build
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo 'what a stack keeps (var/) is still there'
