// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: login on a real terminal.

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// screen is a pseudo-terminal with the program in front of it: what it shows,
// and what is typed. stderr goes there too.
type screen struct {
	t      *testing.T
	master *os.File // the terminal's own end
	tty    *os.File // the program's
	cmd    *exec.Cmd
	done   chan error

	stdout bytes.Buffer // which is no terminal, once the program has ended

	mu    sync.Mutex
	shown bytes.Buffer
}

// startAtTerminal starts the real program with a terminal of its own. Its stdin
// is that terminal, or nothing.
func startAtTerminal(t *testing.T, stdin bool, args ...string) *screen {
	t.Helper()
	return startOnScreen(t, stdin, tshmcp(t, []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TSHMCP_HOME=" + t.TempDir(), "USER=nobody"}, args...))
}

// startOnScreen is startAtTerminal for a command with an environment of its own.
func startOnScreen(t *testing.T, stdin bool, cmd *exec.Cmd) *screen {
	t.Helper()
	s := &screen{t: t, cmd: cmd, done: make(chan error, 1)}
	s.master, s.tty = openPTY(t)
	if s.cmd.Stdout == nil {
		s.cmd.Stdout = &s.stdout
	}
	s.start(stdin)
	return s
}

// start starts the command on the terminal.
func (s *screen) start(stdin bool) {
	t := s.t
	t.Helper()
	s.cmd.Stderr = s.tty
	s.cmd.ExtraFiles = []*os.File{s.tty}
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 3}
	if stdin {
		s.cmd.Stdin = s.tty
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var read sync.WaitGroup
	read.Go(func() {
		for b := make([]byte, 1024); ; {
			n, err := s.master.Read(b)
			s.mu.Lock()
			s.shown.Write(b[:n])
			s.mu.Unlock()
			if err != nil {
				return
			}
		}
	})
	go func() { s.done <- s.cmd.Wait() }()
	t.Cleanup(func() {
		s.tty.Close()
		s.master.Close()
		read.Wait()
	})
}

func openPTY(t *testing.T) (master, tty *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	var number uint32
	err = control(master, func(fd int) error {
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
	tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return master, tty
}

func (s *screen) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shown.String()
}

// expect waits until the text is shown.
func (s *screen) expect(text string) {
	s.t.Helper()
	for deadline := time.Now().Add(scriptTime); !strings.Contains(s.text(), text); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("%q is not shown:\n%s", text, s.text())
		}
	}
}

// expectAfter is expect for what is shown behind a place, which goes on behind it.
func (s *screen) expectAfter(at *int, text string) {
	s.t.Helper()
	for deadline := time.Now().Add(scriptTime); ; time.Sleep(time.Millisecond) {
		shown := s.text()
		if i := strings.Index(shown[*at:], text); i >= 0 {
			*at += i + len(text)
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("%q is not shown:\n%s", text, shown)
		}
	}
}

func (s *screen) enter(text string) {
	s.t.Helper()
	if _, err := s.master.WriteString(text); err != nil {
		s.t.Fatal(err)
	}
}

// echoes reports whether the terminal shows what is typed.
func (s *screen) echoes() bool { return s.mode().Lflag&unix.ECHO != 0 }

// mode is how the terminal takes what is typed.
func (s *screen) mode() unix.Termios {
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

// drain waits until all that the program has written is read: what is written
// last comes last.
func (s *screen) drain() {
	s.t.Helper()
	const mark = "\x00end\x00"
	if _, err := s.tty.WriteString(mark); err != nil {
		s.t.Fatal(err)
	}
	s.expect(mark)
	s.mu.Lock()
	defer s.mu.Unlock()
	text := strings.TrimSuffix(s.shown.String(), mark)
	s.shown.Reset()
	s.shown.WriteString(text)
}

// end waits for the program's end and returns its exit code.
func (s *screen) end() int {
	s.t.Helper()
	select {
	case <-s.done:
		s.drain()
		return s.cmd.ProcessState.ExitCode()
	case <-time.After(scriptTime):
		s.t.Fatalf("the program does not end:\n%s", s.text())
		return -1
	}
}

// TestPasswordAtTheTerminal is a person who logs in: what is typed is asked for
// on the terminal also where stdin is something else, the user's name is shown
// and the secrets are not, nor does a log or another process learn them.
func TestPasswordAtTheTerminal(t *testing.T) {
	t.Parallel()
	for _, stdin := range []bool{true, false} {
		t.Run(fmt.Sprintf("stdin=%v", stdin), func(t *testing.T) {
			cluster, args := startLocalCluster(t, func(c *testcluster.Config) { c.MOTD = "Be careful." })
			release := cluster.HoldLogin()
			defer release()
			s := startAtTerminal(t, stdin, args...)
			s.expect("Be careful.")
			if stdin {
				s.expect("Press Enter to continue. ")
				s.enter("\n")
			}
			s.expect("Teleport user [")
			if !s.echoes() {
				t.Error("the name of the user is hidden")
			}
			s.enter("tina\n")
			s.expect("Teleport password of tina: ")
			if s.echoes() {
				t.Error("the password is shown")
			}
			s.enter("correct horse\n")
			s.expect("One-time code: ")
			code := totp(terminalSecret, 0)
			s.enter(code[:3] + " " + code[3:] + "\n")
			s.expect("msg=\"finishing the login\"")
			s.checkProcess("correct horse", code)
			release()
			if code := s.end(); code != 0 {
				t.Fatalf("exit code %d:\n%s", code, s.text())
			}
			s.expect("Logged in to demo-cluster as tina")
			if !s.echoes() {
				t.Error("the terminal was not put back")
			}
			if strings.Contains(s.text(), "Press Enter") != stdin {
				t.Errorf("asked to press Enter: %v", !stdin)
			}
			for _, secret := range []string{"correct horse", code, code[:3] + " " + code[3:], "secret_key"} {
				if strings.Contains(s.text(), secret) {
					t.Errorf("%q is shown:\n%s", secret, s.text())
				}
			}
		})
	}
}

// checkProcess looks for secrets in what other users of the machine can read of
// the running program, and in its environment.
func (s *screen) checkProcess(secrets ...string) {
	s.t.Helper()
	for _, name := range []string{"cmdline", "environ"} {
		data, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", s.cmd.Process.Pid, name))
		if err != nil || len(data) == 0 {
			s.t.Errorf("%s: %d bytes, %v", name, len(data), err)
		}
		for _, secret := range secrets {
			if bytes.Contains(data, []byte(secret)) {
				s.t.Errorf("%s holds %q", name, secret)
			}
		}
	}
}

// TestInterruptedPassword is Ctrl-C at the prompt: the terminal shows again
// what is typed.
func TestInterruptedPassword(t *testing.T) {
	_, args := startLocalCluster(t, nil)
	s := startAtTerminal(t, true, append(args, "--user=tina")...)
	s.expect("Teleport password of tina: ")
	if s.echoes() {
		t.Error("the password is shown")
	}
	s.enter("corr\x03")
	if code := s.end(); code != exitInterrupted {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
	s.expect("tshmcp: interrupted")
	if !s.echoes() {
		t.Error("the terminal was not put back")
	}
}

// TestNoTerminal is a login started by something that nobody sits in front of.
func TestNoTerminal(t *testing.T) {
	t.Parallel()
	_, args := startLocalCluster(t, nil)
	cmd := tshmcp(t, []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TSHMCP_HOME=" + t.TempDir()}, args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "tshmcp: error: there is no terminal to ask for the password on [no-terminal]\n"+
		"tshmcp: hint: --password-stdin reads it from stdin, and a one-time code from the next line\n") {
		t.Errorf("%v:\n%s", err, out)
	}
}

// control calls f with the file's descriptor, which stays as it is: to ask for
// it by Fd would change how the file is read.
func control(file *os.File, f func(fd int) error) error {
	conn, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	if err := conn.Control(func(fd uintptr) { failed = f(int(fd)) }); err != nil {
		return err
	}
	return failed
}
