// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package wirepb holds the messages and gRPC clients of the Teleport auth
// service that tshmcp uses, generated from the .proto files beside it. They
// carry the server's own package, service and field numbers (protocol.md 7),
// and of each message only the fields that are read or written: protobuf skips
// the others.
//
// To change them edit a .proto file and run "go generate" in this folder. It
// needs the protoc named in gen.go in the PATH; the two plugins are tools of
// the module and are built from go.mod's versions.
package wirepb

//go:generate go run gen.go
