// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

const (
	// portDelay is how long an address has before the next one is asked beside it.
	portDelay = time.Second
	// portPatience is how long the answer of a likelier address is waited for while
	// that of another one is there: a filtered port costs no more.
	portPatience = 4 * time.Second
)

// NoProxyError tells that none of the addresses that were tried is that of a
// Teleport proxy.
type NoProxyError struct {
	Host  string
	Addrs []string
	Errs  []error // of each
}

func (e *NoProxyError) Error() string {
	var tried []string
	for i, addr := range e.Addrs {
		tried = append(tried, fmt.Sprintf("%s: %v", addr, e.Errs[i]))
	}
	return fmt.Sprintf("no Teleport proxy was found at %s, for which no port was given: %s", e.Host, strings.Join(tried, "; "))
}

// Unwrap returns the causes.
func (e *NoProxyError) Unwrap() []error { return e.Errs }

// Hints are those of the causes, and that a port can be named.
func (e *NoProxyError) Hints() []string {
	var all []string
	for _, err := range e.Errs {
		if own := errcode.Explain(err); own != nil {
			all = append(all, own.Hints()...)
		}
	}
	slices.Sort(all)
	return append(slices.Compact(all), "name the port of the Teleport proxy, if it is a different one: --proxy="+Addr{Host: e.Host}.At("PORT"))
}
func (e *NoProxyError) ExitCode() int           { return exitError }
func (e *NoProxyError) ErrorCode() errcode.Code { return errcode.ProxyNotFound }

// FirstProxy asks each of several addresses of one host whether a Teleport proxy
// is there (/webapi/find), the likeliest first, and returns the first in that
// order that is one. A later one is asked when those before it have failed, or
// are late; it is taken when they have, or when they have let it wait for 4 s.
// Without one, the error is a *[NoProxyError].
func FirstProxy(ctx context.Context, host string, proxies []*Proxy) (*Proxy, error) {
	n, errs := firstOf(ctx, len(proxies), func(ctx context.Context, i int) error {
		_, err := proxies[i].Find(ctx)
		return err
	})
	switch {
	case n >= 0:
		return proxies[n], nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case !portMatters(errs[0]):
		return nil, errs[0]
	}
	failed := &NoProxyError{Host: host, Errs: errs}
	for _, p := range proxies {
		failed.Addrs = append(failed.Addrs, p.Addr)
	}
	return nil, failed
}

// portMatters reports whether an error may be another one at another port.
func portMatters(err error) bool {
	var (
		dns     *net.DNSError
		setting *EgressSettingError
		egress  *EgressError
	)
	if errors.As(err, &egress) {
		return egress.Refused || egress.Status != 0 && egress.Status != http.StatusProxyAuthRequired
	}
	return !errors.As(err, &dns) && !errors.As(err, &setting)
}

// answered is what came of one question.
type answered struct {
	n   int
	err error
}

// firstOf returns which of count questions to go by, or -1 and the error of each.
// All of them are over when it returns.
func firstOf(ctx context.Context, count int, ask func(ctx context.Context, n int) error) (int, []error) {
	ctx, cancel := context.WithCancel(ctx)
	results := make(chan answered, count)
	started, open := 0, 0
	defer func() {
		cancel()
		for ; open > 0; open-- {
			<-results
		}
	}()
	late := time.NewTimer(0)
	defer late.Stop()
	patience := time.NewTimer(portPatience)
	defer patience.Stop()
	errs := make([]error, count)
	found, patient := count, true // the best that answers
	for {
		select {
		case <-late.C:
			if n := started; n < count && found == count {
				started, open = started+1, open+1
				go func() { results <- answered{n, ask(ctx, n)} }()
				late.Reset(portDelay)
			}
		case <-patience.C:
			patient = false
		case got := <-results:
			open--
			if errs[got.n] = got.err; got.err == nil {
				found = min(found, got.n)
			} else if started < count {
				late.Reset(0)
			}
		}
		switch failed := failures(errs); {
		case found < count && (failed >= found || !patient):
			return found, nil
		case failed == count:
			return -1, errs
		}
	}
}

// failures is how many errors there are before the first gap.
func failures(errs []error) int {
	for i, err := range errs {
		if err == nil {
			return i
		}
	}
	return len(errs)
}
