// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: a bridge that nobody uses sleeps, and notices what is assumed all the same.

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/pattern"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

const (
	// After restBegins a bridge follows the files of its login, and for restTime after
	// it has nothing to close. A look each ten seconds would be within.
	restBegins = 12 * time.Second
	restTime   = 12 * time.Second
	// maxWakeups are for Go's runtime, which may wake once a minute. One look takes ten.
	maxWakeups = 5
)

// TestRestingBridge counts how often the threads of a bridge are woken while nothing
// happens, and has something assumed then.
func TestRestingBridge(t *testing.T) {
	if testing.Short() {
		t.Skip("it rests for half a minute, and -short is set")
	}
	waiting(t, bridgeRests)
}

func bridgeRests(t *testing.T) {
	own := testcluster.Role{AllowAppLabels: map[string][]string{"*": {"*"}}, AllowTools: []string{"search_*"}}
	r := newRequester(t, false, own)
	wantAnswer(t, "before", r.bridge.initialize(), `"result"`)
	r.call()
	<-time.After(restBegins)
	woken := maxWakeups + 1
	for tries := 0; woken > maxWakeups && tries < 3; tries++ { // on a busy machine it comes to rest later, and closes what it has meanwhile
		before := wakeups(t, r.bridge.pid)
		<-time.After(restTime)
		woken = wakeups(t, r.bridge.pid) - before
	}
	if woken > maxWakeups {
		t.Errorf("woken %d times in %v, at most %d", woken, restTime, maxWakeups)
	}
	r.assume(time.Hour, "--roles=dev")
	assumed := time.Now()
	line, err := r.bridge.out.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	wantAnswer(t, "assumed", line, `"notifications/tools/list_changed"`)
	if took := time.Since(assumed); took > 10*time.Second {
		t.Errorf("noticed after %v", took)
	}
}

var switches = pattern.New(`(?m)^voluntary_ctxt_switches:\s*(\d+)$`)

// wakeups is how often the threads of a process have gone to sleep.
func wakeups(t *testing.T, pid int) (total int) {
	t.Helper()
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	if err != nil || len(threads) == 0 {
		t.Fatalf("%d threads: %v", len(threads), err)
	}
	for _, file := range threads {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found := switches.Regexp().FindSubmatch(text)
		if found == nil {
			t.Fatalf("%s tells nothing", file)
		}
		n, err := strconv.Atoi(string(found[1]))
		if err != nil {
			t.Fatal(err)
		}
		total += n
	}
	return total
}
