// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/testcluster"
	"github.com/tshmcp/tshmcp/internal/testcluster/httpproxy"
)

// TestHealthy: where all is well every step says so, and where nothing was named
// what has no meaning then says why.
func TestHealthy(t *testing.T) {
	p := healthy(t, nil)
	result, err := p.examine(t.Context())
	if err != nil || !result.Healthy || result.Proxy != p.cluster.Addr() || result.Server != "notes" {
		t.Fatalf("%+v, %v", result, err)
	}
	order := []string{"keyring", "state", "clock", "dns", "network", "network-proxy", "tls", "load-balancer", "version", "login",
		"certificate", "role", "app", "initialize", "tools", "clients"}
	var got []string
	for _, f := range result.Steps {
		got = append(got, f.Step)
		if f.State != OK && f.Step != "keyring" || f.Text == "" || f.Command != "" || f.Hint != "" {
			t.Errorf("%+v", f)
		}
	}
	if !slices.Equal(got, order) {
		t.Errorf("steps %v", got)
	}
	if text, err := result.Verdict(); err != nil || text != "Nothing is wrong." {
		t.Errorf("%s, %v", text, err)
	}
	p.parts.Name = ""
	result, _ = p.examine(t.Context())
	for _, f := range result.Steps {
		if slices.Contains([]string{"app", "initialize", "tools"}, f.Step) != (f.State == NotRun && strings.HasPrefix(f.Text, "no MCP server was named")) {
			t.Errorf("without a name: %+v", f)
		}
	}
}

// TestBroken breaks one thing at a time: that is what is found, with what mends it,
// and nothing else.
func TestBroken(t *testing.T) {
	for _, tt := range []struct {
		name    string
		cluster func(*testcluster.Config)
		damage  func(*patient)
		want    []string // STATE STEP: part of the text | command; all that failed or warns
	}{
		{"no login", nil, func(p *patient) {
			p.forget()
			p.parts.Source.Addr = p.cluster.Addr()
			p.parts.Source.WebCA = string(p.cluster.WebCA())
		},
			[]string{"failed login: not logged in to $PROXY | tshmcp login --proxy=$PROXY"}},
		{"no cluster", nil, func(p *patient) { p.forget(); p.write(".cursor/mcp.json", "{}") },
			[]string{"failed login: not logged in to any cluster | tshmcp login --proxy=ADDR",
				"warning clients: no MCP client has an entry for notes | tshmcp config notes --client-config=cursor"}},
		{"login expired", nil, func(p *patient) { p.login(p.cluster.Addr(), -time.Minute) },
			[]string{"failed login: the login to $PROXY expired at | tshmcp login --proxy=$PROXY"}},
		{"login ends", nil, func(p *patient) { p.login(p.cluster.Addr(), 5*time.Minute) },
			[]string{"warning login: which is soon | tshmcp login --proxy=$PROXY"}},
		{"keyring hung", nil, func(p *patient) {
			p.forget()
			p.parts.Source.Addr, p.parts.Source.WebCA = p.cluster.Addr(), string(p.cluster.WebCA())
			p.keyring = &creds.KeyringError{Op: "get", Timeout: true}
		},
			[]string{"failed keyring: keyring get: no answer in time [keyring-hung] | tshmcp login --proxy=$PROXY --store=file",
				"failed login: not logged in to $PROXY | tshmcp login --proxy=$PROXY"}},
		{"clock behind", nil, func(p *patient) { p.skew = -10 * time.Minute },
			[]string{"warning clock: this machine's clock is 10m behind the cluster's [clock-wrong] | sudo timedatectl set-ntp true"}},
		{"clock ahead", nil, func(p *patient) { p.skew = 10 * time.Minute },
			[]string{"warning clock: this machine's clock is 10m ahead of the cluster's | sudo timedatectl set-ntp true"}},
		{"no such name", nil, func(p *patient) {
			p.login("teleport.exmaple.test:3080", time.Hour)
			p.entry(".cursor/mcp.json", p.self, "teleport-mcp-notes")
		},
			[]string{"failed dns: teleport.exmaple.test cannot be resolved: no such host | tshmcp login --proxy=teleport.exmaple.test:PORT"}},
		{"port closed", nil, func(p *patient) { p.cluster.Close() },
			[]string{"failed network: connection refused [proxy-refused] | tshmcp login --proxy=127.0.0.1"}},
		{"network's proxy wants a password", nil, func(p *patient) { p.tunnel(httpproxy.Config{User: "me", Password: "x"}, "http://me:hunter2@$TUNNEL") },
			[]string{"failed network-proxy: answers 407 Proxy Authentication Required [network-proxy-auth] | export HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT"}},
		{"network's proxy refuses", nil, func(p *patient) { p.tunnel(httpproxy.Config{Status: 403}, "http://$TUNNEL") },
			[]string{"failed network-proxy: answers 403 | export HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT"}},
		{"network's proxy is not there", nil, func(p *patient) { p.tunnel(httpproxy.Config{}, "http://127.0.0.1:1") },
			[]string{"failed network: the network's proxy 127.0.0.1:1: | export HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT"}},
		{"network's proxy cannot be read", nil, func(p *patient) { p.tunnel(httpproxy.Config{}, "http://me:hunter2#@$TUNNEL") },
			[]string{"failed network-proxy: HTTPS_PROXY is not the address of a proxy | export HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT"}},
		{"private CA", nil, func(p *patient) { p.login(p.cluster.Addr(), time.Hour, func(c *creds.Profile) { c.WebCA = "" }) },
			[]string{"failed tls: unknown authority [proxy-cert-untrusted] | tshmcp login --proxy=$PROXY --ca-file=FILE"}},
		{"other name", nil, func(p *patient) {
			p.parts.Lookup = anywhere
			p.login("other.example.test:"+p.port(), time.Hour)
			p.entry(".cursor/mcp.json", p.self, "teleport-mcp-notes")
		},
			[]string{"failed tls: other.example.test | tshmcp login --proxy=other.example.test"}},
		{"no verification", nil, func(p *patient) { p.parts.Source.Insecure = true },
			[]string{"warning tls: which was not verified | tshmcp login --proxy=$PROXY --ca-file=FILE"}},
		{"load balancer without websockets", func(c *testcluster.Config) { c.Balancer, c.NoUpgrade = testcluster.BalancerHTTP, true }, nil,
			[]string{"failed load-balancer: /webapi/connectionupgrade answers 404 | "}},
		{"upgrades forbidden", func(c *testcluster.Config) { c.Balancer = testcluster.BalancerHTTP }, func(p *patient) { p.env[upgradeVariable] = "no"; p.parts = p.whole() },
			[]string{"failed load-balancer: must not be upgraded | unset " + upgradeVariable}},
		{"no TLS routing", func(c *testcluster.Config) { c.TLSRouting = testcluster.TLSRoutingOff }, nil,
			[]string{"failed load-balancer: runs without TLS routing | "}},
		{"old cluster", func(c *testcluster.Config) { c.Version = "17.5.0"; c.Apps = nil }, nil,
			[]string{"warning version: MCP servers need Teleport 18.3 | ", "failed role: your roles allow no MCP server | tshmcp login --proxy=$PROXY"}},
		{"locked", nil, func(p *patient) { p.cluster.LockUser("alice") }, []string{"failed certificate: [locked] | "}},
		{"role lacks the app", nil, func(p *patient) { p.parts.Name = "secret-notes" },
			[]string{`failed app: has no MCP server "secret-notes" that you may use | tshmcp ls`,
				"warning clients: no MCP client has an entry for secret-notes | tshmcp config secret-notes --client-config=cursor"}},
		{"role allows no tool", func(c *testcluster.Config) { c.Roles[0].AllowTools = nil }, nil,
			[]string{"failed role: none of your roles allows any tool of notes | tshmcp login --proxy=$PROXY"}},
		{"role allows none of its tools", func(c *testcluster.Config) { c.Roles[0].AllowTools = []string{"x"} }, nil,
			[]string{"warning tools: notes shows no tool | tshmcp ls"}},
		{"second factor", func(c *testcluster.Config) { c.Roles[0].RequireSessionMFA = true }, nil,
			[]string{"failed app: notes needs a second factor for each session | "}},
		{"server is down", func(c *testcluster.Config) { c.Apps[0].URI = "mcp+http://127.0.0.1:1/mcp" }, nil, []string{"failed initialize: notes | "}},
		{"names are too long", nil, func(p *patient) { p.entry(".cursor/mcp.json", p.self, "teleport-mcp-"+strings.Repeat("x", 60)) },
			[]string{"warning clients: of its tools have names that are too long for Cursor | tshmcp config notes --client-config=cursor --proxy=$PROXY --name-prefix= && tshmcp config --remove teleport-mcp-" + strings.Repeat("x", 60) + " --client-config=cursor"}},
		{"entry runs another tshmcp", nil, func(p *patient) { p.other("tshmcp v1.0.0\n") },
			[]string{"warning clients: teleport-mcp-notes runs a different tshmcp than this one: $HOME/old/tshmcp | tshmcp config notes --client-config=cursor --proxy=$PROXY"}},
		{"entry runs another program", nil, func(p *patient) { p.other("something else\n") },
			[]string{"failed clients: teleport-mcp-notes runs $HOME/old/tshmcp, which does not start: it is another program | tshmcp config notes --client-config=cursor --proxy=$PROXY"}},
		{"entry runs nothing", nil, func(p *patient) {
			p.entry(".cursor/mcp.json", filepath.Join(p.home, "gone", "tshmcp"), "teleport-mcp-notes")
		},
			[]string{"failed clients: $HOME/gone/tshmcp, which does not start: file does not exist | tshmcp config notes --client-config=cursor --proxy=$PROXY"}},
		{"entry names no server", nil, func(p *patient) {
			p.parts.Name = ""
			p.write(".cursor/mcp.json", fmt.Sprintf(`{"mcpServers": {"teleport-mcp-my notes": {"command": %q, "args": ["connect"]}}}`, p.self))
		},
			[]string{"failed clients: teleport-mcp-my notes runs $HOME/bin/tshmcp without tshmcp connect and the name of an MCP server | tshmcp config --remove 'teleport-mcp-my notes' --client-config=cursor"}},
		{"entry of a project, and of a leaf", nil, func(p *patient) {
			p.parts.Name = ""
			p.parts.Machine.Getwd = func() (string, error) { return filepath.Join(p.home, "project"), nil }
			p.write("old/tshmcp", "another")
			command := filepath.Join(p.home, "old", "tshmcp")
			p.ran[command] = "tshmcp v1.0.0\n"
			p.write("project/.cursor/mcp.json", fmt.Sprintf(`{"mcpServers": {"teleport-mcp-notes": {"command": %q, "args": ["connect", "notes", "--proxy=%s", "--cluster=leaf"]}}}`, command, p.profile.Proxy))
		},
			[]string{"warning clients: teleport-mcp-notes runs a different tshmcp than this one: $HOME/old/tshmcp | tshmcp config notes --client-config=cursor --scope=project --proxy=$PROXY --cluster=leaf"}},
		{"no client has an entry, and nothing is named", nil, func(p *patient) { p.parts.Name = ""; p.write(".cursor/mcp.json", "{}") },
			[]string{"warning clients: no MCP client has an entry | tshmcp config"}},
		{"entry is missing", nil, func(p *patient) { p.write(".cursor/mcp.json", "{}") },
			[]string{"warning clients: no MCP client has an entry for notes | tshmcp config notes --client-config=cursor"}},
		{"entry is switched off", nil, func(p *patient) { p.entry(".cursor/mcp.json", p.self, "teleport-mcp-notes", `"disabled": true`) },
			[]string{"failed clients: teleport-mcp-notes is switched off | "}},
		{"beside the entry is no server", nil, func(p *patient) {
			p.write(".cursor/mcp.json", fmt.Sprintf(`{"mcpServers": {"old": null, "teleport-mcp-notes": {"command": %q, "args": ["connect", "notes", %q]}}}`, p.self, "--proxy="+p.profile.Proxy))
		},
			[]string{"warning clients: has something else than a server under the name old | "}},
		{"client's file is broken", nil, func(p *patient) { p.write(".gemini/settings.json", `{"mcpServers": `) },
			[]string{"warning clients: line 1, column | "}},
		{"file is open to others", nil, func(p *patient) { p.mode("profiles", 0o755) },
			[]string{"failed state: profiles has mode 0755 | chmod -R go= $HOME/state/profiles",
				"failed login: profiles has mode 0755 | chmod -R go= $HOME/state/profiles"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := healthy(t, tt.cluster)
			if tt.damage != nil {
				tt.damage(p)
			}
			result, err := p.examine(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			p.compare(result, tt.want)
		})
	}
}

// compare holds that what failed or warns is what is wanted, and that each step
// that was not run says why.
func (p *patient) compare(result *Result, want []string) {
	p.Helper()
	fill := strings.NewReplacer("$PROXY", p.profile.Proxy, "$HOME", p.home)
	var got []string
	failed := false
	for _, f := range result.Steps {
		failed = failed || f.State == Failed
		if f.State == NotRun && f.Text == "" {
			p.Errorf("%s does not say why", f.Step)
		}
		if f.State == Failed || f.State == Warning {
			got = append(got, fmt.Sprintf("%s %s: %s%s | %s", f.State, f.Step, f.Text, f.Code.Bracketed(), f.Command))
			if f.State == Failed && (f.Code == "" || f.Code == errcode.Internal) {
				p.Errorf("%s has the code %q: %s", f.Step, f.Code, f.Text)
			}
			if f.Command+f.Hint == "" {
				p.Errorf("%s has no remedy: %s", f.Step, f.Text)
			}
		}
	}
	if _, err := result.Verdict(); failed == result.Healthy || failed != (err != nil) {
		p.Errorf("healthy %v, %v", result.Healthy, err)
	}
	matches := len(got) == len(want)
	for i := range min(len(got), len(want)) {
		head, rest, _ := strings.Cut(fill.Replace(want[i]), ": ")
		part, command, _ := strings.Cut(rest, " | ")
		matches = matches && strings.HasPrefix(got[i], head+": ") && strings.Contains(got[i], part) &&
			(command == "" || strings.HasSuffix(got[i], " | "+command))
	}
	if !matches {
		p.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), fill.Replace(strings.Join(want, "\n")))
	}
}

// TestInterrupted: Ctrl-C ends it, whatever it waits for, and what was not looked
// at says so.
func TestInterrupted(t *testing.T) {
	p := healthy(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	p.cluster.SetLatency(time.Hour) // of the app
	p.parts.Now = func() time.Time { return time.Now() }
	told := make(chan string, 32)
	go func() {
		for step := range told {
			if step == "app" {
				cancel()
			}
		}
	}()
	result, err := Run(ctx, p.parts, func(f Finding) { told <- f.Step })
	close(told)
	if !errors.Is(err, context.Canceled) || result.Steps[13].State != NotRun || result.Steps[13].Text != "it was interrupted" {
		t.Errorf("%v, %+v", err, result.Steps[13])
	}
}

func (p *patient) forget() {
	if err := p.store.DeleteLogin(p.Context(), ""); err != nil {
		p.Fatal(err)
	}
}

// tunnel puts a network's proxy before the cluster.
func (p *patient) tunnel(cfg httpproxy.Config, setting string) {
	cfg.Resolve = func(string) string { return p.cluster.Addr() }
	proxy, err := httpproxy.Start(cfg)
	if err != nil {
		p.Fatal(err)
	}
	p.Cleanup(func() { proxy.Close() })
	bare := proxy.URL()[strings.LastIndexAny(proxy.URL(), "/@")+1:]
	p.env["HTTPS_PROXY"] = strings.ReplaceAll(setting, "$TUNNEL", bare)
	p.parts = p.whole()
	p.login(host+":"+p.port(), time.Hour)
	p.entry(".cursor/mcp.json", p.self, "teleport-mcp-notes")
}

func (p *patient) port() string {
	return p.cluster.Addr()[strings.LastIndexByte(p.cluster.Addr(), ':')+1:]
}

// other has the entry run another program, which prints something.
func (p *patient) other(prints string) {
	p.write("old/tshmcp", "another")
	command := filepath.Join(p.home, "old", "tshmcp")
	p.ran[command] = prints
	p.entry(".cursor/mcp.json", command, "teleport-mcp-notes")
}

func (p *patient) mode(name string, mode os.FileMode) {
	if runtime.GOOS == "windows" {
		p.Skip("files have no modes here")
	}
	if err := os.Chmod(filepath.Join(p.store.Dir, name), mode); err != nil {
		p.Fatal(err)
	}
}

// anywhere has every name lead to this machine.
func anywhere(context.Context, string) ([]netip.Addr, error) {
	return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
}
