// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: a person in front of a real pseudo-terminal.

package terminal

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// seat is a person in front of a terminal.
type seat struct {
	t      *testing.T
	master *os.File
	tty    *os.File
	before unix.Termios
	window *vt
	done   chan error // of what asks

	mu    sync.Mutex
	shown strings.Builder
	fed   int
}

// seated is one with a window of that size, and a line in it.
func seated(t *testing.T, width, height int) *seat {
	t.Helper()
	s := &seat{t: t, window: newVT(t, width, height), done: make(chan error, 1)}
	var err error
	if s.master, err = os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	var number uint32
	err = control(s.master, func(fd int) error {
		if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
			return err
		}
		n, err := unix.IoctlGetUint32(fd, unix.TIOCGPTN)
		number = n
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if s.tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		t.Fatal(err)
	}
	s.resize(width, height)
	s.before = s.termios()
	var read sync.WaitGroup
	read.Go(func() {
		for b := make([]byte, 4096); ; {
			n, err := s.master.Read(b)
			s.mu.Lock()
			s.shown.Write(b[:n])
			s.mu.Unlock()
			if err != nil {
				return
			}
		}
	})
	t.Cleanup(func() {
		s.tty.Close()
		s.master.Close()
		read.Wait()
	})
	fmt.Fprint(s.tty, "$ tshmcp config\n")
	return s
}

func (s *seat) resize(width, height int) {
	s.t.Helper()
	err := control(s.master, func(fd int) error {
		return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: uint16(height), Col: uint16(width)})
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.feed()
	s.window.resize(width, height)
}

func (s *seat) termios() unix.Termios {
	s.t.Helper()
	var state *unix.Termios
	err := control(s.tty, func(fd int) (err error) {
		state, err = unix.IoctlGetTermios(fd, unix.TCGETS)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return *state
}

// feed gives the window what was written since.
func (s *seat) feed() {
	s.t.Helper()
	s.mu.Lock()
	text := s.shown.String()[s.fed:]
	s.fed += len(text)
	s.mu.Unlock()
	s.window.write(text)
}

// until waits for something to be so.
func (s *seat) until(what string, is func() bool) {
	s.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("never so: %s. The window has\n%s", what, s.window.text())
		}
		s.feed()
	}
}

// sees waits until the window has a text in it.
func (s *seat) sees(text string) {
	s.t.Helper()
	s.until(text, func() bool { return strings.Contains(s.window.text(), text) })
}

// types sends bytes.
func (s *seat) types(text string) {
	s.t.Helper()
	if _, err := s.master.WriteString(text); err != nil {
		s.t.Fatal(err)
	}
}

// flows says whether the terminal takes what is written to it.
func (s *seat) flows(on bool) {
	s.t.Helper()
	do := map[bool]int{false: 0, true: 1}[on]
	if err := control(s.tty, func(fd int) error { return unix.IoctlSetInt(fd, unix.TCXONC, do) }); err != nil {
		s.t.Fatal(err)
	}
}

// taken waits until they have been read.
func (s *seat) taken() {
	s.t.Helper()
	s.until("all is read", func() bool {
		waiting := -1
		if err := control(s.tty, func(fd int) (err error) {
			waiting, err = unix.IoctlGetInt(fd, unix.TIOCINQ)
			return err
		}); err != nil {
			s.t.Fatal(err)
		}
		return waiting == 0
	})
}

func (s *seat) screen() Screen {
	return Screen{In: s.tty, Out: s.tty, GOOS: "linux", Getenv: func(name string) string {
		return map[string]string{"TERM": "xterm", "NO_COLOR": "1"}[name]
	}}
}

// asks begins to ask.
func (s *seat) asks(question func(Screen) error) {
	go func() { s.done <- question(s.screen()) }()
}

// answer is what comes of it. The terminal is as it was.
func (s *seat) answer() error {
	s.t.Helper()
	var err error
	select {
	case err = <-s.done:
	case <-time.After(20 * time.Second):
		s.feed()
		s.t.Fatalf("asked for ever:\n%s", s.window.text())
	}
	if after := s.termios(); after != s.before {
		s.t.Errorf("the terminal was not put back: %+v, before %+v", after, s.before)
	}
	marks := s.window.marks
	fmt.Fprint(s.tty, "\x1b["+mark+"m") // behind all that was written
	s.until("a mark", func() bool { return s.window.marks > marks })
	s.window.restored()
	return err
}
