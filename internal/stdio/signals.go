// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package stdio

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
)

// Beside runs the program, and leaves the first thread to signals: Linux prefers it
// for them, and where it waited for a file system that does not answer, nobody would
// see them. It is for main, which begins on that thread.
func Beside(run func() int) (code int) {
	runtime.LockOSThread()
	ended := make(chan int)
	go func() { ended <- run() }()
	return <-ended
}

// Signals is what this process does about signals. It begins with those that would
// end it where an error is enough: they are ignored, which costs nothing. Listen
// comes before anything is waited for, or started; it takes a thread, and a switch to
// it and back for each signal, which is a tenth of what a start takes.
type Signals struct {
	ctx      context.Context
	cancel   context.CancelFunc
	listen   sync.Once
	outlasts []os.Signal
}

// NewSignals keeps this process alive when a file would become longer than the
// user's limit (ulimit -f): it gets an error then, as for a full disk.
func NewSignals() *Signals {
	s := &Signals{}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.outlast(fileLimit...)
	return s
}

// Context is cancelled by the first signal to stop, once there is Listen.
func (s *Signals) Context() context.Context { return s.ctx }

// OutlastReaders keeps this process alive when it writes to a stream that is closed:
// it gets an error then. It is for before Listen.
func (s *Signals) OutlastReaders() { s.outlast(syscall.SIGPIPE) }

func (s *Signals) outlast(signals ...os.Signal) {
	if len(signals) > 0 { // none would be all
		signal.Ignore(signals...)
		s.outlasts = append(s.outlasts, signals...)
	}
}

// Listen has the first signal to stop cancel the context, and a second one end the
// process at once; one that whoever started this process has it ignore (nohup, a
// shell's job in the background) stays ignored. What was ignored by this process is
// caught now: it would be inherited by what it starts. Whoever calls it while another
// does waits too.
func (s *Signals) Listen() {
	s.listen.Do(func() {
		stop := make(chan os.Signal, 1)
		for _, sig := range []os.Signal{syscall.SIGTERM, os.Interrupt, syscall.SIGHUP} {
			if !signal.Ignored(sig) {
				signal.Notify(stop, sig)
			}
		}
		if len(s.outlasts) > 0 {
			signal.Notify(make(chan os.Signal, 1), s.outlasts...)
		}
		go func() {
			<-stop
			signal.Stop(stop)
			s.cancel()
		}()
	})
}
