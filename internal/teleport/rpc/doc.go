// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package rpc makes gRPC calls over HTTP/2 as net/http speaks it: calls with one
// answer, and calls with a stream of them. It knows connections and bytes; messages
// are encoded and decoded by whoever calls.
//
// What gRPC has beyond that is not here: no compression, no keep-alive pings, no
// metadata, no streams of requests, no resolvers and balancers. Nothing runs while
// no call does, but for the reader of the connection.
package rpc
