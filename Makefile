# make demo   sets everything up and runs the sample plan
# make test   sets everything up and runs the tests
# make check  style, types, floors, doctests, notebooks
# make lock   writes the locks anew from setup.cfg

PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3 || command -v python)
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
PIP := $(BIN)/python -m pip --disable-pip-version-check
SPEC := setup.cfg pyproject.toml

.PHONY: demo test check lock clean docs sample

$(VENV)/.run: requirements.lock $(SPEC)
	"$(PYTHON)" -c 'import sys; sys.exit("landuse needs Python 3.11 or newer; name one: make PYTHON=...") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || "$(PYTHON)" -m venv $(VENV)
	$(PIP) install --quiet -r requirements.lock
	$(PIP) install --quiet --no-deps -e .
	touch $@

$(VENV)/.test: requirements-test.lock $(VENV)/.run
	$(PIP) install --quiet -r requirements-test.lock
	touch $@

demo: $(VENV)/.run
	$(BIN)/landuse demo --out demo_out

test: $(VENV)/.test
	$(BIN)/python -m pytest -n auto --dist loadfile

check: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q --doctest-modules landuse
	$(BIN)/python -m pytest -q --nbmake notebooks

docs: $(VENV)/.run
	$(BIN)/python -m landuse.tables.docs > docs/tables.md
	$(BIN)/python -m landuse policies --schema > docs/policy.schema.json

sample: $(VENV)/.run
	$(BIN)/python sample_parcels/make.py

lock: $(VENV)/.test
	$(PIP) install --quiet pip-tools
	$(BIN)/pip-compile --quiet --strip-extras --no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --extra fonts --output-file requirements.lock setup.cfg
	$(BIN)/pip-compile --quiet --strip-extras --no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --extra fonts --extra test --extra imagery --extra postgis --output-file requirements-test.lock setup.cfg

clean:
	rm -rf $(VENV) build dist *.egg-info demo_out
