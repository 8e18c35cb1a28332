# Everything works on a fresh machine that has Go: as root or as an ordinary user, with no setting set.
.DEFAULT_GOAL := help
SHELL := /bin/bash
TOOL  := go tool -modfile=tools/go.mod
ARGS  ?=
SEEDS  ?= 20
BESIDE ?= 7
ATONCE ?= 3

.PHONY: help
help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

.PHONY: demo
demo: prepare build ## run everything here and watch simulated people play a campaign to its payouts (ARGS=--exit ends by itself)
	@bin/rapport dev --people $(ARGS)

# Those that take longest come first: go starts packages in the order in which they are named, and one that began last would run alone on
# two cores. proof/e2e and proof/faulttest run the whole system, one at a time, so they stand apart.
LONGEST := ./proof/e2e ./web ./store ./rehearsal ./workflows ./starter ./proof/faulttest ./engine ./wiring/doors ./proof/worlds ./partnership/payoutproof/check

# Tests that run beside others mostly wait, and so do the packages that run the whole system: more may than there are cores. Lint does what
# vet would. Linking is a good part of what it costs, and a third of that is for debuggers.
.PHONY: test
test: prepare-tests ## run all tests, on a real Postgres, a real Temporal and a real browser
	@$(TOOL) gotestsum --format pkgname-and-test-fails --format-hide-empty-pkg -- -vet=off -ldflags="-s -w" -p 3 -parallel 4 -timeout 20m $(TESTFLAGS) $(LONGEST) ./...

.PHONY: long
long: ## run all tests under the race detector and with all their rounds: what make test plays a part of, a thousand presses and calls among it (about half an hour)
	@RAPPORT_LONG=1 $(MAKE) --no-print-directory test TESTFLAGS="-race -count=1 -timeout 60m $(TESTFLAGS)"

# Those that run the whole system against servers whose clock is the machine's.
WHOLE := (proof/(e2e|faulttest|forecasttest|composetest)|playground/stack)$$
.PHONY: test-on
test-on: prepare-tests ## run the tests as if it were DAY=2027-03-14 (an instant such as 2027-03-14T06:59:00Z will do too)
	@go run ./proof/clockshift/on $(or $(DAY),$(error say which day: make test-on DAY=2027-03-14)) \
		go test -count=1 -timeout 30m $(TESTFLAGS) $$(go list ./... | grep -v -E '$(WHOLE)')

# Linking is most of what it costs, and a third of that is for debuggers. These have no quick test at all.
NONE_QUICK := /(bench|proof/(clockshift|e2e|lintrules|pgtest|temporaltest|worlds)|wiring/mend)$$
.PHONY: test-short
test-short: ## run the quick tests only
	@go test -short -vet=off -ldflags="-s -w" $(TESTFLAGS) $$(go list ./... | grep -v -E '$(NONE_QUICK)')

.PHONY: lint
lint: dead ## run the linters, the import rules among them, the check of workflows for determinism, and look for dead code
	@$(TOOL) golangci-lint run ./...
	@$(TOOL) workflowcheck ./workflows/...
	@RAPPORT_LINT_RULES=1 go test -count=1 ./proof/lintrules

# By name: what the tests of other packages call: to start servers, to deal people, to sign as a vendor does, to look at a table, to serve the queues of histories, to name the only vendor.
FOR_TESTS := ActivityQueues|Deck|Guard|Memory|Only|Queues|SharedTempDir|Sign
.PHONY: dead
dead: ## list functions that no program reaches, whether or not their own tests do; a test of store/ looks at its queries
	@dead=$$($(TOOL) deadcode ./worker ./starter ./playground/stack/prepare) || exit 1; \
		! grep -v -E '^$$|unreachable func: ($(FOR_TESTS))$$' <<< "$$dead"

.PHONY: fmt
fmt: ## format the code as lint wants it
	@$(TOOL) golangci-lint fmt ./...

.PHONY: fault
fault: prepare ## run the fault suite: kills, lost replies, restarts, judged by what the vendors recorded (32 runs of the whole system, ATONCE=3 at a time; about 27 minutes; ends after 90)
	@RAPPORT_FAULT=1 go test -count=1 -timeout 90m -parallel $(ATONCE) -v $(TESTFLAGS) ./proof/faulttest/...

# Worlds mostly wait for a server that notices who died.
.PHONY: worlds
worlds: prepare ## play 200 seeded months of payouts with everything going wrong, judged by the provider's record (COUNT=200; SEED=17 plays that one alone, AIM says where its processes die; about 23 minutes)
	@set -o pipefail; $(if $(SEED),RAPPORT_WORLD=$(SEED) RAPPORT_WORLD_AIM="$(AIM)",RAPPORT_WORLDS=$(or $(COUNT),200)) go test -count=1 -timeout 60m -parallel 8 -v -run '^TestPayoutWorlds$$' $(TESTFLAGS) ./proof/worlds | grep -v -E '^=== |WARN '

.PHONY: doors
doors: prepare ## play a campaign for thirty creators to its payouts by Slack alone, by the console alone in browsers, and by an agent whose acts a person lets; and go with creators from the first mail to the money on phones (about 12 minutes)
	@RAPPORT_DOORS=1 go test -count=1 -timeout 60m -v $(TESTFLAGS) ./proof/doorstest/...

.PHONY: mutants
mutants: prepare ## plant bugs one at a time and see that the nearest tests notice each (about 15 minutes; ONLY=store/ takes those of a folder)
	@set -o pipefail; RAPPORT_MUTANTS=$(or $(ONLY),all) go test -count=1 -timeout 120m -parallel 2 -v -run TestMutants ./proof/mutants | grep -v -E '^=== (RUN|PAUSE|CONT|NAME)'

.PHONY: forecast
forecast: prepare ## hold the rehearsal's forecast against what simulated people then do (SEEDS=20 campaigns, BESIDE=7 at a time)
	@RAPPORT_FORECAST=$(SEEDS) go test -count=1 -timeout 90m -parallel $(BESIDE) -v $(TESTFLAGS) ./proof/forecasttest/...

.PHONY: bench
bench: prepare ## measure what the engine adds to the floors of Postgres, HTTP and Temporal
	@go test -run '^$$' -bench . -benchmem -timeout 60m $(TESTFLAGS) ./bench/...

.PHONY: build
build: ## build bin/rapport and bin/rapport-worker
	@mkdir -p bin
	@echo "Building bin/rapport and bin/rapport-worker: some minutes the first time, seconds after that."
	@go build -o bin/rapport ./starter
	@go build -o bin/rapport-worker ./worker

.PHONY: generate
generate: ## write what is generated again: queries, pages, vendors' types, the golden file of the wire, the pictures in docs
	@$(TOOL) templ generate -log-level error
	@go generate ./...
	@go test ./workflows -run '^TestWire$$' -update
	@go test ./proof/docscheck -run '^TestTheClocksAreDrawnAsTheyRun$$' -draw
	@go test ./proof/house -run '^TestArchitectureIsDrawnFromTheCode$$' -draw

# Sums before and after, so that it also works beside changes that are not committed yet.
SUMS = find store/db web docs integrations workflows/testdata/wire.golden -type f | sort | xargs cksum
.PHONY: generated
generated: ## fail where something generated is not current
	@before=$$($(SUMS)); $(MAKE) --no-print-directory generate || exit 1; \
		diff <(echo "$$before") <(echo "$$($(SUMS))") || { echo "These were not current, and are now: look at them and commit them."; exit 1; }

.PHONY: numbers
numbers: ## print how long things are, what a vendor and a stage touch, which arrows go up (OF=DIR: of another checkout)
	@go run ./proof/house/numbers $(or $(OF),.)

.PHONY: vuln
vuln: ## look for known vulnerabilities in what the programs call (asks vuln.go.dev)
	@$(TOOL) govulncheck ./...

.PHONY: clean
clean: ## remove what was built and the data of the demo
	@rm -rf bin var

.PHONY: prepare prepare-tests
prepare:
	@echo "Looking for what is needed here: Postgres, Temporal's command line."
	@go run ./playground/stack/prepare
prepare-tests:
	@go run ./playground/stack/prepare -browser -pdf -cc
