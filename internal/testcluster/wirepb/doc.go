// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package wirepb holds the messages and services that the test cluster speaks
// to its clients: the part of Teleport's gRPC API described in protocol.md 7,
// with Teleport's field numbers and a protobuf package of our own.
//
// The client of this project declares the same messages a second time, on its
// side. That is on purpose: a cluster that shared the client's messages could
// only prove that the client agrees with itself. The protobuf package is one of
// our own, of the messages of several; Register has the services' real names.
package wirepb

//go:generate ../../../scripts/wirepb.sh
