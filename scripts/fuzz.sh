#!/usr/bin/env bash
# Runs each fuzz target of the named packages for a time: fuzz.sh TIME PACKAGE...
# Making an input smaller that is only new, not wrong, is kept short: it would
# take most of a short run.
set -euo pipefail
time=$1
shift
for package in $(go list "$@"); do
  for target in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
    echo "fuzz $target ($package) for $time"
    go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 1s "$package"
  done
done
