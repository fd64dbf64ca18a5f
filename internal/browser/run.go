// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package browser

import (
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

// Default opens a page by the system's launcher, as [System].Default wants it.
// It does not get this program's streams either.
func Default(url string) error {
	quiet.Do(func() { launcher.Stdout, launcher.Stderr = io.Discard, io.Discard })
	return settled(func() error { return launcher.OpenURL(url) }, settleTime)
}

var quiet sync.Once

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
