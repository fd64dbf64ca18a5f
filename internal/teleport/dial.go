// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

const (
	// attemptDelay is how long an address has before the next one is tried beside
	// it (RFC 8305, section 8).
	attemptDelay = 250 * time.Millisecond
	// maxAddresses bounds what a name may have the client try.
	maxAddresses = 16
	// maxToldAddresses is how many of them an error tells about.
	maxToldAddresses = 4
)

// Dialer opens TCP connections. Of a name with several addresses it tries one
// after the other, IPv6 and IPv4 in turns, the next as soon as one fails or is
// late, and takes the first that connects (RFC 8305, "Happy Eyeballs"): an
// address that is filtered, or a family that leads nowhere, costs a moment. The
// zero value is ready.
type Dialer struct {
	// Lookup finds the addresses of a host, the best one first; nil asks the
	// system.
	Lookup func(ctx context.Context, host string) ([]netip.Addr, error)
	// Connect dials one address; nil means a net.Dialer whose connections end when
	// nothing comes back over them for 25 seconds.
	Connect func(ctx context.Context, network, addr string) (net.Conn, error)
}

// AddressesError tells that none of several addresses of a host was reached.
type AddressesError struct {
	Addr string  // host:port
	Errs []error // in the order of the attempts
}

func (e *AddressesError) Error() string {
	var told []string
	for _, err := range e.Errs[:min(len(e.Errs), maxToldAddresses)] {
		told = append(told, strings.TrimPrefix(errcode.Words(err), "dial tcp "))
	}
	if more := len(e.Errs) - len(told); more > 0 {
		told = append(told, fmt.Sprintf("and %d more", more))
	}
	return fmt.Sprintf("dial tcp %s: none of its %d addresses answers: %s", e.Addr, len(e.Errs), strings.Join(told, "; "))
}

// Unwrap returns the causes.
func (e *AddressesError) Unwrap() []error { return e.Errs }

// Dial connects to addr, host:port. The end of ctx does not end the connection.
func (d *Dialer) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	addrs, err := d.Addresses(ctx, addr)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	conn, errs := d.race(ctx, network, addrs)
	switch {
	case conn != nil:
		return conn, nil
	case len(errs) == 1:
		return nil, errs[0]
	}
	return nil, &AddressesError{Addr: addr, Errs: errs}
}

// Addresses are those of addr, host:port, with its port, in the order in which they
// are tried.
func (d *Dialer) Addresses(ctx context.Context, addr string) ([]string, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	lookup := d.Lookup
	if lookup == nil {
		lookup = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	found, err := lookup(ctx, host)
	if err == nil && len(found) == 0 {
		err = &net.DNSError{Err: "it has no address", Name: host, IsNotFound: true}
	}
	if err != nil {
		return nil, err
	}
	var addrs []string
	for _, ip := range inTurns(found)[:min(len(found), maxAddresses)] {
		addrs = append(addrs, net.JoinHostPort(ip.String(), port))
	}
	return addrs, nil
}

// inTurns sorts addresses so that the families alternate, that of the first one
// first. Within a family their order stays.
func inTurns(ips []netip.Addr) []netip.Addr {
	var first, other, all []netip.Addr
	for _, ip := range ips {
		if ip = ip.Unmap(); ip.Is4() == ips[0].Unmap().Is4() {
			first = append(first, ip)
		} else {
			other = append(other, ip)
		}
	}
	for i := range max(len(first), len(other)) {
		all = append(all, first[min(i, len(first)):min(i+1, len(first))]...)
		all = append(all, other[min(i, len(other)):min(i+1, len(other))]...)
	}
	return all
}

// attempt is what came of one address.
type attempt struct {
	n    int // of the address
	conn net.Conn
	err  error
}

// race returns the first connection, or each address's error. All attempts are
// over when it returns.
func (d *Dialer) race(ctx context.Context, network string, addrs []string) (net.Conn, []error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	connect := d.Connect
	if connect == nil {
		connect = alive.dialer().DialContext
	}
	var (
		results  = make(chan attempt)
		errs     = make([]error, len(addrs))
		started  int
		pending  int
		won      net.Conn
		late     = time.NewTimer(attemptDelay)
		nextTurn = func() {
			n := started
			started, pending = started+1, pending+1
			late.Reset(attemptDelay)
			go func() {
				conn, err := connect(ctx, network, addrs[n])
				results <- attempt{n, conn, err}
			}()
		}
	)
	defer late.Stop()
	for nextTurn(); pending > 0; {
		select {
		case <-late.C:
			if started < len(addrs) && won == nil && ctx.Err() == nil {
				nextTurn()
			}
		case got := <-results:
			pending--
			errs[got.n] = got.err
			switch {
			case got.err == nil && won == nil:
				won = got.conn
				cancel()
			case got.err == nil:
				got.conn.Close()
			case started < len(addrs) && won == nil && ctx.Err() == nil:
				nextTurn()
			}
		}
	}
	return won, errs[:started]
}

// notTaken is err, and where nobody answered at the one address that was dialled, that
// this was who.
func notTaken(err error, began time.Time, who, next string) error {
	return silence(err, began, who, "did not take the connection", next)
}

// silence is [errcode.Silence], but for an err that says itself whose it was: that of name
// servers, or of several addresses.
func silence(err error, began time.Time, who, what, next string) error {
	var (
		several *AddressesError
		name    *net.DNSError
	)
	if errors.As(err, &several) || errors.As(err, &name) {
		return err
	}
	return errcode.Silence(err, began, who, what, next)
}

// dialer is how connections are opened unless something else is said.
var dialer Dialer
