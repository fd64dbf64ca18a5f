// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package netnstest gives a test a network of its own, whose loopback device it can
// take down: connections are not told that they are over. Only tests use it, and
// only Linux has it.
package netnstest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// inside is the last argument of a process that has a network of its own.
const inside = "network-of-its-own"

// Inside reports whether these are the arguments of such a process.
func Inside(args []string) bool { return args[len(args)-1] == inside }

// Again runs a test of the program exe again, in a process that has a network of
// its own, and returns why it cannot be had or was skipped there, if so. An error is
// that of the test, with its output. It ends with ctx.
func Again(ctx context.Context, exe, test string) (skipped string, err error) {
	cmd := exec.CommandContext(ctx, exe, "-test.run=^"+test+"$", "-test.v", inside)
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		Pdeathsig:   syscall.SIGKILL,
	}
	out, err := cmd.CombinedOutput()
	var ended *exec.ExitError
	switch {
	case err != nil && !errors.As(err, &ended):
		return "this machine gives no network namespace: " + err.Error(), nil
	case err != nil:
		return "", fmt.Errorf("%w\n%s", err, out)
	case strings.Contains(string(out), "--- SKIP"):
		return string(out), nil
	}
	return "", nil
}

// SetLoopback takes the loopback device of this namespace up or down.
func SetLoopback(up bool) error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	var req struct {
		name  [unix.IFNAMSIZ]byte
		flags uint16
		_     [22]byte
	}
	copy(req.name[:], "lo")
	if up {
		req.flags = unix.IFF_UP
	}
	if _, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.SIOCSIFFLAGS, uintptr(unsafe.Pointer(&req))); errno != 0 {
		return errno
	}
	return nil
}
