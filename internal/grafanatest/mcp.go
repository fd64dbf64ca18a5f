// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package grafanatest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"time"
)

// MCPConfig describes the Grafana MCP server to start.
type MCPConfig struct {
	Program    string // what Build returned
	GrafanaURL string
	Log        io.Writer // its stderr; nil discards it
}

// MCP is a running Grafana MCP server. Every request carries its own token for
// Grafana, in the header X-Grafana-API-Key; it has none of its own.
type MCP struct {
	cmd    *exec.Cmd
	addr   string
	exited chan struct{} // closed when the process has been waited for
}

// attempts at a free port: it may be taken between finding and using it.
const attempts = 5

// StartMCP starts the server and waits until it answers, at most until ctx
// ends. Close stops it.
func StartMCP(ctx context.Context, cfg MCPConfig) (*MCP, error) {
	var errs []error
	for range attempts {
		m, err := startMCP(cfg)
		if err != nil {
			return nil, err
		}
		if err = m.ready(ctx); err == nil {
			return m, nil
		}
		errs = append(errs, err, m.Close())
		if ctx.Err() != nil {
			break
		}
	}
	return nil, errors.Join(errs...)
}

func startMCP(cfg MCPConfig) (*MCP, error) {
	// The server compares the Host header with its --address, so the port must
	// be known beforehand.
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	m := &MCP{addr: addr, exited: make(chan struct{})}
	m.cmd = exec.Command(cfg.Program,
		"--transport", "streamable-http",
		"--address", addr,
		"--usage-stats", "disabled", // reports to stats.grafana.org
		"--disable-docs", // its tools read grafana.com
	)
	// Nothing but what the server needs, so that no proxy, token or telemetry
	// endpoint of the surroundings has an effect.
	m.cmd.Env = []string{"GRAFANA_URL=" + cfg.GrafanaURL, "DO_NOT_TRACK=1"}
	m.cmd.Stderr = cfg.Log
	m.cmd.WaitDelay = 5 * time.Second
	if err := m.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(m.exited)
		_ = m.cmd.Wait() // how it ended is seen in its log
	}()
	return m, nil
}

func freeAddr() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

// ready asks the health check until it answers 200.
func (m *MCP) ready(ctx context.Context) error {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if healthy(ctx, client, "http://"+m.addr+"/healthz") {
			return nil
		}
		select {
		case <-tick.C:
		case <-m.exited:
			return fmt.Errorf("the Grafana MCP server ended: %s", m.cmd.ProcessState)
		case <-ctx.Done():
			return fmt.Errorf("the Grafana MCP server does not answer: %w", ctx.Err())
		}
	}
}

func healthy(ctx context.Context, client *http.Client, url string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	resp, err := client.Do(req)
	if err != nil {
		return false
	}
	resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// URL is the MCP endpoint, http://127.0.0.1:PORT/mcp.
func (m *MCP) URL() string { return "http://" + m.addr + "/mcp" }

// Close asks the server to end, kills it after five seconds, and waits for it.
func (m *MCP) Close() error {
	if err := terminate(m.cmd.Process); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return errors.Join(err, m.kill())
	}
	select {
	case <-m.exited:
		return nil
	case <-time.After(5 * time.Second):
		return errors.Join(errors.New("the Grafana MCP server had to be killed"), m.kill())
	}
}

func (m *MCP) kill() error {
	err := m.cmd.Process.Kill()
	<-m.exited
	if errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	return err
}
