#!/usr/bin/env bash
# Fails when the checked-in generated code differs from what `go generate`
# makes of the .proto files. Another protoc than the pinned one may describe a
# file in other words, so it proves nothing.
set -euo pipefail
pinned=$(sed -n 's/^pinned="\(.*\)"$/\1/p' scripts/wirepb.sh)
found=$(protoc --version 2>/dev/null || echo "no protoc")
if [ "$found" != "$pinned" ]; then
  echo "generate-clean: skipped, needs $pinned and found $found" >&2
  exit 0
fi
# protoc without its own .proto files cannot say anything either.
empty=$(mktemp -d)
trap 'rm -r "$empty"' EXIT
printf 'syntax = "proto3";\nimport "google/protobuf/empty.proto";\nimport "google/protobuf/timestamp.proto";\n' >"$empty/try.proto"
if ! protoc -I "$empty" --descriptor_set_out=/dev/null "$empty/try.proto" 2>/dev/null; then
  echo "generate-clean: skipped, needs protoc's google/protobuf/*.proto" >&2
  exit 0
fi
sum() { git ls-files -co --exclude-standard '*.pb.go' '*.binpb' | sort | xargs sha256sum; }
before=$(sum)
go generate ./...
after=$(sum)
if [ "$before" != "$after" ]; then
  echo "generate-clean: generated code is stale, run make generate and commit" >&2
  diff <(echo "$before") <(echo "$after") >&2 || true
  exit 1
fi
