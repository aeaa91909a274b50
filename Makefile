# Two commands matter: `make demo` and `make test`. The rest is for those who work on pdff.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

SWIFT ?= swift
export PDFF_PYTHON ?= $(CURDIR)/.venv/bin/python
export PDFF_BINARY ?= $(CURDIR)/.build/release/pdff
SOURCES := Package.swift Sources Tests phantoms benchmarks $(wildcard fuzz)

# How much `make check-long` does. Fuzzing: 15 million inputs in all.
FUZZ_RUNS_NIFTI ?= 3000000
FUZZ_RUNS_GZIP ?= 2500000
FUZZ_RUNS_SIDECAR ?= 2000000
FUZZ_RUNS_LABELS ?= 2500000
FUZZ_RUNS_DICOM ?= 2000000
FUZZ_RUNS_NRRD ?= 1000000
FUZZ_RUNS_CSV ?= 2000000
KILLS ?= 200
REGISTRY_KILLS ?= 500
REGISTRY_WRITERS ?= 8
REGISTRY_CHANGES ?= 200
REGISTRY_ALTERATIONS ?= 1000
LOAD_RATE ?= 200
LOAD_SECONDS ?= 60
BENCH_OPTIONS ?=
SANITIZED_TESTS ?= PagesTests|VolumesTests|ScansTests|RegionsTests|SegmentationsTests|DocumentsTests|ReportsTests|CommandLineTests|CalibrationTests|RegistryTests|FieldMapTests|SwapAlarmTests|RealSwapTests|InvarianceTests|WithinTests

.PHONY: help setup setup-tests build test demo imports check-long check-address check-thread fuzz \
  kills registry-proofs check-worklist simulations format lint bench docs-tables clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

setup: ## what building needs, installed by apt where it is missing
	@scripts/setup.sh build

setup-tests:
	@scripts/setup.sh tests

build: setup ## the release binary at .build/release/pdff
	$(SWIFT) build -c release --product pdff

# A debug build, in which our own rooms are optimised all the same (Package.swift): half the time of a
# release build. `swift test` would build with other flags than `swift build`, and so everything twice.
QUICK_BUILD := --build-tests -Xswiftc -whole-module-optimization -Xswiftc -num-threads -Xswiftc 2

test: setup-tests ## sets up, builds, runs all tests
	$(SWIFT) build $(QUICK_BUILD)
	PDFF_BINARY=$(CURDIR)/.build/debug/pdff $(SWIFT) test --skip-build

demo: build ## a phantom patient, measured, calibrated and called
	@scripts/demo.sh

check-long: check-address check-thread fuzz kills registry-proofs simulations check-worklist imports ## hours: sanitizers, fuzzing, kills, proofs, simulations

check-address: setup-tests ## the tests under AddressSanitizer, the command line's too
	$(SWIFT) build -c release --build-tests --sanitize=address --scratch-path .build-address
	ASAN_OPTIONS=detect_leaks=0 PDFF_BINARY=$(CURDIR)/.build-address/release/pdff \
	  $(SWIFT) test -c release --skip-build --sanitize=address --scratch-path .build-address \
	  --filter '$(SANITIZED_TESTS)'

check-thread: setup-tests ## the tests under ThreadSanitizer
	$(SWIFT) build -c release --build-tests --sanitize=thread --scratch-path .build-thread
	PDFF_BINARY=$(CURDIR)/.build-thread/release/pdff \
	  $(SWIFT) test -c release --skip-build --sanitize=thread --scratch-path .build-thread \
	  --filter '$(SANITIZED_TESTS)'

fuzz: setup-tests ## every reader with random inputs: no crash, no hang over a second
	scripts/fuzz.sh FuzzNIfTI $(FUZZ_RUNS_NIFTI)
	scripts/fuzz.sh FuzzGzip $(FUZZ_RUNS_GZIP)
	scripts/fuzz.sh FuzzSidecar $(FUZZ_RUNS_SIDECAR)
	scripts/fuzz.sh FuzzLabels $(FUZZ_RUNS_LABELS)
	scripts/fuzz.sh FuzzDICOM $(FUZZ_RUNS_DICOM)
	scripts/fuzz.sh FuzzNRRD $(FUZZ_RUNS_NRRD)
	scripts/fuzz.sh FuzzCSV $(FUZZ_RUNS_CSV)

kills: setup-tests build ## kill -9 at random moments: what has its final name is whole
	$(PDFF_PYTHON) Tests/long/kills.py --kills $(KILLS)

registry-proofs: setup-tests build ## the registry under kills, crowds, alterations, a full and a read-only disk
	$(PDFF_PYTHON) Tests/long/registry.py --kills $(REGISTRY_KILLS) --writers $(REGISTRY_WRITERS) \
	  --changes $(REGISTRY_CHANGES) --alterations $(REGISTRY_ALTERATIONS)

# 200 requests a second for a minute: no error, 99 of 100 within 50 ms; on an idle machine.
check-worklist: setup-tests build ## the worklist against payloads, forgeries, ended sessions; a minute of load
	$(PDFF_PYTHON) Tests/browser/hardening.py
	$(PDFF_PYTHON) benchmarks/worklist_load.py --rate $(LOAD_RATE) --seconds $(LOAD_SECONDS)
simulations: setup-tests ## the tests again with full counts
	$(SWIFT) build -c release --build-tests
	PDFF_LONG=1 $(SWIFT) test -c release --skip-build --filter 'SeparationTests|PhantomsTests|CommandLineTests|StatisticsTests|CalibrationTests|TrialTests|RegistryTests|AgreementTests'

# 93 manners of DICOM export, with this machine's dcm2niix (in `simulations`) and with PyPI's.
imports: setup-tests ## every manner of DICOM export with the newest dcm2niix
	$(PDFF_PYTHON) -m venv .venv-dcm2niix
	.venv-dcm2niix/bin/python -m pip install -q --disable-pip-version-check dcm2niix==1.0.20260724
	$(SWIFT) build -c release --build-tests
	PDFF_LONG=1 PDFF_DCM2NIIX=$(CURDIR)/.venv-dcm2niix/bin/dcm2niix \
	  $(SWIFT) test -c release --skip-build --filter ImportTests

# Everything in one go on an idle machine, a quarter of an hour; BENCH_OPTIONS="--only whole", "--quick".
bench: build ## time, memory, limits and the peer, written to docs/benchmarks.md
	@scripts/setup.sh bench
	@benchmarks/setup-peer.sh || true
	PDFF_BENCH=1 $(SWIFT) build -c release --product pdff-bench
	PDFF_BENCH=1 $(SWIFT) build -c release --product pdff-registry-fill
	$(PDFF_PYTHON) benchmarks/run.py $(BENCH_OPTIONS)

docs-tables: build ## rewrites the tables of docs/errors.md from the sources
	@scripts/docs-tables.sh

format:
	$(SWIFT) format -i -r $(SOURCES)

lint: ## swift format, strictly
	$(SWIFT) format lint --strict -r $(SOURCES)

clean:
	rm -rf .build .build-address .build-thread .build-fuzz demo
