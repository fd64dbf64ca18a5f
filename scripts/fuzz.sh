#!/usr/bin/env bash
# Runs each fuzz target of the named packages for a time: fuzz.sh TIME PACKAGE...
# Making an input smaller that is only new, not wrong, is kept short: it would
# take most of a short run.
set -euo pipefail
time=$1
shift
work=$(mktemp -d)
log=$work/log
trap 'rm -rf "$work"' EXIT
cache=$(go env GOCACHE)/fuzz

# At the end of its time Go before 1.27 sometimes takes its own stop for a failure
# (golang/go#75804). Then there is this one line and no failing input.
only_deadline() {
  [ "$(sed -n '/^--- FAIL/,/^FAIL/p' "$log" | sed '1d;$d' | tr -d ' ')" = "contextdeadlineexceeded" ] &&
    ! grep -qiE 'failing input|panic' "$log"
}

# A package is compiled and linked once, and not for each of its targets.
for package in $(go list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' "$@"); do
  dir=$(go list -f '{{.Dir}}' "$package")
  grep -qs '^func Fuzz' "$dir"/*_test.go || continue
  go test -c -vet=off -fuzz . -o "$work/fuzz.test" "$package"
  for target in $("$work/fuzz.test" -test.list '^Fuzz'); do
    echo "fuzz $target ($package) for $time"
    if ! (cd "$dir" && "$work/fuzz.test" -test.run '^$' -test.fuzz "^$target\$" -test.fuzztime "$time" -test.fuzzminimizetime 1s \
      -test.fuzzcachedir "$cache/$package") 2>&1 | tee "$log"; then
      only_deadline || exit 1
      echo "fuzz: $target found nothing; the failure is Go's own at the end of the time" >&2
    fi
  done
done
