#!/bin/sh
# Copyright 2026 The tshmcp Authors
# SPDX-License-Identifier: Apache-2.0
#
# Writes *.pb.go from testcluster.proto, with protoc 3.21.12 from the PATH and
# the plugins that go.mod names. The output is the same, byte for byte, each
# time: `go generate ./internal/testcluster/wirepb`.
set -eu
cd "$(dirname "$0")"

plugins=$(mktemp -d)
trap 'rm -rf "$plugins"' EXIT
go build -o "$plugins/protoc-gen-go" google.golang.org/protobuf/cmd/protoc-gen-go
go build -o "$plugins/protoc-gen-go-grpc" google.golang.org/grpc/cmd/protoc-gen-go-grpc

protoc \
	--plugin="protoc-gen-go=$plugins/protoc-gen-go" \
	--plugin="protoc-gen-go-grpc=$plugins/protoc-gen-go-grpc" \
	--go_out=. --go_opt=paths=source_relative \
	--go-grpc_out=. --go-grpc_opt=paths=source_relative \
	testcluster.proto

../../../scripts/lazypb.sh testcluster.pb.go
