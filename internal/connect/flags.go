// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge"
	"github.com/tshmcp/tshmcp/internal/usage"
)

// Flags are the flags of connect as they were given.
type Flags struct {
	App          string
	Path         string   // of an ordinary HTTP app; empty for an MCP app
	Headers      []string // 'Name: value'
	SessionLoss  string
	Capabilities string        // "auto" or "keep"; "": auto
	MaxMessage   string        // a size such as 32MiB; "": the bridge's own
	Timeout      time.Duration // of a request; 0: as long as the client waits
	Login        string        // [LoginAuto] or [LoginNever]; "": auto
	LoginBy      string        // what says so, if not --login
}

// Whether the browser opens when a request needs a new login.
const (
	LoginAuto  = "auto"
	LoginNever = "never"
)

// Streams are where the client's messages come from and go to.
type Streams struct {
	In  io.Reader
	Out io.Writer
}

// bridge is what the flags say about the bridge.
func (f *Flags) bridge(s Streams) (bridge.Config, error) {
	path, err := endpointPath(f.Path)
	if err != nil {
		return bridge.Config{}, err
	}
	cfg := bridge.Config{
		URL:            "https://localhost" + path, // the certificate names the app, not the host
		In:             s.In,
		Out:            s.Out,
		SessionLoss:    bridge.SessionLoss(f.SessionLoss),
		RequestTimeout: f.Timeout,
		// An app service knows the requests of all processes of a user by their
		// ids alone (protocol.md 15.1).
		UniqueIDs:        f.isMCPApp(),
		LossyLists:       f.isMCPApp(),                             // protocol.md 15.2
		NoServerRequests: f.isMCPApp() && f.Capabilities != "keep", // protocol.md 15.4
	}
	if f.isMCPApp() {
		cfg.StreamEnds = streamEnds
	}
	if err := f.checkChoices(); err != nil {
		return bridge.Config{}, err
	}
	if cfg.MaxMessageSize, err = parseSize(f.MaxMessage); err != nil {
		return bridge.Config{}, &usage.Error{Err: err}
	}
	cfg.Header, err = parseHeaders(f.Headers)
	return cfg, err
}

// checkChoices is about the flags that take one of several words, or a number.
func (f *Flags) checkChoices() error {
	switch bridge.SessionLoss(f.SessionLoss) {
	case bridge.SessionLossAuto, bridge.SessionLossReplay, bridge.SessionLossError:
	default:
		return usage.Errorf("--session-loss takes replay or error, not %q", f.SessionLoss)
	}
	switch f.Capabilities {
	case "", "auto", "keep":
	default:
		return usage.Errorf("--capabilities takes auto or keep, not %q", f.Capabilities)
	}
	switch f.Login {
	case "", LoginAuto, LoginNever:
	default:
		return usage.Errorf("%s takes auto or never, not %q", cmp.Or(f.LoginBy, "--login"), f.Login)
	}
	if f.Timeout < 0 {
		return usage.Errorf("--request-timeout must not be negative")
	}
	return nil
}

// CheckEntry finds what connect would refuse of the flags that an entry has.
func CheckEntry(path string, headers []string) error {
	if _, err := endpointPath(path); err != nil {
		return err
	}
	_, err := parseHeaders(headers)
	return err
}

// parseHeaders reads headers as they are typed. A value may be a secret: it is
// not repeated.
func parseHeaders(given []string) (http.Header, error) {
	all := http.Header{}
	for _, h := range given {
		name, value, ok := strings.Cut(h, ":")
		if !ok {
			return nil, &usage.Error{Err: errors.New("--header takes 'Name: value'")}
		}
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if err := bridge.ValidateHeader(name, value); err != nil {
			return nil, &usage.Error{Err: fmt.Errorf("--header: %w", err)}
		}
		all.Add(name, value)
	}
	return all, nil
}

// streamEnds is what Teleport does to the streams of an MCP app (protocol.md
// 15.4). It ends them without a word.
const streamEnds = "Teleport ends a stream at a request of the server, as for elicitation or sampling, and at a message over 10 MiB, up to 18.3 over 64 KiB"

// isMCPApp says whether Teleport looks into the messages: it passes those of an
// ordinary HTTP app on as they are.
func (f *Flags) isMCPApp() bool { return f.Path == "" }

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
