// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// fakeNet is a network of addresses that connect after some time, refuse, or
// never answer.
type fakeNet struct {
	t      *testing.T
	begun  time.Time
	after  map[string]time.Duration // connects
	refuse map[string]time.Duration

	mu    sync.Mutex
	tried []string // address and time
	open  int
}

// fakeConn counts itself.
type fakeConn struct {
	net.Conn
	of   *fakeNet
	addr string
}

func (c *fakeConn) Close() error {
	c.of.mu.Lock()
	defer c.of.mu.Unlock()
	c.of.open--
	return nil
}

func (n *fakeNet) connect(ctx context.Context, _, addr string) (net.Conn, error) {
	n.mu.Lock()
	n.tried = append(n.tried, fmt.Sprint(addr, " ", time.Since(n.begun)))
	n.mu.Unlock()
	refuse, refuses := n.refuse[addr]
	wait, connects := n.after[addr]
	if !refuses && !connects {
		<-ctx.Done()
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: ctx.Err()}
	}
	select {
	case <-time.After(max(refuse, wait)):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if refuses {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: net.TCPAddrFromAddrPort(netip.MustParseAddrPort(addr)), Err: syscall.ECONNREFUSED}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.open++
	return &fakeConn{of: n, addr: addr}, nil
}

// TestDialerTakesTheFirst is a name with several addresses, some of which lead
// nowhere: which are tried when, and which one is taken.
func TestDialerTakesTheFirst(t *testing.T) {
	const ms, one, two, three, six = time.Millisecond, "192.0.2.1:443", "192.0.2.2:443", "192.0.2.3:443", "[2001:db8::6]:443"
	v4 := []string{"192.0.2.1", "192.0.2.2", "192.0.2.3"}
	for name, test := range map[string]struct {
		addrs  []string
		after  map[string]time.Duration
		refuse map[string]time.Duration
		want   string
		took   time.Duration
		tried  []string
	}{
		"the first": {v4, map[string]time.Duration{one: 200 * ms, two: ms}, nil, one, 200 * ms, []string{one + " 0s"}},
		"filtered":  {v4, map[string]time.Duration{two: 10 * ms}, nil, two, 260 * ms, []string{one + " 0s", two + " 250ms"}},
		"refused": {v4, map[string]time.Duration{two: 10 * ms}, map[string]time.Duration{one: ms}, two, 11 * ms,
			[]string{one + " 0s", two + " 1ms"}},
		"late, but first": {v4, map[string]time.Duration{one: 300 * ms, two: 300 * ms}, nil, one, 300 * ms, []string{one + " 0s", two + " 250ms"}},
		"the last of them": {v4, map[string]time.Duration{three: ms}, nil, three, 501 * ms,
			[]string{one + " 0s", two + " 250ms", three + " 500ms"}},
		"one family is cut off": {[]string{"2001:db8::6", "2001:db8::7", "192.0.2.1"}, map[string]time.Duration{one: ms}, nil, one, 251 * ms,
			[]string{six + " 0s", one + " 250ms"}},
		"one family is refused": {[]string{"192.0.2.1", "2001:db8::6"}, map[string]time.Duration{six: ms}, map[string]time.Duration{one: 0}, six, ms,
			[]string{one + " 0s", six + " 0s"}},
		"two at once": {v4[:2], map[string]time.Duration{one: 251 * ms, two: ms}, nil, "", 251 * ms, []string{one + " 0s", two + " 250ms"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fake := &fakeNet{t: t, begun: time.Now(), after: test.after, refuse: test.refuse}
				d := &Dialer{Connect: fake.connect, Lookup: func(context.Context, string) ([]netip.Addr, error) {
					var ips []netip.Addr
					for _, a := range test.addrs {
						ips = append(ips, netip.MustParseAddr(a))
					}
					return ips, nil
				}}
				conn := must(d.Dial(t.Context(), "tcp", "teleport.example.test:443"))(t)
				if got := conn.(*fakeConn).addr; test.want != "" && got != test.want || time.Since(fake.begun) != test.took {
					t.Errorf("took %s after %v, want %s after %v", got, time.Since(fake.begun), test.want, test.took)
				}
				if !slices.Equal(fake.tried, test.tried) {
					t.Errorf("tried %v, want %v", fake.tried, test.tried)
				}
				if conn.Close(); fake.open != 0 {
					t.Errorf("%d connections are left open", fake.open)
				}
			})
		})
	}
}

// TestDialerFails is what is said where nothing answers, and how long that takes.
func TestDialerFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		many := make([]netip.Addr, 40)
		refuse := map[string]time.Duration{}
		for i := range many {
			many[i] = netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})
			refuse[many[i].String()+":443"] = 0
		}
		fake := &fakeNet{t: t, begun: time.Now(), refuse: refuse}
		found := many[:1]
		d := &Dialer{Connect: fake.connect, Lookup: func(context.Context, string) ([]netip.Addr, error) { return found, nil }}
		_, err := d.Dial(t.Context(), "tcp", "t.example.test:443")
		if !errors.Is(err, syscall.ECONNREFUSED) || err.Error() != "dial tcp 192.0.2.0:443: connection refused" {
			t.Errorf("one address: %v", err)
		}
		found, fake.tried = many, nil
		_, err = d.Dial(t.Context(), "tcp", "t.example.test:443")
		if !errors.Is(err, syscall.ECONNREFUSED) || len(fake.tried) != maxAddresses || !strings.HasPrefix(err.Error(),
			"dial tcp t.example.test:443: none of its 16 addresses answers: 192.0.2.0:443: connection refused; ") || !strings.HasSuffix(err.Error(), "; and 12 more") {
			t.Errorf("many addresses, %d tried: %v", len(fake.tried), err)
		}
		found, fake.refuse = many[:3], nil
		begun := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err = d.Dial(ctx, "tcp", "t.example.test:443"); !isTimeout(err) || time.Since(begun) != time.Second {
			t.Errorf("filtered: %v after %v", err, time.Since(begun))
		}
		found = nil
		var dns *net.DNSError
		if _, err = d.Dial(t.Context(), "tcp", "t.example.test:443"); !errors.As(err, &dns) {
			t.Errorf("no address: %v", err)
		}
	})
}

// TestDialerAsksTheSystem is the zero value: names and literals.
func TestDialerAsksTheSystem(t *testing.T) {
	l := listen(t)
	_, port, _ := net.SplitHostPort(l.Addr().String())
	for _, host := range []string{"127.0.0.1", "localhost"} {
		conn := must(new(Dialer).Dial(testContext(t), "tcp", net.JoinHostPort(host, port)))(t)
		conn.Close()
	}
	if six, err := net.Listen("tcp", "[::1]:0"); err != nil {
		t.Logf("[::1] is not tried: %v", err)
	} else {
		defer six.Close()
		must(new(Dialer).Dial(testContext(t), "tcp", six.Addr().String()))(t).Close()
	}
	var dns *net.DNSError
	if _, err := new(Dialer).Dial(testContext(t), "tcp", "tshmcp.invalid:443"); !errors.As(err, &dns) {
		t.Errorf("error %v", err)
	}
}
