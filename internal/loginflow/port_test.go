// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

// TestFlowFindsThePort is a login to a host: which ports are asked, which one is
// taken, told and kept; and the next login goes there first.
func TestFlowFindsThePort(t *testing.T) {
	for name, test := range map[string]struct {
		at     string // the port of the cluster
		told   string
		second []string // what the login after it asks
	}{
		"443":  {"443", "", []string{"443"}},
		"3080": {"3080", "say: no port was given: the Teleport proxy is localhost:3080, there is none at localhost:443", []string{"3080"}},
	} {
		t.Run(name, func(t *testing.T) {
			f, told := startFlow(t, users(""))
			var mu sync.Mutex
			var asked []string
			f.Addr = teleport.Addr{Host: "localhost"}
			f.NewProxy = func(addr, _ string) (*teleport.Proxy, error) {
				p := proxyOf(told.cluster)
				p.Addr = addr
				p.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
					_, port, _ := net.SplitHostPort(addr)
					mu.Lock()
					asked = append(asked, port)
					mu.Unlock()
					if port != test.at {
						return nil, errors.New("nobody there")
					}
					return new(net.Dialer).DialContext(ctx, network, told.cluster.Addr())
				}
				return p, nil
			}
			done, err := f.Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			want := "localhost:" + test.at
			if kept, err := f.Store.Profile(""); err != nil || kept.Proxy != want || done.Proxy.Addr != want {
				t.Errorf("kept %+v, %v", kept, err)
			}
			if said := slices.DeleteFunc(told.told, func(line string) bool { return !strings.HasPrefix(line, "say: ") }); strings.Join(said, "|") != test.told {
				t.Errorf("told %q", said)
			}
			asked, told.told = nil, nil
			if _, err := f.Run(t.Context()); err != nil || !slices.Equal(slices.Compact(slices.Sorted(slices.Values(asked))), test.second) {
				t.Errorf("again: asked %v, %v", asked, err)
			}
			f.Addr.Host = "127.0.0.1"
			test.at = "9"
			var none *teleport.NoProxyError
			if _, err := f.Run(t.Context()); !errors.As(err, &none) || len(none.Errs) != 2 {
				t.Errorf("nowhere: %v", err)
			}
		})
	}
}
