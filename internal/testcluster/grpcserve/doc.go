// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package grpcserve answers gRPC calls with one request and one or many answers,
// over HTTP/2 as net/http speaks it, like the server of grpc-go, on which Teleport
// runs: with its bounds, its statuses and its words. It is a second reading of the
// protocol and shares nothing with that of the client.
package grpcserve
