#!/usr/bin/env bash
# Runs `go build -v` and says how far it is: on a fresh machine some hundreds of
# packages are compiled, which takes minutes without a word from go itself.
set -euo pipefail

echo "$*"
count=0
"$@" 2>&1 | while IFS= read -r line; do
  if [[ ! $line =~ ^[a-z0-9][A-Za-z0-9._/~-]*$ ]]; then
    printf '%s\n' "$line" # what is wrong, or downloaded
    continue
  fi
  if ((count == 0)); then
    echo "compiling; the first time on a machine this takes minutes, later seconds"
  fi
  if ((++count % 25 == 0)); then
    echo "compiled $count packages"
  fi
done
