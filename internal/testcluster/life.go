// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync"
)

// life is the time in which a cluster runs. Whatever its parts start ends with it,
// and Close waits for that.
type life struct {
	ctx  context.Context // ends when Close begins
	stop context.CancelFunc
	mu   sync.Mutex     // orders begin and end
	wg   sync.WaitGroup // every goroutine and every request
}

func newLife() *life {
	l := &life{}
	l.ctx, l.stop = context.WithCancel(context.Background())
	return l
}

// begin counts a request as work that Close waits for; it must be followed by
// wg.Done. It reports false once Close has begun.
func (l *life) begin() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ctx.Err() != nil {
		return false
	}
	l.wg.Add(1)
	return true
}

// end ends the context: nothing begins any more.
func (l *life) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stop()
}

// newServer returns an HTTP server with the proxy's timeouts, whose requests
// end with the cluster and which Close waits for.
func (l *life) newServer(cfg Config, handler http.Handler) *http.Server {
	return &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !l.begin() {
				panic(http.ErrAbortHandler)
			}
			defer l.wg.Done()
			handler.ServeHTTP(w, r)
		}),
		ReadHeaderTimeout: handshakeTimeout,
		IdleTimeout:       cfg.AppTimes.ClientIdle,
		BaseContext:       func(net.Listener) context.Context { return l.ctx },
		ErrorLog:          slog.NewLogLogger(cfg.Log.Handler(), slog.LevelDebug),
	}
}
