#!/usr/bin/env bash
# Runs each fuzz target for a while (default 30s): fuzz.sh [TIME]. What it finds is kept under
# testdata/fuzz beside the target and fails `go test` from then on.
set -euo pipefail
cd "$(dirname "$0")/.."
time="${1:-30s}"

grep -rnoE --include='*_test.go' --exclude-dir=node_modules '^func Fuzz[A-Za-z0-9_]+' . |
while IFS=: read -r file _ function; do
	target="${function#func }"
	package="$(dirname "$file")"
	echo "fuzz $package $target"
	# The log is shown only if something was found. The end of the time itself may be reported as a
	# failure before Go 1.27 (go.dev/issue/75804).
	log="$(go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" "$package" </dev/null 2>&1)" || {
		if [[ $log == *"    context deadline exceeded"* && $log != *"Failing input written"* ]]; then continue; fi
		echo "$log"
		exit 1
	}
done
