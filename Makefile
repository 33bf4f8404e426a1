# `make run` and `make test` are all a newcomer needs; both install what is missing first.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

CACHE ?= $(or $(METRICFLOW_CACHE),$(HOME)/.cache/metricflow)
export METRICFLOW_CACHE := $(CACHE)
TOOLS := $(CACHE)/tools/bin
PYTHON := $(CACHE)/python/bin/python
export PATH := $(TOOLS):$(CURDIR)/node_modules/.bin:$(CACHE)/python/bin:$(PATH)

PORT ?= 8080
SCENARIO ?= preset=demo

.PHONY: help run test page-and-models engines-and-parity models models-in-python models-on-spark check dist bench dev setup setup-build unit bindings browser engines parity-data parity defects mutants oracles panels coverage coverage-table ml-python metrics spark spark-demo generate lighthouse clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: dist ## build the page and serve it on http://localhost:$(PORT)
	node scripts/serve.mjs --root dist --port $(PORT)

test: ## everything CI runs
	+@scripts/stages.sh setup check unit page-and-models bindings browser engines-and-parity

# The page's link takes one core for minutes; dbt, Spark and Python take the other meanwhile.
page-and-models:
	$(MAKE) -j2 --output-sync=target dist models

models: parity-data ## dbt's models natively, by every test that needs no page
	$(MAKE) -j2 --output-sync=target models-in-python models-on-spark

# Each is a long chain of one core, and reads what parity-data has built.
models-in-python:
	$(MAKE) oracles
	$(MAKE) panels

models-on-spark:
	$(MAKE) coverage
	$(MAKE) spark

setup: ## install what is missing (quick when nothing is)
	@scripts/setup.sh all

setup-build:
	@scripts/setup.sh build

check: setup-build ## format, lints, documentation
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo clippy --workspace --target wasm32-unknown-unknown --lib --bins -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --lib --document-private-items --quiet

unit: setup ## native tests, and what the engine itself says of statements
	cargo test --workspace --quiet --no-fail-fast
	node --test tests/guard/

dist: setup-build ## the static site in dist/
	trunk build --release

dev: setup-build ## rebuild and reload on change
	trunk serve --dist target/dist-dev --port $(PORT)

browser: setup ## journeys in a real browser, on dist/
	playwright test --config playwright/playwright.config.ts

# Browsers wait for one thing after the other; dbt takes the other core meanwhile.
engines-and-parity:
	$(MAKE) -j2 --output-sync=target engines parity

engines: setup ## the same work in Chromium, Firefox and WebKitGTK, figures compared, on dist/
	node playwright/engines/run.mjs

# As the page is built, so that nothing is compiled a second time.
bindings: setup ## the engine's binding and the whole project, in a browser without the page
	node scripts/vendor.mjs
	mkdir -p target
	CHROMEDRIVER=$(or $(CHROMEDRIVER),/usr/bin/chromedriver) WASM_BINDGEN_TEST_TIMEOUT=180 \
	CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner \
		cargo test --release --target wasm32-unknown-unknown --test browser_warehouse --test browser_models 2>&1 | tee target/bindings.log
	@! grep -q 'no tests to run' target/bindings.log # without the engine's files they compile to nothing

parity-data: setup ## raw tables and dbt's models, natively, for the journeys to compare with
	$(PYTHON) tests/parity/prepare.py

parity: setup ## the tab's tables against dbt on native DuckDB
	METRICFLOW_DATA=target/parity/tiny $(PYTHON) -m pytest -q tests/parity
	cd tests/defects && $(PYTHON) -m pytest -q -p no:cacheprovider .

defects: setup ## plants every defect, runs all data tests on each, writes docs/defects.md
	cd tests/defects && $(PYTHON) injected.py

oracles: setup ## the models against other programs' results and plain Python, on parity-data
	$(PYTHON) -m pytest -q tests/oracles
	$(PYTHON) -m pytest -q tests/mutants

panels: setup ## every panel on Tiny's tables: what it says, draws and tells, and the rows behind its marks. On parity-data
	$(PYTHON) -m pytest -q tests/panels

coverage: setup ## do 95 % intervals hold what they promise, over 200 seeds? On parity-data
	$(PYTHON) -m pytest -q tests/coverage

coverage-table: setup ## coverage of every interval that a page shows, over 200 seeds; writes docs/coverage.md (20 minutes). On parity-data
	rm -rf target/coverage && $(PYTHON) tests/coverage/measure.py

ml-python: setup parity-data ## learned models against scikit-learn and Prophet, in an environment of their own
	test -x $(CACHE)/python-ml/bin/pytest || { python3 -m venv $(CACHE)/python-ml && $(CACHE)/python-ml/bin/pip install -q -r tests/ml_python/requirements.txt; }
	$(CACHE)/python-ml/bin/python -m pytest -q -s tests/ml_python

metrics: setup parity-data ## metrics against dbt's MetricFlow, in an environment of its own (4 minutes of one core)
	test -x $(CACHE)/python-metrics/bin/pytest || { python3 -m venv $(CACHE)/python-metrics && $(CACHE)/python-metrics/bin/pip install -q -r tests/metrics/requirements.txt; }
	$(CACHE)/python-metrics/bin/python -m pytest -q -s tests/metrics

mutants: setup ## every mutant of the models, by every test; writes docs/mutants.md
	cd tests/mutants && $(PYTHON) mutate.py list && $(PYTHON) mutate.py run

spark: setup ## all models and tests on Spark, its tables against DuckDB's, on parity-data
	$(PYTHON) -m pytest -q tests/engines

spark-demo: setup parity-data ## the same at Demo's size, on a cluster of two worker processes
	METRICFLOW_SPARK_MASTER='local-cluster[2,1,2048]' $(PYTHON) tests/engines/build_spark.py target/parity/demo target/engines/demo
	$(PYTHON) tests/parity/compare.py target/engines/demo target/parity/demo/metricflow.duckdb

generate: ## raw tables of SCENARIO as Parquet in target/data
	cargo run --release --bin generate -- "$(SCENARIO)" --out target/data

bench: setup dist ## tables of timings
	node benches/bench.mjs
	node benches/models_by_processor.mjs --passes 2
	node benches/learning.mjs

lighthouse: setup dist ## Lighthouse's scores of the built page, and the sizes of what it loads first
	node scripts/lighthouse.mjs

clean: ## remove what was built
	rm -rf dist target node_modules public/vendor sql/target sql/logs
