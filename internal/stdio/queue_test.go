// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package stdio

import (
	"bytes"
	"fmt"
	"regexp"
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
		q := NewQueue(w)
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
	q := NewQueue(&w)
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
