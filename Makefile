# Every target sets up what it needs; `make demo` and `make test` are all that a newcomer has to know.

PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
READY := $(VENV)/ready

SINCE ?= HEAD
SEED ?= 0
MINUTES ?= 5
INPUTS ?= 10000
KILLS ?= 100
MOMENTS ?= 20

.PHONY: demo run test walk fuzz stops environments wheel lint types contract check bench same-numbers pictures desktop clean

demo: $(READY)
	$(BIN)/python -m app.demo --out out/demo

run: $(READY)
	$(BIN)/retrograde

test: $(READY)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n auto --dist worksteal $$($(BIN)/python -m app.system_libraries)

walk: $(READY) # what takes long, a thousand random actions among it; SEED=… for the same ones again
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m long -n auto --dist worksteal $$($(BIN)/python -m app.system_libraries)

fuzz: $(READY) # INPUTS damaged inputs of SEED, for at most MINUTES; AGAIN=FOLDER reads one that failed
	PYTHONPATH=tests $(BIN)/python -m fuzz --seed $(SEED) --minutes $(MINUTES) --inputs $(INPUTS) \
		$(if $(AGAIN),--again "$(AGAIN)")

stops: $(READY) # killed and interrupted at many moments; KILLS=…, MOMENTS=…, SEED=…
	$(BIN)/python -m tests.any_moment --kills $(KILLS) --moments $(MOMENTS) --seed $(SEED)

environments: $(READY) # where not all is as usual: no home, a full disk, odd names and variables
	$(BIN)/python -m tests.environments

wheel: # installed as people install it
	tests/wheel/from_a_wheel.sh $(PYTHON)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

contract: $(READY)
	$(BIN)/lint-imports

check: test lint types contract

bench: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev,bench]"
	$(BIN)/python -m bench

same-numbers: $(READY) # SINCE=revision: does every experiment give the same numbers, bit for bit?
	$(BIN)/python -m bench.same_numbers $(SINCE)

pictures: $(READY)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m docs.take_pictures
	QT_QPA_PLATFORM=offscreen QT_SCALE_FACTOR=2 $(BIN)/python -m docs.take_pictures

$(READY): pyproject.toml
	@$(PYTHON) set_up.py $(VENV)
	$(BIN)/python -c "open('$(READY)', 'w').close()"

desktop: $(READY)
	tests/desktop/main_job.sh
	tests/desktop/by_keyboard.sh
	tests/desktop/newcomer.sh
	tests/desktop/first_minute.sh

clean:
	rm -rf $(VENV) out .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
