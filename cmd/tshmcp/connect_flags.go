// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/tshmcp/tshmcp/internal/bridge"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/usage"
)

// bridgeConfig is what the flags say about the bridge.
func (o *connectOptions) bridgeConfig() (bridge.Config, error) {
	path, err := endpointPath(o.path)
	if err != nil {
		return bridge.Config{}, err
	}
	cfg := bridge.Config{
		URL:            "https://localhost" + path, // the certificate names the app, not the host
		In:             o.stdin,
		Out:            plain.Raw(o.stdout), // messages for the client
		Header:         http.Header{},
		SessionLoss:    bridge.SessionLoss(o.sessionLoss),
		RequestTimeout: o.timeout,
		// An app service knows the requests of all processes of a user by their
		// ids alone (protocol.md 15.1).
		UniqueIDs:  o.isMCPApp(),
		LossyLists: o.isMCPApp(), // protocol.md 15.2
	}
	if o.isMCPApp() {
		cfg.StreamEnds = streamEnds
	}
	switch cfg.SessionLoss {
	case bridge.SessionLossAuto, bridge.SessionLossReplay, bridge.SessionLossError:
	default:
		return bridge.Config{}, usage.Errorf("--session-loss takes replay or error, not %q", o.sessionLoss)
	}
	switch o.capabilities {
	case "auto":
		cfg.NoServerRequests = o.isMCPApp() // protocol.md 15.4
	case "keep":
	default:
		return bridge.Config{}, usage.Errorf("--capabilities takes auto or keep, not %q", o.capabilities)
	}
	if o.timeout < 0 {
		return bridge.Config{}, usage.Errorf("--request-timeout must not be negative")
	}
	if cfg.MaxMessageSize, err = parseSize(o.maxMessage); err != nil {
		return bridge.Config{}, &usage.Error{Err: err}
	}
	for _, h := range o.headers {
		// The value may be a secret: it is not repeated.
		name, value, ok := strings.Cut(h, ":")
		if !ok {
			return bridge.Config{}, usage.Errorf("--header takes 'Name: value'")
		}
		if err := bridge.ValidateHeader(strings.TrimSpace(name), strings.TrimSpace(value)); err != nil {
			return bridge.Config{}, usage.Errorf("--header: %w", err)
		}
		cfg.Header.Add(strings.TrimSpace(name), strings.TrimSpace(value))
	}
	return cfg, nil
}

// streamEnds is what Teleport does to the streams of an MCP app (protocol.md
// 15.4). It ends them without a word.
const streamEnds = "Teleport ends a stream at a request of the server, as for elicitation or sampling, and at a message over 10 MiB, up to 18.3 over 64 KiB"

// isMCPApp says whether Teleport looks into the messages: it passes those of an
// ordinary HTTP app on as they are.
func (o *connectOptions) isMCPApp() bool { return o.path == "" }

// sizeUnits are the units of a size, the binary ones that memory is counted in.
var sizeUnits = []struct {
	suffix string
	bytes  int
}{{"GIB", 1 << 30}, {"MIB", 1 << 20}, {"KIB", 1 << 10}, {"GB", 1e9}, {"MB", 1e6}, {"KB", 1e3}, {"B", 1}, {"", 1}}

// minMessage is the least --max-message-size: an initialize must fit.
const minMessage = 64 << 10

// parseSize reads a size such as 32MiB or 1000000; empty is 0.
func parseSize(s string) (int, error) {
	if s == "" {
		return 0, nil
	}
	for _, unit := range sizeUnits {
		digits, ok := strings.CutSuffix(strings.ToUpper(s), unit.suffix)
		n, err := strconv.Atoi(strings.TrimSpace(digits))
		if !ok || err != nil {
			continue
		}
		if n < 0 || n > (1<<30)/unit.bytes || n*unit.bytes < minMessage {
			return 0, errors.New("--max-message-size must be between 64KiB and 1GiB")
		}
		return n * unit.bytes, nil
	}
	return 0, fmt.Errorf("--max-message-size takes a size such as 32MiB, not %q", s)
}

// endpointPath checks --path; an MCP app is reached at the root, which the
// proxy turns into the path of the app's URI (protocol.md 8.1).
func endpointPath(path string) (string, error) {
	switch {
	case path == "":
		return "/", nil
	case !strings.HasPrefix(path, "/"), strings.HasPrefix(path, "//"), strings.ContainsAny(path, " #\t\r\n"):
		return "", usage.Errorf("--path must start with one / and be a URL path, not %q", path)
	}
	return path, nil
}
