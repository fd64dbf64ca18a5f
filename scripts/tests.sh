#!/usr/bin/env bash
# Runs `go test` with the given arguments. Each package says when it is done; at
# the end stand the tests that failed, those that were skipped with the reason,
# and one line with the numbers. With SLOWEST=1 the twenty slowest follow.
set -uo pipefail
cd "$(dirname "$0")/.."
events=$(mktemp)
trap 'rm -f "$events"' EXIT
sum() { go tool -modfile=tools/go.mod gotestsum "$@"; }

sum --format pkgname --format-hide-empty-pkg --jsonfile-timing-events "$events" -- "$@"
code=$?
[ -z "${SLOWEST:-}" ] || sum tool slowest --num 20 --jsonfile "$events"
exit $code
