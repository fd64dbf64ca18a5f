// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// tunnel marks a connection that goes through the network's proxy.
type tunnel struct{ net.Conn }

// Path is the way to a proxy through that of the network, which answers for itself:
// the system does not notice that the way behind it is dead, and over HTTP there is
// nothing that could be asked. So while somebody waits and nothing comes over any
// connection, another one is opened. When nobody answers that three times, those from
// before are taken for dead, and end as ones that the system gives up. The zero value
// is ready; it is safe for concurrent use.
type Path struct {
	heard atomic.Int64 // when something came last, in nanoseconds since some time

	mu      sync.Mutex
	live    []*pathConn
	waiting int
	end     context.CancelFunc // of looking, while somebody waits
}

// pathConn is a connection over a path.
type pathConn struct {
	*quietConn
	path *Path
}

// began is what the times of a path are counted from.
var began = time.Now()

func (w *Path) hear() { w.heard.Store(int64(time.Since(began))) }

// quiet is how long nothing has come.
func (w *Path) quiet() time.Duration { return time.Since(began) - time.Duration(w.heard.Load()) }

// add has a connection watched.
func (w *Path) add(c net.Conn) net.Conn {
	conn := &pathConn{newQuietConn(c), w}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.live = append(w.live, conn)
	return conn
}

func (c *pathConn) Read(b []byte) (int, error) {
	n, err := c.quietConn.Read(b)
	if n > 0 {
		c.path.hear()
	}
	return n, err
}

func (c *pathConn) Close() error {
	c.path.mu.Lock()
	c.path.live = slices.DeleteFunc(c.path.live, func(o *pathConn) bool { return o == c })
	c.path.mu.Unlock()
	return c.quietConn.Close()
}

func (w *Path) await(answers func(context.Context) bool) (done func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.waiting++; w.waiting == 1 {
		w.hear() // nothing was to come before
		ctx, cancel := context.WithCancel(context.Background())
		timer := time.AfterFunc(alive.idle, func() { w.look(ctx, answers) })
		w.end = func() { timer.Stop(); cancel() }
	}
	return sync.OnceFunc(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.waiting--; w.waiting == 0 {
			w.end()
		}
	})
}

// look looks at the path, again and again, until nobody waits any more.
func (w *Path) look(ctx context.Context, answers func(context.Context) bool) {
	for ctx.Err() == nil {
		if rest := alive.idle - w.quiet(); rest > 0 {
			select {
			case <-time.After(rest):
			case <-ctx.Done():
			}
			continue
		}
		w.mu.Lock()
		old := slices.Clone(w.live)
		w.mu.Unlock()
		for misses := 0; len(old) > 0 && misses < alive.probes && w.quiet() >= alive.idle && !answers(ctx); misses++ {
			if misses == alive.probes-1 && w.quiet() >= alive.idle {
				for _, c := range old {
					c.kill()
				}
			}
		}
		w.hear() // the next look is a while later
	}
}

// answers tells whether there is a way to the proxy: whether anything at all is said to
// another connection. Somebody who refuses it is there.
func answers(ctx context.Context, p *Proxy) bool {
	ctx, cancel := context.WithTimeout(ctx, alive.interval)
	defer cancel()
	raw, err := p.dial(ctx)
	if err == nil {
		var conn net.Conn
		if conn, err = handshake(ctx, raw, p.Addr, p.webTLS()); err == nil {
			conn.Close()
		}
	}
	return !isNoWord(err)
}

// isNoWord tells that a connection was not opened since nobody answered, of whom the
// network's proxy may speak.
func isNoWord(err error) bool {
	var refused *EgressError
	if errors.As(err, &refused) && refused.Err == nil {
		return refused.Status == http.StatusGatewayTimeout
	}
	return errors.Is(err, context.DeadlineExceeded) || isTimeout(err) ||
		refused != nil && refused.Refused && slices.ContainsFunc(socksNoWord, func(s string) bool { return strings.HasSuffix(refused.Err.Error(), s) })
}

// socksNoWord are the reasons of a SOCKS5 proxy that mean that nobody answered it.
var socksNoWord = []string{"network unreachable", "host unreachable", "TTL expired"}
