# Yaoce (药测). `make` lists what there is; `make run` and `make test` need nothing done before.

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
KILLS ?= 1000
SEED ?= 20260101
DATA ?= ../shared/data

.DEFAULT_GOAL := help
.PHONY: help run stop test bench bench-match bench-night bench-workers torture lint format install clean docs packages test-packages

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: packages ## build, then the sample night from nothing to the report (folder yaoce-demo)
	$(SWIFT) build -c release --product yaoce
	@Scripts/demo.sh

stop: ## stop the database of `make run`
	@Scripts/demo.sh stop

test: test-packages ## build and run all tests
	$(SWIFT) test
	@echo "make test: all tests passed"

bench: packages ## time and memory beside psql \copy: a table and JSON (DRUGS=500000, REPEATS=3)
	$(SWIFT) build -c release --product yaoce
	@Scripts/bench.sh

bench-night: packages ## the ten targets of docs/performance.md in one run (SCALE=1, REPEATS=3; SCALE=0.05 takes minutes)
	$(SWIFT) build -c release --product yaoce
	@Scripts/bench-night.sh

bench-workers: packages ## two workers against one on this machine (SCALE=0.1, REPEATS=3, CHECKS=1)
	$(SWIFT) build -c release --product yaoce
	@Scripts/bench-workers.sh

bench-match: packages ## how often the comparison is right on known pairs, and its speed (DATA=folder of the pairs)
	$(SWIFT) build -c release --product MatchingBench
	.build/release/MatchingBench "$(DATA)"
	.build/release/MatchingBench "$(DATA)" --table
	.build/release/MatchingBench "$(DATA)" --speed

torture: test-packages ## KILLS=1000 kills and every other accident, SEED=… ; the log in .build/torture.log
	YAOCE_TORTURE_KILLS=$(KILLS) YAOCE_TORTURE_SEED=$(SEED) YAOCE_TORTURE_LOG=$(CURDIR)/.build/torture.log \
		nice $(SWIFT) test --filter TortureTests
	@tail -n 1 .build/torture.log

lint: ## layout of the sources, files of Deploy/, links and columns of the pages
	$(SWIFT) format lint --strict --recursive Sources Tests Package.swift
	@Scripts/check-deploy.sh
	@Scripts/check-docs.sh

format: ## lay the sources out anew
	$(SWIFT) format --in-place --recursive Sources Tests Package.swift

install: packages ## install below PREFIX (default /usr/local)
	$(SWIFT) build -c release --product yaoce
	install -D -m 755 .build/release/yaoce "$(DESTDIR)$(PREFIX)/bin/yaoce"
	rm -rf "$(DESTDIR)$(PREFIX)/share/yaoce/Rules"
	find Rules -type f -exec install -D -m 644 '{}' "$(DESTDIR)$(PREFIX)/share/yaoce/{}" ';'
	find Deploy -type f -exec install -D -m 644 '{}' "$(DESTDIR)$(PREFIX)/share/yaoce/{}" ';'
	find docs README.md README.zh-CN.md LICENSE -type f -exec install -D -m 644 '{}' "$(DESTDIR)$(PREFIX)/share/doc/yaoce/{}" ';'

clean: ## stop the demo's database; remove demo and build
	@Scripts/demo.sh clean
	rm -rf .build

docs: ## check the pages of docs/ and draw the picture as PNG for a look (docs/images/*.svg, needs chromium)
	@Scripts/check-docs.sh --draw

packages:
	@Scripts/packages.sh

test-packages:
	@Scripts/packages.sh test
