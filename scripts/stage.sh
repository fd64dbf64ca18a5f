#!/usr/bin/env bash
# Runs one stage of the tests and says how long it took: stage.sh NAME COMMAND...
set -uo pipefail
name=$1
shift
printf '== %s\n' "$name"
SECONDS=0
"$@"
code=$?
if [ $code -eq 0 ]; then
  printf '== %s: passed in %d s\n' "$name" $SECONDS
else
  printf '== %s: FAILED after %d s\n' "$name" $SECONDS
fi
exit $code
