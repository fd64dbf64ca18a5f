// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package stdio

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Whatever lines somebody else causes, and however many, a log stays short and
// says how many there were.
func TestCounter(t *testing.T) {
	for name, tt := range map[string]struct {
		say  func(log *slog.Logger, i int)
		most int // lines in one window, with those that count
		want string
	}{
		"the same":     {func(log *slog.Logger, _ int) { log.Warn("junk", "error", "x") }, 2, "repeated=9999"},
		"varied":       {func(log *slog.Logger, i int) { log.Warn("junk", "error", i) }, maxAlike + 1, "repeated=9900"},
		"of a request": {func(log *slog.Logger, i int) { log.With("n", i%3).Warn("junk") }, 6, "repeated=3333"},
		"many kinds":   {func(log *slog.Logger, i int) { log.With("n", i).WithGroup("g").Info("junk", "a", 1) }, maxWritten + 1, "repeated=9000"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out bytes.Buffer
				log := slog.New(newCounter(slog.NewTextHandler(&out, nil)))
				for i := range 10_000 {
					tt.say(log, i)
				}
				time.Sleep(window + time.Second)
				synctest.Wait()
				lines := strings.Count(out.String(), "\n")
				if lines > tt.most || !strings.Contains(out.String(), tt.want) {
					t.Errorf("%d lines, at most %d; the end is %q", lines, tt.most, out.Bytes()[max(0, out.Len()-200):])
				}
				out.Reset()
				tt.say(log, 0)
				if out.Len() == 0 {
					t.Error("a line of the next window is not written")
				}
				time.Sleep(window + time.Second)
			})
		})
	}
}

func TestCounterFlush(t *testing.T) {
	var out bytes.Buffer
	c := newCounter(slog.NewTextHandler(&out, nil))
	log := slog.New(c)
	log.Info("a")
	log.Info("a")
	log.Debug("a")
	c.flush()
	c.flush()
	if text := out.String(); strings.Count(text, "\n") != 2 || strings.Count(text, "repeated=1") != 1 {
		t.Errorf("got %q", text)
	}
}
