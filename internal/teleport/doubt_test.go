// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

func TestSkewed(t *testing.T) {
	for skew, want := range map[time.Duration]string{
		0:                             "",
		2*time.Hour - time.Second:     "this machine's clock is 2h0m behind the cluster's",
		-90 * time.Second:             "this machine's clock is 2m ahead of the cluster's",
		-(26*time.Hour + time.Minute): "this machine's clock is 26h1m ahead of the cluster's",
	} {
		if got := Skewed(skew); got != want {
			t.Errorf("%v: %q", skew, got)
		}
	}
}

// TestDoubt: the cluster is asked once for each thing that seems to be over, and
// again after some minutes, however many wait for it; not when its time is known.
func TestDoubt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, end, asked := NewClock(time.Now), time.Now().Add(-time.Hour), 0
		slow := func(ctx context.Context) {
			asked++
			<-ctx.Done() // nobody answers
		}
		want := func(what string, times int) {
			t.Helper()
			if asked != times {
				t.Errorf("%s: asked %d times, want %d", what, asked, times)
			}
			asked = 0
		}
		var all sync.WaitGroup
		began := time.Now()
		for range 20 {
			all.Go(func() { c.Doubt(t.Context(), end, slow) })
		}
		all.Wait()
		want("twenty at once", 1)
		if took := time.Since(began); took > doubtTime {
			t.Errorf("it took %v", took)
		}
		time.Sleep(4 * time.Minute)
		c.Doubt(t.Context(), end, slow)
		want("a little later", 0)
		c.Doubt(t.Context(), end.Add(time.Second), slow)
		want("another login", 1)
		time.Sleep(2 * time.Minute)
		c.Doubt(t.Context(), end, slow)
		want("some minutes later", 1)

		gone, cancel := context.WithCancel(t.Context())
		next := end.Add(time.Minute)
		c.Doubt(gone, next, func(context.Context) { asked++; cancel() })
		c.Doubt(t.Context(), next, slow)
		want("who asked first did not wait", 2)

		c.see(http.Header{"Date": {time.Now().UTC().Format(http.TimeFormat)}}, time.Now())
		c.Doubt(t.Context(), end.Add(time.Hour), slow)
		want("the time is known", 0)
		time.Sleep(6 * time.Minute)
		c.Doubt(t.Context(), end.Add(time.Hour), slow)
		want("it was known some minutes ago", 1)
		for i := range 10 * maxDoubts {
			c.doubted[int64(i)] = time.Now()
			c.Doubt(t.Context(), time.Unix(int64(-i-1), 0), func(context.Context) {})
		}
		if len(c.doubted) > maxDoubts {
			t.Errorf("%d are remembered", len(c.doubted))
		}
		var none *Clock
		none.Doubt(t.Context(), end, slow)
		want("no clock", 0)
	})
}

// TestBlame: where no certificate of the web address is valid by this machine's clock,
// that is told as the cause if they are by the cluster's, by the word of whoever
// answers; nothing else goes by that.
func TestBlame(t *testing.T) {
	var asked atomic.Int32
	web := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.Header.Get("Authorization") != "" || r.Method != http.MethodGet {
			t.Errorf("%s %s of an unverified proxy", r.Method, r.URL)
		}
		_, _ = w.Write([]byte(`{"server_version":"18.3.0","cluster_name":"c"}`))
	}))
	defer web.Close()
	roots := x509.NewCertPool()
	roots.AddCert(web.Certificate())
	ahead := time.Until(web.Certificate().NotAfter) + 24*time.Hour
	behind := -time.Since(web.Certificate().NotBefore) - 24*time.Hour
	for wrong, which := range map[time.Duration]string{ahead: " ahead of ", behind: " behind "} {
		asked.Store(0)
		clock := NewClock(func() time.Time { return time.Now().Add(wrong) })
		p := &Proxy{Addr: web.Listener.Addr().String(), RootCAs: roots, Clock: clock}
		for range 3 {
			err := p.Post(t.Context(), "/webapi/secret", map[string]string{"password": "p"}, nil)
			own := errcode.Explain(err)
			if own == nil || errcode.Of(err) != errcode.ClockWrong || !strings.Contains(strings.Join(own.Hints(), ""), which) {
				t.Fatalf("%v: %v, %v", wrong, err, own)
			}
		}
		if n := asked.Load(); n != 1 {
			t.Errorf("%v: an unverified proxy was asked %d times", wrong, n)
		}
		if clock.Measured() || clock.Skew() != 0 || (clock.guess.skew+wrong).Abs() > 2*time.Second {
			t.Errorf("%v: skew %v, guess %v", wrong, clock.Skew(), clock.guess.skew)
		}
	}
	// It has really expired: by the cluster's clock too.
	cert := &x509.Certificate{NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(-time.Minute)}
	clock := NewClock(nil)
	clock.take(-2 * time.Minute / 3)
	p := &Proxy{Clock: clock}
	e := blame(p, &ReachError{Err: x509.CertificateInvalidError{Cert: cert, Reason: x509.Expired}})
	if e.Skew != 0 || e.ErrorCode() != errcode.ProxyCertExpired {
		t.Errorf("%v: %s", e.Skew, e.ErrorCode())
	}
}
