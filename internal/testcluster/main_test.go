// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: no goroutine is left behind, and the server that raw apps start.

package testcluster

import (
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/tshmcp/tshmcp/internal/rawtest"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == rawtest.Arg {
		os.Exit(rawtest.Serve(os.Stdin, os.Stdout, os.Args[2:]))
	}
	if len(os.Args) > 1 && os.Args[1] == sdkServerArg {
		os.Exit(runSDKServer())
	}
	// A process built with the race detector would sleep for a second at its end.
	os.Setenv("GORACE", "atexit_sleep_ms=0")
	goleak.VerifyTestMain(m)
}
