// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestFirstOf is which of two or three addresses is taken, when, and which were
// asked: by when each answers, or fails.
func TestFirstOf(t *testing.T) {
	const never = time.Hour
	type port struct {
		after time.Duration
		fails bool
	}
	ok := func(after time.Duration) port { return port{after, false} }
	bad := func(after time.Duration) port { return port{after, true} }
	for name, test := range map[string]struct {
		ports []port
		want  int
		took  time.Duration
		asked []int
	}{
		"the first":                        {[]port{ok(300 * time.Millisecond), ok(0)}, 0, 300 * time.Millisecond, []int{0}},
		"the first is none":                {[]port{bad(100 * time.Millisecond), ok(50 * time.Millisecond)}, 1, 150 * time.Millisecond, []int{0, 1}},
		"the first is filtered":            {[]port{bad(never), ok(50 * time.Millisecond)}, 1, portPatience, []int{0, 1}},
		"the first is slow":                {[]port{ok(3 * time.Second), ok(0)}, 0, 3 * time.Second, []int{0, 1}},
		"the first is slow, and no other":  {[]port{ok(9 * time.Second), bad(0)}, 0, 9 * time.Second, []int{0, 1}},
		"the first fails late":             {[]port{bad(2 * time.Second), ok(0)}, 1, 2 * time.Second, []int{0, 1}},
		"the second is slower than both":   {[]port{bad(15 * time.Second), ok(6 * time.Second)}, 1, 7 * time.Second, []int{0, 1}},
		"none":                             {[]port{bad(0), bad(time.Second)}, -1, time.Second, []int{0, 1}},
		"none, both filtered":              {[]port{bad(15 * time.Second), bad(15 * time.Second)}, -1, 16 * time.Second, []int{0, 1}},
		"the third":                        {[]port{bad(0), bad(0), ok(0)}, 2, 0, []int{0, 1, 2}},
		"the second, the third was sooner": {[]port{bad(0), ok(2 * time.Second), ok(0)}, 1, 2 * time.Second, []int{0, 1, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begun := time.Now()
				asked := make(chan int, 9)
				n, errs := firstOf(t.Context(), len(test.ports), func(ctx context.Context, n int) error {
					asked <- n
					select {
					case <-time.After(test.ports[n].after):
					case <-ctx.Done():
						return ctx.Err()
					}
					if test.ports[n].fails {
						return fmt.Errorf("port %d", n)
					}
					return nil
				})
				close(asked)
				var order []int
				for n := range asked {
					order = append(order, n)
				}
				if n != test.want || time.Since(begun) != test.took || !slices.Equal(order, test.asked) {
					t.Errorf("took %d after %v, asked %v", n, time.Since(begun), order)
				}
				if n < 0 && (len(errs) != 2 || errs[0].Error() != "port 0" || errs[1].Error() != "port 1") {
					t.Errorf("errors %v", errs)
				}
			})
		})
	}
}

// TestFirstOfEnds: whoever asked gives up.
func TestFirstOfEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		n, _ := firstOf(ctx, 2, func(ctx context.Context, _ int) error { <-ctx.Done(); return ctx.Err() })
		if n != -1 {
			t.Errorf("took %d", n)
		}
	})
}

// TestFirstProxy asks real servers: another web server is none, and the errors
// are told each with its address.
func TestFirstProxy(t *testing.T) {
	serve := func(answer string) *Proxy {
		srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, answer) }))
		srv.Config.ErrorLog = discardLog
		srv.StartTLS()
		t.Cleanup(srv.Close)
		return &Proxy{Addr: srv.Listener.Addr().String(), Insecure: true}
	}
	page, nobody := serve("<html>hello</html>"), &Proxy{Addr: "127.0.0.1:1"}
	proxy := serve(`{"server_version":"18.8.0"}`)
	if got, err := FirstProxy(testContext(t), "h", []*Proxy{page, nobody, proxy}); got != proxy {
		t.Errorf("%+v, %v", got, err)
	}
	for _, cause := range []error{
		&net.DNSError{Err: "no such host"}, &EgressSettingError{Setting: "HTTPS_PROXY"}, &EgressError{Err: errors.New("gone")},
		&EgressError{Status: http.StatusProxyAuthRequired}, &EgressError{Login: true, Err: errors.New("who?")},
	} {
		fails := &Proxy{Addr: "h:443", Dial: func(context.Context, string, string) (net.Conn, error) { return nil, cause }}
		var none *NoProxyError
		if _, err := FirstProxy(testContext(t), "h", []*Proxy{fails, page}); !errors.Is(err, cause) || errors.As(err, &none) {
			t.Errorf("%v, which no port changes: %v", cause, err)
		}
	}
	_, err := FirstProxy(testContext(t), "h.example", []*Proxy{page, nobody})
	var none *NoProxyError
	if !errors.As(err, &none) || !errors.Is(err, ErrNotTeleport) || !strings.HasPrefix(err.Error(),
		"no Teleport proxy was found at h.example, for which no port was given: "+page.Addr+": ") || !strings.Contains(err.Error(), "; 127.0.0.1:1: ") {
		t.Errorf("error %v", err)
	}
	if hints := strings.Join(none.Hints(), "\n"); !strings.Contains(hints, ErrNotTeleport.Hints()[0]) {
		t.Errorf("hints %q lack that of what answers with a page", hints)
	}
	strange := serve("")
	strange.Insecure = false
	_, err = FirstProxy(testContext(t), "::1", []*Proxy{strange, nobody})
	if !errors.As(err, &none) || len(none.Hints()) != 3 || !strings.Contains(none.Hints()[2], "--proxy=[::1]:PORT") || !strings.Contains(strings.Join(none.Hints(), " "), "--ca-file=FILE") {
		t.Errorf("error %v, hints %q", err, none.Hints())
	}
}

// TestFirstProxyFiltered: a likelier address that takes connections and says
// nothing costs seconds, and not the time that a request may take.
func TestFirstProxyFiltered(t *testing.T) {
	t.Parallel()
	silent := listen(t)
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"server_version":"18.8.0"}`) }))
	defer srv.Close()
	proxy := &Proxy{Addr: srv.Listener.Addr().String(), Insecure: true}
	begun := time.Now()
	got, err := FirstProxy(testContext(t), "h", []*Proxy{{Addr: silent.Addr().String(), Insecure: true}, proxy})
	if took := time.Since(begun); got != proxy || took < portPatience || took > 2*portPatience {
		t.Errorf("%+v, %v after %v", got, err, took)
	}
}

// TestIPv6 is a proxy at an address of the newer kind, as it is read and dialled.
func TestIPv6(t *testing.T) {
	listener, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Skipf("this machine has no [::1]: %v", err)
	}
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != listener.Addr().String() {
			t.Errorf("Host is %s", r.Host)
		}
		fmt.Fprint(w, `{"server_version":"18.8.0"}`)
	}))
	srv.Listener.Close()
	srv.Listener = listener
	srv.StartTLS()
	defer srv.Close()
	roots := x509.NewCertPool()
	roots.AddCert(srv.Certificate())
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	for _, typed := range []string{"[::1]:" + port, "https://[::1]:" + port + "/web/login", "0:0:0:0:0:0:0:1:" + port} {
		addr := must(ReadAddr(typed))(t)
		must((&Proxy{Addr: addr.String(), RootCAs: roots}).Find(testContext(t)))(t)
	}
}
