#!/usr/bin/env bash
# Runs every test, of the fuzz targets their seeds, on the PostgreSQL that the environment names. With the race
# detector what takes longest comes first, so that nothing waits for it alone; without it go the
# benchmark's own tests, all that is compared with the plain model, and once more what gqlgen's
# executor answers in place of our own: all of it but what is about connections, replicas and the page.
set -euo pipefail
cd "$(dirname "$0")/.."

CGO_ENABLED=1 go test -race ./internal/web . $(go list ./... | grep -v '^stoa/bench')
go test ./bench/...
go test ./internal/web -run '^(TestReads|TestCursors|TestExecutors)'
go test -tags plain ./graph ./internal/web -skip '^(TestGraphiQL|TestReplicas|TestBehindAPooler|TestRudeSockets|TestSlowConsumer|TestRaces|TestStatementsEndWithTheirRequest|TestExecutors)'
