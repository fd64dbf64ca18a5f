// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package doctor

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/plain"
)

// step is one thing that is looked at. It begins as soon as the steps are over
// that it names, and is left out if one of those in after has failed, or was left
// out itself.
type step struct {
	name    string
	after   []string
	follows []string
	limit   time.Duration
	look    func(context.Context) []Finding
}

// plan is a list of steps in the order of their findings. What a step names may
// come later in it.
type plan []step

// outcome is what a step came to. because is why those after it are not run; empty
// if they are.
type outcome struct {
	findings []Finding
	because  string
	done     chan struct{}
}

// run takes the steps beside each other as far as they can be, and tells their
// findings in order. All of them are over when it returns.
func (p plan) run(ctx context.Context, tell func(Finding)) {
	outcomes := map[string]*outcome{}
	for _, s := range p {
		outcomes[s.name] = &outcome{done: make(chan struct{})}
	}
	var work sync.WaitGroup
	defer work.Wait()
	for _, s := range p {
		work.Go(func() {
			out := outcomes[s.name]
			defer close(out.done)
			for _, name := range slices.Concat(s.after, s.follows) {
				<-outcomes[name].done
			}
			for _, name := range s.after {
				if because := outcomes[name].because; because != "" {
					out.findings, out.because = []Finding{notRun("%s", because)}, because
					return
				}
			}
			out.findings = s.take(ctx)
			out.because = s.because(out.findings)
		})
	}
	for _, s := range p {
		out := outcomes[s.name]
		<-out.done
		for _, f := range out.findings {
			f.Step = s.name
			f.Text, f.Hint, f.Command = plain.Line(f.Text), plain.Line(f.Hint), plain.Line(f.Command)
			tell(f)
		}
	}
}

// take looks, within the limit.
func (s *step) take(ctx context.Context) []Finding {
	if ctx.Err() != nil {
		return []Finding{notRun("it was interrupted")}
	}
	limited, cancel := context.WithTimeout(ctx, s.limit)
	defer cancel()
	findings := s.look(limited)
	if ctx.Err() != nil {
		return []Finding{notRun("it was interrupted")}
	}
	return findings
}

// because is why what comes after a step with these findings is not run.
func (s *step) because(findings []Finding) string {
	for _, f := range findings {
		switch {
		case f.State == Failed:
			return "since " + s.name + " failed"
		case f.State == NotRun && !f.unneeded:
			return f.Text
		}
	}
	return ""
}

// notRun is for what could not be looked at.
func notRun(format string, args ...any) Finding {
	return Finding{State: NotRun, Text: fmt.Sprintf(format, args...)}
}

// unneeded is for what does not have to be looked at.
func unneeded(format string, args ...any) Finding {
	f := notRun(format, args...)
	f.unneeded = true
	return f
}

func ok(format string, args ...any) []Finding {
	return []Finding{{State: OK, Text: fmt.Sprintf(format, args...)}}
}

// late is the text of an error that is the end of the time for a step.
func late(ctx context.Context, err error) string {
	var silent *errcode.SilentError
	if errors.Is(err, context.DeadlineExceeded) && errors.Is(ctx.Err(), context.DeadlineExceeded) && !errors.As(err, &silent) {
		return "there was no answer in time"
	}
	return plain.Error(err)
}

func system() string { return runtime.GOOS + "/" + runtime.GOARCH }
