// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package terminal

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tshmcp/tshmcp/internal/stdio"
)

// raw makes a terminal hand over each key, until back is called. A read does not wait
// then, so that none is left behind that takes what is typed for somebody else.
func raw(in, _ *os.File) (back func(), err error) {
	err = control(in, func(fd int) error {
		if fd >= unix.FD_SETSIZE { // of those await can ask
			return unix.EMFILE
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return changed(in, func(mode *unix.Termios) {
		mode.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON | unix.ISIG | unix.IEXTEN
		mode.Iflag &^= unix.BRKINT | unix.ICRNL | unix.INLCR | unix.IGNCR | unix.ISTRIP | unix.IXON | unix.PARMRK
		mode.Cc[unix.VMIN], mode.Cc[unix.VTIME] = 0, 0
	})
}

// read waits a tick for a byte. Errors: io.EOF when the terminal is gone.
func read(in *os.File) (typed []byte, err error) {
	var b [1]byte
	var n int
	err = control(in, func(fd int) error {
		ready, err := await(fd)
		if !ready || err != nil {
			return err
		}
		n, err = unix.Read(fd, b[:])
		return err
	})
	switch {
	case n > 0:
		return b[:n], nil
	case errors.Is(err, unix.EIO), err == nil && !stdio.IsTerminal(in):
		return nil, io.EOF
	case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR):
		return nil, nil
	}
	return nil, err
}

// await waits a tick for something to read. It asks by select: macOS polls no terminals.
func await(fd int) (ready bool, err error) {
	for {
		var set unix.FdSet
		set.Set(fd)
		wait := unix.NsecToTimeval(tick.Nanoseconds())
		n, err := unix.Select(fd+1, &set, nil, nil, &wait)
		if !errors.Is(err, unix.EINTR) {
			return n > 0, err
		}
	}
}

// stop stops this process, with all of its job, until a shell continues it. Where the
// system stops nothing, as nobody would continue it, a tick is all that it takes.
func stop(ctx context.Context, again <-chan os.Signal) {
	if unix.Kill(0, unix.SIGTSTP) != nil {
		return
	}
	select {
	case <-again:
	case <-time.After(tick):
	case <-ctx.Done():
	}
}

// resumed tells that this process goes on after a stop, until done is called: meanwhile
// its shell may have made another terminal of this one, and written to it.
func resumed() (again <-chan os.Signal, done func()) {
	continued := make(chan os.Signal, 1)
	signal.Notify(continued, unix.SIGCONT)
	return continued, func() { signal.Stop(continued) }
}
