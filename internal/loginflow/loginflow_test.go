// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/terminal"
	"github.com/tshmcp/tshmcp/internal/testcluster"
	"github.com/tshmcp/tshmcp/internal/usage"
)

func proxyOf(cluster *testcluster.Cluster) *teleport.Proxy {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(cluster.WebCA())
	return &teleport.Proxy{Addr: cluster.Addr(), RootCAs: roots, Upgrade: teleport.NewUpgrade(teleport.UpgradeAuto)}
}

// teller keeps what a login tells, and signs somebody in at each link.
type teller struct {
	t       *testing.T
	cluster *testcluster.Cluster
	user    string
	told    []string
	browser sync.WaitGroup
}

func (l *teller) Warn(format string, a ...any) { l.told = append(l.told, fmt.Sprintf(format, a...)) }

func (l *teller) Link(purpose, link string, _ error) {
	l.told = append(l.told, purpose)
	l.browser.Go(func() {
		if err := l.cluster.SignIn(l.t.Context(), link, l.user); err != nil {
			l.t.Errorf("sign in: %v", err)
		}
	})
}

func (l *teller) Approval(user, _ string) { l.told = append(l.told, "approve "+user) }

func (l *teller) Say(format string, a ...any) {
	l.told = append(l.told, "say: "+fmt.Sprintf(format, a...))
}

func (l *teller) Message(_ context.Context, text string) error {
	l.told = append(l.told, "message: "+text)
	return nil
}

// startFlow starts a cluster and a login to it, in a store of its own.
func startFlow(t *testing.T, cfg testcluster.Config) (*Flow, *teller) {
	t.Helper()
	cluster, err := testcluster.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cluster.Close() })
	told := &teller{t: t, cluster: cluster, user: "alice"}
	return &Flow{
		Addr: addrOf(cluster), Backend: creds.File,
		Store:    &creds.Store{Dir: t.TempDir()},
		NewProxy: func(string, string) (*teleport.Proxy, error) { return proxyOf(cluster), nil },
		Teller:   told,
		Terminal: func() (Terminal, func() error, error) { return nil, nil, &terminal.NoneError{} },
	}, told
}

// addrOf is the cluster's address as a person names it.
func addrOf(cluster *testcluster.Cluster) teleport.Addr {
	addr, err := teleport.ReadAddr(cluster.Addr())
	if err != nil {
		panic(err)
	}
	return addr
}

func users(password string) testcluster.Config {
	return testcluster.Config{
		Users: []testcluster.User{{Name: "alice", Roles: []string{"dev"}, Password: password}},
		Roles: []testcluster.Role{{Name: "dev"}},
	}
}

// TestFlow is a login through the browser: what is told, and what is kept. The
// next one takes from it what it is not told.
func TestFlow(t *testing.T) {
	cfg := users("")
	cfg.MOTD = "Be careful."
	f, told := startFlow(t, cfg)
	f.TTL = time.Hour
	done, err := f.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := "credentials are kept unencrypted in " + f.Store.Dir + " (--store=file)|message: Be careful.|sign in"
	if got := strings.Join(told.told, "|"); got != want {
		t.Errorf("told %s\nwant %s", got, want)
	}
	kept, err := f.Store.Profile("")
	if err != nil || kept.Username != "alice" || kept.Proxy != f.Addr.String() || kept.TTL != time.Hour || !kept.Expires.Equal(done.Identity.Expires()) || len(kept.HostCAs) == 0 {
		t.Errorf("kept %+v, %v", kept, err)
	}
	if pair, err := f.Store.Login(t.Context(), kept); err != nil || string(pair.Cert) != string(done.Identity.Cert.Raw) {
		t.Errorf("kept %v", err)
	}
	f.Addr, f.Backend, f.TTL, f.Unattended, told.told = teleport.Addr{}, "", 0, true, nil
	again, err := f.Run(t.Context())
	if err != nil || again.Profile.Store != creds.File || again.Profile.TTL != time.Hour || again.Profile.Proxy != kept.Proxy {
		t.Errorf("again: %+v, %v", again, err)
	}
}

// TestFlowWrongClock: a login works with a clock that is wrong, says by how much and
// which way, and keeps it.
func TestFlowWrongClock(t *testing.T) {
	for wrong, which := range map[time.Duration]string{26 * time.Hour: "26h0m ahead of", -2 * time.Hour: "2h0m behind"} {
		f, told := startFlow(t, users(""))
		f.NewProxy = func(string, string) (*teleport.Proxy, error) {
			p := proxyOf(told.cluster)
			p.Clock = teleport.NewClock(func() time.Time { return time.Now().Add(wrong) })
			return p, nil
		}
		if _, err := f.Run(t.Context()); err != nil {
			t.Errorf("%v: %v", wrong, err)
			continue
		}
		if got := strings.Join(told.told, "|"); !strings.Contains(got, "this machine's clock is "+which+" the cluster's: set it right") {
			t.Errorf("%v: told %s", wrong, got)
		}
		if p, err := f.Store.Profile(""); err != nil || (p.ClockSkew+wrong).Abs() > 2*time.Second || p.Issued.IsZero() {
			t.Errorf("%v: kept %+v, %v", wrong, p, err)
		}
	}
}

// TestFlowEnds are logins that end before anybody is asked.
func TestFlowEnds(t *testing.T) {
	local := users("secret")
	local.LocalAuth = testcluster.LocalAuth{Default: true}
	without := local
	without.LocalAuth.NoHeadless = true
	for name, test := range map[string]struct {
		cfg    testcluster.Config
		change func(*Flow)
		want   error
	}{
		"no proxy":         {users(""), func(f *Flow) { f.Addr = teleport.Addr{} }, errNoProxy},
		"passwordless":     {local, func(f *Flow) { f.Connector = "passwordless" }, errPasswordless},
		"lines by browser": {users(""), func(f *Flow) { f.Lines = strings.NewReader("") }, new(usage.Error)},
		"no terminal":      {local, func(*Flow) {}, new(NobodyError)},
		"unattended":       {local, func(f *Flow) { f.Unattended = true }, new(NothingToRenewError)},
		"no headless":      {without, func(f *Flow) { f.Connector = "headless" }, new(HeadlessOffError)},
		"no such name":     {local, func(f *Flow) { f.Connector = "nosuch" }, new(UnknownConnectorError)},
		"empty input":      {local, func(f *Flow) { f.Lines, f.User = strings.NewReader(""), "alice" }, errNoPassword},
	} {
		t.Run(name, func(t *testing.T) {
			f, _ := startFlow(t, test.cfg)
			test.change(f)
			_, err := f.Run(t.Context())
			if fmt.Sprintf("%T", err) != fmt.Sprintf("%T", test.want) {
				t.Errorf("error %v (%T), want %T", err, err, test.want)
			}
			if wrong, ok := test.want.(*usage.Error); ok && wrong.Err != nil && !errors.Is(err, wrong) {
				t.Errorf("error %v, want %v", err, wrong)
			}
			if slices.Contains([]error{errNoPassword, errNoCode, errPasswordless}, test.want) && !errors.Is(err, test.want) {
				t.Errorf("error %v, want %v", err, test.want)
			}
			if _, err := f.Store.Profile(""); !errors.Is(err, creds.ErrNotFound) {
				t.Errorf("something is kept: %v", err)
			}
		})
	}
}
