#!/usr/bin/env bash
# Runs the tests of packages: tests.sh PACKAGES FLAG..., PACKAGES in one word.
# Each package says when it is done; at the end stand the tests that failed,
# those that were skipped with the reason, and one line with the numbers. With
# SLOWEST=1 the twenty slowest follow. With RERUN=1 up to three tests that failed
# are run once more and are named, so that a machine that was too busy for one of
# them does not hold up everything; one that fails twice has failed.
set -uo pipefail
cd "$(dirname "$0")/.."
packages=$1
shift
events=$(mktemp)
reruns=$(mktemp)
trap 'rm -f "$events" "$reruns"' EXIT
sum() { go tool -modfile=tools/go.mod gotestsum "$@"; }

again=()
[ -z "${RERUN:-}" ] || again=(--rerun-fails=1 --rerun-fails-max-failures=3 --rerun-fails-abort-on-data-race --rerun-fails-report "$reruns")
sum --format standard-quiet --jsonfile-timing-events "$events" "${again[@]}" --packages "$packages" -- "$@"
code=$?
if [ -s "$reruns" ]; then
  echo "Failed, and run again:"
  cat "$reruns"
fi
[ -z "${SLOWEST:-}" ] || sum tool slowest --num 20 --jsonfile "$events"
exit $code
