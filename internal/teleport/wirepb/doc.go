// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package wirepb holds the messages and clients of the Teleport auth service that
// tshmcp uses, generated from the .proto files beside it. They
// carry the server's own package, service and field numbers (protocol.md 7),
// and of each message only the fields that are read or written: the others are
// skipped.
//
// To change them edit a .proto file and run "go generate" in this folder. It
// needs protoc in the PATH, of the version that scripts/wirepb.sh names; the
// plugin is internal/wire/gen.
package wirepb

//go:generate ../../../scripts/wirepb.sh
