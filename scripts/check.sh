#!/usr/bin/env bash
# Looks for faults without running anything: check.sh STATICCHECK GOVULNCHECK, the two tools as
# module/path@version. Names all that it finds.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=()

step() { # step NAME COMMAND…: runs it, and goes on
	echo "== $1"
	"${@:2}" || failed+=("$1")
}

format() {
	local files
	files="$(go list -f '{{$d := .Dir}}{{range .GoFiles}}{{$d}}/{{.}}{{"\n"}}{{end}}{{range .TestGoFiles}}{{$d}}/{{.}}{{"\n"}}{{end}}{{range .XTestGoFiles}}{{$d}}/{{.}}{{"\n"}}{{end}}' ./... | xargs gofmt -l)"
	[ -z "$files" ] || { echo "not formatted by gofmt:"; echo "$files"; return 1; }
}

# Generates in a copy, so that the working folder stays as it is.
generated() {
	local copy
	copy="$(mktemp -d)"
	git ls-files -z --cached --others --exclude-standard | tar -c --null -T - | tar -x -C "$copy"
	(cd "$copy" && go generate ./...) && diff -r "$copy/graph" graph
	local result=$?
	rm -rf "$copy"
	[ $result -eq 0 ] || echo "run make generate"
	return $result
}

# Status 3 is govulncheck's for a finding; its database may also be out of reach.
vulnerable() {
	go run "$1" ./...
	case $? in
		0) ;;
		3) return 1 ;;
		*) echo "known holes were not looked up: govulncheck could not work, see above" ;;
	esac
}

step "gofmt" format
step "go vet" go vet ./...
step "staticcheck" go run "$1" ./...
step "import rules" go test -run '^TestImports' .
step "generated code" generated
step "go mod verify" go mod verify
step "govulncheck" vulnerable "$2"

if [ ${#failed[@]} -gt 0 ]; then
	printf 'check failed:'
	printf ' %s,' "${failed[@]}" | sed 's/,$//'
	echo
	exit 1
fi
