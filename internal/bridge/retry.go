// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"time"
)

// The limits of sending a request again (transport.md 2.1, F-1,
// F-9).
const (
	retriesPerRequest = 2
	longestRetryAfter = 5 * time.Second
)

// retryPauses are the pauses before each further attempt; the last one
// repeats.
var retryPauses = []time.Duration{200 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second}

// repeatable are the methods that only read, so that executing one twice does
// no harm (transport.md 2.1.8). tools/call is not among them
// and must never be.
var repeatable = map[string]bool{
	methodInitialize:           true,
	methodDiscover:             true,
	"ping":                     true,
	"tools/list":               true,
	"resources/list":           true,
	"resources/templates/list": true,
	"prompts/list":             true,
	"completion/complete":      true,
	"logging/setLevel":         true,
	"resources/subscribe":      true,
	"resources/unsubscribe":    true,
}

// retry waits until the exchange may be sent again and returns nil, or returns
// the error to answer with.
func (xs *exchanges) retry(x *exchange, e *Error) error {
	if x.isSettled() {
		return e
	}
	switch {
	case e.again:
		return nil
	case e.lost:
		return xs.sessions.replay(x, e)
	case x.sub != nil:
		return xs.listenAgain(x, e)
	}
	if e.silent {
		x.began = time.Now()
	}
	pause, ok := xs.retryPause(x, e)
	if !ok || time.Since(x.began)+pause > xs.t.budgetOf(x.method()) {
		return e
	}
	xs.log.Info("a request is sent again", "method", x.method(), "kind", e.Kind, "after", pause)
	if !sleep(x.ctx, pause) {
		return e
	}
	x.stale = e.Executed != NotExecuted && x.method() != methodInitialize
	return nil
}

// retryPause decides by the class of the failure whether to try again and how
// long to wait.
func (xs *exchanges) retryPause(x *exchange, e *Error) (time.Duration, bool) {
	tries := x.attempts
	pause := retryPauses[min(tries, len(retryPauses))-1]
	harmless := repeatable[x.method()]
	patient := isPatient(x.method()) && !xs.cfg.Brief
	wait, known := retryAfter(e.RetryAfter, xs.cfg.now().wall)
	switch {
	case e.stated && !e.Retryable:
		return 0, false
	case e.Kind == KindUnreachable && e.Retryable: // class A
		return pause, patient || tries <= retriesPerRequest
	case x.method() == methodDiscover && e.isPassing():
		return max(pause, wait), patient || tries <= retriesPerRequest
	case e.RetryAfter != "":
		allowed := e.Executed == NotExecuted || harmless
		return wait, known && allowed && wait <= longestRetryAfter && tries <= retriesPerRequest
	case !harmless || e.Executed == NotExecuted:
		return 0, false
	case e.isServerFault() || mayHelp[e.Kind]: // class C
		return pause, tries <= retriesPerRequest
	}
	return 0, false
}

// mayHelp are the failures after which a second attempt may find a better
// answer.
var mayHelp = map[Kind]bool{KindConnectionLost: true, kindStreamLost: true, kindTruncated: true}

// isPatient says whether a method opens a conversation: it is worth waiting
// for a server that is just starting.
func isPatient(method string) bool { return method == methodInitialize || method == methodDiscover }

// budgetOf is how long an exchange of that method may spend on further attempts.
// Hosts give a request 60 seconds.
func (t timing) budgetOf(method string) time.Duration {
	switch method {
	case methodInitialize:
		return t.initializeBudget
	case methodDiscover:
		return t.discoverBudget
	}
	return t.budget
}

// listenAgain waits until the subscription may be asked for again; it returns
// the error if that is pointless.
func (xs *exchanges) listenAgain(x *exchange, e *Error) error {
	refused := e.HTTPStatus >= 400 && e.HTTPStatus < 500 && e.Kind != kindThrottled
	passing := e.Executed != NotExecuted || e.Retryable
	if refused || !passing {
		return e
	}
	pause := x.sub.pause.pause()
	xs.log.Info("a subscription is asked for again", "kind", e.Kind, "after", pause)
	if !sleep(x.ctx, pause) {
		return x.ctx.Err()
	}
	x.sub.gap = true
	x.began = time.Now()
	x.stale = true
	return nil
}
