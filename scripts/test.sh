#!/usr/bin/env bash
# Runs every test, of the fuzz targets their seeds, on the PostgreSQL that the environment names. What
# takes longest, and mostly waits, runs beside all else: the tests of internal/web, with the race
# detector as nearly all. Without it go the benchmark's own tests, all that is compared with the plain
# model, and once more what gqlgen's executor answers in place of our own: all of it but what is
# about connections, replicas and the page.
set -euo pipefail
cd "$(dirname "$0")/.."

race() { CGO_ENABLED=1 go test -race "$@"; }

race ./internal/web &
web=$!
{
	race . $(go list ./... | grep -vE '^stoa/(bench|internal/web$)') &&
		go test ./bench/... &&
		go test ./internal/web -run '^(TestReads|TestCursors|TestExecutors)' &&
		go test -tags plain ./graph ./internal/web -skip '^(TestGraphiQL|TestReplicas|TestBehindAPooler|TestRudeSockets|TestSlowConsumer|TestRaces|TestStatementsEndWithTheirRequest|TestExecutors)'
} && others=0 || others=$?
wait "$web"
exit "$others"
