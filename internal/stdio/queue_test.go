// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package stdio

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// stuck is a writer that nobody reads until it is opened.
type stuck struct {
	open chan struct{}
	mu   sync.Mutex
	bytes.Buffer
}

func (s *stuck) Write(p []byte) (int, error) {
	<-s.open
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Buffer.Write(p)
}

// Nobody waits for a reader that does not read; when it does, each line is there
// or counted, in order.
func TestQueueNeverWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &stuck{open: make(chan struct{})}
		q := NewQueue(w, 0)
		const lines = 20_000
		for i := range lines {
			if n, err := fmt.Fprintf(q, "line %d %s\n", i, strings.Repeat("x", 100)); err != nil || n < 100 {
				t.Fatalf("%d, %v", n, err)
			}
		}
		began := time.Now()
		q.Close(time.Second)
		if took := time.Since(began); took != time.Second {
			t.Errorf("the end took %v", took)
		}
		close(w.open)
		synctest.Wait()
		written := strings.Count(w.String(), "line ")
		missing := regexp.MustCompile(`warning: (\d+) lines are missing`).FindStringSubmatch(w.String())
		if missing == nil || w.Len() > maxQueue+maxLine {
			t.Fatalf("%d bytes, and %v", w.Len(), missing)
		}
		if n, _ := strconv.Atoi(missing[1]); n+written != lines {
			t.Errorf("%d lines written and %d missing, of %d", written, n, lines)
		}
	})
}

func TestQueueCutsLines(t *testing.T) {
	var w bytes.Buffer
	q := NewQueue(&w, 0)
	_, _ = q.Write([]byte(strings.Repeat("x", 1<<20)))
	_, _ = q.Write([]byte("short\n"))
	q.Close(time.Minute)
	if w.Len() > maxLine+20 || !strings.HasSuffix(w.String(), "x ...\nshort\n") {
		t.Errorf("%d bytes: %q", w.Len(), w.String()[max(0, w.Len()-20):])
	}
	if n, err := q.Write([]byte("late\n")); n != 5 || err != nil {
		t.Errorf("after the end: %d, %v", n, err)
	}
}

// writes counts the calls.
type writes struct {
	mu  sync.Mutex
	all []string
}

func (w *writes) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = append(w.all, string(p))
	return len(p), nil
}

func (w *writes) seen() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.all)
}

// A line is written at once, those that follow it shortly together, a lot of them
// without waiting, and the last ones when the queue ends.
func TestQueueGathers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &writes{}
		q := NewQueue(w, time.Second)
		expect := func(when string, want ...string) {
			t.Helper()
			synctest.Wait()
			if got := w.seen(); !slices.Equal(got, want) {
				t.Errorf("%s: %.200q, want %.200q", when, got, want)
			}
		}
		say := func(line string) { _, _ = q.Write([]byte(line + "\n")) }
		say("a")
		expect("at once", "a\n")
		say("b")
		time.Sleep(999 * time.Millisecond)
		say("c")
		expect("within a second", "a\n")
		time.Sleep(time.Millisecond)
		expect("after it", "a\n", "b\nc\n")
		long := strings.Repeat("x", maxLine-1)
		for range maxQueue/2/maxLine + 1 {
			say(long)
			synctest.Wait()
		}
		many := strings.Repeat(long+"\n", maxQueue/2/maxLine+1)
		expect("half full", "a\n", "b\nc\n", many)
		say("z")
		q.Close(time.Minute)
		expect("the end", "a\n", "b\nc\n", many, "z\n")
	})
}
