// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// TestRequestInterrupted: Ctrl-C ends the wait and not the request, and the command
// that goes on is said, and works.
func TestRequestInterrupted(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be interrupted by another one here")
	}
	r := newRequester(t, false, testcluster.Role{})
	wantAnswer(t, "before", r.bridge.initialize(), "you may request access: ")
	cmd := tshmcp(t, r.environ, "request", "create", "notes", "--wait")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	id, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	id = strings.TrimSpace(id)
	var said bytes.Buffer
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		said.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), "Ctrl-C ends the wait") {
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
		}
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != exitInterrupted {
		t.Errorf("ended with %v", err)
	}
	_, command, found := strings.Cut(said.String(), "to wait for the decision and assume it: tshmcp ")
	command, _, _ = strings.Cut(command, "\n")
	if !found || !strings.Contains(said.String(), "Access request "+id+" stays as it is.") || !strings.HasSuffix(said.String(), "tshmcp: interrupted\n") {
		t.Fatalf("said:\n%s", said.String())
	}
	if all := r.cluster.AccessRequests(); len(all) != 1 || all[0].ID != id || all[0].State != testcluster.RequestPending {
		t.Errorf("requests: %+v", all)
	}
	if err := r.cluster.ReviewAccess(id, testcluster.Review{State: testcluster.RequestApproved}); err != nil {
		t.Fatal(err)
	}
	output(t, tshmcp(t, r.environ, strings.Fields(command)...))
	wantAnswer(t, "goes on", r.bridge.initialize(), `"result"`)
}
