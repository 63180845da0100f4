# Everything one does with Stoa. `make help` is the index: the targets with a ## comment.

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.8.0

VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null)
OUT      ?= stoa
FUZZTIME ?= 30s

.DEFAULT_GOAL := help
.PHONY: help run build generate test fuzz bench bench-go check setup clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

include graphiql/graphiql.mk
include test/clients/clients.mk

run: graphiql ## Serve on http://localhost:8080 with the demo data; settings by the environment
	go run .

build: graphiql ## Build ./stoa, one static file
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o $(OUT) .

generate: ## Write the generated code anew, after a change of the schema
	go generate ./...

test: setup graphiql clients ## Run every test, on both databases, in a browser and by other clients; install what they need
	go vet ./...
	STOA_TEST_ALL=1 go run ./internal/dbtest/withpostgres scripts/test.sh

fuzz: ## Run each fuzz target for FUZZTIME (30s); what it finds becomes a test
	scripts/fuzz.sh $(FUZZTIME)

bench: ## Measure Stoa beside a floor and other servers, into docs/performance.md (npm, PostgreSQL)
	go run ./bench -write docs

bench-go: ## Run the Go benchmarks of the hot paths
	go test -run '^$$' -bench . -benchmem ./...

check: ## Look for faults without running: format, vet, staticcheck, generated code, modules, known holes
	scripts/check.sh $(STATICCHECK) $(GOVULNCHECK)

setup: ## Install what the tests need and the machine lacks (Debian, macOS)
	scripts/setup.sh

clean: ## Remove what was built
	rm -f stoa
	rm -rf bench/peers/node_modules graphiql/node_modules graphiql/dist/assets graphiql/dist/index.html test/clients/node_modules
