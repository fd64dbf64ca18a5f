# `make demo` runs the main job, `make test` the tests of this machine's system; `make check` what takes longer:
# lint, other systems, the race detector, fuzzing.
SHELL     := /bin/bash
GO        ?= go
BIN       := bin/tshmcp
PLATFORMS := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64
# Functions are not inlined, which is 0.6 MB of the program, but in what is run for each
# message or for large files: the library, the bridge, YAML. Of the library, what is linked
# and never run is not inlined either.
COLD      := -gcflags=all=-l -gcflags=std= -gcflags=encoding/gob=-l -gcflags=text/template/...=-l \
             -gcflags=go.yaml.in/...= -gcflags=github.com/tshmcp/tshmcp/internal/bridge/...=
BUILD     := CGO_ENABLED=0 $(GO) build -buildvcs=auto -trimpath $(COLD) -ldflags '-s -w -funcalign=16'
# Many tests wait for what takes its time, so three times as many packages are tested
# at once as there are processors.
WAITING   := $(shell echo $$((3 * $$(getconf _NPROCESSORS_ONLN))))
# With the flags of BUILD, so that both compile the same packages once; `make vet`
# vets for all systems.
TESTFLAGS ?= -trimpath $(COLD) -timeout 15m -p $(WAITING) -parallel 8 -vet=off
# -short leaves out what has one goroutine and is slow, or has other processes.
RACEFLAGS ?= -race -short -timeout 20m -parallel 4 -vet=off
TESTS     := scripts/tests.sh
STAGE     := @scripts/stage.sh

.PHONY: build
build:
	@scripts/build.sh env $(BUILD) -v -o $(BIN) ./cmd/tshmcp

.PHONY: demo
demo: build
	$(BIN) demo

# The moving picture in the README, recorded from the demo.
.PHONY: picture
picture:
	$(GO) test ./cmd/tshmcp -run '^TestPicture$$' -count=1 -update

# Each package says when it is done, and the end what was skipped and why.
.PHONY: test
test: parts
	$(STAGE) tests env CGO_ENABLED=0 $(TESTS) ./... $(TESTFLAGS)

# What `make test` does not need: once per change is enough. What is fast and
# fails often comes first.
.PHONY: check
check: parts
	$(STAGE) lint $(MAKE) --no-print-directory lint
	$(STAGE) vet $(MAKE) --no-print-directory vet
	$(STAGE) cross $(MAKE) --no-print-directory cross
	$(STAGE) repetitions env CGO_ENABLED=0 TSHMCP_TEST_EVERY=1 $(TESTS) ./cmd/tshmcp -run '^(TestScriptReleases|TestShapesOfFiles|TestClients)$$' $(TESTFLAGS)
	$(STAGE) windows $(MAKE) --no-print-directory windows
	$(STAGE) race $(TESTS) ./internal/... $(RACEFLAGS)
	$(STAGE) fuzz-bridge scripts/fuzz.sh 5s ./internal/bridge/...
	$(STAGE) fuzz-files scripts/fuzz.sh 5s ./internal/access ./internal/clientcfg ./internal/plain ./internal/teleport ./internal/teleport/rpc ./internal/teleport/wirepb ./internal/terminal/keys ./internal/testcluster/predicate ./internal/testcluster/wirepb

# What the tests talk to: chromium, gnome-keyring, dbus, protoc, gcc; and the
# real mcp-grafana, which takes minutes to compile on a fresh machine and is
# therefore compiled ahead of the tests' time limit, while the others are fetched.
# (go list -export compiles and does not link.)
.PHONY: parts
parts:
	@scripts/test-parts.sh & \
	(cd testdata/mcp-grafana && CGO_ENABLED=0 GOWORK=off GOFLAGS=-mod=readonly \
	  $(GO) list -export -deps -trimpath '-ldflags=-s -w' github.com/grafana/mcp-grafana/cmd/mcp-grafana >/dev/null) || \
	  echo "parts: mcp-grafana cannot be built here (the tests that need it are skipped)"; \
	wait

.PHONY: lint
lint: fmt-clean tidy-clean generate-clean
	$(GO) tool staticcheck ./...
	$(GO) tool staticcheck -tags bench ./internal/bench

# With the flags of `cross`, so that both compile the same packages once.
.PHONY: vet
vet:
	@set -e; for os in linux darwin windows; do echo "vet $$os"; GOOS=$$os CGO_ENABLED=0 $(GO) vet -trimpath $(COLD) ./...; done

.PHONY: fmt-clean
fmt-clean:
	@files=$$(gofmt -l cmd internal); test -z "$$files" || { echo "not gofmt'd: $$files"; exit 1; }

.PHONY: tidy-clean
tidy-clean:
	$(GO) mod tidy -diff
	$(GO) mod verify >/dev/null

# Generated code is checked against a fresh run where the pinned protoc is at hand.
.PHONY: generate-clean
generate-clean:
	@scripts/generate-clean.sh

.PHONY: generate
generate:
	$(GO) generate ./...

.PHONY: cross
cross:
	@set -e; for p in $(PLATFORMS); do echo "build $$p"; \
	  GOOS=$${p%/*} GOARCH=$${p#*/} $(BUILD) -o /dev/null ./cmd/tshmcp; done

# Fuzzing: every target for FUZZTIME; `make fuzz FUZZTIME=1h` goes on for longer.
FUZZTIME ?= 10m
.PHONY: fuzz
fuzz:
	@scripts/fuzz.sh $(FUZZTIME) ./...

.PHONY: soak
soak:
	TSHMCP_SOAK=10000 $(GO) test -run '^TestSoak$$' -v -count=1 -timeout 10m ./internal/bridge

# What the program costs beside others, into docs/performance.md and, for
# benchstat, bin/bench.txt; with QUICK=1 only the table of programs, printed.
.PHONY: bench
bench: build
	$(GO) test -tags bench -count=1 -v -timeout 15m ./internal/bench -args $(if $(QUICK),-quick)

.PHONY: cover
cover:
	$(GO) test -coverpkg ./cmd/...,./internal/... -coverprofile cover.out ./...
	$(GO) tool cover -func cover.out | tail -n 1

# The Windows binary in Wine, where that can be had.
.PHONY: windows
windows:
	@scripts/windows.sh

# A release of this commit that is not published, with what came out tried.
.PHONY: snapshot
snapshot:
	$(STAGE) snapshot scripts/snapshot.sh
