// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: a cluster with a login, and the programs that are measured in front of it.

//go:build bench

package bench

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/logintest"
	"github.com/tshmcp/tshmcp/internal/npmtest"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// app is the name of the app that is measured.
const app = "bench"

// nodeMajor is the oldest node that the peers run on.
const nodeMajor = 20

// loginTime is how long the logins last.
const loginTime = 10 * time.Hour

// A stage is a cluster with an MCP app in a process of its own, as clusters are, and
// a home folder of a user who is logged in, with the login and the app's certificate
// in files.
type stage struct {
	dir      string
	exe      string // tshmcp, as make build leaves it
	addr     string // of the proxy
	backend  string // URL of the app's server
	tls      *tls.Config
	pair, ca string // files in PEM: the app's certificate with its key, the proxy's CA
}

// newStage starts a cluster with so many apps.
func newStage(t *testing.T, apps int) *stage {
	t.Helper()
	exe, err := filepath.Abs("../../bin/tshmcp")
	check(t, err)
	s := &stage{dir: t.TempDir(), exe: exe}
	s.pair, s.ca = filepath.Join(s.dir, "app.pem"), filepath.Join(s.dir, "ca.pem")
	cmd := exec.Command(os.Args[0], "-serve="+s.dir, fmt.Sprintf("-apps=%d", apps))
	in, err := cmd.StdinPipe()
	check(t, err)
	out, err := cmd.StdoutPipe()
	check(t, err)
	cmd.Stderr = os.Stderr
	check(t, cmd.Start())
	t.Cleanup(func() { check(t, errors.Join(in.Close(), cmd.Wait())) })
	if _, err := fmt.Fscanln(out, &s.addr, &s.backend); err != nil {
		t.Fatalf("the cluster does not start: %v", err)
	}
	check(t, s.takeCertificate(t.Context()))
	return s
}

// serve is the process of a stage: it logs in to a new cluster, says where that is,
// and ends when stdin does.
func serve(dir string, apps int) error {
	backend := startBackend()
	defer backend.Close()
	url := backend.URL + "/mcp"
	all := []testcluster.App{{Name: app, URI: "mcp+" + url}}
	for i := range apps - 1 {
		all = append(all, testcluster.App{
			Name: fmt.Sprintf("app-%04d", i), Description: "An app like many others", URI: "mcp+" + url,
			Labels: map[string]string{"env": "prod", "team": "web"},
		})
	}
	cluster, err := testcluster.Start(testcluster.Config{
		Users: demo.Users(), Roles: demo.Roles(demo.Role([]string{"*"}, nil)), Apps: all,
	})
	if err != nil {
		return err
	}
	defer cluster.Close()
	store := &creds.Store{Dir: filepath.Join(dir, "state")}
	if err := logintest.Save(context.Background(), store, cluster, "alice", loginTime); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "ca.pem"), cluster.WebCA(), 0o600); err != nil {
		return err
	}
	fmt.Println(cluster.Addr(), url)
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

func (s *stage) state() string       { return filepath.Join(s.dir, "state") }
func (s *stage) store() *creds.Store { return &creds.Store{Dir: s.state()} }

// takeCertificate has connect get the app's certificate, and reads it from the store.
func (s *stage) takeCertificate(ctx context.Context) error {
	if _, err := opens(s.command("connect", app)); err != nil {
		return err
	}
	profile, err := s.store().Profile("")
	if err != nil {
		return err
	}
	kept, err := s.store().App(ctx, profile, creds.App{Name: app})
	if err != nil {
		return err
	}
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: kept.Cert})
	key := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: kept.Key})
	if err := os.WriteFile(s.pair, append(cert, key...), 0o600); err != nil {
		return err
	}
	ca, err := os.ReadFile(s.ca)
	if err != nil {
		return err
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	s.tls = &tls.Config{Certificates: []tls.Certificate{pair}, RootCAs: roots}
	return nil
}

// url is the app behind the proxy, for who has its certificate.
func (s *stage) url() string { return "https://" + s.addr + "/" }

// environ is the environment of everything that is started.
func (s *stage) environ(more ...string) []string {
	return append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.dir, "USER=alice", "TSHMCP_HOME=" + s.state()}, more...)
}

// command is tshmcp with the login.
func (s *stage) command(args ...string) *exec.Cmd { return s.run(s.exe, args...) }

// run is a program in the same environment.
func (s *stage) run(exe string, args ...string) *exec.Cmd {
	cmd := exec.Command(exe, args...)
	cmd.Env, cmd.Dir = s.environ(), s.dir
	return cmd
}

// A peer is a program that bridges stdio to the app, or to its server.
type peer struct {
	name    string
	command func() *exec.Cmd
	slow    bool // its start takes most of a second
}

// Names of what is measured.
const (
	plain     = "plain"     // the plain client in this process
	relay     = "relay"     // the plain relay: the same as a process between pipes
	empty     = "empty"     // a program that does nothing
	libraries = "libraries" // one that prints a version, linked with the libraries of ours
	tshmcp    = "tshmcp"    // ours
)

// peers are the programs that are measured side by side. Those of npm speak to the
// server without the proxy in between, and are left out with the reason where they
// cannot be had.
func (s *stage) peers(t *testing.T) []peer {
	t.Helper()
	relayExe := build(t, "testdata/plain/main.go")
	all := []peer{
		{name: relay, command: func() *exec.Cmd { return exec.Command(relayExe, s.url(), s.pair, s.ca) }},
		{name: tshmcp, command: func() *exec.Cmd { return s.command("connect", app) }},
	}
	node, modules, err := peerModules(t.Context())
	if err != nil {
		t.Logf("without the peers of npm: %v", err)
		return all
	}
	nodeCommand := func(script string, args ...string) func() *exec.Cmd {
		return func() *exec.Cmd {
			cmd := exec.Command(node, append([]string{filepath.Join(modules, filepath.FromSlash(script))}, args...)...)
			cmd.Env, cmd.Dir = s.environ("MCP_REMOTE_CONFIG_DIR="+filepath.Join(s.dir, "mcp-remote")), s.dir
			return cmd
		}
	}
	return append(all,
		peer{"mcp-remote", nodeCommand("mcp-remote/dist/proxy.js", s.backend, "--transport", "http-only"), true},
		peer{"supergateway", nodeCommand("supergateway/dist/index.js", "--streamableHttp", s.backend, "--logLevel", "none"), true})
}

// peerModules installs the packages of testdata/peers once for this user.
func peerModules(ctx context.Context) (node, modules string, err error) {
	node, ok := npmtest.Node(ctx, nodeMajor)
	if !ok {
		return "", "", fmt.Errorf("they need node %d or newer", nodeMajor)
	}
	ctx, cancel := context.WithTimeout(ctx, npmtest.Time)
	defer cancel()
	folder, err := npmtest.Install(ctx, "../../testdata/peers", true)
	return node, filepath.Join(folder, "node_modules"), err
}

// build builds a program of testdata like `make build` does ours.
func build(t *testing.T, file string) string {
	t.Helper()
	exe := filepath.Join(t.TempDir(), "program.exe")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-ldflags", "-s -w -funcalign=16", "-o", exe, file)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return exe
}

// output is what a program prints, on one line.
func output(cmd *exec.Cmd) string {
	out, err := cmd.Output()
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(out))
}
