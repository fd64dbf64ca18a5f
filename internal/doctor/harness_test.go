// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: a machine that works, to be broken.

package doctor

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/connect"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/logintest"
	"github.com/tshmcp/tshmcp/internal/settings"
	"github.com/tshmcp/tshmcp/internal/setup"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/testcluster"
	"github.com/tshmcp/tshmcp/internal/toolcall"
)

// host is a name of the cluster's that its certificate has.
const host = "teleport.example.test"

// patient is somebody with a machine that works: a login, a server, and a client
// with an entry for it.
type patient struct {
	*testing.T
	cluster *testcluster.Cluster
	profile creds.Profile
	pair    creds.KeyPair
	store   *creds.Store
	home    string
	self    string // this program
	env     map[string]string
	ran     map[string]string // what programs print
	parts   Parts
	skew    time.Duration // of this machine's clock
	keyring error
}

func healthy(t *testing.T, change func(*testcluster.Config)) *patient {
	t.Helper()
	notes, err := demo.StartNotes()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { notes.Close() })
	cfg := testcluster.Config{
		WebNames: []string{host},
		Users:    []testcluster.User{{Name: "alice", Roles: []string{"user"}}},
		Roles:    []testcluster.Role{{Name: "user", AllowAppLabels: map[string][]string{"env": {"prod"}}, AllowTools: []string{"*"}}},
		Apps: []testcluster.App{
			{Name: "notes", URI: notes.URI(), Labels: map[string]string{"env": "prod"}},
			{Name: "secret-notes", URI: notes.URI(), Labels: map[string]string{"env": "board"}},
		},
	}
	if change != nil {
		change(&cfg)
	}
	cluster, err := testcluster.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cluster.Close() })
	home := t.TempDir()
	p := &patient{
		T: t, cluster: cluster, home: home, self: filepath.Join(home, "bin", "tshmcp"),
		store: &creds.Store{Dir: filepath.Join(home, "state")}, env: map[string]string{}, ran: map[string]string{},
	}
	p.write("bin/tshmcp", "the program")
	p.login(cluster.Addr(), time.Hour)
	p.entry(".cursor/mcp.json", p.self, "teleport-mcp-notes")
	p.parts = p.whole()
	return p
}

// whole are the parts of a command, for the server notes.
func (p *patient) whole() Parts {
	now := func() time.Time { return time.Now().Add(p.skew) }
	getenv := func(name string) string { return p.env[name] }
	e := settings.Env{GOOS: "linux", Home: p.home, Getenv: getenv}
	clusters := &access.Clusters{
		Store: p.store, Now: now, UserAgent: "test", UpgradeMode: e.UpgradeMode,
		Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			if egress := access.Egress(getenv); egress != nil {
				return egress.Dial(ctx, network, addr)
			}
			return (&teleport.Dialer{Lookup: p.parts.Lookup}).Dial(ctx, network, addr)
		},
	}
	return Parts{
		Name: "notes", Clusters: clusters, Now: now, Version: "v1.2.3",
		Source: access.Source{}, Egress: access.Egress(getenv),
		Machine: &setup.Machine{
			Env: e, Getwd: func() (string, error) { return p.home, nil },
			LookPath:   func(string) (string, error) { return "", os.ErrNotExist },
			Executable: func() (string, error) { return p.self, nil },
			CalledAs:   func() (string, error) { return p.self, nil },
			Run: func(_ context.Context, command string, _ ...string) (string, error) {
				if out, ok := p.ran[command]; ok {
					return out, nil
				}
				return "", &os.PathError{Op: "fork/exec", Path: command, Err: os.ErrNotExist}
			},
		},
		Keyring: func(context.Context) error { return p.keyring },
		Lookup: func(_ context.Context, name string) ([]netip.Addr, error) {
			if name == host || name == "127.0.0.1" {
				return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
			}
			return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
		},
		Open: func(ctx context.Context) (*toolcall.Session, error) {
			return toolcall.Open(ctx, connect.Flags{App: p.parts.Name, Path: p.parts.Path, Login: connect.LoginNever}, p.parts.Source, connect.Host{
				Clusters: clusters, StateDir: p.store.Dir, Now: now, Log: slog.New(slog.DiscardHandler),
				Tell: func(string) {}, Report: func(error) {}, Closed: func() string { return "" },
				Explain: func(err error) (string, []string, int) { return err.Error(), nil, 1 },
			}, toolcall.Client{})
		},
	}
}

// login stores one to the proxy at addr.
func (p *patient) login(addr string, ttl time.Duration, change ...func(*creds.Profile)) {
	p.Helper()
	var err error
	if p.profile, p.pair, err = logintest.Issue(p.cluster, "alice", ttl); err != nil {
		p.Fatal(err)
	}
	p.profile.Proxy = addr
	for _, c := range change {
		c(&p.profile)
	}
	if err := p.store.SaveLogin(p.Context(), p.profile, p.pair); err != nil {
		p.Fatal(err)
	}
}

// entry writes a client's file with an entry for notes.
func (p *patient) entry(file, command, name string, more ...string) {
	args, _ := json.Marshal([]string{"connect", "notes", "--proxy=" + p.profile.Proxy, "--header=X-Key:hunter2"})
	extra := ""
	if len(more) > 0 {
		extra = ", " + more[0]
	}
	p.write(file, fmt.Sprintf(`{"mcpServers": {%q: {"command": %q, "args": %s%s}}}`, name, command, args, extra))
}

func (p *patient) write(file, text string) {
	p.Helper()
	path := filepath.Join(p.home, filepath.FromSlash(file))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		p.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		p.Fatal(err)
	}
}

// examine runs it, and looks for secrets in what comes out.
func (p *patient) examine(ctx context.Context) (*Result, error) {
	p.Helper()
	told := 0
	result, err := Run(ctx, p.parts, func(Finding) { told++ })
	if told != len(result.Steps) {
		p.Errorf("%d findings were told, %d returned", told, len(result.Steps))
	}
	text, jsonErr := json.Marshal(result)
	if jsonErr != nil {
		p.Fatal(jsonErr)
	}
	for _, secret := range []string{"hunter2", base64.StdEncoding.EncodeToString(p.pair.Key)[:40], "PRIVATE"} {
		if strings.Contains(string(text), secret) {
			p.Errorf("%s is in the output:\n%s", secret, text)
		}
	}
	return result, err
}
