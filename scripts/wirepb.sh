#!/usr/bin/env bash
# Copyright 2026 The tshmcp Authors
# SPDX-License-Identifier: Apache-2.0
#
# Writes the *.pb.go of the .proto files in a folder, and what tests compare them
# with, testdata/messages.binpb: the .proto files as protoc describes them.
# `go generate` runs it in that folder. It needs this protoc from the PATH; another one
# may describe a file in other words.
set -euo pipefail
pinned="libprotoc 3.21.12"
found=$(protoc --version) || exit
test "$found" = "$pinned" || { echo "wirepb: found $found, need $pinned" >&2; exit 1; }
folder=$(pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=${folder#"$PWD"/}

plugins=$(mktemp -d)
trap 'rm -rf "$plugins"' EXIT
go build -o "$plugins/gen" ./internal/wire/gen
mkdir -p "$folder/testdata"
protoc --proto_path=. --plugin="protoc-gen-wire=$plugins/gen" \
  --wire_out=. --wire_opt=module=github.com/tshmcp/tshmcp \
  --include_imports --descriptor_set_out="$folder/testdata/messages.binpb" \
  "$folder"/*.proto
