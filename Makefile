# make run    the bot in your browser, with an invented organisation
# make test   every test
# make check  lint, types, layers, content
# make pictures     the guides' pictures, drawn anew (needs Chromium too)
# make slack-tools  what tests Slack's blocks and draws them as pictures (needs node and npm)

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SLACK  := tools/slack

.DEFAULT_GOAL := help
.PHONY: help run test check slack-tools pictures lock clean

help:
	@sed -n 's/^# //p' Makefile

run: $(VENV)/run.done
	@$(BIN)/trivselsbot demo

test: $(VENV)/dev.done
	@if command -v npm >/dev/null; then \
		$(MAKE) --no-print-directory $(SLACK)/build/done || \
		echo "tools/slack could not be built: tests against Slack's own types are skipped."; \
	else echo "No node and npm here: tests against Slack's own types are skipped."; fi
	$(BIN)/pytest -n auto --dist worksteal

check: $(VENV)/dev.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/trivselsbot check

slack-tools: $(VENV)/dev.done $(SLACK)/build/done

pictures: slack-tools
	$(BIN)/python -m bot.rehearsal.pictures docs/pictures

# The lock names every package with its hash; `make lock` writes it anew from pyproject.toml.
lock: $(VENV)/dev.done
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
		--python-version 3.11 --group build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
		--python-version 3.11 --group dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(SLACK)/node_modules $(SLACK)/build
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache build dist

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Trivselsbot needs Python 3.11 or newer; make PYTHON=python3.12 run names another."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "Python's venv module is missing; on Debian: apt install python3-venv"; exit 1; }

$(VENV)/run.done: $(BIN)/python requirements.lock pyproject.toml
	@echo "Installing what the bot needs (the first time takes a minute) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.done: $(VENV)/run.done requirements-dev.lock
	@echo "Installing what the tests need ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(SLACK)/build/done: $(wildcard $(SLACK)/*.json $(SLACK)/*.ts $(SLACK)/draw.*) $(SLACK)/.npmrc
	@command -v npm >/dev/null || \
		{ echo "slack-tools need node 18 or newer and npm; on Debian: apt install nodejs npm"; exit 1; }
	@echo "Installing what tests and draws Slack's blocks ..."
	@cd $(SLACK) && npm ci --silent && npm run --silent build
	@touch $@
