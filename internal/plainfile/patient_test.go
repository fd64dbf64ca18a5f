// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plainfile

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"
)

// slow gives a byte after each pause, and hangs at its end.
type slow struct {
	left  string
	pause time.Duration
	stuck chan struct{}
}

func (s *slow) Read(b []byte) (int, error) {
	if s.left == "" {
		<-s.stuck
		return 0, io.EOF
	}
	time.Sleep(s.pause)
	b[0], s.left = s.left[0], s.left[1:]
	return 1, nil
}

// TestPatient: a file may be slow, and one that gives nothing any more is given up.
func TestPatient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slow{"slowly", 4 * time.Second, make(chan struct{})}
		began := time.Now()
		r := Patient("x", s)
		data, err := io.ReadAll(r)
		var gave *SlowError
		if string(data) != "slowly" || !errors.As(err, &gave) || time.Since(began) != 6*4*time.Second+patience {
			t.Errorf("%q, %v after %v", data, err, time.Since(began))
		}
		if _, err := r.Read(make([]byte, 1)); !errors.As(err, &gave) {
			t.Errorf("again: %v", err)
		}
		close(s.stuck)
		synctest.Wait()
	})
	text := strings.Repeat("long ", 1<<20)
	for name, r := range map[string]io.Reader{"whole": strings.NewReader(text), "halves": iotest.HalfReader(strings.NewReader(text)), "with its end": iotest.DataErrReader(strings.NewReader(text))} {
		if data, err := io.ReadAll(Patient("x", r)); err != nil || !bytes.Equal(data, []byte(text)) {
			t.Errorf("%s: %d bytes, %v", name, len(data), err)
		}
	}
}
