// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package wirepb holds the messages and services that the test cluster speaks
// to its clients: the part of Teleport's gRPC API described in protocol.md 7,
// with Teleport's field numbers and a protobuf package of our own.
//
// The client of this project declares the same messages a second time, on its
// side. That is on purpose: a cluster that shared the client's messages could
// only prove that the client agrees with itself. The two live in one process,
// and the protobuf registry is global, so the package name and the file name
// differ from the client's; Register serves the services under their real
// names.
package wirepb

//go:generate sh generate.sh
