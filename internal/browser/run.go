// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package browser

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	launcher "github.com/pkg/browser"
)

// settleTime is how long a launcher may take to fail. One that runs on is a
// browser that stays in the foreground.
const settleTime = 3 * time.Second

// Run starts a command line, as [System].Run wants it. The program gets neither
// this one's terminal nor its streams, which a client waits for the end of, and
// is not ended with this one's process group: the person's other tabs may be in
// it. A goroutine waits for its end.
func Run(argv []string) error { return run(argv, settleTime) }

func run(argv []string, settle time.Duration) error {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.SysProcAttr = detached()
	if err := cmd.Start(); err != nil {
		return err
	}
	return settled(cmd.Wait, settle)
}

// Default opens a page by the system's launcher, as [System].Default wants it. It
// gets none of this program's streams either, and no pipe of its own: a browser
// that it starts writes there for longer than this process lives.
func Default(url string) error {
	none, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return settled(func() error {
		defer none.Close()
		one.Lock()
		defer one.Unlock()
		launcher.Stdout, launcher.Stderr = none, none
		return launcher.OpenURL(url)
	}, settleTime)
}

// one launcher runs at a time: its streams are variables of its package.
var one sync.Mutex

// maxURL bounds a link in bytes.
const maxURL = 64 << 10

// Apart is Default in a process of its own: a browser that the launcher starts is
// in its group, and would end with this process's, which MCP clients and Ctrl-C
// end as a whole. argv is the command line that calls [Launch].
func Apart(argv []string) func(url string) error {
	return func(url string) error {
		cmd := exec.Command(argv[0], argv[1:]...)
		cmd.Stdin = strings.NewReader(url) // its arguments are everybody's to read
		cmd.SysProcAttr = detached()
		if err := cmd.Start(); err != nil {
			return Default(url)
		}
		return settled(cmd.Wait, settleTime+launchTime)
	}
}

// launchTime is how much longer the process takes that runs the launcher.
const launchTime = time.Second

// Launch is the other side of [Apart]: it opens the page whose link it reads.
func Launch(in io.Reader) error {
	link, err := io.ReadAll(io.LimitReader(in, maxURL))
	if err != nil {
		return err
	}
	if url := string(link); strings.HasPrefix(url, "http://") || strings.HasPrefix(url, "https://") {
		return Default(url)
	}
	return errors.New("this is not a link to a page")
}

// settled returns what work returns, or nil if it takes longer than settle.
func settled(work func() error, settle time.Duration) error {
	ended := make(chan error, 1)
	go func() { ended <- work() }()
	timer := time.NewTimer(settle)
	defer timer.Stop()
	select {
	case err := <-ended:
		return err
	case <-timer.C:
		return nil
	}
}

// Kernel is the release of Linux's kernel; empty where it cannot be told.
func Kernel() string {
	release, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(release))
}
